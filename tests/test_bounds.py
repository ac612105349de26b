"""How little a hidden figure is at least: seen from one sum after the other, never more than it must be."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.protection.bounds import at_least
from dashboard.protection.complete import complete
from dashboard.protection.cover import Cover
from dashboard.protection.rules import primary
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import _problems
from protection_world import cube


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_a_linear_programme_finds_or_less(seed: int) -> None:
    stats = statistics(cube(seed, countries=4, services=4, quarters=4 if seed == 3 else 1))
    small = primary(stats.rules, stats.values, stats.contributors, stats.largest) != ""
    above = 0
    for _figures, problem in _problems(stats, small, small, stats.rules.threshold):
        cover = Cover(problem)
        complete(cover)
        for who in (0, 1):
            own = problem.own[who]
            solver, place = cover.pattern(problem.values - own)
            least = at_least(cover, own)
            for figure in np.flatnonzero(cover.hidden):
                assert least[figure] <= problem.values[figure] + solver.lowest(int(place[figure])) + 1e-3
                above += least[figure] > own[figure]
            np.testing.assert_array_equal(least[~cover.hidden], problem.values[~cover.hidden])
    assert above, "something is seen from what is shown"
