"""`luot web`: administration and reports in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from controller.commands.output import fail


def register(app: typer.Typer) -> None:
    """Add `web` to the application."""

    @app.command("web", help="Administration and reports in the browser; not built yet.")
    def web(
        *,
        api: Annotated[str, typer.Option(help="Where the controller's HTTP door is.")] = "http://127.0.0.1:8000",
        http: Annotated[str, typer.Option(help="HOST:PORT to listen on.")] = "127.0.0.1:8001",
    ) -> None:
        fail(
            f"administration pages are not built yet, so nothing listens on {http}. Use `luot centre`, `luot device` "
            f"and `luot user`, the HTTP calls of {api}/api/v1, or the desk and report pages that {api} serves itself."
        )
