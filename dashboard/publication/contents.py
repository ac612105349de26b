"""All that a release says, as values: gathered once, of one version of the record. Never writes a file.

What is said to the public is said from here alone, so that page, chart, CSV and JSON cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication.help_lines import HelpLine
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reports import coverage, members, places
from dashboard.reports.coverage import Coverage
from dashboard.reports.members import Members

CONTACTS = ("country", "sector", "service", "origin", "period", "contacts", "status")
"""The columns of the public rows of contact counts; `_T` stands for a total, `_U` for not recorded."""


class Rules(Protocol):
    """How counts were protected, for the methodology to say so."""

    @property
    def threshold(self) -> int: ...
    @property
    def contributors(self) -> int: ...
    @property
    def dominance(self) -> float: ...
    @property
    def remainder_contributors(self) -> int: ...


@dataclass(frozen=True)
class Former:
    """A former release: its id, its day, what was said of it, and why it was withdrawn (None: it stands)."""

    release_id: str
    day: date
    note: str = ""
    withdrawn: str | None = None


@dataclass(frozen=True)
class Contents:
    """A release. `day` is when it is published, `figures_on` the day as on which its figures are read.

    `home` is the dashboard's public address without a slash, "" where it has none. `contacts` has the columns CONTACTS
    and no row where no count has been released yet; `former` are the releases before it, newest first.
    """

    release_id: str
    day: date
    figures_on: date
    version: int
    demo: bool
    home: str
    leave_url: str
    language: str
    next_release: str
    covered: Coverage
    corridors: tuple[str, ...]
    seated: Members
    lines: tuple[HelpLine, ...]
    contacts: pd.DataFrame
    rules: Rules | None
    former: tuple[Former, ...]
    names: Mapping[str, Mapping[str, str]]

    @property
    def period(self) -> str:
        """The quarter of its figures, for people."""
        return periods.parse(self.covered.period).label


def gather(
    viewer: Viewer,
    house: House,
    *,
    release_id: str,
    version: int,
    figures_on: date,
    lines: Sequence[HelpLine],
    contacts: pd.DataFrame | None = None,
    rules: Rules | None = None,
    former: Sequence[Former] = (),
) -> Contents:
    """Everything that a release of this version says. `contacts` are protected public rows; None: none released yet.

    Raises policy.Refused, and ValueError where `contacts` has other columns than CONTACTS.
    """
    policy.require(viewer, "release")
    counted = pd.DataFrame(columns=list(CONTACTS)) if contacts is None else contacts
    if tuple(counted.columns) != CONTACTS:
        raise ValueError(f"Public rows of contacts have the columns {', '.join(CONTACTS)}.")
    then = replace(viewer, today=figures_on)
    return Contents(
        release_id=release_id,
        day=viewer.today,
        figures_on=figures_on,
        version=version,
        demo=house.settings.demo,
        home=house.settings.url,
        leave_url=house.settings.leave_url,
        language=text.language(),
        next_release="",
        covered=coverage.coverage(then, house, version=version),
        corridors=tuple(places.corridor_title(house, c) for c in places.corridors(house, figures_on)),
        seated=members.members(then, house, version=version),
        lines=tuple(lines),
        contacts=counted,
        rules=rules,
        former=tuple(former),
        names={
            listed: {code.code: code.title for code in house.library.codes[listed].codes}
            for listed in ("countries", "sectors", "services")
        },
    )
