"""/submit and POST /submissions: send a file. Plain HTML that works without JavaScript; never keeps a refused file."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, request

from dashboard.intake import submissions, templates, tolerated, worker
from dashboard.intake.problems import PROBLEMS, Severity
from dashboard.protection.policy import Refused
from dashboard.reference import periods
from dashboard.reference.text import N_, _
from dashboard.reports import guide, reporting
from dashboard.web import mending, plain
from dashboard.web.guard import SIGNED_IN, current_viewer, house, route
from dashboard.web.uploads import upload_slot

_QUARTERS = 8


def _form(received: submissions.Received | None = None, error: str = "", status: int = 200) -> tuple[str, int]:
    viewer, home = current_viewer(), house()
    contracts, organisations = submissions.sendable(viewer, home)
    last = periods.last_ended(viewer.today)
    chosen = {name: request.values.get(name, "") for name in ("dataset", "organisation", "period")}
    chosen["period"] = chosen["period"] or str(last)
    chosen["organisation"] = chosen["organisation"] or viewer.organisation_code
    if organisations and chosen["organisation"] not in {o["organisation_code"] for o in organisations}:
        chosen["organisation"] = organisations[0]["organisation_code"]  # what the list then shows
    if not chosen["dataset"] and contracts:  # what her organisation owes comes first
        chosen["dataset"] = next((f.dataset for f in reporting.mine(viewer, home, period=str(last))), "")
    offered = [last.shifted(1 - n) for n in range(_QUARTERS)]
    return plain.render(
        "submit.html",
        title=_("Send a file"),
        contracts=contracts,
        withheld={
            c.name: templates.withheld(viewer, home, c.name, organisation_code=chosen["organisation"])
            for c in contracts
        },
        organisations=organisations,
        chosen=chosen,
        periods=offered,
        due={c.name: {str(p): guide.due_words(c, viewer, str(p)) for p in offered} for c in contracts},
        received=received,
        received_lines=mending.mending(received.problems) if received else None,
        meant=mending.meant(home.library.contracts, chosen["dataset"], received.problems, [c.name for c in contracts])
        if received
        else None,
        nothing=tolerated.NOTHING,
        problem_kinds=PROBLEMS,
        look_lines=mending.lines(received.looks) if received else (),
        columns=next((c.header for c in contracts if c.name == chosen["dataset"]), ()),
        errors=_errors(received) if received else 0,
        error=error,
        limit_mb=home.settings.upload_limit // 2**20,
    ), status


def _errors(received: submissions.Received) -> int:
    """How many things are to be mended."""
    return sum(p.count for p in received.outcome.problems if p.severity is Severity.ERROR)


@route("/submit", permission="send submissions", nav=N_("Send a file"), order=60)
def show() -> tuple[str, int]:
    """The form."""
    return _form()


@route("/submissions", permission="send submissions", methods=("POST",))
def receive() -> Any:
    """Take one file: 303 to its preview, or 422 with every problem. JSON when asked for; `marked=1` gives the
    uploader's own rows back with a column that names the problems."""
    as_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    with upload_slot():
        file = request.files.get("file")
        if file is None or not file.filename:
            return _answer_error(_("No file was chosen. Choose a CSV file."), as_json, 400)
        try:
            received = submissions.stage(
                current_viewer(),
                house(),
                file.stream,
                dataset=request.form.get("dataset", ""),
                organisation_code=request.form.get("organisation", ""),
                period=request.form.get("period", ""),
                marked=request.form.get("marked") == "1",
            )
        except submissions.NotPossible as error:
            return _answer_error(str(error), as_json, 422)
        except Refused as error:
            return _answer_error(str(error), as_json, 403)
    if received.outcome.marked is not None and not received.submission_id:
        return Response(  # 200, because browsers save nothing that comes with an error
            received.outcome.marked,
            mimetype="text/csv",
            headers={
                "Content-Disposition": f"attachment; filename={_label()}problems-marked.csv",
                "X-Problems": str(_errors(received)),  # so that the page can say it beside the file
            },
        )
    if as_json:
        return _json(received)
    if received.submission_id:
        return redirect(f"/submission/{received.submission_id}{'?same=1' if received.notes else ''}", 303)
    return _form(received, status=422)


def _json(received: submissions.Received) -> tuple[Response, int]:
    return jsonify(
        {
            "verdict": received.outcome.verdict,
            "rows": received.outcome.row_count,
            "submission": received.submission_id or None,
            "notes": [
                *(note.message for note in received.outcome.tolerated),
                *received.notes,
                *filter(None, [received.withheld]),
            ],
            "problems": [p.as_json() for p in received.problems],
            "warnings": [p.as_json() for p in received.looks],
        }
    ), 201 if received.submission_id else 422


def _label() -> str:
    return "demo-" if house().settings.demo else ""


def _answer_error(sentence: str, as_json: bool, status: int) -> Any:
    return (jsonify({"error": sentence}), status) if as_json else _form(error=sentence, status=status)


@route("/queue", permission="send submissions")
def queue() -> Response:
    """How many files wait to be checked, so that the page can say so."""
    return jsonify({"waiting": worker.waiting()})


@route("/templates/<dataset>.csv", permission=SIGNED_IN)
def template(dataset: str) -> Response:
    """The template of a dataset with the organisation's own codes; `?prefill=1` with the last accepted rows,
    `?explained=0` without the row that explains the columns."""
    text = templates.template(
        current_viewer(),
        house(),
        dataset,
        organisation_code=request.args.get("organisation", ""),
        prefill=request.args.get("prefill") == "1",
        explain=request.args.get("explained") != "0",
    )
    return _saved(text, templates.filename(house(), dataset))


@route("/templates/<dataset>-codes.csv", permission=SIGNED_IN)
def codes(dataset: str) -> Response:
    """Every code that a file of a dataset may hold: list, code, title; `?period=` names the quarter."""
    text = templates.codes(current_viewer(), house(), dataset, period=request.args.get("period", ""))
    return _saved(text, templates.filename(house(), dataset, "codes"))


def _saved(text: str, name: str) -> Response:
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"})
