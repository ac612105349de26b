"""Baselines, milestones and targets as they were agreed, and how a value stands to them. Never sets one.

A count of contacts has no goal. Its baseline is a count, so it is read by those who may read the contacts themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import Indicator
from dashboard.reports import marts
from dashboard.reports.indicator_cells import rounded
from dashboard.reports.indicator_reading import Reading
from dashboard.reports.kept import kept

DATASET = "milestones"
KEEP = 40
"""A plan's goals hold until they are agreed anew, however many quarters later."""


@dataclass(frozen=True)
class Goal:
    """One point of the plan: what (baseline, milestone or target), for which quarter, and which plan says so."""

    what: str
    period: str
    value: float
    agreed_in: str
    note: str = ""

    @property
    def label(self) -> str:
        """Its quarter, for people."""
        return periods.parse(self.period).label


@dataclass(frozen=True)
class Goals:
    """Everything agreed for one indicator of a country, each by quarter."""

    baseline: Goal | None = None
    milestones: tuple[Goal, ...] = ()
    targets: tuple[Goal, ...] = ()

    @property
    def all(self) -> tuple[Goal, ...]:
        """Milestones and targets by quarter; of the same quarter the target last."""
        return tuple(sorted([*self.milestones, *self.targets], key=lambda g: (g.period, g.what == "target")))

    def after(self, period: str) -> Goal | None:
        """What a value of this quarter is measured against: the next that is due, else the last that was."""
        due = [goal for goal in self.all if goal.period >= period]
        return due[0] if due else self.all[-1] if self.all else None

    @property
    def target(self) -> Goal | None:
        """Where the plan ends: its last target."""
        return self.targets[-1] if self.targets else None


NONE = Goals()
REACHED, SHORT = "reached", "short"


def standing(indicator: Indicator, value: float, goal: Goal | None) -> str:
    """REACHED when a value is at or past its goal, SHORT when not, "" where nothing is to be compared."""
    if goal is None or not indicator.directed:
        return ""
    return REACHED if indicator.reached(value, goal.value) else SHORT


def of_country(reading: Reading, country: str) -> dict[str, Goals]:
    """The goals of every indicator of a country, as agreed last, that the viewer may read."""
    house, until = reading.house, str(periods.of(reading.viewer.today))
    version = marts.moved(house, DATASET, reading.known.version)
    every = kept(house, f"{DATASET} {until}", version, lambda: _agreed(house, version, until))
    found: dict[str, list[Goal]] = {}
    for (code, _what, _due), (goal, by) in every.get(country, {}).items():
        indicator = house.library.indicators.get(code)
        if indicator is None:
            continue
        if not indicator.administrative or (goal.what == "baseline" and reading.reach.holds(by, country)):
            found.setdefault(code, []).append(goal)
    return {code: _sorted(goals) for code, goals in found.items()}


_Agreed = Mapping[str, Mapping[tuple[str, str, str], tuple[Goal, str]]]


def _agreed(house: House, version: int, until: str) -> _Agreed:
    """Each goal and who keeps it, by country and by (indicator, what, quarter); what was agreed later stands."""
    frame = marts.known_in(house, DATASET, until, version, keep=KEEP).sort_values(
        ["reported_in", "since"], kind="stable"
    )
    found: dict[str, dict[tuple[str, str, str], tuple[Goal, str]]] = {}
    for row in frame.to_dict("records"):
        goal = Goal(row["what"], row["due_period"], rounded(row["value"]), row["agreed_in"] or "", row["note"] or "")
        key = (row["indicator_code"], goal.what, goal.period)
        found.setdefault(row["country"], {})[key] = (goal, row["reported_by"])
    return found


def _sorted(goals: list[Goal]) -> Goals:
    by = {what: sorted((g for g in goals if g.what == what), key=lambda g: g.period) for what in _KINDS}
    return Goals(by["baseline"][-1] if by["baseline"] else None, tuple(by["milestone"]), tuple(by["target"]))


_KINDS = ("baseline", "milestone", "target")
