"""The write door for data: submit, accept, return, withdraw, restore. Never merges, never overwrites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.intake import counts, remarks
from dashboard.intake.lapse import sweep, sweep_daily
from dashboard.intake.restoring import restore
from dashboard.intake.senders import NotPossible, may_send, require_sender, sendable
from dashboard.intake.staging import Received, stage
from dashboard.intake.states import STATES, event_row
from dashboard.intake.versions import NewerVersion, find, newer, nothing_newer
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _

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
    "restore",
    "send_back",
    "sendable",
    "stage",
    "submit",
    "sweep",
    "sweep_daily",
    "withdraw",
]


def _step(
    viewer: Viewer,
    house: House,
    row: Mapping[str, Any],
    event: str,
    *,
    action: str,
    before: tuple[str, ...],
    comment: str = "",
    knowing: str = "",
    seen: int | None = None,
) -> None:
    """Take a step with a file that was found for this viewer (`row` is from `find`)."""
    policy.require(viewer, action, organisation_code=row["organisation_code"], country=row["country"])
    submission_id = row["submission_id"]
    with house.store.write("intake", by=viewer.account_id) as write:  # all that follows is asked again by nobody else
        step = write.read("select state, state_version from submission_now where submission_id = $id", id=submission_id)
        now = step[0]["state"]
        if now not in before:
            raise NotPossible(
                _(
                    "This file is now “{state}”, so this step is no longer open. Load the page again.",
                    state=_(STATES[now]),
                )
            )
        if seen not in (None, step[0]["state_version"]):
            raise NotPossible(_("Somebody took another step with this file since you looked. Load the page again."))
        if event in ("submitted", "accepted"):
            nothing_newer(write.read, row, knowing)
        if now == "accepted":
            if not write.read("select 1 from accepted where submission_id = $id and until is null", id=submission_id):
                raise NotPossible(_("A later file has replaced this one, so there is nothing to withdraw."))
            write.move("figures")
        if event == "accepted":
            parquet = house.files.parquet(row["sha256"], row["contract_hash"])
            write.load(house.library.contracts[row["dataset"]], submission_id, parquet)
            write.move("figures")
        write.add("submission_event", event_row(viewer, submission_id, event, comment))


def submit(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "") -> None:
    """Hand a checked file in for review. Raises NotPossible, policy.Refused, and NewerVersion
    unless `knowing` is the id of the newer file, which says that the person has seen it."""
    row = find(viewer, house, submission_id)
    require_sender(viewer, house, row)
    _step(viewer, house, row, "submitted", action="send submissions", before=("staged",), knowing=knowing)


def accept(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "", seen: int | None = None) -> None:
    """Make a submitted file current; the former one stays in the record. Raises as `submit` does.

    A file that holds contacts is accepted by somebody with a valid training (DESIGN section 5). `seen` is the version
    of the step that the reviewer saw last: any step since raises NotPossible.
    """
    row = find(viewer, house, submission_id, "review submissions")
    decision = counts.may_accept(viewer, house, row)
    if not decision.allowed:
        raise policy.Refused(decision.reason)
    _step(
        viewer,
        house,
        row,
        "accepted",
        action="review submissions",
        before=("submitted",),
        knowing=knowing,
        seen=seen,
    )


def send_back(viewer: Viewer, house: House, submission_id: str, comment: str, *, seen: int | None = None) -> None:
    """Return a submitted file to its organisation with a comment, on the whole or on rows (intake.remarks) since it was
    handed in. Raises NotPossible without any, and for another step that was taken since `seen`, as `accept` does."""
    row = find(viewer, house, submission_id, "review submissions")
    if comment.strip() or not remarks.since_submitted(house, submission_id):
        comment = remarks.screened(viewer, house, row, remarks.said(comment))
    _step(
        viewer,
        house,
        row,
        "returned",
        action="review submissions",
        before=("submitted",),
        comment=comment.strip(),
        seen=seen,
    )


def withdraw(viewer: Viewer, house: House, submission_id: str, comment: str) -> None:
    """Take a file back. Before it is accepted its senders may; after that, those who review, and only while it is
    the current one. The figures of the former file do not come back by themselves."""
    row = find(viewer, house, submission_id)
    accepted = row["state"] == "accepted"
    if not accepted:
        require_sender(viewer, house, row)
    _step(
        viewer,
        house,
        row,
        "withdrawn",
        action="review submissions" if accepted else "send submissions",
        before=("accepted",) if accepted else ("staged", "submitted", "returned"),
        comment=remarks.screened(viewer, house, row, remarks.said(comment)),
    )


def expunge(viewer: Viewer, house: House, submission_id: str, reason: str) -> dict[str, Any]:
    """Remove bytes, rows, comments and journal lines of one submission for ever; a tombstone keeps the reason.

    For personal data that slipped through. Returns what was removed, and the backups that may still hold it.
    """
    policy.require(viewer, "expunge")
    row = find(viewer, house, submission_id)
    try:
        gone = house.store.expunge(submission_id, remarks.said(reason), by=viewer.account_id)
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
