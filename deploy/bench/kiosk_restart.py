"""`kiosk-restart`: a killed kiosk until the same screen is drawn again; see `deploy/bench/kiosk.py`."""

from __future__ import annotations

from deploy.bench.kiosk import restart_figures as figures

__all__ = ["figures"]
