"""What the summary says in sentences and short tables, from the contents of a release. Never knows how a page looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.publication import counts
from dashboard.publication.contents import Contents
from dashboard.reference import periods, text
from dashboard.reference.indicators import Indicator, figure_words, value_words
from dashboard.reference.text import _, n_, number
from dashboard.reports import members
from dashboard.reports.indicator_goals import REACHED, SHORT
from dashboard.reports.indicators import Series
from dashboard.reports.resourcing import share


@dataclass(frozen=True)
class Point:
    """One thing that the summary says first: about what, the sentence with its figures, where it says more."""

    about: str
    said: str
    section: str


@dataclass(frozen=True)
class Measured:
    """An indicator: the countries at or past what was agreed, and those short of it, each with both values."""

    indicator: Indicator
    reached: tuple[str, ...]
    short: tuple[str, ...]


def in_short(contents: Contents) -> list[Point]:
    """What somebody takes away who reads no further. A count of contacts comes with its caveat."""
    return [
        Point(_("Services"), services(contents), "services"),
        Point(_("The plan"), plan(contents), "plan"),
        Point(
            _("Money"), " ".join(contents.money.sentences) or _("No organisation has reported a budget yet."), "plan"
        ),
        Point(_("Targets"), targets(contents), "targets"),
        Point(_("Contacts"), contacts(contents), "contacts"),
        Point(_("Seats"), seats(contents), "seats"),
    ]


def services(contents: Contents) -> str:
    """How many services are open, over all countries, and of how many nobody said anything."""
    counted = contents.covered.counts.frame.drop_duplicates("country")
    names = [c.name for c in contents.covered.counts.columns if c.numeric]
    total = int(counted[names].to_numpy().sum()) if len(counted) else 0
    spoke = total - int(counted["not_reported"].sum()) if total else 0
    if not spoke:
        return _("No coverage has been reported yet.")
    opened = int(counted["open"].sum())
    return n_(
        "{open} of {total} services ({each} in {count} country) are reported as open to women migrant workers whatever"
        " their status; on {silent} nobody has reported.",
        "{open} of {total} services ({each} in each of {count} countries) are reported as open to women migrant workers"
        " whatever their status; on {silent} nobody has reported.",
        len(counted),
        open=number(opened),
        total=number(total),
        each=number(total // len(counted)),
        silent=number(total - spoke),
    )


def corridors(contents: Contents) -> str:
    """Which corridors are tracked, by country of origin; nothing where none is."""
    if not contents.corridors:
        return ""
    return n_(
        "{count} corridor is tracked: {names}. A country may be of origin in one and of destination in another.",
        "{count} corridors are tracked: {names}. A country may be of origin in one and of destination in another.",
        sum(len(destinations) for _origin, destinations in contents.corridors),
        names="; ".join(
            _("{origin} to {destination}", origin=origin, destination=text.words(list(destinations)))
            for origin, destinations in contents.corridors
        ),
    )


def plan(contents: Contents) -> str:
    """How many actions are done, to be done and overdue, over all countries."""
    frame = contents.plan.frame
    if frame.empty:
        return _("No action has been agreed yet.")
    sums = {c.name: int(frame[c.name].sum()) for c in contents.plan.columns if c.numeric}
    said = n_(
        "Of {agreed} actions agreed in {count} country, {done} are done ({on_time} of them by their date) and {to_do}"
        " are to be done, {overdue} of which are overdue.",
        "Of {agreed} actions agreed in {count} countries, {done} are done ({on_time} of them by their date) and {to_do}"
        " are to be done, {overdue} of which are overdue.",
        len(frame),
        agreed=number(sums["actions"]),
        done=number(sums["done"]),
        on_time=number(sums["done_on_time"]),
        to_do=number(sums["to_do"]),
        overdue=number(sums["overdue"]),
    )
    dropped = n_("{count} was dropped.", "{count} were dropped.", sums["dropped"])
    return f"{said} {dropped}" if sums["dropped"] else said


def targets(contents: Contents) -> str:
    """How many indicators are at or past their milestone or target, or short of it, due or not; surveys apart."""
    found = _others(contents.indicators)
    reached, short = sum(s.standing == REACHED for s in found), [s for s in found if s.standing == SHORT]
    if not reached + len(short):
        return _("No value has a milestone or a target to be measured against yet.")
    ahead = sum(bool(_ahead(contents, series)) for series in short)
    return n_(
        "Of {count} value with a milestone or target, {reached} is at or past it, {short} is short of one that is due"
        " and {ahead} of one that is due later.",
        "Of {count} values with a milestone or target, {reached} are at or past it, {short} are short of one that is"
        " due and {ahead} of one that is due later.",
        reached + len(short),
        reached=number(reached),
        short=number(len(short) - ahead),
        ahead=number(ahead),
    )


def _ahead(contents: Contents, series: Series) -> str:
    """When the milestone or target falls due that a value is measured against; "" where its quarter has ended.

    Ended it has by the calendar, whether or not anything was accepted for it.
    """
    goal = series.goals.after(series.latest)
    return goal.label if goal and goal.period > str(periods.last_ended(contents.figures_on)) else ""


def contacts(contents: Contents) -> str:
    """How many contacts were reported, and at once what that does not say."""
    if contents.contacts.empty:
        return _("No count of contacts has been released yet.")
    return " ".join([contacts_said(contents), contents.caveat])


def contacts_said(contents: Contents) -> str:
    """The same without the caveat."""
    return counts.answer(contents.contacts, [place.code for place in by_country(contents)])


def awaited(contents: Contents) -> str:
    """Where the newest counts leave a report out, without which fewer contacts would be read as a fall; "" for none."""
    if not contents.awaited:
        return ""
    return _(
        "For {period} not every expected report was accepted yet in: {countries}. Fewer contacts there than before may"
        " mean no more than that.",
        period=periods.parse(counts.quarter(contents.contacts)).label,
        countries=", ".join(contents.awaited),
    )


def contact_caveats(contents: Contents) -> tuple[str, ...]:
    """What belongs to counts of contacts wherever they go: the caveat first, and last what is awaited."""
    return tuple(said for said in (*counts.caveats(contents.library), awaited(contents)) if said)


def seats(contents: Contents) -> str:
    """How many seats are filled, over all countries."""
    frame, countries = contents.seated.seats.frame, list(contents.seated.countries)
    if not countries:
        return _("No member register has been accepted yet.")
    filled = {c: int((frame[c] == "filled").sum()) for c in countries}
    total, whole = len(frame) * len(countries), sum(filled.values())
    said = n_(
        "{filled} of {total} seats ({each} categories of stakeholders in {count} country) are filled ({share}).",
        "{filled} of {total} seats ({each} categories of stakeholders in each of {count} countries) are filled"
        " ({share}).",
        len(countries),
        filled=number(whole),
        total=number(total),
        each=number(len(frame)),
        share=share(whole, total),
    )
    if len(countries) == 1:
        return said
    name = contents.seated.seats.column
    most, least = members.ends(filled)
    if most == least:
        return " ".join([said, _("In each of them {count} are filled.", count=number(filled[most[0]]))])
    more = _(
        "The most are filled in {most} ({high}), the fewest in {least} ({low}).",
        most=text.words([name(c).title for c in most]),
        high=number(filled[most[0]]),
        least=text.words([name(c).title for c in least]),
        low=number(filled[least[0]]),
    )
    return f"{said} {more}"


def measured(contents: Contents) -> list[Measured]:
    """Each indicator with a value that has a milestone or target, surveys apart, those of the overview first."""
    by_code: dict[str, list[Series]] = {}
    for series in _others(contents.indicators):
        if series.standing:
            by_code.setdefault(series.indicator.code, []).append(series)
    found = []
    for listed in sorted(by_code.values(), key=lambda s: (s[0].indicator.headline or 99, s[0].indicator.code)):
        found.append(
            Measured(
                listed[0].indicator,
                tuple(_against(s) for s in listed if s.standing == REACHED),
                tuple(_against(s, _ahead(contents, s)) for s in listed if s.standing == SHORT),
            )
        )
    return found


def surveys(contents: Contents) -> list[tuple[str, tuple[str, ...]]]:
    """Each survey's indicator with its newest estimate in each country, and what was agreed."""
    by_code: dict[str, list[Series]] = {}
    for series in contents.indicators:
        if series.indicator.kind == "survey":
            by_code.setdefault(series.indicator.code, []).append(series)
    return [(_(s[0].indicator.title), tuple(_estimate(one) for one in s)) for _code, s in sorted(by_code.items())]


