"""Every field of every call, generated from the served OpenAPI document and by mutation, by callers of every role."""

from __future__ import annotations

import json
import sys
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.system.fuzz.conftest import CASES, LONGEST_S
from tests.system.fuzz.nasty import mutated, values, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis import Case

    from tests.system.centre import Centre

pytestmark = [pytest.mark.system, pytest.mark.timeout(LONGEST_S)]

ROLES = ("officer", "supervisor", "administrator")


class Judge:
    """Holds every answer against what any caller may be told, and counts the cases."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.calls: Counter[str] = Counter()

    def report(self) -> None:
        """Write how many cases there were; `pytest -rP` shows it."""
        sys.stdout.write(f"{self.statuses.total()} cases of {len(self.calls)} calls: {dict(self.statuses)}\n")

    def take(self, name: str, status: int, content_type: str, body: str) -> None:
        self.statuses[status] += 1
        self.calls[name] += 1
        if status >= 500:
            assert status == 503, (name, status, body)
            assert "application/problem+json" in content_type, (name, content_type, body)


def signed_in(centre: Centre, role: str) -> tuple[httpx.Client, httpx.Client]:
    """Give two clients of a role: one that sends its token as bearer, one that sends cookie and CSRF token."""
    bearer = centre.user(f"{role}-bearer", role)
    made = centre.luot("user", "add", f"{role}-cookie", "--role", role, "--data", str(centre.data), "--json")
    browser = httpx.Client(base_url=f"{centre.http}/api/v1", timeout=30)
    body = {"user": f"{role}-cookie", "password": json.loads(made.stdout)["password"]}
    browser.headers["X-CSRF-Token"] = browser.post("/session", json=body).json()["csrf"]
    centre.clients.append(browser)
    return bearer, browser


def settings_for(cases: int) -> settings:
    return settings(
        max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def test_every_field_generated_from_the_document_ends_nothing(fuzzed: Centre, unharmed: httpx.Client) -> None:
    judge, sessions = Judge(), [client for role in ROLES for client in signed_in(fuzzed, role)]
    schema = schemathesis.openapi.from_url(f"{fuzzed.http}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    each = max(1, CASES // (2 * len(operations) * 2))

    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings_for(each)
            @given(case=operation.as_strategy(generation_mode=mode), who=st.sampled_from(sessions))
            def call(case: Case[Any], who: httpx.Client) -> None:
                signs_out = (case.method, case.path) == ("DELETE", "/api/v1/session")
                headers = {} if signs_out else dict(who.headers)
                kept = {name: value for name, value in headers.items() if name in ("authorization", "x-csrf-token")}
                answer = case.call(headers=kept, cookies=dict(who.cookies), timeout=30)
                kind = (answer.headers.get("content-type") or [""])[0]
                judge.take(f"{case.method} {case.path}", answer.status_code, kind, answer.text[:500])

            # Without a body or a constraint nothing of a call can be unfitting.
            with suppress(Unsatisfiable):
                call()

    judge.report()
    assert len(judge.calls) >= len(operations) - 1, judge.calls
    assert unharmed.get("/health").json()["status"] == "alive"


BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/tickets"): {
        "service": "land", "priority": "normal", "lang": "vi", "dossier": "H17", "printer": "printer-1",
    },
    ("POST", "/counters/{counter}/{action}"): {
        "for": "A001", "number": "A001", "reason": "slow", "service": "result", "counter": "c2", "officer": "chief",
        "note": "Hồ sơ ở quầy 2.", "minutes": 5, "outcome": "done", "quantity": 1, "priority": "elderly", "lang": "en",
    },
    ("POST", "/waiting/{number}/priority"): {"priority": "elderly", "reason": "asked"},
    ("POST", "/tickets/{token}/rating"): {
        "score": 1, "version": 1, "reasons": ["slow"], "comment": "Tôi đã chờ rất lâu.", "answers": {"clean": 1},
    },
    ("POST", "/session"): {"user": "nobody", "password": "a password of nobody"},
    ("POST", "/devices"): {"kind": "sign", "id": "sign-9", "counter": "c1", "label": {"vi": "Quầy 1"}},
    ("POST", "/users"): {"user": "nobody-else", "role": "officer", "password": "a password of nobody"},
    ("PUT", "/centre"): None,
    ("GET", "/events"): {"after": 0, "limit": 100},
    ("GET", "/reports/throughput"): {"from": "2026-11-23", "to": "2026-11-23", "by": "day", "labels": "vi"},
    ("GET", "/counters/c1/why"): {"visit": "00000000-0000-0000-0000-000000000000"},
    ("GET", "/waiting"): {"service": "land"},
}  # fmt: skip
ACTIONS = (
    "open", "next", "recall", "start", "finish", "no_show", "park", "pause", "resume", "undo", "transfer", "call",
    "return", "continue", "walk_in", "hand_over", "close", "fly",
)  # fmt: skip


def one_call(
    judge: Judge, method: str, path: str, *, body: Any, who: httpx.Client, action: str, ticket: dict[str, Any], key: Any
) -> None:
    """Make a call, of a GET with the body as its query, and judge the answer."""
    place = path.format(counter="c1", action=action, number=ticket["number"], token=ticket["token"])
    headers = {"If-Match": "*", "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = str(key).encode("ascii", "replace").decode().translate(_PRINTABLE).strip()[:200]
    if method == "GET":
        answer = who.get(place, params=_asked(body), headers=headers)
    else:
        answer = who.request(method, place, content=written(body), headers=headers)
    judge.take(f"{method} {path}", answer.status_code, answer.headers.get("content-type", ""), answer.text[:500])


def test_every_field_of_a_valid_call_replaced_ends_nothing(fuzzed: Centre, unharmed: httpx.Client) -> None:
    judge, sessions = Judge(), [client for role in ROLES for client in signed_in(fuzzed, role)]
    whole = unharmed.get("/centre").json()
    tickets = [unharmed.post("/tickets", json={"service": "land"}).json() for _ in range(5)]

    for (method, path), valid in BODIES.items():
        send = partial(one_call, judge, method, path)

        @settings_for(max(1, CASES // (2 * len(BODIES))))
        @given(
            body=mutated(whole if valid is None else valid), who=st.sampled_from(sessions),
            action=st.sampled_from(ACTIONS), ticket=st.sampled_from(tickets), key=st.none() | values,
            send=st.just(send),
        )  # fmt: skip
        def call(send: Callable[..., None], **drawn: Any) -> None:
            send(**drawn)

        call()

    judge.report()
    assert set(judge.calls) == {f"{method} {path}" for method, path in BODIES}
    assert judge.statuses[200] + judge.statuses[201], judge.statuses
    assert unharmed.get(f"/tickets/{uuid.uuid4().hex}").status_code == 404


_PRINTABLE = dict.fromkeys([*range(32), 127], "?")


def _asked(body: Any) -> dict[str, str]:
    """Write a query; a lone surrogate is no character that an address may hold."""
    if not isinstance(body, dict):
        return {"": str(body).encode("utf-8", "replace").decode()}
    return {
        str(name).encode("utf-8", "replace").decode(): str(value).encode("utf-8", "replace").decode()[:2000]
        for name, value in body.items()
    }
