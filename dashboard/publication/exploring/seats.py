"""Who sits at the table, as released. Never names an organisation, and counts no seat: the release's summary does."""

from __future__ import annotations

from dashboard.publication.exploring import view
from dashboard.publication.exploring.view import SUMMARY, Asked, Figure, View
from dashboard.publication.reading import Release, Row
from dashboard.reference.table import Column, Status
from dashboard.reference.text import N_, _, n_

TOPIC, NAME = "seats", "seats"
FILLED, NEEDED = "filled", "needed"
QUESTION = N_("Who is at the table, country by country?")
READING = N_("Each row is a category of stakeholders; the mark says what the best seat is that it holds in a country.")


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    rows = release.rows.get(NAME, ())
    if not rows:
        return View(TOPIC, _(QUESTION), _("No member register has been released yet."), ())
    country = view.choice("country", _("Country"), view.everywhere(rows), asked)
    groups = dict.fromkeys((row["group"], row["group_name"]) for row in rows)
    group = view.choice("group", _("Stakeholders"), [("", _("All stakeholders")), *groups], asked)
    shown = [row for row in rows if country.value in ("", row["country"]) and group.value in ("", row["group"])]
    figures = [_matrix(release, shown)] if shown else []
    if not country.value and not group.value:
        figures = [*_bars(release, shown), *figures]
    return View(
        topic=TOPIC,
        question=_(QUESTION),
        answer=_answer(release, country.value),
        filters=(country, group),
        figures=tuple(figures),
        said=((SUMMARY, view.places(view.totals(release, country.value).values())),),
        note="" if shown else _("The release says nothing of this choice."),
    )


def _answer(release: Release, country: str) -> str:
    found = view.totals(release, country)
    if not view.known(found, FILLED, NEEDED):
        return _("No member register was accepted here yet.")
    filled, needed = int(found[FILLED]["value"]), int(found[NEEDED]["value"])
    return n_(
        "{place}: {count} seat is filled, {needed} of it of the categories that the guidance note asks to add for women"
        " migrant workers.",
        "{place}: {count} seats are filled, {needed} of them of the categories that the guidance note asks to add for"
        " women migrant workers.",
        filled,
        place=found[FILLED]["country_name"],
        needed=needed,
    )


def _bars(release: Release, shown: list[Row]) -> list[Figure]:
    columns = (
        Column("row", _("Country")),
        Column("value", _("Seats filled"), unit=_("seats"), numeric=True),
        Column("needed", _("Of these, categories needed for women migrant workers"), unit=_("seats"), numeric=True),
    )
    rows, held = [], list[Row]()
    for code, name in view.countries(shown):
        found = view.totals(release, code)
        if not view.known(found, FILLED, NEEDED):
            continue
        counts = {"value": found[FILLED], "needed": found[NEEDED]}
        held += counts.values()
        marks = {column: Status(row["status"]) for column, row in counts.items()}
        rows.append(([name, *(int(row["value"]) for row in counts.values())], marks))
    if not rows:
        return []
    title = _("Seats filled, by country")
    return [
        Figure(
            name="seats-filled",
            kind="bars",
            table=view.table(release, SUMMARY, title, columns, rows, release.tables[NAME].caveats),
            title=title,
            subtitle=_("Number of seats, as last registered"),
            reading=_("Each bar is the number of categories of stakeholders that have a seat and take it."),
            held=(SUMMARY, view.places(held)),
            drawn=len(rows),
        )
    ]


def _matrix(release: Release, shown: list[Row]) -> Figure:
    """Categories × countries; each cell a seat."""
    listed = view.countries(shown)
    columns = [Column("category", _("Stakeholders")), Column("group", _("Group"))]
    columns += [Column(code, name) for code, name in listed]
    cells = {(row["category"], row["country"]): row for row in shown}
    rows = []
    for category, name, group in dict.fromkeys((r["category"], r["category_name"], r["group_name"]) for r in shown):
        found = {code: cells.get((category, code)) for code, _name in listed}
        marks = {code: Status(cell["status"]) if cell else Status.NOT_REPORTED for code, cell in found.items()}
        rows.append(([name, group, *((cell["seat"] or "") if cell else "" for cell in found.values())], marks))
    title = _("Seats by category of stakeholders")
    return Figure(
        name="seats",
        kind="seats",
        table=view.table(release, NAME, title, columns, rows),
        title=title,
        subtitle=_("As last registered"),
        reading=_(READING),
        held=(NAME, view.places(shown)),
        more={"key": "category", "groups": [("", _("Country"), [code for code, _name in listed])]},
    )
