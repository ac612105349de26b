"""Say in words what an indicator is, how a value stands and how it moved. Never looks a value up."""

from __future__ import annotations

from dashboard.reference import text
from dashboard.reference.indicators import (
    COMBINED,
    DIRECTIONS,
    FREQUENCIES,
    KIND_WORDS,
    LEVELS,
    Indicator,
)
from dashboard.reference.library import Library
from dashboard.reference.text import _


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
        (_("Note"), _(indicator.note)),
        (_("Source"), indicator.source),
        (_("Kept by"), _("{owner}, next review {day}", owner=_(indicator.owner), day=text.day(indicator.next_review))),
    )
    return tuple((term, words) for term, words in said if words)
