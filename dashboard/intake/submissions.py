"""The write door for data: submit, accept, return, withdraw. Never merges, never overwrites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.intake import counts
from dashboard.intake.lapse import sweep, sweep_daily
from dashboard.intake.senders import NotPossible, may_send, sendable
from dashboard.intake.staging import Received, stage
from dashboard.intake.states import STATES, event_row
from dashboard.people import organisations
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
    "send_back",
    "sendable",
    "stage",
    "submit",
    "sweep",
    "sweep_daily",
    "withdraw",
]


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
        write.add("submission_event", event_row(viewer, submission_id, event, comment))


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
