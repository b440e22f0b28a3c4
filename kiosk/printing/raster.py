"""Draws the blocks of a slip with Pillow as one black and white image, and cuts it into strips that printers take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL import features as pillow_features

from broker.runtime.theme import load_theme
from kiosk.printing.layout import Badge, Code, Details, Number, Rule, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kiosk.printing.layout import Block, Layout

WHITE, BLACK = 255, 0
STRIP_ROWS = 256
"""Rows of one raster command at most; more is refused by old printers."""
CLONE_ROWS = 48
"""Some clones print rubbish after a strip whose height is a multiple of this."""
PADDING = 8
NARROW = 0.8
TALLEST = 2.0
"""So many times its em a number is drawn at most: one without any ink is not drawn larger for ever."""
QUIET_MODULES = 4
LEAST_MODULE = 3
"""Dots of a QR module at least: 0.375 mm, which telephones still read from thermal paper."""


@cache
def features() -> list[str] | None:
    """Give the font features that slips use: an `a` of two storeys, which is not taken for an `o` on coarse paper.

    Pillow's own builds can do that; one without its shaping library draws the plain `a`.
    """
    return ["ss01"] if pillow_features.check("raqm") else None


@lru_cache(maxsize=4096)
def measure(text: str, face: ImageFont.FreeTypeFont) -> float:
    """Give the width of a text in dots; most of a slip's words are those of the slip before."""
    return face.getlength(text, features=features())


@cache
def font(weight: str, dots: int) -> ImageFont.FreeTypeFont:
    """Give the slip's font in a weight of the theme, `dots` being its em."""
    return ImageFont.truetype(load_theme().font_file(weight), dots)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper that blocks are drawn for: its layout, measured in dots."""

    layout: Layout

    def dots(self, millimetres: float) -> int:
        """Give a length in whole dots."""
        return round(millimetres * load_theme().slip_dots_per_mm)

    @property
    def width(self) -> int:
        """Dots between the edges."""
        return self.layout.width

    @property
    def inner(self) -> int:
        """Dots between the margins."""
        return self.width - 2 * self.dots(self.layout.margin_mm)

    def font(self, size: str, weight: str) -> ImageFont.FreeTypeFont:
        """Give the font of a text size of the theme's slip."""
        return font(weight, self.dots(load_theme().slip_text[size] * self.layout.sizes))


def draw_slip(layout: Layout, blocks: Iterable[Block]) -> Image.Image:
    """Draw the blocks under each other; gives an image of mode `1`, as wide as the paper."""
    sheet = Sheet(layout)
    parts = [(sheet.dots(block.gap_mm), draw_block(sheet, block)) for block in blocks]
    foot = Image.new("L", (sheet.width, sheet.dots(1)), WHITE)
    return sharp(_stack(sheet.width, [*parts, (0, foot)]))


def sharp(page: Image.Image) -> Image.Image:
    """Turn grey into black and white at a fixed level: a thermal head knows no grey, and dither blurs letters."""
    return page.point([BLACK if level < 150 else WHITE for level in range(256)], mode="1")


def draw_block(sheet: Sheet, block: Block) -> Image.Image:
    """Draw one block on paper of the full width; gives an image of mode `L`."""
    match block:
        case Words():
            face = sheet.font(block.size, block.weight)
            lines = wrap(block.text, face, sheet.inner)
            return paragraph(lines, face, sheet.width, None if block.centred else sheet.dots(sheet.layout.margin_mm))
        case Badge():
            return _badge(sheet, block)
        case Number():
            return _number(sheet, block)
        case Details():
            return _details(sheet, block)
        case Code():
            return _code(sheet, block)
        case Rule():
            return _rule(sheet)


