"""What a meeting's agenda could hold: the usual lines, and what needs attention now. Never puts anything on one."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.coordination.agenda import INDICATOR
from dashboard.coordination.together import Topic
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import _, n_
from dashboard.reports import action_words, actions, decisions, indicators, members, reporting
from dashboard.reports.indicator_goals import SHORT

LINES = "agenda_lines"
FIGURES = 5
"""So many figures that are short of their milestone are proposed, the overview's first."""


@dataclass(frozen=True)
class Proposal:
    """One line that could stand on an agenda, why, and whether a new agenda begins with it. `code` is its own in the
    list."""

    code: str
    topic: Topic
    why: str
    usual: bool

    @property
    def key(self) -> str:
        """What tells it from the others on the list, also when the list is made anew."""
        return f"{self.code}:{self.topic.subject}"


def proposals(viewer: Viewer, house: House, country: str) -> tuple[Proposal, ...]:
    """The lines of the list `agenda_lines` for a country, in its order: the usual ones, those that something calls for
    now, and what is only offered. Raises policy.Refused.
    """
    policy.require(viewer, "view actions")
    found: list[Proposal] = []
    for code in house.library.codes[LINES].codes:
        subject, when = code.attributes["subject"], code.attributes["when"]
        minutes = int(code.attributes["minutes"])
        if subject == "indicator":
            found += [Proposal(code.code, topic, why, True) for topic, why in _figures(viewer, house, country, minutes)]
            continue
        why = _REASONS[subject](viewer, house, country) if subject in _REASONS else ""
        if why or when != "attention":
            topic = Topic(_(code.title), subject, minutes)
            found.append(Proposal(code.code, topic, why, bool(why) or when == "always"))
    return tuple(found)


def _figures(viewer: Viewer, house: House, country: str, minutes: int) -> list[tuple[Topic, str]]:
    listed = indicators.listing(viewer, house, country=country)
    cards = listed.cards if listed.country == country else ()
    short = [card for card in cards if card.standing == SHORT]
    return [
        (Topic(_(card.indicator.title)[:120], INDICATOR + card.indicator.code, minutes), card.standing_words)
        for card in short[:FIGURES]
    ]


def _decisions(viewer: Viewer, house: House, country: str) -> str:
    count = len(decisions.decisions(viewer, house, country=country, unfollowed=True))
    return n_("No action follows {count} decision.", "No action follows {count} decisions.", count) if count else ""


def _overdue(viewer: Viewer, house: House, country: str) -> str:
    counts = actions.actions(viewer, house, country=country).counts
    return action_words.late_and_apart(counts.overdue, counts.apart) if counts.overdue or counts.apart else ""


def _reports(viewer: Viewer, house: House, country: str) -> str:
    """How many reports are missing, and how many came and went back: those are to be mended, and not to be sent."""
    period = periods.last_ended(viewer.today)
    due = reporting.reporting(viewer, house, period=str(period), country=country)
    missing, returned = len(due.standing("missing")), len(due.standing("returned"))
    if not missing:
        return (
            n_(
                "{count} report for {period} was returned and is to be mended.",
                "{count} reports for {period} were returned and are to be mended.",
                returned,
                period=period.label,
            )
            if returned
            else ""
        )
    said = n_(
        "{count} report for {period} has not come",
        "{count} reports for {period} have not come",
        missing,
        period=period.label,
    )
    return f"{said}{reporting.and_returned(returned)}."


def _seats(viewer: Viewer, house: House, country: str) -> str:
    found = members.members(viewer, house, country=country)
    return found.gaps[0] if found.gaps and found.countries == (country,) else ""


_REASONS = {"decisions": _decisions, "overdue": _overdue, "reports": _reports, "seats": _seats}
