"""Measure what a release hides and what an attacker finds, beside the plain method. Prints; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.reference import periods

SECTORS = {
    "health": 3,
    "justice_policing": 4,
    "social": 6,
    "labour_migration": 2,
    "civil_society": 2,
}
COLUMNS = ["country", "sector", "service", "origin", "period", "organisation_code", "contacts"]


@dataclass(frozen=True)
class World:
    """How large the invented mechanism is, and how its quarters go on."""

    seed: int = 1
    countries: int = 12
    origins: int = 10
    first: str = "2025-Q1"
    before: int = 4
    releases: int = 4
    corrected: float = 0.05
    late: float = 0.06
    silent: float = 0.04


def releases(world: World) -> list[pd.DataFrame]:
    """What was known at each release: the contributions of all quarters so far, as corrected until then."""
    rng = np.random.default_rng(world.seed)
    start = periods.parse(world.first)
    offices = _offices(world, rng)
    known: list[pd.DataFrame] = []
    waiting: list[pd.DataFrame] = []
    so_far = pd.DataFrame(columns=COLUMNS)
    for release in range(world.releases):
        corrected = _corrected(so_far, world, rng)
        quarters = range(world.before) if release == 0 else [world.before + release - 1]
        fresh = pd.concat([_quarter(offices, str(start.shifted(q)), rng) for q in quarters])
        newest = fresh["period"] == str(start.shifted(max(quarters)))
        late = newest & fresh["organisation_code"].isin(_chosen(fresh["organisation_code"], world.late, rng))
        late |= newest & fresh["country"].isin(_chosen(fresh["country"], world.silent, rng))
        so_far = pd.concat([corrected, *waiting, fresh[~late]], ignore_index=True)
        waiting = [fresh[late]]
        known.append(so_far)
    return known


def _chosen(names: pd.Series, share: float, rng: np.random.Generator) -> set[str]:
    every = sorted(set(names))
    return {name for name, draw in zip(every, rng.random(len(every)), strict=True) if draw < share}


def _offices(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """What each organisation does: country, sector, service, origin, and how many contacts a quarter on average."""
    services = [(sector, f"S{n}{i}") for n, (sector, count) in enumerate(SECTORS.items()) for i in range(count)]
    services += [(sector, "_U") for sector in SECTORS]
    popular = rng.lognormal(0, 0.9, len(services))
    popular[-len(SECTORS) :] *= 0.4
    rows = []
    for c in range(world.countries):
        size = rng.lognormal(2.5, 0.7)
        origins = rng.permutation(world.origins)[: rng.integers(4, world.origins + 1)]
        shares = rng.dirichlet(0.9 * np.linspace(2.0, 0.3, len(origins)))
        offered = rng.random(len(services)) < 0.7
        offered[rng.integers(len(services))] = True
        for o in range(rng.integers(6, 15)):
            weight = rng.lognormal(0, 0.6)
            for n, (sector, service) in enumerate(services):
                if not offered[n] or rng.random() > 0.4:
                    continue
                rate = size * weight * popular[n] * 0.8
                for origin, share in zip([*origins, -1], [*(0.8 * shares), 0.2], strict=True):
                    if rate * share > 0.3:
                        code = "_U" if origin < 0 else f"X{chr(65 + origin)}A"
                        rows.append((f"XC{chr(65 + c)}", sector, service, code, f"XC{chr(65 + c)}-{o}", rate * share))
    return pd.DataFrame(rows, columns=["country", "sector", "service", "origin", "organisation_code", "rate"])


def _quarter(offices: pd.DataFrame, period: str, rng: np.random.Generator) -> pd.DataFrame:
    rates = offices["rate"].to_numpy() * rng.lognormal(0, 0.15, len(offices))
    return offices.assign(period=period, contacts=rng.poisson(rates))[COLUMNS]


def _corrected(known: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.DataFrame:
    """The same with so many of the rows changed a little, more often up than down."""
    if known.empty:
        return known
    counts = known["contacts"].to_numpy(np.int64)
    change = rng.poisson(1 + 0.15 * counts) * rng.choice([1, 1, 1, -1], len(counts))
    hit = rng.random(len(counts)) < world.corrected
    return known.assign(contacts=np.maximum(np.where(hit, counts + change, counts), 0))
