"""`kiosk-start`: the command until the first screen is drawn, on the real window; see `deploy/bench/kiosk.py`."""

from __future__ import annotations

from deploy.bench.kiosk import start_figures as figures

__all__ = ["figures"]
