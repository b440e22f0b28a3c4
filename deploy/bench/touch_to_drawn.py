"""`touch-to-drawn`: a finger on the glass until the pixels of the next screen; see `deploy/bench/kiosk.py`."""

from __future__ import annotations

from deploy.bench.kiosk import touch_figures as figures

__all__ = ["figures"]
