"""Slips on a printer that we did not write, read back by programs that we did not write."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from broker.runtime.theme import load_theme
from tests.gallery.kiosk.slip_specimens import CENTRE, letters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.system.peers.conftest import Centre, Emupos, Wire

pytestmark = [pytest.mark.peer, pytest.mark.timeout(900)]
SLIPS = 200 if os.environ.get("LUOT_LONG") else 20

SENTENCES = """Trung tâm phục vụ hành chính công
Nộp hồ sơ đất đai, nhận kết quả
Bà cả có mã số lá phiếu lạ
Ăn uống bằng tiền mặt, đi thẳng, chẵn lẻ, nhắn tin
Cần cẩn thận, mẫu đơn, cấp bậc, gần đây, tập thể
Trẻ em, bè bạn, mẹ bé, kẽ hở, vẽ tranh
Quê nhà, về nghề nghiệp, thể lệ, diễn ra, thế nào
Ghi gì, chỉ dẫn, suy nghĩ, chí lớn, đề nghị
Nhỏ bé, có việc, bò sữa, bõ công, họ tên
Công dân, hồ sơ, sổ đỏ, chỗ ngồi, số một, đỗ xe
Đơn từ, thờ cúng, mở cửa, lỡ hẹn, mới đến, lợi ích
Thu phí, bù trừ, thủ tục, cũ mới, thú vị, phục vụ
Thư từ, từ chối, tử tế, chữ ký, thứ tự, lịch sự
Ý kiến, kỳ hạn, kỷ niệm, kỹ năng, quý khách, cộng đồng, cấm kỵ, sau đó
Nghĩa vụ, sữa chữa, những người, cảm ơn, xã hội, đăng ký
Khẳng định, bằng phẳng, thẳng thắn, sẵn sàng, đầy đủ, chẵn
Rõ ràng, theo dõi, Võ Thị Sáu, tuổi Tỵ
Sửa đổi bổ sung, tổng hợp, tổ chức, chuyển đổi, hỗ trợ, cỗ máy
Hướng dẫn, dẫn đầu, mẫu giấy, khẩn cấp, thẩm quyền, sản phẩm
Bắt đầu, sắp xếp, nhắc nhở, mẫu mã, vẫn còn, kẽ lá, chỉ số""".splitlines()


def tesseract(image: Image.Image, folder: Path, *options: str) -> str:
    """Read a picture with the Vietnamese model; gives the words as composed characters."""
    image.save(folder / "read.png")
    command = ["tesseract", str(folder / "read.png"), "-", "-l", "vie", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(unicodedata.normalize("NFC", done.stdout).split())


def doubled(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.LANCZOS)


def tallest_band(image: Image.Image, above: int) -> Image.Image:
    """Cut out the rows of the tallest thing in the upper part of a slip: its number."""
    ink = [ImageChops.invert(image.crop((0, y, image.width, y + 1))).getbbox() is not None for y in range(above)]
    top, bottom = max(runs(ink), key=lambda run: run[1] - run[0])
    # With white around it, as a reader expects.
    return image.crop((0, top - 20, image.width, bottom + 20))


async def printed(centre: Centre, emupos: Emupos, number: str, token: str, **slip: Any) -> dict[str, Any]:
    """Print one slip and give its receipt."""
    await centre.configure(emupos.address)
    async with centre.running():
        command = await centre.command(number, token, **slip)
        await centre.until(lambda: centre.outcome(command) is True)
    return (await emupos.wait_for(1))[-1]


async def test_a_slip_is_received_cut_and_read_back(
    centre: Centre, emupos: Emupos, tmp_path: Path, read_codes: Callable[[list[Path]], list[str | None]]
) -> None:
    receipt = await printed(centre, emupos, "A007", "AbCdEfGhIjKlMnOpQrStUv")
    assert (receipt["boundary"], receipt["width_dots"]) == ("cut", 576)
    assert read_codes([receipt["path"]]) == ["https://xephang.example/t/AbCdEfGhIjKlMnOpQrStUv"]
    paper = Image.open(receipt["path"]).convert("L")
    text = tesseract(doubled(paper), tmp_path, "--psm", "6")
    assert CENTRE["vi"] in text
    assert "Nộp hồ sơ đất đai, đo đạc, môi trường" in text
    assert tesseract(tallest_band(paper, 600), tmp_path, "--psm", "7") == "A007"


@pytest.mark.parametrize("number", ["B120", "T045", "Z1-001"])
async def test_the_number_is_read_from_its_own_crop(
    centre: Centre, emupos: Emupos, tmp_path: Path, number: str
) -> None:
    receipt = await printed(centre, emupos, number, "x" * 22)
    band = tallest_band(Image.open(receipt["path"]).convert("L"), 600)
    assert tesseract(band, tmp_path, "--psm", "7").replace(" ", "") == number


async def test_every_vietnamese_letter_that_the_reader_knows_is_read_back_from_sentences(
    centre: Centre, emupos: Emupos, tmp_path: Path
) -> None:
    lines = [{"vi": line} for line in [*SENTENCES, *(line.upper() for line in SENTENCES)]]
    receipt = await printed(centre, emupos, "A001", "x" * 22, lines=lines)
    paper = Image.open(receipt["path"]).convert("L")
    readings = [tesseract(picture, tmp_path, "--psm", "6") for picture in (paper, doubled(paper))]
    seen = set("".join(readings))
    # Its Vietnamese model holds no y with a dot below; the next test reads that by its shape.
    assert [letter for letter in letters() if letter not in seen and letter not in "ỵỴ"] == []


async def test_each_of_the_134_letters_is_on_paper_with_a_shape_nearest_to_its_own(
    centre: Centre, emupos: Emupos
) -> None:
    rows = [f"| {' | '.join(letters()[at : at + 8])} |" for at in range(0, 134, 8)]
    receipt = await printed(centre, emupos, "A001", "x" * 22, lines=[{"vi": row} for row in rows])
    theme = load_theme()
    face = ImageFont.truetype(theme.font_file("regular"), round(theme.slip_text["body"] * theme.slip_dots_per_mm))
    known = {letter: drawn(letter, face) for letter in letters()}
    shapes = between_bars(Image.open(receipt["path"]).convert("L"))
    assert [nearest(shape, known) for shape in shapes] == letters()


def drawn(letter: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    page = Image.new("L", (120, 120), 0)
    ImageDraw.Draw(page).text((40, 80), letter, font=face, fill=255, anchor="ls", features=["ss01"])
    return page.crop(page.getbbox())


def nearest(shape: Image.Image, known: dict[str, Image.Image]) -> str:
    """Name a shape by the drawing that differs from it least, wherever the two fit best on each other."""
    places = [(across, down) for across in (1, 2, 3) for down in (1, 2, 3)]
    return min(known, key=lambda letter: min(difference(shape, known[letter], at) for at in places))


def difference(one: Image.Image, other: Image.Image, at: tuple[int, int]) -> int:
    size = (max(one.width, other.width) + 4, max(one.height, other.height) + 4)
    first, second = Image.new("L", size), Image.new("L", size)
    first.paste(one, at)
    second.paste(other, (2, 2))
    return sum(level * count for level, count in enumerate(ImageChops.difference(first, second).histogram()))


def between_bars(paper: Image.Image) -> list[Image.Image]:
    """Give the shapes (white on black) between vertical bars, in the lines that begin and end with a bar."""
    ink = ImageChops.invert(paper)
    shapes, above = [], 0
    for top, bottom in runs([ink.crop((0, y, ink.width, y + 1)).getbbox() is not None for y in range(ink.height)]):
        line = ink.crop((0, top, ink.width, bottom))
        columns = [line.crop((x, 0, x + 1, line.height)) for x in range(line.width)]
        bars = [bar for bar in runs([is_bar(column) for column in columns]) if bar[1] - bar[0] <= 4]
        left, _, right, _ = line.getbbox() or (0, 0, 0, 0)
        if len(bars) >= 4 and (bars[0][0], bars[-1][1]) == (left, right):
            # The marks of capitals stand above the bars, perhaps with a row of white below them.
            start = max(above, top - 14)
            cells = [ink.crop((one[1], start, other[0], bottom)) for one, other in pairwise(bars)]
            shapes += [cell.crop(cell.getbbox()) for cell in cells]
            above = bottom
    return shapes


def is_bar(column: Image.Image) -> bool:
    """Tell whether a column is inked in one piece over most of its line; the stem of a capital is shorter."""
    return any(end - start >= 0.7 * column.height for start, end in runs([level > 0 for level in column.tobytes()]))


def runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Give the stretches of True as (first, one after the last)."""
    edges = [at for at, (before, after) in enumerate(pairwise([False, *flags, False])) if before != after]
    return list(zip(edges[::2], edges[1::2], strict=True))


