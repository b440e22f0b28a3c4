"""Which version of the project runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """Give the version of the installed project, or 0 when it runs from a folder."""
    try:
        return version("luot")
    except PackageNotFoundError:
        return "0"
