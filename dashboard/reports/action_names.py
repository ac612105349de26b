"""Who is who in what is said of actions: organisations as the registers named them, and people. Never lists anybody."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.people import roster
from dashboard.people.accounts import OPERATOR
from dashboard.record.house import House
from dashboard.reference.library import Library
from dashboard.reference.text import _
from dashboard.reports import marts
from dashboard.reports.kept import kept


@dataclass(frozen=True)
class Names:
    """The organisations of the registers at one version, by code: name, sector, and whether the latest lists it."""

    library: Library
    names: dict[str, str]
    sectors: dict[str, str]
    listed: frozenset[str]

    def organisation(self, code: str) -> str:
        """The name that a register last gave it, or its code."""
        return self.names.get(code, code)

    def left(self, code: str) -> bool:
        """Whether its country's latest register does not list it."""
        return code not in self.listed

    def sector(self, code: str) -> str:
        """Its sector in words; a sentence where no register says one."""
        sector = self.sectors.get(code, "")
        return _(self.library.title("sectors", sector)) if sector else _("Sector not reported")

    def body(self, house: House, account_id: str) -> str:
        """The organisation that an account acts for; whoever acts for none is of the secretariat."""
        found = roster.account(house, account_id)
        return self.organisation(found.organisation_code) if found and found.organisation_code else _("Secretariat")


def person(house: House, account_id: str) -> str:
    """An account's name."""
    found = roster.account(house, account_id)
    return found.name if found else _("Operator") if account_id == OPERATOR else account_id


def names_at(house: House, version: int) -> Names:
    """What the registers said by `version`: the name of an organisation that has left stays known."""
    asked = min(version, house.store.head().figures)
    return kept(house, "names", marts.moved(house, "members", asked), lambda: _read(house, asked))


def _read(house: House, version: int) -> Names:
    frame = marts.rows(house, "members", version)
    pairs = zip(frame["organisation_code"], frame["country"], strict=True)
    own = pd.Series([str(code).startswith(f"{country}-") for code, country in pairs], index=frame.index, dtype=bool)
    frame = frame[own].sort_values(["period", "since"])
    latest = frame[frame["period"] == frame.groupby("country")["period"].transform("max")]
    codes = [str(code) for code in frame["organisation_code"]]
    return Names(
        house.library,
        dict(zip(codes, map(str, frame["organisation_name"]), strict=True)),
        {code: str(sector) for code, sector in zip(codes, frame["sector"], strict=True) if isinstance(sector, str)},
        frozenset(map(str, latest["organisation_code"])),
    )
