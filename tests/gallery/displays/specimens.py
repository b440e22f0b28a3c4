"""Specimens of what sign and board show, for their contact sheet and their tests; none of it reaches a real screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.payloads import Board, Call, CentreCard, CounterState, CounterStatus, ServiceState, Wait
from broker.contract.times import parse_instant
from broker.runtime.catalogue import catalogue
from displays.base.view_parts import DisplaySettings, ViewContext
from displays.board.flow import BoardFlow, hear_board, hear_call
from displays.board.view import board_view
from displays.sign.flow import SignFlow, hear_state
from displays.sign.view import sign_view

if TYPE_CHECKING:
    from displays.board.view import BoardView
    from displays.sign.view import SignView

MORNING = parse_instant("2026-11-23T08:15:00+07:00")
LIGHT, DARK, STILL = 0.0, 0.6, 10.0
"""Seconds after a call: in the light phase of its flash, in the dark one, and after it."""

_NUMBERS = ("H008", "A1000", "K021", "X003", "T104", "Z1-001", "B012", "A007")
_SERVICES = (
    ("Nộp hồ sơ đất đai", "A024", 14), ("Đăng ký biến động đất đai", "A025", 9),
    ("Cung cấp thông tin, trích đo đất đai", None, 0), ("Môi trường – Khoáng sản – Nước", "A019", 3),
    ("Nông nghiệp – Thủy sản – Lâm nghiệp – Phát triển nông thôn", "B004", 1),
    ("Nông nghiệp – Kiểm dịch", "B012", 2), ("Lâm nghiệp", None, 0),
    ("Giấy phép xây dựng", "C011", 7), ("Giao thông vận tải", "C012", 4), ("Nhà ở", "C009", 1),
    ("Đăng ký doanh nghiệp", "D015", 5), ("Chủ trương đầu tư", "D013", 2),
    ("Hộ tịch có yếu tố nước ngoài", "E018", 6), ("Công chứng – Chứng thực", "E020", 3),
    ("Chứng chỉ hành nghề y, dược", "F003", 1), ("Việc làm – Bảo hiểm thất nghiệp", "G031", 11),
    ("Người có công", "G028", 2), ("Công Thương – Khoa học – Văn hóa", "H008", 4),
    ("Căn cước – Hộ chiếu", "K021", 12), ("Trả kết quả", "T104", 23),
    ("Hướng dẫn thủ tục và nộp hồ sơ trực tuyến", "X003", 1),
)  # fmt: skip


def _setting(device: str) -> DisplaySettings:
    card = CentreCard(
        id="quang-ngai",
        name={
            "vi": "Trung tâm Phục vụ hành chính công tỉnh Quảng Ngãi",
            "en": "Quảng Ngãi Public Administrative Service Centre",
        },
        timezone="Asia/Ho_Chi_Minh",
        languages=["vi", "en"],
        public_url="http://127.0.0.1:8000",
    )
    return DisplaySettings(catalogue("displays"), device, card)


def _moment(now: float, *, stale: bool = False, identify: bool = False) -> ViewContext:
    return ViewContext(now, MORNING, stale=stale, identify=identify)


def _label(counter: int) -> dict[str, str]:
    return {"vi": f"Quầy {counter}", "en": f"Counter {counter}"}


def _counter(status: CounterStatus, number: str | None = None, **fields: Any) -> SignFlow:
    state = CounterState(counter="c12", label=_label(12), status=status, number=number, since=MORNING, **fields)
    return hear_state(SignFlow("c12"), state, 0.0, 0.0)


def sign_looks() -> dict[str, SignView]:
    """Give every state of a sign by the name of its picture."""
    setting = _setting("sign-12")
    pause = {
        "vi": "Nghỉ giải lao 10 phút, mời quý khách sang quầy 11",
        "en": "Back in 10 minutes; please use counter 11",
    }
    calling, serving = CounterStatus.CALLING, CounterStatus.SERVING
    flows = {
        "closed": (_counter(CounterStatus.CLOSED), _moment(STILL)),
        "open": (_counter(CounterStatus.OPEN), _moment(STILL)),
        "called-light": (_counter(calling, "A007"), _moment(LIGHT)),
        "called-dark": (_counter(calling, "A007"), _moment(DARK)),
        "called": (_counter(calling, "Z1-001"), _moment(STILL)),
        "recalled": (_counter(calling, "A007", recall=2), _moment(LIGHT)),
        "serving": (_counter(serving, "A1000"), _moment(STILL)),
        "paused": (_counter(CounterStatus.PAUSED, reason=pause), _moment(STILL)),
        "out-of-date": (_counter(serving, "A007"), _moment(STILL, stale=True)),
        "connecting": (SignFlow("c12"), _moment(STILL, stale=True)),
        "identify": (_counter(serving, "B012"), _moment(STILL, identify=True)),
    }
    return {name: sign_view(flow, setting, moment, _label(12)) for name, (flow, moment) in flows.items()}


def _zone(heard: int, listed: int, **fields: Any) -> BoardFlow:
    calls = [
        Call(
            id=f"00000000-0000-4000-8000-{order:012d}",
            number=number,
            counter=f"c{order}",
            label=_label(12 - order),
            zone="hall",
            at=MORNING - 1000 * order,
        )
        for order, number in enumerate(_NUMBERS)
    ]
    queues = [
        ServiceState(
            service=f"s{order}",
            name={"vi": name},
            open=order != 6,
            waiting=waiting,
            wait=Wait(low_s=waiting * 120, high_s=waiting * 240 + 300) if last else None,
            last_called=last,
        )
        for order, (name, last, waiting) in enumerate(_SERVICES)
    ]
    flow = BoardFlow("hall")
    state = Board(zone="hall", calls=calls[heard:listed], queues=queues, at=MORNING, **fields)
    flow = hear_board(flow, state, -100.0)
    for call in reversed(calls[:heard]):
        flow = hear_call(flow, call, 0.0, 0.0)
    return flow


def board_looks() -> dict[str, BoardView]:
    """Give every state of a board by the name of its picture."""
    setting = _setting("board-1")
    noon = {
        "vi": "Nghỉ trưa từ 11 giờ 30 đến 13 giờ 30. Mời quý khách quay lại buổi chiều.",
        "en": "Closed from 11:30 to 13:30.",
    }
    flows = {
        "one-light": (_zone(1, 8), _moment(LIGHT)),
        "one": (_zone(0, 8), _moment(STILL)),
        "two": (_zone(2, 8), _moment(LIGHT)),
        "three": (_zone(3, 8), _moment(DARK)),
        "four": (_zone(4, 8), _moment(LIGHT)),
        "six": (_zone(6, 8), _moment(STILL)),
        "eight": (_zone(8, 8), _moment(LIGHT)),
        "few": (_zone(0, 3), _moment(STILL)),
        "notice": (_zone(0, 6, notice=noon), _moment(STILL)),
        "empty": (_zone(0, 0), _moment(STILL)),
        "out-of-date": (_zone(0, 8), _moment(STILL, stale=True)),
        "connecting": (BoardFlow("hall"), _moment(STILL, stale=True)),
        "identify": (_zone(0, 5), _moment(STILL, identify=True)),
    }
    looks = {name: board_view(flow, setting, moment) for name, (flow, moment) in flows.items()}
    return looks | {"silent": board_view(_zone(0, 5), setting, _moment(STILL), silent=True)}
