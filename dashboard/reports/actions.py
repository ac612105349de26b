"""Which actions are open, who leads them and which are late, at any version. Never changes one: that is the door's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.coordination.actions import may_change, visible
from dashboard.coordination.standing import STATES, Standing, by_file, by_list
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import AsOf, Table
from dashboard.reference.text import _
from dashboard.reports import action_ageing, action_words, places
from dashboard.reports.action_known import Known, known_at
from dashboard.reports.action_names import Names, person

UNFINISHED = "unfinished"
"""As a state to ask for: whatever is neither done nor dropped."""
STILL_DAYS = 90
"""An action to do of which nobody said anything for so many days has not moved."""


@dataclass(frozen=True)
class Evidence:
    """What shows that an action moved, as somebody said it; by which organisation, and when."""

    said: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Action:
    """One action at one version, for one viewer, with its codes in words. Days are counted up to the viewer's today.

    `state_on` is the day since which the state holds, `moved_on` the day on which anything was last said; `still`: it
    is to be done, and that is STILL_DAYS ago.
    What `restricts` women's work or migration is never overdue, for nobody is to hurry it: past its day it stands
    `apart`, to be looked at again.
    `lead_left`: the organisation that leads is not in its country's latest register. `plan_actions` are the titles of
    the plan's actions that it carries, `plan_parts` the parts of the plan. `last_event` is what a change is compared
    with, `last_by` the account that made it, `stamp` another one after whatever could be seen to change, `changes` how
    much was said of it. `undo` is the version of the last change where the viewer made it on the page and may take it
    back, else 0; `undone` says that the last one took another back.
    """

    action_code: str
    country: str
    country_name: str
    title: str
    changes_for_survivor: str
    lead: str
    lead_name: str
    lead_left: bool
    sector: str
    support: tuple[str, ...]
    support_names: tuple[str, ...]
    corridor: str
    corridor_title: str
    indicator_code: str
    indicator: str
    plan_actions: tuple[str, ...]
    plan_parts: tuple[str, ...]
    agreed_on: date
    agreed_at: str
    first_due: date
    due_on: date
    state: str
    state_on: date
    moved_on: date
    closed: bool
    still: bool
    on_time: bool
    days_overdue: int
    moves: int
    slip_days: int
    note: str
    note_by: str
    note_at: datetime | None
    evidence: tuple[Evidence, ...]
    restricts: bool
    apart: bool
    mine: bool
    may_change: bool
    last_event: str
    last_by: str
    stamp: str
    changes: int
    undo: int
    undone: bool


@dataclass(frozen=True)
class Counts:
    """How the actions of one choice stand, whatever their state; an overdue or blocked one is among the `open`.

    `left` are the open ones that are led by an organisation which its country's latest register does not list.
    """

    total: int
    open: int
    overdue: int
    blocked: int
    done: int
    on_time: int
    dropped: int
    still: int
    restricting: int
    apart: int
    left: int


@dataclass(frozen=True)
class Actions:
    """One answer: the rows that were asked for, overdue first, the same as a table, and the sentences.

    `counts` are of the country, lead and ownership asked for, in whatever state. `standing` tells how old the open ones
    are, by country, organisation, sector or part of the plan.
    """

    rows: tuple[Action, ...]
    table: Table
    standing: Table
    counts: Counts
    answer: str


@dataclass(frozen=True)
class Step:
    """One change in the life of an action: when, by whom, what changed in sentences, the note, and the evidence.

    `undone`: whoever made it took it back later.
    """

    at: datetime
    by: str
    organisation: str
    what: tuple[str, ...]
    note: str
    evidence: str = ""
    undone: bool = False


def actions(
    viewer: Viewer,
    house: House,
    *,
    country: str = "",
    state: str = "",
    lead: str = "",
    overdue: bool = False,
    mine: bool = False,
    by: str = "",
    version: int | None = None,
) -> Actions:
    """The actions that this viewer may see, as they stood at `version` (None: now). Raises policy.Refused.

    `state` is one of STATES, UNFINISHED or "" for all; `mine` keeps what the viewer's own organisation leads or
    supports. An unknown state counts as none chosen; a country or lead without actions selects nothing. `by` is how the
    open ones are counted (see action_ageing.WAYS).
    """
    known, every = _all(viewer, house, version)
    asked = [a for a in every if country in ("", a.country) and lead in ("", a.lead) and (a.mine or not mine)]
    shown = [a for a in asked if _in_state(a, state) and (a.days_overdue or not overdue)]
    counts = _counts(asked)
    return Actions(
        rows=tuple(shown),
        table=action_words.table(known, shown),
        standing=action_ageing.table(known, asked, viewer.today, STILL_DAYS, by),
        counts=counts,
        answer=action_words.answer(counts, part=not policy.scope(viewer, "view actions").everything),
    )


def action(viewer: Viewer, house: House, action_code: str, version: int | None = None) -> Action:
    """One action. Raises policy.Refused for what is not there and for what is not the viewer's to see, alike."""
    _known, found = _all(viewer, house, version, action_code) if action_code else (None, [])
    if not found:
        raise policy.Refused(_("This action does not exist, or it is not yours to see."))
    return found[0]


