"""A process that writes is killed at random moments: nothing answered is lost, nothing is there in part or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from durability import kill_writer


def test_a_dozen_kills(tmp_path: Path) -> None:
    count = kill_writer.kills(tmp_path / "data", number=12, seed=11, rows=200)
    assert count.answered > 20, "the writer hardly wrote, so the kills prove nothing"
    assert (count.lost, count.partial, count.doubled, count.faults) == (0, 0, 0, [])


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_hundred_kills(tmp_path: Path) -> None:
    count = kill_writer.kills(tmp_path / "data", number=200, seed=12, rows=200)
    assert (count.lost, count.partial, count.doubled, count.faults) == (0, 0, 0, [])
