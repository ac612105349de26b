"""What the operator may ask of the record, in the running process or without one. Never opens a store itself."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dashboard.intake import submissions
from dashboard.people import links, organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.record.house import House

Command = Callable[[Viewer, House, dict[str, Any]], dict[str, Any]]
COMMANDS: dict[str, Command] = {}


def command(name: str) -> Callable[[Command], Command]:
    """Register a function as the command of this name."""

    def register(function: Command) -> Command:
        COMMANDS[name] = function
        return function

    return register


@command("organisations")
def known_organisations(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """The organisation codes that a file may name."""
    return {"organisations": [o["organisation_code"] for o in organisations.known(viewer, house)]}


@command("submit")
def submit(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Check, stage and submit one file, and accept it when `accept` is set."""
    received = submissions.stage(
        viewer,
        house,
        base64.b64decode(payload["file"]),
        dataset=payload["dataset"],
        organisation_code=payload["organisation"],
        period=payload["period"],
    )
    answer: dict[str, Any] = {
        "verdict": received.outcome.verdict,
        "rows": received.outcome.row_count,
        "problems": [p.as_json() for p in received.outcome.problems],
        "notes": [*received.outcome.tolerated, *received.notes],
        "submission": received.submission_id,
    }
    if received.submission_id:
        row = submissions.find(viewer, house, received.submission_id)
        if row["state"] == "staged":
            submissions.submit(viewer, house, received.submission_id)
        if payload.get("accept") and row["state"] in ("staged", "submitted"):
            submissions.accept(viewer, house, received.submission_id)
        answer["state"] = submissions.find(viewer, house, received.submission_id)["state"]
    return _followed(house, answer)


def _followed(house: House, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, once the public summary shows no help line that the record no longer brings."""
    undone = release.follow(house)
    return answer | {"undone": undone} if undone else answer


@command("release")
def publish(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the public summary anew and swap it in."""
    return {"folder": str(release.publish(viewer, house, note=payload.get("note", "")))}


@command("expunge")
def expunge(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Remove one submission for ever, leaving a tombstone with the reason."""
    return _followed(house, submissions.expunge(viewer, house, payload["submission"], payload["reason"]))


@command("sweep")
def sweep(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Let files lapse that were staged long ago and never submitted."""
    return _followed(house, {"lapsed": submissions.sweep(viewer, house)})


@command("invite")
def invite(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Make an account with a one-time link, shown once."""
    token = links.invite(
        viewer,
        house,
        email=payload["email"],
        name=payload["name"],
        role=payload["role"],
        organisation_code=payload.get("organisation", ""),
        country=payload.get("country", ""),
        now=datetime.now(UTC),
    )
    return {"link": f"{house.settings.address}/invite/{token}"}


@command("setup")
def setup(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """A new one-time link for the first account, while there is none."""
    return {"link": f"{house.settings.address}/setup/{links.setup_link(viewer, house, now=datetime.now(UTC))}"}


@command("audit verify")
def verify(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Whether the audit log is as it was written."""
    policy.require(viewer, "view audit")
    return {"faults": house.store.verify_audit()}
