"""Specimens of what a kiosk shows, for its contact sheet and its tests; none of it reaches a real screen."""

from __future__ import annotations

import uuid
from typing import Any

from broker.contract.payloads import DeviceConfig, Procedure, ServiceState, Ticket
from broker.contract.times import parse_instant
from kiosk.flow.config import KioskConfig, RaterConfig, kiosk_config, rater_config

MONDAY_MORNING = parse_instant("2026-11-23T08:15:00+07:00")

_GROUPS = (
    ("land", "A", "Đất đai – Đo đạc – Môi trường", "Land, surveying and environment"),
    ("farming", "B", "Nông nghiệp – Thủy sản – Lâm nghiệp", "Agriculture, fisheries and forestry"),
    ("building", "C", "Xây dựng – Giao thông – Nhà ở", "Construction, transport and housing"),
    ("business", "D", "Đầu tư – Doanh nghiệp – Tài chính", "Investment, business and finance"),
    ("justice", "E", "Tư pháp – Hộ tịch – Quốc tịch", "Justice, civil status and nationality"),
    ("health", "F", "Y tế – Dược", "Health and pharmacy"),
    ("labour", "G", "Nội vụ – Lao động – Người có công", "Internal affairs, labour and merit"),
    ("trade", "H", "Công Thương – Khoa học – Văn hóa – Giáo dục", "Trade, science, culture and education"),
    ("agencies", "K", "Công an – Thuế – Bảo hiểm xã hội – Điện lực", "Police, tax, social insurance and electricity"),
    ("results", "T", "Trả kết quả", "Collect a result"),
    ("guidance", "X", "Hướng dẫn – Phản ánh, kiến nghị", "Guidance, feedback and complaints"),
)
_LAND = (
    ("land", "Nộp hồ sơ đất đai", "Submit a land file"),
    ("land-change", "Đăng ký biến động đất đai", "Register a change of land rights"),
    ("land-info", "Cung cấp thông tin, trích đo đất đai", "Land information and survey extracts"),
    ("environment", "Môi trường – Khoáng sản – Nước", "Environment, minerals and water"),
)
_PRIORITIES = (
    ("elderly", "Người từ đủ 75 tuổi", "Aged 75 or older"),
    ("disabled", "Người khuyết tật nặng, đặc biệt nặng", "Severely or very severely disabled"),
    ("pregnant", "Phụ nữ mang thai hoặc nuôi con dưới 36 tháng tuổi", "Pregnant, or with a child under 36 months"),
    ("merit", "Người có công với cách mạng", "People with merit to the revolution"),
)
_PROOF = (
    "Xuất trình căn cước hoặc giấy xác nhận khi đến quầy.", "Show your identity card or certificate at the counter.",
)  # fmt: skip
_LEVELS = (
    (3, "Rất hài lòng", "Very satisfied", True, "none"),
    (2, "Hài lòng", "Satisfied", True, "none"),
    (1, "Không hài lòng", "Not satisfied", False, "required"),
)
_REASONS = (
    ("slow", "Chờ đợi lâu", "Long wait"),
    ("attitude", "Thái độ phục vụ chưa tốt", "Attitude of the officer"),
    ("unclear", "Hướng dẫn chưa rõ ràng", "Unclear guidance"),
    ("papers", "Phải bổ sung giấy tờ nhiều lần", "Asked for papers several times"),
    ("other", "Lý do khác", "Another reason"),
)


