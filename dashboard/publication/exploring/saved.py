"""What a figure shows as a file: the lines of the release's own table, as they stand there. Never another number.

In each line stand the release and the caveat, so that neither is left behind with the page.
"""

from __future__ import annotations

import csv
import io

from dashboard.publication.exploring.view import Figure
from dashboard.publication.files import DEMO, DEMO_MEANS
from dashboard.publication.reading import Release
from dashboard.reference.cells import safe
from dashboard.reference.text import _


def as_csv(release: Release, figure: Figure) -> str:
    """The rows that `figure` shows, in the order of their file, with its own columns and then release and caveats."""
    name, places = figure.held
    header, *lines = release.lines[name]
    more = {"release": release.release_id}
    if "caveat" not in header:
        more["caveat"] = " ".join(figure.table.caveats)
    if release.demo:
        more["note"] = f"{_(DEMO)}: {_(DEMO_MEANS)}"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*header, *more])
    for place in places:
        writer.writerow([*lines[place], *(safe(value) for value in more.values())])
    return out.getvalue()


def file_name(release: Release, figure: Figure) -> str:
    """A name that says what is in it, and of which release."""
    return f"{'demo-' if release.demo else ''}{figure.name}-{release.release_id}.csv"
