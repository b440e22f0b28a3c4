"""What a finger can touch on the screen that stands, by the words on it. Import only after `open_window()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.screen.widgets import TouchPanel, Words, every, seen

if TYPE_CHECKING:
    from kivy.uix.widget import Widget


def targets(root: Widget, height: int) -> dict[str, tuple[int, int]]:
    """Give the middle of each target by the words on it, in pixels from the top left."""
    found = {}
    for widget in every(root):
        if isinstance(widget, TouchPanel) and widget.enabled and seen(widget):
            words = [inner.text for inner in every(widget) if isinstance(inner, Words) and inner.text]
            x, y = widget.to_window(*widget.center)
            found[" | ".join(reversed(words))] = (int(x), int(height - y))
    return found
