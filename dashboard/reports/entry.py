"""One entry of a register as pages of a subject read it: text, days and codes. Never decides who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reports import register_rows


@dataclass(frozen=True)
class Entry:
    """A row of a register by its fields; what it does not say is "" or None."""

    row: Mapping[str, Any]

    def said(self, field: str) -> str:
        """What it says in a field, as the record holds it."""
        value = self.row.get(field)
        return "" if register_rows.absent(value) else str(value)

    def on(self, field: str) -> date | None:
        """A day that it says."""
        said = self.said(field)[:10]
        return date.fromisoformat(said) if said else None

    def many(self, field: str) -> list[str]:
        """The codes in a field that may hold several."""
        return [code for code in self.said(field).split("|") if code]

    @property
    def verified(self) -> bool:
        """Whether somebody read it in its source."""
        return self.said("verified") == "yes"

    @property
    def restricts(self) -> bool:
        """Whether it limits women's work or migration (R50, R81)."""
        return self.said("restricts_work_or_migration") == "yes"


def own_only(viewer: Viewer) -> str:
    """What must be known by whoever reads a part of the registers only, "" for everybody else: what she does not find
    may be there."""
    return "" if policy.scope(viewer, "view coverage").everything else _(register_rows.OWN_ONLY)


def entries(viewer: Viewer, house: House, dataset: str, version: int | None = None) -> list[Entry]:
    """The entries of a register that this viewer reads, as on its own page, with the facts that ship.

    No release publishes a register: whoever is capped reads what her own organisation sent, and of all else what names
    it, as the last release found it. Raises policy.Refused and register_rows.NoSuchRegister.
    """
    raw = register_rows.rows(viewer, house, dataset, version).raw
    return [Entry({str(name): value for name, value in row.items()}) for row in raw.to_dict("records")]
