"""Anyone reads the procedures over HTTP."""

from __future__ import annotations

import json
from typing import Any


async def test_anyone_reads_the_procedures_page_by_page(house: Any) -> None:
    entry = {"service": "land", "name": {"vi": "Tên"}, "papers": [{"vi": "Đơn " * 300}], "fee": {"vi": "0"}, "time": {"vi": "1"}}  # fmt: skip  # noqa: E501 - one entry
    text = json.dumps([entry | {"code": f"1.{at}"} for at in range(60)])
    await house.parts.procedures.bring_in(text)

    codes: list[str] = []
    after: int | None = 0
    async with house.client() as client:
        while after is not None:
            page = (await client.get(f"/api/v1/procedures?after={after}")).json()
            codes += [item["code"] for item in page["items"]]
            after = page["next"]
        wrong = await client.get("/api/v1/procedures?after=-1")
        beyond = await client.get("/api/v1/procedures?after=1000")

    assert codes == [f"1.{at}" for at in range(60)]
    assert wrong.status_code == 400
    assert beyond.json()["items"] == []
