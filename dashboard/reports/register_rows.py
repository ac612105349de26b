"""The rows of a register that one viewer may read, as codes and as words. Never a row that counts contacts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.intake import counts
from dashboard.protection import policy
from dashboard.protection.policy import Scope, Viewer
from dashboard.record.house import House
from dashboard.reference import periods, registers, text
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.registers import Shape
from dashboard.reference.table import AsOf, Status
from dashboard.reference.text import N_, _
from dashboard.reports import marts
from dashboard.reports.action_names import Names, names_at
from dashboard.reports.coverage import confirmed
from dashboard.reports.kept import kept

KEEP = 80
"""A register stands until another takes its place: for so many quarters."""
BETWEEN = "\n"
"""Between the words of several codes in one cell."""
NOBODY, NO_QUARTER = "", ""
"""Who sent a fact that ships, and for which quarter."""
_NUMBER = re.compile("[0-9]+")
OWN_ONLY = N_(
    "You read the entries of your own organisation, and of others those that name it, as they stood at the last"
    " release. There may be more."
)
NO_CONTACTS = N_("Entries about counts of contacts are left out here; they stand on the page of their indicator.")


class NoSuchRegister(LookupError):
    """There is no register of this name."""


@dataclass(frozen=True)
class Rows:
    """What a viewer may read of a register. `raw` has the record's values, `words` the same as people read them, with
    BETWEEN between several; both have the same index. `search` is what a row is found by, `told` are sentences about
    what she does not see.
    """

    contract: Contract
    shape: Shape
    fields: tuple[Field, ...]
    raw: pd.DataFrame
    words: pd.DataFrame
    search: pd.Series
    as_of: AsOf
    told: tuple[str, ...]


def registered(house: House, dataset: str) -> Contract:
    """The contract of a register. Raises NoSuchRegister for any other dataset, and for what is none."""
    contract = house.library.contracts.get(dataset)
    if contract is None or not registers.is_register(contract):
        raise NoSuchRegister(dataset)
    return contract


def rows(viewer: Viewer, house: House, dataset: str, version: int | None = None, quarter: str = "") -> Rows:
    """What this viewer may read of a register, now or as of a version, in the order of its key; with `quarter`
    (2026-Q3), as files up to that quarter say it.

    Whoever is capped reads what her own organisation sent as it is, and of all else what names it, as published.
    Raises policy.Refused, and NoSuchRegister.
    """
    known, scope, _published = marts.readable(viewer, house, version)
    contract = registered(house, dataset)
    quarter = quarter or str(periods.of(viewer.today))
    found = _whole(house, contract, known.version, quarter)
    told: tuple[str, ...] = (_(NO_CONTACTS),) if found.withheld else ()
    if not scope.everything:
        now = _whole(house, contract, marts.as_of(house, version).version, quarter)
        ships = found.raw["reported_by"] == NOBODY
        parts = [now.of(own(scope, now.raw)), found.of(naming(scope, contract, found.raw) | ships)]
        found = _joined(parts)
        told = (*told, _(OWN_ONLY))
    fields = readable_fields(contract, sees_lines(viewer, version))
    return Rows(
        contract=contract,
        shape=registers.shape(contract),
        fields=fields,
        raw=found.raw,
        words=reached(fields, found.raw, found.words, viewer.today),
        search=found.search,
        as_of=known,
        told=told,
    )


def sees_lines(viewer: Viewer, version: int | None) -> bool:
    """Whether contact lines are shown: not to everybody, and none of the past, for nobody calls a number of then."""
    return version is None and policy.scope(viewer, "view contact lines").everything


def readable_fields(contract: Contract, lines: bool) -> tuple[Field, ...]:
    """The fields that are shown: contact lines only with `lines`."""
    return tuple(f for f in contract.fields if lines or not is_line(f))


def is_line(field: Field) -> bool:
    """Whether a field holds an office's telephone line."""
    return "office_phone" in field.allows


def reached(fields: Sequence[Field], raw: pd.DataFrame, words: pd.DataFrame, today: date) -> pd.DataFrame:
    """The words without the lines that nobody reached lately: a wrong number can hurt a woman."""
    lines = [f.name for f in fields if is_line(f)]
    if not lines:
        return words
    words = words.copy()
    for name in lines:
        checked = raw.get(f"{name}_checked_on", pd.Series(None, index=raw.index, dtype=object))
        words[name] = [said if confirmed(day, today) else "" for said, day in zip(words[name], checked, strict=True)]
    return words


