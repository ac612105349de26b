"""The write door for data: stage, submit, accept, return, withdraw. Never merges, never overwrites."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from uuid_utils import uuid7

from dashboard.intake import worker
from dashboard.intake.problems import Severity
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
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


class NotPossible(ValueError):
    """The step cannot be taken; the text says why and what to do."""


class NewerVersion(NotPossible):
    """Somebody else's file for the same dataset, organisation and quarter was accepted in between."""


@dataclass(frozen=True)
class Received:
    """What became of an upload: the check's outcome, and the submission when the file could be staged."""

    outcome: worker.Outcome
    submission_id: str = ""
    notes: tuple[str, ...] = ()


def contract_for(viewer: Viewer, house: House, dataset: str) -> Contract:
    """The dataset's contract. Raises NotPossible when there is none or this viewer's roles do not send it."""
    contract = house.library.contracts.get(dataset)
    if contract is None:
        raise NotPossible(_("There is no dataset “{dataset}”. Choose one from the list.", dataset=dataset[:60]))
    if not viewer.roles & set(contract.submitters):
        raise policy.Refused(
            _(
                "The dataset “{title}” is sent by: {roles}.",
                title=_(contract.title),
                roles=", ".join(contract.submitters),
            )
        )
    return contract


def sendable(viewer: Viewer, house: House) -> tuple[list[Contract], list[dict[str, Any]]]:
    """The contracts and the organisations that this viewer may send files for, both possibly empty."""
    contracts = [c for c in house.library.contracts.values() if viewer.roles & set(c.submitters)]
    known = organisations.known(viewer, house)
    mine = [
        o
        for o in known
        if policy.may(
            viewer, "send submissions", organisation_code=o["organisation_code"], country=o["country"]
        ).allowed
    ]
    return contracts, mine


def request_for(
    viewer: Viewer, house: House, *, dataset: str, organisation_code: str, period: str, marked: bool = False
) -> worker.Request:
    """What the worker must know to check a file. Raises NotPossible or policy.Refused, with a sentence."""
    contract = contract_for(viewer, house, dataset)
    try:
        quarter = periods.parse(period)
    except ValueError as error:
        raise NotPossible(str(error)) from error
    if quarter.start > viewer.today:
        raise NotPossible(
            _("{period} has not begun. Choose the quarter that the figures are about.", period=quarter.label)
        )
    known = {o["organisation_code"]: o for o in organisations.known(viewer, house)}
    country = known[organisation_code]["country"] if organisation_code in known else ""
    policy.require(viewer, "send submissions", organisation_code=organisation_code, country=country)
    first = any(field.defines for field in contract.fields) and policy.scope(viewer, "send submissions").everything
    if organisation_code not in known and not first:  # the secretariat may bring a country's first register
        raise NotPossible(
            _("The organisation “{code}” is not known. Choose one from the list.", code=organisation_code[:40])
        )
    return worker.Request(
        dataset=dataset,
        contract_source=contract.source,
        codes=lists_for(house, contract, quarter.end),
        organisation_code=organisation_code,
        organisations=sorted(known),
        country=country or None,
        period=str(quarter),
        marked=marked,
    )


def lists_for(house: House, contract: Contract, day: date) -> dict[str, list[dict[str, str]]]:
    """The code lists that a contract names, as plain rows; `expired` is yes for a code not valid on `day`."""
    return {
        name: [
            {"code": c.code, "title": c.title, "expired": "" if c.valid(day) else "yes", "successor": c.successor}
            for c in house.library.codes[name].codes
        ]
        for name in {field.codes for field in contract.fields if field.codes and field.codes != "organisations"}
    }


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
    who, when, how large and which kinds of problem. The same bytes again are the same submission.
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
            subject=f"{dataset} {organisation_code} {period}",
            detail={"bytes": size, "verdict": outcome.verdict, "problems": sorted({p.code for p in outcome.problems})},
        )
        return Received(outcome)
    contract = house.library.contracts[dataset]
    sha256 = house.files.put(data)
    house.files.put_parquet(sha256, contract.hash, outcome.parquet)
    return _keep(viewer, house, request, outcome, sha256, size)


