"""Which organisations sit in a country's mechanism: its latest register of members. Never knows a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Read = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True)
class Seat:
    """One organisation in the latest register of its country, with the category and state of its seat."""

    organisation_code: str
    name: str
    category: str
    sector: str
    status: str


_SEATS = (
    "with own as (select * from members_rows where since <= $version and (until is null or until > $version)"
    " and ($country = '' or country = $country) and starts_with(organisation_code, country || '-')),"
    " latest as (select country, max(period) as period from own group by country)"
    " select organisation_code, arg_max(organisation_name, since) as name,"
    " arg_max(stakeholder_category, since) as category, coalesce(arg_max(sector, since), '') as sector,"
    " arg_max(seat_status, since) as status"
    " from own join latest using (country, period) group by organisation_code order by name, organisation_code"
)


def seats(read: Read, version: int, country: str = "") -> dict[str, Seat]:
    """The organisations by code, in the order of their names; of every country where none is named.

    `read` is the store's, or that of an open write. A code begins with its country: other rows are not read.
    """
    return {row["organisation_code"]: Seat(**row) for row in read(_SEATS, version=version, country=country)}
