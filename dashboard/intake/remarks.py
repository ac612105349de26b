"""What reviewers write on a row of a file, or on the whole of it. Never changes the file, never takes a remark back.

People without a training read it too, so it is screened as a note is: nothing that tells of a person, no count of
contacts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from dashboard.coordination.notes import TELLS, tidy
from dashboard.intake import counts, personal, versions
from dashboard.intake.senders import NotPossible
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.cells import safe
from dashboard.reference.contracts import Contract
from dashboard.reference.text import N_, _

LONGEST = 300
MOST = 200
"""So many comments a file can have; a file that needs more is better sent anew."""

COLUMN = N_("comments")


@dataclass(frozen=True)
class Remark:
    """A reviewer's comment: on a row as the spreadsheet counts it and a column (title; may be empty), or on the file.

    `key` and `cells` (title, words) are of that row; empty for whoever may not see it, and where the rows are gone.
    """

    remark_id: str
    row_number: int | None
    column: str
    text: str
    by_name: str
    recorded_at: datetime
    key: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()


def said(comment: str) -> str:
    """A comment in one line. Raises NotPossible for one that says nothing, or is longer than 500 characters."""
    comment = tidy(comment)
    if not 3 <= len(comment) <= 500:
        raise NotPossible(_("Write a comment of up to 500 characters that says what to mend, or why."))
    return comment


def screened(viewer: Viewer, house: House, row: Mapping[str, Any], text: str) -> str:
    """The text in one line, as people without a training may read it. Raises NotPossible for what tells of a person,
    and for a count of contacts of this file (`row` is from `find`)."""
    text = tidy(text)
    if code := personal.in_a_cell(text):
        raise NotPossible(
            _(
                "Nothing was saved, because the text seems to hold {what}. Leave out whatever could lead to a person.",
                what=_(TELLS[code]),
            )
        )
    if number := counts.quoted(viewer, house, row, text):
        raise NotPossible(
            _(
                "The comment quotes a count of contacts ({number}), and people without a training read it."
                " Name the row and the column instead.",
                number=number,
            )
        )
    return text


def remark(viewer: Viewer, house: House, submission_id: str, row: int | None, column: str, text: str) -> str:
    """Comment on a row (None: the whole file) and a column (empty: the whole row) of a file that waits for review.

    `text` has 3 to LONGEST characters. Returns the remark's id. Raises policy.Refused and NotPossible.
    """
    found = versions.find(viewer, house, submission_id, "review submissions")
    contract = house.library.contracts.get(found["dataset"])
    text = tidy(text)
    if not 3 <= len(text) <= LONGEST:
        raise NotPossible(_("Write a comment of 3 to {most} characters.", most=LONGEST))
    if column and (contract is None or column not in contract.header):
        raise NotPossible(_("This file has no column “{column}”. Choose one from the list.", column=column[:40]))
    if row is not None and not _has(house, found, row):
        raise NotPossible(
            _("The file has no row {row} with figures. Count as the spreadsheet does: the header is row 1.", row=row)
        )
    text = screened(viewer, house, found, text)
    remark_id = str(uuid7())
    with house.store.write("intake", by=viewer.account_id) as write:
        now = write.read("select state from submission_now where submission_id = $id", id=submission_id)[0]["state"]
        if now != "submitted":
            raise NotPossible(_("Only a file that waits for review takes comments. Load the page again."))
        if len(write.read(_MINE, id=submission_id)) >= MOST:
            raise NotPossible(_("The file has {most} comments already. Return it now.", most=MOST))
        write.add(
            "submission_remark",
            {
                "remark_id": remark_id,
                "submission_id": submission_id,
                "row_number": row,
                "column_name": column,
                "text": text,
                "by_account": viewer.account_id,
            },
        )
    return remark_id


_MINE = "select 1 from submission_remark where submission_id = $id and warning_id = ''"
_SINCE = (
    "select 1 from submission_remark where submission_id = $id and warning_id = '' and version >"
    " (select max(version) from submission_event where submission_id = $id and event = 'submitted') limit 1"
)


def since_submitted(house: House, submission_id: str) -> bool:
    """Whether a reviewer commented on the file since it was last handed in: then returning it needs no other words."""
    return bool(house.store.read(_SINCE, id=submission_id))


def _has(house: House, row: Mapping[str, Any], number: int) -> bool:
    path = house.files.parquet(row["sha256"], row["contract_hash"])
    return path.is_file() and bool(
        house.store.read(
            "select 1 from read_parquet($path) where row_number = $number limit 1", path=str(path), number=number
        )
    )


def of(viewer: Viewer, house: House, submission_id: str) -> tuple[Remark, ...]:
    """The comments on a file, those on the whole file first, then by row. Raises policy.Refused."""
    row = versions.find(viewer, house, submission_id)
    told = house.store.read(
        "select r.*, coalesce(a.name, r.by_account) as by_name from submission_remark as r"
        " left join account_now as a on a.account_id = r.by_account"
        " where r.submission_id = $id and r.warning_id = '' order by r.row_number nulls first, r.version",
        id=submission_id,
    )
    if not told:
        return ()
    contract = house.library.contracts.get(row["dataset"])
    shown = _shown(viewer, house, row, contract, {one["row_number"] for one in told})
    titles = {f.name: _(f.title) for f in contract.fields} if contract else {}
    return tuple(
        Remark(
            one["remark_id"],
            one["row_number"],
            titles.get(one["column_name"], str(one["column_name"])),
            one["text"],
            one["by_name"],
            one["recorded_at"],
            *shown.get(one["row_number"], ((), ())),
        )
        for one in told
    )


Shown = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


def _shown(
    viewer: Viewer, house: House, row: Mapping[str, Any], contract: Contract | None, numbers: set[int | None]
) -> dict[int | None, Shown]:
    """Key and cells of these rows, as far as the viewer may see them."""
    held = versions.rows(viewer, house, row)
    if held is None or contract is None:
        return {}
    found: dict[int | None, Shown] = {}
    for record in held.frame[held.frame["row_number"].isin([n for n in numbers if n])].to_dict("records"):
        words = {f: versions.in_words(house, f, record[f.name]) for f in contract.fields if f.name in record}
        found[int(record["row_number"])] = (
            versions.named(house, contract, record, row),
            tuple((_(f.title), word) for f, word in words.items() if word and f.name not in contract.key),
        )
    return found


def as_csv(viewer: Viewer, house: House, submission_id: str) -> str:
    """The rows of a file with a column of the comments, each row where the spreadsheet had it. Raises policy.Refused,
    and NotPossible where the rows are gone. A row that is not the viewer's to see has only its comment."""
    row = versions.find(viewer, house, submission_id)
    held, contract = versions.rows(viewer, house, row), house.library.contracts.get(row["dataset"])
    if held is None or contract is None:
        raise NotPossible(_("The rows of this file are no longer here."))
    notes: dict[int, list[str]] = {}
    for one in of(viewer, house, submission_id):
        words = f"{one.column}: {one.text}" if one.column else one.text
        notes.setdefault(one.row_number or 1, []).append(words)
    header = [name for name in contract.header if name in held.frame.columns]
    records = {int(r["row_number"]): r for r in held.frame.to_dict("records")}
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that the letters are UTF-8
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*header, safe(" | ".join([_(COLUMN), *notes.get(1, ())]))])
    for number in range(2, max([1, *records, *notes]) + 1):
        record = records.get(number)
        cells = [""] * len(header) if record is None else [safe(record[name]) for name in header]
        writer.writerow([*cells, safe(" | ".join(notes.get(number, ())))])
    return out.getvalue()
