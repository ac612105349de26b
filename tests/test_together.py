"""Ways to move with many aims: what they prove is so, for everybody whom they are said to bind."""

from __future__ import annotations

import numpy as np

from dashboard.protection.complete import complete
from dashboard.protection.cover import Cover
from dashboard.protection.rules import primary
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import _problems
from dashboard.protection.together import prove_together
from protection_world import cube


def hidden_already(seed: int) -> Cover:
    """A cover of which everything that has to be hidden is, and nothing is proved."""
    stats = statistics(cube(seed, countries=5, services=5, origins=3))
    small = primary(stats.rules, stats.values, stats.contributors, stats.largest) != ""
    [(_figures, problem)] = _problems(stats, small, small, stats.rules.threshold)
    done, again = Cover(problem), Cover(problem)
    complete(done)
    again.hidden = done.hidden.copy()
    return again


def lacking(cover: Cover) -> int:
    up, down = cover.lacking(np.flatnonzero(cover.hidden))
    return int(up.sum() + down.sum())


def test_a_few_ways_prove_most_and_hide_nothing() -> None:
    cover = hidden_already(3)
    before, hidden = lacking(cover), cover.hidden.copy()
    prove_together(cover)
    assert lacking(cover) < before / 4 and (cover.hidden == hidden).all()
    asked: list[int] = []
    prove_together(cover, lambda: asked.append(1), insiders=False)
    assert len(asked) < 20


def test_each_way_adds_up_and_leaves_to_each_what_it_sent() -> None:
    cover = hidden_already(4)
    prove_together(cover)
    p = cover.problem
    assert len(cover.proofs) > 3
    for where, by, share in cover.proofs:
        moved = np.zeros(len(p.values))
        moved[where] = by
        assert np.abs(p.relations @ moved).max() < 1e-4 and not moved[~cover.hidden].any()
        assert (p.values + share[:, None] * moved >= p.values - p.room - 1e-2).all()
