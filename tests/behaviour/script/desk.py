"""The reception desk and the counters over HTTP: tickets, repeats, every action and every refusal of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.behaviour.rig import Recording


def act(r: Recording, where: str, action: str, /, by: str = "lan", key: str = "", **fields: Any) -> None:
    """Do something at a counter."""
    body = {name.rstrip("_"): value for name, value in fields.items()}
    r.api("POST", f"/counters/{where}/{action}", body, by=by, key=key)


def issue(r: Recording, service: str, by: str = "lan", key: str = "", **fields: Any) -> None:
    """Give a number at the desk."""
    r.api("POST", "/tickets", {"service": service, **fields}, by=by, key=key)


def numbers(r: Recording) -> None:
    """Give numbers, repeat calls under their keys, ask wrongly."""
    issue(r, "land", key="issue-1")
    issue(r, "land", key="issue-1")
    issue(r, "result", key="issue-1")
    issue(r, "land", priority="elderly", lang="en", dossier="H12.345")
    issue(r, "land", priority="urgent", dossier="nonsense")
    issue(r, "change", printer="printer-1")
    issue(r, "result", printer="kiosk-1")
    issue(r, "result", lang="fr")
    issue(r, "birth")
    for wrong in ({"service": "nowhere"}, {"service": "land", "priority": "king"}, {"service": 1}, {}, {"service": ""}):
        r.api("POST", "/tickets", wrong, by="lan")
    issue(r, "land", key="x" * 129)
    issue(r, "nowhere", key="refused-1")
    issue(r, "nowhere", key="refused-1")
    r.api("POST", "/tickets", b'{"service": "land", ' + b'"x": "' + b"y" * 70_000 + b'"}')
    r.api("POST", "/tickets", b'{"service": "land"}', by="lan", Content_Type="text/plain")


def looking(r: Recording) -> None:
    """Look at tickets, queues and counters."""
    for number in sorted(r.tokens):
        r.api("GET", f"/tickets/{r.tokens[number]}")
    r.api("GET", "/queues")
    r.api("GET", "/counters", by="lan")
    r.api("GET", "/counters/c1", by="lan")
    r.api("GET", "/counters/nowhere", by="lan")
    r.api("GET", "/counters/c1/why", by="lan")
    r.api("GET", "/counters/c1/why?visit=given-none", by="lan")
    for query in ("", "?service=land", "?service=nowhere"):
        r.api("GET", f"/waiting{query}", by="lan")


def wrong_order(r: Recording) -> None:
    """Try every action on a closed, an open and a paused counter."""
    actions = ("next", "recall", "start", "finish", "no_show", "park", "pause", "resume", "undo", "transfer", "call",
               "return", "continue", "walk_in", "hand_over", "close", "dance")  # fmt: skip
    for action in actions:
        act(r, "c1", action)
    act(r, "nowhere", "open")
    act(r, "c1", "open", key="open-1")
    act(r, "c1", "open", key="open-1")
    act(r, "c1", "open", by="otto")
    for action in ("recall", "start", "finish", "no_show", "park", "resume", "undo", "transfer", "call", "continue"):
        act(r, "c1", action)
    act(r, "c1", "next", by="otto")
    act(r, "c1", "pause", reason="lunch")
    for action in ("pause", "next", "start", "undo"):
        act(r, "c1", action)
    act(r, "c1", "resume")
    act(r, "c1", "pause", reason="Máy in hỏng")
    act(r, "c1", "resume", for_="A009")


def turns(r: Recording) -> None:
    """Serve people in every way."""
    act(r, "c1", "next", for_="A001")
    act(r, "c1", "next", key="next-1", for_=None)
    act(r, "c1", "next", key="next-1", for_=None)
    r.api("GET", "/counters/c1/why", by="lan")
    act(r, "c1", "recall")
    act(r, "c1", "start")
    act(r, "c1", "recall")
    act(r, "c1", "finish", outcome="accepted", quantity=3)
    act(r, "c1", "undo")
    act(r, "c1", "undo")
    act(r, "c1", "finish", outcome="nonsense")
    act(r, "c1", "finish", quantity=0)
    act(r, "c1", "finish", outcome="accepted")
    act(r, "c1", "next")
    act(r, "c1", "no_show")
    act(r, "c1", "next")
    act(r, "c1", "park", minutes=5)
    act(r, "c1", "next")
    act(r, "c1", "transfer", service="result", note="Thiếu bản sao")
    act(r, "c1", "undo")
    act(r, "c1", "transfer", counter="c2")
    act(r, "c1", "next")
    act(r, "c1", "continue", service="result")
    act(r, "c1", "continue", service="nowhere")
    act(r, "c1", "walk_in", service="land", priority="urgent", lang="en")
    act(r, "c1", "hand_over", officer="otto")
    act(r, "c1", "hand_over", by="otto", officer="nobody")
    act(r, "c1", "hand_over", by="otto", officer="lan")
    act(r, "c1", "finish")
    act(r, "c1", "close", by="sam")


def more_turns(r: Recording) -> None:
    """Call by hand, bring people back, change a class, run into quotas, leave a counter for another."""
    act(r, "c2", "open", by="otto")
    act(r, "c2", "next", by="otto")
    act(r, "c1", "open", by="otto")
    act(r, "c2", "finish", by="otto")
    act(r, "c1", "open", by="otto")
    waiting = r.api("GET", "/waiting", by="lan").json["items"]
    for one in waiting[:1]:
        r.api("POST", f"/waiting/{one['number']}/priority", {"priority": "urgent", "reason": "asked"}, by="sam")
        r.api("POST", f"/waiting/{one['number']}/priority", {"priority": "king", "reason": "asked"}, by="sam")
        r.api("POST", f"/waiting/{one['number']}/priority", {"priority": "normal"}, by="sam")
    r.api("POST", "/waiting/A999/priority", {"priority": "urgent", "reason": "asked"}, by="sam")
    for one in waiting:
        act(r, "c1", "call", by="otto", number=one["number"], reason="asked for")
        if one["status"] != "waiting":
            act(r, "c1", "return", by="otto", number=one["number"])
    act(r, "c1", "call", by="otto", number="A999", reason="x")
    act(r, "c1", "call", by="otto", number="A001")
    act(r, "c1", "close", by="otto")
    act(r, "c1", "finish", by="otto")
    act(r, "c1", "close", by="otto")
    births(r)


def births(r: Recording) -> None:
    """Use up the numbers of a short series and the calls of a counter with a quota."""
    act(r, "c3", "open", by="sam")
    for _ in range(5):
        issue(r, "birth")
        act(r, "c3", "next", by="sam")
    act(r, "c3", "finish", by="sam")


def ratings(r: Recording) -> None:
    """Rate over HTTP and by the form, rightly and wrongly."""
    good = {"score": 3, "version": 2, "comment": "given comment", "answers": {"speed": 2}}
    for number in sorted(r.tokens)[:6]:
        path = f"/tickets/{r.tokens[number]}/rating"
        r.api("POST", path, {**good, "version": 1}, key="rate-0")
        r.api("POST", path, {"score": 1, "version": 2}, key="rate-1")
        r.api("POST", path, good, key="rate-2")
        r.api("POST", path, good, key="rate-2")
        r.api("POST", path, {"score": 1, "version": 2, "reasons": ["slow"]}, key="rate-3")
        r.http("POST", f"/t/{r.tokens[number]}/rating", b"score=2&version=2", Content_Type="application/x-www-form-urlencoded")  # fmt: skip  # noqa: E501 - one call
    r.api("POST", "/tickets/no-such-token/rating", good)
    r.api("POST", "/tickets/no-such-token/rating", {"score": "x"})
