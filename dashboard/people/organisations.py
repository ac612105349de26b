"""Which organisations there are, from the register of members as it is now. Never decides what they may see.

A code begins with its country, and nobody but that country's register speaks for it: a row whose code begins with
another country than its own is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.store import Store


@dataclass(frozen=True)
class Organisation:
    """One organisation of the register, by what was last said of it.

    The mark is that of the country's latest register; an organisation which that one leaves out is marked.
    """

    organisation_code: str
    name: str
    country: str
    enforcement: bool


Register = Mapping[str, Organisation]

_PREFIX = re.compile(r"([A-Z]{3})-")

_kept: WeakKeyDictionary[Store, tuple[int, Register]] = WeakKeyDictionary()
_grants: WeakKeyDictionary[Store, tuple[int, Mapping[str, str]]] = WeakKeyDictionary()


def register(house: House) -> Register:
    """The organisations of the register by their code, read once for each version of the figures."""
    version = house.store.head().figures
    found = _kept.get(house.store)
    if found is None or found[0] != version:
        found = _kept[house.store] = (
            version,
            found[1] if found and not house.store.read(_MEMBERS_SINCE, version=found[0]) else _read(house),
        )
    return found[1]


def told_apart(house: House, organisation_code: str, *more: str, among: bool = True) -> str:
    """An organisation by its name, or its code, and in brackets what more is to be said of it.

    Where several countries are in view (`among`) and another has one of the same name, its country is the first of it.
    """
    found = register(house).get(organisation_code)
    if found is None:
        name, beside = organisation_code, more
    else:
        namesakes = {one.country for one in register(house).values() if one.name == found.name}
        country = [house.library.title("countries", found.country)] if among and len(namesakes) > 1 else []
        name, beside = found.name, (*country, *more)
    return f"{name} ({', '.join(beside)})" if beside else name


# Most of what moves figures is no register: then what was read of it still stands.
_MEMBERS_SINCE = (
    "select 1 from submission_event as e join submission as s on s.submission_id = e.submission_id"
    " where s.dataset = 'members' and e.version > $version limit 1"
)


def _read(house: House) -> Register:
    if "members" not in house.library.contracts:
        return {}
    rows = house.store.read(
        "with own as (select * from members_rows where until is null"
        " and starts_with(organisation_code, country || '-')),"
        " latest as (select country, max(period) as period from own group by country)"
        " select organisation_code, arg_max(organisation_name, (own.period, since)) as name,"
        " any_value(own.country) as country,"
        # A mark that is missing is a mark, in a row or because the row is.
        " coalesce(bool_or(enforcement_body is distinct from 'no') filter (own.period = latest.period), true)"
        " as enforcement"
        " from own join latest on latest.country = own.country group by organisation_code order by organisation_code"
    )
    return {row["organisation_code"]: Organisation(**row) for row in rows}


def known(viewer: Viewer, house: House) -> list[dict[str, Any]]:
    """Every organisation that a file can be sent for: those of the register, and those that a grant names.

    One dict each with organisation_code, name, country, enforcement. Empty for whoever is not signed in.
    """
    if not viewer.signed_in or not viewer.valid_grants:
        return []
    found = dict(register(house))
    for code, country in _granted(house).items():
        found.setdefault(code, Organisation(code, code, country or prefix(code), True))
    return [vars(found[code]) | {} for code in sorted(found)]


def country_of(house: House, organisation_code: str) -> str:
    """The organisation's country: as the register says, else as a grant does, else as its code begins."""
    if (organisation := register(house).get(organisation_code)) is not None:
        return organisation.country
    return _granted(house).get(organisation_code) or prefix(organisation_code)


def _granted(house: House) -> Mapping[str, str]:
    """The organisations that a grant names, each with the country of it; read once for each version of the people."""
    version = house.store.head().people
    found = _grants.get(house.store)
    if found is None or found[0] != version:
        rows = house.store.read(
            "select organisation_code, max(country) as country from grant_now where organisation_code <> ''"
            " group by organisation_code order by organisation_code"
        )
        found = _grants[house.store] = (version, {row["organisation_code"]: row["country"] for row in rows})
    return found[1]


def prefix(organisation_code: str) -> str:
    """The country that a code begins with, or nothing where it has no such form."""
    found = _PREFIX.match(organisation_code)
    return found[1] if found else ""
