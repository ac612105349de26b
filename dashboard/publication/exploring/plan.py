"""How the actions of the plan stand, as released. Never names an action, and counts none: the release does."""

from __future__ import annotations

from dashboard.publication.exploring import view
from dashboard.publication.exploring.view import SUMMARY, Asked, Figure, View
from dashboard.publication.reading import Release, Row
from dashboard.reference.table import Column, Status
from dashboard.reference.text import N_, _, n_, number

TOPIC, NAME = "plan", "plan"
QUESTION = N_("Where does the plan stand?")
PARTS = ("done", "to_do", "dropped")
"""States that exclude each other: together they are all actions, so one bar holds them. The others are among these."""
READING = N_(
    "Each bar is the actions of a country: those that are done, those to be done, and those that were dropped."
)
ONE = N_("Overdue and blocked actions are among those to be done, and those done by their date among those done.")


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    rows = release.rows.get(NAME, ())
    if not rows:
        return View(TOPIC, _(QUESTION), _("No action of the plan has been released yet."), ())
    country = view.choice("country", _("Country"), view.everywhere(rows), asked)
    shown = [row for row in rows if country.value in ("", row["country"])]
    return View(
        topic=TOPIC,
        question=_(QUESTION),
        answer=_answer(release, country.value, shown),
        filters=(country,),
        figures=(_one(release, shown) if country.value else _every(release, shown),),
        said=((SUMMARY, view.places(view.totals(release, country.value).values())),),
    )


def _answer(release: Release, country: str, shown: list[Row]) -> str:
    if country:
        of = {row["state"]: int(row["actions"]) for row in shown}
        said = n_(
            "{place}: of {agreed} action agreed, {done} is done and {to_do} to be done ({overdue} overdue).",
            "{place}: of {agreed} actions agreed, {done} are done and {to_do} to be done ({overdue} overdue).",
            of["actions"],
            place=shown[0]["country_name"],
            agreed=number(of["actions"]),
            done=number(of["done"]),
            to_do=number(of["to_do"]),
            overdue=number(of["overdue"]),
        )
        dropped = n_("{count} was dropped.", "{count} were dropped.", of.get("dropped", 0))
        return f"{said} {dropped}" if of.get("dropped") else said
    found = view.totals(release, "")
    if not view.known(found, "actions", "done", "overdue"):
        return _("No action of the plan has been released yet.")
    return n_(
        "{place}: of {agreed} action agreed, {done} is done and {overdue} overdue.",
        "{place}: of {agreed} actions agreed, {done} are done and {overdue} overdue.",
        int(found["actions"]["value"]),
        place=found["actions"]["country_name"],
        agreed=number(found["actions"]["value"]),
        done=number(found["done"]["value"]),
        overdue=number(found["overdue"]["value"]),
    )


def _every(release: Release, shown: list[Row]) -> Figure:
    """Countries × states."""
    states = dict.fromkeys((row["state"], row["state_name"]) for row in shown)
    columns = [Column("row", _("Country"))]
    columns += [Column(state, name, unit=_("actions"), numeric=True) for state, name in states]
    cells = {(row["country"], row["state"]): row for row in shown}
    rows = []
    for code, name in view.countries(shown):
        found = {state: cells[code, state] for state, _name in states if (code, state) in cells}
        values = [name, *(int(found[state]["actions"]) if state in found else None for state, _n in states)]
        marks = {s: Status(found[s]["status"]) if s in found else Status.NOT_REPORTED for s, _n in states}
        rows.append((values, marks))
    title = _("Actions of the plan, by country")
    return Figure(
        name="plan",
        kind="parts",
        table=view.table(release, NAME, title, columns, rows, [_(ONE), *release.tables[NAME].caveats]),
        title=title,
        subtitle=_("Number of actions"),
        reading=_(READING),
        held=(NAME, view.places(shown)),
        drawn=len(rows),
        more={"parts": PARTS},
    )


def _one(release: Release, shown: list[Row]) -> Figure:
    """The states of one country."""
    columns = (Column("row", _("Actions")), Column("value", _("Number"), unit=_("actions"), numeric=True))
    rows = [([row["state_name"], int(row["actions"])], {"value": Status(row["status"])}) for row in shown]
    title = _("Actions of the plan: {place}", place=shown[0]["country_name"])
    return Figure(
        name="plan",
        kind="bars",
        table=view.table(release, NAME, title, columns, rows),
        title=title,
        subtitle=_("Number of actions"),
        reading=_(ONE),
        held=(NAME, view.places(shown)),
        drawn=len(rows),
    )
