"""Where each action stands at a version: as agreed in a file, and what was said of it since. Never asks who looks.

A file brings an action into being and words it; its state, its due date and its notes are events on the page. An action
that stands in the files of several quarters is worded as in the latest, and its first due date is that of the earliest,
so that no file moves a date. A code begins with its country, and no other country's file speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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

_AGREED = (
    "select * exclude (turn) from (select r.*,"
    " first_value(due_on) over (partition by country, action_code order by period, since) as first_due,"
    " row_number() over (partition by country, action_code order by period desc, since desc) as turn"
    " from actions_rows as r where since <= $version and (until is null or until > $version)"
    " and ($code = '' or action_code = $code) and starts_with(action_code, country || '-'))"
    " where turn = 1 order by country, action_code"
)
_EVENTS = (
    "select * from action_event where version <= $version and ($code = '' or action_code = $code)"
    " order by version, event_id"
)


@dataclass
class Standing:
    """One action at one version. Dates are days in UTC; `events` are its rows of action_event, oldest first."""

    agreed: Row
    state: str
    state_on: date
    due_on: date
    moves: int = 0
    note: Row | None = None
    events: list[Row] = field(default_factory=list)

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
        self.events.append(event)
        if event["event"] == "state":
            self.state, self.state_on = event["state"], day_of(event["recorded_at"])
        elif event["event"] == "due":
            self.due_on, self.moves = event["due_on"], self.moves + 1
        else:
            self.note = event


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
    for event in read(_EVENTS, version=version, code=code):
        if standing := found.get((event["country"], event["action_code"])):
            standing._hear(event)
    return list(found.values())
