"""/assessment/answer: one question of the self-assessment, answered in the page. Never loses what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as Answer

from dashboard.intake import answering
from dashboard.intake.problems import PROBLEMS, Problem
from dashboard.intake.senders import NotPossible
from dashboard.intake.versions import NewerVersion
from dashboard.intake.worker import Outcome
from dashboard.people import organisations
from dashboard.protection.policy import Refused
from dashboard.reference.text import N_, _
from dashboard.reports import assessment
from dashboard.reports.assessment import Item
from dashboard.web import plain
from dashboard.web.guard import current_viewer, house, route

LABELS = {
    "answer": N_("Answer"),
    "evidence": N_("Evidence that others can look at"),
    "next_step": N_("Next step"),
    "owner": N_("Who takes that step"),
    "due_on": N_("By when"),
}
"""What the form calls each of `answering.FIELDS`."""


@route("/assessment/answer", permission="review submissions")
def asked() -> Response:
    """The question with the form, filled with what was answered until now."""
    country, year, item = _which(request.args)
    decision = answering.may_answer(current_viewer(), house(), country)
    if not decision.allowed:
        abort(403, description=decision.reason)
    written = {field: item.said(field)[:10] if field == "due_on" else item.said(field) for field in answering.FIELDS}
    return _form(country, year, item, written)


@route("/assessment/answer", permission="review submissions", methods=("POST",))
def answered() -> Answer:
    """Keep the answer; what stands against it is said above the same form with what was typed."""
    country, year, item = _which(request.form)
    written = {field: request.form.get(field, "") for field in answering.FIELDS}
    try:
        received = answering.answer(
            current_viewer(),
            house(),
            country=country,
            year=year,
            item=item.code,
            said=written,
            seen=request.form.get("seen", ""),
        )
    except Refused as refused:
        abort(403, description=str(refused))
    except (NotPossible, NewerVersion) as error:
        return _form(country, year, item, written, error=str(error), status=409)
    if not received.submission_id:
        return _form(country, year, item, written, problems=_told(received.outcome), status=422)
    return redirect(f"{_back(country, year)}#{item.code}", 303)


def _told(outcome: Outcome) -> list[str]:
    """What is to be mended, in words for a form. The answer is the last row of the file that it is sent as; what is
    found elsewhere in that file, which no form shows, keeps the words for a file."""
    return [
        _mended(one)
        if one.column in LABELS and one.row in (None, outcome.row_count + 1)
        else f"{one.message} {one.fix}"
        for one in outcome.problems
    ]


def _mended(one: Problem) -> str:
    label, kind = LABELS[one.column or "answer"], PROBLEMS[one.code]
    field = _(label)
    if one.code == "placeholder" and one.value:
        return _("{field}: “{value}” stands for no value. Leave it empty, or write what is meant.", field=field,
                 value=one.value)  # fmt: skip
    if one.code in ("required-empty", "value-missing", "evidence-missing", "placeholder"):
        fix = one.fix if one.code == "evidence-missing" else _("Fill it in, or choose another answer.")
        return " ".join(
            filter(None, [_("{field}: nothing is written here.", field=field), one.words.get("words"), fix])
        )
    if kind.phase == "screen":
        fix = _("Take it out, and keep the answer again. We never take it: it could put a person at risk.")
        return f"{field}: {_(kind.title)}. {fix}"
    return f"{field}: {_(kind.title)}. {one.fix}"


def _which(said: Mapping[str, str]) -> tuple[str, int, Item]:
    """Country, year and question as the address or the form names them; 404 for what there is not."""
    home, country, year = house(), said.get("country", ""), said.get("year", "")
    if home.library.codes["countries"].get(country) is None or not (
        year.isascii() and year.isdigit() and len(year) == 4
    ):
        abort(404)
    found = assessment.assessment(current_viewer(), home, country=country, year=int(year))
    item = next((one for one in found.items if one.code == said.get("item", "")), None)
    if item is None or int(year) > current_viewer().today.year:
        abort(404)
    return country, int(year), item


def _back(country: str, year: int) -> str:
    return "/assessment?" + urlencode({"country": country, "year": year})


def _form(
    country: str,
    year: int,
    item: Item,
    written: Mapping[str, str],
    *,
    error: str = "",
    problems: Any = (),
    status: int = 200,
) -> Response:
    viewer, home = current_viewer(), house()
    contract = home.library.contracts[answering.DATASET]
    known = organisations.register(home)
    return plain.answer(
        "answering.html",
        status,
        title=_("Answer a question"),
        country=country,
        country_name=home.library.title("countries", country),
        year=year,
        item=item,
        part=assessment.part_title(home, item.part),
        answers=assessment.ANSWERS,
        written=written,
        error=error,
        problems=problems,
        labels=LABELS,
        seen=answering.counting(viewer, home, country),
        back=_back(country, year),
        organisations=sorted(
            ((o.organisation_code, o.name) for o in known.values() if o.country == country), key=lambda pair: pair[1]
        ),
        longest={f.name: f.max_length or 500 for f in contract.fields},
    )