def _others(found: Sequence[Series]) -> list[Series]:
    return [series for series in found if series.indicator.kind != "survey"]


def _newest(series: Series) -> float:
    return dict(series.points)[series.latest].value or 0.0


def _against(series: Series, due: str = "") -> str:
    """A country's value, and in brackets what it is measured against, and when that falls `due`."""
    goal = series.goals.after(series.latest)
    value = value_words(series.indicator, _newest(series))
    agreed = _plain(series.indicator, goal.value) if goal else ""
    if due:
        return _("{country} {value} ({goal} by {due})", country=series.country_name, value=value, goal=agreed, due=due)
    return _("{country} {value} ({goal})", country=series.country_name, value=value, goal=agreed)


def _plain(indicator: Indicator, value: float) -> str:
    """A value without its unit where that stands before it already."""
    return value_words(indicator, value) if indicator.share or "/" in indicator.unit_measure else figure_words(value)


def _estimate(series: Series) -> str:
    goal = series.goals.target
    value, when = value_words(series.indicator, _newest(series)), periods.parse(series.latest).label
    if goal is None:
        return _("{country} {value} ({when})", country=series.country_name, value=value, when=when)
    return _(
        "{country} {value} ({when}; target {goal} by {due})",
        country=series.country_name,
        value=value,
        when=when,
        goal=value_words(series.indicator, goal.value),
        due=goal.label,
    )


