"""Which country took on which international norm, by its register or by a fact that ships. Never a date that nobody
verified, and never a no that nobody looked up (R33 to R35)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.codes import Code
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts
from dashboard.reports.entry import Entry, entries, own_only

# Best first, where a country and its territories differ.
STATES = {
    "ratified": N_("Ratified"),
    "territory": N_("For a territory only"),
    "signed": N_("Signed only"),
    "denounced": N_("Denounced"),
    "not_ratified": N_("Not ratified"),
    "not_applicable": N_("Not open to ratification"),
    "not_verified": N_("Not verified"),
}
MEANINGS = {
    "ratified": N_("Somebody read in a named source that the country is a party."),
    "territory": N_("A part of the country is bound, named below; the rest is not, or nobody looked it up."),
    "signed": N_("Signed and not ratified."),
    "denounced": N_("It was a party and has left."),
    "not_ratified": N_("Somebody looked it up and found no ratification."),
    "not_applicable": N_("Recommendations and resolutions bind nobody by ratification."),
    "not_verified": N_("Nobody has looked it up in the register of the depositary yet."),
}
CAVEAT = N_("What nobody looked up in the register of the depositary reads “not verified”, whatever it may be.")
SOURCE = N_("Registers of the coordinating bodies, and facts with their sources")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Standing:
    """How a country stands to an instrument: a key of STATES, when, where, who says so and when it was looked up."""

    country: str
    instrument: str
    state: str
    territory: str
    date: str
    source: str
    checked_on: str
    note: str

    @property
    def verified(self) -> bool:
        return self.state != "not_verified"


@dataclass(frozen=True)
class Norms:
    """One answer: instruments × countries, and what is known of each pair one by one; `part` is what must be known by
    whoever does not read every entry."""

    matrix: Table
    listed: Table
    answer: str
    finding: str
    countries: tuple[str, ...]
    silent: tuple[str, ...]
    part: str


def norms(viewer: Viewer, house: House, *, country: str = "", kind: str = "", version: int | None = None) -> Norms:
    """Instruments (of one type, where `kind` names it) by country, or of `country` alone.

    A country or type that there is not counts as none chosen. Raises policy.Refused.
    """
    known, _scope, _told = marts.readable(viewer, house, version)
    listed, hers = house.library.codes["instruments"], own_only(viewer)
    kinds = house.library.codes["instrument_types"]
    kind = kind if kinds.get(kind) else ""
    instruments = [c for c in listed.valid_on(viewer.today) if kind in ("", c.attributes.get("type"))]
    found = standings(viewer, house, version)
    every = [c.code for c in house.library.codes["countries"].valid_on(viewer.today)]
    country = country if country in every else ""
    shown = [c for c in every if country in ("", c)]
    told_of = {code for code, _instrument in found}
    # A country of which nobody said anything has no column of its own: a sentence names it.
    spoken = [c for c in shown if c in told_of] if not country else shown
    caveats = tuple(filter(None, (_(CAVEAT), hers)))
    return Norms(
        matrix=_matrix(house, known, instruments, spoken, found, caveats, hers),
        listed=_listed(house, known, instruments, spoken, found, caveats),
        answer=hers or _answer(instruments, spoken, found),
        finding=_finding(house, instruments, spoken, found, hers),
        countries=tuple(spoken),
        silent=() if hers else tuple(house.library.title("countries", c) for c in shown if c not in told_of),
        part=hers,
    )


def countries(viewer: Viewer, house: House, version: int | None = None) -> list[tuple[str, str]]:
    """Every country on the list, as (code, name). Raises policy.Refused."""
    marts.readable(viewer, house, version)
    return [(c.code, _(c.title)) for c in house.library.codes["countries"].valid_on(viewer.today)]


def standings(viewer: Viewer, house: House, version: int | None = None) -> dict[tuple[str, str], list[Standing]]:
    """What is known of each (country, instrument), the best first: a register's word before a fact that ships."""
    found: dict[tuple[str, str], list[Standing]] = {}
    for entry in entries(viewer, house, "ratifications", version):
        one = _standing(entry)
        found.setdefault((one.country, one.instrument), []).append(one)
    for said in found.values():
        said.sort(key=lambda one: list(STATES).index(one.state))
    return found


def _standing(entry: Entry) -> Standing:
    state, territory = entry.said("status"), entry.said("territory")
    if state not in STATES or (not entry.verified and state != "not_applicable"):
        state = "not_verified"
    elif state == "ratified" and territory:
        state = "territory"
    return Standing(
        country=entry.said("country"),
        instrument=entry.said("instrument_code"),
        state=state,
        territory=territory,
        date=entry.said("status_date") if entry.verified else "",
        source=entry.said("source"),
        checked_on=entry.said("checked_on")[:10],
        note=entry.said("note"),
    )