def _keep(
    viewer: Viewer, house: House, request: worker.Request, outcome: worker.Outcome, sha256: str, size: int
) -> Received:
    """Add the submission, or a new `staged` step to the one that already holds these bytes."""
    key = {"dataset": request.dataset, "organisation": request.organisation_code, "period": request.period}
    same = (
        "select * from submission_now where sha256 = $sha and dataset = $dataset"
        " and organisation_code = $organisation and period = $period and state <> 'expunged'"
    )

    def held(rows: list[dict[str, Any]]) -> Received | None:
        if not rows or rows[0]["state"] not in ("staged", "submitted", "accepted"):
            return None
        note = _(
            "These are the same bytes as a file that is here already ({state}): nothing was added.",
            state=_(STATES[rows[0]["state"]]).lower(),
        )
        return Received(outcome, rows[0]["submission_id"], (note,))

    if here := held(house.store.read(same, sha=sha256, **key)):
        return here
    said = [*outcome.tolerated, *(p.message for p in outcome.problems if p.severity is not Severity.ERROR)]
    with house.store.write("intake", by=viewer.account_id) as write:
        rows = write.read(same, sha=sha256, **key)
        submission_id = rows[0]["submission_id"] if rows else str(uuid7())
        if held(rows) is None:
            if not rows:
                write.add(
                    "submission",
                    {
                        "submission_id": submission_id,
                        "dataset": request.dataset,
                        "organisation_code": request.organisation_code,
                        "period": request.period,
                        "sha256": sha256,
                        "size": size,
                        "row_count": outcome.row_count,
                        "staged_by": viewer.account_id,
                        "contract_hash": house.library.contracts[request.dataset].hash,
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
    found = house.store.read(
        "select accepted.* from accepted, submission_now as mine where mine.submission_id = $id"
        " and accepted.dataset = mine.dataset and accepted.organisation_code = mine.organisation_code"
        " and accepted.period = mine.period and accepted.submission_id <> mine.submission_id"
        " and accepted.until is null and accepted.since > (select max(version) from submission_event"
        " where submission_id = $id and event = 'staged') order by accepted.since desc",
        id=row["submission_id"],
    )
    return found[0] if found else None


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
    other = newer(house, row) if event in ("submitted", "accepted") else None
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
    with house.store.write(
        "figures" if event == "accepted" or row["state"] == "accepted" else "intake", by=viewer.account_id
    ) as write:
        now = write.read("select state, sha256 from submission_now where submission_id = $id", id=submission_id)[0]
        if now["state"] not in before:
            raise NotPossible(
                _(
                    "This file is now “{state}”, so this step is no longer open. Load the page again.",
                    state=_(STATES[now["state"]]),
                )
            )
        if event == "accepted":
            parquet = house.files.parquet(row["sha256"], row["contract_hash"])
            write.load(house.library.contracts[row["dataset"]], submission_id, parquet)
            write.move("intake")
        write.add("submission_event", _event(viewer, submission_id, event, comment))


def submit(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "") -> None:
    """Hand a checked file in for review. Raises NotPossible, policy.Refused, and NewerVersion
    unless `knowing` is the id of the newer file, which says that the person has seen it."""
    _step(viewer, house, submission_id, "submitted", action="send submissions", before=("staged",), knowing=knowing)


def accept(viewer: Viewer, house: House, submission_id: str, *, knowing: str = "") -> None:
    """Make a submitted file current; the former one stays in the record. Raises as `submit` does."""
    row = find(viewer, house, submission_id, "review submissions")
    if house.library.contracts[row["dataset"]].kind == "administrative":
        policy.require(viewer, "accept contacts", organisation_code=row["organisation_code"], country=row["country"])
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
        comment=_said(comment),
    )


def withdraw(viewer: Viewer, house: House, submission_id: str, comment: str) -> None:
    """Take a file back. Before it is accepted its senders may; after that, those who review, and only while it is
    the current one. The figures of the former file do not come back by themselves."""
    row = find(viewer, house, submission_id)
    if row["state"] != "accepted":
        _step(
            viewer,
            house,
            submission_id,
            "withdrawn",
            action="send submissions",
            before=("staged", "submitted", "returned"),
            comment=_said(comment),
        )
        return
    if not house.store.read(
        "select 1 as yes from accepted where submission_id = $id and until is null", id=submission_id
    ):
        raise NotPossible(_("A later file has replaced this one, so there is nothing to withdraw."))
    _step(
        viewer,
        house,
        submission_id,
        "withdrawn",
        action="review submissions",
        before=("accepted",),
        comment=_said(comment),
    )


def _said(comment: str) -> str:
    comment = " ".join(comment.split())
    if not 3 <= len(comment) <= 500:
        raise NotPossible(_("Write a comment of up to 500 characters that says what to mend, or why."))
    return comment


def sweep(viewer: Viewer, house: House, now: datetime | None = None) -> int:
    """Let files lapse that were staged and not submitted within the set days; returns how many."""
    policy.require(viewer, "expunge")
    limit = (now or datetime.now(UTC)) - timedelta(days=house.settings.staged_days)
    rows = house.store.read(
        "select submission_id, sha256 from submission_now where state = 'staged' and state_at < $limit", limit=limit
    )
    if rows:
        with house.store.write("intake", by=viewer.account_id) as write:
            for row in rows:
                write.add("submission_event", _event(viewer, row["submission_id"], "lapsed"))
    keep = house.store.read("select distinct sha256 from submission_now where state not in ('lapsed', 'expunged')")
    house.files.sweep({row["sha256"] for row in keep})
    return len(rows)


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
