"""The files for one dataset, organisation and quarter: which is meant, which counts, what stood in each. Changes none.

Whoever may not see counts of contacts reads here nothing that would tell whether a guess is right: not the rows that
hold them, and of files that can hold them no other one than those that counted once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.intake import counts
from dashboard.intake.senders import NotPossible
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import _


class NewerVersion(NotPossible):
    """Somebody else's file for the same dataset, organisation and quarter was accepted in between."""


def find(viewer: Viewer, house: House, submission_id: str, action: str = "view submissions") -> dict[str, Any]:
    """One row of `submission_now` with the organisation's country. Raises policy.Refused for what is not there and
    for what is not the viewer's, in the same words, so that an id tells nothing."""
    rows = house.store.read("select * from submission_now where submission_id = $id", id=submission_id)
    if rows:
        country = organisations.country_of(house, rows[0]["organisation_code"])
        if policy.may(viewer, action, organisation_code=rows[0]["organisation_code"], country=country).allowed:
            return rows[0] | {"country": country}
        if policy.may(
            viewer, "view submissions", organisation_code=rows[0]["organisation_code"], country=country
        ).allowed:
            policy.require(viewer, action, organisation_code=rows[0]["organisation_code"], country=country)
    raise policy.Refused(_("This submission does not exist, or it is not yours to see."))


