"""The write door for one answer of the self-assessment: a file of its own, which counts at once. Never a second record.

The file is what the country's body would have sent: the answers of this quarter that count, with the one that is new.
So an answer from the page has the same check, the same history and the same way back as one from a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from dashboard.intake import staging, submissions, versions
from dashboard.intake.senders import NotPossible
from dashboard.intake.staging import Received
from dashboard.intake.versions import NewerVersion
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.cells import safe
from dashboard.reference.text import N_, _

DATASET = "assessment_answers"
FIELDS = ("answer", "evidence", "owner", "next_step", "due_on")
"""What a person says of a question; country, year, question, body and day follow from where and when she says it."""
MEANWHILE = N_("Somebody else answered in the meantime. Nothing of yours was kept yet: look at it, and send again.")
NOBODY = N_("Answers are kept for a country by its coordinating body, and nobody is registered as that for {country}.")


def body_of(viewer: Viewer, house: House, country: str) -> str:
    """The organisation for which this viewer answers: her own, or the one that answered last; "" for none."""
    for grant in viewer.valid_grants:
        if grant.role == "coordinator" and grant.country == country and grant.organisation_code:
            return str(grant.organisation_code)
    if viewer.organisation_code and organisations.country_of(house, viewer.organisation_code) == country:
        return viewer.organisation_code
    rows = house.store.read(
        "select organisation_code from accepted where dataset in ('assessment_answers', 'plans', 'members')"
        " and until is null and starts_with(organisation_code, $prefix)"
        " order by dataset = 'assessment_answers' desc, since desc limit 1",
        prefix=f"{country}-",
    )
    return str(rows[0]["organisation_code"]) if rows else ""


def may_answer(viewer: Viewer, house: House, country: str) -> policy.Decision:
    """Whether this viewer may answer for a country: who sends its registers and accepts them."""
    if DATASET not in house.library.contracts:
        return policy.Decision(False, _("This deployment keeps no self-assessment."))
    code = body_of(viewer, house, country)
    if not code:
        return policy.Decision(False, _(NOBODY, country=house.library.title("countries", country)))
    sends = submissions.may_send(viewer, house, DATASET, code, country)
    if not sends.allowed:
        return sends
    return policy.may(viewer, "review submissions", organisation_code=code, country=country)


def answer(
    viewer: Viewer, house: House, *, country: str, year: int, item: str, said: Mapping[str, str], seen: str = ""
) -> Received:
    """Keep what `said` (keys of FIELDS) of a question in a year; outcome and problems as those of a file.

    `seen` is the id of the file that counted when she began to write: NewerVersion says that another one counts by now,
    and nothing is kept. Raises NotPossible and policy.Refused, each with a sentence.
    """
    decision = may_answer(viewer, house, country)
    if not decision.allowed:
        raise policy.Refused(decision.reason)
    code, period = body_of(viewer, house, country), str(periods.of(viewer.today))
    place = {"dataset": DATASET, "organisation_code": code, "period": period}
    if versions.counting(house.store.read, place) != seen:
        raise NewerVersion(_(MEANWHILE))
    row = {
        "country": country,
        "year": str(year),
        "item": item,
        "organisation_code": code,
        "answered_on": viewer.today.isoformat(),
        **{field: said.get(field, "").strip() for field in FIELDS},
    }
    received = staging.stage(
        viewer, house, _file(house, code, period, row), dataset=DATASET, organisation_code=code, period=period
    )
    if not received.submission_id:
        return received
    # While the check ran somebody may have answered: the rows that this file took up would then put theirs away.
    if versions.counting(house.store.read, place) != seen:
        raise NewerVersion(_(MEANWHILE))
    submission = submissions.find(viewer, house, received.submission_id)
    if submission["state"] == "accepted":
        raise NotPossible(_("This is what the answer says already."))
    if submission["state"] == "staged":
        submissions.submit(viewer, house, received.submission_id, knowing=seen)
    submissions.accept(viewer, house, received.submission_id, knowing=seen)
    return received


def counting(viewer: Viewer, house: House, country: str) -> str:
    """The id of the file of this quarter that counts, to be handed back as `seen`; "" when there is none."""
    place = {
        "dataset": DATASET,
        "organisation_code": body_of(viewer, house, country),
        "period": str(periods.of(viewer.today)),
    }
    return versions.counting(house.store.read, place)


def _file(house: House, code: str, period: str, row: Mapping[str, str]) -> bytes:
    """The answers of the quarter as they count, with this one in its place, as a CSV."""
    contract = house.library.contracts[DATASET]
    held = house.store.read(
        "select * from assessment_answers_rows where reported_by = $code and period = $period and until is null"
        " order by row_number",
        code=code,
        period=period,
    )
    key = ("country", "year", "item")
    rows: list[Mapping[str, Any]] = [
        one for one in held if tuple(str(one[name]) for name in key) != tuple(row[name] for name in key)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(contract.header)
    for one in (*rows, row):
        writer.writerow([safe("" if one.get(name) is None else str(one[name])) for name in contract.header])
    return out.getvalue().encode()
