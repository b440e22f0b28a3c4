"""The boot of the units covers all of them, on a machine with what they need."""

from __future__ import annotations

from pathlib import Path

from broker.contract.payloads import Kind
from controller.commands.centre_file import read_centre
from devices.speech.player import find_player
from tests.proof.boot import hall
from tests.proof.boot.command import Row, table
from tests.proof.boot.inside import SCREENS
from tests.proof.boot.root import PROJECT, packages


def test_every_unit_that_is_shipped_is_booted() -> None:
    shipped = {path.name for path in (PROJECT / "deploy" / "systemd").glob("*.service")}

    assert {unit.replace(f"@{kind}-1.", "@.") for kind in hall.KINDS for unit in hall.UNITS if kind in unit} | {
        unit for unit in hall.UNITS if "@" not in unit
    } == shipped
    assert set(hall.KINDS) == set(Kind)


def test_the_centre_that_is_booted_has_one_device_of_each_kind_and_no_fault() -> None:
    centre = read_centre(Path(hall.__file__).parent / "centre.toml")

    assert sorted(device.id for device in centre.device) == sorted(f"{kind}-1" for kind in hall.KINDS)


def test_every_screen_has_an_x_server_and_the_first_is_the_display_manager() -> None:
    units = hall.hardware()

    for display in SCREENS.values():
        assert f"Xorg {display} " in units[f"luot-boot-x{display.lstrip(':')}.service"]
    assert [name for name, text in units.items() if "Alias=display-manager.service" in text] == ["luot-boot-x0.service"]


def test_a_machine_has_the_package_of_the_player_that_a_voice_asks_for(tmp_path: Path) -> None:
    (tmp_path / "dev" / "snd").mkdir(parents=True)
    (tmp_path / "dev" / "snd" / "pcmC0D0p").touch()
    silent = find_player({"PATH": ""}, tmp_path)

    assert silent.fault is not None
    assert silent.fault.rpartition(" ")[2] in packages()


def test_a_root_has_no_package_twice_and_no_comment_for_one() -> None:
    names = packages()

    assert len(names) == len(set(names))
    assert "xserver-xorg-video-dummy" in names
    assert not [name for name in names if not name.replace("-", "").isalnum()]


def test_what_failed_is_named_as_failed_in_the_table() -> None:
    drawn = table([Row("keypad", "closed → open", good=True), Row("slip", "0 bytes", good=False)], 1.0)

    assert [str(cell) for cell in drawn.columns[2].cells] == ["[green]ok[/]", "[red]FAILED[/]"]


def test_every_package_of_the_product_runs_on_the_booted_machine() -> None:
    packages = {f"{path.parent.name}/" for path in PROJECT.glob("*/__init__.py")}

    assert packages
    assert packages <= set(hall.SHIPPED)