# ---- faults ----


async def test_slips_in_random_faults_come_out_once_each_or_with_a_reason(
    centre: Centre, emupos: Emupos, wire: Wire, read_codes: Callable[[list[Path]], list[str | None]]
) -> None:
    await centre.configure(wire.address)
    chance = random.Random(20261123)  # noqa: S311 - a seed makes the same faults again
    trial = Trial(centre, emupos, wire, chance)
    for at in range(SLIPS):
        await trial.slip(f"A{at + 1:03}", f"{at + 1:022}")
    papers = [receipt["path"] for receipt in await emupos.receipts() if receipt["boundary"] == "cut"]
    codes = [code for code in read_codes(papers) if code is not None]
    # Only now: a process that was started again writes the reason after what it said at first.
    for command, token in trial.tokens.items():
        slips = codes.count(f"https://xephang.example/t/{token}")
        outcome = centre.outcome(command)
        if outcome is True:
            assert slips == 1, f"{token}: said to be printed, {slips} slips"
        else:
            assert slips == 0 if outcome is False else slips <= 1, f"{token}: {outcome}, {slips} slips"
            assert centre.reason(command), f"{token}: {outcome} without a reason"
        finals = {result.ok for result in centre.results[command]} - {None}
        assert len(finals) <= 1, f"{token}: two final results"
    assert sum(centre.outcome(command) is True for command in trial.tokens) >= SLIPS // 4


