"""Which meetings there are, what one of them holds, and what of it was known when it closed. Never changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.coordination.attendance import HERE, STATES
from dashboard.coordination.seats import seats
from dashboard.coordination.together import CLOSED, PLANNED, RUNNING, state_of
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _, day, n_
from dashboard.reports import decisions, members
from dashboard.reports.action_names import names_at
from dashboard.reports.decisions import Decision

STANDINGS = {PLANNED: N_("Planned"), RUNNING: N_("Running now"), CLOSED: N_("Closed")}


@dataclass(frozen=True)
class Meeting:
    """One meeting for one viewer. `version` is what it keeps, 0 until it is closed; `row` what a change is compared
    with. `decided` counts its decisions, `unfollowed` those that no action follows."""

    meeting_id: str
    country: str
    country_name: str
    title: str
    held_on: date
    state: str
    version: int
    row: int
    withdrawn: bool
    may_change: bool
    decided: int = 0
    unfollowed: int = 0

    @property
    def closed(self) -> bool:
        return self.state == CLOSED

    @property
    def running(self) -> bool:
        return self.state == RUNNING

    @property
    def planned(self) -> bool:
        return self.state == PLANNED

    @property
    def key(self) -> str:
        """The key of its moment, for pages as of this meeting; empty until it is closed."""
        return f"meeting:{self.meeting_id}" if self.version and not self.withdrawn else ""


@dataclass(frozen=True)
class Line:
    """One line of an agenda with its number, its note and the decisions under it."""

    item_id: str
    number: int
    title: str
    subject: str
    minutes: int
    note: str
    version: int
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Place:
    """One seat of the mechanism, its category by name, and how it attended: a key of attendance.STATES, or ""."""

    organisation_code: str
    name: str
    category: str
    state: str
    vacant: bool = False
    """Nobody was named for the seat yet, so that nobody could come."""


@dataclass(frozen=True)
class Document:
    """A document of the meeting and where it lies."""

    document_id: str
    title: str
    address: str


@dataclass(frozen=True)
class Detail:
    """One meeting with what it holds, as of its closing where it is closed."""

    meeting: Meeting
    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    documents: tuple[Document, ...]
    decisions: tuple[Decision, ...]

    @property
    def here(self) -> int:
        """How many seats were taken."""
        return sum(place.state in HERE for place in self.places)


def item(house: House, meeting_id: str, item_id: str) -> str:
    """The id, if an agenda has or had a line of it; else "", which stands for the first line."""
    found = house.store.read(
        "select 1 as yes from agenda_item where item_id = $item and meeting_id = $id limit 1",
        item=item_id,
        id=meeting_id,
    )
    return item_id if found else ""


def meetings(viewer: Viewer, house: House, country: str = "") -> tuple[Meeting, ...]:
    """The meetings of the countries that the viewer sees: running, planned, then held, the newest first.

    What was withdrawn is there for whoever may bring it back. Raises policy.Refused.
    """
    policy.require(viewer, "view actions")
    scope = policy.scope(viewer, "view actions")
    taken: dict[str, list[Decision]] = {}
    for one in decisions.decisions(viewer, house):
        taken.setdefault(one.meeting_id, []).append(one)
    rows = house.store.read("select * from meeting_now order by held_on desc, meeting_id desc")
    found = [
        _meeting(viewer, house, row, taken.get(row["meeting_id"], []))
        for row in rows
        if scope.holds(country=row["country"]) and country in ("", row["country"])
    ]
    shown = [one for one in found if not one.withdrawn or one.may_change]
    order = [RUNNING, PLANNED, CLOSED]
    return tuple(sorted(shown, key=lambda one: (one.withdrawn, order.index(one.state))))


def answer(found: tuple[Meeting, ...]) -> str:
    """The sentence under the question: what comes next, and how many decisions no action follows; empty for none."""
    if not found:
        return ""
    running = [one for one in found if one.running and not one.withdrawn]
    planned = [one for one in found if one.planned and not one.withdrawn]
    open_ones = sum(one.unfollowed for one in found)
    parts = []
    if running:
        parts.append(_("Running now: {title}, {country}.", title=running[0].title, country=running[0].country_name))
    if planned:
        first = min(planned, key=lambda one: one.held_on)
        parts.append(_("Next: {title}, {country}, {day}.", title=first.title, country=first.country_name,
                       day=day(first.held_on)))  # fmt: skip
    elif not running:
        parts.append(_("No meeting is planned."))
    if open_ones:
        parts.append(n_("No action follows {count} decision.", "No action follows {count} decisions.", open_ones))
    elif any(one.decided for one in found):
        parts.append(_("An action follows every decision."))
    return " ".join(parts)


def meeting(viewer: Viewer, house: House, meeting_id: str) -> Detail:
    """One meeting; of a closed one what it held when it closed, and the actions that followed later by their code.

    Raises policy.Refused for what is not there and for what is not the viewer's to see, alike.
    """
    policy.require(viewer, "view actions")
    rows = house.store.read("select * from meeting_now where meeting_id = $id", id=meeting_id)
    if not rows or not policy.scope(viewer, "view actions").holds(country=rows[0]["country"]):
        raise policy.Refused(_("This meeting does not exist, or it is not yours to see."))
    found = _meeting(viewer, house, rows[0], [])
    if found.withdrawn and not found.may_change:
        raise policy.Refused(_("This meeting does not exist, or it is not yours to see."))
    at = found.version if found.closed else house.store.head().version
    taken = decisions.decisions(viewer, house, meeting_id=meeting_id, version=at)
    return Detail(
        meeting=found,
        lines=_lines(house, meeting_id, at, taken),
        places=_places(house, found, at),
        documents=_documents(house, meeting_id, at),
        decisions=taken,
    )


def lasts(detail: Detail) -> str:
    """How long the lines of the agenda take in all, in words."""
    return n_("{count} minute in all", "{count} minutes in all", sum(line.minutes for line in detail.lines))


def counted(decided: int, unfollowed: int) -> str:
    """How many decisions a meeting took and how many of them no action follows; empty where none was taken."""
    if not decided:
        return ""
    taken = n_("{count} decision was taken.", "{count} decisions were taken.", decided)
    rest = (
        n_(
            "No action follows {count} decision of this meeting.",
            "No action follows {count} decisions of this meeting.",
            unfollowed,
        )
        if unfollowed
        else _("An action follows every decision of this meeting.")
    )
    return f"{taken} {rest}"


def attended(detail: Detail) -> str:
    """How many seats were taken of those that somebody holds, in words; a sentence where nothing was kept."""
    if not any(place.state for place in detail.places):
        return _("Nobody kept who was here.") if detail.meeting.closed else _("Nobody was marked as here yet.")
    count = sum(not place.vacant or place.state in HERE for place in detail.places)
    return n_("{here} of {count} seat was taken.", "{here} of {count} seats were taken.", count, here=detail.here)


def attendance_words(state: str) -> str:
    return _(STATES[state]) if state in STATES else _("Not said")


def _meeting(viewer: Viewer, house: House, row: Mapping[str, Any], taken: list[Decision]) -> Meeting:
    return Meeting(
        meeting_id=row["meeting_id"],
        country=row["country"],
        country_name=house.library.title("countries", row["country"]),
        title=row["title"],
        held_on=row["held_on"],
        state=state_of(dict(row)),
        version=row["as_of_version"] or 0,
        row=row["version"],
        withdrawn=bool(row["withdrawn"]),
        may_change=policy.may(viewer, "change actions", country=row["country"]).allowed,
        decided=len(taken),
        unfollowed=sum(not (one.action_code or one.since) for one in taken),
    )


def _lines(house: House, meeting_id: str, at: int, taken: tuple[Decision, ...]) -> tuple[Line, ...]:
    rows = house.store.read(
        "select * from (select * from agenda_item where meeting_id = $id and version <= $version qualify row_number()"
        " over (partition by item_id order by version desc) = 1) where not removed order by place, item_id",
        id=meeting_id,
        version=at,
    )
    return tuple(
        Line(
            item_id=row["item_id"],
            number=number,
            title=row["title"],
            subject=row["subject"],
            minutes=row["minutes"],
            note=row["note"],
            version=row["version"],
            decisions=tuple(one for one in taken if one.item_id == row["item_id"]),
        )
        for number, row in enumerate(rows, start=1)
    )


def _places(house: House, found: Meeting, at: int) -> tuple[Place, ...]:
    """Every seat of the register then, and whoever was marked and has left it since."""
    said = {
        row["organisation_code"]: row["state"]
        for row in house.store.read(
            "select organisation_code, arg_max(state, version) as state from attendance where meeting_id = $id"
            " and version <= $version group by organisation_code",
            id=found.meeting_id,
            version=at,
        )
    }
    listed, names = seats(house.store.read, at, found.country), names_at(house, at)
    places = [
        Place(
            s.organisation_code,
            s.name,
            house.library.title("stakeholder_categories", s.category),
            said.get(s.organisation_code, ""),
            members.SEAT_OF.get(s.status, "vacant") == "vacant",
        )
        for s in listed.values()
    ]
    gone = [
        Place(code, names.organisation(code), "", state) for code, state in sorted(said.items()) if code not in listed
    ]
    return (*places, *gone)


def _documents(house: House, meeting_id: str, at: int) -> tuple[Document, ...]:
    rows = house.store.read(
        "select document_id, title, address from (select * from meeting_document where meeting_id = $id and version <="
        " $version qualify row_number() over (partition by document_id order by version desc) = 1) where not removed"
        " order by document_id",
        id=meeting_id,
        version=at,
    )
    return tuple(Document(**row) for row in rows)
