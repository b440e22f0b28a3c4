"""From a ticket and its slip's texts to the image that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from kiosk.printing.config import qr_url
from kiosk.printing.layout import Code, Occasion, compose, layout_for
from kiosk.printing.raster import draw_slip, qr_fits

if TYPE_CHECKING:
    from PIL import Image

    from broker.contract.payloads import Slip, Ticket
    from broker.runtime.catalogue import Catalogue
    from kiosk.printing.config import PrinterConfig

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SlipPainter:
    """Paints slips with the words of a catalogue (its keys `slip.*`)."""

    words: Catalogue

    def paint(self, ticket: Ticket, slip: Slip, config: PrinterConfig) -> Image.Image:
        """Give the slip as a black and white image as wide as the printer's paper.

        A QR code that the paper is too narrow for is left out: the number is worth more than the code.
        """
        layout = layout_for(config.width_mm)
        zone = ZoneInfo(config.centre.timezone)
        occasion = Occasion(ticket, slip, ticket.lang, zone, self.words, qr_url(slip.qr, config.address))
        blocks = compose(layout, occasion)
        fitting = tuple(block for block in blocks if not isinstance(block, Code) or qr_fits(layout, block.url))
        if len(fitting) < len(blocks):
            log.warning("qr_too_wide", width_mm=config.width_mm)
        return draw_slip(layout, fitting)
