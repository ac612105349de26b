"""The plans and their actions as registered, one by one, with what a budget names of each. Never judges a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.text import N_, _
from dashboard.reports import agreements, marts, resourcing

STEPS = {
    "drafted_on": N_("Drafted"),
    "consulted_on": N_("Consulted"),
    "approved_on": N_("Approved"),
    "launched_on": N_("Launched"),
    "review_began_on": N_("Under review"),
    "closed_on": N_("Closed"),
}
"""The life of a plan (R36), in its order; its period is another thing."""
_NEAREST = ("under_review", "launched", "approved", "consulted", "drafted", "closed")


@dataclass(frozen=True)
class Plan:
    """One plan: its life as (words, day) of each step that is registered, and how it hangs with others."""

    code: str
    country: str
    title: str
    state: str
    level: str
    verified: bool
    row: Mapping[str, Any]

    def said(self, field: str) -> str:
        """What the register says in a field, as text; "" where it says nothing."""
        return _text(self.row.get(field))

    def on(self, field: str) -> date | None:
        said = self.said(field)[:10]
        return date.fromisoformat(said) if said else None

    @property
    def steps(self) -> list[tuple[str, date | None]]:
        return [(_(words), self.on(field)) for field, words in STEPS.items()]

    @property
    def period(self) -> str:
        """The time that the plan is for, apart from the days of its life."""
        first, last = self.on("period_start"), self.on("period_end")
        if first is None or last is None:
            return _("period not reported")
        return _("{first} to {last}", first=text.day(first), last=text.day(last))

    @property
    def late(self) -> int:
        """How many days after its own period began it was approved; 0 where it was in time or nobody knows."""
        approved, first = self.on("approved_on"), self.on("period_start")
        return max(0, (approved - first).days) if approved and first else 0


@dataclass(frozen=True)
class PlanAction:
    """One action of a plan. `money` is cost and committed by currency, where a budget names the action."""

    code: str
    row: Mapping[str, Any]
    lead: str
    state: str
    money: Mapping[str, tuple[float, float]]

    def said(self, field: str) -> str:
        return _text(self.row.get(field))

    def many(self, field: str) -> list[str]:
        return [code for code in self.said(field).split("|") if code]

    @property
    def restricts(self) -> bool:
        return self.said("restricts_work_or_migration") == "yes"

    @property
    def unmeasured(self) -> bool:
        """A strategy for women migrant workers without an indicator of its own (R119)."""
        return self.said("migrant_specific") == "yes" and not self.many("indicators")


def plans(viewer: Viewer, house: House, country: str, version: int | None) -> list[Plan]:
    """A country's plans in the order of their lives: a predecessor before its successor, a sub-plan after its parent.

    Raises policy.Refused.
    """
    frame = agreements.statements(viewer, house, "plans", version)
    if frame.empty:
        return []
    rows = [{str(k): v for k, v in row.items()} for row in frame[frame["country"] == country].to_dict("records")]
    made = [
        Plan(
            _text(r["plan_code"]),
            country,
            _text(r["title"]),
            _text(r["state"]),
            _text(r["level"]),
            _text(r["verified"]) == "yes",
            r,
        )
        for r in rows
    ]
    starts = {p.code: p.said("period_start") for p in made}

    def key(p: Plan) -> tuple[str, int, str, str]:
        parent = p.said("parent_plan")
        return (starts.get(parent) or p.said("period_start") or "9", int(bool(parent)), parent, p.code)

    return sorted(made, key=key)


def nearest(listed: Sequence[Plan]) -> Plan | None:
    """The national plan on violence against women that is nearest to being in force, the newest; else another."""
    top = [p for p in listed if not p.said("parent_plan")] or list(listed)
    top = [p for p in top if p.said("kind") == "violence_plan"] or top
    ranked = sorted(top, key=lambda p: p.said("period_start"), reverse=True)
    return min(ranked, key=lambda p: _NEAREST.index(p.state) if p.state in _NEAREST else len(_NEAREST), default=None)


def actions(viewer: Viewer, house: House, chosen: Plan, version: int | None) -> tuple[PlanAction, ...]:
    """The actions of a plan by their codes, with what budget lines say that name them. Raises policy.Refused."""
    frame = agreements.statements(viewer, house, "plan_actions", version)
    if frame.empty:
        return ()
    frame = frame[(frame["country"] == chosen.country) & (frame["plan_code"] == chosen.code)]
    names, spent = organisations.register(house), _budget(viewer, house, chosen.country, version)
    made = []
    for record in frame.to_dict("records"):
        row = {str(k): v for k, v in record.items()}
        lead = _text(row["lead"])
        codes = {_text(row["action_code"]), _text(row["tracked_action"])} - {""}
        money: dict[str, tuple[float, float]] = {}
        for code in codes:
            for currency, (cost, committed) in spent.get(code, {}).items():
                before = money.get(currency, (0.0, 0.0))
                money[currency] = (before[0] + cost, before[1] + committed)
        made.append(
            PlanAction(
                code=_text(row["action_code"]),
                row=row,
                lead=names[lead].name if lead in names else lead,
                state=_text(row["state"]),
                money=money,
            )
        )
    return tuple(sorted(made, key=lambda action: action.code))


def _budget(
    viewer: Viewer, house: House, country: str, version: int | None
) -> dict[str, dict[str, tuple[float, float]]]:
    """Cost and committed by action and currency, from the budget lines that name an action."""
    known, scope, _told = marts.readable(viewer, house, version)
    frame = marts.known_in(house, resourcing.DATASET, str(periods.last_ended(viewer.today)), known.version)
    if not scope.everything:
        frame = frame[frame["reported_by"].isin(scope.organisations)]
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in frame[frame["country"] == country].to_dict("records"):
        code = _text(row["action_code"])
        if not code:
            continue
        held = found.setdefault(code, {})
        before = held.get(str(row["currency"]), (0.0, 0.0))
        held[str(row["currency"])] = (before[0] + _number(row["cost"]), before[1] + _number(row["committed"]))
    return found


def _text(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _number(value: Any) -> float:
    return 0.0 if value is None or value is pd.NA or value != value else float(value)
