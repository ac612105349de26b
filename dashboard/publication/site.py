"""The files of a release: pages, charts and data, each a text under its name. Never asks the record.

Every link between them is relative, so the folder can be copied to any host, or be read from a disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jinja2

from dashboard.charts import contacts as contacts_chart
from dashboard.charts import coverage as coverage_chart
from dashboard.charts import resourcing as resourcing_chart
from dashboard.charts import sheet, svg
from dashboard.publication import absence, counts, open_data, package, resource, summary
from dashboard.publication.contents import Contents
from dashboard.publication.files import DEMO, DEMO_MEANS, as_rectangle
from dashboard.reference import text
from dashboard.reference.table import STATUS_WORDS, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import coverage, members, places
from dashboard.reports.resourcing import AMOUNTS

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PAGES = {
    "index.html": N_("Summary"),
    "explore.html": N_("Explore the figures"),
    "data/index.html": N_("Open data"),
    "data/methodology.html": N_("How it is made"),
    "data/changelog.html": N_("Releases"),
    "dictionary.html": N_("What the words mean"),
    "sign-in.html": N_("Sign in (members)"),
}
ELSEWHERE = ("explore", "dictionary", "sign-in")
"""What is only where the dashboard runs: there the file of this name leads to it, in a copy it says so."""
STATUS_MEANINGS = {
    Status.VALUE: (N_("value"), N_("The number as it was counted.")),
    Status.ZERO: (N_("zero"), N_("It was counted, and there was none.")),
    Status.SUPPRESSED: (STATUS_WORDS[Status.SUPPRESSED], N_("There is a number, perhaps 0, and it is not published.")),
    Status.REVISION_PENDING: (
        STATUS_WORDS[Status.REVISION_PENDING],
        N_("A correction came in; the former number stays until the new one can be published safely."),
    ),
    Status.NOT_REPORTED: (STATUS_WORDS[Status.NOT_REPORTED], N_("No report was received. It does not mean 0.")),
    Status.NOT_VERIFIED: (
        STATUS_WORDS[Status.NOT_VERIFIED],
        N_("Reports contradict each other, or nobody has compared it with its source yet."),
    ),
    Status.NOT_APPLICABLE: (STATUS_WORDS[Status.NOT_APPLICABLE], N_("For this quarter nothing was due.")),
}
# By the class that the style shows on wide screens and paper, and on phones: the width in pixels, how many letters go
# into a line, and how much higher it is so that a legend has room to wrap.
_WIDTHS = {"wide": (960, 118, 0), "narrow": (380, 46, 80)}


@dataclass(frozen=True)
class Chart:
    """A chart of the summary: what it is called, what it says, its unit and period, and the drawing at each width."""

    name: str
    title: str
    finding: str
    subtitle: str
    notes: tuple[str, ...]
    drawn: dict[str, str] = field(repr=False)


def files(contents: Contents) -> dict[str, str]:
    """Every file of the folder, by its path in it (with / between). Raises svg.NotDrawn."""
    charts = _charts(contents)
    listed = open_data.resources(contents)
    data = resource.files(listed)
    demo, release_id = contents.demo, contents.release_id
    sided = _sided(contents.covered.matrix)
    return {
        "index.html": _page(contents, "index.html", "summary.html", _summary(contents, charts)),
        "leave.js": (ASSETS / "leave.js").read_text(encoding="utf-8"),
        "coverage.csv": as_rectangle(sided, coverage.STATES, demo=demo, release_id=release_id),
        "seats.csv": as_rectangle(contents.seated.seats, members.SEATS, demo=demo, release_id=release_id),
        **{f"charts/{name}.svg": _sheet(chart) for name, chart in charts.items()},
        **data,
        package.PATH: package.package(contents, listed, data),
        "data/index.html": _page(
            contents, "data/index.html", "data.html", {"resources": listed, "charts": charts, "hxl": resource.HXL}
        ),
        "data/methodology.html": _page(
            contents,
            "data/methodology.html",
            "methodology.html",
            {
                "statuses": {str(s): (_(words), _(said)) for s, (words, said) in STATUS_MEANINGS.items()},
                "awaited": summary.awaited(contents),
            },
        ),
        "data/changelog.html": _page(contents, "data/changelog.html", "changelog.html", {}),
        **{f"{name}.html": _page(contents, f"{name}.html", "elsewhere.html", {"path": name}) for name in ELSEWHERE},
    }


_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_environment.globals |= {
    "_": _,
    "n_": text.n_,
    "day": text.day,
    "number": text.number,
    "percent": text.percent,
}


def _page(contents: Contents, name: str, template: str, values: dict[str, Any]) -> str:
    title = _(PAGES[name])
    if name == "index.html":
        title = f"{_('What is in place for women migrant workers?')} {contents.period}"
    address = f"{contents.home}/release/{contents.release_id}/" if contents.home else ""
    return _environment.get_template(template).render(
        {
            "contents": contents,
            "programme": contents.library.programme,
            "demo": contents.demo,
            "home": contents.home,
            "language": contents.language,
            "leave_url": contents.leave_url,
            "period": contents.period,
            "title": title,
            "here": name,
            "up": "../" * name.count("/"),
            "pages": PAGES,
            "style": (ASSETS / "public.css").read_text(encoding="utf-8"),
            "address": address,
            "published": summary.published(contents),
            "next_release": summary.next_release(contents),
            "cite": _(
                "{name}, What is in place for women migrant workers, {period}, release {release}, {day}.",
                name=_(contents.library.programme.name),
                period=contents.period,
                release=contents.release_id,
                day=text.day(contents.day),
            ),
        }
        | values
    )


def _summary(contents: Contents, charts: dict[str, Chart]) -> dict[str, Any]:
    """What the front page says besides what every page does."""
    rows, library = contents.contacts, contents.library
    sectors = counts.by_sector(rows, library, contents.as_of)
    surveys = summary.surveys(contents)
    caveats = [s.table.caveats[0] for s in contents.indicators if s.indicator.kind == "survey" and s.table.caveats]
    return {
        "lines": contents.lines,
        "points": summary.in_short(contents),
        "corridors": summary.corridors(contents),
        "covered": contents.covered,
        "states": coverage.STATES,
        "sides": places.SIDES,
        "charts": charts,
        "plan_said": summary.plan(contents),
        "money": contents.money.table,
        "amounts": AMOUNTS,
        "targets_said": summary.targets(contents),
        "measured": summary.measured(contents),
        "surveys": surveys,
        "survey_caveat": caveats[0] if caveats else "",
        "contacts_said": summary.contacts_said(contents),
        "awaited": summary.awaited(contents),
        "sectors": sectors,
        "absent": {s: _(said) for s, said in absence.MEANS.items() if s in sectors.statuses.to_numpy()},
        "status_words": {status: _(words) for status, words in STATUS_WORDS.items()},
        "keys": counts.keys(rows, sectors),
        "seats_said": summary.seats(contents),
        "by_country": summary.by_country(contents),
        "needed": len(summary.needed(contents)),
        "unknown": summary.unknown(contents),
    }


def _charts(contents: Contents) -> dict[str, Chart]:
    """The charts of the summary, by name; one that has nothing to draw is left out."""
    covered, money = contents.covered, contents.money
    found = [
        _chart(
            contents,
            "services",
            covered.counts,
            covered.finding,
            _("services, by what was reported"),
            lambda _line: coverage_chart.services_by_country(covered.counts),
        )
    ]
    if not money.table.frame.empty:
        found.append(
            _chart(
                contents,
                "resourcing",
                replace(money.table, title=_("How much of the plan's cost was found and used")),
                money.finding,
                _("% of the cost of the budget lines"),
                lambda _line: resourcing_chart.shares_of_cost(money.table),
            )
        )
    if not contents.contacts.empty:
        table = counts.by_place(contents.contacts, contents.library, contents.as_of)
        table = replace(table, caveats=summary.contact_caveats(contents))
        found.append(
            _chart(
                contents,
                "contacts",
                table,
                counts.finding(table),
                _("contacts, by the country that counted"),
                lambda line: contacts_chart.by_place(table, line=line),
            )
        )
    return {chart.name: chart for chart in found}


def _chart(
    contents: Contents, name: str, table: Table, finding: str, unit: str, draw: Callable[[int], dict[str, Any]]
) -> Chart:
    """A chart at each of _WIDTHS; `draw` gets how many letters go into a line of it."""
    title = f"{table.title}, {table.period}" if table.period else table.title
    demo = f"{_(DEMO)}: {_(DEMO_MEANS)}" if contents.demo else ""
    words = {
        "title": f"{title} ({_(DEMO)})" if contents.demo else title,
        "description": " ".join(said for said in (demo, f"{finding}.", *table.caveats) if said),
    }
    drawn = {}
    for size, (width, line, more) in _WIDTHS.items():
        figure = draw(line)
        height = int(figure["layout"]["height"]) + (more if figure["layout"]["showlegend"] else 0)
        drawn[size] = svg.draw(figure, width=width, height=height, **words)
    source = _("Source: {source}. Release {release}.", source=table.source, release=contents.release_id)
    notes = tuple(said for said in (*table.caveats, source, demo) if said)
    return Chart(name, title, finding, unit, notes, drawn)


def _sheet(chart: Chart) -> str:
    return sheet.sheet(
        chart.drawn["wide"], title=chart.finding, subtitle=f"{chart.title}: {chart.subtitle}", notes=chart.notes
    )


def _sided(matrix: Table) -> Table:
    """The matrix with the side in the title of each country's column: in a file no heading stands above it."""
    columns = []
    for column in matrix.columns:
        side = places.SIDES.get(column.name.partition(":")[0], "")
        columns.append(replace(column, title=f"{column.title} ({_(side)})") if side else column)
    return replace(matrix, columns=tuple(columns))
