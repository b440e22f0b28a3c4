"""Thirty groups, forty services in one, eight languages: nothing is cut off or too small, each stands on some page."""

from __future__ import annotations

import pytest

from tests.system.kiosk.conftest import draw

pytestmark = pytest.mark.screen


@pytest.mark.parametrize("size", ["1080x1920", "1920x1080"])
def test_more_than_fits_stands_whole_on_some_page(display: str, size: str) -> None:
    told = draw(display, "crowded", size, "vi")
    pictures = [row for row in told if "cut_off" in row]
    assert {row["name"] for row in pictures} >= {"many-groups", "many-services", "many-found", "languages"}
    assert max(row["page"] for row in pictures if row["name"] == "many-services") > 1
    for measured in ("cut_off", "too_small", "unseen"):
        assert [(row["file"], row[measured]) for row in pictures if row[measured]] == []
    assert [row for row in told if row.get("out_of_reach")] == []
    assert {"Gia Rai", "CUA"} <= {words for row in pictures if row["name"] == "languages" for words in row["targets"]}
    feet = [words for row in pictures if row["name"] == "languages-groups" for words in row["targets"]]
    assert "Ngôn ngữ / Language" in feet
    assert "Gia Rai" not in feet
