"""Which organisations there are, from the register of members as it is now. Never decides what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.store import Store


@dataclass(frozen=True)
class Organisation:
    """One organisation of the register, by what was last said of it; the mark counts wherever it still stands."""

    organisation_code: str
    name: str
    country: str
    enforcement: bool


Register = Mapping[str, Organisation]

_kept: WeakKeyDictionary[Store, tuple[int, Register]] = WeakKeyDictionary()


def register(house: House) -> Register:
    """The organisations of the register by their code, read once for each version of the figures."""
    version = house.store.head().figures
    found = _kept.get(house.store)
    if found is None or found[0] != version:
        found = _kept[house.store] = (version, _read(house))
    return found[1]


def _read(house: House) -> Register:
    if "members" not in house.library.contracts:
        return {}
    rows = house.store.read(
        "select organisation_code, arg_max(organisation_name, (period, since)) as name,"
        " arg_max(country, (period, since)) as country,"
        " bool_or(enforcement_body is distinct from 'no') as enforcement"  # a mark that is missing is a mark
        " from members_rows where until is null group by organisation_code order by organisation_code")
    return {row["organisation_code"]: Organisation(**row) for row in rows}


def known(viewer: Viewer, house: House) -> list[dict[str, Any]]:
    """Every organisation that a file can be sent for: those of the register, and those that a grant names.

    One dict each with organisation_code, name, country, enforcement. Empty for whoever is not signed in.
    """
    if not viewer.signed_in or not viewer.valid_grants:
        return []
    found = dict(register(house))
    for row in house.store.read(
        "select organisation_code, max(country) as country from grant_now where organisation_code <> ''"
        " group by organisation_code order by organisation_code"
    ):
        code = row["organisation_code"]
        found.setdefault(code, Organisation(code, code, row["country"] or "", True))
    return [vars(found[code]) | {} for code in sorted(found)]


def country_of(house: House, organisation_code: str) -> str:
    """The organisation's country, or nothing when neither the register nor a grant says it."""
    if (organisation := register(house).get(organisation_code)) is not None:
        return organisation.country
    rows = house.store.read("select max(country) as country from grant_now where organisation_code = $code",
                            code=organisation_code)
    return rows[0]["country"] or "" if rows else ""
