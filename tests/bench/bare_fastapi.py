"""A bare FastAPI route on uvicorn, for comparison: it reads a body, answers a ticket, and keeps nothing.

python bare_fastapi.py PORT
"""

from __future__ import annotations

import itertools
import sys
import uuid
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
numbers = itertools.count(1)


class Wanted(BaseModel):
    """What a client asks for."""

    service: str
    priority: str = "normal"
    lang: str = "vi"


@app.post("/tickets", status_code=201)
async def issue(wanted: Wanted) -> dict[str, Any]:
    """Answer with a ticket that nobody will remember."""
    return {
        "id": str(uuid.uuid4()), "number": f"A{next(numbers):03d}", "token": uuid.uuid4().hex,
        "service": wanted.service, "priority": wanted.priority, "status": "waiting", "channel": "reception",
        "lang": wanted.lang,
        "issued_at": "2026-11-23T08:00:00.000+00:00", "position": 1, "wait": None, "counter": None, "counters": ["c1"],
    }  # fmt: skip


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
