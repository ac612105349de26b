"""The published statistics of contacts by their keys, and what they are called. Never a number that is not one of them.

A statistic is of a country, a period, and one of: all contacts, a sector, a service in its sector, a country of origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from dashboard.publication import absence
from dashboard.publication.exploring.view import Option
from dashboard.publication.reading import TOTAL, UNRECORDED, Release, Row
from dashboard.reference.table import Status
from dashboard.reference.text import _

NAME = "contacts"
Key = tuple[str, str, str, str, str]
"""Country, sector, service, origin, period."""
Part = tuple[str, str, str]
"""Sector, service and origin: which contacts."""
ALL: Part = (TOTAL, TOTAL, TOTAL)


@lru_cache(maxsize=4)
def cells(release: Release) -> Mapping[Key, Row]:
    """Every statistic that the release says something of."""
    return {
        (row["country"], row["sector"], row["service"], row["origin"], row["period"]): row
        for row in release.rows.get(NAME, ())
    }


def status(release: Release, key: Key) -> Status:
    """What the release says of a statistic, or why it does not have it."""
    held = cells(release)
    if key in held:
        return Status(held[key]["status"])
    whole = held.get((key[0], TOTAL, TOTAL, TOTAL, key[4]))
    return absence.status(key[4], whole["status"] if whole else None)


def periods(release: Release) -> list[str]:
    """Its quarters, the newest first, and then its years."""
    found = {key[4] for key in cells(release)}
    return sorted((p for p in found if "-Q" in p), reverse=True) + sorted(
        (p for p in found if "-Q" not in p), reverse=True
    )


def parts(release: Release) -> list[Part]:
    """Which contacts it counts apart: all, then sectors, services and origins by name."""
    found = {key[1:4] for key in cells(release)} | {ALL}
    return sorted(found, key=lambda part: (_kind(part), UNRECORDED in part, part_name(release, part).casefold()))


def _kind(part: Part) -> int:
    sector, service, origin = part
    return 0 if part == ALL else 3 if origin != TOTAL else 2 if service != TOTAL else 1


def sectors(release: Release) -> list[str]:
    """The sectors that are counted apart, by name."""
    return [sector for sector, service, _origin in parts(release) if sector != TOTAL and service == TOTAL]


def said(part: Part) -> str:
    """Which contacts, as it stands in an address; "" for all."""
    sector, service, origin = part
    return ("", f"sector:{sector}", f"service:{sector}/{service}", f"origin:{origin}")[_kind(part)]


def options(release: Release) -> list[Option]:
    """Which contacts can be chosen, with what each is."""
    words = ("", _("Sector: {name}"), _("Service: {name}"), _("Women from: {name}"))
    return [
        (said(part), words[_kind(part)].format(name=part_name(release, part)) if part != ALL else _("All contacts"))
        for part in parts(release)
    ]


def chosen(release: Release, address: str) -> Part:
    """The contacts that stand so in an address; all for anything else."""
    return next((part for part in parts(release) if said(part) == address), ALL)


def part_name(release: Release, part: Part) -> str:
    """Which contacts, in a few words."""
    sector, service, origin = part
    if origin != TOTAL:
        return country_name(release, origin)
    if service != TOTAL:
        return service_name(release, sector, service)
    return sector_name(release, sector)


def country_name(release: Release, code: str) -> str:
    """A country by its name, also where the women came from."""
    return _("Not recorded") if code == UNRECORDED else release.named("countries", code)


def sector_name(release: Release, code: str) -> str:
    return _("Not recorded") if code == UNRECORDED else release.named("sectors", code)


def service_name(release: Release, sector: str, code: str) -> str:
    """A service by its name, with its sector where another has the same; where none was recorded, in which sector."""
    if code == UNRECORDED:
        return _("{sector}, service not recorded", sector=sector_name(release, sector))
    name = release.named("services", code)
    if name not in _ambiguous(release):
        return name
    return _("{service} ({sector})", service=name, sector=sector_name(release, sector))


@lru_cache(maxsize=4)
def _ambiguous(release: Release) -> frozenset[str]:
    """The names that two services, or one in two sectors, have."""
    given = {(key[1], key[2]) for key in cells(release)}
    names = [release.named("services", service) for _sector, service in given if service not in (TOTAL, UNRECORDED)]
    return frozenset(name for name in names if names.count(name) > 1)


def scope(release: Release, country: str, part: Part, *further: str) -> str:
    """Of what a number is, in words: the place ("" for none), which contacts, and what else is said of it."""
    where = _("All countries") if country == TOTAL else country_name(release, country) if country else ""
    which = dict(options(release))[said(part)] if part != ALL else ""
    return ", ".join(word for word in (where, which, *further) if word)
