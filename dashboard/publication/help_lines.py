"""Which telephone lines may stand on the public page. Never shows one that could harm whoever calls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.people import organisations
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.text import _
from dashboard.reports import coverage, marts

HELP_SERVICE = "SEED-9"
# A release stands for about a quarter: a line published this young is still confirmed when the next one comes.
LASTING_DAYS = coverage.CONFIRMED_DAYS - 92


@dataclass(frozen=True)
class HelpLine:
    """A line that an organisation confirmed; `organisation_code` and `submission_id` say where it comes from."""

    country: str
    organisation: str
    line: str
    languages: str
    hours: str
    confirmed: date
    organisation_code: str
    submission_id: str


def help_lines(house: House, today: date, version: int, days: int = coverage.CONFIRMED_DAYS) -> list[HelpLine]:
    """Hotlines that are open whatever the status, pass nothing on, and were confirmed within so many days (C4, R85).

    None of an organisation that is marked as an enforcement body, or that the register does not know.
    """
    frame = marts.known_in(house, "service_coverage", str(periods.of(today)), version)
    titles, register = house.library.title, organisations.register(house)
    lines = []
    for row in frame[frame["service_code"] == HELP_SERVICE].to_dict("records"):
        checked, line, who = row["contact_line_checked_on"], _filled(row["contact_line"]), row["reported_by"]
        if who not in register or register[who].enforcement or _filled(row["firewall"]) != "yes":
            continue
        works = coverage.state(row["availability"], row["open_to_migrant_women"]) == "open"
        if line and works and coverage.confirmed(checked, today, days):
            spoken = [_(titles("languages", c)) for c in _filled(row["languages"]).split("|") if c]
            lines.append(
                HelpLine(
                    titles("countries", row["country"]),
                    register[who].name,
                    line,
                    text.words(spoken),
                    _(titles("hours", _filled(row["hours"]))),
                    checked.date() if isinstance(checked, datetime) else checked,
                    who,
                    row["submission_id"],
                )
            )
    return sorted(lines, key=lambda h: (h.country, h.organisation_code))


def _filled(value: Any) -> str:
    """A cell of a frame as text; a gap is nothing, and never a word."""
    return "" if value is None or value != value else str(value)
