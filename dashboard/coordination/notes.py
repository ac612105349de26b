"""What people write in their own words beside an action or a meeting: short, and never about a person."""

from __future__ import annotations

from dashboard.intake import personal
from dashboard.people.errors import NotPossible
from dashboard.reference.text import N_, _, number

# What the screen recognises, in words that repeat nothing of it.
TELLS = {
    "cell-email": N_("an e-mail address"),
    "cell-phone": N_("a telephone number"),
    "cell-passport": N_("a number like that of a passport"),
    "cell-iban": N_("the number of a bank account"),
    "cell-full-date": N_("a day, which may be somebody's; write the month, for example “September 2026”"),
    "cell-coordinates": N_("a place on a map"),
    "cell-profile": N_("somebody's page in a network"),
    "cell-name": N_("a person's name"),
    "cell-age": N_("a person's age"),
    "cell-story": N_("what one person lived through"),
    "cell-address": N_("where somebody lives"),
    "cell-case": N_("the number of a case"),
}


def tidy(text: str) -> str:
    """The text in one line, without blanks at its ends."""
    return " ".join(text.split())


def screened(text: str) -> str:
    """The text as it came; raises NotPossible when it holds what tells of a person, as a cell of a file would."""
    if code := personal.in_a_cell(text):
        raise NotPossible(
            _(
                "Nothing was saved, because the text seems to hold {what}. Leave out whatever could lead to a person.",
                what=_(TELLS[code]),
            )
        )
    return text


def fitting(text: str, least: int, most: int, *, name: str) -> str:
    """The text tidy, of `least` to `most` characters and without what tells of a person; else NotPossible.

    `name` says what it is, as a marked sentence.
    """
    text = tidy(text)
    if not least <= len(text) <= most:
        raise NotPossible(
            _(
                "Write {what} in {least} to {most} characters; yours has {count}.",
                what=_(name),
                least=least,
                most=most,
                count=number(len(text)),
            )
        )
    return screened(text)
