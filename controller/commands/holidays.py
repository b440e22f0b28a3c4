"""`luot centre holidays`: public holidays and swapped working days, for the administrator to look over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controller.commands.centre_file import read_centre, write_document
from controller.commands.output import fail_with_config_faults
from controller.domain.centre.centre import CentreFaults
from controller.domain.centre.proposed_days import proposed_days
from controller.services.public_days import public_days

HEAD = """# Days of {year} on which {centre} would do other than in its week. Nothing is closed by this list:
# look it over, the government may still announce others, and put what is right into the configuration.
"""


def propose(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The configuration, as `luot centre export` writes it.")],
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="The year.")],
) -> None:
    """Print the holidays of a year as `[[day]]` entries that the configuration does not have yet."""
    try:
        centre = read_centre(file)
    except CentreFaults as faults:
        fail_with_config_faults(faults)
    typer.echo(HEAD.format(year=year, centre=centre.id))
    typer.echo(write_document({"day": proposed_days(centre, public_days(year))}), nl=False)
