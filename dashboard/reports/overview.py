"""Where the plan stands in one country: headline figures, what moved, what is silent or late. Never counts anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import _, day, n_
from dashboard.reports import actions, indicators, moments, places, reporting, since, since_figures, waiting
from dashboard.reports.actions import Action
from dashboard.reports.indicator_goals import REACHED
from dashboard.reports.indicators import Card
from dashboard.reports.moments import Moment
from dashboard.reports.reporting import Reporting
from dashboard.reports.since_ends import Ends
from dashboard.reports.waiting import Item

HEADLINES = 6
MOVED = 6


@dataclass(frozen=True)
class Overview:
    """One answer. `since` is the heading of `moved`: the meeting, or the day, that it is compared with.

    `hers` is how many open actions her own organisation leads or supports. `own_reports` and `own_actions` say that
    those of her own organisation are all that she sees. `apart` are actions past their due date that may take a right
    away: they are not among the late ones. What is late, what waits and what moved is of `today`, whatever the quarter.
    """

    country: str
    country_name: str
    period: str
    answer: str
    waiting: tuple[Item, ...]
    hers: int
    headlines: tuple[Card, ...]
    since: str
    moved: tuple[str, ...]
    reporting: Reporting
    overdue: tuple[Action, ...]
    apart: tuple[Action, ...]
    today: date
    past: bool
    own_reports: bool
    own_actions: bool


def choices(viewer: Viewer, house: House, version: int | None = None) -> tuple[list[tuple[str, str]], list[str]]:
    """The countries that have a figure or an action that she may read, by name, and the quarters, newest first."""
    found = dict(indicators.countries(viewer, house, version)) | dict(actions.choices(viewer, house, version)[0])
    last = periods.last_ended(viewer.today)
    listed = sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    return listed, [str(last.shifted(-n)) for n in range(12)]


def chosen(
    viewer: Viewer,
    house: House,
    countries: Sequence[tuple[str, str]],
    quarters: Sequence[str],
    country: str,
    period: str,
) -> tuple[str, str]:
    """What is shown: the country that was asked for or that one opens with, and the quarter or the last that ended."""
    usual = places.usual(viewer, house, [code for code, _name in countries], country)
    return usual, period if period in quarters else quarters[0]


def overview(viewer: Viewer, house: House, then: Moment, *, country: str, period: str) -> Overview:
    """One country in one quarter, at one moment; `viewer` is as on the day of that moment. Raises policy.Refused.

    A country or a quarter that there is not counts as none chosen.
    """
    countries, quarters = choices(viewer, house, then.version)
    country, period = chosen(viewer, house, countries, quarters, country, period)
    name = house.library.title("countries", country)
    cards = indicators.headlines(viewer, house, country=country, period=period, version=then.version)[:HEADLINES]
    asked = actions.actions(viewer, house, country=country, state=actions.UNFINISHED, version=then.version)
    late = tuple(a for a in asked.rows if a.days_overdue)
    due = reporting.reporting(viewer, house, period=period, country=country, version=then.version)
    before = since.former(viewer, house, then, country)
    # That no report or action of hers is late says nothing of others'.
    own_reports, own_actions = (not policy.scope(viewer, what).everything for what in ("view coverage", "view actions"))
    return Overview(
        country=country,
        country_name=name,
        period=period,
        answer=" ".join(
            part
            for part in (
                _answer(name, period, cards, due, viewer.today, own_reports),
                _late(len(late), then, own_actions),
                _("You see what was published, and your own organisation's reports and actions.")
                if own_reports or own_actions
                else "",
            )
            if part
        ),
        waiting=() if then.past else waiting.waiting(viewer, house),
        hers=len(actions.actions(viewer, house, state=actions.UNFINISHED, mine=True).rows) if not then.past else 0,
        headlines=cards,
        since=_since(before, then),
        moved=_moved(viewer, house, before, then, country),
        reporting=due,
        overdue=late,
        apart=tuple(a for a in asked.rows if a.apart),
        today=viewer.today,
        past=then.past,
        own_reports=own_reports,
        own_actions=own_actions,
    )


def _since(before: Moment, then: Moment) -> str:
    """From which meeting or day until when what moved is told: not of the quarter that was chosen."""
    said = {"begin": day(before.day), "end": day(then.day)}
    if before.key.startswith("meeting:"):
        if then.past:
            return _("From the meeting of {begin} to {end}", **said)
        return _("Since the meeting of {begin}, until today", **said)
    return _("From {begin} to {end}", **said) if then.past else _("Since {begin}, until today", **said)


def _late(late: int, then: Moment, own: bool) -> str:
    """How many actions are late on the day of the moment, which is seldom in the quarter that was chosen."""
    if own:
        said = n_(
            "{count} action of your own organisation is late",
            "{count} actions of your own organisation are late",
            late,
        )
    else:
        said = n_("{count} action is late", "{count} actions are late", late)
    if then.past:
        return _("On {day}: {said}.", day=day(then.day), said=said)
    return _("Today, {day}: {said}.", day=day(then.day), said=said)


def _answer(name: str, period: str, cards: Sequence[Card], due: Reporting, today: date, own: bool) -> str:
    """The sentence of the quarter under the question: what the plan reached, who is silent."""
    measured = [card for card in cards if card.standing]
    reached = sum(card.standing == REACHED for card in measured)
    silent, returned = due.in_state("missing"), due.in_state("returned")
    missing = (
        n_(
            "{silent} of {count} expected report has not come yet, due on {days}",
            "{silent} of {count} expected reports have not come yet, due on {days}",
            len(due.files),
            silent=len(silent),
            days=due.due_words,
        )
        if today <= due.due_on
        else n_(
            "{silent} of {count} expected report is missing",
            "{silent} of {count} expected reports are missing",
            len(due.files),
            silent=len(silent),
        )
    )
    missing += reporting.and_returned(len(returned))  # it came, and is to be mended: who is missing is somebody else
    parts = [
        n_(
            "{reached} of {count} headline figure with a milestone is at or past it",
            "{reached} of {count} headline figures with a milestone are at or past it",
            len(measured),
            reached=reached,
        )
        if measured
        else _("no headline figure has a milestone yet"),
        _("of your own organisation, {said}", said=missing)
        if own and due.files
        else missing
        if due.files
        else _("no report was expected of your own organisation")
        if own
        else _("no report was expected"),
    ]
    return _("{country}, {period}: {said}.", country=name, period=periods.parse(period).label, said="; ".join(parts))


def _moved(viewer: Viewer, house: House, before: Moment, then: Moment, country: str) -> tuple[str, ...]:
    """What is otherwise than it was: figures, actions and files, each as a sentence; at most MOVED figures.

    The figures are those of the page of all changes. Counts of contacts stand on their card, with what must be known.
    """
    if not before.past:
        return ()
    ends = Ends(house, country, moments.seen_on(viewer, before), before, viewer, then)
    said = [change.said for change in since_figures.figures(ends) if not change.caveat]
    more = len(said) - MOVED
    counted = [n_("{count} more figure moved.", "{count} more figures moved.", more)] if more > 0 else []
    return (*said[:MOVED], *counted, *_done(ends))


def _done(ends: Ends) -> list[str]:
    """Actions finished or moved, and files accepted, between both ends."""
    house, country, (former, now) = ends.house, ends.country, ends.versions
    old = {a.action_code: a for a in actions.actions(ends.earlier, house, country=country, version=former).rows}
    rows = actions.actions(ends.later, house, country=country, version=ends.then.version).rows
    done = sum(a.state == "done" and (a.action_code not in old or old[a.action_code].state != "done") for a in rows)
    new = sum(a.action_code not in old for a in rows)
    accepted = reporting.accepted_between(ends.later, house, former, now, country)
    return [
        *([n_("{count} action was done.", "{count} actions were done.", done)] if done else []),
        *([n_("{count} action was agreed.", "{count} actions were agreed.", new)] if new else []),
        *([n_("{count} file was accepted.", "{count} files were accepted.", accepted)] if accepted else []),
    ]
