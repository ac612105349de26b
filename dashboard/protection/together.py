"""Prove of many figures at once that they are protected, for several attackers at once. Never hides one.

A way to move in which many figures go as far as they have to is found about as fast as one for a single figure, and a
way that leaves each of several organisations what it contributed is one that all of them must allow for. What nothing
in it links are ways of their own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from dashboard.protection.cover import Cover
from dashboard.protection.solver import Solver

WORTH, PATIENCE = 0.05, 2
"""Of what is not proved yet for somebody a way with many aims has to prove this part, or so many are the last."""


def prove_together(
    cover: Cover,
    progress: Callable[[], None] = lambda: None,
    *,
    insiders: bool = True,
    least: NDArray[np.float64] | None = None,
) -> None:
    """Prove what can be proved so, for a stranger and, unless it is not wanted, for `insiders`.

    `least`: how little each of all n figures has to be able to be, where it is not what protects it.
    """
    p, rng = cover.problem, np.random.default_rng(1)
    figures = np.flatnonzero(cover.hidden)
    solver, _place = cover.pattern(p.room[0])
    vain = np.zeros(len(p.own))
    vain[1:] = 0 if insiders else PATIENCE
    up, down = cover.lacking(figures, least)
    while (left := np.where(vain >= PATIENCE, 0, up.sum(axis=1) + down.sum(axis=1))).any():
        progress()
        tried = _chosen(left, p.where, rng)
        moved = _moved(cover, solver, figures, tried, (up, down), least, rng)
        for way in _apart(moved, p.relations):
            cover.keep(way)
        up, down = cover.lacking(figures, least)
        shown = (left - up.sum(axis=1) - down.sum(axis=1))[tried]
        vain[tried] = np.where(shown <= WORTH * left[tried], vain[tried] + 1, 0)


def _moved(
    cover: Cover,
    solver: Solver,
    figures: NDArray[np.int64],
    tried: list[int],
    lacking: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    least: NDArray[np.float64] | None,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """A way for all n to move in which those go far of which one of these attackers lacks it, up or down by lot."""
    room = cover.problem.room[tried][:, figures].min(axis=0)
    up, down = lacking[0][tried].any(axis=0), lacking[1][tried].any(axis=0)
    lot = rng.random(len(figures)) < 0.5
    rising, falling = up & (lot | ~down), down & (~lot | ~up)
    less = np.where(lacking[1][tried], cover.less(figures, least=least)[tried], 0.0).min(axis=0)
    by = np.where(rising, cover.more[figures], np.where(falling, np.maximum(less, -room), 0.0))
    moved = np.zeros(len(cover.hidden))
    solver.limit_less(room)
    aims = np.flatnonzero(by)
    found = solver.towards(aims, by[aims])
    if found is not None:
        moved[figures] = found
    return moved


def _chosen(left: NDArray[np.int64], where: NDArray[np.bool_], rng: np.random.Generator) -> list[int]:
    """In half of all places the attackers for whom most is left: in the other half nobody binds them."""
    free = rng.permutation(where.shape[1]) < (where.shape[1] + 1) // 2
    chosen: list[int] = []
    for who in np.argsort(-left, kind="stable").tolist():
        if left[who] and not (where[who] & ~free).any():
            chosen.append(who)
            free = free & ~where[who]
    return chosen or [int(np.argmax(left))]


def _apart(moved: NDArray[np.float64], relations: sp.csc_matrix) -> list[NDArray[np.float64]]:
    """The ways to move that this one is made of: those that no sum links."""
    moving = np.flatnonzero(moved)
    if not len(moving):
        return []
    linked = (relations[:, moving] != 0).astype(np.int8)
    number, of = connected_components(linked.T @ linked, directed=False)
    found = []
    for part in range(number):
        way = np.zeros(len(moved))
        way[moving[of == part]] = moved[moving[of == part]]
        found.append(way)
    return found
