"""Who is at the table: seats by stakeholder category and country, and the register. Never names a natural person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.codes import Code
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts

# Best first: a category counts as what its best seat in the country is.
SEATS = {
    "filled": N_("Seat filled"),
    "observer": N_("Observer"),
    "vacant": N_("Seat vacant or only offered"),
    "none": N_("No seat"),
}
SEAT_OF = {"filled": "filled", "observer": "observer", "invited": "vacant", "vacant": "vacant"}
CAVEAT = N_("A seat says who belongs to the mechanism, not who came to a meeting.")
NAMED = 3
"""So many categories without a filled seat are named in a sentence."""
SOURCE = N_("Member registers of the coordinating bodies")


@dataclass(frozen=True)
class Members:
    """One answer: the seat map (categories × countries), the seats by group, the register, the sentences.

    `period` says of each country from which quarter its register is.
    """

    seats: Table
    groups: Table
    register: Table
    answer: str
    finding: str
    gaps: tuple[str, ...]
    period: str
    countries: tuple[str, ...]


def countries(viewer: Viewer, house: House) -> list[tuple[str, str]]:
    """Countries that have a member register, as (code, name)."""
    known, _scope, _told = marts.readable(viewer, house)
    frame = marts.rows(house, "members", known.version)
    return [(c, house.library.title("countries", c)) for c in sorted(set(frame["country"]))]


def members(
    viewer: Viewer, house: House, *, country: str = "", category: str = "", version: int | None = None
) -> Members:
    """Seats and register of one country or of all, as last reported. Raises policy.Refused.

    A country without a register, or a category that there is not, counts as none chosen.
    """
    known, scope, told = marts.readable(viewer, house, version)
    day = viewer.today if scope.everything else marts.published_on(house, version) or viewer.today
    frame = marts.known_in(house, "members", str(periods.of(day)), known.version, keep=40)
    every = sorted(set(frame["country"]))
    country = country if country in every else ""
    category = category if house.library.codes["stakeholder_categories"].get(category) else ""
    shown = [c for c in every if country in ("", c)]
    frame = frame[frame["country"].isin(shown)]
    categories = house.library.codes["stakeholder_categories"].codes
    seats = _seats(house, known, frame, categories, shown)
    period = _periods(house, frame, shown)
    caveats = (_(CAVEAT), *([_("Registers as they stood in: {period}.", period=period)] if period else []), *told)

    def finished(table: Table) -> Table:
        return replace(table, caveats=caveats, period=period)

    return Members(
        seats=finished(seats),
        groups=finished(_groups(house, known, seats, categories, shown)),
        register=finished(_register(house, known, _own(frame, scope), category)),
        answer=_answer(house, seats, shown),
        finding=_finding(house, seats, categories, shown),
        gaps=_gaps(house, seats, categories, shown),
        period=period,
        countries=tuple(shown),
    )


def _periods(house: House, frame: pd.DataFrame, shown: list[str]) -> str:
    """From which quarter the register of each country is, in words; a country may have several registers."""
    said = []
    if len(quarter := set(frame["reported_in"])) == 1:
        return periods.parse(quarter.pop()).label
    for place in shown:
        found = sorted(set(frame.loc[frame["country"] == place, "reported_in"]))
        quarters = text.words([periods.parse(p).label for p in found])
        said.append(f"{house.library.title('countries', place)} {quarters}")
    return "; ".join(said)


def _own(frame: pd.DataFrame, scope: policy.Scope) -> pd.DataFrame:
    """The register's rows that the viewer may read one by one."""
    return frame if scope.everything else frame[frame["organisation_code"].isin(scope.organisations)]


def _seats(house: House, known: AsOf, frame: pd.DataFrame, categories: tuple[Code, ...], shown: list[str]) -> Table:
    best: dict[tuple[str, str], str] = {}
    for record in frame.to_dict("records"):
        key, seat = (record["stakeholder_category"], record["country"]), SEAT_OF.get(record["seat_status"], "vacant")
        best[key] = min(seat, best.get(key, "none"), key=list(SEATS).index)
    columns = (
        Column("category", _("Stakeholder category")),
        Column("group", _("Group")),
        *(Column(c, house.library.title("countries", c)) for c in shown),
    )
    rows = [
        {
            "category": c.title,
            "group": _(house.library.title("stakeholder_groups", c.attributes["group"])),
            **{place: best.get((c.code, place), "none") for place in shown},
        }
        for c in categories
    ]
    table = pd.DataFrame(rows, columns=[c.name for c in columns], index=[c.code for c in categories])
    return Table(
        title=_("Seats by stakeholder category"),
        columns=columns,
        frame=table,
        statuses=table.map(lambda _value: Status.VALUE),
        as_of=known,
        source=_(SOURCE),
    )


def _groups(house: House, known: AsOf, seats: Table, categories: tuple[Code, ...], shown: list[str]) -> Table:
    """Seats counted twice over: the categories that the guidance note asks to add, and all others."""
    columns = (
        Column("group", _("Group")),
        Column("country", _("Country")),
        *(Column(s, _(title), unit=_("categories"), numeric=True) for s, title in SEATS.items()),
    )
    added = {c.code for c in categories if c.attributes["group"] == "additional"}
    groups = {
        _(house.library.title("stakeholder_groups", "additional")): added,
        _("All other categories"): {c.code for c in categories} - added,
    }
    rows = []
    for title, codes in groups.items():
        for place in shown:
            found = [str(seats.frame.loc[code, place]) for code in seats.frame.index if code in codes]
            rows.append(
                {
                    "group": title,
                    "country": house.library.title("countries", place),
                    **{s: found.count(s) for s in SEATS},
                }
            )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    return Table(
        title=_("Seats by group of stakeholders"),
        columns=columns,
        frame=frame,
        statuses=frame.map(lambda v: Status.ZERO if v == 0 else Status.VALUE),
        as_of=known,
        source=_(SOURCE),
    )


