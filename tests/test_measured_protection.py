"""The goals of a release, reached on an invented mechanism: nothing narrowed over four releases, and enough to see."""

from __future__ import annotations

import pytest

import measure_protection
from measure_protection import Measured, World

SMALL = World(countries=6, origins=5, before=1)


def found(each: Measured) -> tuple[int, int, int, int]:
    return each.recovered, each.near, each.narrowed, each.differences


def test_a_small_mechanism_over_four_releases_gives_nothing_away() -> None:
    done = list(measure_protection.measure(SMALL, insiders=1, whole=5))
    assert [found(each) for each in done] == [(0, 0, 0, 0)] * 4
    assert done[-1].hidden > 100 and done[-1].total_visible >= 0.85


def test_the_plain_method_and_the_corrections_are_there_to_compare_with() -> None:
    known = measure_protection.releases(SMALL)
    assert [len(frame) for frame in known] == sorted(len(frame) for frame in known)
    first = next(measure_protection.measure(World(countries=6, origins=5, before=1), insiders=0, whole=0, plain=True))
    assert first.plain_hidden > first.primary and first.plain_narrowed and not first.narrowed


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 4))
def test_two_thousand_hidden_figures_over_four_releases(seed: int) -> None:
    """The goal as it was set; the time too, loosely, for others may use the machine."""
    done = list(measure_protection.measure(World(seed, countries=20, origins=16, before=5), insiders=3))
    for each in done:
        assert found(each) == (0, 0, 0, 0), each
        assert each.safe_visible >= 0.75 and each.total_visible >= 0.85, each
        assert each.protecting < 240, each
    assert done[-1].hidden >= 2000
