"""What a national action plan says, how far it is, what it costs and what in it is flagged. Never adds two currencies.

Cost and resources are two numbers, and the gap between them a third (R117). A measure that limits women's work or
migration is shown as such and never counts as progress (R50, R81).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.coordination.standing import STATES
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, plan_register, resourcing
from dashboard.reports.entry import entries, own_only
from dashboard.reports.plan_register import Plan, PlanAction
from dashboard.reports.resourcing import Resourcing

CAVEAT = N_("As the coordinating bodies registered it; the state of an action is what its register last said.")
SOURCE = N_("Registers of plans and of their actions")
FEW_FORMS = frozenset({"physical", "sexual"})
"""A plan that names no other form of violence is flagged (R29)."""


@dataclass(frozen=True)
class Plans:
    """One answer about a country: its plans, the chosen one's actions, counts by pillar, money, flags as sentences.

    `part` is what must be known by whoever does not read every entry; to her nothing is flagged, for what is missing
    among the actions that she reads may be in another.
    """

    plans: tuple[Plan, ...]
    chosen: Plan | None
    actions: tuple[PlanAction, ...]
    pillars: Table
    money: Resourcing
    current: bool
    flags: tuple[tuple[str, str], ...]
    answer: str
    finding: str
    part: str

    @property
    def by_pillar(self) -> dict[str, list[PlanAction]]:
        found: dict[str, list[PlanAction]] = {}
        for action in self.actions:
            found.setdefault(action.said("pillar"), []).append(action)
        return found


def countries(viewer: Viewer, house: House, version: int | None = None) -> list[tuple[str, str]]:
    """Countries that have registered a plan, as (code, name). Raises policy.Refused."""
    found = sorted({one.said("country") for one in entries(viewer, house, "plans", version)})
    return [(c, house.library.title("countries", c)) for c in found]


def plan(viewer: Viewer, house: House, *, country: str, plan: str = "", version: int | None = None) -> Plans:
    """The plans of a country, and one of them: that of this code, else the one that is in force now.

    Raises policy.Refused.
    """
    known, _scope, _told = marts.readable(viewer, house, version)
    hers = own_only(viewer)
    listed = plan_register.plans(viewer, house, country, version)
    chosen = next((p for p in listed if p.code == plan), None) or plan_register.nearest(listed)
    # Budget lines name no plan: they are told of beside the one that is in force, and beside no other.
    lead = plan_register.nearest(listed)
    current = chosen is not None and lead is not None and chosen.code == lead.code
    money = resourcing.resourcing(viewer, house, country=country if current and country else "-", version=version)
    found = plan_register.actions(viewer, house, chosen, version) if chosen else ()
    return Plans(
        plans=tuple(listed),
        chosen=chosen,
        actions=found,
        pillars=_pillars(known, found, tuple(filter(None, (_(CAVEAT), hers)))),
        money=money,
        current=current,
        flags=() if hers else _flags(house, chosen, found),
        answer=_part_answer(house, chosen, hers) if hers else _answer(house, country, chosen, found, money),
        finding=_("Actions of the plan by pillar and state") if hers else _finding(found),
        part=hers,
    )


def _pillars(known: Any, found: Sequence[PlanAction], caveats: tuple[str, ...]) -> Table:
    """Actions by pillar and state: one row a pillar, one column a state."""
    parts = {"done": ("done",), "restricted": ("in_progress",), "to_do": ("open",), "none": ("blocked", "dropped")}
    words = {
        "done": _(STATES["done"]),
        "restricted": _(STATES["in_progress"]),
        "to_do": _(STATES["open"]),
        "none": _("Blocked or dropped"),
    }
    columns = (
        Column("group", _("Ranked")),
        Column("pillar", _("Pillar")),
        *(Column(name, words[name], unit=_("actions"), numeric=True) for name in parts),
    )
    pillars = list(dict.fromkeys(action.said("pillar") for action in found))
    rows = [
        {"group": _("Pillars of the plan"), "pillar": pillar}
        | {
            name: sum(a.said("pillar") == pillar and a.state in states and not a.restricts for a in found)
            for name, states in parts.items()
        }
        for pillar in pillars
    ]
    frame = pd.DataFrame(rows, columns=[c.name for c in columns], dtype=object)
    return Table(
        title=_("Actions of the plan by pillar and state"),
        columns=columns,
        frame=frame,
        statuses=frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE),
        as_of=known,
        caveats=(*caveats, _("An action that limits women's work or migration is left out of the bars.")),
        source=_(SOURCE),
    )


def _flags(house: House, chosen: Plan | None, found: Sequence[PlanAction]) -> tuple[tuple[str, str], ...]:
    """What somebody should look at, as (what it is, which), the gravest first."""
    if chosen is None:
        return ()
    flags = []
    if limiting := [a for a in found if a.restricts]:
        flags.append(
            (
                _("Limits women's work or migration: not rights-based, and counted as no progress"),
                _listed(limiting),
            )
        )
    if unmeasured := [a for a in found if a.unmeasured]:
        flags.append((_("Made for women migrant workers, without an indicator of its own"), _listed(unmeasured)))
    forms = {code for a in found for code in a.many("forms_of_violence")}
    if found and forms and forms <= FEW_FORMS:
        names = text.words([house.library.title("forms_of_violence", f) for f in sorted(forms)])
        flags.append((_("Covers only some forms of violence"), names))
    settings = {code for a in found for code in a.many("settings")}
    if found and settings and "world_of_work" not in settings:
        flags.append((_("No action is set in the world of work"), text.words(sorted(settings))))
    for field, words in (
        ("covers_migrant_women", N_("Covers women migrant workers")),
        ("monitoring_framework", N_("Has a monitoring framework")),
        ("costed", N_("Is costed")),
    ):
        if chosen.said(field) in ("no", "partly"):
            flags.append((_(words), house.library.title("answers", chosen.said(field))))
    return tuple(flags)


def _listed(found: Sequence[PlanAction]) -> str:
    return "; ".join(f"{a.said('title')} ({a.code})" for a in found)


def _stands(house: House, chosen: Plan) -> str:
    """What is known of the plan itself, in a sentence."""
    state = house.library.title("plan_states", chosen.state).lower()
    if not chosen.verified:
        state = _("registered as {state}, which is not verified", state=state)
    name = house.library.title("countries", chosen.country)
    return _("{title} ({country}) is {state}.", title=chosen.title, country=name, state=state)


def _part_answer(house: House, chosen: Plan | None, hers: str) -> str:
    """The same for whoever reads a part: nothing is counted."""
    return f"{_stands(house, chosen)} {hers}" if chosen else hers


def _answer(house: House, country: str, chosen: Plan | None, found: Sequence[PlanAction], money: Resourcing) -> str:
    name = house.library.title("countries", country) if country else ""
    if chosen is None:
        return _("{country} has not registered a plan yet.", country=name) if name else _("No plan is registered yet.")
    counted = [a for a in found if not a.restricts]
    done = sum(a.state == "done" for a in counted)
    said = _stands(house, chosen)
    if counted:
        said = n_(
            "{said} Of {count} action {done} is done.",
            "{said} Of {count} actions {done} are done.",
            len(counted),
            said=said,
            done=text.number(done),
        )
    for row in money.table.frame.to_dict("records"):
        if row["cost"]:
            said = _(
                "{said} The budget lines of {country}: {currency} {cost}, {committed} committed, {gap} missing.",
                country=name,
                said=said,
                currency=row["currency"],
                cost=text.number(row["cost"]),
                committed=text.number(row["committed"] or 0),
                gap=text.number(max(0.0, row["gap"])),
            )
    return said


def _finding(found: Sequence[PlanAction]) -> str:
    counted = [a for a in found if not a.restricts]
    if not counted:
        return _("No action of the plan is registered")
    pillars: dict[str, list[PlanAction]] = {}
    for action in counted:
        pillars.setdefault(action.said("pillar"), []).append(action)
    shares = {name: sum(a.state == "done" for a in held) / len(held) for name, held in pillars.items()}
    least = min(shares, key=lambda name: shares[name])
    return _(
        "Least is done under “{pillar}”: {done} of {total}",
        pillar=least,
        done=sum(a.state == "done" for a in pillars[least]),
        total=len(pillars[least]),
    )
