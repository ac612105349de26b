"""/actions.ics: the due dates of an organisation's actions, for a calendar. Only for whoever is signed in."""

from __future__ import annotations

from flask import Response, request
from werkzeug.exceptions import NotFound

from dashboard.reference.text import _
from dashboard.reports import action_calendar
from dashboard.web import filters
from dashboard.web.guard import current_viewer, house, route


@route("/actions.ics", permission="view actions")
def download() -> Response:
    """`?organisation=` what it leads or supports, `?country=` what its mechanism agreed; without one, the viewer's own
    organisation, and for who has none all. 404 where the viewer may see no such action."""
    viewer, home = current_viewer(), house()
    asked = {name: filters.chosen(request.args.get(name, "")) for name in ("organisation", "country")}
    if not any(asked.values()):
        asked["organisation"] = viewer.organisation_code
    text = action_calendar.calendar(viewer, home, home.settings.address, **asked)
    if not text:
        raise NotFound(_("There is no open action for this choice that you may see, so there is nothing to put down."))
    name = "".join(
        c for c in asked["organisation"] or asked["country"] or "all" if c.isascii() and c.isalnum() or c == "-"
    )
    label = "demo-" if home.settings.demo else ""
    headers = {"Content-Disposition": f'attachment; filename="{label}actions-{name}.ics"'}
    return Response(text, mimetype="text/calendar", headers=headers)
