"""What single words of the configuration must look like; each check gives the word back or is a ValueError."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from broker.contract.hours import parse_spans
from broker.contract.patterns import compiled
from broker.contract.texts import LONGEST_TEXT, LONGEST_WORD

if TYPE_CHECKING:
    from pydantic import ValidationInfo

STORED: Final = "stored"
"""The context in which a configuration is read that was accepted before: no later limit may stop a controller."""
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_URL = re.compile(r"^https?://[^\s/]+(/\S*)?$")
_ADDRESS = re.compile(
    r"^(tcp://[^\s:/]+:\d{1,5}|usb:(0x)?[0-9A-Fa-f]{4}:(0x)?[0-9A-Fa-f]{4}|serial:[^@\s]+(@\d+)?|file:.+)$"
)


def check_text(text: dict[str, str]) -> dict[str, str]:
    """Require a text for people: by language, with Vietnamese, no empty words."""
    if "vi" not in text:
        raise ValueError('needs a text for "vi", the language that readers fall back to')
    for language, words in text.items():
        check_language(language)
        if not words.strip():
            raise ValueError(f'the text for "{language}" is empty')
    return text


def check_length(text: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Require words that screens and slips have room for; a configuration that is in force is taken as it is."""
    if info.context == STORED:
        return text
    for language, words in text.items():
        if len(words) > LONGEST_TEXT:
            raise ValueError(f'the text for "{language}" has {len(words)} characters, at most {LONGEST_TEXT}')
        if len(longest := max(words.split(), key=len)) > LONGEST_WORD:
            raise ValueError(
                f'a word of the text for "{language}" has {len(longest)} characters, at most {LONGEST_WORD}: '
                f'"{longest[:20]}…"'
            )
    return text


def check_language(language: str) -> str:
    """Require a language tag such as `vi`."""
    if not _LANGUAGE.match(language):
        raise ValueError(f'"{language}" is no language tag, as "vi"')
    return language


def check_timezone(name: str) -> str:
    """Require a name of the time zone database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is no time zone, as "Asia/Ho_Chi_Minh"') from error
    return name


def check_url(url: str) -> str:
    """Require an http or https address."""
    if not _URL.match(url):
        raise ValueError(f'"{url}" is no address, as "https://example.vn"')
    return url.rstrip("/")


def check_address(address: str) -> str:
    """Require a printer's address."""
    if not _ADDRESS.match(address):
        raise ValueError(f'"{address}" is none of tcp://HOST:PORT, usb:VENDOR:PRODUCT, serial:PATH@BAUD, file:PATH')
    return address


def check_hash(hashed: str) -> str:
    """Require the hash of a PIN, so that none stands in a configuration in plain words."""
    if not hashed.startswith("$argon2"):
        raise ValueError("is no hash of a PIN: `luot device pin` makes one")
    return hashed


def check_pattern(pattern: str, info: ValidationInfo) -> str:
    """Require a pattern that is matched in linear time; one that is in force already is kept, and never applied."""
    if info.context != STORED:
        compiled(pattern)
    return pattern


def check_spans(spans: tuple[str, ...]) -> tuple[str, ...]:
    """Require spans of one day as "07:00-11:30" that do not overlap."""
    parse_spans(spans)
    return spans
