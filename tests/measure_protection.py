"""Measure what a release hides and what an attacker finds, beside the plain method. Prints; judges nothing.

.venv/bin/python tests/measure_protection.py [--plain] [--seeds N] [--countries N] [--origins N] [--before N]
    [--size LOG] [--insiders N]

An invented mechanism reports quarter after quarter: most figures have three organisations or more behind them, their
tails one or two; a twentieth of all rows is corrected before each release, organisations and countries come late. Each
release is protected after all former ones and attacked together with them: by a stranger, and by organisations that
know their own rows, of which the largest are taken. Whole numbers are asked for on a sample.

A safe cell is one that no primary rule hides. The counted total is what all countries' quarters together count; it is
visible as far as the total of a country's quarter is. The plain method is that of reliability.md 1.4 in forty lines:
it guards what is hidden of itself, against a stranger, and leaves what covers it to chance.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import linprog

from dashboard.protection import rules as primary_rules
from dashboard.protection.attack import NARROWED, NEAR, RECOVERED, attack
from dashboard.protection.ledger import Ledger
from dashboard.protection.statistics import TOTAL, Statistics, statistics
from dashboard.protection.suppress import SECONDARY, Protected, protect
from dashboard.reference import periods
from dashboard.reference.thresholds import Rules

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
    countries: int = 20
    origins: int = 12
    first: str = "2025-Q1"
    before: int = 4
    releases: int = 4
    corrected: float = 0.05
    late: float = 0.06
    silent: float = 0.04
    size: float = 2.5
    """How much the countries count: the logarithm of the middle one's contacts with a middling service."""


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
        size = rng.lognormal(world.size, 0.7)
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


# --- what is measured ---


@dataclass(frozen=True)
class Measured:
    """One release: how much there was to hide, how much was hidden, what the attackers found, and how long it took."""

    statistics: int
    hidden: int
    primary: int
    recovered: int
    near: int
    narrowed: int
    differences: int
    safe_visible: float
    total_visible: float
    protecting: float
    attacking: float
    insiders: int
    plain_hidden: int
    plain_narrowed: int

    def __str__(self) -> str:
        plain = f"; the plain method hides {self.plain_hidden}" if self.plain_hidden else ""
        found = f", of which {self.plain_narrowed} are narrowed" if self.plain_hidden else ""
        return (
            f"{self.statistics:,} statistics, {self.hidden:,} hidden ({self.primary:,} of themselves);"
            f" recovered {self.recovered}, near {self.near}, narrowed {self.narrowed}, differences {self.differences}"
            f" by a stranger and {self.insiders} insiders; visible: {self.safe_visible:.1%} of safe cells,"
            f" {self.total_visible:.1%} of the counted total; {self.protecting:.1f} s to protect,"
            f" {self.attacking:.1f} s to attack{plain}{found}"
        )


def measure(world: World, insiders: int = 2, whole: int = 40, plain: bool = False) -> Iterator[Measured]:
    """Protect and attack one release after the other; with `plain` the first also by the plain method."""
    known = releases(world)
    public: list[pd.DataFrame] = []
    for number, contributions in enumerate(known):
        begun = time.perf_counter()
        stats = statistics(contributions, Ledger(tuple(public), tuple(known[:number])))
        done = protect(stats)
        protecting = time.perf_counter() - begun
        public.append(done.rows)
        begun = time.perf_counter()
        found = attack(public, stats.rules.threshold, whole=whole)
        attacking = time.perf_counter() - begun
        guarded = done.rows[(done.why != "") & (done.why != SECONDARY)]
        inside = [
            attack(public, stats.rules.threshold, insider=i, only=guarded, whole=0)
            for i in _largest(_stood(public, known), insiders)
        ]
        every = [found, *inside]
        hidden_plainly = _plain(stats) if plain and not number else np.zeros(0, bool)
        yield Measured(
            len(done.rows),
            done.hidden,
            len(guarded),
            *(sum(each.count(verdict) for each in every) for verdict in (RECOVERED, NEAR, NARROWED)),
            len(found.differences),
            *_visible(stats, done),
            protecting,
            attacking,
            len(inside),
            int(hidden_plainly.sum()),
            _plainly_narrowed(stats, hidden_plainly) if hidden_plainly.any() else 0,
        )


