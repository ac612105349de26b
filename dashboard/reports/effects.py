"""What a file would do to the headline figures, were it accepted now. Never computes one in a way of its own.

The reports are asked twice: of the record as it is, and of the record in which the file is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.intake import counts, versions
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.supposed import Supposed
from dashboard.record.tables import quoted
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.indicators import Indicator, value_words
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, number
from dashboard.reports import (
    actions,
    computed,
    indicator_goals,
    indicator_reading,
    marts,
    rollups,
)
from dashboard.reports.indicator_cells import NOT_REPORTED, SHOWN, Cell
from dashboard.reports.indicator_place import Place
from dashboard.reports.rollups import Rollup

UNDER_WAY = ("staged", "submitted")
PUBLISHED = N_("You see what was published: what this file changes there shows after the next release.")
RUNNING = N_("The quarter has not ended: its figures show when it has.")
_VALUES, _COVERAGE, _GOALS = "indicator_values", "service_coverage", "milestones"
_LISTS = ("actions", "action_updates")
_COUNTED = {"actions": N_("Actions agreed"), "open": N_("Actions to do"), "overdue": N_("Actions that are late"),
            "apart": N_("Actions past their day that are to be looked at again"),
            "done": N_("Actions done")}  # fmt: skip
_AGREED = {"baseline": N_("Baselines"), "milestone": N_("Milestones"), "target": N_("Targets")}


@dataclass(frozen=True)
class Figure:
    """One figure in words, or why there is none."""

    words: str
    status: Status


@dataclass(frozen=True)
class Effect:
    """One figure as it is now and as it would be; `administrative` ones are contacts, which nobody judges."""

    title: str
    now: Figure
    then: Figure
    administrative: bool = False

    @property
    def moves(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Effects:
    """The figures of one country and quarter; `told` is what must be known of them, or why there are none."""

    rows: tuple[Effect, ...]
    told: tuple[str, ...] = ()


def effects(viewer: Viewer, house: House, row: Mapping[str, Any]) -> Effects | None:
    """What a file under way (`row` is from the door's `find`) does to the figures of its country and quarter.

    None for a file that is not under way, or whose rows are gone. Contacts are figures for whoever sees them, and
    "not released" for everybody else, whatever the file holds. Raises policy.Refused.
    """
    policy.require(viewer, "view submissions", organisation_code=row["organisation_code"], country=row["country"])
    contract = house.library.contracts.get(row["dataset"])
    path = house.files.parquet(row["sha256"], row["contract_hash"])
    if row["state"] not in UNDER_WAY or contract is None or not row["country"] or not path.is_file():
        return None
    if not policy.scope(viewer, "view coverage").everything:
        return Effects((), (_(PUBLISHED),))
    asked = dict(_asked(viewer, house, contract, row))
    supposed = Supposed(house.store, contract, row, path, _oldest(contract, row["period"]))
    try:
        now, then = (
            dict(_figures(viewer, one, contract, row, asked)) for one in (house, replace(house, store=supposed))
        )
    finally:
        supposed.let_go()
    counting = {title for title, indicator in asked.items() if indicator.administrative}
    every = contract.kind == counts.KIND
    told = (_(RUNNING),) if row["period"] > str(periods.last_ended(viewer.today)) and asked else ()
    return Effects(
        tuple(
            Effect(title, now.get(title, _NONE), figure, every or title in counting)
            for title, figure in {**dict.fromkeys(now, _NONE), **then}.items()
            if figure.words or now.get(title, _NONE).words or figure.status is Status.NOT_RELEASED
        ),
        told,
    )


_NONE = Figure("", Status.NOT_REPORTED)
_HIDDEN = Figure("", Status.NOT_RELEASED)


def _oldest(contract: Contract, period: str) -> str:
    """The first quarter whose files of this dataset a figure of the file's quarter rests on; "" for all."""
    reach = {_COVERAGE: 4, "members": computed.KEEP_REGISTERS}.get(contract.name, 1)
    if contract.name in (_GOALS, *_LISTS):  # what holds until it is agreed anew
        return ""
    return str(periods.parse(period).shifted(1 - reach))


def _asked(viewer: Viewer, house: House, contract: Contract, row: Mapping[str, Any]) -> Iterator[tuple[str, Indicator]]:
    """The indicators that the file can move, by title: those counted from its dataset, or those it brings values of."""
    found = computed.fed_by(house, contract.name)
    if contract.name == _VALUES:
        frame, known = versions.whole(house, row), house.library.indicators
        codes: list[str] = []
        if frame is not None:
            headline = frame["corridor"].isna() & frame["disaggregation"].isna()
            codes = list(dict.fromkeys(frame.loc[headline, "indicator_code"]))
        # That a count of contacts is in the file at all is told to those who see it.
        sees = counts.sees(viewer, row)
        found = [known[code] for code in codes if code in known and (sees or not known[code].administrative)]
    for indicator in found:
        yield _(indicator.title), indicator


def _figures(
    viewer: Viewer, house: House, contract: Contract, row: Mapping[str, Any], asked: Mapping[str, Indicator]
) -> Iterator[tuple[str, Figure]]:
    """The figures by their titles, as the reports tell them of this house."""
    country, period, sees = row["country"], row["period"], counts.sees(viewer, row)
    reading = indicator_reading.reading(viewer, house)
    where = Place(reading, country, {})
    for title, indicator in asked.items():
        hidden = indicator.administrative and not sees
        yield title, _HIDDEN if hidden else _figure(indicator, where.known(indicator).cells.get(period, NOT_REPORTED))
    if contract.name in _LISTS:
        counted = actions.actions(viewer, house, country=country).counts
        for name, title in _COUNTED.items():
            yield _(title), _number(counted.total if name == "actions" else getattr(counted, name))
    elif contract.name == _GOALS:
        goals = [goal for of in indicator_goals.of_country(reading, country).values() for goal in _all(of)]
        for what, title in _AGREED.items():
            yield _(title), _number(sum(goal.what == what for goal in goals))
    elif not asked and contract.name != _VALUES:
        yield from _sums(viewer, house, contract, row)


def _all(goals: indicator_goals.Goals) -> list[indicator_goals.Goal]:
    return [*goals.all, *([goals.baseline] if goals.baseline else [])]


def _figure(indicator: Indicator, cell: Cell) -> Figure:
    if cell.status not in SHOWN:
        return Figure("", cell.status)
    words = value_words(indicator, cell.value or 0.0)
    if cell.numerator is not None and cell.denominator is not None:
        parts = (number(cell.numerator), number(cell.denominator))
        words = _("{share} ({part} of {whole})", share=words, part=parts[0], whole=parts[1])
    return Figure(words, cell.status)


def _number(value: float) -> Figure:
    return Figure(number(value), Status.VALUE if value else Status.ZERO)


def _sums(viewer: Viewer, house: House, contract: Contract, row: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    """Of a dataset without an indicator of its own what its numbers add up to, in the country and quarter.

    Whole numbers add up whatever they count; amounts of money do where a column says their currency, for each of them.
    """
    if "country" not in contract.header:
        return
    money = next((f.name for f in contract.fields if f.hxl.startswith("#currency")), "")
    types = ("integer", "number") if money else ("integer",)
    fields = [f for f in contract.fields if f.type in types and f.name not in contract.key]
    measures = (
        ("rows", "count(*)"),
        *((f"sum_{f.name}", f"sum({quoted(f.name)})::double") for f in fields),
    )
    rollup = Rollup(f"effects {contract.name}", contract.name, ("country", *([money] if money else [])), measures)
    frame = rollups.at(house, rollup, marts.as_of(house).version, period=row["period"])
    frame = frame[frame["country"] == row["country"]]
    hidden = counts.may_hold(contract) and not counts.sees(viewer, row)
    if counts.may_hold(contract) and not hidden:
        scope = policy.scope(viewer, "view contacts")
        frame = frame[frame["reported_by"].map(lambda by: scope.holds(by, row["country"])).astype(bool)]
    for currency, of in frame.groupby(money) if money else [("", frame)]:
        for f in fields:
            added = of[f"sum_{f.name}"].sum(min_count=1)  # where all cells are empty, nothing was reported
            figure = _NONE if pd.isna(added) else _number(float(added))
            title = _("{title}, {currency}", title=_(f.title), currency=str(currency)) if currency else _(f.title)
            yield title, _HIDDEN if hidden else figure
    if not fields:
        yield _("Rows of the country that count"), _number(int(frame["rows"].sum()))
