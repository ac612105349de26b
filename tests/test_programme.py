"""What the summary says of itself is a file that a deployment may replace, key by key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard.reference import library, programme
from dashboard.reference.periods import parse


def test_ours_is_whole() -> None:
    said = library.load().programme
    assert all(said.texts) and said.frame == "Safe and fair for all women in the region"
    assert "Spotlight Initiative" in said.attribution and said.licence == "CC-BY-4.0"


def test_an_overlay_replaces_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "publication.toml").write_text('name = "The commission"\nnext_after_days = 0\n', encoding="utf-8")
    said = library.load(tmp_path).programme
    assert said.name == "The commission" and said.frame == library.load().programme.frame
    assert said.next_on(parse("2026-Q3")) is None


def test_the_next_summary_is_counted_from_the_end_of_its_quarter() -> None:
    assert programme.Programme(next_after_days=60).next_on(parse("2026-Q3")) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('nmae = "x"', "nmae is not a key"),
        ("name = 3", "name must be a text"),
        ("next_after_days = -1", "from 0 to 366"),
        ("next_after_days = true", "from 0 to 366"),
        ('licence_url = "javascript:alert(1)"', "must be an address that begins with https://"),
        ("name = ", "publication.toml: "),
    ],
)
def test_a_fault_stops_the_start_and_names_the_file(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "publication.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="publication.toml") as raised:
        library.load(tmp_path)
    assert reason in str(raised.value)