def _both(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def centre_data() -> dict[str, Any]:
    """Give a centre's card as it comes over the wire."""
    name = _both(
        "Trung tâm Phục vụ hành chính công tỉnh Quảng Ngãi",
        "Quảng Ngãi Provincial Public Administrative Service Centre",
    )
    return {
        "id": "quang-ngai", "name": name, "timezone": "Asia/Ho_Chi_Minh", "languages": ["vi", "en"],
        "public_url": "http://127.0.0.1:8000",
    }  # fmt: skip


def rating_data() -> dict[str, Any]:
    """Give a rating scale as it comes over the wire."""
    levels = [
        {"score": score, "name": _both(vi, en), "satisfied": satisfied, "reason": reason}
        for score, vi, en, satisfied, reason in _LEVELS
    ]
    reasons = [{"code": code, "name": _both(vi, en)} for code, vi, en in _REASONS]
    return {"version": 3, "window_s": 30, "levels": levels, "reasons": reasons, "criteria": []}


def kiosk_data(**changes: Any) -> dict[str, Any]:
    """Give a kiosk's configuration as it comes over the wire, with some fields changed."""
    services = [{"id": key, "group": "land", "series": "A", "name": _both(vi, en)} for key, vi, en in _LAND]
    services += [{"id": key, "group": key, "series": s, "name": _both(vi, en)} for key, s, vi, en in _GROUPS[1:]]
    data: dict[str, Any] = {
        "revision": 7, "kind": "kiosk", "centre": centre_data(), "services": services,
        "groups": [{"id": key, "name": _both(vi, en)} for key, _, vi, en in _GROUPS],
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "open": ["07:00-11:30", "13:30-17:00"]}],
        "days": [],
        "priorities": [{"id": key, "name": _both(vi, en), "proof": _both(*_PROOF)} for key, vi, en in _PRIORITIES],
        "rating": rating_data(), "offline": "Z1", "printer": "printer-1",
    }  # fmt: skip
    return {**data, **changes}


def many_data() -> dict[str, Any]:
    """Give fields of a configuration with more groups, services, priorities and reasons than fit on a screen."""
    verbs = (("Đăng ký", "Register"), ("Cấp lại", "Issue again"), ("Gia hạn", "Extend"), ("Điều chỉnh", "Change"))
    groups = [
        {"id": f"group-{at}", "name": _both(f"{_GROUPS[at % 11][2]} {at + 1}", f"{_GROUPS[at % 11][3]} {at + 1}")}
        for at in range(30)
    ]
    services = [
        {
            "id": f"service-{at}", "group": "group-0", "series": "A",
            "name": _both(
                f"{verbs[at % 4][0]} quyền sử dụng đất, tài sản gắn liền với đất lần {at + 1}",
                f"{verbs[at % 4][1]} land use rights and ownership of assets, {at + 1}",
            ),
        }
        for at in range(40)
    ]  # fmt: skip
    services += [
        {"id": f"only-{at}", "group": f"group-{at}", "name": _both(f"Thủ tục {at + 1}", f"Procedure {at + 1}")}
        for at in range(1, 30)
    ]  # fmt: skip
    proof = _both("Xuất trình căn cước tại quầy.", "Show your identity card at the counter.")
    priorities = [{"id": f"priority-{at}", "name": _both(*_PRIORITIES[at % 4][1:]), "proof": proof} for at in range(14)]
    reasons = [
        {"code": f"reason-{at}", "name": _both(f"{vi} ({at + 1})", f"{en} ({at + 1})")}
        for at, (_, vi, en) in enumerate(_REASONS * 4)
    ]
    return {
        "groups": groups, "services": services, "priorities": priorities,
        "rating": {**rating_data(), "reasons": reasons},
    }  # fmt: skip


MANY_LANGUAGES = {"fr": "Français", "hre": "Hrê", "sed": "Xơ Đăng", "bdq": "Ba Na", "jra": "Gia Rai"}
"""Beside Vietnamese and English; the names stand in catalogues of the centre's own."""


def many_languages_data() -> dict[str, Any]:
    """Give fields of a configuration with seven languages, and an eighth that no catalogue knows."""
    return {"centre": {**centre_data(), "languages": ["vi", "en", *MANY_LANGUAGES, "cua"]}}


def a_kiosk(**changes: Any) -> KioskConfig:
    """Give a kiosk's configuration."""
    return kiosk_config(DeviceConfig.model_validate(kiosk_data(**changes)))


