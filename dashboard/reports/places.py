"""Countries, corridors and the side that a country is on.

Never says that a country is of origin by itself: a side belongs to a corridor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _

SIDES = {"origin": N_("Countries of origin"), "destination": N_("Countries of destination")}


@dataclass(frozen=True)
class Corridor:
    """From a country of origin to a country of destination, by code."""

    code: str
    origin: str
    destination: str


def corridors(house: House, day: date) -> list[Corridor]:
    """The corridors tracked on `day`, in the order of the list."""
    return [
        Corridor(c.code, c.attributes["origin"], c.attributes["destination"])
        for c in house.library.codes["corridors"].valid_on(day)
    ]


def corridor_title(house: House, corridor: Corridor) -> str:
    return _(
        "{origin} to {destination}",
        origin=house.library.title("countries", corridor.origin),
        destination=house.library.title("countries", corridor.destination),
    )


def sides(house: House, day: date, corridor: str = "") -> dict[str, list[str]]:
    """Country codes by side, of one corridor or of all that are tracked; a country may stand on both sides."""
    chosen = [c for c in corridors(house, day) if corridor in ("", c.code)]
    return {
        "origin": list(dict.fromkeys(c.origin for c in chosen)),
        "destination": list(dict.fromkeys(c.destination for c in chosen)),
    }


def usual(viewer: Viewer, house: House, codes: Sequence[str], asked: str = "") -> str:
    """Which of these countries a page opens with: the one asked for, else the viewer's own, else the largest mechanism.

    Without any it is the viewer's own, which may be none.
    """
    for country in (asked, viewer.country):
        if country in codes:
            return country
    seats = Counter(organisation.country for organisation in organisations.register(house).values())
    return max(codes, key=lambda country: seats[country], default=viewer.country)
