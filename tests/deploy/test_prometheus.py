"""The alert rules speak of metrics that exist and say what to do; `tests/system` has them judged by Prometheus."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy" / "prometheus" / "luot-rules.yml"
SCENES = ROOT / "tests" / "deploy" / "luot-rules-test.yml"


def alerts() -> list[dict[str, str]]:
    found = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    assert found
    return found


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    assert program, "the package prometheus is on the test list"
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def judged(folder: Path, rules: str) -> subprocess.CompletedProcess[str]:
    (folder / RULES.name).write_text(rules)
    shutil.copy(SCENES, folder)
    return promtool("test", "rules", str(folder / SCENES.name))


def test_the_rules_watch_the_job_that_the_shipped_configuration_scrapes() -> None:
    shipped = yaml.safe_load((RULES.parent / "prometheus.yml").read_text())
    watched = {job for rule in alerts() for job in re.findall(r'\bup\{job="([^"]*)"\}', rule["expr"])}

    assert watched == {job["job_name"] for job in shipped["scrape_configs"]}


def test_the_page_of_deployment_lists_every_alert_and_no_other() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text().partition("\n## Alerts\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(Luot\w+)` \|", page, re.MULTILINE)

    assert sorted(listed) == sorted(rule["alert"] for rule in alerts())


def test_every_metric_of_a_rule_is_documented_and_every_alert_says_what_to_do() -> None:
    documented = (ROOT / "docs" / "metrics.md").read_text()
    deploying = (ROOT / "docs" / "deploy.md").read_text()

    for rule in alerts():
        assert rule["alert"] in deploying
        for metric in re.findall(r"luot_\w+", rule["expr"]):
            assert metric in documented, metric
