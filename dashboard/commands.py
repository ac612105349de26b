"""What the operator may ask of the record, in the running process or without one. Never opens a store itself."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from dashboard.intake import counts, submissions
from dashboard.people import accounts, links, organisations
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import ledger, release
from dashboard.record.house import House
from dashboard.reference.text import _

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
    """Check, stage and submit one file, and accept it when `accept` is set.

    The operator has no training, so a file that holds contacts is left waiting, and `waits` says for whom.
    """
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
        "problems": [p.as_json() for p in [*received.problems, *received.looks]],
        "notes": [*(note.message for note in received.outcome.tolerated), *received.notes],
        "submission": received.submission_id,
    }
    if received.submission_id:
        row = submissions.find(viewer, house, received.submission_id)
        if row["state"] == "staged":
            submissions.submit(viewer, house, received.submission_id)
        if payload.get("accept") and row["state"] in ("staged", "submitted"):
            decision = counts.may_accept(viewer, house, row)
            if decision.allowed:
                submissions.accept(viewer, house, received.submission_id)
            else:
                answer["waits"] = _(
                    "Not accepted: the file counts contacts of survivors, so a reviewer with a valid training accepts"
                    " it, on its page. It is submitted and waits there."
                )
        answer["state"] = submissions.find(viewer, house, received.submission_id)["state"]
    return _followed(house, answer)


def _followed(house: House, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, once the public summary shows no help line that the record no longer brings."""
    undone = release.follow(house)
    return answer | {"undone": undone} if undone else answer


@command("release")
def publish(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Draft, attack and publish a release; or one step: `step` is draft, publish, drop or withdraw.

    A draft that could give somebody away is not published; the answer names what could be worked out.
    """
    step, release_id, note = payload.get("step", ""), str(payload.get("release", "")), str(payload.get("note", ""))
    if step == "draft":
        return _reported(viewer, house, release.draft(viewer, house))
    if step == "drop":
        release.drop(viewer, house, release_id)
        return {"dropped": release_id}
    if step == "withdraw":
        undone = release.withdraw(viewer, house, release_id, note)
        return {"withdrawn": release_id} | ({"undone": undone} if undone else {})
    if step == "publish":
        return _followed(house, {"folder": str(release.publish_draft(viewer, house, release_id, note=note))})
    return _followed(house, {"folder": str(release.publish(viewer, house, note=note))})


@command("releases")
def releases(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Every release that is or was public, and the draft that waits, newest first."""
    return {"releases": release.listed(viewer, house)}


@command("attack")
def attack(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Attack a release again, with nothing but its files and those of all releases before it."""
    report = release.attack(viewer, house, str(payload.get("release", "")))
    return report.as_json() | {"found": release.narrowed(house, report)}


def _reported(viewer: Viewer, house: House, release_id: str) -> dict[str, Any]:
    """A draft with what the attack found of it."""
    row = release.find(viewer, house, release_id)
    report = release.report(row)
    return {"release": release_id, "state": row["state"], **report.as_json(), "found": release.narrowed(house, report)}


@command("expunge")
def expunge(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Remove one submission for ever, leaving a tombstone with the reason; says which releases were made of it."""
    counted = [row["folder"] for row in ledger.counting(viewer, house, payload["submission"])]
    answer = submissions.expunge(viewer, house, payload["submission"], payload["reason"])
    return _followed(house, answer | {"released": counted})


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


@command("train")
def train(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Record a training on contact counts with its undertaking, or without an address say whose are recorded."""
    policy.require(viewer, "manage people")
    email, trained = str(payload.get("email", "")), None
    if email:
        trained = accounts.by_email(viewer, house, email)
        if trained is None:
            raise NotPossible(_("No open account has the address “{email}”.", email=email[:80]))
        days = {name: _day(payload[name]) for name in ("completed", "undertaking")}
        accounts.record_training(
            viewer, house, trained, completed_on=days["completed"], undertaking_on=days["undertaking"]
        )
    found = (a for a in accounts.listing(viewer, house) if a["training_until"])
    return {
        "people": [
            {"name": a["name"], "email": a["email"], "until": a["training_until"].isoformat()}
            for a in found
            if trained in (None, a["account_id"])
        ]
    }


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise NotPossible(_("“{text}” is no day. Write it as 2026-05-01.", text=str(text)[:40])) from None


@command("setup")
def setup(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """A new one-time link for the first account, while there is none."""
    return {"link": f"{house.settings.address}/setup/{links.setup_link(viewer, house, now=datetime.now(UTC))}"}


@command("audit verify")
def verify(viewer: Viewer, house: House, payload: dict[str, Any]) -> dict[str, Any]:
    """Whether the audit log is as it was written."""
    policy.require(viewer, "view audit")
    return {"faults": house.store.verify_audit()}
