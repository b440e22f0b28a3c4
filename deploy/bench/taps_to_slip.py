"""`taps-to-slip`: the touches of a citizen until the slip, on the real window; see `deploy/bench/kiosk.py`."""

from __future__ import annotations

from deploy.bench.kiosk import tap_figures as figures

__all__ = ["figures"]
