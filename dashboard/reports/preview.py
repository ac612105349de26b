"""What a file changes against the one that was accepted before it. Never shows a count to whoever may not see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.intake import counts
from dashboard.intake.versions import in_words, named
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import _

SHOWN = 100
"""So many rows of each kind of change are drawn; a download has them all."""
_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Change:
    """One row of the preview: its key in words, and the fields that differ as (title, old, new).

    `row` is where the spreadsheet of the new file shows it; None for one that is gone. A row that is new or gone has in
    `cells` what it says: its numbers and what must be filled; one that counts contacts all of it.
    """

    kind: str
    key: tuple[str, ...]
    cells: tuple[tuple[str, str, str], ...] = ()
    row: int | None = None


@dataclass(frozen=True)
class Preview:
    """The file as a difference against the last accepted one; `against` says which, empty when it is the first.

    Where they cannot be compared, `cannot` says why, and there is nothing else. `withheld`: so many rows of the file
    count contacts that this viewer may not see. They are compared with nothing, for "unchanged" beside a guess would
    tell her the count, and that a row is there would tell that somebody came.
    """

    against: str
    added: int
    changed: int
    removed: int
    unchanged: int
    rows: tuple[Change, ...]
    cannot: str = ""
    withheld: int = 0


def preview(viewer: Viewer, house: House, row: dict[str, Any], most: int | None = SHOWN) -> Preview:
    """What a file changes against what was last accepted from the same organisation for the same dataset and quarter.

    Of each kind of change it has the first `most` rows, with None all.

    When nothing was accepted for the quarter yet, against the organisation's latest earlier quarter, and it says so.
    Figures that count contacts are in it only for whoever may see those of this organisation.
    """
    policy.require(viewer, "view submissions", organisation_code=row["organisation_code"], country=row["country"])
    contract = house.library.contracts.get(row["dataset"])
    if contract is None:
        return _incomparable(_("The dataset “{name}” is no longer asked for.", name=row["dataset"]))
    new = None if _let_go(viewer, house, contract, row) else _rows(house, row)
    if new is None:
        return _incomparable(_("The rows of this file are no longer here."))
    former = house.store.read(
        "select accepted.*, submission.sha256, submission.contract_hash"
        " from accepted join submission using (submission_id)"
        " where accepted.dataset = $dataset and accepted.organisation_code = $organisation"
        " and accepted.period <= $period and accepted.submission_id <> $id"
        " and accepted.submission_id not in (select submission_id from tombstone)"
        " and ($until = 0 or accepted.since < $until)"
        " and (accepted.until is null or accepted.until >= $until and $until > 0)"
        " order by accepted.period desc, accepted.since desc limit 1",
        dataset=row["dataset"],
        organisation=row["organisation_code"],
        period=row["period"],
        id=row["submission_id"],
        until=row["state_version"] if row["state"] == "accepted" else 0,
    )
    withheld = 0
    if not counts.sees(viewer, row):
        counted = counts.mask(house, contract, new)
        new, withheld = new[~counted], int(counted.sum())
    if not former:
        rows = tuple(_whole(house, contract, row, new.head(most or len(new)), "added"))
        return Preview("", len(new), 0, 0, 0, rows, withheld=withheld)
    old = _rows(house, former[0])
    if old is None:
        return _incomparable(
            _("The file that was accepted before it, for {period}, is no longer here.", period=former[0]["period"])
        )
    if not counts.sees(viewer, row):
        old = old[~counts.mask(house, contract, old)]
    return replace(_difference(house, contract, row, old, new, former[0], most), withheld=withheld)


def _incomparable(why: str) -> Preview:
    return Preview("", 0, 0, 0, 0, (), why)


def _let_go(viewer: Viewer, house: House, contract: Contract, row: Mapping[str, Any]) -> bool:
    """Whether a returned file's days are over (as in intake.lapse), for whoever may not see its counts.

    Its bytes may be here yet, for an accepted file that has the same: that would tell her that they are right.
    """
    if row["state"] != "returned" or not counts.may_hold(contract) or counts.sees(viewer, row):
        return False
    return bool(row["state_at"] < datetime.now(UTC) - timedelta(days=house.settings.staged_days))


def _rows(house: House, row: Mapping[str, Any]) -> pd.DataFrame | None:
    """The rows of a file as they were checked; None when they are gone."""
    path = house.files.parquet(row["sha256"], row["contract_hash"])
    return house.store.frame("select * from read_parquet($path)", path=str(path)) if path.is_file() else None


def _whole(house: House, contract: Contract, file: Mapping[str, Any], frame: pd.DataFrame, kind: str) -> list[Change]:
    """Rows that are new or gone: what they are about, and what they say."""
    told = [f for f in contract.fields if f.name not in contract.key and f.name in frame.columns]
    most = [f for f in told if f.required or f.type in _NUMBERS]
    rows = zip(frame.to_dict("records"), counts.mask(house, contract, frame), strict=True)
    made = []
    for record, counted in rows:
        said = [(f, in_words(house, f, record[f.name])) for f in (told if counted else most)]
        cells = tuple((_(f.title), *((word, "") if kind == "removed" else ("", word))) for f, word in said if word)
        about = named(house, contract, record, file)
        made.append(Change(kind, about, cells, _row(record) if kind == "added" else None))
    return made


def _row(record: Mapping[Any, Any]) -> int | None:
    """Where the spreadsheet shows the row; beside rows that are gone the numbers come as floating ones."""
    number = record.get("row_number")
    return None if number is None or pd.isna(number) else int(number)


def _difference(
    house: House,
    contract: Contract,
    file: Mapping[str, Any],
    old: pd.DataFrame,
    new: pd.DataFrame,
    former: dict[str, Any],
    most: int | None,
) -> Preview:
    # A field that one of the two was not asked for says nothing about a change, and the quarter is that of the file.
    both_have = (set(old.columns) & set(new.columns)) - {"period"}
    old, new = (frame.drop(columns="period", errors="ignore") for frame in (old, new))
    keys = [name for name in contract.key if name in both_have]
    fields = [f for f in contract.fields if f.name not in keys and f.name in both_have]
    if not _fit(old, new, keys):
        return _incomparable(
            _(
                "The form has changed since the file that was accepted for {period}, so their rows cannot be compared.",
                period=former["period"],
            )
        )
    both = new.merge(old, on=keys, how="outer", suffixes=("", " before"), indicator=True)
    differs = pd.Series(False, index=both.index)
    for field in fields:
        a, b = both[field.name], both[f"{field.name} before"]
        same = (a == b).astype("boolean").fillna(False).astype(bool)  # a gap beside a number is no answer, but a change
        differs |= (both["_merge"] == "both") & ~(same | (a.isna() & b.isna()))
    parts = {side: both[both["_merge"] == side] for side in ("left_only", "right_only")}
    shown = most or len(both)
    changes = [
        Change("changed", named(house, contract, r, file), _cells(house, fields, r), _row(r))
        for r in both[differs].sort_values("row_number").head(shown).to_dict("records")
    ]
    changes += _whole(house, contract, file, parts["left_only"].sort_values("row_number").head(shown), "added")
    changes += _whole(house, contract, file, _before(parts["right_only"].head(shown), fields), "removed")
    added, removed, changed = len(parts["left_only"]), len(parts["right_only"]), int(differs.sum())
    return Preview(former["period"], added, changed, removed, len(new) - added - changed, tuple(changes))


def _fit(old: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> bool:
    """Whether these columns name one row in each of the two files, and are of one kind in both."""
    if not keys or old.duplicated(keys).any() or new.duplicated(keys).any():
        return False
    return all(_sort(old[k]) == _sort(new[k]) for k in keys)


def _sort(column: pd.Series) -> str:
    types = pd.api.types
    return "number" if types.is_numeric_dtype(column) else "day" if types.is_datetime64_any_dtype(column) else "text"


def _before(both: pd.DataFrame, fields: list[Field]) -> pd.DataFrame:
    """The rows of two files beside each other as the former one has them."""
    names = {f"{field.name} before": field.name for field in fields}
    return both.drop(columns=list(names.values())).rename(columns=names)


def _cells(house: House, fields: list[Field], record: Mapping[Any, Any]) -> tuple[tuple[str, str, str], ...]:
    """What a row had and has, field by field, where the words differ."""
    said = ((f, in_words(house, f, record[f"{f.name} before"]), in_words(house, f, record[f.name])) for f in fields)
    return tuple((_(f.title), was, now) for f, was, now in said if was != now)
