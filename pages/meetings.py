"""/meetings: when do we meet, what did we decide, and which decision does no action follow?"""

from __future__ import annotations

from typing import Any

from flask import redirect, request

from dashboard.coordination import meetings as door
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.reference.text import N_, _
from dashboard.reports import decisions, meetings, proposals
from dashboard.web import meeting_steps, plain
from dashboard.web.guard import current_viewer, house, route

SHOWN, DECIDED = 12, 10
"""So many meetings are listed at once, and so many decisions that an action follows; the rest folds, or is on the pages
of the meetings."""


@route(
    "/meetings", permission="view actions", nav=N_("Meetings"), order=16, requirements=("R43", "R110", "R124", "R130")
)
def show() -> tuple[str, int]:
    """The meetings of a country or of all, the decisions, and the form to plan a meeting."""
    return _page(request.args.get("country", ""))


@route("/meetings", permission="change actions", methods=("POST",))
def plan() -> Any:
    """Plan a meeting, and go to its page; what does not fit is said above the form, with what was typed still in it."""
    viewer, home = current_viewer(), house()
    country = request.form.get("country", "")
    try:
        held_on = meeting_steps.day(request.form.get("held_on", ""))
        if held_on is None:
            raise NotPossible(_("Choose the day of the meeting."))
        policy.require(viewer, "change actions", country=country)
        offered = proposals.proposals(viewer, home, country)
        ticked = {*request.form.getlist("topic")}
        if ticked - {one.key for one in offered}:
            raise NotPossible(
                _(
                    "What needs attention changed after your page was loaded: a line that you chose is not proposed any"
                    " more. The list below is new; look at what is ticked, and plan the meeting again."
                )
            )
        meeting_id = door.prepare(
            viewer,
            home,
            country=country,
            title=request.form.get("title", ""),
            held_on=held_on,
            topics=[one.topic for one in offered if one.key in ticked],
        )
    except NotPossible as error:
        return _page(country, str(error), 409)
    return redirect(f"/meeting/{meeting_id}", 303)


def _page(country: str, error: str = "", status: int = 200) -> tuple[str, int]:
    viewer, home = current_viewer(), house()
    every = meetings.meetings(viewer, home)
    countries = sorted({(m.country, m.country_name) for m in every}, key=lambda pair: pair[1].casefold())
    found = [m for m in every if country in ("", m.country)]
    decided = decisions.decisions(viewer, home, country=country)
    capped = "enforcement" in viewer.caps
    none = _("No meeting is shown to you here.") if capped else _("No meeting is recorded for this choice.")
    followed = [one for one in decided if one.action_code or one.since]
    return plain.render(
        "meetings.html",
        title=_("Meetings"),
        answer=meetings.answer(tuple(found)) or none,
        none=none,
        found=found,
        shown=SHOWN,
        standings=meetings.STANDINGS,
        open_decisions=[one for one in decided if not (one.action_code or one.since)],
        decided=followed[:DECIDED],
        more=max(0, len(followed) - DECIDED),
        country=country,
        countries=countries,
        plan=_planning(viewer, country),
        capped=capped,
        today=viewer.today,
        error=error,
        values=request.form,
    ), status


def _planning(viewer: Viewer, country: str) -> dict[str, Any] | None:
    """What the form to plan a meeting offers to who may; of several countries one has to be chosen first."""
    home = house()
    known = sorted((c.code, _(c.title)) for c in home.library.codes["countries"].codes)
    own = [(code, name) for code, name in known if policy.may(viewer, "change actions", country=code).allowed]
    if not own:
        return None
    typed = request.form
    chosen = country if country in dict(own) else own[0][0] if len(own) == 1 else ""
    offered = proposals.proposals(viewer, home, chosen) if chosen else ()
    ticked = [one for one in offered if (one.key in typed.getlist("topic") if typed else one.usual)]
    return {
        "countries": own,
        "country": chosen,
        "country_name": dict(own).get(chosen, ""),
        "title": _("Meeting of the committee"),
        "proposals": offered,
        "ticked": {one.key for one in ticked},
        "minutes": sum(one.topic.minutes for one in ticked),
    }
