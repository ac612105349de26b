"""All that a release says, as values: gathered once, of one version of the record. Never writes a file.

What is said to the public is said from here alone, so that page, chart, CSV and JSON cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import counts
from dashboard.publication.help_lines import HelpLine
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.library import Library
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reference.thresholds import Rules
from dashboard.reports import action_words, actions, coverage, indicators, members, places, reporting, resourcing
from dashboard.reports.actions import Counts
from dashboard.reports.contacts import DATASET
from dashboard.reports.coverage import Coverage
from dashboard.reports.indicators import Series
from dashboard.reports.members import Members
from dashboard.reports.resourcing import Resourcing

CONTACTS = ("country", "sector", "service", "origin", "period", "contacts", "status")
"""The columns of the public rows of contact counts; `_T` stands for a total, `_U` for not recorded."""
PLAN = {
    "actions": N_("Agreed"),
    "done": N_("Done"),
    "done_on_time": N_("Done by their date"),
    "to_do": N_("To be done"),
    "overdue": N_("Overdue"),
    "blocked": N_("Blocked"),
    "dropped": N_("Dropped"),
}
"""How the actions of a country stand: overdue and blocked ones are among those to be done."""


@dataclass(frozen=True)
class Former:
    """A former release: its id, its day, what was said of it, and why it was withdrawn (None: it stands).

    `first` is when its figures were first published, where it is not the first release of them.
    """

    release_id: str
    day: date
    note: str = ""
    withdrawn: str | None = None
    first: date | None = None


@dataclass(frozen=True)
class Contents:
    """A release. `day` is when it is published, `figures_on` the day as on which its figures are read; `first` when the
    same figures were first published, None where they are new.

    `home` is the dashboard's public address without a slash, "" where it has none. `corridors` are countries of origin,
    each with its destinations. `plan` has a row a country with the numbers of PLAN; `indicators` are series of every
    kind but counts of contacts. `contacts` has the columns CONTACTS and no row where no count has been released yet;
    `former` are the releases before it, newest first. `awaited` are the countries of which a report of contacts was
    expected for their newest quarter and is not in them.
    """

    release_id: str
    day: date
    figures_on: date
    as_of: AsOf
    demo: bool
    home: str
    leave_url: str
    language: str
    library: Library
    covered: Coverage
    corridors: tuple[tuple[str, tuple[str, ...]], ...]
    seated: Members
    lines: tuple[HelpLine, ...]
    plan: Table
    money: Resourcing
    indicators: tuple[Series, ...]
    contacts: pd.DataFrame
    rules: Rules
    former: tuple[Former, ...]
    first: date | None = None
    awaited: tuple[str, ...] = ()

    @property
    def period(self) -> str:
        """The quarter of its figures, for people."""
        return periods.parse(self.covered.period).label

    @property
    def next_on(self) -> date | None:
        """The day for which the next summary is announced, after its own; None where nothing is promised."""
        quarter = periods.parse(self.covered.period)
        found = self.library.programme.next_on(quarter)
        while found is not None and found <= self.day:
            quarter = quarter.shifted(1)
            found = self.library.programme.next_on(quarter)
        return found

    @property
    def caveat(self) -> str:
        """The sentence that goes wherever a count of contacts goes."""
        return counts.caveat(self.library)


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
    first: date | None = None,
) -> Contents:
    """Everything that a release of this version says. `contacts` are protected public rows; None: none released yet.

    Without `rules` it is those of the library. Raises policy.Refused, and ValueError where `contacts` has other columns
    than CONTACTS, or a number where its status says that there is none.
    """
    policy.require(viewer, "release")
    then = replace(viewer, today=figures_on)
    covered = coverage.coverage(then, house, version=version)
    counted = _checked(pd.DataFrame(columns=list(CONTACTS)) if contacts is None else contacts)
    return Contents(
        release_id=release_id,
        day=viewer.today,
        figures_on=figures_on,
        as_of=covered.matrix.as_of,
        demo=house.settings.demo,
        home=house.settings.url,
        leave_url=house.settings.leave_url,
        language=text.language(),
        library=house.library,
        covered=covered,
        corridors=_corridors(house, figures_on),
        seated=members.members(then, house, version=version),
        lines=tuple(lines),
        plan=_plan(then, house, version, covered.matrix.as_of),
        money=resourcing.resourcing(then, house, version=version),
        indicators=tuple(_indicators(then, house, version)),
        contacts=counted,
        rules=rules or house.library.rules,
        former=tuple(former),
        first=first,
        awaited=_awaited(then, house, counts.quarter(counted), version),
    )


def _awaited(viewer: Viewer, house: House, quarter: str, version: int) -> tuple[str, ...]:
    """Of which countries a report of contacts was expected for a quarter and not accepted at this version, by name.

    Neither whose it is nor how many: who counted is known of no count that is public.
    """
    if not quarter:
        return ()
    files = reporting.reporting(viewer, house, period=quarter, version=version).files
    missing = {file.country for file in files if file.dataset == DATASET and file.state != "accepted"}
    return tuple(sorted(_(house.library.title("countries", country)) for country in missing))


def _corridors(house: House, day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    title, ways = house.library.title, dict[str, list[str]]()
    for corridor in places.corridors(house, day):
        ways.setdefault(title("countries", corridor.origin), []).append(title("countries", corridor.destination))
    return tuple((origin, tuple(destinations)) for origin, destinations in ways.items())


def _checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they came. A number beside a status that has none is a mistake that nobody may publish."""
    if tuple(rows.columns) != CONTACTS:
        raise ValueError(f"Public rows of contacts have the columns {', '.join(CONTACTS)}.")
    if (rows["contacts"].notna() != rows["status"].isin([str(s) for s in counts.WITH_NUMBER])).any():
        raise ValueError("A public row of contacts has a number where its status says that there is none.")
    return rows


def _plan(viewer: Viewer, house: House, version: int, as_of: AsOf) -> Table:
    """How the actions stand by country; which action it is, and whose, is for members."""
    columns = (
        Column("country", _("Country")),
        *(Column(name, _(title), unit=_("actions"), numeric=True) for name, title in PLAN.items()),
    )
    countries = actions.choices(viewer, house, version)[0]
    found = {code: actions.actions(viewer, house, country=code, version=version).counts for code, _name in countries}
    rows = [(name, *_numbers(found[code])) for code, name in countries]
    frame = pd.DataFrame(rows, columns=[c.name for c in columns], index=[code for code, _name in countries])
    return Table(
        title=_("How the actions of the plan stand, by country"),
        columns=columns,
        frame=frame,
        statuses=frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE),
        as_of=as_of,
        caveats=(_(action_words.NEVER_LATE), _("A due date is the one agreed last.")),
        source=_("Lists of actions of the coordinating bodies"),
        period=text.day(viewer.today),
    )


def _numbers(counted: Counts) -> tuple[int, ...]:
    """In the order of PLAN."""
    return (
        counted.total,
        counted.done,
        counted.on_time,
        counted.open,
        counted.overdue,
        counted.blocked,
        counted.dropped,
    )


def _indicators(viewer: Viewer, house: House, version: int) -> list[Series]:
    """Every series with a value that counts no person who came for help.

    What has a smallest count that is published counts people: it leaves through the protected counts or not at all.
    """
    found = []
    for country, _name in indicators.countries(viewer, house, version):
        cards = indicators.listing(viewer, house, country=country, version=version).cards
        for card in cards:
            indicator = card.indicator
            if card.value and not indicator.administrative and indicator.minimum_count is None:
                found.append(indicators.series(viewer, house, indicator.code, country=country, version=version))
    return found