def newer(house: House, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The file of the same dataset, organisation and quarter that was accepted after this one was staged."""
    return _newer(house.store.read, row["submission_id"])


def _newer(read: Callable[..., list[dict[str, Any]]], submission_id: str) -> dict[str, Any] | None:
    if not read(_MAYBE_NEWER, id=submission_id):  # nearly always, and told without the views
        return None
    found = read(
        "select accepted.* from accepted, submission_now as mine where mine.submission_id = $id"
        " and accepted.dataset = mine.dataset and accepted.organisation_code = mine.organisation_code"
        " and accepted.period = mine.period and accepted.submission_id <> mine.submission_id"
        " and accepted.until is null and accepted.since > (select max(version) from submission_event"
        " where submission_id = $id and event = 'staged') order by accepted.since desc",
        id=submission_id,
    )
    return found[0] if found else None


_MAYBE_NEWER = (
    "select 1 from submission as mine join submission as other on other.dataset = mine.dataset"
    " and other.organisation_code = mine.organisation_code and other.period = mine.period"
    " and other.submission_id <> mine.submission_id join submission_event as event"
    " on event.submission_id = other.submission_id and event.event = 'accepted' where mine.submission_id = $id"
    " and event.version > (select max(version) from submission_event where submission_id = $id and event = 'staged')"
    " limit 1"
)


def nothing_newer(read: Callable[..., list[dict[str, Any]]], row: Mapping[str, Any], knowing: str) -> None:
    """Pass when no other file came in between, or the one that did is the one that the person has seen."""
    other = _newer(read, row["submission_id"])
    if other and other["submission_id"] != knowing:
        raise NewerVersion(
            _(
                "Another file for {dataset}, {organisation}, {period} was accepted after this one was checked"
                " ({when}). Nothing was merged. Look at the difference below; then go on, or withdraw this file.",
                dataset=row["dataset"],
                organisation=row["organisation_code"],
                period=row["period"],
                when=other["accepted_at"].strftime("%d %B %Y, %H:%M UTC"),
            )
        )


@dataclass(frozen=True)
class Version:
    """One file for the same place: its state with who and when, its rows, and whether it is the one that counts."""

    submission_id: str
    state: str
    state_at: datetime
    by_name: str
    row_count: int
    counts: bool
    corrected: bool


_CHAIN = (
    "select s.submission_id, s.state, s.state_at, coalesce(a.name, s.state_by) as by_name, s.row_count,"
    " exists (select 1 from accepted where accepted.submission_id = s.submission_id and until is null) as counts"
    " from submission_now as s left join account_now as a on a.account_id = s.state_by"
    " where s.dataset = $dataset and s.organisation_code = $organisation and s.period = $period"
    " and (s.submission_id = $id or exists (select 1 from submission_event as e where"
    " e.submission_id = s.submission_id and (e.event = 'accepted' or $handed_in and e.event = 'submitted')))"
    " order by s.recorded_at, s.submission_id"
)


def chain(viewer: Viewer, house: House, row: Mapping[str, Any]) -> tuple[Version, ...]:
    """The versions of what `row` (from `find`) reports, oldest first: itself, and each that was handed in once.

    Of files that can hold contacts, whoever may not see them finds only those that counted once. `corrected` says that
    a version is accepted and a later one has taken its place. Raises policy.Refused.
    """
    policy.require(viewer, "view submissions", organisation_code=row["organisation_code"], country=row["country"])
    contract = house.library.contracts.get(row["dataset"])
    found = house.store.read(
        _CHAIN,
        handed_in=counts.sees(viewer, row) or contract is not None and not counts.may_hold(contract),
        id=row["submission_id"],
        **_place(row),
    )
    return tuple(Version(**one, corrected=one["state"] == "accepted" and not one["counts"]) for one in found)


def counting(read: Callable[..., list[dict[str, Any]]], row: Mapping[str, Any]) -> str:
    """The id of the version that counts for the place of `row`; empty when none does."""
    found = read(
        "select submission_id from accepted where dataset = $dataset and organisation_code = $organisation"
        " and period = $period and until is null order by since desc limit 1",
        **_place(row),
    )
    return str(found[0]["submission_id"]) if found else ""


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"dataset": row["dataset"], "organisation": row["organisation_code"], "period": row["period"]}


def counted_once(read: Callable[..., list[dict[str, Any]]], submission_id: str) -> bool:
    """Whether a submission was ever accepted: then its bytes stay, and it can count again."""
    once = "select 1 from submission_event where submission_id = $id and event = 'accepted' limit 1"
    return bool(read(once, id=submission_id))


@dataclass(frozen=True)
class Rows:
    """The checked rows of a file in its order, with the `row_number` that the spreadsheet shows; `withheld` is how many
    of them count contacts that this viewer may not see. They are not in `frame`."""

    frame: pd.DataFrame
    withheld: int


def rows(viewer: Viewer, house: House, row: Mapping[str, Any]) -> Rows | None:
    """What stands in a file (`row` is from `find`); None when its rows are gone. Raises policy.Refused."""
    policy.require(viewer, "view submissions", organisation_code=row["organisation_code"], country=row["country"])
    contract = house.library.contracts.get(row["dataset"])
    if contract is None or (frame := whole(house, row)) is None:
        return None
    if counts.sees(viewer, row):
        return Rows(frame, 0)
    counted = counts.mask(house, contract, frame)
    return Rows(frame[~counted], int(counted.sum()))


def whole(house: House, row: Mapping[str, Any]) -> pd.DataFrame | None:
    """All rows of a file, for a door that shows none of them to whoever may not see counts; None when they are gone."""
    path = house.files.parquet(row["sha256"], row["contract_hash"])
    if not _kept(house, row) or not path.is_file():
        return None
    return house.store.frame("select * from read_parquet($path) order by row_number", path=str(path))


def _kept(house: House, row: Mapping[str, Any]) -> bool:
    """Whether the record keeps the rows of this file for itself. They may be here yet because another file has the same
    bytes: that would tell whoever may not see its counts that she guessed right."""
    if row["state"] in ("lapsed", "withdrawn", "returned", "expunged"):
        return row["state"] != "expunged" and (
            counted_once(house.store.read, row["submission_id"]) or row["state"] != "lapsed" and in_days(house, row)
        )
    return True


def in_days(house: House, row: Mapping[str, Any]) -> bool:
    """Whether a file that was taken back or returned is still within the days for which its bytes are kept."""
    return bool(row["state_at"] >= datetime.now(UTC) - timedelta(days=house.settings.staged_days))


def in_words(house: House, field: Field, value: Any) -> str:
    """A cell of checked rows as people read it: codes as titles, days as 2026-09-30, a gap as nothing."""
    if pd.isna(value):
        return ""
    if field.listed:
        return "; ".join(_(house.library.title(field.codes, v)) for v in str(value).split("|"))
    if isinstance(value, float) and value.is_integer():  # a column with a gap in it comes as floating numbers
        return str(int(value))
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def named(house: House, contract: Contract, record: Mapping[Any, Any], place: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row is about, in words: its key without what is the same in every row of the file (`place`), and without
    what is empty. Where nothing else is in the key, all of it."""
    fields = [contract.field(name) for name in contract.key if name in record]
    same = {"country": place.get("country"), **{f.name: place.get("organisation_code") for f in fields if f.own}}
    own = [f for f in fields if not (f.name in same and record[f.name] == same[f.name])]
    return tuple(word for f in own or fields if (word := in_words(house, f, record[f.name])))
