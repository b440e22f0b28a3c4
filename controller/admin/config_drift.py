"""Configuration drift: the file of `--centre` differs from the stored configuration, which is in force."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import structlog

from controller.domain.centre.differences import differences

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.services.configuration import Configuration
    from controller.settings import Settings

log = structlog.get_logger()

NAMED = 5
"""So many places that differ are named; whoever edited a file knows the rest."""


def warn_of_drift(settings: Settings, given: Centre | None, configuration: Configuration) -> None:
    """Say in the log, and for people, that the file of `--centre` differs from the version in force."""
    if given is None:
        return
    stored, document = configuration.centre().to_document(), given.to_document()
    places = list(islice(differences(stored, document), NAMED + 1))
    if not places:
        return
    version, file = configuration.current().version, str(settings.centre)
    named = places[:NAMED] + ["…"] * (len(places) > NAMED)
    advice = (
        f"`luot centre import {file} --data {settings.data}` puts the file in force; "
        f"`luot centre export FILE --data {settings.data}` writes out what is in force"
    )
    log.warning("centre_file_not_in_force", version=version, file=file, places=named, do=advice)
    sentence = f"version {version} of the configuration is in force, as stored; {file} differs in {', '.join(named)}"
    print(f"luot: {sentence}: {advice}", file=sys.stderr)  # noqa: T201 - for people
