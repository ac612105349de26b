"""Warnings of a staged file, and why it is so: kept with it, told to whom they may be told. Never keeps a file out.

A warning that rests on rows that count contacts is there for nobody who may not see these: neither its words nor that
there is one. What the check found in the file alone, its sender reads all the same, for it tells her own cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
from uuid_utils import uuid7

from dashboard.intake import counts, remarks, unusual, versions
from dashboard.intake.problems import PROBLEMS, Problem, Severity, problem
from dashboard.intake.senders import NotPossible, may_send
from dashboard.intake.unusual import Noticed
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.text import N_, _, number, words

SHORTEST, LONGEST = 3, 300
OPEN = ("staged", "submitted", "returned")
RECORD = "record"
"""The phase of what is found beside former files."""
TO_THE_TRAINED = N_(
    "Warnings about contact counts, if there are any, are shown to people with a valid training on contact counts."
)
_HOW = {
    "1000 times": N_("1,000 times"),
    "100 times": N_("100 times"),
    "10 times": N_("ten times"),
    "1000 part": N_("a thousandth of"),
    "100 part": N_("a hundredth of"),
    "10 part": N_("a tenth of"),
}


@dataclass(frozen=True)
class Explanation:
    """Why it is so, in somebody's words; by her name, and when."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Warned:
    """One kept warning as one viewer reads it; `explanation` is what was said last."""

    warning_id: str
    problem: Problem
    explanation: Explanation | None
    counted: bool = False


def found(house: House, contract: Contract, submission: Mapping[str, Any], checked: Sequence[Problem]) -> list[Noticed]:
    """The warnings of a clean file: what the check found (`checked`), and what is unusual beside former files.

    `submission` has organisation_code, period and sha256; its checked rows are kept already.
    """
    mine = [p for p in checked if p.severity is Severity.WARNING]
    return [*_of_the_check(house, contract, submission, mine), *unusual.found(house, contract, submission)]


def _of_the_check(
    house: House, contract: Contract, submission: Mapping[str, Any], problems: list[Problem]
) -> list[Noticed]:
    if not problems:
        return []
    rows = _counting(house, contract, submission)
    return [
        Noticed(
            p.code,
            p.row,
            p.column,
            p.value,
            dict(p.words) | ({"count": p.count} if p.count > 1 else {}),
            counts.may_hold(contract) if p.row is None or p.count > 1 else p.row in rows,
            p.rows,
        )
        for p in problems
    ]


def _counting(house: House, contract: Contract, submission: Mapping[str, Any]) -> set[int]:
    """The rows of a kept file that count contacts, by their numbers."""
    if not counts.may_hold(contract):
        return set()
    path = house.files.parquet(submission["sha256"], contract.hash)
    frame: pd.DataFrame = house.store.frame("select * from read_parquet($path)", path=str(path))
    return set(frame.loc[counts.mask(house, contract, frame), "row_number"])


def rows(submission_id: str, noticed: Sequence[Noticed]) -> list[dict[str, Any]]:
    """The warnings as the record keeps them, for the write that stages the file first."""
    return [
        {
            "warning_id": str(uuid7()),
            "submission_id": submission_id,
            "code": one.code,
            "row_number": one.row,
            "column_name": one.column or "",
            "value": one.value or "",
            "words": json.dumps(dict(one.words) | ({"at": list(one.rows)} if one.rows else {}), ensure_ascii=False),
            "counted": one.counted,
        }
        for one in noticed
    ]


def of(viewer: Viewer, house: House, submission_id: str) -> tuple[Warned, ...]:
    """The warnings of a submission that this viewer may see, in the order of its rows.

    Raises policy.Refused for what is not there and for what is not hers, alike.
    """
    return _of(viewer, house, versions.find(viewer, house, submission_id))


def _of(viewer: Viewer, house: House, row: Mapping[str, Any]) -> tuple[Warned, ...]:
    kept = house.store.read(
        "select * from submission_warning where submission_id = $id order by warning_id", id=row["submission_id"]
    )
    if not kept:
        return ()
    sees, hers = counts.sees(viewer, row), row["staged_by"] == viewer.account_id
    said = _explanations(house, row["submission_id"])
    shown = [
        Warned(one["warning_id"], _problem(house, row["dataset"], one), said.get(one["warning_id"]), one["counted"])
        for one in kept
        if one["code"] in PROBLEMS and (not one["counted"] or sees or (hers and PROBLEMS[one["code"]].phase != RECORD))
    ]
    return tuple(sorted(shown, key=lambda one: (one.problem.row is not None, one.problem.row or 0)))


