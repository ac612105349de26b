"""One corridor: what holds for a woman at both ends, and where it breaks. Never counts a survivor by itself.

What is counted of survivors, the cases that went on after return, comes from the indicator that counts them, with its
caveat and within the viewer's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import agreements, contact_words, corridors, coverage, indicators, places, register_rows
from dashboard.reports.agreements import Agreement
from dashboard.reports.coverage import Coverage
from dashboard.reports.entry import own_only
from dashboard.reports.places import Corridor

CONTINUED = "P-CON-1"
"""The indicator that counts cases with legal support that went on after return (R95)."""
_WAY = ("from_sector", "to_sector", "referral_type", "availability", "migrant_organisation", "risks_explained")
"""What is told of a way of referral."""
LINK = "link:"
"""How the values of the column `link` begin: the same keys as of a service, with other words."""
_EMBASSY = {"embassy_on_arrival": N_("On arrival"), "embassy_on_return": N_("On return")}


@dataclass(frozen=True)
class Ends:
    """One answer about a corridor. `services` has a column for each end and one for the link between them.

    `continued` is None where nothing that this viewer may see was counted for the corridor, and `continued_hidden` says
    whether that is because she may not; `clauses` is None where no agreement is registered. `part` is what must be
    known by whoever does not read every register.
    """

    corridor: Corridor
    title: str
    services: Table
    counts: dict[str, int]
    weakest: tuple[str, ...]
    agreements: tuple[Agreement, ...]
    clauses: Table | None
    embassies: tuple[str, ...]
    pathways: Table | None
    continued: Table | None
    continued_hidden: bool
    answer: str
    finding: str
    flow: str
    flow_source: str
    period: str
    part: str


def known(house: House, viewer: Viewer, origin: str, destination: str) -> Corridor | None:
    """The tracked corridor between two countries, by their codes in capitals."""
    pair = (origin, destination)
    return next((c for c in places.corridors(house, viewer.today) if (c.origin, c.destination) == pair), None)


def corridor(
    viewer: Viewer, house: House, chosen: Corridor, *, period: str = "", framework: str = "", version: int | None = None
) -> Ends:
    """What is known of a corridor in a quarter. A quarter or framework that there is not counts as none chosen.

    Raises policy.Refused.
    """
    period = period if period in coverage.reported_periods(viewer, house, version) else ""
    found = coverage.coverage(viewer, house, period=period, framework=framework, corridor=chosen.code, version=version)
    linked = corridors.links(found, chosen)
    counts = {name: sum(link == name for link in linked.values()) for name in corridors.LINKS}
    listed = tuple(agreements.registered(viewer, house, version).get(chosen.code, ()))
    services = _services(found, chosen, linked)
    weakest = tuple(
        title
        for title, link in zip(services.cells("service")[0], services.cells("link")[0], strict=True)
        if link == LINK + "none"
    )
    code, hers = house.library.codes["corridors"].get(chosen.code), own_only(viewer)
    return Ends(
        corridor=chosen,
        title=places.corridor_title(house, chosen),
        services=services,
        counts=counts,
        weakest=weakest,
        agreements=listed,
        clauses=agreements.clauses(viewer, house, list(listed), version) if listed else None,
        embassies=_embassies(house, listed),
        pathways=_pathways(viewer, house, chosen, version),
        continued=_continued(viewer, house, chosen, version),
        continued_hidden=not contact_words.reaches(house, policy.scope(viewer, "view contacts"), chosen.origin),
        answer=_answer(house, counts, listed, len(linked), hers),
        finding=_finding(counts, weakest, len(linked)),
        flow=corridors.flow(house, chosen),
        flow_source=code.source if code else "",
        period=found.period,
        part=hers,
    )


def _services(found: Coverage, chosen: Corridor, linked: dict[str, str]) -> Table:
    """The services of the corridor with the link of each, the broken ones first."""
    columns = [*found.matrix.columns, Column("link", _("Between the ends"))]
    frame, statuses = found.matrix.frame.copy(), found.matrix.statuses.copy()
    frame["link"] = [LINK + linked[str(code)] for code in frame.index]
    statuses["link"] = Status.VALUE
    worst = ["none", "not_known", "restricted", "open"]
    order = sorted(range(len(frame)), key=lambda n: worst.index(linked[str(frame.index[n])]))
    return replace(
        found.matrix,
        title=_("Services at both ends, the broken links first"),
        columns=tuple(columns),
        frame=frame.iloc[order],
        statuses=statuses.iloc[order],
    )


def _embassies(house: House, listed: Sequence[Agreement]) -> tuple[str, ...]:
    """Whether a woman is put in touch with her embassy, on arrival and on return, as registered (R112)."""
    said = []
    for agreement in listed:
        if not agreement.holds:
            continue
        for field, words in _EMBASSY.items():
            answer = agreement.said(field)
            said.append(
                _(
                    "{when}: {answer} ({agreement}).",
                    when=_(words),
                    answer=house.library.title("answers", answer).lower() if answer else _("not reported"),
                    agreement=agreement.title
                    if agreement.verified
                    else _("{name} (not verified)", name=agreement.title),
                )
            )
    return tuple(said)


def _pathways(viewer: Viewer, house: House, chosen: Corridor, version: int | None) -> Table | None:
    """The ways of referral that lead along the corridor (R90, R91), as registered; None where none is."""
    read = register_rows.rows(viewer, house, "pathways", version)
    raw = read.raw[read.raw["corridor"] == chosen.code]
    if raw.empty:
        return None
    fields = [read.contract.field(name) for name in _WAY]
    marks = [
        {field.name: register_rows.status(read.contract, field, row, viewer.today) for field in fields}
        | ({_WAY[0]: Status.NOT_VERIFIED} if register_rows.unverified(row) else {})
        for row in raw.to_dict("records")
    ]
    return Table(
        title=_("Ways of referral along this corridor"),
        columns=tuple(Column(field.name, _(field.title)) for field in fields),
        frame=read.words.loc[raw.index, list(_WAY)],
        statuses=pd.DataFrame(marks, columns=list(_WAY), index=raw.index, dtype=object),
        as_of=read.as_of,
        caveats=read.told,
        source=_(agreements.SOURCE),
    )


def _continued(viewer: Viewer, house: House, chosen: Corridor, version: int | None) -> Table | None:
    """Cases that went on after return, as the country of origin reported them for this corridor, by quarter (R95)."""
    if CONTINUED not in house.library.indicators:
        return None
    ways = {by: quarters for by, _words, quarters in indicators.breakdowns(
        viewer, house, CONTINUED, country=chosen.origin, version=version
    )}  # fmt: skip
    rows: list[dict[str, Any]] = []
    marks: list[dict[str, Status]] = []
    last: Table | None = None
    for quarter in sorted(ways.get("corridor", ()))[-4:]:
        last = indicators.breakdown(
            viewer, house, CONTINUED, country=chosen.origin, period=quarter, by="corridor", version=version
        )
        for code in (chosen.code, "all"):
            if code in last.frame.index:
                rows.append({"period": periods.parse(quarter).label, "cases": last.frame.at[code, "value"]})
                marks.append({"period": Status.VALUE, "cases": Status(str(last.statuses.at[code, "value"]))})
                break
    if last is None or not rows:
        return None
    columns = (Column("period", _("Quarter")), Column("cases", _("Cases"), unit=_("cases"), numeric=True))
    return Table(
        title=_("Cases with legal support that went on after return"),
        columns=columns,
        frame=pd.DataFrame(rows, columns=["period", "cases"], dtype=object),
        statuses=pd.DataFrame(marks, columns=["period", "cases"], dtype=object),
        as_of=last.as_of,
        caveats=last.caveats,
        source=last.source,
    )


def _answer(house: House, counts: dict[str, int], listed: Sequence[Agreement], services: int, hers: str) -> str:
    held = next((a for a in listed if a.holds), None)
    if held and not held.verified:
        said = _("An agreement is registered as in force; that is not verified.")
    elif held:
        clause = held.clause("clause_violence")
        said = _(
            "An agreement is in force; on violence and harassment its text says: {clause}.",
            clause=house.library.title("clause_states", clause).lower(),
        )
    elif listed:
        state = agreements.state_words(house, listed[0]).lower()
        said = (
            _("Of the agreements that you read, none is in force: {state}.", state=state)
            if hers
            else _("No agreement is in force: {state}.", state=state)
        )
    else:
        said = "" if hers else _("No agreement is registered.")
    return _(
        "{said} Services: {count} of {services} open at both ends, {broken} missing at one end or both.",
        said=" ".join(filter(None, (said, hers))),
        count=counts["open"] or _("none"),
        services=services,
        broken=counts["none"] or _("none"),
    )


def _finding(counts: dict[str, int], weakest: Sequence[str], services: int) -> str:
    if counts["not_known"] == services:
        return _("Nobody has reported on both ends yet")
    if not weakest:
        return _("No link is reported as broken")
    if len(weakest) == 1:
        return _("The weakest link: {service}", service=weakest[0])
    return n_(
        "The weakest links: {service} and {count} other",
        "The weakest links: {service} and {count} others",
        len(weakest) - 1,
        service=weakest[0],
    )
