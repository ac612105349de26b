"""Any register as a question: searched, filtered, sorted, a page at a time. Never a dataset that counts contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pandas as pd

from dashboard.intake.senders import sendable
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, registers
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.registers import Shape
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, register_rows, register_words
from dashboard.reports.action_names import names_at
from dashboard.reports.register_rows import NoSuchRegister, Rows

PAGE = 50
"""So many rows stand on a page."""
WHOLE = "all"
LARGEST = 1000
"""Up to so many rows are drawn on one page when somebody asks for all of them, to print."""
LAW = N_("What the law says; not how it is applied.")
LATEST = N_("Each organisation's latest file counts: {period}.")
ADDS = N_("A later file adds to the earlier ones: {period}.")
SOURCE = N_("Files accepted for “{title}”")

__all__ = ["Asked", "Choice", "Listed", "NoSuchRegister", "Register", "choices", "listed", "register", "whole"]


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a register, each as it stands in the address; whatever is unknown counts as not asked.

    `filters` are codes by the name of their column. `sort` is a column's name, with - before it from the last to the
    first. `columns` are names with commas between, `page` a number or WHOLE.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    columns: str = ""
    page: str = ""


@dataclass(frozen=True)
class Choice:
    """One filter: the name of its column, its title, and the codes that occur, as (code, title)."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Register:
    """One answer. `table` has the rows of this page in the columns that are shown, with BETWEEN between the words of a
    column of `several`; `keys` are their natural keys, and `codes` what of a key no column says.

    `found` of `total` rows fit what was asked; the page begins with row `first` of those and is one of `pages`.
    `unknown` are sentences about what was asked and is not there. `columns` are all that could be shown, as (name,
    title), `shown` those that are. `told` are sentences about what she does not see.
    """

    contract: Contract
    shape: Shape
    answer: str
    unknown: tuple[str, ...]
    table: Table
    keys: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]
    several: frozenset[str]
    columns: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]
    sort: str
    total: int
    found: int
    first: int
    page: int
    pages: int
    told: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """One register of the list: how many entries the viewer may read, of how many countries, when a file last came,
    how many entries are not verified, and whether she may send it."""

    contract: Contract
    shape: Shape
    entries: int
    countries: int
    newest: datetime | None
    unverified: int
    sends: bool


def listed(viewer: Viewer, house: House, version: int | None = None) -> tuple[Listed, ...]:
    """Every register by its title. Raises policy.Refused."""
    known, _scope, _told = marts.readable(viewer, house, version)
    may = {c.name for c in sendable(viewer, house)[0]}
    found = []
    for contract in house.library.contracts.values():
        if registers.is_register(contract):
            rows = register_rows.rows(viewer, house, contract.name, version)
            found.append(
                Listed(
                    contract=contract,
                    shape=rows.shape,
                    entries=len(rows.raw),
                    countries=rows.raw["country"].nunique() if "country" in rows.raw.columns else 0,
                    newest=_newest(house, rows),
                    unverified=_unverified(rows.raw),
                    sends=contract.name in may and version is None,
                )
            )
    return tuple(sorted(found, key=lambda one: (not one.entries, _(one.contract.title).casefold())))


def choices(viewer: Viewer, house: House, dataset: str, version: int | None = None) -> tuple[Choice, ...]:
    """The filters of a register: each column with codes of which at least two occur, the country first.

    Raises policy.Refused and NoSuchRegister.
    """
    found = _choices(house, register_rows.rows(viewer, house, dataset, version))
    many = [one for one in found if len(one.options) > 1]
    return tuple(sorted(many, key=lambda one: one.name != "country"))


def columns(viewer: Viewer, house: House, dataset: str, version: int | None = None) -> tuple[tuple[str, str], ...]:
    """Every column that could be shown, as (name, title), the one that names a row first; of no row none."""
    rows = register_rows.rows(viewer, house, dataset, version)
    return _columns(rows) if len(rows.raw) else ()


def usual(viewer: Viewer, house: House, dataset: str, version: int | None = None) -> tuple[str, ...]:
    """The columns that are shown unless somebody chooses others. Raises policy.Refused and NoSuchRegister."""
    rows = register_rows.rows(viewer, house, dataset, version)
    return _shown(rows, "")[0]


def sends(viewer: Viewer, house: House, dataset: str) -> bool:
    """Whether the viewer may send files of this register."""
    return dataset in {contract.name for contract in sendable(viewer, house)[0]}


