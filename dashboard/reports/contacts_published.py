"""Contacts as they were published, for whoever reads no working figure of a place. Never adds two cells up.

What the release does not hold is "not released yet": a quarter that came later, a breakdown that is never published.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.periods import Period
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, n_
from dashboard.reports.released import TOTAL, UNRECORDED, Cell, Release

NOT_RELEASED: Cell = (None, Status.NOT_RELEASED)
BY = {"sector": 1, "service": 2, "origin": 3}
"""What is published broken down, by its place in the key of a cell."""
_ALONE = {"sector": (2, 3), "service": (3,), "origin": (1, 2)}
"""Which other parts of the key are totals in such a breakdown."""

_SAID = {
    Status.SUPPRESSED: N_("How many contacts were reported for {period} is hidden to protect people."),
    Status.NOT_REPORTED: N_("When the figures of {day} were published, nobody had reported contacts for {period}."),
    Status.NOT_RELEASED: N_("Contacts of {period} are not released yet."),
}
_PENDING = N_("That figure is under revision: a later report changes it, and the change is not public yet.")
CAVEAT = N_(
    "These are the figures of the release of {day}. Small counts, and counts that would give them away, are hidden to"
    " protect people."
)


def caveat(release: Release) -> str:
    """Which release the figures are of, and why some are hidden."""
    return _(CAVEAT, day=text.day(release.day))


def total(release: Release | None, country: str, period: str, filed: Iterable[str]) -> Cell:
    """The total of a place ("" for all) in a quarter; `filed` are the quarters that somebody reported for, as known."""
    cell = release.cell(country, period) if release else None
    if cell is None or (cell[1] is Status.NOT_REPORTED and period in filed):
        return NOT_RELEASED  # somebody has reported since
    return cell


def quarters(release: Release | None, country: str, filed: Iterable[str]) -> dict[str, Cell]:
    """The totals of a place by quarter, oldest first: those published, and those that somebody reported for since."""
    known = set(filed)
    there = {*known, *(release.quarters(country) if release else ())}
    return {period: total(release, country, period, known) for period in sorted(there)}


def breakdown(
    house: House, release: Release, country: str, period: str, by: str, listed: str
) -> list[tuple[str, list[Any]]]:
    """The published cells of a quarter by `by` (one of BY), as (key, [words, cell]): the most first, hidden ones next,
    what was not recorded last. A service that several sectors give is named with each. `listed` is its code list."""
    place = country or TOTAL
    found = {
        key: cell
        for key, cell in release.cells.items()
        if (key[0], key[4]) == (place, period)
        and key[BY[by]] != TOTAL
        and all(key[part] == TOTAL for part in _ALONE[by])
    }
    codes = [key[BY[by]] for key in found]
    rows = []
    for key, cell in found.items():
        code = key[BY[by]]
        name, words = code, _(house.library.title(listed, code)) if code != UNRECORDED else _("Not recorded")
        if by == "service" and codes.count(code) > 1:
            name = f"{code} {key[1]}"
            words = _("{service} ({sector})", service=words, sector=_(house.library.title("sectors", key[1])))
        order = (code == UNRECORDED, cell[0] is None, -(cell[0] or 0), name)
        rows.append((order, ("not_recorded" if name == UNRECORDED else name, [words, cell])))
    return [row for _order, row in sorted(rows, key=lambda pair: pair[0])]


def sentence(release: Release, country: str, quarter: Period, filed: Iterable[str]) -> str:
    """What was published of a quarter, as a sentence with the number or why there is none."""
    count, status = total(release, country, str(quarter), filed)
    said = {"day": text.day(release.day), "period": quarter.label}
    if count is None:
        return _(_SAID[status], **said)
    told = n_(
        "As published on {day}, {count} contact was reported for {period}.",
        "As published on {day}, {count} contacts were reported for {period}.",
        count,
        **said,
    )
    return f"{told} {_(_PENDING)}" if status is Status.REVISION_PENDING else told


def answer(release: Release, country: str, quarter: Period, filed: Iterable[str]) -> str:
    """The same for a quarter and, where both have a number, for the one before."""
    said = [sentence(release, country, quarter, filed)]
    before = quarter.shifted(-1)
    if all(total(release, country, str(one), filed)[0] is not None for one in (quarter, before)):
        said.append(sentence(release, country, before, filed))
    return " ".join(said)


def newest(release: Release, country: str, last: str) -> str:
    """The newest quarter up to `last` of which the release says more than that nobody reported; "" for none."""
    told = [p for p in release.quarters(country) if p <= last and release.cells[_key(country, p)][1] != "not reported"]
    return max(told, default="")


def _key(country: str, period: str) -> tuple[str, str, str, str, str]:
    return (country or TOTAL, TOTAL, TOTAL, TOTAL, str(periods.parse(period)))
