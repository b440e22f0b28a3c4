"""What a printer is told, and when its slips carry a code."""

from __future__ import annotations

import pytest

from broker.contract.payloads import DeviceConfig
from kiosk.printing.config import printer_config, qr_url
from tests.gallery.kiosk.slip_specimens import specimen_config


def test_a_printers_configuration_is_read_with_80_millimetres_where_none_are_told() -> None:
    card = specimen_config().centre.model_dump()
    told = DeviceConfig.model_validate({"revision": 3, "kind": "printer", "centre": card, "address": "usb:04b8:0e15"})
    assert (printer_config(told).address, printer_config(told).width_mm) == ("usb:04b8:0e15", 80)


@pytest.mark.parametrize("wrong", [{"address": "nowhere"}, {"width_mm": 76}, {"address": None}])
def test_a_configuration_that_cannot_be_used_is_a_value_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"address|width_mm"):
        specimen_config(**wrong)


@pytest.mark.parametrize(
    ("url", "address", "printed"),
    [
        ("https://qms.example/t/x", "tcp://192.0.2.7:9100", True),
        ("http://192.0.2.1:8000/t/x", "usb:04b8:0e15", True),
        ("http://127.0.0.1:8000/t/x", "tcp://192.0.2.7:9100", False),
        ("http://localhost:8000/t/x", "usb:04b8:0e15", False),
        ("http://127.0.0.1:8000/t/x", "file:/dev/usb/lp0", False),
        ("http://127.0.0.1:8000/t/x", "tcp://127.0.0.1:9100", True),
        ("http://127.0.0.1:8000/t/x", "file:/srv/slips.bin", True),
        ("", "tcp://192.0.2.7:9100", False),
    ],
)
def test_a_code_to_this_machine_is_printed_only_by_an_emulated_printer(
    url: str, address: str, *, printed: bool
) -> None:
    assert qr_url(url, address) == (url if printed else None)
