# Two commands: `make demo` and `make test`. Each sets itself up.
.PHONY: help demo test quick check long fix screenshots bench clean

PYTEST = .venv/bin/python -m pytest
# Tests start many programs: without its byte code each would read all of this project anew.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make demo         the whole centre on this machine (ARGS='--headless --speed 240')"
	@echo "make test         all tests, everything they need included"
	@echo "make quick        the tests without windows, processes and peers, in seconds"
	@echo "make check        style, types, layers and sizes"
	@echo "make long         the tests with many more examples"
	@echo "make screenshots  the pictures of the README and the contact sheets"
	@echo "make bench        every benchmark beside its budget"
	@echo "make fix          format the code"

demo:
	@scripts/setup run
	@.venv/bin/luot demo $(ARGS)

test:
	@scripts/setup test
	@scripts/emupos-venv || test $$? = 3  # without it the tests of slips on a strange printer are skipped, loudly
	$(PYTEST) -n 2 --dist worksteal tests $(ARGS)

quick:
	@scripts/setup test
	LUOT_QUICK=1 $(PYTEST) -q -n 2 --dist worksteal -p no:schemathesis --ignore tests/system tests $(ARGS)

long:
	@scripts/setup test
	@scripts/emupos-venv || test $$? = 3  # without it the tests of slips on a strange printer are skipped, loudly
	LUOT_LONG=1 $(PYTEST) tests $(ARGS)

check:
	@scripts/setup test
	scripts/check

fix:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

screenshots:
	@scripts/setup test
	.venv/bin/python scripts/screenshots.py

bench:
	@scripts/setup test
	.venv/bin/luot bench all

clean:
	rm -rf .venv .venv-emupos .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
