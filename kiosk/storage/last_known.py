"""What a kiosk knew last, on disk: shown at once after a restart, and called out of date until it is heard again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.payloads import ServiceState
from broker.runtime.files import write_safely
from kiosk.flow.state import State

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()


def write_last_known(file: Path, state: State) -> None:
    """Write what should be known after a restart; a disk that cannot be written is logged."""
    known = {
        "services": [heard.model_dump(mode="json") for heard in state.services.values()],
        "labels": dict(state.labels),
        "taken": dict(state.taken),
    }
    try:
        write_safely(file, json.dumps(known, ensure_ascii=False))
    except OSError:
        log.exception("recall_not_written", file=str(file))


def read_last_known(file: Path, device: str) -> State:
    """Give the state to begin with; without a file, or with one that cannot be read, an empty one."""
    try:
        known: dict[str, Any] = json.loads(file.read_text())
        services = [ServiceState.model_validate(heard) for heard in known["services"]]
        return State(
            device,
            services={heard.service: heard for heard in services},
            labels={str(counter): dict(label) for counter, label in known["labels"].items()},
            taken={str(service): int(count) for service, count in known["taken"].items()},
        )
    except FileNotFoundError:
        return State(device)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        log.exception("recall_unreadable", file=str(file))
        return State(device)
