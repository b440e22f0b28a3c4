"""Who may publish, subscribe and receive what: the channel table turned into rights. Pure; held by the broker.

Access             the rights of one user, as topics and filters below one centre
    publish        topics (for the controller: filters) it may send to
    hear           filters it may subscribe to, or to any part of them, and receive from
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.channels import CHANNELS, ROOT
from broker.contract.ids import CONTROLLER, is_slug

if TYPE_CHECKING:
    from broker.contract.payloads import Kind

DYNAMIC_SECURITY = "$CONTROL/dynamic-security/#"
"""Where the broker's credentials and rights are changed; the controller's alone."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one user may do; everything else is refused."""

    publish: tuple[str, ...]
    hear: tuple[str, ...]

    def may_publish(self, topic: str) -> bool:
        """Tell whether a message to this topic is let through."""
        return any(covers(pattern, topic) for pattern in self.publish)

    def may_hear(self, wanted: str) -> bool:
        """Tell whether a subscription with this filter, or a message on this topic, is let through."""
        return any(covers(pattern, wanted) for pattern in self.hear)


def device_access(centre: str, device: str, kind: Kind) -> Access:
    """Give the rights of one device; a name that is no slug, or the controller's own, is a ValueError."""
    if not is_slug(device) or device == CONTROLLER:
        raise ValueError(f"no device may be called {device!r}")
    return Access(
        publish=tuple(channel.topic(centre, device=device) for channel in CHANNELS if kind in channel.senders),
        hear=tuple(channel.filter(centre, device=device) for channel in CHANNELS if kind in channel.hearers),
    )


def controller_access(centre: str) -> Access:
    """Give the rights of the controller: all below its centre's root, and the broker's credentials."""
    everything = f"{ROOT}/{centre}/#"
    return Access(publish=(everything, DYNAMIC_SECURITY), hear=(everything, DYNAMIC_SECURITY))


def covers(pattern: str, wanted: str) -> bool:
    """Tell whether a filter holds everything that a topic or another filter holds.

    Topics that begin with `$` are held only by a pattern that names their first level.
    """
    if wanted.startswith("$") != pattern.startswith("$"):
        return False
    pattern_levels, wanted_levels = pattern.split("/"), wanted.split("/")
    for place, level in enumerate(pattern_levels):
        if level == "#":
            return True
        if place >= len(wanted_levels) or wanted_levels[place] == "#":
            return False
        if level not in ("+", wanted_levels[place]):
            return False
    return len(pattern_levels) == len(wanted_levels)
