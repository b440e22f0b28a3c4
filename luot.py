"""`luot`: the one command. A sub-command's module is imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys

import typer

from broker.runtime.logs import configure_logs
from broker.runtime.pairing_option import hide_pairing_code

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("deploy.demo.command", "The whole centre on this machine, and a day of citizens."),
    "serve": ("controller.commands.serve", "The controller of a centre."),
    "web": ("controller.commands.web", "Administration and reports in the browser, a process of its own."),
    "kiosk": ("kiosk.commands.kiosk", "The touch screen where citizens take a number."),
    "rater": ("kiosk.commands.rater", "The rating pad of a counter."),
    "printer": ("kiosk.commands.printer", "A slip printer that no kiosk drives."),
    "sign": ("displays.commands.sign", "The sign above a counter."),
    "board": ("displays.commands.board", "The board of the lobby, with its voice."),
    "keypad": ("displays.commands.keypad", "The buttons of an officer."),
    "device": ("controller.commands.device", "Devices and their credentials."),
    "user": ("controller.commands.user", "Officers, supervisors and administrators."),
    "centre": ("controller.commands.centre", "Check, import or export the configuration of a centre."),
    "clock": ("controller.commands.clock", "A clock that the controller does not believe: show it, accept it."),
    "report": ("controller.commands.report", "A report for a range of days."),
    "backup": ("controller.commands.backup", "Copy the store of a controller, also while it runs."),
    "restore": ("controller.commands.restore", "Put a backup back in place."),
    "verify": ("controller.commands.verify", "Rebuild the projections from the journal and compare them."),
    "broker-files": ("controller.commands.broker_files", "The files of a Mosquitto that is the centre's own service."),
    "bench": ("deploy.bench.command", "A benchmark; one JSON object a line with --json."),
}
"""Name → (module with `register(app)`, one line of help)."""


def _announce(app: typer.Typer, name: str, summary: str) -> None:
    """Put a sub-command on the help page without importing it."""

    @app.command(name, help=summary)
    def listed() -> None:
        raise typer.Exit(2)


def build(wanted: str | None) -> typer.Typer:
    """Give the application with the wanted sub-command plugged in and the others only listed."""
    app = typer.Typer(
        name="luot",
        help="Lượt: the queue of a public service centre, from the touch of a citizen to the report.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)
    for name, (module, summary) in SUBCOMMANDS.items():
        if name == wanted:
            importlib.import_module(module).register(app)
        else:
            _announce(app, name, summary)
    return app


def main() -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 wrong use."""
    hide_pairing_code(sys.orig_argv, os.environ)
    configure_logs(os.environ)
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    build(wanted)()


if __name__ == "__main__":
    main()
