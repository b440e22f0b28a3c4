"""The pairing code leaves the command line before the program does anything else."""

from __future__ import annotations

import pytest

from broker.runtime.pairing_option import hide_pairing_code, without_pairing_code

SECRET = "s3cret-of-the-sign"
CODE = f"mqtts://sign-1:{SECRET}@127.0.0.1:1/quang-ngai#{'ab' * 32}"


@pytest.mark.parametrize(
    ("words", "kept", "code"),
    [
        (["luot", "sign", "--pair", CODE], ["luot", "sign"], CODE),
        (["luot", "sign", f"--pair={CODE}", "--data", "d"], ["luot", "sign", "--data", "d"], CODE),
        (["luot", "sign", "--pair", "one", "--pair", CODE], ["luot", "sign"], CODE),
        (["luot", "sign", "--data", "d"], ["luot", "sign", "--data", "d"], None),
        (["luot", "sign", "--pair"], ["luot", "sign", "--pair"], None),
        (["luot", "x", "--", "--pair", CODE], ["luot", "x", "--", "--pair", CODE], None),
    ],
)
def test_the_code_is_taken_out_of_the_words(words: list[str], kept: list[str], code: str | None) -> None:
    assert without_pairing_code(words) == (kept, code)


def test_a_program_without_a_code_is_not_begun_again() -> None:
    def never(*_: object) -> None:
        raise AssertionError

    hide_pairing_code(["python", "luot", "sign"], {}, never)
