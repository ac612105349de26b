"""The moments at which the record can be looked at: now, a meeting, the end of a quarter. Never one that is to come."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboard.coordination.meetings import end_of
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.text import _

NOW = ""
QUARTERS = 4
_MEETING = "meeting:"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Moment:
    """A moment by its key in the address, in words, as a version (None: now) and as a day."""

    key: str
    title: str
    version: int | None
    day: date

    @property
    def past(self) -> bool:
        return self.version is not None


def moment(viewer: Viewer, house: House, key: str) -> Moment:
    """The moment that `key` names: "" now, "meeting:<id>", or a day as 2026-09-30, which means its end (UTC).

    Whatever names no past moment that the viewer may choose is now. Raises policy.Refused for the public.
    """
    policy.require(viewer, "view actions")
    if key.startswith(_MEETING):
        for row in _meetings(viewer, house):
            if row["meeting_id"] == key.removeprefix(_MEETING):
                return Moment(key, row["words"], row["as_of_version"], row["held_on"])
    elif _DAY.fullmatch(key):
        try:
            day = date.fromisoformat(key)
        except ValueError:
            day = viewer.today
        if day < viewer.today:
            return Moment(key, _day_words(day), house.store.version_on(end_of(day)), day)
    return Moment(NOW, _("Now"), None, viewer.today)


def options(viewer: Viewer, house: House, chosen: str = NOW) -> list[tuple[str, str]]:
    """What can be chosen, as (key, title): now, the meetings of the viewer's reach, the ends of the last quarters.

    Newest first, and quarters only where the record knew anything by then. A day that an address names (`chosen`)
    is added, so that it shows as chosen.
    """
    found = [(NOW, _("Now"))]
    found += [(_MEETING + row["meeting_id"], row["words"]) for row in _meetings(viewer, house)]
    this = periods.of(viewer.today)
    ends = [this.shifted(-back).end for back in range(1, QUARTERS + 1)]
    found += [(day.isoformat(), _day_words(day)) for day in ends if house.store.version_on(end_of(day))]
    asked = moment(viewer, house, chosen)
    if asked.key not in dict(found):
        found.append((asked.key, asked.title))
    return found


def banner(moment: Moment) -> str:
    """The sentence that stands above a page of the past; empty for now."""
    if not moment.past:
        return ""
    if moment.title == text.day(moment.day):
        return _(
            "You see the record as it stood on {day}. What came later is not shown, and nothing can be changed here.",
            day=moment.title,
        )
    return _(
        "You see the record as it stood on {day} ({title}). What came later is not shown, and nothing can be changed"
        " here.",
        day=text.day(moment.day),
        title=moment.title,
    )


def seen_on(viewer: Viewer, moment: Moment) -> Viewer:
    """The same viewer on the day of a moment, with the rights and the training that she has today.

    Rights have dates too: a role or a training that has ended must not come back by looking at a day on which it held.
    """
    if not moment.past:
        return viewer
    return replace(
        viewer,
        today=moment.day,
        grants=tuple(replace(grant, valid_from=None, valid_to=None) for grant in viewer.valid_grants),
        training_until=date.max if viewer.trained else None,
    )


def _day_words(day: date) -> str:
    quarter = periods.of(day)
    return _("End of {quarter}", quarter=quarter.label) if day == quarter.end else text.day(day)


def _meetings(viewer: Viewer, house: House) -> list[dict[str, Any]]:
    """The meetings that stand, within the viewer's reach and since the record began, newest first, with their words."""
    scope = policy.scope(viewer, "view actions")
    rows = [
        row
        for row in house.store.read(
            "select * from meeting_now where not withdrawn and as_of_version > 0"
            " order by held_on desc, as_of_version desc, meeting_id desc"
        )
        if scope.holds(country=row["country"])
    ]
    said = [_meeting_words(house, row) for row in rows]
    times = Counter(said)
    return [
        row | {"words": words if times[words] == 1 else f"{words}: {row['title']}"}
        for row, words in zip(rows, said, strict=True)
    ]


def _meeting_words(house: House, row: dict[str, Any]) -> str:
    country = house.library.title("countries", row["country"])
    return _("Meeting of {day}, {country}", day=text.day(row["held_on"]), country=country)
