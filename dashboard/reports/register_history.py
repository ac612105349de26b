"""One entry of a register by its natural key: what it says, who sent it, what became of it. Never names a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.intake import counts
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record import keys
from dashboard.record.house import House
from dashboard.reference import periods, registers
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.registers import Shape
from dashboard.reference.table import AsOf, Status
from dashboard.reference.text import _
from dashboard.reports import marts, register_rows
from dashboard.reports.action_names import Names, names_at

KINDS = ("added", "changed", "removed")
Record = dict[Any, Any]


class NoSuchEntry(LookupError):
    """There is no entry with this key, or it is not the viewer's to see."""


@dataclass(frozen=True)
class Step:
    """One change of an entry: when a file was accepted or withdrawn, which quarter it was for, and what it changed.

    `kind` is one of KINDS; `cells` are (title, was, now) of what differs. `submission` is the file's id for whoever may
    open it, else empty.
    """

    at: datetime
    period: str
    kind: str
    cells: tuple[tuple[str, str, str], ...]
    submission: str


@dataclass(frozen=True)
class Statement:
    """What one organisation says under this key: as (field, words, status) for each column, newest change first.

    `stands` is no where its newest file has the entry no more; the values are then the last that it had. `repeated` is
    the quarter of the newest file that says the same as the one before it, "" where none does. Of a fact that ships
    with the dashboard, organisation and period are "". Of it, and of what a release found of another's file, there are
    no steps.
    """

    organisation: str
    stands: bool
    period: str
    values: tuple[tuple[Field, str, Status], ...]
    unverified: bool
    steps: tuple[Step, ...]
    repeated: str


@dataclass(frozen=True)
class Entry:
    """One entry: its name in words, and what each organisation says of it, who says it now before who said it once."""

    contract: Contract
    shape: Shape
    title: str
    key: tuple[str, ...]
    statements: tuple[Statement, ...]
    as_of: AsOf


def entry(viewer: Viewer, house: House, dataset: str, key: Sequence[str], version: int | None = None) -> Entry:
    """An entry with its history up to a version.

    Raises policy.Refused, register_rows.NoSuchRegister, and NoSuchEntry alike for what is not there and what is not
    hers to see.
    """
    known, scope, _told = marts.readable(viewer, house, version)
    contract = register_rows.registered(house, dataset)
    if len(key) != len(contract.key):
        raise NoSuchEntry(dataset)
    latest = known if scope.everything else marts.as_of(house, version)
    every = house.store.frame(
        keys.question(dataset, contract.key), version=latest.version, **keys.parameters([part[:400] for part in key])
    )
    if counts.may_hold(contract):
        every = every[~counts.mask(house, contract, every)]
    stood = every[:0]
    if not scope.everything:
        # Of others she reads what the release found under this key and what names her there: no other time of it.
        there = register_rows.rows(viewer, house, dataset, version).raw
        there = there.iloc[
            [n for n, row in enumerate(there.to_dict("records")) if register_rows.key_of(contract, row) == tuple(key)]
        ]
        hers = register_rows.own(scope, every)
        stood = there[~register_rows.own(scope, there) & (there["reported_by"] != register_rows.NOBODY)]
        every = every[hers]
    ships = [
        fact for fact in register_rows.facts(house, contract) if register_rows.key_of(contract, fact) == tuple(key)
    ]
    if not len(every) and not len(stood) and not ships:
        raise NoSuchEntry(dataset)
    names, published = names_at(house, latest.version), names_at(house, known.version)
    fields = register_rows.readable_fields(contract, register_rows.sees_lines(viewer, version))
    made = []
    for sender in dict.fromkeys(every["reported_by"]):
        made.append(_Told(viewer, house, contract, fields, names, str(sender), latest.version).statement(every))
    for row in stood.to_dict("records"):
        told = _Told(viewer, house, contract, fields, published, str(row["reported_by"]), known.version)
        made.append(told.standing(row, str(row["reported_in"])))
    if ships and not any(one.stands for one in made):
        made.append(_Told(viewer, house, contract, fields, names, "", 0).standing(ships[0], ""))
    made.sort(key=lambda one: (not one.stands, one.organisation.casefold()))
    shape = registers.shape(contract)
    title = next((words for field, words, _status in made[0].values if field.name == shape.label and words), "")
    return Entry(contract, shape, title or " · ".join(filter(None, key)), tuple(key), tuple(made), known)


