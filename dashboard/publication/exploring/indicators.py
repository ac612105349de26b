"""Indicators against what was agreed, as released, surveys among them. Never two of them on one scale, never a contact.

A value is shown rounded as everywhere in the house: to one decimal place, to two below one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.publication.exploring import view
from dashboard.publication.exploring.view import Asked, Figure, View
from dashboard.publication.reading import Release, Row
from dashboard.reference.indicators import DIRECTIONS, KIND_WORDS, Indicator, figure_words, value_words
from dashboard.reference.table import Column, Status
from dashboard.reference.text import N_, _

TOPIC = "indicators"
TABLES = ("indicators", "surveys")
QUESTIONS = {
    "quarter": N_("{name}: how does it stand against what was agreed?"),
    "country": N_("{name}: how does it stand, country by country?"),
}
BY = {"quarter": N_("Quarters of a country"), "country": N_("Countries in a quarter")}
COURSE = N_(
    "The line is what was measured, quarter by quarter; it is broken where there is no value. Open diamonds are what"
    " was agreed, the dashed line is where the plan ends."
)
BARS = N_(
    "Each bar is a country's value. Each country measures itself: a value says nothing of another country's plan."
)


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    every = [(name, row) for name in TABLES for row in release.rows.get(name, ())]
    if not every:
        return View(TOPIC, _("How do the indicators stand?"), _("No indicator has been released yet."), ())
    listed = {row["indicator"]: _named(row) for _name, row in every}
    indicator = view.choice("indicator", _("Indicator"), list(listed.items()), asked)
    by = view.choice("by", _("Compare"), [(name, _(title)) for name, title in BY.items()], asked)
    name = next(name for name, row in every if row["indicator"] == indicator.value)
    rows = [row for row in release.rows[name] if row["indicator"] == indicator.value]
    if by.value == "quarter":
        place = view.choice("country", _("Country"), view.countries(rows), asked)
        shown = [row for row in rows if row["country"] == place.value]
        filters, figure, answer = (indicator, by, place), _course(release, name, shown), _now(shown)
    else:
        when = sorted({row["period"] for row in rows if _has(row)} or {row["period"] for row in rows}, reverse=True)
        period = view.choice("period", _("Quarter"), [(p, view.quarter(p)) for p in when], asked)
        shown = [row for row in rows if row["period"] == period.value]
        filters, figure, answer = (indicator, by, period), _bars(release, name, shown), _each(shown)
    return View(
        topic=TOPIC,
        question=_(QUESTIONS[by.value], name=rows[0]["indicator_name"]),
        answer=answer,
        filters=filters,
        figures=(figure,),
        caveat=next((row["caveat"] for row in reversed(shown) if _has(row)), shown[-1]["caveat"]),
    )


def meaning(row: Row) -> Indicator:
    """What the release says of the indicator of a row."""
    return Indicator(
        code=row["indicator"],
        title=row["indicator_name"],
        kind=row["kind"],
        unit_measure=row["unit"],
        desired_direction=row["desired_direction"],
        definition="",
        owner="",
        next_review=date.min,
    )


def _named(row: Row) -> str:
    return _("{name} ({kind})", name=row["indicator_name"], kind=_(KIND_WORDS.get(str(row["kind"]), "")).lower())


def _has(row: Row) -> bool:
    return row["value"] is not None


def _told(row: Row, name: str = "value") -> str:
    return value_words(meaning(row), row[name]) if row[name] is not None else ""


def _now(shown: list[Row]) -> str:
    """The newest value of a country, and what was agreed for the end of the plan."""
    known = [row for row in shown if _has(row)]
    place = shown[0]["country_name"]
    if not known:
        return _("{place}: no value yet.", place=place)
    newest = known[-1]
    quarter = view.quarter(newest["period"])
    told = _("{place}, {quarter}: {value}.", place=place, quarter=quarter, value=_told(newest))
    if newest["target"] is None or not meaning(newest).directed:
        return told
    agreed = _(
        "The target is {goal} by {quarter}.",
        goal=_told(newest, "target"),
        quarter=view.quarter(newest["target_period"]),
    )
    return f"{told} {agreed}"


def _each(shown: list[Row]) -> str:
    """The values of a quarter, country by country."""
    known = [
        _("{place} {value}", place=row["country_name"], value=_told(row))
        for row in sorted(shown, key=_by_name)
        if _has(row)
    ]
    quarter = view.quarter(shown[0]["period"])
    if not known:
        return _("{quarter}: no value.", quarter=quarter)
    return _("{quarter}: {values}.", quarter=quarter, values="; ".join(known))


def _by_name(row: Row) -> str:
    return str(row["country_name"]).casefold()


def _columns(row: Row, first: Column) -> list[Column]:
    """The columns that a table of this indicator needs: parts where it is a share, goals where it has a direction."""
    unit = "" if row["unit"].startswith("yes/") else row["unit"]
    columns = [first, Column("value", _("Value"), unit=unit, numeric=True)]
    if meaning(row).share:
        columns += [Column("numerator", _("Part"), numeric=True), Column("denominator", _("Of"), numeric=True)]
    if meaning(row).directed:
        columns += [Column("milestone", _("Milestone"), unit=unit, numeric=True)]
        columns += [Column("target", _("Target"), unit=unit, numeric=True), Column("due", _("Target due"))]
    return columns


def _line(row: Row, columns: list[Column], label: str) -> tuple[list[Any], dict[str, Status]]:
    """A row of the table, its numbers as they are read everywhere."""
    due = row["target_period"]
    held = {**row, columns[0].name: label, "due": view.quarter(due) if due else ""}
    return [_written(row, held[column.name]) for column in columns], {"value": Status(row["status"])}


def _written(row: Row, value: Any) -> Any:
    if not isinstance(value, (int, float)):
        return value
    return value_words(meaning(row), value) if row["unit"].startswith("yes/") else figure_words(value)


def _course(release: Release, name: str, shown: list[Row]) -> Figure:
    """A country through the quarters."""
    row = shown[0]
    columns = _columns(row, Column("period", _("Quarter")))
    rows = [_line(one, columns, view.quarter(one["period"])) for one in shown]
    caveats = dict.fromkeys(one["caveat"] for one in shown if one["caveat"])
    title = _("{name}: {place}", name=row["indicator_name"], place=row["country_name"])
    made = view.table(release, name, title, columns, rows, list(caveats))
    return Figure(
        name="indicator",
        kind="course",
        table=made,
        title=title,
        subtitle=_subtitle(row),
        reading=_(COURSE),
        held=(name, view.places(shown)),
        drawn=len(rows),
        more={"rows": shown, "indicator": meaning(row)},
    )


def _bars(release: Release, name: str, shown: list[Row]) -> Figure:
    """All countries in one quarter."""
    row = shown[0]
    listed = sorted(shown, key=_by_name)
    columns = _columns(row, Column("row", _("Country")))
    rows = [_line(one, columns, one["country_name"]) for one in listed]
    caveats = dict.fromkeys(one["caveat"] for one in listed if one["caveat"])
    title = _("{name}: {quarter}", name=row["indicator_name"], quarter=view.quarter(row["period"]))
    goals = [one["target"] if meaning(one).directed else None for one in listed]
    return Figure(
        name="indicator",
        kind="values",
        table=view.table(release, name, title, columns, rows, list(caveats)),
        title=title,
        subtitle=_subtitle(row),
        reading=_(BARS),
        held=(name, view.places(shown)),
        drawn=len(rows),
        more={
            "values": [one["value"] for one in listed],
            "said": [_told(one) for one in listed],
            "goals": goals,
            "agreed": [_agreed(one) if goal is not None else "" for one, goal in zip(listed, goals, strict=True)],
        },
    )


def _agreed(row: Row) -> str:
    return _("Target {value}, {quarter}", value=_told(row, "target"), quarter=view.quarter(row["target_period"]))


def _subtitle(row: Row) -> str:
    return _(
        "Unit: {unit}. {direction}.",
        unit=row["unit"],
        direction=_(DIRECTIONS.get(str(row["desired_direction"]), "")),
    )
