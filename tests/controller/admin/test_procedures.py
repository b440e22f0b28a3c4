"""Procedures go over the socket of a running controller in one line each way, however long the list is."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from controller.admin.admin_service import AdminService
from controller.admin.socket import AdminRequestError, ControlSocket, send_request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOBODY = cast("Any", None)


@pytest.fixture
async def served(rig: Any) -> AsyncIterator[Any]:
    control = ControlSocket(rig.folder, AdminService(NOBODY, NOBODY, NOBODY, rig.procedures, engine=rig.engine).handle)
    await control.open()
    yield rig
    await control.close()


def listed(count: int) -> str:
    entries = [
        {
            "code": f"1.{at}", "service": "land", "name": {"vi": f"Thủ tục {at}"}, "fee": {"vi": "Không"},
            "papers": [{"vi": "Giấy tờ cần có, bản sao có chứng thực " * 40}], "time": {"vi": "3 ngày"},
        }
        for at in range(count)
    ]  # fmt: skip
    return json.dumps({"items": entries}, ensure_ascii=False)


async def test_two_thousand_go_in_and_come_out(served: Any) -> None:
    text = listed(2000)
    assert len(text.encode()) > 3 * 1024 * 1024

    card = await asyncio.to_thread(send_request, served.folder, {"do": "procedures.import", "text": text})
    found = await asyncio.to_thread(send_request, served.folder, {"do": "procedures.export"})

    assert card == {"revision": served.procedures.listing.revision, "count": 2000}
    assert found["count"] == len(found["items"]) == 2000


async def test_faults_come_back_with_their_places(served: Any) -> None:
    asked = {"do": "procedures.import", "text": "code;service;name;papers;fee;time\n1.1;none;A;B;;C\n"}

    with pytest.raises(AdminRequestError) as failed:
        await asyncio.to_thread(send_request, served.folder, asked)

    assert [fault["place"] for fault in failed.value.faults] == ["row 2, fee", "row 2, service"]
