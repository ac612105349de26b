"""The write door for meetings: prepared, begun, closed with what was known then. Nothing is deleted, only withdrawn.

What stands on the agenda, who was there and what was decided have doors of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from uuid_utils import uuid7

from dashboard.coordination import agenda, together
from dashboard.coordination.notes import screened, tidy
from dashboard.coordination.together import CLOSED, PLANNED, RUNNING, Topic
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.text import _, number

SHORTEST, LONGEST = 3, 120
AHEAD_DAYS = 400


def hold(viewer: Viewer, house: House, *, country: str, title: str, held_on: date) -> str:
    """Record that the mechanism of `country` met on `held_on`; returns the meeting's id.

    It keeps the version that the record had at the end of that day (UTC), or has now when it is today.
    Raises policy.Refused, and NotPossible for a day to come, an unknown country, or a title that does not fit.
    """
    title = _fits(viewer, house, country, title)
    if held_on > viewer.today:
        raise NotPossible(_("This day is still to come. A meeting is recorded on its day, or after it."))
    known = None if held_on == viewer.today else house.store.version_on(end_of(held_on))
    with house.store.write("coordination", by=viewer.account_id) as write:
        meeting_id = str(uuid7())
        write.add(
            "meeting",
            {
                "meeting_id": meeting_id,
                "country": country,
                "title": title,
                "held_on": held_on,
                "as_of_version": write.version - 1 if known is None else known,
                "by_account": viewer.account_id,
                "state": CLOSED,
            },
        )
        house.store.audit("meeting held", by=viewer.account_id, subject=meeting_id, detail={"country": country})
        return meeting_id


def prepare(
    viewer: Viewer, house: House, *, country: str, title: str, held_on: date, topics: Iterable[Topic] = ()
) -> str:
    """Plan a meeting, today or within AHEAD_DAYS, with the first lines of its agenda; returns its id.

    Raises policy.Refused and NotPossible.
    """
    title = _fits(viewer, house, country, title)
    _to_come(viewer, held_on)
    with house.store.write("coordination", by=viewer.account_id) as write:
        meeting_id = str(uuid7())
        row = {
            "meeting_id": meeting_id,
            "country": country,
            "title": title,
            "held_on": held_on,
            "as_of_version": 0,
            "by_account": viewer.account_id,
            "state": PLANNED,
        }
        write.add("meeting", row)
        agenda.put(viewer, write, meeting_id, topics)
        house.store.audit("meeting prepared", by=viewer.account_id, subject=meeting_id, detail={"country": country})
        return meeting_id


def plan_anew(
    viewer: Viewer, house: House, meeting_id: str, *, title: str, held_on: date, knowing: int | None = None
) -> None:
    """Give a planned meeting another title or day. Raises policy.Refused, NotPossible and Newer."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        together.open_meeting(viewer, write, meeting_id, PLANNED)
        row = write.read("select * from meeting_now where meeting_id = $id", id=meeting_id)[0]
        title = _fits(viewer, house, row["country"], title)
        if (title, held_on) == (row["title"], row["held_on"]):
            raise NotPossible(_("Nothing was changed: write another title or choose another day."))
        together.nothing_newer(write, row, knowing, f"{row['title']}, {text.day(row['held_on'])}")
        if held_on != row["held_on"]:
            _to_come(viewer, held_on)
        write.add(
            "meeting",
            together.bare(row) | {"title": title, "held_on": held_on, "by_account": viewer.account_id},
        )
        house.store.audit("meeting planned anew", by=viewer.account_id, subject=meeting_id)


def start(viewer: Viewer, house: House, meeting_id: str) -> None:
    """Begin a planned meeting, on its day or after it. Raises policy.Refused and NotPossible."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.open_meeting(viewer, write, meeting_id, PLANNED)
        if row["held_on"] > viewer.today:
            raise NotPossible(
                _(
                    "The meeting is planned for {day}. Change its date to today if it takes place now.",
                    day=text.day(row["held_on"]),
                )
            )
        write.add("meeting", row | {"state": RUNNING, "by_account": viewer.account_id})
        house.store.audit("meeting begun", by=viewer.account_id, subject=meeting_id)


def close(viewer: Viewer, house: House, meeting_id: str) -> int:
    """Close a meeting that has begun: it keeps this version, and shows it for ever. Returns that version.

    Raises policy.Refused and NotPossible.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.open_meeting(viewer, write, meeting_id, RUNNING)
        known = write.version - 1
        write.add("meeting", row | {"state": CLOSED, "as_of_version": known, "by_account": viewer.account_id})
        house.store.audit("meeting closed", by=viewer.account_id, subject=meeting_id, detail={"version": known})
        return known


def withdraw(viewer: Viewer, house: House, meeting_id: str) -> None:
    """Take back a meeting that was recorded by mistake; its row stays. Raises policy.Refused and NotPossible.

    A meeting that is not there and one of another country are answered in the same words.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.meeting(viewer, write, meeting_id)
        if row["withdrawn"]:
            raise NotPossible(_("This meeting was withdrawn already."))
        write.add("meeting", row | {"withdrawn": True, "by_account": viewer.account_id})
        house.store.audit("meeting withdrawn", by=viewer.account_id, subject=meeting_id)


def bring_back(viewer: Viewer, house: House, meeting_id: str) -> None:
    """Undo that a meeting was withdrawn: it stands as it did before. Raises policy.Refused and NotPossible."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.meeting(viewer, write, meeting_id)
        if not row["withdrawn"]:
            raise NotPossible(_("This meeting was not withdrawn."))
        write.add("meeting", row | {"withdrawn": False, "by_account": viewer.account_id})
        house.store.audit("meeting brought back", by=viewer.account_id, subject=meeting_id)


def end_of(day: date) -> datetime:
    """The last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)


def _fits(viewer: Viewer, house: House, country: str, title: str) -> str:
    policy.require(viewer, "change actions", country=country)
    if not house.library.codes["countries"].get(country):
        raise NotPossible(_("“{code}” is no country of this mechanism. Choose one from the list.", code=country[:40]))
    title = tidy(title)
    if not SHORTEST <= len(title) <= LONGEST:
        raise NotPossible(
            _(
                "Write a title of {least} to {most} characters; yours has {count}.",
                least=SHORTEST,
                most=LONGEST,
                count=number(len(title)),
            )
        )
    return screened(title)


def _to_come(viewer: Viewer, held_on: date) -> None:
    if held_on < viewer.today:
        raise NotPossible(_("This day has passed. Plan a meeting for today or a day to come."))
    if (held_on - viewer.today).days > AHEAD_DAYS:
        raise NotPossible(_("Plan a meeting at most {count} days ahead.", count=AHEAD_DAYS))
