"""Who has reported and who is late, as tables: organisation by dataset, or by quarter. Never judges beyond the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from dashboard.intake.senders import may_send
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, day, n_, number
from dashboard.reports import marts, reporting
from dashboard.reports.reporting import RECEIVED, Expected

QUARTERS = 8
"""One dataset over time is shown for so many quarters."""
CHOICE = 12
NOT_EXPECTED = "not_expected"

STANDINGS = {
    "on_time": N_("on time"),
    "late": N_("late"),
    "review": N_("in review"),
    "returned": N_("returned"),
    "missing": N_("missing"),
    "not_due": N_("not due yet"),
    NOT_EXPECTED: N_("not expected"),
}
MEANINGS = {
    "on_time": N_("Handed in by the due day, and accepted."),
    "late": N_("Handed in after the due day; accepted or in review."),
    "review": N_("Handed in by the due day; waits for review."),
    "returned": N_("Came back with a comment, to be mended and sent again."),
    "missing": N_("Not handed in, and the due day has passed."),
    "not_due": N_("Not handed in; it may still come in time."),
    NOT_EXPECTED: N_("Nothing is expected from this organisation here."),
}
_URGENT = ("missing", "returned", "late", "review", "not_due", "on_time")


@dataclass(frozen=True)
class Completeness:
    """One answer. `matrix` has a row an organisation and a column a dataset (or, of one dataset, a quarter) named by
    `columns`, each cell a key of STANDINGS; `links` leads from a cell, by row and column, to what the viewer may open.

    `listed` says the same file by file, what needs somebody first; `totals` counts a dataset or quarter. `past` says
    that it was asked as of a former version.
    """

    period: str
    dataset: str
    answer: str
    files: tuple[Expected, ...]
    columns: tuple[str, ...]
    matrix: Table
    listed: Table
    totals: Table
    links: Mapping[tuple[str, str], str]
    past: bool


def quarterly(house: House) -> list[Contract]:
    """The datasets of which a file is expected for every quarter."""
    return [c for c in house.library.contracts.values() if c.quarterly]


def choices(
    viewer: Viewer, house: House, version: int | None = None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    """What can be chosen: countries and datasets as (code, title), and quarters, the running one first.

    Raises policy.Refused.
    """
    this = periods.of(viewer.today)
    quarters = [str(this.shifted(-back)) for back in range(CHOICE + 1)]
    found = {f.country for due in reporting.over(viewer, house, quarters=quarters, version=version) for f in due.files}
    named = sorted(((c, house.library.title("countries", c)) for c in found), key=lambda pair: pair[1].casefold())
    return named, [(c.name, _(c.title)) for c in quarterly(house)], quarters


def chosen_period(viewer: Viewer, period: str) -> str:
    """The quarter that was asked for where there is one, else the last that ended."""
    this = periods.of(viewer.today)
    known = {str(this.shifted(-back)) for back in range(CHOICE + 1)}
    return period if period in known else str(this.shifted(-1))


def completeness(
    viewer: Viewer, house: House, *, period: str, dataset: str = "", country: str = "", version: int | None = None
) -> Completeness:
    """All quarterly datasets in one quarter; or, where `dataset` names one, that one in the QUARTERS up to `period`.

    A quarter or a dataset that there is not counts as none chosen. Raises policy.Refused.
    """
    known, scope, _told = marts.readable(viewer, house, version)
    period = chosen_period(viewer, period)
    dataset = dataset if dataset in {c.name for c in quarterly(house)} else ""
    newest = periods.parse(period)
    quarters = [str(newest.shifted(n - QUARTERS + 1)) for n in range(QUARTERS)] if dataset else [period]
    due = reporting.over(viewer, house, quarters=quarters, country=country, version=version)
    files = tuple(f for one in due for f in one.files if dataset in ("", f.dataset))
    freshness = _as_of(house, version) if scope.everything else known
    if dataset:
        columns = [Column(q, periods.parse(q).label) for q in quarters]
    else:
        columns = [Column(c.name, _(c.title)) for c in quarterly(house)]
    own = () if scope.everything else (_("You see your own organisation's files only."),)
    made = _Maker(house, files, "period" if dataset else "dataset", freshness, own)
    return Completeness(
        period=period,
        dataset=dataset,
        answer=" ".join([_answer(house, files, quarters, dataset, country), *own]),
        files=files,
        columns=tuple(c.name for c in columns),
        matrix=made.matrix(_heading(house, period, dataset), columns),
        listed=made.listed(),
        totals=made.totals(columns),
        links=_links(viewer, house, files, "period" if dataset else "dataset", version is not None),
        past=version is not None,
    )


def _answer(house: House, files: Sequence[Expected], quarters: Sequence[str], dataset: str, country: str) -> str:
    """How many of the expected files are in, and how the others stand, as one sentence."""
    label = periods.parse(quarters[-1]).label
    where = (
        _(
            "{title} from {first} to {last}",
            title=_(house.library.contracts[dataset].title),
            first=periods.parse(quarters[0]).label,
            last=label,
        )
        if dataset
        else label
    )
    if country:
        where = _("{country}, {where}", country=house.library.title("countries", country), where=where)
    if not files:
        return _("No file was expected for {where}.", where=where)
    count = {name: sum(f.standing == name for f in files) for name in STANDINGS}
    parts = [
        n_("{count} is late", "{count} are late", count["late"]),
        _("{count} missing", count=number(count["missing"])),
        *([_("{count} returned", count=number(count["returned"]))] if count["returned"] else []),
        *([_("{count} not due yet", count=number(count["not_due"]))] if count["not_due"] else []),
    ]
    return n_(
        "{received} of {count} expected file is in for {where}; {said}.",
        "{received} of {count} expected files are in for {where}; {said}.",
        len(files),
        received=number(sum(count[name] for name in RECEIVED)),
        where=where,
        said=", ".join(parts),
    )


def _heading(house: House, period: str, dataset: str) -> str:
    label = periods.parse(period).label
    if dataset:
        return _(
            "{title}, quarter by quarter up to {period}", title=_(house.library.contracts[dataset].title), period=label
        )
    return _("What each organisation sent for {period}", period=label)


def _links(
    viewer: Viewer, house: House, files: Sequence[Expected], column: str, past: bool
) -> dict[tuple[str, str], str]:
    """Where a cell leads: to the submission for whoever may open it, to /submit for her own that has not come."""
    found = {}
    for f in files:
        cell = (f.organisation_code, getattr(f, column))
        if f.submission_id:
            found[cell] = f"/submission/{f.submission_id}"
        elif (
            not past
            and f.organisation_code == viewer.organisation_code
            and may_send(viewer, house, f.dataset, f.organisation_code, f.country).allowed
        ):
            found[cell] = submit_address(f)
    return found


def submit_address(file: Expected) -> str:
    """Where this file is sent."""
    asked = {"dataset": file.dataset, "period": file.period, "organisation": file.organisation_code}
    return f"/submit?{urlencode(asked)}"


def _as_of(house: House, version: int | None) -> AsOf:
    """The version of the answer, and when a file last moved by then."""
    asked = house.store.head().version if version is None else version
    rows = house.store.read(
        "select max(recorded_at) as moment from submission_event where version <= $version", version=asked
    )
    return AsOf(asked, rows[0]["moment"] if rows else None)


@dataclass(frozen=True)
class _Maker:
    """The expected files as tables; `column` is the attribute of a file that a column of the matrix stands for."""

    house: House
    files: Sequence[Expected]
    column: str
    as_of: AsOf
    caveats: tuple[str, ...]

    def _country(self, code: str) -> str:
        return self.house.library.title("countries", code)

    def matrix(self, title: str, columns: Sequence[Column]) -> Table:
        """One row an organisation, by country and name."""
        several = len({f.country for f in self.files}) > 1
        rows = {
            f.organisation_code: f"{f.organisation}, {self._country(f.country)}" if several else f.organisation
            for f in sorted(self.files, key=lambda f: (self._country(f.country), f.organisation.casefold()))
        }
        cells = {(f.organisation_code, getattr(f, self.column)): f.standing for f in self.files}
        named = [Column("organisation", _("Organisation")), *columns]
        frame = pd.DataFrame(
            [[said, *(cells.get((code, c.name), NOT_EXPECTED) for c in columns)] for code, said in rows.items()],
            index=list(rows),
            columns=[c.name for c in named],
            dtype=object,
        )
        return self._table(title, named, frame)

    def listed(self) -> Table:
        """One row a file, those first that wait for somebody."""
        named = [
            Column("organisation", _("Organisation")),
            Column("country", _("Country")),
            Column("dataset", _("Dataset")),
            Column("period", _("Quarter")),
            Column("due_on", _("Due")),
            Column("sent_on", _("First handed in")),
            Column("standing", _("Stands")),
        ]
        ordered = sorted(
            self.files,
            key=lambda f: (_URGENT.index(f.standing), f.due_on, self._country(f.country), f.organisation, f.dataset),
        )
        rows = [
            [
                f.organisation,
                self._country(f.country),
                f.title,
                periods.parse(f.period).label,
                day(f.due_on),
                day(f.sent_on) if f.sent_on and f.state != "missing" else "",
                _(STANDINGS[f.standing]),
            ]
            for f in ordered
        ]
        frame = pd.DataFrame(rows, columns=[c.name for c in named], dtype=object)
        # A column that says the same in every row is left out.
        said = [c for c in named if c.name not in ("country", "dataset", "period") or frame[c.name].nunique() > 1]
        return self._table(_("File by file"), said, frame[[c.name for c in said]])

    def totals(self, columns: Sequence[Column]) -> Table:
        """One row a dataset (or quarter) of which anything was expected: when it was due, and how many stand how."""
        shown = [name for name in STANDINGS if name != NOT_EXPECTED]
        named = [
            Column("of", _("Quarter") if self.column == "period" else _("Dataset")),
            Column("due_on", _("Due")),
            Column("expected", _("Expected"), numeric=True),
            *(Column(name, _(STANDINGS[name]).capitalize(), numeric=True) for name in shown),
        ]
        rows = []
        for column in columns:
            of = [f for f in self.files if getattr(f, self.column) == column.name]
            if of:
                counted = [sum(f.standing == name for f in of) for name in shown]
                rows.append([column.title, day(of[0].due_on), len(of), *counted])
        frame = pd.DataFrame(rows, columns=[c.name for c in named], dtype=object)
        return self._table(_("How many stand how"), named, frame)

    def _table(self, title: str, columns: Sequence[Column], frame: pd.DataFrame) -> Table:
        statuses = frame.map(lambda cell: Status.NOT_APPLICABLE if cell == NOT_EXPECTED else Status.VALUE)
        return Table(
            title=title,
            columns=tuple(columns),
            frame=frame,
            statuses=statuses.astype(object),
            as_of=self.as_of,
            caveats=self.caveats,
            source=_("Files handed in, with the day of each step (UTC)"),
        )