def _register(house: House, known: AsOf, frame: pd.DataFrame, category: str) -> Table:
    fields = house.library.contracts["members"].fields
    columns = tuple(Column(f.name, _(f.title)) for f in fields)
    rows, statuses = [], []
    chosen = frame[frame["stakeholder_category"] == category] if category else frame
    for record in chosen.sort_values(["country", "organisation_name"]).to_dict("records"):
        row = {}
        for field in fields:
            value = record[field.name]
            absent = value is None or value != value or value == ""
            row[field.name] = (
                ""
                if absent
                else (
                    text.day(value)
                    if hasattr(value, "isoformat")
                    else _(house.library.title(field.codes, str(value)))
                    if field.codes
                    else str(value)
                )
            )
        rows.append(row)
        statuses.append({k: Status.VALUE if v else Status.NOT_REPORTED for k, v in row.items()})
    names = [c.name for c in columns]
    return Table(
        title=_("Register of members"),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names),
        statuses=pd.DataFrame(statuses, columns=names),
        as_of=known,
        source=_(SOURCE),
    )


def _answer(house: House, seats: Table, shown: list[str]) -> str:
    if not shown:
        return _("No member register has been accepted yet.")
    filled = {c: int((seats.frame[c] == "filled").sum()) for c in shown}
    if len(shown) == 1:
        return _(
            "{filled} of the {total} stakeholder categories have a filled seat in {country}.",
            filled=filled[shown[0]],
            total=len(seats.frame),
            country=house.library.title("countries", shown[0]),
        )
    most, least = ends(filled)
    everywhere = int((seats.frame[shown] == "filled").all(axis=1).sum())
    if most == least:
        return _(
            "Of {total} stakeholder categories, each country has {count} filled;"
            " filled in every country: {everywhere}.",
            total=len(seats.frame),
            count=filled[most[0]],
            everywhere=everywhere,
        )
    if len(most) + len(least) > 2:
        return _(
            "Of {total} stakeholder categories, the most are filled in {most} ({high}), the fewest in {least} ({low});"
            " filled in every country: {everywhere}.",
            total=len(seats.frame),
            most=text.words([house.library.title("countries", c) for c in most]),
            high=filled[most[0]],
            least=text.words([house.library.title("countries", c) for c in least]),
            low=filled[least[0]],
            everywhere=everywhere,
        )
    return _(
        "Of {total} stakeholder categories, {most} has {high} filled and {least} has {low};"
        " filled in every country: {everywhere}.",
        total=len(seats.frame),
        most=house.library.title("countries", most[0]),
        high=filled[most[0]],
        least=house.library.title("countries", least[0]),
        low=filled[least[0]],
        everywhere=everywhere,
    )


def ends(filled: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The countries with the most filled seats and those with the fewest: all of them, for several may have as many."""
    high, low = max(filled.values()), min(filled.values())
    return [c for c, count in filled.items() if count == high], [c for c, count in filled.items() if count == low]


def _finding(house: House, seats: Table, categories: tuple[Code, ...], shown: list[str]) -> str:
    """The category needed for women migrant workers that is missing most often, and how many are missing as often."""
    if not shown:
        return _("No member register has been accepted yet.")
    missing = {
        c.title: sum(str(seats.frame.loc[c.code, place]) != "filled" for place in shown)
        for c in categories
        if c.attributes["group"] == "additional"
    }
    most = max(missing, key=lambda title: missing[title], default="")
    if not most or not missing[most]:
        return _("Every category needed for women migrant workers has a filled seat")
    others = list(missing.values()).count(missing[most]) - 1
    if len(shown) == 1:
        named = house.library.title("countries", shown[0])
        said = _("{country} has no filled seat for: {category}", country=named, category=most)
        more = n_("{said}, and for {count} other needed category", "{said}, and for {count} other needed categories",
                  others, said=said)  # fmt: skip
        return more if others else said
    said = n_(
        "{count} country has no filled seat for: {category}",
        "{count} countries have no filled seat for: {category}",
        missing[most],
        category=most,
    )
    more = n_("{said}; as many for {count} other needed category",
              "{said}; as many for each of {count} other needed categories", others, said=said)  # fmt: skip
    return more if others else said


def _gaps(house: House, seats: Table, categories: tuple[Code, ...], shown: list[str]) -> tuple[str, ...]:
    """Categories needed for women migrant workers that have no filled seat, a sentence a country (R42)."""
    sentences = []
    for place in shown:
        missing = [
            c.title
            for c in categories
            if c.attributes["group"] == "additional" and seats.frame.loc[c.code, place] != "filled"
        ]
        if missing:
            named = {"country": house.library.title("countries", place), "names": "; ".join(missing[:NAMED])}
            sentences.append(
                n_(
                    "{country}: {count} category needed for women migrant workers has no filled seat: {names}.",
                    "{country}: {count} categories needed for women migrant workers have no filled seat,"
                    " namely {names}.",
                    len(missing),
                    **named,
                )
                if len(missing) <= NAMED
                else _(
                    "{country}: {count} categories needed for women migrant workers have no filled seat,"
                    " among them {names}.",
                    count=len(missing),
                    **named,
                )
            )
    return tuple(sentences)
