"""The suite of every link, on real brokers: one of our own, and one that somebody else started."""

from __future__ import annotations

import pytest

from tests.broker.link import test_link_suite as suite

pytestmark = pytest.mark.system


class TestRealLinks(suite.TestLinks):
    """Links over TCP to a Mosquitto; `rig` is the one of this folder."""
