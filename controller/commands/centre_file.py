"""The centre's configuration as a TOML file: read with every fault and its place, written back."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from controller.domain.centre.centre import CentreFaults, ConfigFault, parse_centre

if TYPE_CHECKING:
    from pathlib import Path

    from controller.domain.centre.centre import Centre

DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def read_document(path: Path) -> dict[str, Any]:
    """Read a TOML file; one that cannot be read is `CentreFaults` with the place in it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CentreFaults((ConfigFault(str(path), f"cannot be read: {error.strerror or error}"),)) from error
    except UnicodeDecodeError as error:
        raise CentreFaults((ConfigFault(str(path), f"is not UTF-8 at byte {error.start}"),)) from error
    except tomllib.TOMLDecodeError as error:
        raise CentreFaults((ConfigFault(str(path), f"is not TOML: {error}"),)) from error


def read_centre(path: Path, *, stored: bool = False) -> Centre:
    """Read a configuration, `stored` when a store was made from it; `CentreFaults` has every fault at once."""
    return parse_centre(read_document(path), stored=stored)


def fault_lines(faults: CentreFaults) -> list[str]:
    """Return one line for people for each fault."""
    return [f"{fault.place}: {fault.message}" for fault in faults.faults]


def write_document(document: dict[str, Any]) -> str:
    """Write a configuration as TOML: single tables first in their order, then each `[[...]]` row."""
    lines: list[str] = []
    for name, value in document.items():
        for row in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{_key(key)} = {_value(inner)}" for key, inner in row.items() if inner is not None]
            lines.append("")
    return "\n".join(lines)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, str) and DATE.match(value):
        return value
    # A JSON string, number or boolean is written alike in TOML, but for one character that JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
