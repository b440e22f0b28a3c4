"""The HTTP door: who may, what is refused, pages, reports, configuration."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.behaviour.rig import Recording

FORM = "application/x-www-form-urlencoded"
NAMES = ("throughput", "satisfaction", "waiting", "officers", "estimates", "fairness")
CUTS = ("day", "hour", "service", "group", "counter", "officer", "channel", "priority")
WHO = {
    "officer": ("GET /counters", "GET /counters/c1", "GET /waiting", "POST /tickets", "POST /counters/c1/open"),
    "supervisor": ("GET /events", "GET /reports/throughput?from=2026-11-23&to=2026-11-23", "GET /closings/2026-11-23"),
    "administrator": (
        "GET /centre", "PUT /centre", "GET /devices", "GET /users", "POST /devices", "POST /users",
        "DELETE /devices/x", "DELETE /users/x", "GET /clock", "POST /clock/accept",
    ),
}  # fmt: skip


def open_to_all(r: Recording) -> None:
    """Read what needs no session."""
    for path in ("/health", "/ready", "/openapi.json", "/queues", "/nothing-here", "/tickets/no-such-token"):
        r.api("GET", path)
    for path in ("/", "/sign-in", "/sign-in?lang=en&next=//evil", "/t/no-such-token", "/desk", "/metrics/x", "/docs"):
        r.http("GET", path)
    r.http("GET", "/reports", Accept_Language="en")
    r.http("GET", "/metrics", X_Forwarded_For="10.0.0.1")
    r.api("PUT", "/queues")
    r.api("POST", "/health", {})
    for name in assets(r):
        r.http("GET", f"/assets/{name}")
    r.http("GET", "/assets/nothing.css")


def assets(r: Recording) -> list[str]:
    """Give the names of the assets that the pages of strangers load."""
    found = r.http("GET", "/sign-in").body.decode().split('"')
    return [one.removeprefix("/assets/") for one in found if one.startswith("/assets/") and "woff" not in one]


def signing_in(r: Recording) -> None:
    """Sign in and out, rightly and wrongly."""
    for user, password in (("anna", "wrong"), ("nobody", "wrong"), ("anna", "")):
        r.sign_in(user, password)
    for body in (b"", b"[]", b"{", b'{"user": 1}', b"\xff"):
        r.api("POST", "/session", body)
    for user in ("anna", "sam", "lan", "otto"):
        r.sign_in(user, f"given-{user}")
    r.api("POST", "/session", {"user": "sam", "password": "given-sam"}, key="sign-in-1")
    r.api("POST", "/session", {"user": "sam", "password": "given-sam"}, key="sign-in-1")
    r.api("POST", "/session", {"user": "sam", "password": "given-sam"}, Origin="http://elsewhere.example")
    for form in ({"user": "lan", "password": "wrong"}, {"user": "lan", "password": "given-lan", "next": "/desk/c1"}):
        r.http("POST", "/sign-in", urlencode(form).encode(), Content_Type=FORM)
    for _ in range(7):
        r.sign_in("otto", "still wrong")


def cookies(r: Recording) -> None:
    """Rely on the cookie, with and without what protects it."""
    answer = r.api("POST", "/session", {"user": "lan", "password": "given-lan"})
    cookie, csrf = answer.header("set-cookie").split(";")[0], answer.json["csrf"]
    body = {"service": "land"}
    r.api("GET", "/counters", Cookie=cookie)
    r.api("POST", "/tickets", body, Cookie=cookie)
    r.api("POST", "/tickets", body, Cookie=cookie, X_CSRF_Token="given-wrong")
    r.api("POST", "/tickets", body, Cookie=cookie, X_CSRF_Token=csrf, Origin="http://elsewhere.example")
    r.api("POST", "/tickets", body, Cookie=cookie, X_CSRF_Token=csrf)
    r.api("DELETE", "/session", Cookie=cookie, X_CSRF_Token=csrf)
    r.api("GET", "/counters", Cookie=cookie)
    r.api("GET", "/counters", Authorization="Bearer given-nonsense")


def roles(r: Recording) -> None:
    """Have everybody try what is above them."""
    for calls in WHO.values():
        for call in calls:
            method, _, path = call.partition(" ")
            r.api(method, path, None if method in ("GET", "DELETE") else {})
    for user, calls in (("lan", WHO["supervisor"] + WHO["administrator"]), ("sam", WHO["administrator"])):
        for call in calls:
            method, _, path = call.partition(" ")
            r.api(method, path, None if method in ("GET", "DELETE") else {}, by=user)


def pages(r: Recording) -> None:
    """Read the pages of staff and of a citizen, in both languages."""
    for user in ("lan", "sam", "anna"):
        for path in ("/desk", "/desk/c1", "/desk/nowhere", "/reports", "/clock"):
            r.http("GET", path, by=user)
    r.http("GET", "/desk/c1?lang=en", by="lan")
    r.http("GET", "/reports?name=fairness&by=counter&lang=en", by="sam")
    r.http("GET", "/reports?name=nothing", by="sam")
    r.http("GET", "/reports/waiting.csv?by=service&labels=vi", by="sam")
    for user in ("lan", "anna"):
        r.stream("/desk/c1/stream", user)
    for number in sorted(r.tokens):
        r.http("GET", f"/t/{r.tokens[number]}", Accept_Language="en")


def reports(r: Recording, first: str, last: str) -> None:
    """Make every report by every cut, as JSON and as both kinds of CSV, and read the journal."""
    span = f"from={first}&to={last}"
    for name in NAMES:
        for by in CUTS:
            r.api("GET", f"/reports/{name}?{span}&by={by}", by="sam")
        for labels in ("", "&labels=vi", "&labels=en"):
            r.api("GET", f"/reports/{name}?{span}&by=service{labels}", by="sam", Accept="text/csv")
    for path in (
        "nothing?" + span,
        "waiting",
        f"waiting?from={last}",
        "waiting?from=1-1-1&to=x",
        f"waiting?{span}&by=x",
    ):
        r.api("GET", f"/reports/{path}", by="sam")
    r.api("GET", f"/reports/waiting?from={last}&to=2020-01-01", by="sam")
    r.api("GET", f"/reports/waiting?{span}&labels=xx", by="sam", Accept="text/csv")
    r.api("GET", f"/reports/waiting?{span}", by="sam", Accept="application/pdf")
    for day in (first, last, "x"):
        r.api("GET", f"/closings/{day}", by="sam")
    for query in ("", "?limit=5", "?after=20&limit=10", "?after=100000", "?after=-1", "?limit=0", "?limit=x"):
        r.api("GET", f"/events{query}", by="sam")


def configuration(r: Recording) -> None:
    """Read and replace the configuration, rightly and wrongly; add and remove devices and users."""
    answer = r.api("GET", "/centre", by="anna")
    tag, data = answer.header("etag"), answer.json
    r.api("PUT", "/centre", data, by="anna")
    r.api("PUT", "/centre", data, by="anna", If_Match='"99"')
    faulty = copy.deepcopy(data)
    faulty["service"][0]["group"], faulty["surprise"] = "nowhere", 1
    r.api("PUT", "/centre", faulty, by="anna", If_Match=tag)
    r.api("PUT", "/centre", [], by="anna", If_Match=tag)
    without = copy.deepcopy(data)
    without["service"] = [one for one in data["service"] if one["id"] != "land"]
    for one in (*without["counter"], *without["officer"], *without["device"]):
        if one.get("services"):
            one["services"] = [name for name in one["services"] if name != "land"]
    r.api("PUT", "/centre", without, by="anna", If_Match=tag)
    changed = copy.deepcopy(data)
    changed["service"][0]["name"]["en"] = "Land files"
    changed["counter"][2]["daily_quota"] = None
    changed["device"] = [one for one in data["device"] if one["id"] != "keypad-2"]
    answer = r.api("PUT", "/centre", changed, by="anna", If_Match=tag)
    r.api("GET", "/centre", by="anna")
    r.api("PUT", "/centre", changed, by="anna", If_Match=tag)


def inventory(r: Recording) -> None:
    """Give and take devices and users over HTTP."""
    for body in (
        {"kind": "sign", "id": "sign-2", "counter": "c2"}, {"kind": "sign", "id": "sign-3"},
        {"kind": "teapot", "id": "x"}, {"kind": "sign", "id": "Not A Slug"}, {"kind": "board", "id": "kiosk-1"},
        {"kind": "keypad", "id": "keypad-3", "counter": "nowhere"}, {"kind": "board", "id": "controller"},
    ):  # fmt: skip
        r.api("POST", "/devices", body, by="anna")
    for _ in range(2):
        r.api("POST", "/devices", {"kind": "board", "id": "board-2", "zone": "upstairs"}, by="anna", key="board-2")
    r.api("GET", "/devices", by="anna")
    for device in ("board-2", "board-2", "sign-2"):
        r.api("DELETE", f"/devices/{device}", by="anna")
    for body in (
        {"user": "ngoc", "role": "officer"}, {"user": "ngoc", "role": "supervisor", "password": "given-ngoc"},
        {"user": "bad name", "role": "officer"}, {"user": "x", "role": "king"},
        {"user": "x", "role": "officer", "password": "abc"}, {"user": "anna", "role": "officer"},
    ):  # fmt: skip
        r.api("POST", "/users", body, by="anna")
    r.api("GET", "/users", by="anna")
    for user in ("ngoc", "ngoc", "anna"):
        r.api("DELETE", f"/users/{user}", by="anna")
    r.api("GET", "/clock", by="anna")
    r.api("POST", "/clock/accept", {"shown": r.tree.clock}, by="anna")
    r.api("POST", "/clock/accept", {"shown": "2020-01-01T00:00:00Z"}, by="anna")
