"""Agreements on labour migration, by corridor, and what links its two ends. Never says that there is none: only that
none was registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import marts, register_rows

STATES = ("in_force", "under_review", "signed", "negotiating", "planned", "expired")
"""Of several agreements on a corridor the first of these speaks for it; the codes are those of `agreement_states`."""
IN_FORCE = ("in_force", "under_review")
CLAUSE = "clause_"
CAVEAT = N_("As registered by the coordinating bodies; an agreement that nobody registered may still exist.")
SOURCE = N_("Registers of agreements, protocols and pathways of the coordinating bodies")


@dataclass(frozen=True)
class Agreement:
    """One agreement as a country registered it. `clauses` by field of the contract, each a code of `clause_states`."""

    code: str
    corridor: str
    title: str
    state: str
    parties: str
    registered_by: str
    verified: bool
    restricts: bool
    clauses: Mapping[str, str]
    row: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        return self.state in IN_FORCE

    def said(self, field: str) -> str:
        """What the register says in a field, as text; "" where it says nothing."""
        value = self.row.get(field)
        return "" if value is None or value is pd.NA or value != value else str(value)

    def on(self, field: str) -> date | None:
        """A day of the agreement's life."""
        said = self.said(field)[:10]
        return date.fromisoformat(said) if said else None


def registered(viewer: Viewer, house: House, version: int | None = None) -> dict[str, list[Agreement]]:
    """All agreements by corridor, those that hold first. Raises policy.Refused."""
    found: dict[str, list[Agreement]] = {}
    for row in statements(viewer, house, "agreements", version).to_dict("records"):
        made = _agreement(house, {str(name): value for name, value in row.items()})
        found.setdefault(made.corridor, []).append(made)
    for listed in found.values():
        listed.sort(key=lambda a: (STATES.index(a.state) if a.state in STATES else len(STATES), a.title))
    return found


def statements(viewer: Viewer, house: House, dataset: str, version: int | None = None) -> pd.DataFrame:
    """The rows of a register that hold, as far as this viewer reads them one by one.

    No release publishes a register. So whoever is capped reads what her own organisation sent, and of all else what
    names it, as it stood at the last release: as on the register's own page. Empty where the deployment has no such
    dataset. Raises policy.Refused.
    """
    known, scope, _told = marts.readable(viewer, house, version)
    contract = house.library.contracts.get(dataset)
    if contract is None:
        return pd.DataFrame()
    quarter = str(periods.of(viewer.today))
    frame = register_rows.current(house, contract, known.version, quarter)
    if scope.everything:
        return frame
    now = register_rows.current(house, contract, marts.as_of(house, version).version, quarter)
    parts = [now[register_rows.own(scope, now)], frame[register_rows.naming(scope, contract, frame)]]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _agreement(house: House, row: Mapping[str, Any]) -> Agreement:
    names = organisations.register(house)
    by = str(row["reported_by"])
    return Agreement(
        code=str(row["agreement_code"]),
        corridor=str(row["corridor"]),
        title=str(row["title"]),
        state=str(row["status"]),
        parties=str(row["parties"]),
        registered_by=names[by].name if by in names else by,
        verified=row["verified"] == "yes",
        restricts=row["restricts_work_or_migration"] == "yes",
        clauses={
            name: str(row[name]) if isinstance(row[name], str) and row[name] else "not_verified"
            for name in row
            if name.startswith(CLAUSE)
        },
        row=row,
    )


def state_words(house: House, agreement: Agreement | None) -> str:
    """How an agreement stands, in the words of its list; of none, that none was registered."""
    if agreement is None:
        return _("None registered")
    words = house.library.title("agreement_states", agreement.state)
    if agreement.restricts:
        words = _("{state}, and limits women's work or migration", state=words)
    return words if agreement.verified else _("{name} (not verified)", name=words)


def dates(agreement: Agreement) -> str:
    """The days of its life in words: signed, in force from and until; "" where none is registered."""
    said = []
    for field, words in (
        ("signed_on", N_("signed {day}")),
        ("in_force_from", N_("in force from {day}")),
        ("in_force_until", N_("until {day}")),
    ):
        if day := agreement.on(field):
            said.append(_(words, day=text.day(day)))
    return ", ".join(said)


def clauses(viewer: Viewer, house: House, listed: list[Agreement], version: int | None = None) -> Table:
    """Clauses × agreements of a corridor; a cell is a code of `clause_states`. Raises policy.Refused."""
    known, _scope, told = marts.readable(viewer, house, version)
    contract = house.library.contracts["agreements"]
    fields = [f for f in contract.fields if f.name.startswith(CLAUSE)]
    # Two countries may have registered the same agreement under one title: who registered it keeps them apart.
    titles = [a.title for a in listed]
    columns = (
        Column("clause", _("Clause")),
        *(
            Column(
                a.code,
                a.title
                if titles.count(a.title) == 1
                else _("{name} (registered by {by})", name=a.title, by=a.registered_by),
            )
            for a in listed
        ),
    )
    rows = [{"clause": _(f.title)} | {a.code: a.clauses.get(f.name, "not_verified") for a in listed} for f in fields]
    names, codes = [c.name for c in columns], [f.name for f in fields]
    frame = pd.DataFrame(rows, columns=names, index=codes, dtype=object)
    statuses = frame.map(lambda value: Status.NOT_VERIFIED if value == "not_verified" else Status.VALUE)
    for unread in (a.code for a in listed if not a.verified):
        statuses[unread] = Status.NOT_VERIFIED
    return Table(
        title=_("What the agreements on this corridor say"),
        columns=columns,
        frame=frame,
        statuses=statuses,
        as_of=known,
        caveats=(_(CAVEAT), *told),
        source=_(SOURCE),
    )
