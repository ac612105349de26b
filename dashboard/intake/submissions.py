"""The write door for data: stage, submit, accept, return, withdraw. Never merges, never overwrites."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from dashboard.intake import counts, worker
from dashboard.intake.lapse import sweep, sweep_daily
from dashboard.intake.problems import Severity
from dashboard.intake.senders import NotPossible, may_send, request_for, sendable
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _

__all__ = [
    "STATES",
    "NewerVersion",
    "NotPossible",
    "Received",
    "accept",
    "expunge",
    "find",
    "may_send",
    "newer",
    "send_back",
    "sendable",
    "stage",
    "submit",
    "sweep",
    "sweep_daily",
    "withdraw",
]

STATES = {
    "staged": N_("Checked, not submitted"),
    "submitted": N_("Waiting for review"),
    "accepted": N_("Accepted"),
    "returned": N_("Returned to be mended"),
    "withdrawn": N_("Withdrawn"),
    "lapsed": N_("Lapsed: never submitted"),
    "expunged": N_("Expunged"),
}


class NewerVersion(NotPossible):
    """Somebody else's file for the same dataset, organisation and quarter was accepted in between."""


@dataclass(frozen=True)
class Received:
    """What became of an upload: the check's outcome, and the submission when the file could be staged."""

    outcome: worker.Outcome
    submission_id: str = ""
    notes: tuple[str, ...] = ()


def stage(
    viewer: Viewer,
    house: House,
    data: Any,
    *,
    dataset: str,
    organisation_code: str,
    period: str,
    marked: bool = False,
    now: datetime | None = None,
) -> Received:
    """Check a file and keep it when it has no errors; the uploader then sees a preview and may submit.

    `data` is a memfd or bytes. A file with errors, or one screened out, is not kept anywhere: the audit log learns
    who, when, how large and which kinds of problem. The same bytes again are the same submission,
    but of files that can hold contacts somebody else's is that only for whoever may see the counts.
    Raises NotPossible and policy.Refused, each with a sentence.
    """
    request = request_for(
        viewer, house, dataset=dataset, organisation_code=organisation_code, period=period, marked=marked
    )
    size = data.seek(0, os.SEEK_END) if hasattr(data, "seek") else len(data)
    if shutil.disk_usage(house.settings.data).free < house.settings.min_free_bytes + 3 * size:
        raise NotPossible(_("The disk is nearly full, so no file can be taken. Please tell the secretariat."))
    outcome = worker.check_file(data, request)
    if outcome.verdict != "clean" or outcome.parquet is None:
        house.store.audit(
            "file refused",
            by=viewer.account_id,
            subject=f"{dataset} {organisation_code} {request.period}",
            detail={"bytes": size, "verdict": outcome.verdict, "problems": sorted({p.code for p in outcome.problems})},
        )
        return Received(outcome)
    received = _keep(viewer, house, request, outcome, _whole(data))
    sweep_daily(house, now)
    return received


def _whole(data: Any) -> bytes:
    if hasattr(data, "seek"):
        data.seek(0)
        return bytes(data.read())
    return bytes(data)


# The submissions of these bytes, and whether each is the one that counts now; those that are furthest come first.
# Checked against another contract, the same bytes mean something else, so they are another submission.
_SAME = (
    "select *, exists (select 1 from accepted where accepted.submission_id = submission_now.submission_id"
    " and until is null) as counts from submission_now where sha256 = $sha and contract_hash = $contract"
    " and dataset = $dataset and organisation_code = $organisation and period = $period and state <> 'expunged'"
    " order by counts desc, state = 'submitted' desc, state = 'staged' desc, submission_id desc"
)


_MAYBE_SAME = "select 1 from submission where sha256 = $sha limit 1"  # bytes that nobody sent before need no view