async def test_the_code_of_every_slip_is_read_back(
    centre: Centre, emupos: Emupos, wire: Wire, read_codes: Callable[[list[Path]], list[str | None]]
) -> None:
    await centre.configure(wire.address)
    async with centre.running():
        for at in range(SLIPS):
            await _printed(centre, f"A{at + 1:03}", f"{at + 1:022}")
    papers = [receipt["path"] for receipt in await emupos.receipts() if receipt["boundary"] == "cut"]
    assert read_codes(papers) == [f"https://xephang.example/t/{at + 1:022}" for at in range(SLIPS)]


async def _printed(centre: Centre, number: str, token: str) -> None:
    command = await centre.command(number, token)
    await centre.until(lambda: centre.outcome(command) is True)


class Trial:
    """Prints slip after slip, each with a fault drawn by lot."""

    def __init__(self, centre: Centre, emupos: Emupos, wire: Wire, chance: random.Random) -> None:
        self.centre, self.emupos, self.wire, self.chance = centre, emupos, wire, chance
        self.tokens: dict[str, str] = {}

    async def slip(self, number: str, token: str) -> None:
        """Print one slip, let what happens happen, and leave the printer well again."""
        fault = self.chance.choice(["paper-out", "cover-open", "offline"])
        scenes = [self._plain, self._plain, self._repeated, self._before, self._in_the_middle, self._crash, self._plug]
        scene = self.chance.choice(scenes)
        command = await scene(number, token, fault)
        self.tokens[command] = token

    async def _plain(self, number: str, token: str, _: str) -> str:
        async with self.centre.running():
            return await self._said(await self.centre.command(number, token))

    async def _repeated(self, number: str, token: str, _: str) -> str:
        async with self.centre.running():
            command = await self.centre.command(number, token)
            await self.centre.command(number, token, id=command)
            await self._said(command)
        async with self.centre.running():
            await self.centre.command(number, token, id=command)
            await self.centre.until(lambda: len(self.centre.results[command]) >= 2)
        return command

    async def _before(self, number: str, token: str, fault: str) -> str:
        await self.emupos.fault(fault)
        async with self.centre.running():
            command = await self._said(await self.centre.command(number, token))
        await self.emupos.fault(fault, active=False)
        return command

    async def _in_the_middle(self, number: str, token: str, fault: str) -> str:
        self._arm(lambda: self.emupos.fault(fault))
        async with self.centre.running():
            command = await self._said(await self.centre.command(number, token))
            await self.emupos.fault(fault, active=False)
            await self.centre.until(lambda: self.centre.outcome(command) is not None)
        return command

    async def _crash(self, number: str, token: str, _: str) -> str:
        """Kill our own process while the job is on the wire, and start it again."""
        held, gone = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            held.set()
            await gone.wait()

        self._arm(hold)
        async with self.centre.running():
            command = await self.centre.command(number, token)
            async with asyncio.timeout(20):
                await held.wait()
        gone.set()
        async with self.centre.running():
            await self.centre.command(number, token, id=command)
            return await self._said(command)

    async def _plug(self, number: str, token: str, _: str) -> str:
        """Switch the printer off while the job is on the wire, and on again."""

        async def pull() -> None:
            self.emupos.kill()

        self._arm(pull)
        async with self.centre.running():
            command = await self._said(await self.centre.command(number, token))
        await self.emupos.start()
        return command

    def _arm(self, act: Callable[[], Any]) -> None:
        self.wire.after, self.wire.act = self.chance.randrange(200, 20_000), act

    async def _said(self, command: str) -> str:
        await self.centre.until(lambda: command in self.centre.results)
        return command
