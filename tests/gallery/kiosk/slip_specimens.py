"""Invented slips that show every form: for looking at, for tests and for a trial print."""

from __future__ import annotations

import unicodedata
import uuid

from broker.contract.payloads import Slip, Ticket
from kiosk.printing.config import PrinterConfig

CENTRE = {
    "vi": "Trung tâm Phục vụ hành chính công tỉnh Quảng Ngãi",
    "en": "Quảng Ngãi Public Administrative Service Centre",
}
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Level, grave, hook, tilde, acute and dot below."""


def letters() -> list[str]:
    """Give the 134 letters of Vietnamese that are not in ASCII, each as one character."""
    marked = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
    small = [letter for letter in (*marked, "đ") if not letter.isascii()]
    return [*small, *(letter.upper() for letter in small)]


def specimen_ticket(**changes: object) -> Ticket:
    """Give a waiting ticket; changes go over its fields."""
    fields: dict[str, object] = {
        "id": str(uuid.uuid4()), "number": "A007", "token": "AbCdEfGhIjKlMnOpQrStUv", "service": "land",
        "priority": "normal", "status": "waiting", "channel": "kiosk", "lang": "vi",
        "issued_at": "2026-11-23T07:32:05.000+07:00", "position": 6, "wait": {"low_s": 600, "high_s": 1200},
        "counters": ["c1", "c2"],
    }  # fmt: skip
    return Ticket.model_validate(fields | changes)


def specimen_slip(**changes: object) -> Slip:
    """Give the texts of a slip; changes go over its fields."""
    fields: dict[str, object] = {
        "centre": CENTRE,
        "service": {"vi": "Nộp hồ sơ đất đai, đo đạc, môi trường", "en": "Submit a land file"},
        "lines": [{"vi": "Quầy phục vụ: 1, 2, 3", "en": "Counters 1, 2 and 3"}],
        "qr": "https://xephang.example/t/AbCdEfGhIjKlMnOpQrStUv",
    }
    return Slip.model_validate(fields | changes)


def specimen_config(**changes: object) -> PrinterConfig:
    """Give a printer's configuration; changes go over its fields."""
    centre = {
        "id": "quang-ngai", "name": CENTRE, "timezone": "Asia/Ho_Chi_Minh", "languages": ["vi", "en"],
        "public_url": "https://xephang.example",
    }  # fmt: skip
    fields: dict[str, object] = {"revision": 1, "centre": centre, "address": "tcp://127.0.0.1:9100", "width_mm": 80}
    return PrinterConfig.model_validate(fields | changes)
