"""The command line: help, wrong use, and everything that is done without a controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.behaviour.rig import Recording

HELP = (
    "", "serve", "web", "kiosk", "rater", "printer", "sign", "board", "keypad", "device", "device add", "device list",
    "device identify", "device restart", "device pin", "device remove", "user", "user add", "user list", "user remove",
    "centre", "centre check", "centre import", "centre export", "centre holidays", "centre procedures",
    "centre procedures import", "centre procedures export", "clock", "clock show", "clock accept", "clock back",
    "report", "backup", "restore", "verify", "broker-files", "bench", "demo",
)  # fmt: skip
FAULTY = """
[centre]
id = "Wrong Id"
name = { en = "No Vietnamese" }
public_url = "nowhere"
[[hours]]
days = ["someday"]
open = ["9-5"]
[[service]]
id = "land"
group = "nowhere"
series = "a"
name = { vi = "Đất" }
[[counter]]
id = "c1"
label = { vi = "Quầy" }
services = ["unknown"]
[[device]]
id = "controller"
kind = "teapot"
"""
PROCEDURES = """code;service;group;name.vi;name.en;papers.vi;fee.vi;time.vi;where.vi
1.001;land;;Cấp giấy chứng nhận;Certificate;"Đơn
Bản đồ";Miễn phí;15 ngày;
# a remark
1.002;;people;Khai sinh;Birth;Giấy chứng sinh;10.000 đ;1 ngày;Tầng 2
"""


def help_pages(r: Recording) -> None:
    """Read the help of every command, and use some wrongly."""
    for words in HELP:
        r.luot(*words.split(), "--help")
    for wrong in ("nonsense", "serve --no-such-option", "report", "device add", "web", "bench no-such-benchmark"):
        r.luot(*wrong.split())


def without_a_controller(r: Recording) -> None:
    """Check configurations, refuse what cannot be, make users before anybody serves."""
    faulty = r.tree.folder / "faulty.toml"
    faulty.write_text(FAULTY)
    torn = r.tree.folder / "torn.toml"
    torn.write_text("[centre\n")
    for file in (r.centre, faulty, torn, r.tree.folder / "missing.toml"):
        r.luot("centre", "check", str(file))
    for wrong in (
        "serve", "serve --data {data} --http nowhere", "serve --data {data} --mqtt http://x:1",
        "serve --data {data} --centre thu-nghiem", "user list --data {data}", "verify --data {data}",
        "report throughput --from 2026-11-23 --to 2026-11-23 --data {data}", "backup x --data {data}",
        "centre export --data {data}", "broker-files x --listen nowhere", "kiosk", "sign --pair nonsense",
    ):  # fmt: skip
        r.luot(*wrong.format(data=r.data).split())
    r.luot("serve", "--data", str(r.data), more={"LUOT_CLOCK": "yesterday"})
    r.luot("serve", "--data", str(r.data), "--http", "0.0.0.0:0")
    r.luot("centre", "holidays", str(r.centre), "--year", "2027")
    r.data.mkdir(exist_ok=True)
    r.on_data("centre", "import", str(r.centre))
    r.on_data("centre", "import", str(r.centre))
    r.on_data("centre", "export")


def users(r: Recording) -> None:
    """Make the people of the script, without a controller."""
    for user, role in (("anna", "administrator"), ("sam", "supervisor"), ("lan", "officer"), ("otto", "officer")):
        r.on_data("user", "add", user, "--role", role, "--password-stdin", stdin=f"given-{user}\n")
    r.on_data("user", "add", "mai", "--role", "officer", "--json")
    r.on_data("user", "add", "nam", "--role", "officer")
    r.on_data("user", "add", "bad name", "--role", "officer")
    r.on_data("user", "add", "x", "--role", "king")
    r.on_data("user", "add", "short", "--role", "officer", "--password-stdin", stdin="abc\n")
    r.on_data("user", "remove", "nobody")
    r.on_data("user", "remove", "nam")
    r.on_data("user", "list")
    r.on_data("user", "list", "--json")


def procedures(r: Recording) -> None:
    """Put a list of procedures in force beside a running controller, read it, refuse a faulty one."""
    good, bad = r.tree.folder / "procedures.csv", r.tree.folder / "bad.csv"
    good.write_text(PROCEDURES)
    bad.write_text(PROCEDURES.replace("land", "nowhere") + "1.002;;people;Hai lần;;Giấy;;;\n")
    r.on_data("centre", "procedures", "import", str(bad))
    r.on_data("centre", "procedures", "import", str(good))
    r.on_data("centre", "procedures", "export")
    r.on_data("centre", "procedures", "export", "--format", "json")
    r.api("GET", "/procedures")
    r.api("GET", "/procedures?after=1")
    r.api("GET", "/procedures?after=-1")


def reports(r: Recording) -> None:
    """Make every report on the command line, prove the journal and copy the store."""
    span = ("--from", "2026-11-23", "--to", "2026-11-24")
    for name in ("throughput", "satisfaction", "waiting", "officers", "estimates", "fairness"):
        r.on_data("report", name, *span, "--by", "service")
        r.on_data("report", name, *span, "--format", "csv")
    for wrong in ("nonsense", "throughput --by moon", "throughput --format pdf", "throughput --from x"):
        r.on_data("report", *wrong.split(), *span)
    r.on_data("verify")
    r.on_data("verify", "--json")
    r.on_data("verify", "--anchor", "0123456789abcdef")
    r.on_data("verify", "--anchor", "xyz")


def copies(r: Recording) -> None:
    """Copy the store twice to the same place."""
    r.on_data("backup", str(r.tree.folder / "copy.db"))
    r.on_data("backup", str(r.tree.folder / "copy.db"))
