"""/meeting/<id>: what is on the agenda, who was there, what was agreed? And meeting mode, one line a screen."""

from __future__ import annotations

import hashlib

from flask import Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from dashboard.coordination import attendance
from dashboard.coordination.agenda import INDICATOR, SUBJECTS
from dashboard.coordination.together import Newer
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Viewer
from dashboard.reference.text import N_, _, day
from dashboard.reports import actions, meetings, moments, proposals
from dashboard.reports.meetings import Detail, Meeting
from dashboard.reports.moments import Moment
from dashboard.web import meeting_figures, meeting_screen, meeting_steps, plain
from dashboard.web.guard import current_viewer, house, registry, route

PAPERS = {
    "minutes.docx": N_("Minutes (Word)"),
    "briefing.pptx": N_("Briefing (PowerPoint)"),
    "actions.csv": N_("Open actions (CSV)"),
}


@route("/meeting/<meeting_id>", permission="view actions")
def show(meeting_id: str) -> tuple[str, int]:
    """The meeting's page; of a closed meeting as of its closing, for ever."""
    return _page(meeting_id)


@route("/meeting/<meeting_id>/run", permission="view actions")
def run(meeting_id: str) -> str:
    """Meeting mode, with the screen of `?item=`."""
    viewer, home = current_viewer(), house()
    found = meetings.meeting(viewer, home, meeting_id).meeting
    return plain.render(
        "meeting_run.html",
        title=found.title,
        meeting=found,
        screen=meeting_screen.screen(viewer, home, meeting_id, request.args.get("item", "")),
        me=_mark(viewer),
        chair=found.may_change and not found.closed,
    )


@route("/meeting/<meeting_id>/parts", permission="view actions")
def parts(meeting_id: str) -> Response:
    """The parts of a screen that the browser does not have: `known` are those that it has, as name-digest. Asking is
    no activity: see `identity`."""
    viewer, home = current_viewer(), house()
    head = home.store.head()
    found = meeting_screen.screen(viewer, home, meeting_id, request.args.get("item", ""))
    known = {*request.args.get("known", "").split(",")}
    return jsonify(
        item=found.item_id,
        parts=found.unknown(known),
        version=[head.coordination, head.figures, head.intake, head.published],
    )


@route("/meeting/<meeting_id>/chair", permission="change actions")
def chair(meeting_id: str) -> tuple[str, int]:
    """Asked now and then by the screen of who runs a meeting: her session lasts, up to its absolute end."""
    found = meetings.meeting(current_viewer(), house(), meeting_id).meeting
    if not (found.may_change and found.running):
        raise NotPossible(_("This meeting is not running, or it is not yours to run."))
    return "", 204


@route("/meeting/<meeting_id>/<what>", permission="change actions", methods=("POST",))
def step(meeting_id: str, what: str) -> ResponseReturnValue:
    """One step: JSON for a script, else back to the page, or the page with what was wrong. A refusal is a 403.

    Where somebody was first, `theirs` says how it stands now and `knowing` what to send to put one's own in its place.
    Whoever typed on is told the same of what she saved herself, and the page has what was typed in its form again.
    """
    as_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    try:
        stands = meeting_steps.take(current_viewer(), house(), meeting_id, what, request.form)
    except Newer as newer:
        said = {"error": str(newer), "theirs": newer.theirs, "knowing": newer.version}
        return (jsonify(said), 409) if as_json else _page(meeting_id, what, str(newer), newer.theirs)
    except NotPossible as error:
        return (jsonify(error=str(error)), 409) if as_json else _page(meeting_id, what, str(error))
    return jsonify(saved=True, **stands) if as_json else redirect(f"/meeting/{meeting_id}", 303)


def _mark(viewer: Viewer) -> str:
    """What tells the drafts of two people apart who use one browser; it says nothing of who they are."""
    return hashlib.sha256(f"drafts of {viewer.account_id}".encode()).hexdigest()[:16]


def _page(meeting_id: str, refused: str = "", error: str = "", theirs: str = "") -> tuple[str, int]:
    """The page of a meeting; `refused` is the step that was not taken, whose form holds again what was typed."""
    viewer, home = current_viewer(), house()
    detail = meetings.meeting(viewer, home, meeting_id)
    found = detail.meeting
    then = moments.moment(viewer, home, found.key)
    seen = moments.seen_on(viewer, then)
    offered = proposals.proposals(viewer, home, found.country) if found.may_change and not found.closed else ()
    there = {line.subject for line in detail.lines}
    return plain.render(
        "meeting.html",
        title=found.title,
        detail=detail,
        answer=_answer(detail),
        banner=_banner(found, then),
        lasts=meetings.lasts(detail),
        error=error,
        theirs=theirs,
        refused=refused,
        typed=request.form,
        papers=_papers(detail),
        attended=meetings.attended(detail),
        attendance_words=meetings.attendance_words,
        states=attendance.STATES,
        proposals=[one for one in offered if not one.topic.subject or one.topic.subject not in there],
        subjects=_subjects(),
        follows=actions.actions(viewer, home, country=found.country, state=actions.UNFINISHED).rows,
        shown=meeting_figures.answers(seen, home, then, detail),
    ), 409 if refused else 200


def _banner(found: Meeting, then: Moment) -> str:
    """What stands above the page of a closed meeting: what is fixed for ever, and what is not; empty until then."""
    if not then.past:
        return ""
    fixed = _(
        "You see the record as it stood on {day}, at the end of the meeting. What came later is not shown, and what the"
        " meeting holds does not change any more.",
        day=day(then.day),
    )
    if not found.may_change:
        return fixed
    still = _(
        "Two things can still be done: name the action that follows a decision, and withdraw a meeting that was"
        " recorded by mistake."
    )
    return f"{fixed} {still}"


def _answer(detail: Detail) -> str:
    found = detail.meeting
    where = _("{country}, {day}.", country=found.country_name, day=day(found.held_on))
    if found.withdrawn:
        return f"{where} {_('This meeting was withdrawn.')}"
    unfollowed = sum(not (one.action_code or one.since) for one in detail.decisions)
    said = [where, _(meetings.STANDINGS[found.state]) + ".", meetings.counted(len(detail.decisions), unfollowed)]
    return " ".join(filter(None, said))


def _papers(detail: Detail) -> list[tuple[str, str]]:
    """The papers of a meeting that this app can write, as (address, name)."""
    rules = {r.rule for r in registry().routes}
    return [
        (f"/meeting/{detail.meeting.meeting_id}/{file}", _(name))
        for file, name in PAPERS.items()
        if f"/meeting/<meeting_id>/{file}" in rules
    ]


def _subjects() -> list[tuple[str, str]]:
    """What a line can be about, as (subject, words)."""
    every = sorted(house().library.indicators.values(), key=lambda i: _(i.title).casefold())
    figures = [(INDICATOR + i.code, _("Figure: {title}", title=_(i.title))) for i in every]
    return [*((subject, _(words)) for subject, words in SUBJECTS.items()), *figures]
