"""/submission/<id>/differences.csv: every difference between a file and the one before it. Shows none of them."""

from __future__ import annotations

from flask import Response

from dashboard.intake import submissions as door
from dashboard.reference.text import _
from dashboard.reports.preview import preview
from dashboard.web import differences
from dashboard.web.guard import current_viewer, house, route


@route("/submission/<submission_id>/differences.csv", permission="view submissions")
def differences_csv(submission_id: str) -> Response:
    """All rows that are changed, new and gone, as far as the viewer may see them."""
    viewer, home = current_viewer(), house()
    row = door.find(viewer, home, submission_id)
    if row["state"] in ("lapsed", "expunged", "withdrawn"):
        raise door.NotPossible(_("This file no longer counts."))
    found = preview(viewer, home, row, most=None)
    label = "demo-" if home.settings.demo else ""
    return Response(
        differences.as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={label}{submission_id[-12:]}-differences.csv"},
    )
