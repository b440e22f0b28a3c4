"""A bare aiomqtt responder, for comparison: it reads each request, answers it with one publish, and keeps nothing.

python bare_aiomqtt.py PORT CENTRE
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import sys
import uuid

import aiomqtt

NODELAY = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


async def respond(port: int, centre: str) -> None:
    """Answer every request of every device until killed."""
    root, numbers = f"luot/v1/{centre}/device", itertools.count(1)
    async with aiomqtt.Client("127.0.0.1", port, identifier="bare", socket_options=NODELAY) as client:
        await client.subscribe(f"{root}/+/request", qos=1)
        print("ready", flush=True)  # noqa: T201 - its starter waits for this line
        async for message in client.messages:
            request = json.loads(message.payload)
            ticket = {
                "id": str(uuid.uuid4()), "number": f"A{next(numbers):03d}", "token": uuid.uuid4().hex,
                "service": request["service"], "priority": "normal", "status": "waiting", "channel": "kiosk",
                "lang": "vi", "issued_at": "2026-11-23T08:00:00.000+00:00", "position": 1, "wait": None,
                "counter": None, "counters": ["c1"],
            }  # fmt: skip
            reply = {"id": request["id"], "ok": True, "result": {"ticket": ticket}}
            device = message.topic.value.split("/")[4]
            await client.publish(f"{root}/{device}/reply", json.dumps(reply), qos=1)


if __name__ == "__main__":
    asyncio.run(respond(int(sys.argv[1]), sys.argv[2]))