def history(viewer: Viewer, house: House, action_code: str, version: int | None = None) -> tuple[Step, ...]:
    """What happened to one action, the newest first; empty while nothing did. Raises as `action` does.

    A due date that a list moved is a step of whoever accepted that list, or withdrew the one before it; what a file
    told of a quarter is one of whoever accepted that file.
    """
    action(viewer, house, action_code, version)
    known = known_at(house, version)
    names, standing = known.names, known.standings[action_code]
    steps: list[Step] = []
    state, due_on = "open", standing.first_due
    for number in dict.fromkeys(event["version"] for event in standing.events):
        events = [event for event in standing.events if event["version"] == number]
        what, said = [], {"note": "", "evidence": ""}
        if by_file(events[0]) and not by_list(events[0]):
            what.append(action_words.told_by_file(events[0]["period"], names.organisation(events[0]["reported_by"])))
        for event in events:
            if not event.get("holds", True) and event["event"] == "state":
                what.append(action_words.did_not_hold(event["state"]))
            elif event["event"] == "state":
                what.append(action_words.state_changed(state, event["state"]))
                state = event["state"]
            elif event["event"] == "due":
                moved = (due_on, event["due_on"])
                if by_list(event):
                    sender = names.organisation(event["reported_by"])
                    what.append(action_words.due_moved_by_list(event["period"], sender, *moved))
                else:
                    what.append(action_words.due_moved(*moved))
                due_on = event["due_on"]
            elif event.get("undoes"):
                what.append(action_words.taken_back_words(event))
            else:
                said[event["event"]] = action_words.noted(event)
        by, undone = events[0]["by_account"], events[0]["event_id"] in standing.undone
        told = (action_words.taken_back(what),) if events[0].get("undoes") else tuple(what)
        who = person(house, by), names.body(house, by)
        steps.append(Step(events[0]["recorded_at"], *who, told, said["note"], said["evidence"], undone))
    return tuple(reversed(steps))


Quarter = tuple[str, str]
"""A country and a quarter of it."""


def due(viewer: Viewer, house: House, version: int | None = None) -> dict[Quarter, tuple[int, int]]:
    """How many actions were done by their due date, and how many were due, by country and quarter.

    The due date is the one agreed last; a dropped action does not count, nor does one that restricts women's work or
    migration: done in time it would make the share better. Only actions that the viewer may see.
    """
    counted: dict[Quarter, tuple[int, int]] = {}
    for found in _all(viewer, house, version)[1]:
        if found.state != "dropped" and not found.restricts:
            place = (found.country, str(periods.of(found.due_on)))
            done, of = counted.get(place, (0, 0))
            counted[place] = (done + found.on_time, of + 1)
    return counted


def on_time(viewer: Viewer, house: House, country: str, period: str, version: int | None = None) -> tuple[int, int]:
    """The same for one country and quarter. Raises ValueError for a quarter that is none."""
    return due(viewer, house, version).get((country, str(periods.parse(period))), (0, 0))


def waiting(viewer: Viewer, house: House, version: int | None = None) -> list[dict[str, Any]]:
    """The actions to do that the viewer's own organisation leads, as dicts of Action's fields, overdue first."""
    _known, found = _all(viewer, house, version)
    own = _own(viewer)
    return [vars(a) for a in found if a.lead in own and not a.closed]


def choices(viewer: Viewer, house: House, version: int | None = None) -> tuple[list[tuple[str, str]], ...]:
    """The countries that agreed an action and the organisations that lead one, each as (code, name), by name."""
    _known, found = _all(viewer, house, version)
    pairs = {(a.country, a.country_name) for a in found}, {(a.lead, a.lead_name) for a in found}
    countries, leads = (sorted(found, key=lambda pair: (pair[1].casefold(), pair[0])) for found in pairs)
    return countries, leads


