"""What is said of actions: the list as a table, how open ones stand, the answer in a sentence. Never selects any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.coordination.standing import STATES
from dashboard.reference import periods, text
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_

if TYPE_CHECKING:
    from dashboard.reports.actions import Action, Counts

SOURCE = N_("Lists of actions of the coordinating bodies, and what was said of them on this page")
CAVEAT = N_("A due date is the one agreed last; what was agreed first stays beside it.")
RESTRICTS = N_("May restrict women's work or migration: not rights-based")
RESTRICTS_MEANS = N_(
    "A measure that bans or limits where women may work or go takes a right away and protects nobody. Look for one that"
    " makes the work or the journey safe."
)

AGAIN = N_("to be looked at again: it may restrict women's work or migration")
NEVER_LATE = N_("Actions that may restrict women's work or migration are never counted as overdue.")


def slips(moves: int, days: int) -> str:
    """How often a due date moved and how far in all: “moved twice, 94 days in all”; empty when it never did."""
    if not moves:
        return ""
    often = {1: _("moved once"), 2: _("moved twice")}.get(moves) or n_(
        "moved {count} time", "moved {count} times", moves
    )
    if days > 0:
        return f"{often}, {n_('{count} day in all', '{count} days in all', days)}"
    if days < 0:
        return f"{often}, {n_('{count} day earlier in all', '{count} days earlier in all', -days)}"
    return _("{often}, back to the first date", often=often)


def late(days: int) -> str:
    """How late: “94 days overdue”."""
    return n_("{count} day overdue", "{count} days overdue", days)


def state_changed(before: str, after: str) -> str:
    return _("{before} → {after}", before=_(STATES[before]), after=_(STATES[after]))


def told_by_file(period: str, organisation: str) -> str:
    """That not the page but a file said it: of which quarter (2026-Q3), and whose."""
    return _("By file, {organisation}, {quarter}", organisation=organisation, quarter=periods.parse(period).label)


def did_not_hold(state: str) -> str:
    """That a file said another state, and that something newer holds."""
    return _("It says “{state}”. What was said later holds.", state=_(STATES[state]))


def taken_back(what: Iterable[str]) -> str:
    """That somebody took back a change, and which contrary one holds now."""
    return _("Taken back: {what}", what="; ".join(what))


def taken_back_words(event: Mapping[str, Any]) -> str:
    """What was taken back, where that is a text."""
    return _("the evidence") if event["event"] == "evidence" else _("the note")


def noted(event: Mapping[str, Any]) -> str:
    """A note as it reads, with what a file says is in the way."""
    if not event.get("obstacle"):
        return str(event["note"])
    return _("{note} In the way: {obstacle}", note=event["note"], obstacle=event["obstacle"])


def due_moved(before: date, after: date) -> str:
    return _("Due {before} → {after}, {how}", before=text.day(before), after=text.day(after), how=_how(before, after))


def due_moved_by_list(period: str, organisation: str, before: date, after: date) -> str:
    """That not the page but a list moved it: of which quarter (2026-Q3), and whose."""
    return _(
        "The list sent for {quarter} by {organisation} says another due date: {before} → {after}, {how}",
        quarter=periods.parse(period).label,
        organisation=organisation,
        before=text.day(before),
        after=text.day(after),
        how=_how(before, after),
    )


def _how(before: date, after: date) -> str:
    days = (after - before).days
    if days > 0:
        return n_("{count} day later", "{count} days later", days)
    return n_("{count} day earlier", "{count} days earlier", -days)


OWN = N_("Of the actions that your own organisation leads or supports.")


def answer(counts: Counts, part: bool = False) -> str:
    """The question's answer: how many are to be done, overdue, blocked and done; `part`: of those of hers alone."""
    own = " " + _(OWN) if part else ""
    if not counts.total:
        return _("No action has been agreed for this choice.") + own
    return " ".join(filter(None, [_told(counts), apart(counts.apart)])) + own


def apart(count: int) -> str:
    """How many actions past their due date are told apart from those that are late; nothing for none."""
    if not count:
        return ""
    return n_(
        "{count} action past its due date may restrict women's work or migration: it is to be looked at again, and not"
        " counted as late.",
        "{count} actions past their due date may restrict women's work or migration: they are to be looked at again,"
        " and not counted as late.",
        count,
    )


