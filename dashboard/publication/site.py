"""The files of a release: pages, charts and data, each a text under its name. Never asks the record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2

from dashboard.charts import coverage as coverage_chart
from dashboard.charts import members as members_chart
from dashboard.charts import svg
from dashboard.publication.contents import Contents
from dashboard.publication.files import DEMO, as_csv
from dashboard.reference import text
from dashboard.reference.table import Table
from dashboard.reference.text import _
from dashboard.reports import coverage, members, places

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def files(contents: Contents) -> dict[str, str]:
    """Every file of the folder, by its path in it (with / between); links between them are relative.

    Raises svg.NotDrawn.
    """
    covered, seated, demo = contents.covered, contents.seated, contents.demo
    bars = coverage_chart.services_by_country(covered.counts)
    seats = members_chart.seats_by_group(seated.groups)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals |= {"_": _, "day": text.day, "moment": text.moment}
    values: dict[str, Any] = {
        "demo": demo,
        "home": contents.home,
        "release_id": contents.release_id,
        "today": contents.day,
        "covered": covered,
        "seated": seated,
        "leave_url": contents.leave_url,
        "language": contents.language,
        "states": coverage.STATES,
        "meanings": coverage.STATE_MEANINGS,
        "sides": places.SIDES,
        "seats": members.SEATS,
        "lines": contents.lines,
        "period": contents.period,
        "corridors": contents.corridors,
        "style": (ASSETS / "public.css").read_text(encoding="utf-8"),
        "coverage_svg": _drawn(bars, covered.counts, covered.answer, demo),
        "seats_svg": _drawn(seats, seated.groups, seated.answer, demo),
    }
    release_id = contents.release_id
    return {
        "index.html": environment.get_template("summary.html").render(values),
        "leave.js": (ASSETS / "leave.js").read_text(encoding="utf-8"),
        "coverage.csv": as_csv(_sided(covered.matrix), coverage.STATES, demo=demo, release_id=release_id),
        "seats.csv": as_csv(seated.seats, members.SEATS, demo=demo, release_id=release_id),
    }


def _sided(matrix: Table) -> Table:
    """The matrix with the side in the title of each country's column: in a file no heading stands above it."""
    columns = []
    for column in matrix.columns:
        side = places.SIDES.get(column.name.partition(":")[0], "")
        columns.append(replace(column, title=f"{column.title} ({_(side)})") if side else column)
    return replace(matrix, columns=tuple(columns))


# Width in pixels by the class that the style shows on wide screens and paper, and on phones.
_WIDTHS = {"wide": 960, "narrow": 380}


def _drawn(figure: dict[str, Any], table: Table, reading: str, demo: bool) -> dict[str, str]:
    """One chart at each of _WIDTHS; the narrow one has room for a legend that wraps."""
    height = int(figure.get("layout", {}).get("height") or 420)
    said = {"title": f"{table.title}, {table.period}" if table.period else table.title}
    said["description"] = " ".join([reading, *table.caveats])
    if demo:
        said = {"title": f"{said['title']} ({_(DEMO)})", "description": f"{_(DEMO)}. {said['description']}"}
    return {
        name: svg.draw(figure, width=width, height=height + (80 if width < 500 else 0), **said)
        for name, width in _WIDTHS.items()
    }
