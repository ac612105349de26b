"""What the plan costs and what was found of it, as released. Never two currencies on one scale, never a sum."""

from __future__ import annotations

from dashboard.publication.exploring import view
from dashboard.publication.exploring.view import Asked, Figure, Filter, View
from dashboard.publication.reading import Release, Row
from dashboard.reference.indicators import figure_words
from dashboard.reference.table import Column, Status
from dashboard.reference.text import N_, _

TOPIC, NAME = "money", "resourcing"
QUESTION = N_("What does the plan cost, and what was found of it?")
READING = N_("Each bar is an amount of money. What is disbursed was committed before, and what is spent was disbursed.")


def view_of(release: Release, asked: Asked) -> View:
    """The view that the address asks for."""
    rows = release.rows.get(NAME, ())
    if not rows:
        return View(TOPIC, _(QUESTION), _("No budget has been released yet."), ())
    currencies = sorted({row["currency"] for row in rows})
    currency = view.choice("currency", _("Currency"), [(code, code) for code in currencies], asked)
    held = [row for row in rows if row["currency"] == currency.value]
    country = view.choice("country", _("Country"), view.everywhere(held), asked)
    filters: list[Filter] = [*([currency] if len(currencies) > 1 else []), country]
    if country.value:
        shown = [row for row in held if row["country"] == country.value]
        figure, answer = _one(release, shown), _each([(row["amount_name"], row) for row in shown], _of(shown[0]))
    else:
        listed = list(dict.fromkeys((row["amount"], row["amount_name"]) for row in held))
        amount = view.choice("amount", _("Amount"), listed, asked)
        filters.append(amount)
        shown = [row for row in held if row["amount"] == amount.value]
        figure = _every(release, held, shown, amount.title)
        answer = _each([(row["country_name"], row) for row in shown], f"{amount.title} ({currency.value})")
    return View(topic=TOPIC, question=_(QUESTION), answer=answer, filters=tuple(filters), figures=(figure,))


def _of(row: Row) -> str:
    return _("{place} ({currency})", place=row["country_name"], currency=row["currency"])


def _each(listed: list[tuple[str, Row]], scope: str) -> str:
    """Each amount in words."""
    told = [
        f"{label.lower() if label == row['amount_name'] else label} {figure_words(row['value'])}"
        for label, row in listed
        if row["value"] is not None
    ]
    return _("{scope}: {amounts}.", scope=scope, amounts="; ".join(told) or _("not reported"))


def _every(release: Release, held: list[Row], shown: list[Row], amount: str) -> Figure:
    """Countries × amounts in one currency; the chosen amount is drawn."""
    listed = list(dict.fromkeys((row["amount"], row["amount_name"]) for row in held))
    columns = [Column("row", _("Country"))]
    columns += [Column(code, name, unit=held[0]["currency"], numeric=True) for code, name in listed]
    columns.append(Column("lines", _("Budget lines"), numeric=True))
    rows = []
    for code, name in view.countries(held):
        found = {row["amount"]: row for row in held if row["country"] == code}
        values = [name, *(found[a]["value"] if a in found else None for a, _n in listed)]
        marks = {a: Status(found[a]["status"]) if a in found else Status.NOT_REPORTED for a, _n in listed}
        rows.append(([*values, next(iter(found.values()))["lines"]], marks))
    title = _("{amount} of the plan, by country", amount=amount)
    return Figure(
        name="money",
        kind="bars",
        table=view.table(release, NAME, title, columns, rows),
        title=title,
        subtitle=_("Amounts in {currency}, {period}", currency=held[0]["currency"], period=_until(held)),
        reading=_(READING),
        held=(NAME, view.places(held)),
        drawn=len(rows),
        more={"value": shown[0]["amount"]},
    )


def _one(release: Release, shown: list[Row]) -> Figure:
    """The amounts of one country in one currency."""
    columns = (Column("row", _("Amount")), Column("value", _("Value"), unit=shown[0]["currency"], numeric=True))
    rows = [([row["amount_name"], row["value"]], {"value": Status(row["status"])}) for row in shown]
    title = _("Cost of the plan and resources found: {place}", place=_of(shown[0]))
    return Figure(
        name="money",
        kind="bars",
        table=view.table(release, NAME, title, columns, rows),
        title=title,
        subtitle=_("Amounts in {currency}, {period}", currency=shown[0]["currency"], period=_until(shown)),
        reading=_(READING),
        held=(NAME, view.places(shown)),
        drawn=len(rows),
    )


def _until(rows: list[Row]) -> str:
    return _("up to {quarter}", quarter=view.quarter(max(row["period"] for row in rows)))
