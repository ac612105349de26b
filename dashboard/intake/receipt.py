"""What was received, as a text to keep: the file's hash, its rows and sums, each step. Never says what a page hides."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard.intake import counts, remarks, versions, warnings
from dashboard.intake.states import STATES, step_words
from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import _, moment

_NUMBERS = ("integer", "number")

_STEPS = (
    "select event, e.recorded_at, comment, coalesce(a.name, by_account) as by_name,"
    " coalesce(a.organisation_code, '') as organisation_code,"
    " coalesce(lag(event) over (order by e.version, event_id), '') as before"
    " from submission_event as e left join account_now as a on a.account_id = by_account"
    " where submission_id = $id order by e.version, event_id"
)


def receipt(viewer: Viewer, house: House, submission_id: str) -> str:
    """The receipt of a submission as plain text, with its address and how to compare it with one's own file.

    Sums of a file with contacts are for whoever may see them; its hash and size also for whoever sent it, to compare
    with what she has. Raises policy.Refused.
    """
    row = versions.find(viewer, house, submission_id)
    contract = house.library.contracts.get(row["dataset"])
    named = organisations.register(house).get(row["organisation_code"])
    known = row["staged_by"] == viewer.account_id or not counts.holds(house, row) or counts.sees(viewer, row)
    title = _(contract.title) if contract else row["dataset"]
    hidden = _(STATUS_WORDS[Status.NOT_RELEASED])
    parts = [
        _heading(_("Receipt: {title}", title=title)),
        _pairs(
            (_("Dataset"), f"{title} ({row['dataset']})"),
            (_("Organisation"), f"{named.name if named else ''} ({row['organisation_code']})".strip()),
            (_("Quarter"), f"{periods.parse(row['period']).label} ({row['period']})"),
            (_("State"), _state(house, row)),
            (_("Rows"), str(row["row_count"])),
            (_("Bytes"), str(row["size"]) if known else hidden),
            ("SHA-256", row["sha256"] if known else hidden),
            (_("Submission"), row["submission_id"]),
            (_("Address"), f"{house.settings.address}/submission/{row['submission_id']}"),
        ),
        _section(_("Sums of the columns"), _sums(viewer, house, row, contract, hidden)),
        _section(_("What happened to it"), _steps(house, submission_id)),
        _section(_("What we noticed"), _warned(viewer, house, submission_id)),
        _section(_("Comments of the review"), _remarks(viewer, house, submission_id)),
        _section(_("How to compare it with your own file"), _how() if known else ""),
    ]
    if house.settings.demo:
        parts.insert(0, _("Demonstration data. Countries, organisations and figures are invented.") + "\n")
    return "\n".join(part for part in parts if part)


def _heading(words: str) -> str:
    return f"{words}\n{'=' * len(words)}\n"


def _section(title: str, body: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{body}" if body else ""


def _pairs(*pairs: tuple[str, str]) -> str:
    """One line a pair, the second parts below each other."""
    width = max((len(name) for name, _said in pairs), default=0) + 2
    return "".join(f"{name.ljust(width)}{said}\n" for name, said in pairs)


def _state(house: House, row: dict[str, Any]) -> str:
    words = _(STATES[row["state"]])
    if row["state"] != "accepted":
        return words
    now = versions.counting(house.store.read, row) == row["submission_id"]
    return _("{state}; it counts now", state=words) if now else _("{state}; replaced by another version", state=words)


def _sums(viewer: Viewer, house: House, row: dict[str, Any], contract: Contract | None, hidden: str) -> str:
    held = versions.rows(viewer, house, row)
    if contract is None or held is None:
        return ""
    # A receipt is handed on, and an account from one to the next: who sent a file reads no more here than on its page.
    frame: pd.DataFrame | None = None if held.withheld else held.frame
    fields = [f for f in contract.fields if f.type in _NUMBERS and not f.many]
    return _pairs(*((f"{_(f.title)} ({f.name})", _sum(frame, f.name, hidden)) for f in fields))


def _sum(frame: pd.DataFrame | None, column: str, hidden: str) -> str:
    if frame is None:
        return hidden
    return f"{math.fsum(frame[column].dropna()):.15g}" if column in frame.columns else _("not asked for then")


def _steps(house: House, submission_id: str) -> str:
    return _lines(
        (
            step["recorded_at"],
            step_words(step["event"], step["before"]),
            " · ".join(part for part in (step["by_name"], step["organisation_code"]) if part),
            step["comment"],
        )
        for step in house.store.read(_STEPS, id=submission_id)
    )


def _remarks(viewer: Viewer, house: House, submission_id: str) -> str:
    return _lines(
        (
            one.recorded_at,
            _("Whole file") if one.row_number is None else _("Row {row}", row=one.row_number),
            " · ".join(part for part in (one.column, one.by_name) if part),
            one.text,
        )
        for one in remarks.of(viewer, house, submission_id)
    )


def _warned(viewer: Viewer, house: House, submission_id: str) -> str:
    """The warnings that this viewer may see, each with what was said to explain it."""
    said = []
    for one in warnings.of(viewer, house, submission_id):
        said.append(f"- {one.problem.message}\n")
        if one.explanation:
            told = one.explanation
            said.append(f"    {moment(told.at)}, {told.by}: “{told.text}”\n")
        else:
            said.append(f"    {_('not explained')}\n")
    return "".join(said)


def _lines(said: Iterable[tuple[Any, str, str, str]]) -> str:
    """When, what, who; and below it what was said."""
    return "".join(
        f"{moment(at)}  {what}, {who}\n" + (f"    “{words}”\n" if words else "") for at, what, who, words in said
    )


def _how() -> str:
    return "\n".join(
        [
            _("Keep the file as you sent it, and ask your computer for its SHA-256:"),
            "    sha256sum file.csv                    (Linux, macOS: shasum -a 256 file.csv)",
            "    certutil -hashfile file.csv SHA256    (Windows)",
            _("If it is the one above, this is the file that was received, to the last byte."),
            "",
        ]
    )
