"""/dictionary: what do the words and columns mean? Plain HTML, for everybody."""

from __future__ import annotations

from dashboard.reference.text import N_, _
from dashboard.reports import dictionary, requirements
from dashboard.web import plain
from dashboard.web.guard import current_viewer, house, route, serving


@route("/dictionary", permission="read dictionary", nav=N_("Dictionary"), order=90, requirements=("R7", "R11"))
def show() -> str:
    """The dictionary of what this deployment runs on."""
    return plain.render(
        "dictionary.html",
        title=_("Dictionary"),
        d=dictionary.dictionary(current_viewer(), house()),
        r=requirements.places(current_viewer(), house(), serving()),
    )