@dataclass(frozen=True)
class _Told:
    """What one organisation said under one key, by the files of it that counted up to version `until`."""

    viewer: Viewer
    house: House
    contract: Contract
    fields: tuple[Field, ...]
    names: Names
    sender: str
    until: int

    def statement(self, every: pd.DataFrame) -> Statement:
        mine = {str(r["submission_id"]): r for r in every.to_dict("records") if r["reported_by"] == self.sender}
        files = self._files()
        moments = self._moments(files)
        steps: list[Step] = []
        before: Record | None = None
        last: Record = {}
        repeated = ""
        for version in moments:
            file = self._counting(files, version, mine)
            now = mine.get(file["submission_id"]) if file else None
            last = now or last
            if kind := self._kind(before, now):
                steps.append(self._step(kind, before, now, file, moments[version], version))
                repeated = ""
            elif now and before and now["submission_id"] != before["submission_id"]:
                repeated = str(now["period"])
            before = now
        return Statement(
            organisation=self.names.organisation(self.sender),
            stands=before is not None,
            period=periods.parse(str(last["period"])).label,
            values=self._values(last),
            unverified=register_rows.unverified(last),
            steps=tuple(reversed(steps)),
            repeated=periods.parse(repeated).label if repeated else "",
        )

    def standing(self, record: Record, period: str) -> Statement:
        """What stands, without what became of it: a fact that ships, or what the release found of another's file."""
        return Statement(
            organisation=self.names.organisation(self.sender) if self.sender else "",
            stands=True,
            period=periods.parse(period).label if period else "",
            values=self._values(record),
            unverified=register_rows.unverified(record),
            steps=(),
            repeated="",
        )

    def _values(self, record: Record) -> tuple[tuple[Field, str, Status], ...]:
        words, today = self._words(record), self.viewer.today
        return tuple((f, words[f.name], register_rows.status(self.contract, f, record, today)) for f in self.fields)

    def _files(self) -> list[Record]:
        """The files of this sender that ever counted by then and were not expunged."""
        gone = {row["submission_id"] for row in self.house.store.read("select submission_id from tombstone")}
        frame = marts.files(self.house, self.contract.name)
        frame = frame[(frame["reported_by"] == self.sender) & (frame["since"] <= self.until)]
        return [row for row in frame.to_dict("records") if row["submission_id"] not in gone]

    def _moments(self, files: list[Record]) -> dict[int, datetime]:
        """The versions at which a file of this sender began or ceased to count, in order, each with its moment."""
        ends = [int(row["until"]) for row in files if not pd.isna(row["until"])]
        wanted = sorted({*(int(row["since"]) for row in files), *(end for end in ends if end <= self.until)})
        rows = self.house.store.read(
            "select version, max(recorded_at) as at from submission_event"
            " where version in (select unnest($versions)) group by version order by version",
            versions=wanted or [0],
        )
        return {int(row["version"]): row["at"] for row in rows}

    def _counting(self, files: list[Record], version: int, mine: dict[str, Record]) -> Record | None:
        """The file that speaks for this sender at a version: of the latest quarter; where files add up, the latest
        that has the entry."""
        adds = registers.shape(self.contract).adds
        there = [
            row
            for row in files
            if row["since"] <= version
            and not _over(row["until"], version)
            and (not adds or row["submission_id"] in mine)
        ]
        return max(there, key=lambda row: (row["period"], row["since"]), default=None)

    def _kind(self, before: Record | None, now: Record | None) -> str:
        if before is None or now is None:
            return "" if before is now else "added" if before is None else "removed"
        return "changed" if self._cells(before, now) else ""

    def _step(
        self, kind: str, before: Record | None, now: Record | None, file: Record | None, at: datetime, version: int
    ) -> Step:
        cells = self._cells(before, now) if before and now else ()
        of = file if file and file["since"] == version else None
        period = str(file["period"] if file else before["period"] if before else "")
        return Step(at, periods.parse(period).label, kind, cells, self._open(of["submission_id"]) if of else "")

    def _open(self, submission: str) -> str:
        """The id for whoever may see the files of this sender."""
        country = organisations.country_of(self.house, self.sender)
        may = policy.may(self.viewer, "view submissions", organisation_code=self.sender, country=country)
        return submission if may.allowed else ""

    def _words(self, record: Record) -> dict[str, str]:
        frame = pd.DataFrame([record], dtype=object)
        words = register_rows.in_words(self.house, self.names, self.contract, frame)
        reached = register_rows.reached(self.fields, frame, words, self.viewer.today)
        return {f.name: str(reached[f.name].iloc[0]) for f in self.fields}

    def _cells(self, before: Record, now: Record) -> tuple[tuple[str, str, str], ...]:
        """What differs between two files, in words; contact lines are told of one by one nowhere."""
        fields: Iterable[Field] = (f for f in self.fields if not register_rows.is_line(f))
        different = [f for f in fields if _text(before.get(f.name)) != _text(now.get(f.name))]
        if not different:
            return ()
        was, is_ = self._words(before), self._words(now)
        return tuple((_(f.title), was[f.name], is_[f.name]) for f in different)


def _over(until: Any, version: int) -> bool:
    """Whether what counted until a version (empty: counts still) does so no more."""
    return not pd.isna(until) and bool(until <= version)


def _text(value: Any) -> str:
    return "" if register_rows.absent(value) else str(value)
