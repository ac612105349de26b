"""What one viewer may read of the contacts of a place: whose files, which counts, which release. Never adds them up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Reach, Scope, Viewer
from dashboard.record.house import House
from dashboard.reference.table import AsOf, Status
from dashboard.reference.text import _
from dashboard.reports import contacts_published, marts, released, rollups
from dashboard.reports.contact_words import reaches
from dashboard.reports.released import Cell, Release
from dashboard.reports.rollups import Rollup

DATASET = "service_contacts"
# A later stage of a case is no further contact; where the stage is not recorded it is one (R92).
FIRST = "coalesce(stage, 'reported') = 'reported'"

# Of every file that was sent, also where it brings later stages alone, so that its sender counts as having reported.
TOTALS = Rollup(
    DATASET,
    DATASET,
    ("country",),
    (
        ("contacts", f"coalesce(sum(contacts) filter (where {FIRST}), 0)::bigint"),
        ("counted", f"count(*) filter (where {FIRST})"),
    ),
    reads=("stage",),
)


@dataclass(frozen=True)
class Seen:
    """What one viewer may read of a place: `mine` are totals in her scope, `filed` whose reports she may know of.

    `guesses`: of others she may not even know who reported. `release` is the one that stood, where it counts contacts.
    """

    known: AsOf
    scope: Scope
    country: str
    open: bool
    mine: pd.DataFrame
    filed: pd.DataFrame
    guesses: bool
    release: Release | None

    @property
    def as_of(self) -> AsOf:
        """When what she reads was as it is: a release was when it was published."""
        return self.known if self.open or self.release is None else self.release.as_of

    @property
    def quarters(self) -> set[str]:
        """The quarters that somebody reported for, of whom she may know it."""
        return set(self.filed["period"])

    def hidden(self, period: str) -> bool:
        """Whether others reported for the quarter and none of what is counted there is hers to read."""
        if not self.open:
            return True
        mine = self.mine[self.mine["period"] == period]
        others = set(self.filed.loc[self.filed["period"] == period, "reported_by"]) - set(mine["reported_by"])
        return bool(others) and not mine["counted"].sum()

    def published(self, period: str) -> bool:
        """Whether the release says anything of the quarter here."""
        return contacts_published.total(self.release, self.country, period, self.quarters)[1] != Status.NOT_RELEASED

    def silence(self, period: str) -> Status:
        """What a cell is that others alone reported for: her own is missing, once theirs was published."""
        return Status.NOT_REPORTED if self.open and self.published(period) else Status.NOT_RELEASED


def seen(viewer: Viewer, house: House, country: str, version: int | None) -> Seen:
    """What she may read at a version, or now. Raises policy.Refused for whoever has no working reach."""
    policy.require(viewer, "view contacts")
    if policy.reach(viewer, "view coverage") < Reach.OWN_ORGANISATION:
        raise policy.Refused(_("This is read here by members; the public summary is at the front page."))
    known, scope = marts.as_of(house, version), policy.scope(viewer, "view contacts")
    stood = released.release(house, version)
    frame = rollups.at(house, TOTALS, known.version)
    if country:
        frame = frame[frame["country"] == country]
    # Who reported is no secret among members; to an enforcement body it is.
    listed = policy.scope(viewer, "view coverage")
    return Seen(
        known,
        scope,
        country,
        reaches(house, scope, country),
        within(frame, scope),
        frame if listed.everything else frame[frame["reported_by"].isin(listed.organisations)],
        not listed.everything,
        stood if stood and stood.cells else None,
    )


def within(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows that the scope holds, as `Scope.holds` says it."""
    if scope.everything:
        return frame
    return frame[frame["reported_by"].isin(scope.organisations) | frame["country"].isin(scope.countries)]


def value(rows: pd.DataFrame, hidden: Status | None) -> Cell:
    """The contacts of these rows of her scope, with what that cell is; `hidden`: what it is, being not hers to read."""
    return cell(rows["contacts"].sum(), rows["counted"].sum(), hidden)


def cell(contacts: float, counted: float, hidden: Status | None) -> Cell:
    """A sum of contacts over so many rows as a cell; `hidden` as in `value`."""
    if hidden is not None:
        return None, hidden
    if not counted:
        return None, Status.NOT_REPORTED
    return int(contacts), Status.VALUE if contacts else Status.ZERO
