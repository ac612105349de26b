"""Which services exist on which side of a corridor, as released. Never counts a state: the release's summary does."""

from __future__ import annotations

from dashboard.publication.exploring import view
from dashboard.publication.exploring.view import SUMMARY, Asked, Figure, View
from dashboard.publication.reading import Release, Row
from dashboard.reference.table import Column, Status
from dashboard.reference.text import N_, _, n_

TOPIC, NAME = "services", "coverage"
OPEN, SILENT = "open", "silent"
QUESTION = N_("Which services exist on which side of a corridor, and are they open to migrant women?")
READING = N_("A service counts as what the best provider that reported offers. An open dot: nobody reported on it.")
BARS = N_(
    "Each bar is the number of services that are reported as open whatever the status. Where nobody reported, a service"
    " may still exist."
)


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    rows = release.rows.get(NAME, ())
    if not rows:
        return View(TOPIC, _(QUESTION), _("No coverage has been released yet."), ())
    sides = [side for side in ("origin", "destination") if any(side in _sides(row) for row in rows)]
    country = view.choice("country", _("Country"), view.everywhere(rows), asked)
    side = view.choice(
        "side", _("Side"), [("", _("Both sides")), *((s, release.named("sides", s)) for s in sides)], asked
    )
    sectors = dict.fromkeys((row["sector"], row["sector_name"]) for row in rows if row["sector"])
    sector = view.choice("sector", _("Sector"), [("", _("All sectors")), *sectors], asked)
    shown = [
        row
        for row in rows
        if country.value in ("", row["country"])
        and (not side.value or side.value in _sides(row))
        and sector.value in ("", row["sector"])
    ]
    on = [s for s in sides if side.value in ("", s)]
    figures = [_matrix(release, shown, on)] if shown else []
    if not country.value and not sector.value:
        figures = [*_bars(release, shown, on), *figures]
    return View(
        topic=TOPIC,
        question=_(QUESTION),
        answer=_answer(release, country.value),
        filters=(country, side, sector),
        figures=tuple(figures),
        said=((SUMMARY, view.places(view.totals(release, country.value).values())),),
        note="" if shown else _("No service was reported on for this choice."),
    )


def _sides(row: Row) -> list[str]:
    return str(row["sides"]).split("|")


def _answer(release: Release, country: str) -> str:
    found = view.totals(release, country)
    if not view.known(found, OPEN, SILENT):
        return _("Nobody has reported on services here yet.")
    where = found[OPEN]["country_name"]
    opened, silent = int(found[OPEN]["value"]), int(found[SILENT]["value"])
    return " ".join(
        [
            n_(
                "{place}: {count} service is reported as open to women migrant workers whatever their status.",
                "{place}: {count} services are reported as open to women migrant workers whatever their status.",
                opened,
                place=where,
            ),
            n_("On {count} nobody has reported.", "On {count} nobody has reported.", silent),
        ]
    )


def _bars(release: Release, shown: list[Row], sides: list[str]) -> list[Figure]:
    """How many services each country has open, by side: the counts of the summary."""
    columns = (
        Column("side", _("Side")),
        Column("row", _("Country")),
        Column("value", _("Open whatever the status"), unit=_("services"), numeric=True),
        Column("silent", _("Nobody reported"), unit=_("services"), numeric=True),
    )
    rows, held = [], list[Row]()
    for side in sides:
        for code, name in view.countries(row for row in shown if side in _sides(row)):
            found = view.totals(release, code)
            if not view.known(found, OPEN, SILENT):
                continue
            counts = {"value": found[OPEN], "silent": found[SILENT]}
            held += counts.values()
            values = [release.named("sides", side), name, *(int(row["value"]) for row in counts.values())]
            rows.append((values, {column: Status(row["status"]) for column, row in counts.items()}))
    if not rows:
        return []
    title = _("Services open whatever the status, by country")
    made = view.table(release, SUMMARY, title, columns, rows, release.tables[NAME].caveats)
    return [
        Figure(
            name="services-open",
            kind="bars",
            table=made,
            title=title,
            subtitle=_("Number of services, {period}", period=_period(shown)),
            reading=_(BARS),
            held=(SUMMARY, view.places(held)),
            drawn=len(rows),
            more={"group": "side", "groups": {release.named("sides", side): side for side in sides}},
        )
    ]


def _matrix(release: Release, shown: list[Row], sides: list[str]) -> Figure:
    """Services × countries, the sides apart; each cell a state."""
    groups = [
        (side, release.named("sides", side), view.countries(row for row in shown if side in _sides(row)))
        for side in sides
    ]
    columns = [Column("service", _("Service")), Column("sector", _("Sector"))]
    columns += [Column(f"{side}:{code}", name) for side, _words, listed in groups for code, name in listed]
    cells = {(row["service"], row["country"]): row for row in shown}
    rows = []
    for service, name, sector in dict.fromkeys((r["service"], r["service_name"], r["sector_name"]) for r in shown):
        found = {
            f"{side}:{code}": cells.get((service, code)) for side, _words, listed in groups for code, _name in listed
        }
        marks = {column: Status(cell["status"]) if cell else Status.NOT_REPORTED for column, cell in found.items()}
        rows.append(([name, sector, *((cell["state"] or "") if cell else "" for cell in found.values())], marks))
    title = _("Services by country: {period}", period=_period(shown))
    return Figure(
        name="services",
        kind="coverage",
        table=view.table(release, NAME, title, columns, rows),
        title=title,
        subtitle=_("What was reported of each service, {period}", period=_period(shown)),
        reading=_(READING),
        held=(NAME, view.places(shown)),
        more={
            "key": "service",
            "groups": [(side, words, [f"{side}:{code}" for code, _n in listed]) for side, words, listed in groups],
        },
    )


def _period(rows: list[Row]) -> str:
    return view.quarter(max(row["period"] for row in rows))
