"""/submission/<id>/rows, rows.csv, remarks.csv and receipt.txt: what stands in a file, and what to keep of it."""

from __future__ import annotations

import csv
import io

from flask import Response

from dashboard.intake import receipt, remarks
from dashboard.intake import submissions as door
from dashboard.reference import periods
from dashboard.reference.cells import safe
from dashboard.reference.text import _
from dashboard.reports import submissions
from dashboard.web import plain
from dashboard.web.guard import current_viewer, house, route

SHOWN = 200
"""So many rows the page shows; the download has all of them."""


@route("/submission/<submission_id>/rows", permission="view submissions")
def rows(submission_id: str) -> str:
    """The rows of one version as a table, in plain HTML."""
    viewer, home = current_viewer(), house()
    found = submissions.rows(viewer, home, submission_id)
    return plain.render(
        "rows.html",
        title=_("Rows of a file"),
        found=found,
        shown=found.cells[:SHOWN],
        dataset=submissions.title(home, found.row["dataset"]),
        quarter=periods.parse(found.row["period"]).label,
        state=_(door.STATES[found.row["state"]]),
    )


@route("/submission/<submission_id>/rows.csv", permission="view submissions")
def rows_csv(submission_id: str) -> Response:
    """All rows that the viewer may see, as CSV."""
    found = submissions.rows(current_viewer(), house(), submission_id)
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that the letters are UTF-8
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(found.header)
    writer.writerows([safe(cell) for cell in cells] for _number, cells in found.cells)
    return _download(out.getvalue(), "text/csv", "rows.csv", submission_id)


@route("/submission/<submission_id>/remarks.csv", permission="view submissions")
def remarks_csv(submission_id: str) -> Response:
    """The rows with a column of the reviewers' comments, each row where the spreadsheet had it."""
    text = remarks.as_csv(current_viewer(), house(), submission_id)
    return _download(text, "text/csv", "remarks.csv", submission_id)


@route("/submission/<submission_id>/receipt.txt", permission="view submissions")
def receipt_text(submission_id: str) -> Response:
    """The receipt, to keep and to print."""
    text = receipt.receipt(current_viewer(), house(), submission_id)
    return _download(text, "text/plain", "receipt.txt", submission_id)


def _download(text: str, kind: str, name: str, submission_id: str) -> Response:
    label = "demo-" if house().settings.demo else ""
    headers = {"Content-Disposition": f"attachment; filename={label}{submission_id[-12:]}-{name}"}
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=headers)
