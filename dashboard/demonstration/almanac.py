"""When things happen in the demonstration: its quarters and days, counted back from the day of building. Reads no file.

So the story never grows old: quarter 12 is the last one that had ended on the day of building, quarter 1 the one that
ended 33 months before it. A day is written as `-30` (so many days before the day of building), `+30` (after it),
`9+20` (20 days after quarter 9 began) or `2021-04-01`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dashboard.reference import periods
from dashboard.reference.periods import Period

QUARTERS = 12
SETTLED = 44
"""Days after the last quarter's end in which all that the story tells of it happens."""
_OPENING, _WORKING_DAY = 8 * 60, 9 * 60  # minutes


def luck(*words: object) -> random.Random:
    """Chance that is the same at every building: for the same words, the same numbers."""
    return random.Random("/".join(map(str, words)))


@dataclass(frozen=True)
class Almanac:
    """The story's time. All moments are UTC and lie before the day of building began."""

    today: date

    def period(self, quarter: int) -> Period:
        """The quarter of this number; those after 12 are still to come."""
        return periods.last_ended(self.today).shifted(quarter - QUARTERS)

    @property
    def last_moment(self) -> datetime:
        return _midnight(self.today) - timedelta(minutes=1)

    def day(self, text: str) -> date:
        """The day that a file names. Raises ValueError for what is none."""
        if text.startswith(("-", "+")):
            return self.today + timedelta(days=int(text))
        quarter, plus, days = text.partition("+")
        if plus:
            return self.period(int(quarter)).start + timedelta(days=int(days))
        return date.fromisoformat(text)

    def ago(self, days: str, name: str) -> datetime:
        """A moment of a working day so many days before today, `-30` for thirty; `name` decides the hour."""
        if not days.startswith("-") or int(days) > -1:
            raise ValueError(f"“{days}” is no day before the day of building. Write it as -30.")
        return min(_at_work(self.today + timedelta(days=int(days)), name), self.last_moment)

    def after(self, quarter: int, days: float, name: str) -> datetime:
        """A moment so many days after a quarter's end (before it when negative).

        When the last quarter ended only days ago, what is told of the time since happens closer together.
        """
        natural = _at_work(self.period(quarter).end + timedelta(days=days), name)
        begin = _midnight(self.period(QUARTERS).end) - timedelta(days=3)
        room, wanted = self.last_moment - begin, timedelta(days=SETTLED + 3)
        if natural <= begin or room >= wanted:
            return min(natural, self.last_moment)
        return min(begin + (natural - begin) * (room / wanted), self.last_moment)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _at_work(day: date, name: str) -> datetime:
    """A minute of a working day; what falls on a weekend was done on the Friday before."""
    friday = day - timedelta(days=max(0, day.weekday() - 4))
    return _midnight(friday) + timedelta(minutes=_OPENING + luck(name, "hour").randrange(_WORKING_DAY))
