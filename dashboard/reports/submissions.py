"""What was sent, by whom, and what it would change: lists, history and previews. Never changes a submission."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.intake import submissions as door
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import _

_SHOWN = 200


@dataclass(frozen=True)
class Change:
    """One row of the preview: its key in words, and the fields that differ as (title, old, new)."""

    kind: str
    key: tuple[str, ...]
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Preview:
    """The file as a difference against the last accepted one; `against` says which, empty when it is the first."""

    against: str
    added: int
    changed: int
    removed: int
    unchanged: int
    rows: tuple[Change, ...]
    odd: tuple[str, ...]


@dataclass(frozen=True)
class Detail:
    """One submission with its steps, its preview and what this viewer may do next."""

    row: dict[str, Any]
    organisation: str
    steps: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    preview: Preview | None
    newer: dict[str, Any] | None
    may: frozenset[str]


def listing(viewer: Viewer, house: House, state: str = "") -> list[dict[str, Any]]:
    """The submissions that this viewer may see, newest first, as rows of `submission_now` with the country."""
    policy.require(viewer, "view submissions")
    scope = policy.scope(viewer, "view submissions")
    known = {o["organisation_code"]: o for o in organisations.known(viewer, house)}
    rows = house.store.read(
        "select * from submission_now where ($everything or organisation_code in (select unnest($organisations)))"
        " and ($state = '' or state = $state) order by state_at desc limit 500",
        everything=scope.everything,
        state=state,
        organisations=[
            code for code, o in known.items() if code in scope.organisations or o["country"] in scope.countries
        ]
        or [""],
    )
    return [
        row
        | {
            "country": known.get(row["organisation_code"], {}).get("country", ""),
            "organisation": known.get(row["organisation_code"], {}).get("name", row["organisation_code"]),
        }
        for row in rows
    ]


def detail(viewer: Viewer, house: House, submission_id: str) -> Detail:
    """One submission. Raises policy.Refused for what is not there and for what is not the viewer's, alike."""
    row = door.find(viewer, house, submission_id)
    steps = house.store.read(
        "select event, submission_event.recorded_at, by_account, comment,"
        " coalesce(account_now.name, by_account) as by_name"
        " from submission_event left join account_now on account_now.account_id = by_account"
        " where submission_id = $id order by submission_event.version",
        id=submission_id,
    )
    code = row["organisation_code"]
    live = row["state"] not in ("lapsed", "expunged", "withdrawn")
    return Detail(
        row=row,
        organisation=named.name if (named := organisations.register(house).get(code)) else code,
        steps=tuple(steps),
        notes=tuple(json.loads(row.get("notes") or "[]")),
        preview=preview(viewer, house, row) if live else None,
        newer=door.newer(house, row) if row["state"] in ("staged", "submitted") else None,
        may=_open_steps(viewer, house, row),
    )


def _open_steps(viewer: Viewer, house: House, row: dict[str, Any]) -> frozenset[str]:
    def may(action: str) -> bool:
        return policy.may(viewer, action, organisation_code=row["organisation_code"], country=row["country"]).allowed

    sends = door.may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"]).allowed
    reviews, state = may("review submissions"), row["state"]
    steps = set()
    if sends and state == "staged":
        steps.add("submit")
    if (
        sends
        and state in ("staged", "submitted", "returned")
        or reviews
        and state == "accepted"
        and _counts(house, row)
    ):
        steps.add("withdraw")
    if reviews and state == "submitted":
        steps |= {"accept", "return"}
    return frozenset(steps)


def _counts(house: House, row: dict[str, Any]) -> bool:
    """Whether an accepted file is still the one that counts; one that was replaced cannot be withdrawn."""
    return bool(
        house.store.read(
            "select 1 as yes from accepted where submission_id = $id and until is null", id=row["submission_id"]
        )
    )