def a_procedure(code: str, **changes: Any) -> Procedure:
    """Give a procedure to read."""
    told = {
        "code": code, "service": "land-change", "name": _both("Đăng ký biến động đất đai", "Register a change of land"),
        "papers": [_both("Đơn đăng ký biến động", "Application form"), _both("Giấy chứng nhận đã cấp", "Certificate")],
        "fee": _both("Không", "None"), "time": _both("10 ngày làm việc", "10 working days"),
    }  # fmt: skip
    return Procedure.model_validate({**told, **changes})


def procedures_data() -> list[Procedure]:
    """Give procedures of several groups: a long name, one that is longer than a screen, one in Vietnamese only."""
    long_name = _both(
        "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp chuyển đổi, "
        "chuyển nhượng, cho thuê, cho thuê lại, thừa kế, tặng cho, góp vốn bằng quyền sử dụng đất",
        "Register a change of land use rights and of what stands on the land: exchange, transfer, lease, sublease, "
        "inheritance, gift, or contribution as capital",
    )
    papers = [
        _both(
            f"Giấy tờ thứ {at}: bản sao có chứng thực kèm bản gốc để đối chiếu, ghi rõ số thửa, tờ bản đồ, diện tích",
            f"Paper {at}: a certified copy, with the original to be shown, naming plot, sheet of the map and area",
        )
        for at in range(1, 13)
    ]
    where = _both("Nộp tại quầy hoặc trực tuyến trên Cổng dịch vụ công", "At the counter, or online at the portal")
    fee = _both(
        "Lệ phí: 28.000 đồng\nPhí thẩm định: theo mức của địa phương", "Fee: 28,000 đồng\nExamination: local rate"
    )
    found = [
        a_procedure("1.000001.000.00.00.H48", where=where),
        a_procedure("1.000002.000.00.00.H48", name=long_name, papers=papers, fee=fee, where=where),
        a_procedure("1.000003.000.00.00.H48", name={"vi": "Cấp đổi Giấy chứng nhận quyền sử dụng đất"}),
        a_procedure("1.000004.000.00.00.H48", service="not-here", group="building"),
    ]
    found += [
        a_procedure(
            f"1.0001{at:02d}.000.00.00.H48", service=_GROUPS[1 + at % 10][0],
            name=_both(f"Thủ tục số {at + 1} của lĩnh vực", f"Procedure number {at + 1} of the field"),
        )
        for at in range(40)
    ]  # fmt: skip
    return found + [
        a_procedure(
            f"1.0002{at:02d}.000.00.00.H48", name=_both(f"{long_name['vi']} ({at})", f"{long_name['en']} ({at})")
        )
        for at in range(11)
    ]


def rater_data(**changes: Any) -> dict[str, Any]:
    """Give a rating pad's configuration as it comes over the wire."""
    data = {
        "revision": 7, "kind": "rater", "centre": centre_data(), "counter": "c3", "label": _both("Quầy 3", "Counter 3"),
        "rating": rating_data(),
    }  # fmt: skip
    return {**data, **changes}


def a_rater(**changes: Any) -> RaterConfig:
    """Give a rating pad's configuration."""
    return rater_config(DeviceConfig.model_validate(rater_data(**changes)))


def ticket_data(**changes: Any) -> dict[str, Any]:
    """Give a ticket as a reply holds it."""
    ticket = {
        "id": str(uuid.UUID(int=99)), "number": "A007", "token": "s" * 22, "service": "land", "priority": "normal",
        "status": "waiting", "channel": "kiosk", "lang": "vi", "issued_at": "2026-11-23T08:15:00.000+07:00",
        "position": 3, "wait": {"low_s": 600, "high_s": 1200}, "counter": None, "counters": ["c1", "c2", "c3"],
    }  # fmt: skip
    return {**ticket, **changes}


def a_ticket(**changes: Any) -> Ticket:
    """Give a ticket."""
    return Ticket.model_validate(ticket_data(**changes))


def a_service(service: str, **changes: Any) -> ServiceState:
    """Give the state of a service."""
    state = {
        "service": service, "name": {"vi": service}, "open": True, "waiting": 4, "serving": 2,
        "wait": {"low_s": 600, "high_s": 1200}, "last_called": "A003",
    }  # fmt: skip
    return ServiceState.model_validate({**state, **changes})
