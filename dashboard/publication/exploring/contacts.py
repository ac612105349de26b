"""Reported contacts by country, sector, service, country of origin and time, as released. Never adds up, never judges.

What is compared decides which choices are left: services and origins are never crossed, for a release says nothing so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.publication.exploring import statistics, view
from dashboard.publication.exploring.statistics import ALL, NAME, Key, Part
from dashboard.publication.exploring.view import Asked, Figure, Filter, Option, View
from dashboard.publication.reading import TOTAL, Release, Row
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_

TOPIC = "contacts"


@dataclass(frozen=True)
class Way:
    """One way to compare: what it is called, its question, its figure's title, its rows, and all of them together."""

    title: str
    question: str
    figure: str
    row: str
    together: str = ""


WAYS = {
    "country": Way(
        N_("Countries"),
        N_("How many contacts with services were reported, country by country?"),
        N_("Reported contacts by country: {scope}"),
        N_("Country"),
        N_("All countries"),
    ),
    "sector": Way(
        N_("Sectors"),
        N_("How many contacts with services were reported, sector by sector?"),
        N_("Reported contacts by sector: {scope}"),
        N_("Sector"),
        N_("All sectors"),
    ),
    "service": Way(
        N_("Services"),
        N_("How many contacts with services were reported, service by service?"),
        N_("Reported contacts by service: {scope}"),
        N_("Service"),
        N_("All services"),
    ),
    "origin": Way(
        N_("Countries of origin"),
        N_("How many contacts with services were reported, by where the women came from?"),
        N_("Reported contacts by country of origin: {scope}"),
        N_("Country of origin"),
        N_("All countries of origin"),
    ),
    "quarter": Way(
        N_("Quarters"),
        N_("How many contacts with services were reported, quarter by quarter?"),
        N_("Reported contacts by quarter: {scope}"),
        N_("Quarter"),
    ),
    "year": Way(
        N_("Years"),
        N_("How many contacts with services were reported, year by year?"),
        N_("Reported contacts by year: {scope}"),
        N_("Year"),
    ),
}
READINGS = {
    Status.VALUE: N_("Each bar is a number of contacts that were reported."),
    Status.SUPPRESSED: N_(
        "A hatched stub stands where the number is hidden to protect people; it is as long for every number."
    ),
    Status.REVISION_PENDING: N_("A lighter bar is a number that is being corrected."),
    Status.NOT_REPORTED: N_("“Not reported” is where no report was received, which does not mean 0."),
    Status.NO_COUNT: N_(
        "“No count” is where reports were received and none has a count of this kind, which does not mean 0."
    ),
    Status.NO_YEAR: N_("“No total” is where not all four quarters were reported."),
}
"""What is said of a chart for each status that stands in it."""


SILENT = {
    Status.NOT_REPORTED: N_("{scope}: no report was received, which does not mean 0."),
    Status.NO_COUNT: N_("{scope}: reports were received, but none has such a count, which does not mean 0."),
    Status.NO_YEAR: N_("{scope}: no total of the year is given; it is once all four quarters were reported."),
}


@dataclass(frozen=True)
class _Chosen:
    """What is looked at: how it is compared, where, when, and which contacts. TOTAL and "" stand for all."""

    by: str
    country: str
    period: str
    part: Part
    filters: tuple[Filter, ...]


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    if not statistics.cells(release):
        return View(
            TOPIC,
            _(WAYS["country"].question),
            _("No count of contacts has been released yet."),
            (),
            note=_("Counts are published only after they have been protected so that nobody can be recognised."),
        )
    chosen = _chosen(release, asked)
    keys, whole = _keys(release, chosen)
    way, cells = WAYS[chosen.by], statistics.cells(release)
    scope = statistics.scope(release, chosen.country, chosen.part, view.quarter(chosen.period) if chosen.period else "")
    figures = (_figure(release, chosen, way, scope, keys, whole),) if keys else ()
    return View(
        topic=TOPIC,
        question=_(way.question),
        answer=counted(
            statistics.scope(release, whole[0], chosen.part, view.quarter(whole[4])),
            cells.get(whole),
            statistics.status(release, whole),
        ),
        filters=chosen.filters,
        figures=figures,
        said=((NAME, view.places([cells[whole]] if whole in cells else [])),),
        caveat=release.caveat,
        note="" if keys else _("The release says nothing of this choice."),
    )


