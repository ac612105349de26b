"""/guide/<dataset>: how do I fill in this dataset? One page to print, plain HTML, for everybody."""

from __future__ import annotations

from flask import Response, abort

from dashboard.intake import templates
from dashboard.reference.text import _
from dashboard.reports import guide
from dashboard.web import plain
from dashboard.web.guard import current_viewer, house, route


@route("/guide/<dataset>", permission="read dictionary")
def show(dataset: str) -> str:
    """The guide to a dataset. 404 where there is none of this name."""
    try:
        found = guide.guide(current_viewer(), house(), dataset)
    except guide.NoSuchDataset:
        abort(404)
    return plain.render("guide.html", title=_("How to fill in “{title}”", title=_(found.contract.title)), g=found)


@route("/guide/<dataset>.csv", permission="read dictionary")
def example(dataset: str) -> Response:
    """The example of a dataset as a file."""
    try:
        text = guide.example(current_viewer(), house(), dataset)
    except guide.NoSuchDataset:
        abort(404)
    name = templates.filename(house(), dataset, "example")
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"})