# ---- words ----


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a text into as few lines as `width` dots allow, then even their lengths; no word is ever cut off."""
    lines = _greedy(text, face, width)
    if len(lines) < 2:
        return lines
    low, high = width // 2, width
    while low < high:
        middle = (low + high) // 2
        tried = _greedy(text, face, middle)
        if len(tried) == len(lines) and all(measure(line, face) <= middle for line in tried):
            high = middle
        else:
            low = middle + 1
    return _greedy(text, face, high)


def _greedy(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", face) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, face, width)
    return lines


def _pieces(word: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter, face) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def paragraph(
    lines: list[str], face: ImageFont.FreeTypeFont, width: int, left: int | None = None, ink: int = BLACK
) -> Image.Image:
    """Draw lines on a ground that contrasts with `ink`: centred, or from `left` dots."""
    baselines, height = _baselines(lines, face)
    image = Image.new("L", (width, height), WHITE if ink == BLACK else BLACK)
    pen = ImageDraw.Draw(image)
    for line, baseline in zip(lines, baselines, strict=True):
        x = (width - measure(line, face)) / 2 if left is None else left
        pen.text((round(x), baseline), line, font=face, fill=ink, anchor="ls", features=features())
    return image


def _baselines(lines: list[str], face: ImageFont.FreeTypeFont) -> tuple[list[int], int]:
    """Place lines under each other at an even step, wider only where two marks on a capital need it; and the height."""
    em = float(face.size)
    at: list[int] = []
    below = 0.0
    for line in lines:
        _, top, _, bottom = face.getbbox(line, anchor="ls", features=features())
        room = max(em, 1 - top) if not at else max(1.32 * em, below - top + 2)
        at.append(round((at[-1] if at else 0) + room))
        below = max(0.28 * em, bottom + 1)
    return at, round((at[-1] if at else em) + below)


# ---- the other blocks ----


def _badge(sheet: Sheet, block: Badge) -> Image.Image:
    face, small = sheet.font("label", "heavy"), sheet.font("caption", "regular")
    pad, margin = sheet.dots(1.2), sheet.width - sheet.inner
    title = paragraph(wrap(block.text, face, sheet.inner - 2 * pad), face, sheet.inner - 2 * pad, ink=WHITE)
    bar = Image.new("L", (sheet.width, title.height + 2 * pad), WHITE)
    ImageDraw.Draw(bar).rounded_rectangle(
        (margin // 2, 0, margin // 2 + sheet.inner - 1, bar.height - 1), radius=sheet.dots(1.5), fill=BLACK
    )
    bar.paste(title, (margin // 2 + pad, pad))
    if not block.note:
        return bar
    note = paragraph(wrap(block.note, small, sheet.inner), small, sheet.width)
    return _stack(sheet.width, [(0, bar), (sheet.dots(0.8), note)])


def _number(sheet: Sheet, block: Number) -> Image.Image:
    """Fit the digits into the width and into the layout's height, with nothing but their own ink above and below.

    They are drawn narrow: more height in the same width, and a zero that nobody takes for the letter O.
    """
    tall, wide = sheet.dots(sheet.layout.number_mm), round(0.94 * sheet.inner)
    trial = _ink(block.text, font("strong", tall))
    scale = min(tall / trial.height, wide / (trial.width * NARROW), TALLEST)
    ink = _ink(block.text, font("strong", int(tall * scale)))
    ink = ink.resize((int(ink.width * NARROW), ink.height), Image.Resampling.LANCZOS)
    image = Image.new("L", (sheet.width, ink.height), WHITE)
    image.paste(ink, ((sheet.width - ink.width) // 2, 0))
    return image


def _ink(text: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """Draw a text and cut away the white around it."""
    reach = round(face.size)
    page = Image.new("L", (round(measure(text, face)) + 2 * reach, 3 * reach), BLACK)
    ImageDraw.Draw(page).text((reach, reach), text, font=face, fill=WHITE, features=features())
    return ImageOps.invert(page.crop(page.getbbox() or (0, 0, 1, 1)))


def _details(sheet: Sheet, block: Details) -> Image.Image:
    beside = sheet.layout.qr_beside and len(block.items) > 1
    gap = sheet.dots(1.5)
    widths = _shares(sheet, block) if beside else [sheet.inner] * len(block.items)
    cells = [_fact(sheet, label, value, width) for (label, value), width in zip(block.items, widths, strict=True)]
    left = (sheet.width - sheet.inner) // 2
    if not beside:
        return _stack(sheet.width, [(gap if at else 0, cell) for at, cell in enumerate(cells)], left)
    height = max(cell.height for cell in cells)
    image = Image.new("L", (sheet.width, height), WHITE)
    for at, cell in enumerate(cells):
        image.paste(cell, (left, 0))
        if at:
            ImageDraw.Draw(image).line((left, sheet.dots(0.8), left, height - sheet.dots(0.8)), fill=BLACK, width=2)
        left += cell.width
    return image


def _shares(sheet: Sheet, block: Details) -> list[int]:
    """Share the width out by what each column would like to have."""
    small, strong = sheet.font("caption", "regular"), sheet.font("label", "heavy")
    wishes = [max(measure(label, small), measure(value, strong)) for label, value in block.items]
    spare = (sheet.inner - sum(wishes)) / len(wishes)
    if spare < sheet.dots(1.5):
        return [sheet.inner // len(wishes)] * len(wishes)
    return [int(wish + spare) for wish in wishes]


def _fact(sheet: Sheet, label: str, value: str, width: int) -> Image.Image:
    small, strong = sheet.font("caption", "regular"), sheet.font("label", "heavy")
    room = width - sheet.dots(1.0)
    parts = [paragraph(wrap(label, small, room), small, width), paragraph(wrap(value, strong, room), strong, width)]
    return _stack(width, [(0, part) for part in parts])


def _code(sheet: Sheet, block: Code) -> Image.Image:
    code = draw_qr(block.url, sheet.dots(sheet.layout.qr_mm), sheet.inner)
    face = sheet.font("body", "regular")
    margin = (sheet.width - sheet.inner) // 2
    if not sheet.layout.qr_beside or code.width > sheet.inner * 0.6:
        caption = paragraph(wrap(block.caption, face, sheet.inner), face, sheet.width)
        centred = Image.new("L", (sheet.width, code.height), WHITE)
        centred.paste(code, ((sheet.width - code.width) // 2, 0))
        return _stack(sheet.width, [(0, centred), (0, caption)])
    room = sheet.inner - code.width
    caption = paragraph(wrap(block.caption, face, room), face, room, left=0)
    image = Image.new("L", (sheet.width, max(code.height, caption.height)), WHITE)
    image.paste(code, (margin, (image.height - code.height) // 2))
    image.paste(caption, (margin + code.width, (image.height - caption.height) // 2))
    return image


def _rule(sheet: Sheet) -> Image.Image:
    image = Image.new("L", (sheet.width, 2), WHITE)
    margin = (sheet.width - sheet.inner) // 2
    ImageDraw.Draw(image).rectangle((margin, 0, margin + sheet.inner - 1, 1), fill=BLACK)
    return image


def _stack(width: int, parts: list[tuple[int, Image.Image]], left: int = 0) -> Image.Image:
    """Put images under each other, each with its gap above."""
    image = Image.new("L", (width, sum(gap + part.height for gap, part in parts)), WHITE)
    top = 0
    for gap, part in parts:
        image.paste(part, (left, top + gap))
        top += gap + part.height
    return image


def draw_qr(url: str, wish: int, most: int) -> Image.Image:
    """Draw a QR code about `wish` dots wide, its quiet zone included, and never wider than `most`.

    A code too long for `most` at the least readable module is a ValueError.
    """
    matrix = qr_matrix(url)
    modules = len(matrix) + 2 * QUIET_MODULES
    module = max(LEAST_MODULE, min(round(wish / modules), most // modules))
    if modules * module > most:
        raise ValueError(f"a QR code of {modules} modules needs {modules * module} dots; the paper has {most}")
    flat = bytes(BLACK if dark else WHITE for row in matrix for dark in row)
    small = Image.frombytes("L", (len(matrix), len(matrix)), flat)
    image = Image.new("L", (modules * module, modules * module), WHITE)
    side = len(matrix) * module
    image.paste(small.resize((side, side), Image.Resampling.NEAREST), (QUIET_MODULES * module, QUIET_MODULES * module))
    return image


def qr_fits(layout: Layout, url: str) -> bool:
    """Tell whether the paper is wide enough for a QR code that telephones can read; segno's own limit counts too."""
    try:
        modules = len(qr_matrix(url)) + 2 * QUIET_MODULES
    except segno.DataOverflowError:
        return False
    return modules * LEAST_MODULE <= Sheet(layout).inner


@lru_cache(maxsize=4)
def qr_matrix(url: str) -> tuple[bytes, ...]:
    """Give the modules of a QR code, row by row, 1 for a dark one; error correction M, for paper gets creased.

    Whether it fits is asked before it is drawn: it is made once for both.
    """
    return tuple(bytes(row) for row in segno.make_qr(url, error="m", boost_error=False).matrix)


# ---- strips ----


def strips(image: Image.Image) -> Iterator[Image.Image]:
    """Cut an image into pieces of at most 256 rows, the last one padded where its height would trip a clone."""
    for top in range(0, image.height, STRIP_ROWS):
        rows = min(STRIP_ROWS, image.height - top)
        padded = rows + PADDING if rows % CLONE_ROWS == 0 else rows
        strip = Image.new("1", (image.width, padded), 1)
        strip.paste(image.crop((0, top, image.width, top + rows)), (0, 0))
        yield strip
