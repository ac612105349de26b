"""Hide until nobody can work out anything, one figure after the other. Never shows one again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboard.protection import bounds
from dashboard.protection.cover import NEARLY, Cover
from dashboard.protection.together import prove_together

OFTEN = 50
"""After so many figures it is tried for all others whether what is hidden by now protects them."""


def complete(cover: Cover, progress: Callable[[], None] = lambda: None) -> None:
    """Hide until every hidden figure is protected; those for which nothing can be done are `refused`."""
    p = cover.problem
    first = np.flatnonzero(p.primary)
    # The largest first: what covers it covers smaller ones too, seldom the other way round.
    for number, figure in enumerate(first[np.argsort(-p.values[first], kind="stable")].tolist()):
        if number % OFTEN == 0:
            prove_together(cover, progress, insiders=False)
        progress()
        for _figure, by in cover.unmet(np.array([figure]), 0):
            cover.meet(figure, by, 0)
    before = None
    while before != (before := (int(cover.hidden.sum()), float(cover.more.sum()))) or _stopped_half_way(
        cover, progress
    ):
        prove_together(cover, progress)
        for who in (0, *cover.insiders):
            progress()
            for figure, by in cover.unmet(np.flatnonzero(p.primary if who else cover.hidden), who):
                cover.meet(figure, by, who)


def _stopped_half_way(cover: Cover, progress: Callable[[], None]) -> bool:
    """Whether a figure that is T or more could seem to be less, and not as little as 1: then it has to reach 1.

    Of each attacker who it is guarded against: what an insider sent may stop it where a stranger goes on.
    """
    p, T = cover.problem, cover.problem.threshold
    large = cover.hidden & (cover.least >= T) & ~cover.refused
    large &= bounds.at_least(cover, p.own[0]) < T - NEARLY  # else everybody knows that it is no small one
    prove_together(cover, progress, insiders=False, least=np.where(large & ~p.primary, 1.0, cover.least))
    far = np.flatnonzero(large & (p.values + cover.lowest[0] > 1 + NEARLY))
    large[far] = _can_be_small(cover, far, 0, progress)
    found = bool((large & (cover.least < T)).any())
    large &= p.primary
    if found or not large.any():
        return found
    prove_together(cover, progress, least=np.where(large, 1.0, cover.least))
    figures, floor = np.flatnonzero(large), np.maximum(1.0, p.own)
    for who in cover.insiders:
        far = figures[p.values[figures] + cover.lowest[who, figures] > floor[who, figures] + NEARLY]
        if len(far):
            far = far[bounds.at_least(cover, p.own[who])[far] < T - NEARLY]
            _can_be_small(cover, far, who, progress)
    return bool((large & (cover.least < T)).any())


def _can_be_small(
    cover: Cover, figures: NDArray[np.int64], who: int, progress: Callable[[], None]
) -> NDArray[np.bool_]:
    """Which of these figures can be less than T for this attacker; if not as little as 1, they have to from now on.

    Those that can be 1 are proved to, by ways in which little else moves, which hold for all who counted elsewhere.
    """
    p, small = cover.problem, np.zeros(len(figures), bool)
    if not len(figures):
        return small
    solver, place = cover.pattern(p.room[who])
    limits, _place = cover.pattern(np.maximum(p.values - p.own[who], 0.0))
    for number, figure in enumerate(figures.tolist()):
        progress()
        floor = max(1.0, float(p.own[who, figure]))
        moved = solver.move(int(place[figure]), floor - float(p.values[figure]))
        if moved is not None:
            cover.keep(cover.whole(moved))
            small[number] = True
            continue
        lowest = p.values[figure] + limits.lowest(int(place[figure]))
        small[number] = lowest < p.threshold - NEARLY
        if floor + NEARLY < lowest < p.threshold - NEARLY:
            cover.least[figure] = 1.0
    return small
