"""What a finger can touch on the screen that stands, by the words on it. Import only after `open_window()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devices.screen.widgets import TouchPanel, Words, every, seen

if TYPE_CHECKING:
    from kivy.uix.widget import Widget


def targets(root: Widget, height: int) -> dict[str, tuple[int, int]]:
    """Give the middle of each target by the words on it, in pixels from the top left; of the same words each its own.

    A widget on the root that has `covers` lets no touch through: while it stands, only its own targets count.
    """
    top = next((child for child in root.children if getattr(child, "covers", False)), root)
    found: dict[str, tuple[int, int]] = {}
    for widget in every(top):
        if isinstance(widget, TouchPanel) and widget.enabled and seen(widget):
            words = [inner.text for inner in every(widget) if isinstance(inner, Words) and inner.text]
            x, y = widget.to_window(*widget.center)
            found[_free(" | ".join(reversed(words)), found)] = (int(x), int(height - y))
    return found


def _free(words: str, found: dict[str, tuple[int, int]]) -> str:
    """Give the words, with a count behind them when they stand on more than one target."""
    count = 1 + sum(1 for known in found if known == words or known.startswith(f"{words} #"))
    return words if count == 1 else f"{words} #{count}"
