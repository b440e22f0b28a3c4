"""`kiosk-memory`: what the kiosk holds above an empty window, on the real window; see `deploy/bench/kiosk.py`."""

from __future__ import annotations

from deploy.bench.kiosk import memory_figures as figures

__all__ = ["figures"]
