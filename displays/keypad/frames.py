"""The bytes of a serial keypad. Pure.

pad → host    02 code ~code 03                     a key went down; `code` as in `keymap.SERIAL_KEYS`
host → pad    02 4C line1[16] line2[16] lamps sum 03   what to show; `sum` is the sum of the 33 bytes before it, mod 256
"""

from __future__ import annotations

from displays.keypad.keymap import SERIAL_KEYS
from displays.keypad.panel import WIDTH, Panel, plain

START, END, SHOW = 0x02, 0x03, 0x4C
KEY_BYTES = 4


class KeyReader:
    """Finds key frames in a stream of bytes, whatever noise stands between them; keeps what is not complete yet."""

    def __init__(self) -> None:
        self._rest = b""
        self.noise = 0

    def feed(self, raw: bytes) -> list[int]:
        """Take bytes in and give the codes of the keys that are complete; `noise` counts the bytes thrown away."""
        held, codes = self._rest + raw, []
        while held:
            if held[0] == START and len(held) < KEY_BYTES:
                break
            if held[0] == START and held[1] ^ held[2] == 0xFF and held[3] == END:
                codes.append(held[1])
                held = held[KEY_BYTES:]
                continue
            self.noise += 1
            held = held[1:]
        self._rest = held
        return codes


def key_frame(code: int) -> bytes:
    """Write the frame that a pad sends for a key."""
    if code not in SERIAL_KEYS:
        raise ValueError(f"no key has the code {code:#04x}")
    return bytes([START, code, code ^ 0xFF, END])


def show_frame(shown: Panel) -> bytes:
    """Write the frame that makes a pad show a panel, without marks on its letters."""
    lines = "".join(plain(line).ljust(WIDTH)[:WIDTH] for line in shown.lines)
    body = lines.encode("ascii") + bytes([shown.bits])
    return bytes([START, SHOW]) + body + bytes([sum(body) % 256, END])
