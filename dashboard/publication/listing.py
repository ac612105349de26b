"""What whoever releases is told: what is public, what waits for her, what it changes. Never an unprotected count.

Every number here is one that a release says or would say: of a draft that the attack refused, none is shown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.people.accounts import OPERATOR
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import absence, attacking, drafting, folders, ledger, release, withdrawing
from dashboard.publication.attacking import Report
from dashboard.publication.drafting import Progress
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import contact_words, contacts, released, reporting, submissions
from dashboard.reports.released import TOTAL, Cell, Key

STATES = {
    "drafted": N_("Draft, not public"),
    "refused": N_("Draft that cannot be published"),
    "published": N_("Public"),
    "withdrawn": N_("Withdrawn"),
    "dropped": N_("Dropped"),
}
QUARTERS = 5
"""So many of the newest quarters are shown of a draft; the page and its tables have all."""
NAMED = 20
"""So many cells, or files, are named one by one."""


@dataclass(frozen=True)
class One:
    """A release: which figures it is of, what became of it, who published it, how many counts it shows and hides.

    `day` is when it was published, or drafted; `renewed` when the same figures were last published again, and
    `renewed_by` who did that, "" where the dashboard did it of itself.
    """

    release_id: str
    state: str
    day: date
    figures_on: date
    period: str
    by: str
    note: str
    withdrawn_note: str
    visible: int
    hidden: int
    sha256: str
    renewed: date | None = None
    renewed_by: str = ""

    @property
    def state_words(self) -> str:
        return _(STATES[self.state])


@dataclass(frozen=True)
class Draft:
    """A draft that waits for a decision. `found` names what the attack found; `totals` and `changes` are empty then."""

    one: One
    report: Report
    found: tuple[str, ...]
    totals: Table | None
    changes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Releases:
    """Everything on the page: what stands, what waits or is made, what came since, and the former ones, newest first.

    `since` are sentences about files; `failed` says why the last draft could not be made, `undone` what of the public
    summary could not be brought in line with the record.
    """

    standing: One | None
    draft: Draft | None
    progress: Progress | None
    failed: str
    undone: str
    since: tuple[str, ...]
    former: tuple[One, ...]
    threshold: int
    contributors: int


def releases(viewer: Viewer, house: House) -> Releases:
    """All of it. Raises policy.Refused for whoever may not release."""
    policy.require(viewer, "release")
    rows = released.listing(house)
    stands = released.standing(house)
    waiting = next((row for row in rows if row["state"] in released.UNDECIDED), None)
    former, made = _former(house, rows), drafting.progress(viewer, house)
    running = made if made is not None and made.running else None
    return Releases(
        standing=next((one for one in former if stands and one.release_id == stands["release_id"]), None),
        draft=_draft(house, waiting, stands) if waiting else None,
        progress=running,
        failed=made.failed if made is not None and running is None and waiting is None else "",
        undone=drafting.desk(house).undone,
        since=() if waiting or running else tuple(_since(viewer, house, stands)),
        former=former,
        threshold=house.library.rules.threshold,
        contributors=house.library.rules.contributors,
    )


def _one(house: House, row: Mapping[str, Any], renewed: date | None = None, renewed_by: str = "") -> One:
    told = json.loads(row["told"] or "{}")
    on = released.figures_on(dict(row))
    moment: datetime = row["published_at"] or row["drafted_at"]
    return One(
        row["release_id"],
        row["state"],
        moment.astimezone(UTC).date(),
        on,
        periods.last_ended(on).label,
        _name(house, row["published_by"] or row["by_account"]),
        _(row["note"]) if row["note"] else "",
        row["withdrawn_note"] or "",
        told.get("visible", 0),
        told.get("hidden", 0),
        row["sha256"],
        renewed,
        renewed_by,
    )


def _name(house: House, account_id: str) -> str:
    found = house.store.read("select name from account_now where account_id = $id", id=account_id)
    return found[0]["name"] if found else _("Operator")


def _former(house: House, rows: Sequence[Mapping[str, Any]]) -> tuple[One, ...]:
    """What was ever public, newest first. Of the same figures that stand or were withdrawn together, the last one."""
    found: dict[tuple[ledger.Figures, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["published_in"]:
            found.setdefault((ledger.figures(row), row["state"]), []).append(row)
    listed = []
    for same in found.values():
        same.sort(key=lambda row: int(row["published_in"]))
        first, last = same[0], same[-1]
        renewed = ledger.published_on(last) if len(same) > 1 else None
        itself = last["published_by"] == OPERATOR and last["note"] in withdrawing.NOTES
        by = "" if renewed is None or itself else _name(house, last["published_by"])
        of_first = {name: first[name] for name in ("published_at", "published_by", "note")}
        listed.append((int(last["published_in"]), _one(house, {**last, **of_first}, renewed, by)))
    return tuple(one for _at, one in sorted(listed, key=lambda pair: pair[0], reverse=True))


# --- a draft ---


def _draft(house: House, row: Mapping[str, Any], stands: Mapping[str, Any] | None) -> Draft:
    report = release.report(dict(row))
    found = tuple(release.narrowed(house, report))
    if row["state"] != "drafted":
        return Draft(_one(house, row), report, found, None, ())
    cells = released.cells(folders.place(house.settings.releases, row["folder"], row["state"]))
    before = released.release(house) if stands else None
    changes = ledger.changes(before.cells if before else None, cells)
    return Draft(_one(house, row), report, found, _totals(house, row, cells), _changed(house, changes, cells))


def _totals(house: House, row: Mapping[str, Any], cells: Mapping[Key, Cell]) -> Table:
    """All contacts of each country in the newest quarters and the newest whole year, as they would be public.

    The newest quarter comes first: it is what a draft brings, and what lies outside a narrow screen is not looked at.
    """
    totals = {(key[0], key[4]): cell for key, cell in cells.items() if key[1:4] == (TOTAL,) * 3}
    years = sorted({period for _place, period in totals if "-Q" not in period})[-1:]
    shown = [*sorted({period for _place, period in totals if "-Q" in period}, reverse=True)[:QUARTERS], *years]
    places = sorted(
        {place for place, _period in totals}, key=lambda p: (p != TOTAL, contact_words.place(house, p).casefold())
    )
    columns = (
        Column("country", _("Country")),
        *(Column(p, periods.parse(p).label if "-Q" in p else p, numeric=True) for p in shown),
    )
    names = [column.name for column in columns]
    values = [[_("All countries") if p == TOTAL else contact_words.place(house, p)] for p in places]
    marks: list[list[Status]] = [[Status.VALUE] for _p in places]
    for n, place in enumerate(places):
        for period in shown:
            count, status = totals.get((place, period), (None, absence.status(period, None)))
            values[n].append(count)  # type: ignore[arg-type]
            marks[n].append(status)
    return Table(
        title=_("All contacts, by country and quarter, the newest first"),
        columns=columns,
        frame=pd.DataFrame(values, columns=names, index=places, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=places, dtype=object),
        as_of=AsOf(row["as_of_version"], row["drafted_at"]),
        caveats=(_(house.library.title("caveats", contact_words.CAVEAT)), _(contact_words.TWICE)),
        source=_(contacts.SOURCE),
    )


def _changed(
    house: House, changes: ledger.Changes, cells: Mapping[Key, Cell]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the draft changes, as (heading, sentences); a heading without sentences says all."""
    if not changes.former:
        return ()
    found: list[tuple[str, tuple[str, ...]]] = []
    fresh = Counter(key[4] for key in changes.new)
    said = []
    for period, count in sorted(fresh.items(), reverse=True):
        hidden = sum(cells[key][1] == Status.SUPPRESSED for key in changes.new if key[4] == period)
        label = periods.parse(period).label if "-Q" in period else period
        said.append(
            n_(
                "{period}: {count} count, {hidden} of them hidden",
                "{period}: {count} counts, {hidden} of them hidden",
                count,
                period=label,
                hidden=text.number(hidden),
            )
        )
    if said:
        found.append((_("New"), tuple(said)))
    if changes.revised:
        told = [
            _(
                "{cell}: {new}, before {old}",
                cell=attacking.named(house, key),
                new=text.number(new),
                old=text.number(old),
            )
            for key, old, new in _ordered(changes.revised)
        ]
        found.append((_("Corrected, because a later file said so"), _first(told)))
    if changes.pending:
        told = [attacking.named(house, key) for key in sorted(changes.pending)]
        found.append((_("Kept as they were, marked “revision pending”: the correction alone would give somebody away"),
                      _first(told)))  # fmt: skip
    if changes.gone:
        told = [attacking.named(house, key) for key in sorted(changes.gone)]
        found.append((_("No longer said"), _first(told)))
    if not found:
        found.append((_("No count of contacts changes"), ()))
    rest = _("All other figures are told as the record holds them now; look at the page as everybody will see it.")
    return (*found, (_("The rest of the page"), (rest,)))


