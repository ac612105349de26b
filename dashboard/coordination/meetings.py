"""The write door for meetings: that one was held, and what the record knew then. Nothing is deleted, only withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from uuid_utils import uuid7

from dashboard.coordination.notes import screened, tidy
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _, number

SHORTEST, LONGEST = 3, 120


def hold(viewer: Viewer, house: House, *, country: str, title: str, held_on: date) -> str:
    """Record that the mechanism of `country` met on `held_on`; returns the meeting's id.

    It keeps the version that the record had at the end of that day (UTC), or has now when it is today.
    Raises policy.Refused, and NotPossible for a day to come, an unknown country, or a title that does not fit.
    """
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
    screened(title)
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
            },
        )
        house.store.audit("meeting held", by=viewer.account_id, subject=meeting_id, detail={"country": country})
        return meeting_id


def withdraw(viewer: Viewer, house: House, meeting_id: str) -> None:
    """Take back a meeting that was recorded by mistake; its row stays. Raises policy.Refused and NotPossible.

    A meeting that is not there and one of another country are answered in the same words.
    """
    policy.require(viewer, "change actions")
    with house.store.write("coordination", by=viewer.account_id) as write:
        rows = write.read(
            "select * exclude (version, recorded_at) from meeting_now where meeting_id = $id", id=meeting_id
        )
        if not rows or not policy.may(viewer, "change actions", country=rows[0]["country"]).allowed:
            raise policy.Refused(_("This meeting does not exist, or it is not yours to change."))
        if rows[0]["withdrawn"]:
            raise NotPossible(_("This meeting was withdrawn already."))
        write.add("meeting", rows[0] | {"withdrawn": True, "by_account": viewer.account_id})
        house.store.audit("meeting withdrawn", by=viewer.account_id, subject=meeting_id)


def end_of(day: date) -> datetime:
    """The last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)
