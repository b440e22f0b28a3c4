"""The controller's inside, as in the tests that start no process."""

from __future__ import annotations

from tests.controller.conftest import empty_store, hand_clock, open_rig, rig, small_centre

__all__ = ["empty_store", "hand_clock", "open_rig", "rig", "small_centre"]
