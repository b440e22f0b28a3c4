"""A kiosk beside a controller whose clock is not believed: it goes its own way, and learns no wrong day."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from broker.contract.channels import CONTROLLER_STATE, SERVICE_STATE
from broker.contract.errors import Code
from broker.contract.payloads import ControllerState, ErrorBody, Reply, Request, ServiceState
from kiosk.flow.actions import Begin, TakeService
from kiosk.flow.state import Shown
from tests.gallery.kiosk.specimens import kiosk_data


async def say_held(hall: Any) -> None:
    """Say what a controller says that holds its clock: nobody there, no instant, every service shut."""
    await hall.controller.publish(CONTROLLER_STATE, ControllerState(online=False, session=str(uuid.uuid4())))
    for service in kiosk_data()["services"]:
        shut = ServiceState(
            service=service["id"], name=service["name"], open=False, waiting=0, serving=0, wait=None, last_called=None
        )
        await hall.controller.publish(SERVICE_STATE, shut, service=service["id"])


def try_again(request: Request) -> Reply:
    return Reply(id=request.id, ok=False, error=ErrorBody(code=Code.TRY_AGAIN))


@pytest.mark.parametrize("live_before", [True, False], ids=["clock jumped while it ran", "controller was started so"])
async def test_it_gives_numbers_of_its_own_on_its_own_day(hall: Any, open_kiosk: Any, *, live_before: bool) -> None:
    hall.answer = try_again
    kiosk = await open_kiosk()
    if live_before:
        await hall.beat()
        await hall.until(lambda: kiosk.state.live)

    await say_held(hall)
    await hall.until(lambda: not kiosk.state.live)
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(kiosk.state.view, Shown))

    assert kiosk.state.view.ticket.number == "Z1-001"
    assert kiosk.state.series.day == "2026-11-23"
