"""The configuration that each kind of device receives (contract 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.payloads import CentreCard, DeviceConfig, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from controller.domain.centre.centre import Centre
    from controller.domain.centre.model import Device, Service


def device_config(centre: Centre, device: Device, revision: int, procedures: Mapping[str, Any]) -> DeviceConfig:
    """Return the configuration of one device; `revision` is the version of the centre's.

    `procedures` names the list in force: a kiosk requests it page by page, as it is too long for a configuration.
    """
    card = centre.card
    centre_card = CentreCard(
        id=card.id, name=card.name, timezone=card.timezone, languages=list(card.languages), public_url=card.public_url
    )
    own = _OWN[device.kind](centre, device)
    if device.kind is Kind.KIOSK:
        own["procedures"] = dict(procedures)
    return DeviceConfig.model_validate({"revision": revision, "kind": device.kind, "centre": centre_card, **own})


def _kiosk(centre: Centre, device: Device) -> dict[str, Any]:
    services = [one for one in centre.service if device.services is None or one.id in device.services]
    further = [] if device.pin is None else [one for one in centre.service if one not in services]
    granted = [one for one in centre.priority if one.grant == "kiosk"]
    if device.priorities is not None:
        granted = [one for one in granted if one.id in device.priorities]
    drives = next((one for one in centre.device if one.id == device.printer and one.attached == device.id), None)
    return {
        "groups": [{"id": one.id, "name": one.name} for one in centre.group],
        "services": [_service(one) for one in services],
        "further": [_service(one) for one in further],
        "pin": device.pin,
        "hours": [one.model_dump(mode="json") for one in centre.hours],
        "days": [one.model_dump(mode="json", exclude_none=True) for one in centre.day],
        "priorities": [{"id": one.id, "name": one.name, "proof": one.proof or {}} for one in granted],
        "rating": centre.rating.model_dump(mode="json"),
        "offline": device.offline,
        "printer": device.printer,
        "receipt": _receipt(centre, [one.id for one in services]),
        "card_services": [one.id for one in services if one.id in centre.card_services],
        "drives": None if drives is None else _printer(centre, drives) | {"id": drives.id},
    }


def _receipt(centre: Centre, offered: list[str]) -> dict[str, Any] | None:
    """Return how a dossier's receipt is read, where one of the services that take it is offered."""
    if centre.dossier is None or centre.dossier.usable is None:
        return None
    services = [service for service in centre.dossier.receipt_services if service in offered]
    return {"pattern": centre.dossier.pattern, "services": services} if services else None


def _service(service: Service) -> dict[str, Any]:
    return {"id": service.id, "group": service.group, "name": service.name, "series": service.series}


def _rater(centre: Centre, device: Device) -> dict[str, Any]:
    return _sign(centre, device) | {"rating": centre.rating.model_dump(mode="json")}


def _sign(centre: Centre, device: Device) -> dict[str, Any]:
    counter = centre.counters.get(device.counter or "")
    return {"counter": device.counter, "label": device.label or (counter.label if counter else None)}


def _keypad(_centre: Centre, device: Device) -> dict[str, Any]:
    return {"counter": device.counter}


def _board(centre: Centre, device: Device) -> dict[str, Any]:
    return {"zone": device.zone or next(iter(centre.zones), None)}


def _printer(_centre: Centre, device: Device) -> dict[str, Any]:
    return {"address": device.address, "width_mm": device.width_mm, "attached": device.attached}


_OWN: dict[Kind, Callable[[Centre, Device], dict[str, Any]]] = {
    Kind.KIOSK: _kiosk,
    Kind.RATER: _rater,
    Kind.SIGN: _sign,
    Kind.KEYPAD: _keypad,
    Kind.BOARD: _board,
    Kind.PRINTER: _printer,
}
