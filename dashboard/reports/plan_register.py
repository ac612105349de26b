"""The plans and their actions as registered, one by one, with what a budget names of each. Never judges a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.text import N_, _
from dashboard.reports import marts, register_rows, resourcing
from dashboard.reports.entry import Entry, entries

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
class Plan(Entry):
    """One plan: its life as (words, day) of each step that is registered, and how it hangs with others."""

    @property
    def code(self) -> str:
        return self.said("plan_code")

    @property
    def country(self) -> str:
        return self.said("country")

    @property
    def title(self) -> str:
        return self.said("title")

    @property
    def state(self) -> str:
        return self.said("state")

    @property
    def steps(self) -> list[tuple[str, date | None]]:
        return [(_(words), self.on(field)) for field, words in STEPS.items()]

    @property
    def period(self) -> str:
        """The time that the plan is for, apart from the days of its life."""
        first, last = self.on("period_start"), self.on("period_end")
        if first is None:
            return _("until {last}, begin not reported", last=text.day(last)) if last else _("not reported")
        if last is None:
            return _("from {first}, end not reported", first=text.day(first))
        return _("{first} to {last}", first=text.day(first), last=text.day(last))

    @property
    def late(self) -> int:
        """How many days after its own period began it was approved; 0 where it was in time or nobody knows."""
        approved, first = self.on("approved_on"), self.on("period_start")
        return max(0, (approved - first).days) if approved and first else 0


@dataclass(frozen=True)
class PlanAction(Entry):
    """One action of a plan. `money` is cost and committed by currency, where a budget names the action."""

    lead: str
    money: Mapping[str, tuple[float, float]]

    @property
    def code(self) -> str:
        return self.said("action_code")

    @property
    def state(self) -> str:
        return self.said("state")

    @property
    def unmeasured(self) -> bool:
        """A strategy for women migrant workers without an indicator of its own (R119)."""
        return self.said("migrant_specific") == "yes" and not self.many("indicators")


def plans(viewer: Viewer, house: House, country: str, version: int | None) -> list[Plan]:
    """A country's plans in the order of their lives: a predecessor before its successor, a sub-plan after its parent.

    Raises policy.Refused.
    """
    made = [Plan(one.row) for one in entries(viewer, house, "plans", version) if one.said("country") == country]
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
    names, spent = organisations.register(house), _budget(viewer, house, chosen.country, version)
    made = []
    for one in entries(viewer, house, "plan_actions", version):
        if (one.said("country"), one.said("plan_code")) != (chosen.country, chosen.code):
            continue
        lead = one.said("lead")
        money: dict[str, tuple[float, float]] = {}
        for code in {one.said("action_code"), one.said("tracked_action")} - {""}:
            for currency, amounts in spent.get(code, {}).items():
                money[currency] = _both(money.get(currency), amounts)
        made.append(PlanAction(one.row, names[lead].name if lead in names else lead, money))
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
        if register_rows.absent(row["action_code"]):
            continue
        held, currency = found.setdefault(str(row["action_code"]), {}), str(row["currency"])
        amounts = [0.0 if register_rows.absent(row[name]) else float(row[name]) for name in ("cost", "committed")]
        held[currency] = _both(held.get(currency), (amounts[0], amounts[1]))
    return found


def _both(one: tuple[float, float] | None, other: tuple[float, float]) -> tuple[float, float]:
    """Two pairs of amounts in one currency, added up."""
    return (one[0] + other[0], one[1] + other[1]) if one else other
