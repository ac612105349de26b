"""What the papers of a meeting hold, as known when it closed, or now until then. Never more than its viewer sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dashboard.coordination.agenda import INDICATOR
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.text import _
from dashboard.reports import actions, indicators, marts, meetings, moments, overview
from dashboard.reports.actions import Action
from dashboard.reports.indicators import Series
from dashboard.reports.meetings import Detail
from dashboard.reports.moments import Moment
from dashboard.reports.overview import Overview

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FIGURES = 8
"""So many figures a briefing draws: those of the agenda first, then the headlines."""


@dataclass(frozen=True)
class Paper:
    """A meeting with all that its papers need. `known` says in words as of when, `demo` that all of it is invented."""

    detail: Detail
    then: Moment
    overview: Overview
    figures: tuple[Series, ...]
    followed: tuple[Action, ...]
    open: tuple[Action, ...]
    known: str
    demo: bool

    @property
    def name(self) -> str:
        """The name of a file of this meeting, without its end."""
        found = self.detail.meeting
        label = "demo-" if self.demo else ""
        return f"{label}{found.held_on.isoformat()}-{found.country.lower()}-{found.meeting_id[-6:]}"


def paper(viewer: Viewer, house: House, meeting_id: str) -> Paper:
    """The meeting, its country's overview, the figures that it is about and the actions that follow from it.

    Of a closed meeting everything is as it was known when it closed, for ever. Raises policy.Refused.
    """
    detail = meetings.meeting(viewer, house, meeting_id)
    found = detail.meeting
    if found.withdrawn:
        raise policy.Refused(_("This meeting was withdrawn. Bring it back, and its papers can be made."))
    then = moments.moment(viewer, house, found.key)
    # A paper is handed on: whoever makes it, it holds no count of contacts but those that were released.
    seen = replace(moments.seen_on(viewer, then), training_until=None)
    whole = overview.overview(seen, house, then, country=found.country, period="")
    listed = actions.actions(seen, house, country=found.country, version=then.version).rows
    codes = {one.action_code or one.since for one in detail.decisions} - {""}
    # What a decision brought into being after the meeting closed is named with it, as it stands now.
    later = [a for a in actions.actions(viewer, house, country=found.country).rows if a.action_code in codes]
    held = {a.action_code: a for a in (*later, *(a for a in listed if a.action_code in codes))}
    as_of = marts.as_of(house, then.version)
    moment = text.moment(as_of.recorded_at) if as_of.recorded_at else _("nothing recorded yet")
    return Paper(
        detail=detail,
        then=then,
        overview=whole,
        figures=_figures(seen, house, detail, whole, then),
        followed=tuple(sorted(held.values(), key=lambda a: (a.due_on, a.action_code))),
        open=tuple(a for a in listed if not a.closed),
        known=_("Figures as of {moment}, version {version}.", moment=moment, version=as_of.version),
        demo=house.settings.demo,
    )


def _figures(viewer: Viewer, house: House, detail: Detail, whole: Overview, then: Moment) -> tuple[Series, ...]:
    """The indicators of the agenda, then the headlines, each once and only with a value that this viewer may see."""
    asked = [line.subject.removeprefix(INDICATOR) for line in detail.lines if line.subject.startswith(INDICATOR)]
    codes = dict.fromkeys([*asked, *(card.indicator.code for card in whole.headlines)])
    found = [
        indicators.series(viewer, house, code, country=detail.meeting.country, version=then.version)
        for code in codes
        if code in house.library.indicators
    ]
    return tuple(series for series in found if series.latest)[:FIGURES]


def writable(said: object) -> str:
    """Text as an office file can hold it: without the few signs that XML forbids."""
    return _UNWRITABLE.sub("", str(said))
