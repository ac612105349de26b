"""Agreements on labour migration, by corridor, and what links its two ends. Never says that there is none: only that
none was registered."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import register_rows
from dashboard.reports.entry import Entry, entries

STATES = ("in_force", "under_review", "signed", "negotiating", "planned", "expired")
"""Of several agreements on a corridor the first of these speaks for it; the codes are those of `agreement_states`."""
IN_FORCE = ("in_force", "under_review")
CLAUSE, UNREAD = "clause_", "not_verified"
DATASET = "agreements"
CAVEAT = N_("As registered by the coordinating bodies; an agreement that nobody registered may still exist.")
SOURCE = N_("Registers of agreements, protocols and pathways of the coordinating bodies")


@dataclass(frozen=True)
class Agreement(Entry):
    """One agreement as a country registered it."""

    registered_by: str

    @property
    def code(self) -> str:
        return self.said("agreement_code")

    @property
    def title(self) -> str:
        return self.said("title")

    @property
    def state(self) -> str:
        return self.said("status")

    @property
    def holds(self) -> bool:
        return self.state in IN_FORCE

    def clause(self, field: str) -> str:
        """What its text says on one matter, a code of `clause_states`; of what nobody read, that."""
        return self.said(field) or UNREAD


def registered(viewer: Viewer, house: House, version: int | None = None) -> dict[str, list[Agreement]]:
    """All agreements by corridor, those that hold first. Raises policy.Refused."""
    names = organisations.register(house)
    found: dict[str, list[Agreement]] = {}
    for entry in entries(viewer, house, DATASET, version):
        by = entry.said("reported_by")
        made = Agreement(entry.row, names[by].name if by in names else by)
        found.setdefault(made.said("corridor"), []).append(made)
    for listed in found.values():
        listed.sort(key=lambda a: (STATES.index(a.state) if a.state in STATES else len(STATES), a.title))
    return found


def state_words(house: House, agreement: Agreement | None, part: str = "") -> str:
    """How an agreement stands, in the words of its list; of none, that none was registered, or, to whoever reads a
    `part` only, that she is shown none."""
    if agreement is None:
        return _("None shown to you") if part else _("None registered")
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
    read = register_rows.rows(viewer, house, DATASET, version)
    fields = [f for f in read.contract.fields if f.name.startswith(CLAUSE)]
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
    rows = [{"clause": _(f.title)} | {a.code: a.clause(f.name) for a in listed} for f in fields]
    names, codes = [c.name for c in columns], [f.name for f in fields]
    frame = pd.DataFrame(rows, columns=names, index=codes, dtype=object)
    statuses = frame.map(lambda value: Status.NOT_VERIFIED if value == UNREAD else Status.VALUE)
    for unread in (a.code for a in listed if not a.verified):
        statuses[unread] = Status.NOT_VERIFIED
    return Table(
        title=_("What the agreements on this corridor say"),
        columns=columns,
        frame=frame,
        statuses=statuses,
        as_of=read.as_of,
        caveats=(_(CAVEAT), *read.told),
        source=_(SOURCE),
    )