@dataclass(frozen=True)
class Place:
    """One country in numbers; None where there is nothing to count."""

    code: str
    country: str
    open: int | None
    silent: int | None
    filled: int | None
    needed: int | None
    actions: int | None
    done: int | None
    overdue: int | None


def by_country(contents: Contents) -> list[Place]:
    """Every country that anything but contacts is known of, by name."""
    covered, seated, plan = contents.covered, contents.seated, contents.plan
    title = contents.library.title
    spoken = {row["country"]: row for row in covered.counts.frame.to_dict("records")}
    added = needed(contents)
    every = {c for listed in covered.sides.values() for c in listed} | set(seated.countries) | set(plan.frame.index)
    found = []
    for code in sorted(every, key=lambda c: title("countries", c).casefold()):
        services: dict[Any, Any] = spoken.get(title("countries", code), {})
        seats = seated.seats.frame[code] if code in seated.countries else None
        agreed: dict[Any, Any] = dict(plan.frame.loc[code]) if code in plan.frame.index else {}
        filled = None if seats is None else [str(c) for c, seat in seats.items() if seat == "filled"]
        found.append(
            Place(
                code=code,
                country=title("countries", code),
                open=services.get("open"),
                silent=services.get("not_reported"),
                filled=None if filled is None else len(filled),
                needed=None if filled is None else len(added & set(filled)),
                actions=agreed.get("actions"),
                done=agreed.get("done"),
                overdue=agreed.get("overdue"),
            )
        )
    return found


def needed(contents: Contents) -> set[str]:
    """The categories of stakeholders that the guidance note asks to add for women migrant workers, by code."""
    categories = contents.library.codes["stakeholder_categories"].codes
    return {code.code for code in categories if code.attributes["group"] == "additional"}


def unknown(contents: Contents) -> list[str]:
    """What nobody should read into the summary, in sentences."""
    late = contents.covered.late
    said = [
        _("How much violence there is. Services see a small part of it, and more reports may mean better access."),
        _("How many women came. A contact is not a woman: one may have come several times, or to several agencies."),
        _("Whether an open service is near, free of charge or in every language."),
    ]
    if not contents.contacts.empty:
        said.append(
            _(
                "Any count from 1 to {most}, and any that would give one away: they are hidden to protect people.",
                most=number(contents.rules.threshold - 1),
            )
        )
    if late:
        said.append(
            _(
                "What changed since in the reports of: {names}. Nothing was accepted yet for {period}; what they last"
                " said is shown.",
                period=contents.period,
                names=", ".join(late),
            )
        )
    return said


def published(contents: Contents) -> str:
    """When it was published, and of when its figures are where they were published before."""
    if contents.first is None:
        return _("Published {day}.", day=text.day(contents.day))
    return _(
        "These are the figures of {first}, published again on {day}.",
        first=text.day(contents.first),
        day=text.day(contents.day),
    )


def next_release(contents: Contents) -> str:
    """When the next summary comes."""
    if contents.next_on is None:
        return _("The next summary comes when the secretariat releases one.")
    return _("The next summary is planned for {day}.", day=text.day(contents.next_on))
