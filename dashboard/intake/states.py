"""The states of a submission in words, and the row that says a step was taken. Never takes one."""

from __future__ import annotations

from uuid_utils import uuid7

from dashboard.protection.policy import Viewer
from dashboard.reference.text import N_, _

STATES = {
    "staged": N_("Checked, not submitted"),
    "submitted": N_("Waiting for review"),
    "accepted": N_("Accepted"),
    "returned": N_("Returned to be mended"),
    "withdrawn": N_("Withdrawn"),
    "lapsed": N_("Lapsed: never submitted"),
    "expunged": N_("Expunged"),
}


def event_row(viewer: Viewer, submission_id: str, event: str, comment: str = "") -> dict[str, str]:
    """A row of submission_event, without what the write stamps."""
    return {
        "event_id": str(uuid7()),
        "submission_id": submission_id,
        "event": event,
        "by_account": viewer.account_id,
        "comment": comment,
    }


_AGAIN = {"staged": N_("Checked again"), "accepted": N_("Restored: it counts again")}


def step_words(event: str, before: str) -> str:
    """What happened, in words, by the step and the one before it: an acceptance that nobody handed in is a restoration
    (intake.restoring), and a file that was here is checked or brought back a second time."""
    if event in _AGAIN and before and (event, before) != ("accepted", "submitted"):
        return _(_AGAIN[event])
    return _(STATES[event])
