"""The pairing code of `--pair`, out of the sight of everybody who may list the processes of a machine.

A command line can be read by all users of a machine as long as the process lives; its environment only by its own user.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OPTION, VARIABLE = "--pair", "LUOT_PAIR"


def without_pairing_code(words: Sequence[str]) -> tuple[list[str], str | None]:
    """Split a command line into its words without `--pair CODE`, and the last such code, or None."""
    kept: list[str] = []
    code, waiting = None, False
    for place, word in enumerate(words):
        if waiting:
            code, waiting = word, False
        elif word == "--":
            return kept + list(words[place:]), code
        elif word == OPTION and place + 1 < len(words):
            waiting = True
        elif word.startswith(f"{OPTION}="):
            code = word.removeprefix(f"{OPTION}=")
        else:
            kept.append(word)
    return kept, code


def hide_pairing_code(
    words: Sequence[str],
    environment: Mapping[str, str],
    execute: Callable[[str, list[str], dict[str, str]], object] = os.execve,
) -> None:
    """Start this program again with the code in its environment, when its command line holds one.

    `words` are the original ones of the interpreter. The process keeps its id.
    """
    kept, code = without_pairing_code(words[1:])
    if code is not None:
        execute(sys.executable, [sys.executable, *kept], {**environment, VARIABLE: code})
