"""Say in words what an indicator is, how a value stands and how it moved. Never looks a value up."""

from __future__ import annotations

from dashboard.reference import periods, text
from dashboard.reference.indicators import (
    COMBINED,
    DIRECTIONS,
    FREQUENCIES,
    KIND_WORDS,
    LEVELS,
    Indicator,
    figure,
    figure_words,
    value_words,
)
from dashboard.reference.library import Library
from dashboard.reference.text import N_, _, n_
from dashboard.reports.indicator_cells import Cell
from dashboard.reports.indicator_goals import REACHED, Goal, Goals, standing


def caveat(library: Library, indicator: Indicator) -> str:
    """The sentence without which its figures may not be read; empty where it has none."""
    return _(library.title("caveats", indicator.caveat)) if indicator.caveat else ""


def described(library: Library, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """Everything that its file says besides title and definition, as (term, words); empty entries are left out."""
    how = (
        _("Computed by the dashboard from other reports")
        if indicator.computed
        else _("Sent by organisations with the dataset “Indicator values”")
    )
    said = (
        (_("Code"), indicator.number or indicator.code),
        (_("Level"), _(LEVELS[indicator.level])),
        (_("Kind"), _(KIND_WORDS[indicator.kind])),
        (_("Unit"), _(indicator.unit_measure)),
        (_("Desired direction"), _(DIRECTIONS[indicator.desired_direction])),
        (_("How often"), _(FREQUENCIES[indicator.frequency])),
        (_("Population"), _(indicator.population)),
        (_("Numerator"), _(indicator.numerator)),
        (_("Denominator"), _(indicator.denominator)),
        (_("Broken down by"), text.words([_(name) for name in indicator.disaggregation])),
        (_("Where it comes from"), how),
        (_("Several organisations"), "" if indicator.computed else _(COMBINED[indicator.combine])),
        (
            _("Hidden from the public"),
            _("Counts below {count}", count=text.number(indicator.minimum_count)) if indicator.minimum_count else "",
        ),
        (_("Caveat"), caveat(library, indicator)),
        (_("Read it beside"), text.words([_(library.indicators[code].title) for code in indicator.read_beside])),
        (_("Note"), _(indicator.note)),
        (_("Source"), indicator.source),
        (_("Kept by"), _("{owner}, next review {day}", owner=_(indicator.owner), day=text.day(indicator.next_review))),
    )
    return tuple((term, words) for term, words in said if words)


def amount(indicator: Indicator, difference: float) -> str:
    """How far two values lie apart: 3 points, 96."""
    size = abs(round(difference, 2))
    digits = next(digits for digits in (0, 1, 2) if round(size, digits) == size)
    count = text.number(size, digits)
    if not indicator.share:
        return count
    return _("1 point") if size == 1 else _("{count} points", count=count)


def apart(value: float, other: float) -> float:
    """How far two values lie apart as they are written, so that a reader who subtracts them finds the same.

    Where they are written alike and differ all the same, it is the difference itself, to two decimal places.
    """
    written = round(figure(value) - figure(other), 2)
    return written or round(value - other, 2)


def change(indicator: Indicator, value: float, before: float, quarter: str) -> str:
    """How a value lies to the one of an earlier `quarter`; of contacts without a judgement, as more or fewer."""
    difference = apart(value, before)
    if indicator.unit_measure.startswith("yes/"):
        return former(indicator, before, quarter)
    if not difference:
        return _("the same as in {quarter}", quarter=quarter)
    by = amount(indicator, difference)
    if indicator.administrative:
        if indicator.share or indicator.unit_measure.startswith("per "):
            said = N_("{by} higher than in {quarter}") if difference > 0 else N_("{by} lower than in {quarter}")
        else:
            said = N_("{by} more than in {quarter}") if difference > 0 else N_("{by} fewer than in {quarter}")
    else:
        said = N_("up {by} on {quarter}") if difference > 0 else N_("down {by} on {quarter}")
    return _(said, by=by, quarter=quarter)


def former(indicator: Indicator, before: float, quarter: str) -> str:
    """The value of an earlier `quarter` by itself, where no difference from it is to be told."""
    return _("before: {value} ({quarter})", value=value_words(indicator, before), quarter=quarter)


def not_comparable(quarter: str) -> str:
    """Instead of how far a value lies from an earlier one, where not everybody is in it who was in that one."""
    return _("not comparable with {quarter}, for not everybody has reported", quarter=quarter)


def counted(indicator: Indicator, cell: Cell) -> str:
    """What a share that the dashboard computed is of, such as 1 of 2; it is often of very few. Else nothing."""
    if not indicator.computed or not indicator.share or cell.numerator is None or cell.denominator is None:
        return ""
    return _("{part} of {whole}", part=figure_words(cell.numerator), whole=figure_words(cell.denominator))


def with_count(said: str, count: str) -> str:
    """A value in words with what it is of, where that is known."""
    return _("{value} ({count})", value=said, count=count) if count else said


def goal_words(indicator: Indicator, goal: Goal) -> str:
    """A milestone or target with its value and quarter."""
    said = {
        "baseline": N_("the baseline of {value} ({quarter})"),
        "milestone": N_("the milestone of {value} ({quarter})"),
        "target": N_("the target of {value} ({quarter})"),
    }[goal.what]
    return _(said, value=value_words(indicator, goal.value), quarter=goal.label)


def standing_words(indicator: Indicator, value: float, goal: Goal | None) -> str:
    """How a value stands to its goal, in words; empty where nothing is to be compared."""
    state = standing(indicator, value, goal)
    if goal is None or not state:
        return ""
    named = goal_words(indicator, goal)
    if state == REACHED:
        return _("at or past {goal}", goal=named)
    if indicator.unit_measure.startswith("yes/"):
        return _("short of {goal}", goal=named)
    return _("short of {goal} by {by}", goal=named, by=amount(indicator, apart(goal.value, value)))


def answer(indicator: Indicator, value: str, quarter: str, moved: str, stands: str) -> str:
    """The value of a quarter, how it moved and how it stands, as one sentence. `moved` and `stands` may be empty."""
    said = {"value": value, "quarter": quarter, "moved": moved, "stands": stands}
    if moved and stands:
        return _("{value} in {quarter}, {moved}; {stands}.", **said)
    if moved:
        return _("{value} in {quarter}, {moved}.", **said)
    if stands:
        return _("{value} in {quarter}; {stands}.", **said)
    return _("{value} in {quarter}.", **said)


def finding(indicator: Indicator, first: tuple[str, float], last: tuple[str, float], count: str = "") -> str:
    """What a series says, from its first value to its last, each as (quarter for people, value).

    `count` is what the last value is of, as `counted` says it.
    """
    value = with_count(value_words(indicator, last[1]), count)
    if first == last:
        return _("{value} in {quarter}", value=value, quarter=last[0])
    if first[1] == last[1]:
        value = value_words(indicator, last[1])
        again = with_count(last[0], count)
        return _("{value} in {begin}, and again in {end}", value=value, begin=first[0], end=again)
    return _(
        "From {first} in {begin} to {last} in {end}",
        first=value_words(indicator, first[1]),
        begin=first[0],
        last=value,
        end=last[0],
    )


def reading(indicator: Indicator, goals: Goals, *, unsure: bool = False) -> str:
    """How to read the chart of a series; `unsure` where a value is not the last word, or not everybody's."""
    said = [_points(indicator)]
    if unsure:
        said.append(_("An open dot is a value that is not final, or not everybody's."))
    if indicator.directed and goals.milestones:
        said.append(_("Open diamonds are milestones."))
    if indicator.directed and goals.target:
        said.append(_("The dashed line is the target."))
    if goals.baseline:
        said.append(_("The open square is the baseline of the plan."))
    return " ".join(said)


def _points(indicator: Indicator) -> str:
    if indicator.administrative:
        return _(
            "Each point is what services counted in a quarter, of whoever came to them. More may mean that more women"
            " found help; it says nothing of how much violence there is."
        )
    if indicator.frequency == "quarterly":
        return _(
            "Each point is the value of one quarter; where the line breaks, nobody reported, or there was nothing to"
            " count."
        )
    return _("Each point is a value of the quarter in which it was established; between two points nothing was due.")


# What each computation of `computed` reads, for the sentence that says that there is none.
_NEEDED = {
    "services-open": N_("a service coverage report"),
    "services-with-firewall": N_("a report of a service that works"),
    "corridors-complete": N_("a service coverage report of a tracked corridor"),
    "seats-filled": N_("a register of members"),
    "seats-for-migrant-women": N_("a register of members with a filled seat"),
    "coverage-reported": N_("a register that marks who reports every quarter"),
    "reported-on-time": N_("a register that marks who reports every quarter"),
    "actions-on-time": N_("an action that was due"),
    "contacts": N_("a report of contacts"),
}


def nothing(indicator: Indicator, country: str, *, source: bool) -> str:
    """Why there is no value: nobody ever sent one (`source` false), or none for this country."""
    if indicator.computed:
        needed = _(_NEEDED[indicator.computed])
        return _("To compute it, {what} is needed; {country} has none yet.", what=needed, country=country)
    if not source:
        return _("This indicator has no data source yet: no organisation has sent a value.")
    return _("No organisation of {country} has sent a value yet.", country=country)


def summary(country: str, reached: int, short: int, valued: int, silent: int, *, guesses: bool = False) -> str:
    """How the indicators of a country stand, in one sentence with its figures.

    `guesses`: the reader may not know whether those without a value have no data, so they are not released to her.
    """
    if not valued:
        return _("No indicator has a value for {country} yet.", country=country)
    said = _measured(country, reached, short, valued)
    if not silent:
        return _("{said}.", said=said)
    if guesses:
        without = n_("of {count} no figure was released", "of {count} no figure was released", silent)
    else:
        without = n_("{count} has no data yet", "{count} have no data yet", silent)
    return _("{said}; {without}.", said=said, without=without)


def _measured(country: str, reached: int, short: int, valued: int) -> str:
    if reached + short:
        return n_(
            "{country}: {count} indicator has a milestone or target (at or past it: {reached}; short of it: {short})",
            "{country}: of {count} indicators with a milestone or target, {reached} are at or past it and {short} are"
            " short of it",
            reached + short,
            country=country,
            reached=text.number(reached),
            short=text.number(short),
        )
    return n_(
        "{country}: {count} indicator has a value, without a milestone to measure it against",
        "{country}: {count} indicators have a value, without milestones to measure them against",
        valued,
        country=country,
    )


def span(quarters: list[str]) -> str:
    """From the first to the last of these quarters, for people; they are in order."""
    if not quarters:
        return ""
    first, last = periods.parse(quarters[0]).label, periods.parse(quarters[-1]).label
    return first if first == last else _("{first} to {last}", first=first, last=last)
