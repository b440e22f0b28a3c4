"""A real Prometheus that scrapes the demonstration by the shipped configuration, where the program is installed."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from deploy.demo import witnesses
from deploy.demo.hall import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.demo.hall import Hall


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A running Prometheus at a URL."""

    url: str

    async def figures(self) -> dict[str, int]:
        """Give what it holds of the day's tickets."""
        return await witnesses.scraped(self.url)


def configuration(target: str, rules: Path, interval: str) -> str:
    """Give the shipped configuration with one centre as its target, at another pace."""
    text = (resources.files("deploy") / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    text = re.sub(r"(scrape_interval|evaluation_interval): \S+", rf"\1: {interval}", text)
    text = re.sub(r"targets: \[[^\]]*\]", f'targets: ["{target}"]', text)
    return re.sub(r"- luot-rules\.yml.*", f"- {rules}", text)


async def start(hall: Hall) -> Prometheus | None:
    """Start it beside the hall; None where it is not installed."""
    program = shutil.which("prometheus")
    if program is None:
        return None
    folder, port = hall.folder / "prometheus", free_port()
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "luot-rules.yml"
    rules.write_text((resources.files("deploy") / "prometheus" / "luot-rules.yml").read_text(encoding="utf-8"))
    file = folder / "prometheus.yml"
    file.write_text(configuration(hall.http.removeprefix("http://"), rules, "1s"), encoding="utf-8")
    await hall.programs.start(
        "prometheus", program, f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
    )  # fmt: skip
    return Prometheus(f"http://127.0.0.1:{port}")