def _keep(viewer: Viewer, house: House, request: worker.Request, outcome: worker.Outcome, data: bytes) -> Received:
    """Keep the bytes, and add the submission, or a new `staged` step to the one that already holds them."""
    contract, sha256 = house.library.contracts[request.dataset], hashlib.sha256(data).hexdigest()
    key = {
        "sha": sha256,
        "contract": contract.hash,
        "dataset": request.dataset,
        "organisation": request.organisation_code,
        "period": request.period,
    }

    def held(rows: list[dict[str, Any]]) -> Received | None:
        if not rows or not (rows[0]["state"] in ("staged", "submitted") or rows[0]["counts"]):
            return None
        note = _(
            "These are the same bytes as a file that is here already ({state}): nothing was added.",
            state=_(STATES[rows[0]["state"]]).lower(),
        )
        return Received(outcome, rows[0]["submission_id"], (note,))

    place = {"organisation_code": request.organisation_code, "country": request.country or ""}
    counted, sees = counts.may_hold(contract), counts.sees(viewer, place)

    def same(read: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
        rows = read(_SAME, **key) if read(_MAYBE_SAME, sha=sha256) else []
        # "These bytes are here" would tell the counts to whoever guesses: of others' files she hears nothing. Nor does
        # a true file become the same as a guess that somebody else left, for she would see it handed in or come back.
        return [
            row
            for row in rows
            if not counted
            or row["staged_by"] == viewer.account_id
            or (sees and (row["counts"] or row["state"] == "submitted"))
        ]

    if here := held(same(house.store.read)):
        return here
    said = [*outcome.tolerated, *(p.message for p in outcome.problems if p.severity is not Severity.ERROR)]
    with house.store.write("intake", by=viewer.account_id) as write:
        rows = same(write.read)
        submission_id = rows[0]["submission_id"] if rows else str(uuid7())
        if held(rows) is None:
            # Within the write: so a sweep, which asks what is still needed, cannot come in between.
            house.files.put(data)
            house.files.put_parquet(sha256, contract.hash, outcome.parquet or b"")
            if not rows:
                write.add(
                    "submission",
                    {
                        "submission_id": submission_id,
                        "dataset": request.dataset,
                        "organisation_code": request.organisation_code,
                        "period": request.period,
                        "sha256": sha256,
                        "size": len(data),
                        "row_count": outcome.row_count,
                        "staged_by": viewer.account_id,
                        "contract_hash": contract.hash,
                        "notes": json.dumps(said),
                    },
                )
            write.add("submission_event", _event(viewer, submission_id, "staged"))
    return Received(outcome, submission_id)


def _event(viewer: Viewer, submission_id: str, event: str, comment: str = "") -> dict[str, str]:
    return {
        "event_id": str(uuid7()),
        "submission_id": submission_id,
        "event": event,
        "by_account": viewer.account_id,
        "comment": comment,
    }


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


def _step(
    viewer: Viewer,
    house: House,
    submission_id: str,
    event: str,
    *,
    action: str,
    before: tuple[str, ...],
    comment: str = "",
    knowing: str = "",
) -> None:
    row = find(viewer, house, submission_id, action)
    with house.store.write("intake", by=viewer.account_id) as write:  # all that follows is asked again by nobody else
        now = write.read("select state from submission_now where submission_id = $id", id=submission_id)[0]["state"]
        if now not in before:
            raise NotPossible(
                _(
                    "This file is now “{state}”, so this step is no longer open. Load the page again.",
                    state=_(STATES[now]),
                )
            )
        if event in ("submitted", "accepted"):
            _nothing_newer(write.read, row, knowing)
        if now == "accepted":
            if not write.read("select 1 from accepted where submission_id = $id and until is null", id=submission_id):
                raise NotPossible(_("A later file has replaced this one, so there is nothing to withdraw."))
            write.move("figures")
        if event == "accepted":
            parquet = house.files.parquet(row["sha256"], row["contract_hash"])
            write.load(house.library.contracts[row["dataset"]], submission_id, parquet)
            write.move("figures")
        write.add("submission_event", _event(viewer, submission_id, event, comment))


def _nothing_newer(read: Callable[..., list[dict[str, Any]]], row: Mapping[str, Any], knowing: str) -> None:
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


def submit(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "") -> None:
    """Hand a checked file in for review. Raises NotPossible, policy.Refused, and NewerVersion
    unless `knowing` is the id of the newer file, which says that the person has seen it."""
    _require_sender(viewer, house, find(viewer, house, submission_id))
    _step(viewer, house, submission_id, "submitted", action="send submissions", before=("staged",), knowing=knowing)


def _require_sender(viewer: Viewer, house: House, row: Mapping[str, Any]) -> None:
    decision = may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"])
    if not decision.allowed:
        raise policy.Refused(decision.reason)


def accept(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "") -> None:
    """Make a submitted file current; the former one stays in the record. Raises as `submit` does.

    A file that holds contacts is accepted by somebody with a valid training (DESIGN section 5).
    """
    row = find(viewer, house, submission_id, "review submissions")
    decision = counts.may_accept(viewer, house, row)
    if not decision.allowed:
        raise policy.Refused(decision.reason)
    _step(viewer, house, submission_id, "accepted", action="review submissions", before=("submitted",), knowing=knowing)


def send_back(viewer: Viewer, house: House, submission_id: str, comment: str) -> None:
    """Return a submitted file to its organisation with a comment. Raises NotPossible without one."""
    _step(
        viewer,
        house,
        submission_id,
        "returned",
        action="review submissions",
        before=("submitted",),
        comment=_uncounted(viewer, house, submission_id, _said(comment)),
    )


def withdraw(viewer: Viewer, house: House, submission_id: str, comment: str) -> None:
    """Take a file back. Before it is accepted its senders may; after that, those who review, and only while it is
    the current one. The figures of the former file do not come back by themselves."""
    row = find(viewer, house, submission_id)
    accepted = row["state"] == "accepted"
    if not accepted:
        _require_sender(viewer, house, row)
    _step(
        viewer,
        house,
        submission_id,
        "withdrawn",
        action="review submissions" if accepted else "send submissions",
        before=("accepted",) if accepted else ("staged", "submitted", "returned"),
        comment=_uncounted(viewer, house, submission_id, _said(comment)),
    )


def _said(comment: str) -> str:
    comment = " ".join(comment.split())
    if not 3 <= len(comment) <= 500:
        raise NotPossible(_("Write a comment of up to 500 characters that says what to mend, or why."))
    return comment


def _uncounted(viewer: Viewer, house: House, submission_id: str, comment: str) -> str:
    """The comment, which people without a training read too: so it quotes no count of contacts."""
    if number := counts.quoted(viewer, house, find(viewer, house, submission_id), comment):
        raise NotPossible(
            _(
                "The comment quotes a count of contacts ({number}), and people without a training read it."
                " Name the row and the column instead.",
                number=number,
            )
        )
    return comment


def expunge(viewer: Viewer, house: House, submission_id: str, reason: str) -> dict[str, Any]:
    """Remove bytes, rows, comments and journal lines of one submission for ever; a tombstone keeps the reason.

    For personal data that slipped through. Returns what was removed, and the backups that may still hold it.
    """
    policy.require(viewer, "expunge")
    row = find(viewer, house, submission_id)
    try:
        gone = house.store.expunge(submission_id, _said(reason), by=viewer.account_id)
    except ValueError as error:
        raise NotPossible(str(error)) from error
    return {
        "submission": submission_id,
        "dataset": row["dataset"],
        "organisation_code": row["organisation_code"],
        "period": row["period"],
        "rows": gone.rows,
        "shared_with": list(gone.shared_with),
        "backups": [path.name for path in gone.copies],
    }