def _stood(public: list[pd.DataFrame], known: list[pd.DataFrame]) -> pd.DataFrame:
    """The contributions that the newest release speaks of, as an insider remembers having sent them for it."""
    found = []
    for (country, period), numbers in Ledger(tuple(public)).shown_at.items():
        if "-" in period:
            rows = known[numbers[-1]]
            found.append(rows[(rows["country"] == country) & (rows["period"] == period)])
    return pd.concat(found)


def _largest(contributions: pd.DataFrame, count: int) -> list[pd.DataFrame]:
    sizes = contributions.groupby("organisation_code")["contacts"].sum().sort_values(ascending=False)
    return [contributions[contributions["organisation_code"] == name] for name in sizes.index[:count]]


def _visible(stats: Statistics, done: Protected) -> tuple[float, float]:
    """The share of safe cells, and of the counted total, that is visible."""
    visible = done.rows[done.rows["contacts"].notna()]
    columns = list(stats.keys.columns)
    shown = pd.MultiIndex.from_frame(stats.keys).isin(pd.MultiIndex.from_frame(visible[columns]))
    safe = primary_rules.primary(stats.rules, stats.values, stats.contributors, stats.largest) == ""
    keys = stats.keys
    totals = (keys["country"] != TOTAL) & (keys["sector"] == TOTAL) & (keys["origin"] == TOTAL)
    totals &= keys["period"].str.len() > 4
    values = stats.values[totals.to_numpy()]
    return float(shown[safe].mean()), float(values[shown[totals.to_numpy()]].sum() / values.sum())


# --- the plain method ---


def _plain(stats: Statistics) -> np.ndarray:
    """What the plain method hides of the same figures, by the same primary rules (reliability.md 1.4, 4)."""
    m, T = len(stats.values), stats.rules.threshold
    why = primary_rules.primary(stats.rules, stats.values, stats.contributors, stats.largest)
    hidden = why != ""
    cost = np.where(hidden, 0.0, np.log2(stats.values + 2.0))
    model = sp.hstack([stats.relations, -stats.relations]).tocsr()
    most = np.r_[np.full(m, 1e6), stats.values]
    for i in sorted(np.flatnonzero(why), key=lambda i: -stats.values[i]):
        small = stats.values[i] < T
        for by in (T - 1 - stats.values[i], 1 - stats.values[i]) if small else (T - 1, -min(T - 1, stats.values[i])):
            if by == 0:
                continue
            least, limit = np.zeros(2 * m), most.copy()
            least[i if by > 0 else i + m] = limit[i if by > 0 else i + m] = abs(by)
            limit[i + m if by > 0 else i] = 0
            found = linprog(np.r_[cost, cost], A_eq=model, b_eq=np.zeros(model.shape[0]), bounds=np.c_[least, limit])
            moved = np.abs(found.x[:m] - found.x[m:]) > 1e-6
            cost[moved] = 0.0
            hidden |= moved
    return hidden


def _plainly_narrowed(stats: Statistics, hidden: np.ndarray) -> int:
    """Of what the plain method hides, how many a stranger narrows, whatever they were hidden for."""
    contacts = pd.array(stats.values.astype(int), "Int64")
    contacts[hidden] = pd.NA
    rows = stats.keys.assign(contacts=contacts, status=np.where(hidden, "suppressed", "value"))
    return len(attack([rows], stats.rules.threshold, whole=0).narrowed)


def main() -> None:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser()
    world = World()
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--countries", type=int, default=world.countries)
    parser.add_argument("--origins", type=int, default=world.origins)
    parser.add_argument("--before", type=int, default=world.before)
    parser.add_argument("--size", type=float, default=world.size)
    parser.add_argument("--insiders", type=int, default=2)
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    for seed in range(1, given.seeds + 1):
        print(f"Seed {seed}, threshold {Rules().threshold}")
        world = World(seed, given.countries, given.origins, before=given.before, size=given.size)
        for number, measured in enumerate(measure(world, given.insiders, plain=given.plain), 1):
            print(f"  release {number}: {measured}", flush=True)
    print(f"load of the machine while measuring: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
