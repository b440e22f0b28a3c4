"""The centre of the proofs: every kind of thing that a kiosk can show, in as few services as that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.driver.local_centre import CENTRE

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP, SERVICE = "Đất đai", "Nộp hồ sơ đất đai"
"""The words of the group and of the service that a citizen of the proofs comes for, in Vietnamese."""
SERVICE_ID, COUNTER = "land", "c1"
RECEIPT = "HS-261123"
"""The code of a dossier's receipt."""
PIN = "260415"
KIOSK, PRINTER = "kiosk-1", "printer-1"

_TEXT = """
[centre]
id = "{centre}"
name = {{ vi = "Trung tâm Phục vụ hành chính công", en = "Public Administrative Service Centre" }}
timezone = "Asia/Ho_Chi_Minh"
languages = [{languages}]
public_url = "http://192.0.2.1"

[[hours]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
open = ["00:00-24:00"]

[[group]]
id = "land"
name = {{ vi = "Đất đai", en = "Land" }}
[[group]]
id = "people"
name = {{ vi = "Hộ tịch – Dân cư", en = "Civil status and residence" }}

[[service]]
id = "land"
group = "land"
series = "A"
name = {{ vi = "Nộp hồ sơ đất đai", en = "Submit a land file" }}
mean_service_min = 8
target_wait_min = 30
[[service]]
id = "land-result"
group = "land"
series = "B"
name = {{ vi = "Nhận kết quả đất đai", en = "Collect a land result" }}
mean_service_min = 4
target_wait_min = 15
[[service]]
id = "birth"
group = "people"
series = "C"
name = {{ vi = "Đăng ký khai sinh", en = "Register a birth" }}
mean_service_min = 10
target_wait_min = 30

[[counter]]
id = "c1"
label = {{ vi = "Quầy 1", en = "Counter 1" }}
zone = "hall"
services = ["land", "land-result", "birth"{more}]

[[priority]]
id = "elderly"
name = {{ vi = "Người từ đủ 75 tuổi", en = "75 years or older" }}
weight = 3.0
target_wait_min = 10
grant = "kiosk"

[rating]
version = 1
window_s = 3600
levels = [
  {{ score = 3, name = {{ vi = "Rất hài lòng", en = "Very satisfied" }}, satisfied = true }},
  {{ score = 2, name = {{ vi = "Hài lòng", en = "Satisfied" }}, satisfied = true }},
  {{ score = 1, name = {{ vi = "Không hài lòng", en = "Not satisfied" }}, satisfied = false, reason = "required" }},
]
reasons = [
  {{ code = "slow", name = {{ vi = "Chờ lâu", en = "Long wait" }} }},
  {{ code = "manner", name = {{ vi = "Thái độ", en = "Manner" }} }},
]

[dossier]
pattern = "HS-[0-9]{{6}}"
receipt_services = ["land-result"]

[identity]
card = true
services = ["birth"]

[[device]]
id = "kiosk-1"
kind = "kiosk"
printer = "printer-1"
offline = "Z1"
[[device]]
id = "printer-1"
kind = "printer"
address = "{address}"
width_mm = 80
attached = "kiosk-1"
"""


_MORE = """
[[service]]
id = "more-{count}"
group = "people"
series = "M"
name = {{ vi = "Thủ tục {count}", en = "Procedure {count}" }}
mean_service_min = 10
target_wait_min = 30
"""

PROCEDURES = """code;service;group;name.vi;name.en;papers.vi;papers.en;fee.vi;fee.en;time.vi;time.en
1.001;land;;Đăng ký đất đai lần đầu;Register land;Đơn đăng ký;Application;Không;None;20 ngày;20 days
1.002;birth;;Đăng ký khai sinh;Register a birth;Tờ khai;Declaration;Không;None;1 ngày;1 day
"""
"""What can be read at the kiosk."""


def centre_text(address: str, languages: Sequence[str] = ("vi", "en"), more: int = 0) -> str:
    """Give the centre with its printer at an address; the first language is the one that the kiosk speaks first.

    It has `more` services than the proofs need.
    """
    listed = ", ".join(f'"{code}"' for code in languages)
    further = [_MORE.format(count=count) for count in range(1, more + 1)]
    served = "".join(f', "more-{count}"' for count in range(1, more + 1))
    text = _TEXT.format(centre=CENTRE, languages=listed, address=address, more=served)
    return text + "".join(further)
