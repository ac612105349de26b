"""The dictionary: datasets, fields, codes, indicators and problems, generated. Never holds a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.intake.problems import PROBLEMS, Kind, Severity
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.codes import CodeList
from dashboard.reference.contracts import Contract
from dashboard.reference.indicators import KIND_MEANINGS, KIND_WORDS, Indicator
from dashboard.reference.library import Library
from dashboard.reference.text import N_
from dashboard.reports import indicator_words

SEVERITIES = {
    Severity.ERROR: (N_("Errors"), N_("A file with one of these is not kept until it is mended.")),
    Severity.WARNING: (
        N_("Warnings"),
        N_("These keep no file out. They ask for a second look, and for a sentence to whoever reviews the file."),
    ),
    Severity.NOTE: (N_("Notes"), N_("What is written otherwise than it was asked for, and is taken all the same.")),
}
"""How severe a problem is: what these are called together, and what that means for the file."""


@dataclass(frozen=True)
class Dictionary:
    """Everything that a word on a page or in a file can mean."""

    contracts: tuple[Contract, ...]
    codes: tuple[CodeList, ...]
    indicators: tuple[Indicator, ...]
    problems: tuple[Kind, ...]
    library: Library

    severities = SEVERITIES
    kinds = KIND_WORDS
    kind_meanings = KIND_MEANINGS

    def described(self, indicator: Indicator) -> tuple[tuple[str, str], ...]:
        """What an indicator's file says of it, as (term, words)."""
        return indicator_words.described(self.library, indicator)

    @staticmethod
    def in_general(sentence: str) -> str:
        """A problem's sentence where no file is at hand: what a file would fill in is left as dots."""
        return re.sub(r"\{\w+\}", "…", sentence)


def dictionary(viewer: Viewer, house: House) -> Dictionary:
    """The whole dictionary; everybody may read it. Raises policy.Refused when that changes."""
    policy.require(viewer, "read dictionary")
    library = house.library
    return Dictionary(
        contracts=tuple(library.contracts.values()),
        codes=tuple(library.codes.values()),
        indicators=tuple(library.indicators.values()),
        problems=tuple(PROBLEMS.values()),
        library=library,
    )
