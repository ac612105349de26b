"""/meeting/<id>/minutes.docx, briefing.pptx and actions.csv: what everybody takes home, made from data."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from dashboard.publication.files import as_csv
from dashboard.reports import actions, moments, papers
from dashboard.reports.papers import Paper
from dashboard.web import briefing, meeting_figures, minutes
from dashboard.web.guard import current_viewer, house, route
from dashboard.web.meeting_figures import Shown

_OFFICE = "application/vnd.openxmlformats-officedocument."


@route("/meeting/<meeting_id>/minutes.docx", permission="view actions")
def minutes_docx(meeting_id: str) -> Response:
    """The minutes: attendance, decisions, actions with who and by when."""
    paper = papers.paper(current_viewer(), house(), meeting_id)
    return _download(
        minutes.minutes(paper, _answers(paper)), f"{_OFFICE}wordprocessingml.document", f"{paper.name}-minutes.docx"
    )


@route("/meeting/<meeting_id>/briefing.pptx", permission="view actions")
def briefing_pptx(meeting_id: str) -> Response:
    """The slides, with charts that stay editable."""
    paper = papers.paper(current_viewer(), house(), meeting_id)
    kind = f"{_OFFICE}presentationml.presentation"
    return _download(briefing.briefing(paper, _answers(paper)), kind, f"{paper.name}-briefing.pptx")


@route("/meeting/<meeting_id>/actions.csv", permission="view actions")
def actions_csv(meeting_id: str) -> Response:
    """The open actions of the meeting's country, as known when it closed, or now."""
    viewer, home = current_viewer(), house()
    paper = papers.paper(viewer, home, meeting_id)
    seen, country = moments.seen_on(viewer, paper.then), paper.detail.meeting.country
    table = actions.actions(seen, home, country=country, state=actions.UNFINISHED, version=paper.then.version).table
    text = as_csv(table, demo=paper.demo)
    return _download(text.encode("utf-8-sig"), "text/csv; charset=utf-8", f"{paper.name}-actions.csv")


def _answers(paper: Paper) -> Mapping[str, Shown]:
    """What the screens of the meeting answered, as of when it closed."""
    return meeting_figures.answers(moments.seen_on(current_viewer(), paper.then), house(), paper.then, paper.detail)


def _download(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})