def _ordered(revised: Sequence[tuple[Key, int, int]]) -> list[tuple[Key, int, int]]:
    """Totals before what they are made of, newest first."""
    by_period = sorted(revised, key=lambda change: change[0][4], reverse=True)
    return sorted(by_period, key=lambda change: sum(part != TOTAL for part in change[0]))


def _first(sentences: list[str]) -> tuple[str, ...]:
    more = len(sentences) - NAMED
    if more <= 0:
        return tuple(sentences)
    return (*sentences[:NAMED], n_("and {count} more", "and {count} more", more))


# --- what came since ---


def _since(viewer: Viewer, house: House, stands: Mapping[str, Any] | None) -> list[str]:
    """What moved in the record since the figures that are public, in files and quarters; never in counts."""
    version = int(stands["as_of_version"]) if stands else 0
    rows = house.store.read(
        "select dataset, organisation_code, period, since from accepted where since > $version and until is null"
        " order by period desc, organisation_code",
        version=version,
    )
    last = periods.last_ended(viewer.today)
    said = []
    if stands and str(last) > str(periods.last_ended(released.figures_on(dict(stands)))):
        said.append(_("{quarter} has ended.", quarter=last.label))
    by = Counter(row["dataset"] for row in rows)
    if by:
        parts = [
            n_(
                "{count} file of “{title}”",
                "{count} files of “{title}”",
                count,
                title=submissions.title(house, dataset),
            )
            for dataset, count in by.most_common()
        ]
        said.append(_("Accepted and not public yet: {files}.", files=text.words(parts)))
    corrected = [
        _("{organisation}, {quarter}", organisation=organisations.told_apart(house, row["organisation_code"]),
          quarter=periods.parse(row["period"]).label)
        for row in rows
        if stands and row["dataset"] == contacts.DATASET
        and row["period"] <= str(periods.last_ended(released.figures_on(dict(stands))))
    ]  # fmt: skip
    if corrected:
        said.append(_("Contacts of quarters that are public already: {files}.", files="; ".join(_first(corrected))))
    files = reporting.reporting(viewer, house, period=str(last)).files
    for state, words in (
        ("missing", N_("Contacts for {quarter} have not come from: {names}.")),
        ("returned", N_("Contacts for {quarter} were returned to be mended, to: {names}.")),
    ):
        named = [
            organisations.told_apart(house, f.organisation_code)
            for f in files
            if f.dataset == contacts.DATASET and f.state == state
        ]
        if named:
            said.append(_(words, quarter=last.label, names="; ".join(_first(sorted(named)))))
    return said