def named(code: Code) -> str:
    """An instrument by its number, which everybody uses, and its name, which says what it is about."""
    short = code.attributes.get("short_title") or code.code
    return code.title if short.split()[0] in code.title else _("{short}: {title}", short=short, title=code.title)


def state_of(instrument: Code, said: list[Standing]) -> str:
    """The state that a cell shows: what cannot be ratified says so, whatever a row holds."""
    if instrument.attributes.get("open_to_ratification") == "no":
        return "not_applicable"
    return said[0].state if said else "not_verified"


def _matrix(
    house: House,
    known: Any,
    instruments: list[Code],
    shown: list[str],
    found: Any,
    caveats: tuple[str, ...],
    hers: str,
) -> Table:
    columns = (
        Column("instrument", _("Instrument")),
        Column("type", _("Type")),
        *(Column(c, house.library.title("countries", c)) for c in shown),
    )
    rows, marks = [], []
    for code in instruments:
        states = {c: state_of(code, found.get((c, code.code), [])) for c in shown}
        kind = house.library.title("instrument_types", code.attributes.get("type", ""))
        rows.append({"instrument": named(code), "type": kind} | states)
        marks.append(
            {"instrument": Status.VALUE, "type": Status.VALUE}
            | {
                # To whoever reads a part only, what she does not find is not said to be looked up by nobody.
                c: Status.NOT_SHOWN
                if hers and (c, code.code) not in found and state == "not_verified"
                else {"not_verified": Status.NOT_VERIFIED, "not_applicable": Status.NOT_APPLICABLE}.get(
                    state, Status.VALUE
                )
                for c, state in states.items()
            }
        )
    names, codes = [c.name for c in columns], [c.code for c in instruments]
    return Table(
        title=_("International norms by country"),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names, index=codes, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=codes, dtype=object),
        as_of=known,
        caveats=caveats,
        source=_(SOURCE),
    )


def _listed(
    house: House, known: Any, instruments: list[Code], shown: list[str], found: Any, caveats: tuple[str, ...]
) -> Table:
    columns = (
        Column("instrument", _("Instrument")),
        Column("country", _("Country")),
        Column("state", _("State")),
        Column("date", _("Since")),
        Column("territory", _("Territory")),
        Column("source", _("Source")),
        Column("checked_on", _("Looked up on")),
        Column("note", _("Note")),
    )
    rows, marks = [], []
    for code in instruments:
        if code.attributes.get("open_to_ratification") == "no":
            continue
        for place in shown:
            for one in found.get((place, code.code), []):
                rows.append(
                    {
                        "instrument": named(code),
                        "country": house.library.title("countries", place),
                        "state": _(STATES[one.state]),
                        "date": _day(one.date),
                        "territory": one.territory,
                        "source": one.source,
                        "checked_on": _day(one.checked_on),
                        "note": one.note,
                    }
                )
                marks.append(dict.fromkeys(rows[-1], Status.VALUE))
                if not one.verified:
                    rows[-1]["state"] = ""
                    marks[-1] |= {"state": Status.NOT_VERIFIED}
    names = [c.name for c in columns]
    return Table(
        title=_("What is known of each, with its source"),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, dtype=object),
        as_of=known,
        caveats=caveats,
        source=_(SOURCE),
    )


def _day(said: str) -> str:
    """A day in words; a year, or a year and month, as it is written."""
    return text.day(date.fromisoformat(said)) if _DAY.fullmatch(said) else said


def _answer(instruments: list[Code], shown: list[str], found: Any) -> str:
    open_to = [c for c in instruments if c.attributes.get("open_to_ratification") != "no"]
    states = [state_of(code, found.get((place, code.code), [])) for code in open_to for place in shown]
    if not states:
        return _("Nothing was registered for this choice.")
    unknown = states.count("not_verified")
    return n_(
        "Of {count} pair of a country and a convention, {ratified} are ratified and {unknown} not verified.",
        "Of {count} pairs of a country and a convention, {ratified} are ratified and {unknown} not verified.",
        len(states),
        ratified=text.number(states.count("ratified")),
        unknown=text.number(unknown),
    )


def _finding(house: House, instruments: list[Code], shown: list[str], found: Any, hers: str) -> str:
    """Who is a party to the convention on violence and harassment at work, where it is shown; to whoever reads a part
    nobody is said to be none."""
    code = next((c for c in instruments if c.code == "C190"), None)
    parties = [c for c in shown if code and state_of(code, found.get((c, code.code), [])) == "ratified"]
    if code is None or not shown or (hers and not parties):
        return _("How each country stands to each instrument")
    if not parties:
        return _("Of no country is it verified that it ratified the convention on violence and harassment (C190)")
    names = text.words([house.library.title("countries", c) for c in parties])
    return n_(
        "{names} has ratified the convention on violence and harassment (C190)",
        "{names} have ratified the convention on violence and harassment (C190)",
        len(parties),
        names=names,
    )