def late_and_apart(late: int, beside: int) -> str:
    """How many actions are late, and how many are told apart from them."""
    said = n_("{count} action is late.", "{count} actions are late.", late) if late else _("No action is late.")
    return " ".join(filter(None, [said, apart(beside)]))


def _told(counts: Counts) -> str:
    return n_(
        "{open} of {count} action is still to be done: {overdue} overdue, {blocked} blocked. Done: {done},"
        " {on_time} of them on time. Dropped: {dropped}.",
        "{open} of {count} actions are still to be done: {overdue} overdue, {blocked} blocked. Done: {done},"
        " {on_time} of them on time. Dropped: {dropped}.",
        counts.total,
        open=text.number(counts.open),
        overdue=text.number(counts.overdue),
        blocked=text.number(counts.blocked),
        done=text.number(counts.done),
        on_time=text.number(counts.on_time),
        dropped=text.number(counts.dropped),
    )


def table(known: AsOf, found: Iterable[Action]) -> Table:
    """The actions as a table, one row each, its codes in words; the index is the action's code."""
    parts: list[tuple[Column, Callable[[Action], Any]]] = [
        (Column("action_code", _("Code")), lambda a: a.action_code),
        (Column("title", _("Action")), lambda a: a.title),
        (Column("changes_for_survivor", _("What changes for the survivor")), lambda a: a.changes_for_survivor),
        (Column("country", _("Country")), lambda a: a.country_name),
        (Column("corridor", _("Corridor")), lambda a: a.corridor_title),
        (Column("lead", _("Leads")), lambda a: a.lead_name),
        (Column("support", _("Supports")), lambda a: "; ".join(a.support_names)),
        (Column("plan_action", _("Plan action it carries")), lambda a: "; ".join(a.plan_actions)),
        (Column("plan_part", _("Part of the plan")), lambda a: "; ".join(a.plan_parts)),
        (Column("indicator", _("Indicator it serves")), lambda a: a.indicator),
        (Column("agreed_on", _("Agreed on")), lambda a: text.day(a.agreed_on)),
        (Column("agreed_at", _("Agreed at")), lambda a: a.agreed_at),
        (Column("first_due", _("First due")), lambda a: text.day(a.first_due)),
        (Column("due_on", _("Due now")), lambda a: text.day(a.due_on)),
        (Column("state", _("State")), lambda a: _(STATES[a.state])),
        (Column("state_on", _("Since")), lambda a: text.day(a.state_on)),
        (Column("days_overdue", _("Overdue"), unit=_("days"), numeric=True), _days_overdue),
        (Column("slips", _("Due date moved")), lambda a: slips(a.moves, a.slip_days)),
        (Column("note", _("Last note")), lambda a: a.note),
        (Column("note_by", _("Note by")), lambda a: a.note_by),
        (Column("note_at", _("Note on")), lambda a: text.day(a.note_at) if a.note_at else ""),
        (Column("evidence", _("Evidence")), lambda a: "; ".join(one.said for one in a.evidence)),
        (Column("restricts", _("To be looked at again")), lambda a: _(RESTRICTS) if a.restricts else ""),
    ]
    actions = list(found)
    frame = pd.DataFrame(
        [[value(a) for _column, value in parts] for a in actions],
        columns=[column.name for column, _value in parts],
        dtype=object,  # a number that does not apply turns none of the others into a fraction
        index=[a.action_code for a in actions],
    )
    return as_table(_("Actions agreed by the mechanism"), known, tuple(column for column, _value in parts), frame)


def as_table(title: str, known: AsOf, columns: tuple[Column, ...], frame: pd.DataFrame) -> Table:
    """A table of actions with their caveat and source; where a number is None, the question does not apply."""
    return Table(
        title=title,
        columns=columns,
        frame=frame,
        statuses=frame.map(_status),
        as_of=known,
        caveats=(_(CAVEAT),),
        source=_(SOURCE),
    )


def _days_overdue(action: Action) -> int | None:
    return None if action.apart else action.days_overdue


def _status(value: Any) -> Status:
    if value is None:
        return Status.NOT_APPLICABLE
    return Status.ZERO if isinstance(value, int) and value == 0 else Status.VALUE