def _all(viewer: Viewer, house: House, version: int | None, code: str = "") -> tuple[AsOf, list[Action]]:
    """Every action in the viewer's reach at a version, what is overdue longest first, then by due date, then closed.

    What stands apart comes after what is overdue, like what is due today.
    """
    policy.require(viewer, "view actions")
    known = known_at(house, version)
    found = [
        _action(viewer, house, known, standing)
        for standing in known.standings.values()
        if code in ("", standing.code) and visible(viewer, standing)
    ]
    found.sort(
        key=lambda a: (
            a.closed,
            -a.state_on.toordinal() if a.closed else (viewer.today if a.apart else a.due_on).toordinal(),
            a.action_code,
        )
    )
    return known.as_of, found


def _own(viewer: Viewer) -> set[str]:
    """The organisations that the viewer acts for today."""
    return {viewer.organisation_code, *(grant.organisation_code for grant in viewer.valid_grants)} - {""}


def _action(viewer: Viewer, house: House, known: Known, standing: Standing) -> Action:
    agreed, note, last, names = standing.agreed, standing.note, standing.last, known.names
    own, plans = _own(viewer), known.plans.get(standing.code, ())
    undoable, late = standing.undoable(viewer.account_id), standing.days_overdue(viewer.today)
    restricts = agreed["restricts_work_or_migration"] == "yes"
    return Action(
        action_code=standing.code,
        country=standing.country,
        country_name=house.library.title("countries", standing.country),
        title=agreed["title"],
        changes_for_survivor=agreed["changes_for_survivor"],
        lead=standing.lead,
        lead_name=names.organisation(standing.lead),
        lead_left=names.left(standing.lead),
        sector=names.sector(standing.lead),
        support=standing.support,
        support_names=tuple(map(names.organisation, standing.support)),
        corridor=agreed["corridor"] or "",
        corridor_title=_corridor(house, agreed["corridor"] or ""),
        indicator_code=agreed["indicator_code"] or "",
        indicator=house.library.title("indicators", agreed["indicator_code"] or ""),
        plan_actions=tuple(_("{title} ({code})", title=one.title, code=one.action_code) for one in plans),
        plan_parts=tuple(dict.fromkeys(_(house.library.title("plan_parts", one.part)) for one in plans)),
        agreed_on=standing.agreed_on,
        agreed_at=agreed["agreed_at"] or "",
        first_due=standing.first_due,
        due_on=standing.due_on,
        state=standing.state,
        state_on=standing.state_on,
        moved_on=standing.moved_on,
        closed=standing.closed,
        still=not standing.closed and (viewer.today - standing.moved_on).days >= STILL_DAYS,
        on_time=standing.on_time,
        days_overdue=0 if restricts else late,
        moves=standing.moves,
        slip_days=standing.slip_days,
        note=action_words.noted(note) if note else "",
        note_by=_note_by(house, names, note) if note else "",
        note_at=note["recorded_at"] if note else None,
        evidence=tuple(
            Evidence(e["note"], names.body(house, e["by_account"]), e["recorded_at"]) for e in standing.evidence
        ),
        restricts=restricts,
        apart=restricts and late > 0,
        mine=bool(own & {standing.lead, *standing.support}),
        may_change=may_change(viewer, standing).allowed,
        last_event=last["event_id"] if last else "",
        last_by=last["by_account"] if last else "",
        stamp=f"{agreed['since']} {last['event_id'] if last else ''}",
        changes=len(standing.events),
        undone=bool(last and last.get("undoes")),
        undo=undoable[0]["version"] if undoable and may_change(viewer, standing).allowed else 0,
    )


def _note_by(house: House, names: Names, note: dict[str, Any]) -> str:
    """The organisation that a note is from: of a file its own, of the page that of who wrote it."""
    return names.organisation(note["reported_by"]) if by_file(note) else names.body(house, note["by_account"])


def _corridor(house: House, code: str) -> str:
    found = house.library.codes["corridors"].get(code)
    if found is None:
        return code
    return places.corridor_title(
        house, places.Corridor(code, found.attributes["origin"], found.attributes["destination"])
    )


def _in_state(found: Action, state: str) -> bool:
    return not found.closed if state == UNFINISHED else state not in STATES or found.state == state


def _counts(found: list[Action]) -> Counts:
    def in_state(*states: str) -> int:
        return sum(a.state in states for a in found)

    return Counts(
        total=len(found),
        open=sum(not a.closed for a in found),
        overdue=sum(a.days_overdue > 0 for a in found),
        blocked=in_state("blocked"),
        done=in_state("done"),
        on_time=sum(a.on_time for a in found),
        dropped=in_state("dropped"),
        still=sum(a.still for a in found),
        restricting=sum(a.restricts and not a.closed for a in found),
        apart=sum(a.apart for a in found),
        left=sum(a.lead_left and not a.closed for a in found),
    )
