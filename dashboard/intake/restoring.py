"""Bring a file back that was taken back or replaced. Never brings back what was expunged, and merges nothing.

A restoration is no state of its own. What never counted is staged again; what counted once is accepted again, so all
that asks which version counted when needs to know no other event. It follows no `submitted`: that tells it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.intake import counts, remarks, versions
from dashboard.intake.senders import NotPossible, require_sender
from dashboard.intake.states import STATES, event_row
from dashboard.intake.versions import NewerVersion
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _

Read = Callable[..., list[dict[str, Any]]]

GONE = N_("The bytes of this file are no longer here. Send the file again.")
EXPUNGED = N_("This file was removed for ever, so it cannot come back. Send a file without what had to go.")
UNASKED = N_("The dataset “{name}” is no longer asked for, so this file cannot count again.")


@dataclass(frozen=True)
class Way:
    """How a file comes back: `event` is the step that the record adds, empty where it cannot, and `why` says so."""

    event: str
    why: str = ""


def way(house: House, row: Mapping[str, Any], read: Read | None = None) -> Way:
    """How the submission `row` (from `find`) can come back as it stands now, whoever asks."""
    read, state = read or house.store.read, row["state"]
    once = versions.counted_once(read, row["submission_id"])
    if state == "expunged":
        return Way("", _(EXPUNGED))
    if not (state in ("accepted", "withdrawn", "returned", "lapsed") if once else state == "withdrawn"):
        return Way("", _("This file is “{state}”, so there is nothing to restore.", state=_(STATES[state])))
    if state == "accepted" and versions.counting(read, row) == row["submission_id"]:
        return Way("", _("This is the version that counts now."))
    if row["dataset"] not in house.library.contracts:
        return Way("", _(UNASKED, name=row["dataset"]))
    # After the days that a file is kept, one with the same bytes may hold them still: that they are here tells of it.
    if not (once or versions.in_days(house, row)) or not _here(house, row):
        return Way("", _(GONE))
    return Way("accepted" if once else "staged")


def _here(house: House, row: Mapping[str, Any]) -> bool:
    return house.files.has(row["sha256"]) and house.files.parquet(row["sha256"], row["contract_hash"]).is_file()


def may_restore(viewer: Viewer, house: House, row: Mapping[str, Any]) -> policy.Decision:
    """Whether the viewer may bring this submission (a row of `find`) back, with a sentence that says why not."""
    found = way(house, row)
    if not found.event:
        return policy.Decision(False, found.why)
    try:
        _require(viewer, house, row, found.event)
    except policy.Refused as refused:
        return policy.Decision(False, str(refused))
    return policy.Decision(True)


def _require(viewer: Viewer, house: House, row: Mapping[str, Any], event: str) -> None:
    """Who sends a file brings one back that never counted; who reviews, and may accept this one, one that did."""
    if event == "staged":
        require_sender(viewer, house, row)
        return
    policy.require(viewer, "review submissions", organisation_code=row["organisation_code"], country=row["country"])
    decision = counts.may_accept(viewer, house, row)
    if not decision.allowed:
        raise policy.Refused(decision.reason)


def restore(viewer: Viewer, house: House, submission_id: str, comment: str, *, knowing: str = "") -> str:
    """Bring a file back; returns the step that was added, `staged` or `accepted`.

    `staged`: a file that was withdrawn and never counted, while its bytes are here; it can be submitted again, and a
    comment is not needed. `accepted`: a version that was replaced or withdrawn counts again as a whole, with a comment;
    `knowing` is the id of the version that counts now, as the person saw it (empty: none). Raises NotPossible,
    NewerVersion when another one counts by now, and policy.Refused.
    """
    row = versions.find(viewer, house, submission_id)
    found = way(house, row)
    if not found.event:
        raise NotPossible(found.why)
    _require(viewer, house, row, found.event)
    if found.event == "accepted" or comment.strip():
        comment = remarks.screened(viewer, house, row, remarks.said(comment))
    with house.store.write("intake", by=viewer.account_id) as write:  # all that follows is asked again by nobody else
        now = write.read("select * from submission_now where submission_id = $id", id=submission_id)[0]
        again = way(house, now, write.read)
        if again != found:
            raise NotPossible(
                again.why or _("Somebody took another step with this file since you looked. Load the page again.")
            )
        if found.event == "accepted":
            if versions.counting(write.read, row) != knowing:
                raise NewerVersion(
                    _(
                        "Another version counts now than the one that you saw. Nothing was restored."
                        " Look at the difference below; then go on."
                    )
                )
            parquet = house.files.parquet(row["sha256"], row["contract_hash"])
            write.load(house.library.contracts[row["dataset"]], submission_id, parquet)
            write.move("figures")
        write.add("submission_event", event_row(viewer, submission_id, found.event, comment.strip()))
    return found.event
