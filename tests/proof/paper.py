"""A printer for the kiosk's end of a cable, a program of its own: `python -m tests.proof.paper PORT FOLDER`.

It keeps each slip as a picture in the folder, and prints one line when it listens.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from deploy.demo.printer_sink import PrinterSink


async def serve(port: int, folder: Path) -> None:
    """Print until the program is ended."""
    async with PrinterSink(port=port, folder=folder) as sink:
        print(f"ready {sink.address}", flush=True)  # noqa: T201 - the one line for who started it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
