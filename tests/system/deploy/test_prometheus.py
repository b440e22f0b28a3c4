"""The alert rules are judged by Prometheus' own test tool."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from deploy.demo.prometheus import configuration
from tests.deploy.test_prometheus import RULES, SCENES, alerts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    assert program, "the package prometheus is on the test list"
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def judged(folder: Path, rules: str) -> subprocess.CompletedProcess[str]:
    (folder / RULES.name).write_text(rules)
    shutil.copy(SCENES, folder)
    return promtool("test", "rules", str(folder / SCENES.name))


def test_each_alert_fires_when_it_should_and_not_before(tmp_path: Path) -> None:
    done = judged(tmp_path, RULES.read_text())

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scenes_notice_a_rule_that_waits_too_long(tmp_path: Path) -> None:
    assert judged(tmp_path, RULES.read_text().replace("for: 2m", "for: 9m")).returncode != 0


def test_the_shipped_configuration_is_read_by_prometheus(tmp_path: Path) -> None:
    rules = tmp_path / RULES.name
    shutil.copy(RULES, rules)
    file = tmp_path / "prometheus.yml"
    file.write_text(configuration("127.0.0.1:8000", rules, "15s"))

    done = promtool("check", "config", str(file))

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_in_deploy_are_read_by_prometheus_from_a_clone() -> None:
    done = promtool("check", "config", str(RULES.parent / "prometheus.yml"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(alerts())} rules found" in done.stdout
