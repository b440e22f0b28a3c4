from __future__ import annotations

from broker.contract.payloads import Kind, TokenRequest
from controller.domain.centre.model import Device
from controller.domain.commands import Cancel, Reprint, Reprioritise
from controller.services.requests.cancel import cancel_of
from controller.services.requests.reprint import reprint_of
from controller.services.requests.reprioritise import reprioritise_of

TOKEN = "t" * 22


def test_a_cancellation_is_by_the_token_alone() -> None:
    assert cancel_of(TokenRequest(token=TOKEN)) == Cancel(token=TOKEN)


def test_a_copy_comes_out_where_it_is_asked_for() -> None:
    kiosk = Device(id="kiosk-1", kind=Kind.KIOSK, printer="printer-1")

    command = reprint_of(TokenRequest(token=TOKEN), kiosk, "11111111-2222-4333-8444-555555555555")

    assert command == Reprint(
        token=TOKEN, printer="printer-1", request="11111111-2222-4333-8444-555555555555", device="kiosk-1"
    )


def test_another_class_names_its_reason_and_who_answers_for_it() -> None:
    assert reprioritise_of("A001", "elderly", "proof seen", "can-bo") == Reprioritise(
        number="A001", priority="elderly", reason="proof seen", officer="can-bo"
    )
