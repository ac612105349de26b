"""/meeting/<id>/minutes.docx, briefing.pptx and actions.csv: what everybody takes home, made from data."""

from __future__ import annotations

from flask import Response

from dashboard.publication.files import as_csv
from dashboard.reports import actions, moments, papers
from dashboard.web import briefing, minutes
from dashboard.web.guard import current_viewer, house, route

_OFFICE = "application/vnd.openxmlformats-officedocument."


@route("/meeting/<meeting_id>/minutes.docx", permission="view actions")
def minutes_docx(meeting_id: str) -> Response:
    """The minutes: attendance, decisions, actions with who and by when."""
    paper = papers.paper(current_viewer(), house(), meeting_id)
    return _download(minutes.minutes(paper), f"{_OFFICE}wordprocessingml.document", f"{paper.name}-minutes.docx")


@route("/meeting/<meeting_id>/briefing.pptx", permission="view actions")
def briefing_pptx(meeting_id: str) -> Response:
    """The slides, with charts that stay editable."""
    paper = papers.paper(current_viewer(), house(), meeting_id)
    kind = f"{_OFFICE}presentationml.presentation"
    return _download(briefing.briefing(paper), kind, f"{paper.name}-briefing.pptx")


@route("/meeting/<meeting_id>/actions.csv", permission="view actions")
def actions_csv(meeting_id: str) -> Response:
    """The open actions of the meeting's country, as known when it closed, or now."""
    viewer, home = current_viewer(), house()
    paper = papers.paper(viewer, home, meeting_id)
    seen, country = moments.seen_on(viewer, paper.then), paper.detail.meeting.country
    table = actions.actions(seen, home, country=country, state=actions.UNFINISHED, version=paper.then.version).table
    text = as_csv(table, demo=paper.demo)
    return _download(text.encode("utf-8-sig"), "text/csv; charset=utf-8", f"{paper.name}-actions.csv")


def _download(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})
