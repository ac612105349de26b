"""The two ends between which changes are told, and what one change is. Never finds any."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reports.moments import Moment


@dataclass(frozen=True)
class Ends:
    """One country at two moments, and the viewer as on the day of each, with the rights that she has today."""

    house: House
    country: str
    earlier: Viewer
    before: Moment
    later: Viewer
    then: Moment

    @property
    def versions(self) -> tuple[int, int]:
        """The version at each end."""
        head = self.house.store.head().version
        return self.before.version or 0, head if self.then.version is None else self.then.version


@dataclass(frozen=True)
class Change:
    """One change: of what subject, what it is, how it stood and stands in words, and all of it as a sentence.

    `why` is what was said of it, `caveat` what must be known of a count of contacts, `href` where it is told at length.
    """

    subject: str
    what: str
    before: str
    now: str
    said: str
    why: str = ""
    caveat: str = ""
    href: str = ""