def register(viewer: Viewer, house: House, dataset: str, asked: Asked, version: int | None = None) -> Register:
    """One page of a register, for this viewer. Raises policy.Refused and NoSuchRegister."""
    rows = register_rows.rows(viewer, house, dataset, version)
    fits, unknown = _fitting(house, rows, asked)
    sort, order = _ordered(rows, fits, asked.sort)
    shown, strange = _shown(rows, asked.columns)
    pages = max(1, -(-len(order) // PAGE))
    every = asked.page == WHOLE and len(order) <= LARGEST
    page = 1 if every else min(pages, max(1, int(asked.page))) if asked.page.isdecimal() else 1
    here = order if every else order[(page - 1) * PAGE : page * PAGE]
    records = rows.raw.loc[here].to_dict("records")
    total = len(rows.raw)
    return Register(
        contract=rows.contract,
        shape=rows.shape,
        answer=register_words.answer(rows, rows.raw.loc[order], total, _newest(house, rows)),
        unknown=(*unknown, *strange),
        table=_table(rows, here, shown, viewer.today),
        keys=tuple(register_rows.key_of(rows.contract, record) for record in records),
        codes=tuple(_codes(rows, here, shown)),
        several=frozenset(f.name for f in rows.fields if f.many),
        columns=_columns(rows),
        shown=shown,
        sort=sort,
        total=total,
        found=len(order),
        first=(page - 1) * PAGE + 1 if len(here) else 0,
        page=page,
        pages=1 if every else pages,
        told=rows.told,
    )


def whole(
    viewer: Viewer, house: House, dataset: str, asked: Asked, version: int | None = None
) -> tuple[Rows, pd.Index, Table]:
    """Every row that fits what was asked, in its order, with every column; for a file.

    The rows that the viewer may read, which of them, and these as a table in words. Raises as `register` does.
    """
    rows = register_rows.rows(viewer, house, dataset, version)
    fits, _unknown = _fitting(house, rows, asked)
    _sort, order = _ordered(rows, fits, asked.sort)
    table = _table(rows, order, tuple(f.name for f in rows.fields), viewer.today)
    return rows, order, table


def _columns(rows: Rows) -> tuple[tuple[str, str], ...]:
    fields = sorted(rows.fields, key=lambda f: f.name != rows.shape.label)
    return tuple((f.name, _(f.title)) for f in fields)


def _choices(house: House, rows: Rows) -> list[Choice]:
    """The codes that occur in each column with codes; of a list in its order, organisations by name."""
    names, found = names_at(house, rows.as_of.version), []
    for one in rows.fields:
        if not one.codes and not one.own:
            continue
        there = {code for value in rows.raw[one.name] for code in register_rows.codes_in(value)}
        if one.listed:
            known = [c.code for c in house.library.codes[one.codes].codes if c.code in there]
            options = [(c, _(house.library.title(one.codes, c))) for c in [*known, *sorted(there - set(known))]]
        else:
            options = sorted(((c, names.organisation(c)) for c in there), key=lambda pair: pair[1].casefold())
        if one.name == "country":
            options = sorted(options, key=lambda pair: pair[1].casefold())
        found.append(Choice(one.name, _(one.title), tuple(options)))
    return found


def _fitting(house: House, rows: Rows, asked: Asked) -> tuple[pd.Series, list[str]]:
    """Which rows fit the filters and the search, and a sentence about each filter that nothing could fit."""
    fits = pd.Series(True, index=rows.raw.index)
    unknown: list[str] = []
    known = {one.name: dict(one.options) for one in _choices(house, rows)} if any(asked.filters.values()) else {}
    for name, code in asked.filters.items():
        if not code or name not in known:
            continue
        title = _(rows.contract.field(name).title)
        if code not in known[name]:
            if len(rows.raw):
                unknown.append(_("{column}: no entry has “{value}”, so all are shown.", column=title, value=code[:40]))
            continue
        column = rows.raw[name]
        if rows.contract.field(name).many:
            fits &= pd.Series([code in register_rows.codes_in(v) for v in column], index=column.index).astype(bool)
        else:
            fits &= (column == code).fillna(False).astype(bool)
    for word in register_rows.folded(asked.search).split():
        fits &= rows.search.str.contains(word, regex=False).fillna(False).astype(bool)
    return fits, unknown


def _ordered(rows: Rows, fits: pd.Series, sort: str) -> tuple[str, pd.Index]:
    """The rows that fit, in the order asked for; what is empty stands last either way."""
    index, name = rows.raw.index[fits.to_numpy(dtype=bool)], sort.removeprefix("-")
    one = next((f for f in rows.fields if f.name == name), None)
    if one is None or not len(index):
        return "", index
    if one.type in ("integer", "number", "date"):
        column = rows.raw.loc[index, name]
        column = pd.to_datetime(column) if one.type == "date" else column.astype(float)
    elif one.type == "period":
        column = rows.raw.loc[index, name]
    else:
        column = rows.words.loc[index, name].map(lambda said: register_rows.ordered(said) or np.nan)
    ordered = column.sort_values(ascending=not sort.startswith("-"), kind="stable", na_position="last")
    return sort, ordered.index


def _shown(rows: Rows, asked: str) -> tuple[tuple[str, ...], list[str]]:
    """The columns to show, the one that names a row first, and a sentence about those that there are not."""
    known = [name for name, _title in _columns(rows)]
    usual = tuple(name for name in rows.shape.columns if name in known)
    if not asked:
        return usual, []
    wanted = asked.split(",")[:100]
    strange = [name[:40] for name in wanted if name and name not in known]
    shown = (rows.shape.label, *(n for n in known if n in wanted and n != rows.shape.label))
    said = [_("There is no column “{names}” here.", names="”, “".join(strange[:5]))] if strange else []
    return (shown if len(shown) > 1 or not strange else usual), said


def _codes(rows: Rows, here: pd.Index, shown: Sequence[str]) -> list[str]:
    """What of each row's key no column says: codes that are a name for machines."""
    contract = rows.contract
    names = [n for n in contract.key if n not in shown and not contract.field(n).own and not contract.field(n).codes]
    parts = rows.words.loc[here, names].to_numpy()
    return [" · ".join(part for part in row if part) for row in parts]


def _table(rows: Rows, here: pd.Index, shown: Sequence[str], today: date) -> Table:
    contract = rows.contract
    fields = [contract.field(name) for name in shown]
    records = rows.raw.loc[here].to_dict("records")
    frame = rows.words.loc[here, list(shown)]
    marks = []
    for record in records:
        status = {f.name: register_rows.status(contract, f, record, today) for f in fields}
        if register_rows.unverified(record) and status.get(rows.shape.label) in (Status.VALUE, Status.ZERO):
            status[rows.shape.label] = Status.NOT_VERIFIED
        marks.append(status)
    return Table(
        title=_(contract.title),
        columns=tuple(Column(f.name, _(f.title), numeric=_numeric(f)) for f in fields),
        frame=frame,
        statuses=pd.DataFrame(marks, index=frame.index, columns=list(shown), dtype=object),
        as_of=rows.as_of,
        caveats=_caveats(rows),
        source=_(SOURCE, title=_(contract.title)),
        period=period(rows),
    )


def _numeric(one: Field) -> bool:
    return one.type in ("integer", "number") and "year" not in one.name


def _caveats(rows: Rows) -> tuple[str, ...]:
    said = [_(LAW)] if rows.contract.kind == "legal" else []
    if period(rows):
        words = _(ADDS) if rows.shape.adds else _(LATEST)
        said.append(words.format(period=period(rows)))
    if ships := int((rows.raw["reported_by"] == register_rows.NOBODY).sum()) if len(rows.raw) else 0:
        said.append(
            n_(
                "{count} entry was sent by nobody: it is a sourced fact that comes with the dashboard.",
                "{count} entries were sent by nobody: they are sourced facts that come with the dashboard.",
                ships,
            )
        )
    return (*said, *rows.told)


def period(rows: Rows) -> str:
    """From which quarters the files are, in words."""
    quarters = sorted(set(rows.raw["reported_in"]) - {register_rows.NO_QUARTER}) if len(rows.raw) else []
    if not quarters:
        return ""
    first, last = periods.parse(quarters[0]).label, periods.parse(quarters[-1]).label
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _newest(house: House, rows: Rows) -> datetime | None:
    """When the newest file with an entry that she reads was accepted."""
    if not len(rows.raw) or not rows.raw["since"].max():
        return None
    found = house.store.read(
        "select max(accepted_at) as newest from accepted where dataset = $dataset and since <= $since",
        dataset=rows.contract.name,
        since=int(rows.raw["since"].max()),
    )
    return found[0]["newest"] if found else None


def _unverified(raw: pd.DataFrame) -> int:
    return int((raw[registers.VERIFIED] == "no").sum()) if registers.VERIFIED in raw.columns else 0
