"""The served OpenAPI document against the server: every call, with values that fit and that do not, never a fault."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.system.centre import Centre

pytestmark = pytest.mark.system

EXAMPLES = 60 if os.environ.get("LUOT_LONG") else 6
SPARED = {("DELETE", "/api/v1/session"), ("POST", "/api/v1/session"), ("GET", "/api/v1/reports/{name}")}
"""What would sign the test out, and what answers in more than one form; they have tests of their own."""


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
def test_every_call_of_the_document_is_answered_as_the_document_says(own_centre: Centre, mode: GenerationMode) -> None:
    client = own_centre.user("chief", "administrator")
    schema = schemathesis.openapi.from_url(f"{own_centre.http}/api/v1/openapi.json")
    called = set()

    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if (operation.method.upper(), operation.path) in SPARED:
            continue

        @settings(
            max_examples=EXAMPLES, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Case[Any]) -> None:
            answer = case.call(headers={"Authorization": client.headers["Authorization"]})
            case.validate_response(
                answer,
                checks=[
                    not_a_server_error, status_code_conformance, content_type_conformance,
                    response_schema_conformance,
                ],
            )  # fmt: skip
            called.add((case.method, case.path))

        # Without a body or a constraint nothing of a call can be unfitting.
        with suppress(Unsatisfiable):
            call()

    assert len(called) >= (20 if mode is GenerationMode.POSITIVE else 8), called
    assert client.get("/health").json()["status"] == "alive"
