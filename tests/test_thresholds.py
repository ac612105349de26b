"""What is too small to publish: the file, what may stand over it, and what is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.reference import library
from dashboard.reference.thresholds import LEAST, Rules


def overlay(folder: Path, text: str) -> Path:
    (folder / "protection.toml").write_text(text, encoding="utf-8")
    return folder


def test_our_file_says_what_the_code_takes_without_one() -> None:
    assert library.load().rules == Rules() == Rules(11, 3, 0.9, 2)


def test_an_overlay_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    assert library.load(overlay(tmp_path, "threshold = 8\n")).rules == Rules(threshold=8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("threshold = 4", f"protection.toml: threshold is 4: counts under {LEAST} are never published"),
        ("threshold = 7.5", "threshold must be a whole number"),
        ("threshold = true", "threshold must be a whole number"),
        ("contributors = 0", "contributors must be 1 or more"),
        ("remainder_contributors = -1", "remainder_contributors 0 or more"),
        ("dominance = 90", "dominance must be a share from 0.5 to 1"),
        ('dominance = "high"', "dominance must be a share"),
        ("treshold = 20", "treshold is not a rule"),
        ("threshold = ", "protection.toml: "),
    ],
)
def test_what_makes_no_sense_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        library.load(overlay(tmp_path, text))


def test_the_least_threshold_is_allowed(tmp_path: Path) -> None:
    assert library.load(overlay(tmp_path, f"threshold = {LEAST}")).rules.threshold == LEAST
