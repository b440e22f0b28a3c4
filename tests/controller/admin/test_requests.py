"""What the commands of this machine ask for is checked before anything is done."""

from __future__ import annotations

from typing import Any

import pytest

from broker.contract.errors import RefusedError
from controller.admin.requests import FIELDS, check_fields

GOOD: dict[str, dict[str, Any]] = {
    "device.add": {"id": "kiosk-9", "kind": "kiosk", "keys": {}},
    "device.remove": {"id": "kiosk-9"},
    "device.order": {"id": "kiosk-9", "op": "identify"},
    "device.pin": {"id": "kiosk-9", "hash": None},
    "user.add": {"user": "officer", "role": "officer", "password": None},
    "user.remove": {"user": "officer"},
    "centre.import": {"data": {}},
    "procedures.import": {"text": "code;name\n"},
}


def test_there_is_a_good_request_for_each_task() -> None:
    assert GOOD.keys() == FIELDS.keys()


@pytest.mark.parametrize("task", GOOD)
def test_a_request_that_fits_is_accepted(task: str) -> None:
    check_fields(task, {"do": task, **GOOD[task]})


@pytest.mark.parametrize("bad", ["\ud800", "\x00", 7, None, [], "x" * 300], ids=repr)
@pytest.mark.parametrize(("task", "field"), [(task, field) for task, fields in GOOD.items() for field in fields])
def test_a_field_of_another_form_is_refused(task: str, field: str, bad: Any) -> None:
    fits = (field == "text" and bad == "x" * 300) or (field in ("hash", "password") and bad is None)

    if fits:
        check_fields(task, {"do": task, **GOOD[task], field: bad})
    else:
        with pytest.raises(RefusedError) as refused:
            check_fields(task, {"do": task, **GOOD[task], field: bad})
        assert refused.value.code == "bad_request"
        refused.value.detail.encode()


@pytest.mark.parametrize(("task", "field"), [(task, field) for task, fields in GOOD.items() for field in fields])
def test_a_field_that_is_missing_is_refused(task: str, field: str) -> None:
    asked = {name: value for name, value in GOOD[task].items() if name != field}

    with pytest.raises(RefusedError, match="Field required"):
        check_fields(task, asked)