def preview(viewer: Viewer, house: House, row: dict[str, Any]) -> Preview:
    """What a file changes against what was last accepted from the same organisation for the same dataset and quarter.

    When nothing was accepted for the quarter yet, against the organisation's latest earlier quarter, and it says so.
    """
    policy.require(viewer, "view submissions", organisation_code=row["organisation_code"], country=row["country"])
    contract = house.library.contracts[row["dataset"]]
    new = house.store.frame(
        "select * from read_parquet($path)", path=str(house.files.parquet(row["sha256"], row["contract_hash"]))
    )
    former = house.store.read(
        "select accepted.*, submission.sha256, submission.contract_hash"
        " from accepted join submission using (submission_id)"
        " where accepted.dataset = $dataset and accepted.organisation_code = $organisation"
        " and accepted.period <= $period and accepted.submission_id <> $id"
        " and ($until = 0 or accepted.since < $until)"
        " and (accepted.until is null or accepted.until >= $until and $until > 0)"
        " order by accepted.period desc, accepted.since desc limit 1",
        dataset=row["dataset"],
        organisation=row["organisation_code"],
        period=row["period"],
        id=row["submission_id"],
        until=row["state_version"] if row["state"] == "accepted" else 0,
    )
    if not former:
        rows = tuple(Change("added", _key(house, contract, r)) for r in new.head(_SHOWN).to_dict("records"))
        return Preview("", len(new), 0, 0, 0, rows, ())
    old = house.store.frame(
        "select * from read_parquet($path)",
        path=str(house.files.parquet(former[0]["sha256"], former[0]["contract_hash"])),
    )
    return _difference(house, contract, old, new, former[0], row)


def _difference(
    house: House, contract: Contract, old: pd.DataFrame, new: pd.DataFrame, former: dict[str, Any], row: dict[str, Any]
) -> Preview:
    # A field that one of the two was not asked for says nothing about a change.
    both_have = set(old.columns) & set(new.columns)
    fields = [f for f in contract.fields if f.name not in contract.key and f.name in both_have]
    keys = list(contract.key)
    both = new.merge(old, on=keys, how="outer", suffixes=("", " before"), indicator=True)
    differs = pd.Series(False, index=both.index)
    for field in fields:
        a, b = both[field.name], both[f"{field.name} before"]
        same = (a == b).astype("boolean").fillna(False).astype(bool)  # a gap beside a number is no answer, but a change
        differs |= (both["_merge"] == "both") & ~(same | (a.isna() & b.isna()))
    changes = [
        Change(
            "changed",
            _key(house, contract, r),
            tuple(
                (_(f.title), _words(house, f, r[f"{f.name} before"]), _words(house, f, r[f.name]))
                for f in fields
                if _words(house, f, r[f"{f.name} before"]) != _words(house, f, r[f.name])
            ),
        )
        for r in both[differs].head(_SHOWN).to_dict("records")
    ]
    parts = {side: both[both["_merge"] == side] for side in ("left_only", "right_only")}
    changes += [
        Change(kind, _key(house, contract, r))
        for kind, side in (("added", "left_only"), ("removed", "right_only"))
        for r in parts[side].head(_SHOWN).to_dict("records")
    ]
    added, removed, changed = len(parts["left_only"]), len(parts["right_only"]), int(differs.sum())
    odd = []
    if removed * 4 > len(old):
        odd.append(_("{removed} of {before} rows of the former file are gone.", removed=removed, before=len(old)))
    if former["sha256"] == row["sha256"] and former["period"] != row["period"]:
        odd.append(_("This is byte for byte the file that was accepted for {period}.", period=former["period"]))
    return Preview(former["period"], added, changed, removed, len(new) - added - changed, tuple(changes), tuple(odd))


def _key(house: House, contract: Contract, record: Mapping[Any, Any]) -> tuple[str, ...]:
    return tuple(_words(house, contract.field(name), record[name]) for name in contract.key)


def _words(house: House, field: Field, value: Any) -> str:
    if pd.isna(value):
        return ""
    if field.codes and field.codes != "organisations":
        return "; ".join(_(house.library.title(field.codes, v)) for v in str(value).split("|"))
    if isinstance(value, float) and value.is_integer():  # a column with a gap in it comes as floating numbers
        return str(int(value))
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)
