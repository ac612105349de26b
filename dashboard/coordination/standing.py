"""Where each action stands at a version: as agreed, and what was said of it since. Never asks who looks.

A file, or a decision of a meeting, brings an action into being and words it; its state, its due date and its notes are
events on the page. An action that stands in the files of several quarters is worded as in the latest. When it was
agreed and first due is what was accepted first, of replaced and withdrawn files too, so that no file changes it; only
what was expunged is forgotten.

The list's due date is that of the earliest quarter whose file holds the action. Where another file is accepted or one
is withdrawn and the list then says another date than before, that is a move like one on the page, and the later of the
two holds. A list that repeats its date undoes nothing, and one that says what the page says already moves nothing; nor
does any move the date of what is done or dropped. A code begins with its country, and no other country's file speaks
for it. Of an action that a meeting decided, the decision is the earliest list: no file moves its date.

An organisation may also tell the progress of a quarter in a file. State and note then stand here from the version at
which the file was accepted, for as long as it counts; they hold unless the page said something else after the file was
checked, or the file of a later quarter did.

A change that somebody took back stays in the history, with the contrary event after it; what stands is then as if it
had never been, so that a mistake is no slip and nothing done in time becomes late by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from dashboard.reference.text import N_

STATES = {
    "open": N_("Open"),
    "in_progress": N_("In progress"),
    "blocked": N_("Blocked"),
    "done": N_("Done"),
    "dropped": N_("Dropped"),
}
CLOSED = frozenset({"done", "dropped"})

Row = dict[str, Any]
Read = Callable[..., list[Row]]

_WORDED = (
    "select country, action_code, title, changes_for_survivor, lead, support, corridor, indicator_code, agreed_on,"
    " agreed_at, due_on, restricts_work_or_migration, "
)
_SAID = (
    "with listed as ("
    + _WORDED
    + "period, reported_by, since, until, '' as meeting_id from actions_rows union all "
    + _WORDED
    + "'' as period, '' as reported_by, version as since, null as until, meeting_id from action_agreed),"
    " said as (select * from listed where since <= $version and ($code = '' or action_code = $code)"
    " and starts_with(action_code, country || '-')), first as (select country, action_code,"
    " first(due_on order by since, period) as first_due, first(agreed_on order by since, period) as first_agreed,"
    " count(distinct due_on) > 1 as differ from said group by country, action_code) "
)
_AGREED = _SAID + (
    "select said.* replace (first_agreed as agreed_on), first_due from said join first using (country, action_code)"
    " where until is null or until > $version qualify row_number() over"
    " (partition by country, action_code order by period desc, since desc) = 1 order by country, action_code"
)
_DIFFER = _SAID + (
    "select country, action_code, period, reported_by, due_on, since, until from said"
    " join first using (country, action_code) where differ order by country, action_code, period, since"
)
_STEPS = (
    "select event_id, version, recorded_at, by_account from submission_event"
    " where version <= $version and event in ('accepted', 'withdrawn', 'expunged') order by version, event_id"
)
_UPDATES = (
    "select u.country, u.action_code, u.state, u.progress as note, u.obstacle, u.period, u.reported_by, e.event_id,"
    " e.version, e.recorded_at, e.by_account, (select max(c.version) from submission_event as c where"
    " c.submission_id = u.submission_id and c.event = 'staged' and c.version <= u.since) as checked"
    " from action_updates_rows as u join submission_event as e on e.submission_id = u.submission_id"
    " and e.version = u.since and e.event = 'accepted' where u.since <= $version"
    " and (u.until is null or u.until > $version) and ($code = '' or u.action_code = $code)"
    " and starts_with(u.action_code, u.country || '-') order by u.since, u.submission_id, u.row_number"
)
_EVENTS = (
    "select * from action_event where version <= $version and ($code = '' or action_code = $code)"
    " order by version, event_id"
)


@dataclass
class Standing:
    """One action at one version. Dates are days in UTC; `events` are its rows of action_event, oldest first.

    Among them stands what a file said, with its `period` and `reported_by`: as `due` each move of the date by a list,
    as `state` and `note` (with the `obstacle`) what was told of a quarter; `holds` is no where something newer does.
    An event that takes another back names it in `undoes`; `undone` are the ids of those, `evidence` what stands of it.
    """

    agreed: Row
    state: str
    state_on: date
    due_on: date
    moves: int = 0
    note: Row | None = None
    evidence: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        return str(self.agreed["action_code"])

    @property
    def country(self) -> str:
        return str(self.agreed["country"])

    @property
    def lead(self) -> str:
        return str(self.agreed["lead"])

    @property
    def support(self) -> tuple[str, ...]:
        return tuple(part for part in (self.agreed["support"] or "").split("|") if part)

    @property
    def first_due(self) -> date:
        return self.agreed["first_due"]  # type: ignore[no-any-return]

    @property
    def agreed_on(self) -> date:
        return self.agreed["agreed_on"]  # type: ignore[no-any-return]

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    @property
    def slip_days(self) -> int:
        """Days between the first due date and the one that holds; negative when it was brought forward."""
        return (self.due_on - self.first_due).days

    @property
    def last(self) -> Row | None:
        """The last event, or None for an action that nobody has touched since it was agreed."""
        return self.events[-1] if self.events else None

    @property
    def moved_on(self) -> date:
        """The day on which anything was last said of it."""
        return day_of(self.last["recorded_at"]) if self.last else self.agreed_on

    @property
    def on_time(self) -> bool:
        """Whether it is done, and was by the due date agreed last."""
        return self.state == "done" and self.state_on <= self.due_on

    def days_overdue(self, today: date) -> int:
        """Days since the due date of an action that is neither done nor dropped; 0 when it is not overdue."""
        return 0 if self.closed else max(0, (today - self.due_on).days)

    def _hear(self, event: Row) -> None:
        what = event["event"]
        if by_list(event) and (self.closed or event["due_on"] == self.due_on):
            return
        if by_file(event) and what != "due":
            event = event | {"holds": not self._newer(event)}
            if what == "state" and event["state"] == self.state:
                return
        self.events.append(event)
        if event.get("undoes"):
            self.take_back(event["undoes"])
        elif event.get("holds", True):
            self._take(event)

    def _take(self, event: Row) -> None:
        what = event["event"]
        if what == "state":
            self.state, self.state_on = event["state"], day_of(event["recorded_at"])
        elif what == "due":
            self.due_on, self.moves = event["due_on"], self.moves + 1
        elif what == "evidence":
            self.evidence.append(event)
        else:
            self.note = event

    def take_back(self, *event_ids: str) -> None:
        """Stand as if these events had never been."""
        self.undone |= {*event_ids}
        self.state, self.state_on, self.due_on, self.moves = "open", self.agreed_on, self.first_due, 0
        self.note, self.evidence = None, []
        for event in self.standing_events:
            self._take(event)

    @property
    def standing_events(self) -> list[Row]:
        """The events that hold, oldest first: without what was taken back, and without the taking back."""
        return [
            event
            for event in self.events
            if event.get("holds", True) and not event.get("undoes") and event["event_id"] not in self.undone
        ]

    def undoable(self, account_id: str) -> list[Row]:
        """The events of the last change, where this account made it on the page and it was no taking back."""
        events = [event for event in self.events if event["version"] == self.events[-1]["version"]]
        own = all(e["by_account"] == account_id and not by_file(e) and not e.get("undoes") for e in events)
        return events if own else []

    def _newer(self, told: Row) -> bool:
        """Whether the page said so much later than a file was checked, or the file of a later quarter did."""
        return any(
            event["period"] > told["period"]
            if by_file(event) and not by_list(event)
            else event["event"] == told["event"] and event["version"] > told["checked"]
            for event in self.events
            if not event.get("undoes") and event["event_id"] not in self.undone
        )


def by_file(event: Row) -> bool:
    """Whether an event comes from a file, and not from what somebody said on the page."""
    return "reported_by" in event


def by_list(event: Row) -> bool:
    """Whether an event is a move of the due date by a list of actions."""
    return by_file(event) and event["event"] == "due"


def day_of(moment: datetime) -> date:
    """The day of a moment, in UTC."""
    return moment.astimezone(UTC).date()


def standings(read: Read, version: int, code: str = "") -> list[Standing]:
    """Every action that was agreed at `version`, by country and code; with `code`, that one or nothing.

    `read` is the store's, or that of an open write.
    """
    found = {
        (row["country"], row["action_code"]): Standing(row, "open", row["agreed_on"], row["first_due"])
        for row in read(_AGREED, version=version, code=code)
    }
    events = [
        *read(_EVENTS, version=version, code=code),
        *_moves(read, version, code),
        *_told(read(_UPDATES, version=version, code=code)),
    ]
    for event in sorted(events, key=lambda event: int(event["version"])):
        if standing := found.get((event["country"], event["action_code"])):
            standing._hear(event)
    return list(found.values())


def _told(rows: list[Row]) -> Iterator[Row]:
    """What files told of a quarter, as a `state` and a `note` of whoever accepted the file."""
    for row in rows:
        place = {name: value for name, value in row.items() if name not in ("state", "note", "obstacle")}
        yield {**place, "event": "state", "state": row["state"]}
        yield {**place, "event": "note", "note": row["note"], "obstacle": row["obstacle"] or ""}


def _moves(read: Read, version: int, code: str) -> list[Row]:
    """Each time the list came to say another due date than it last said, as a `due` event of whoever brought that."""
    rows = read(_DIFFER, version=version, code=code)
    if not rows:
        return []
    steps = {step["version"]: step for step in read(_STEPS, version=version)}
    moves: list[Row] = []
    for (country, action), said in groupby(rows, key=lambda row: (row["country"], row["action_code"])):
        held = list(said)  # by quarter, so that the first one that counts is the list's
        turns = {row["since"] for row in held} | {row["until"] for row in held if row["until"] is not None}
        before: date | None = None
        for turn in sorted(turn for turn in turns if turn <= version):
            now = next((r for r in held if r["since"] <= turn and (r["until"] is None or r["until"] > turn)), None)
            if now is None:
                continue  # no list holds it: what comes next is compared with what was said last
            if before not in (None, now["due_on"]):
                what = {name: now[name] for name in ("due_on", "period", "reported_by")}
                moves.append({**steps[turn], "event": "due", "country": country, "action_code": action, **what})
            before = now["due_on"]
    return moves
