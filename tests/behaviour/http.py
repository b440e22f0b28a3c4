"""One HTTP call and its answer, by the standard library alone."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any

from tests.behaviour.moments import without_now


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str:
        """Give a header, empty where there is none."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")

    def lines(self) -> list[str]:
        """Write the answer as text: status, headers in their order, body."""
        told = [f"< {name}: {without_now(value)}" for name, value in self.headers]
        return [f"< {self.status}", *told, *_body(self.body, self.header("content-type"))]


def _body(body: bytes, media_type: str) -> list[str]:
    if not body:
        return []
    if "json" in media_type:
        return json_lines(body)
    try:
        return body.decode().split("\n")
    except UnicodeDecodeError:
        return [f"bytes {body.hex()}"]


def json_lines(raw: bytes) -> list[str]:
    """Write JSON with a line for each value, and say which of the two usual forms it had; else as it is."""
    try:
        found = json.loads(raw)
    except ValueError:
        return [f"no JSON: {raw!r}"]
    forms = {"compact": (",", ":"), "spaced": (", ", ": ")}
    for form, separators in forms.items():
        if json.dumps(found, ensure_ascii=False, separators=separators).encode() == raw:
            return [f"({form})", *json.dumps(found, ensure_ascii=False, indent=1).split("\n")]
    return [f"(other form) {raw.decode(errors='backslashreplace')}"]


def call(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Make one call on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"User-Agent": "recorder", "Connection": "close", **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def first_event(port: int, path: str, headers: dict[str, str]) -> list[str]:
    """Read a stream of events up to the end of its first event; gives status, headers and lines."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, None, {"User-Agent": "recorder", "Connection": "close", **headers})
        answer = connection.getresponse()
        found = Answer(answer.status, answer.getheaders(), b"").lines()
        while line := answer.readline().decode().rstrip("\r\n"):
            found.append(line)
        return found
    finally:
        connection.close()