def own(scope: Scope, frame: pd.DataFrame) -> pd.Series:
    """Which rows an organisation of this scope sent."""
    return frame["reported_by"].isin(scope.organisations)


def naming(scope: Scope, contract: Contract, frame: pd.DataFrame) -> pd.Series:
    """Which rows of others name an organisation of this scope: as the one that a row is about, leads or supports."""
    found = pd.Series(False, index=frame.index)
    for field in contract.fields:
        if field.defines or field.own:
            found |= frame[field.name].isin(scope.organisations)
        elif field.codes == "organisations":
            found |= pd.Series(
                [bool(scope.organisations & set(codes_in(value))) for value in frame[field.name]], index=frame.index
            ).astype(bool)
    return found & ~own(scope, frame)


@dataclass(frozen=True)
class _Found:
    """Rows whoever asks: `withheld` says that some count contacts, and are not among them."""

    raw: pd.DataFrame
    words: pd.DataFrame
    search: pd.Series
    withheld: bool

    def of(self, mask: pd.Series) -> _Found:
        return _Found(self.raw[mask], self.words[mask], self.search[mask], self.withheld)


def _joined(parts: list[_Found]) -> _Found:
    """The rows of parts that share none, in one order."""
    filled = [part for part in parts if len(part.raw)] or parts[:1]
    raw = pd.concat([part.raw for part in filled], ignore_index=True)
    words = pd.concat([part.words for part in filled], ignore_index=True)
    search = pd.concat([part.search for part in filled], ignore_index=True)
    return _Found(raw, words, search, any(part.withheld for part in parts))


def _whole(house: House, contract: Contract, version: int, quarter: str) -> _Found:
    """Every row of a register at a version; kept, for it does not depend on who asks."""
    name = f"register {contract.name} {quarter} {text.language()}"
    return kept(house, name, version, lambda: _read(house, contract, version, quarter))


def _read(house: House, contract: Contract, version: int, quarter: str) -> _Found:
    raw = current(house, contract, version, quarter)
    every = len(raw)
    if counts.may_hold(contract):
        raw = raw[~counts.mask(house, contract, raw)]
    every -= len(raw)
    raw = _with_facts(house, contract, raw.reset_index(drop=True))
    names = names_at(house, version)
    words = in_words(house, names, contract, raw)
    label = registers.shape(contract).label
    by = [n for n in ("country", label, *contract.key) if n in words.columns]
    order = pd.DataFrame({n: words[n].map(ordered) for n in dict.fromkeys(by)}).sort_values(
        list(dict.fromkeys(by)), kind="stable"
    )
    raw, words = (frame.loc[order.index].reset_index(drop=True) for frame in (raw, words))
    return _Found(raw, words, _search(contract, raw, words), bool(every))


def _with_facts(house: House, contract: Contract, raw: pd.DataFrame) -> pd.DataFrame:
    """The rows with the facts that ship about what no row is about; nobody sent those, in no quarter."""
    told = {key_of(contract, record) for record in raw.to_dict("records")}
    ships = [fact for fact in facts(house, contract) if key_of(contract, fact) not in told]
    return pd.concat([raw.astype(object), pd.DataFrame(ships, dtype=object)], ignore_index=True) if ships else raw


def facts(house: House, contract: Contract) -> list[dict[str, Any]]:
    """The facts that ship of a register as rows of the record: what is empty is None, days and numbers are such."""
    read: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "integer": int, "number": float}
    none: dict[str, Any] = {f.name: None for f in contract.fields}
    return [
        none
        | {name: read.get(contract.field(name).type, str)(cell) for name, cell in fact.items() if cell}
        | {"reported_by": NOBODY, "reported_in": NO_QUARTER, "since": 0}
        for fact in house.library.facts.get(contract.name, ())
    ]


def current(house: House, contract: Contract, version: int, quarter: str) -> pd.DataFrame:
    """What each organisation last said, with `reported_in`, the quarter of its file; where files add up (`adds`), what
    the latest of its files says of each key."""
    frame = marts.known_in(house, contract.name, quarter, version, keep=KEEP)
    if not registers.shape(contract).adds:
        return frame
    every = marts.rows(house, contract.name, version)
    every = every[every["period"] <= quarter].sort_values(["period", "since"], kind="stable")
    return every.drop_duplicates(list(contract.key), keep="last").rename(columns={"period": "reported_in"})