def withheld(viewer: Viewer, house: House, row: Mapping[str, Any]) -> str:
    """That warnings of contact counts are for others, wherever the dataset may hold contacts, whether there are any
    or not; nothing for who sees them. `row` has dataset, organisation_code and country."""
    contract = house.library.contracts.get(row["dataset"])
    hidden = contract is not None and counts.may_hold(contract) and not counts.sees(viewer, row)
    return _(TO_THE_TRAINED) if hidden else ""


def _explanations(house: House, submission_id: str) -> dict[str, Explanation]:
    """What was said last of each warning."""
    told = house.store.read(
        "select remark.warning_id, remark.text, remark.recorded_at, coalesce(account_now.name, by_account) as by_name"
        " from submission_remark as remark left join account_now on account_now.account_id = by_account"
        " where submission_id = $id and warning_id <> '' order by remark.version, remark.remark_id",
        id=submission_id,
    )
    return {one["warning_id"]: Explanation(one["text"], one["by_name"], one["recorded_at"]) for one in told}


def _problem(house: House, dataset: str, kept: Mapping[str, Any]) -> Problem:
    """A kept warning in the words of the language in use."""
    raw = json.loads(kept["words"] or "{}")
    at, count = tuple(raw.pop("at", ())), int(raw.pop("count", 1))
    spoken = _spoken(house, house.library.contracts.get(dataset), raw) if _recorded(kept["code"]) else raw
    return replace(
        problem(
            kept["code"],
            row=kept["row_number"],
            column=kept["column_name"] or None,
            value=kept["value"] or None,
            count=count,
            rows=at,
            **spoken,
        ),
        words=raw,
    )


def _recorded(code: str) -> bool:
    return PROBLEMS[code].phase == RECORD


def _spoken(house: House, contract: Contract | None, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What fills a sentence, in words: numbers with their separators, quarters, services and rows by their names."""
    said: dict[str, Any] = {}
    for name, value in raw.items():
        if name == "how":
            said[name] = _(_HOW[value])
        elif name == "period":
            said[name] = periods.parse(value).label
        elif name == "service":
            said[name] = _(house.library.title("services", value))
        elif name == "among":
            said[name] = "; ".join(_named(house, contract, row) for row in value)
        else:
            said[name] = number(value, 0 if float(value).is_integer() else 1)
    return said


def _named(house: House, contract: Contract | None, row: Mapping[str, str]) -> str:
    """A row by its key, each code by its title; its own organisation and country go without saying."""
    fields = {field.name: field for field in contract.fields} if contract else {}
    said = []
    for name, value in row.items():
        field = fields.get(name)
        if name == "country" or (field and field.own):
            continue
        listed = field.codes if field and field.listed else ""
        said.append(" + ".join(_(house.library.title(listed, v)) for v in value.split("|")) if listed else value)
    return " · ".join(said) or words(list(row.values()))


# --- why it is so ---


def may_explain(viewer: Viewer, house: House, row: Mapping[str, Any]) -> bool:
    """Whether she may say why a warning is so: who may send the file, and who reviews it, while it is under way."""
    if row["state"] not in OPEN:
        return False
    sends = may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"]).allowed
    place = {"organisation_code": row["organisation_code"], "country": row["country"]}
    return sends or policy.may(viewer, "review submissions", **place).allowed


def explain(viewer: Viewer, house: House, submission_id: str, warning_id: str, text: str) -> None:
    """Say why a warning is so; what was said before stays in the record and is read no more.

    Raises policy.Refused for what is not hers or not there, and NotPossible with a sentence.
    """
    row = versions.find(viewer, house, submission_id)
    if not may_explain(viewer, house, row):
        if row["state"] not in OPEN:
            raise NotPossible(_("This file is no longer under way, so nothing is added to its warnings."))
        raise policy.Refused(_("Warnings are explained by those who send the file or review it."))
    if not any(one.warning_id == warning_id for one in _of(viewer, house, row)):
        raise NotPossible(_("There is no such warning. Load the page again."))
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise NotPossible(_("Write one or two sentences, up to {most} characters.", most=LONGEST))
    said = remarks.screened(viewer, house, row, text)
    with house.store.write("intake", by=viewer.account_id) as write:
        now = write.read("select state from submission_now where submission_id = $id", id=submission_id)
        if not now or now[0]["state"] not in OPEN:
            raise NotPossible(_("This file is no longer under way, so nothing is added to its warnings."))
        write.add(
            "submission_remark",
            {
                "remark_id": str(uuid7()),
                "submission_id": submission_id,
                "warning_id": warning_id,
                "row_number": None,
                "text": said,
                "by_account": viewer.account_id,
            },
        )