def counted(scope: str, cell: Row | None, status: Status) -> str:
    """What one statistic says, as a sentence, or why the release does not have it."""
    if cell is None or status in SILENT:
        return _(SILENT[status], scope=scope)
    if status == Status.SUPPRESSED:
        return _("{scope}: how many contacts were reported is hidden to protect people.", scope=scope)
    count = int(cell["contacts"])
    told = n_("{scope}: {count} contact was reported.", "{scope}: {count} contacts were reported.", count, scope=scope)
    if status == Status.REVISION_PENDING:
        return f"{told} {_('A correction came in since; it is shown when it can be published safely.')}"
    return told


def _chosen(release: Release, asked: Asked) -> _Chosen:
    when = statistics.periods(release)
    years = any("-Q" not in period for period in when)
    by = view.choice("by", _("Compare"), [(n, _(w.title)) for n, w in WAYS.items() if n != "year" or years], asked)
    filters: list[Filter] = [by]

    def choose(name: str, label: str, options: list[Option]) -> str:
        filters.append(view.choice(name, label, options, asked))
        return filters[-1].value

    country, period, part = TOTAL, "", ALL
    if by.value != "country":
        country = choose("country", _("Country"), view.everywhere(release.rows[NAME])) or TOTAL
    if by.value not in ("quarter", "year"):
        period = choose("period", _("Period"), [(p, view.quarter(p)) for p in when])
    if by.value in ("country", "quarter", "year"):
        part = statistics.chosen(release, choose("only", _("Which contacts"), statistics.options(release)))
    if by.value == "service":
        listed = [(s, statistics.sector_name(release, s)) for s in statistics.sectors(release)]
        part = (choose("sector", _("Sector"), [("", _("All sectors")), *listed]) or TOTAL, TOTAL, TOTAL)
    return _Chosen(by.value, country, period, part, tuple(filters))


def _keys(release: Release, chosen: _Chosen) -> tuple[list[tuple[str, Key]], Key]:
    """The statistics of a view, each with the words of its row, and the one that is all of them (or the newest)."""
    held, by = statistics.cells(release), chosen.by
    country, period, part = chosen.country, chosen.period, chosen.part
    if by == "country":
        named = [(code, name) for code, name in view.countries(release.rows[NAME])]
        return [(name, (code, *part, period)) for code, name in named], (TOTAL, *part, period)
    if by in ("quarter", "year"):
        when = [p for p in reversed(statistics.periods(release)) if ("-Q" in p) == (by == "quarter")]
        return [(view.quarter(p) if by == "quarter" else p, (country, *part, p)) for p in when], (
            country,
            *part,
            when[-1],
        )
    whole: Key = (country, *part, period)
    found: list[tuple[str, Key]] = []
    for other in statistics.parts(release):
        sector, service, origin = other
        if by == "sector" and sector != TOTAL and service == TOTAL:
            found.append((statistics.sector_name(release, sector), (country, *other, period)))
        if by == "service" and service != TOTAL and part[0] in (TOTAL, sector) and (country, *other, period) in held:
            found.append((statistics.service_name(release, sector, service), (country, *other, period)))
        if by == "origin" and origin != TOTAL and (country, *other, period) in held:
            found.append((statistics.country_name(release, origin), (country, *other, period)))
    return found, whole


def _figure(release: Release, chosen: _Chosen, way: Way, scope: str, keys: list[tuple[str, Key]], whole: Key) -> Figure:
    cells = statistics.cells(release)
    lines = [*keys, *([(_(way.together), whole)] if way.together else [])]
    made = _table(
        release,
        chosen.by,
        way,
        _(way.figure, scope=scope),
        [(label, cells.get(key), statistics.status(release, key)) for label, key in lines],
    )
    return Figure(
        name="contacts",
        kind="contacts",
        table=made,
        title=made.title,
        subtitle=_("Number of contacts, which is not the number of women"),
        reading=" ".join(
            _(said) for status, said in READINGS.items() if status in {Status.VALUE, *made.statuses["contacts"]}
        ),
        held=(NAME, view.places(cells[key] for _label, key in lines if key in cells)),
        drawn=len(keys),
        more={"keys": ["|".join(key) if key in cells else "" for _label, key in lines]},
    )


def _table(release: Release, by: str, way: Way, title: str, lines: list[tuple[str, Row | None, Status]]) -> Table:
    columns = [Column("row", _(way.row)), Column("contacts", _("Contacts"), numeric=True)]
    if by == "service":
        columns.insert(1, Column("sector", _("Sector")))
    rows = []
    for label, cell, status in lines:
        values: list[Any] = [label, int(cell["contacts"]) if cell and cell["contacts"] is not None else None]
        if by == "service":
            values.insert(
                1, statistics.sector_name(release, cell["sector"]) if cell and cell["sector"] != TOTAL else ""
            )
        rows.append((values, {"contacts": status}))
    return view.table(release, NAME, title, columns, rows)
