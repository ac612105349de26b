"""Take a file in: check it, and keep it when it has no errors. Never submits it, never keeps one that was refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from dashboard.intake import counts, warnings, worker
from dashboard.intake.lapse import sweep_daily
from dashboard.intake.problems import Problem, Severity
from dashboard.intake.senders import NotPossible, request_for
from dashboard.intake.states import STATES, event_row
from dashboard.intake.unusual import Noticed
from dashboard.intake.warnings import Warned
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.contracts import Contract
from dashboard.reference.text import _


@dataclass(frozen=True)
class Received:
    """What became of an upload: the check's outcome, and the submission when the file could be staged.

    `warnings` are those of the submission that the uploader may see; `withheld` tells that others are for the trained,
    wherever there may be any.
    """

    outcome: worker.Outcome
    submission_id: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    withheld: str = ""

    @property
    def looks(self) -> list[Problem]:
        """What asks for a second look and keeps nothing out."""
        if self.submission_id:
            return [warned.problem for warned in self.warnings]
        return [p for p in self.outcome.problems if p.severity is Severity.WARNING]

    @property
    def problems(self) -> list[Problem]:
        """What is to be mended, and what is only told."""
        return [p for p in self.outcome.problems if p.severity is not Severity.WARNING]


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
    row = {"dataset": dataset, "organisation_code": organisation_code, "country": request.country or ""}
    shown = warnings.of(viewer, house, received.submission_id)
    return replace(received, warnings=shown, withheld=warnings.withheld(viewer, house, row))


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


def _noticed(
    house: House, contract: Contract, submission: dict[str, str], outcome: worker.Outcome, again: bool = True
) -> list[Noticed]:
    """The warnings of a clean file, found before the write so that nobody waits for them. For that its rows are kept;
    those that are kept for nothing go with a sweep, and those that a sweep took meanwhile are kept once more."""
    path = house.files.put_parquet(submission["sha256"], contract.hash, outcome.parquet or b"")
    try:
        return warnings.found(house, contract, submission, outcome.problems)
    except Exception:
        if path.exists() or not again:
            raise
        return _noticed(house, contract, submission, outcome, again=False)


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
    said = [note.message for note in outcome.tolerated]
    noticed = _noticed(house, contract, place | {"sha256": sha256, "period": request.period}, outcome)
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
                write.add("submission_warning", *warnings.rows(submission_id, noticed))
            write.add("submission_event", event_row(viewer, submission_id, "staged"))
    return Received(outcome, submission_id)