def in_words(house: House, names: Names, contract: Contract, raw: pd.DataFrame) -> pd.DataFrame:
    """The fields of `raw` as people read them; each different value is looked up once."""
    made = {}
    for field in contract.fields:
        column = raw[field.name] if field.name in raw.columns else pd.Series(None, index=raw.index, dtype=object)
        known = {value: said(house, names, field, value) for value in column.dropna().unique()}
        made[field.name] = [known.get(value, "") if not absent(value) else "" for value in column]
    return pd.DataFrame(made, index=raw.index, columns=list(contract.header), dtype=object)


def absent(value: Any) -> bool:
    """Whether a cell of the record is empty."""
    return value is None or value is pd.NA or value is pd.NaT or value != value or value == ""


def said(house: House, names: Names, field: Field, value: Any) -> str:
    """One value in words: codes as their titles, organisations as their names, days and quarters for people."""
    if absent(value):
        return ""
    if field.own and names.organisation(str(value)) != str(value):
        return _("{name} ({code})", name=names.organisation(str(value)), code=str(value))
    if field.own or field.codes == "organisations":
        return BETWEEN.join(names.organisation(code) for code in codes_in(value))
    if field.listed:
        return BETWEEN.join(_(house.library.title(field.codes, code)) for code in codes_in(value))
    if hasattr(value, "isoformat"):
        return text.day(value)
    if field.type == "period":
        return _quarter(str(value))
    if isinstance(value, (int, float, np.number)):
        if "year" in field.name:
            return str(int(value))
        return text.number(float(value), 0 if float(value).is_integer() else 2)
    return _day(str(value)) if "full_date" in field.allows else str(value)


def _day(value: str) -> str:
    """A day that stands in a column of words because often only its year is known."""
    try:
        return text.day(date.fromisoformat(value)) if "-" in value else value
    except ValueError:
        return value


def _quarter(value: str) -> str:
    try:
        return periods.parse(value).label
    except ValueError:
        return value


def codes_in(value: Any) -> list[str]:
    """The codes of a cell, one or several."""
    return [] if absent(value) else [code for code in str(value).split("|") if code]


def folded(words: str) -> str:
    """Words as they are compared: without case and without the marks above and below letters."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def ordered(words: str) -> str:
    """Words as they stand in an order: as they are compared, and number 9 before number 10."""
    return _NUMBER.sub(lambda found: found[0].zfill(9), folded(words))


def _search(contract: Contract, raw: pd.DataFrame, words: pd.DataFrame) -> pd.Series:
    """What each row is found by: its words and its codes, and no contact line."""
    fields = [f for f in contract.fields if not is_line(f)]
    parts = [words[f.name] for f in fields]
    parts += [raw[f.name].map(lambda v: "" if absent(v) else str(v)) for f in fields if f.codes or f.own]
    joined = [BETWEEN.join(cells) for cells in zip(*parts, strict=True)] if len(raw) else []
    return pd.Series([folded(row) for row in joined], index=raw.index, dtype=object)


def key_of(contract: Contract, record: Mapping[Any, Any]) -> tuple[str, ...]:
    """The natural key of a row as texts, an empty part as ""; the same texts as in the record's own question."""
    return tuple(_key_text(record[name]) for name in contract.key)


def _key_text(value: Any) -> str:
    if absent(value):
        return ""
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def status(contract: Contract, field: Field, record: Mapping[Any, Any], today: date) -> Status:
    """What a cell says besides its words; what the contract wants empty in such a row was not forgotten.

    A line that nobody reached for half a year is not verified, and neither is one whose day of checking is unknown.
    """
    value = record.get(field.name)
    if absent(value):
        empty = any(
            rule.field == field.name
            and rule.then == "empty"
            and (record.get(rule.when) in rule.values or rule.any_value and not absent(record.get(rule.when)))
            for rule in contract.rules
        )
        return Status.NOT_APPLICABLE if empty else Status.NOT_REPORTED
    if is_line(field) and not confirmed(record.get(f"{field.name}_checked_on"), today):
        return Status.NOT_VERIFIED
    return Status.ZERO if value == 0 else Status.VALUE


def unverified(record: Mapping[Any, Any]) -> bool:
    """Whether a row says of itself that nobody read it in its source."""
    return record.get(registers.VERIFIED) == "no"
