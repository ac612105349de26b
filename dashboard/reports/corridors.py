"""Corridors: which services stand at both ends, where the chain breaks, which agreement holds. Never counts a survivor.

A corridor is as good as the weaker of its two ends (R30, R82, R111): help that exists on one side only leaves a woman
alone on the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import agreements, coverage, marts, places
from dashboard.reports.agreements import Agreement
from dashboard.reports.coverage import Coverage
from dashboard.reports.entry import own_only
from dashboard.reports.places import Corridor

# Best first. Of two ends the worse one decides; silence is no answer, so it is better than a no and worse than a yes.
LINKS = {
    "open": N_("Open at both ends, whatever the status"),
    "restricted": N_("At both ends, with limits"),
    "not_known": N_("Not known at one end or at both"),
    "none": N_("Missing at one end or at both"),
}
LINK_MEANINGS = {
    "open": N_("At both ends somebody reports the service as open to women migrant workers whatever their status."),
    "restricted": N_("It exists at both ends, but at one of them in part, or not for every migrant woman."),
    "not_known": N_("Of one end at least nobody reported, or nobody could say; it may still exist."),
    "none": N_("At one end at least those who reported do not offer it, or only plan it."),
}
_MISSING = ("none", "planned")
_THERE = ("open", "restricted")
TRACKED = N_("Of the corridors that are tracked here; others exist.")


@dataclass(frozen=True)
class Line:
    """One corridor on the page of all: its links by service, and the agreement that speaks for it, if any."""

    corridor: Corridor
    title: str
    links: Mapping[str, str]
    agreement: Agreement | None

    def count(self, link: str) -> int:
        """For how many services the corridor is so linked (a key of LINKS)."""
        return sum(found == link for found in self.links.values())

    @property
    def strength(self) -> tuple[int, int, int]:
        """To sort by, the weakest first."""
        return self.count("open"), self.count("restricted"), -self.count("none")


@dataclass(frozen=True)
class Corridors:
    """One answer about all tracked corridors. `gaps` ranks services by how many corridors they break; `part` is what
    must be known by whoever does not read every agreement."""

    lines: tuple[Line, ...]
    table: Table
    gaps: Table
    answer: str
    finding: str
    period: str
    services: int
    part: str

    def at(self, origin: str, destination: str) -> Line | None:
        """The corridor from one country to another, where it is tracked."""
        ends = (origin, destination)
        return next((one for one in self.lines if (one.corridor.origin, one.corridor.destination) == ends), None)


def link(origin: str, destination: str) -> str:
    """How a service links the two ends, from its state at each (keys of coverage.STATES, "" where nobody reported)."""
    ends = (origin, destination)
    if any(end in _MISSING for end in ends):
        return "none"
    if not all(end in _THERE for end in ends):
        return "not_known"
    return "open" if all(end == "open" for end in ends) else "restricted"


def links(found: Coverage, corridor: Corridor) -> dict[str, str]:
    """The link of each service of a corridor, by the service's code; of an end that is not shown nobody reported."""
    ends = []
    for side, country in (("origin", corridor.origin), ("destination", corridor.destination)):
        name = f"{side}:{country}"
        shown = name in found.matrix.frame.columns
        ends.append(found.matrix.cells(name)[0] if shown else [""] * len(found.matrix.frame))
    return {str(code): link(*pair) for code, *pair in zip(found.matrix.frame.index, *ends, strict=True)}


def corridors(
    viewer: Viewer,
    house: House,
    *,
    country: str = "",
    period: str = "",
    framework: str = "",
    version: int | None = None,
) -> Corridors:
    """All tracked corridors, or those that touch `country`, the weakest first.

    A country, quarter or framework that there is not counts as none chosen. Raises policy.Refused.
    """
    period = period if period in coverage.reported_periods(viewer, house, version) else ""
    found = coverage.coverage(viewer, house, period=period, framework=framework, version=version)
    known, hers = agreements.registered(viewer, house, version), own_only(viewer)
    tracked = places.corridors(house, periods.parse(found.period).end)
    if any(country in (c.origin, c.destination) for c in tracked):
        tracked = [c for c in tracked if country in (c.origin, c.destination)]
    lines = [
        Line(c, places.corridor_title(house, c), links(found, c), next(iter(known.get(c.code, ())), None))
        for c in tracked
    ]
    lines.sort(key=lambda line: (line.strength, line.title))
    services = len(found.matrix.frame)
    caveats = (_(TRACKED), *found.matrix.caveats)
    return Corridors(
        lines=tuple(lines),
        table=replace(
            _table(house, found, lines, hers), caveats=(*caveats, *filter(None, (_(agreements.CAVEAT), hers)))
        ),
        gaps=replace(_gaps(house, found, lines), caveats=caveats),
        answer=_answer(lines, services, hers),
        finding=_finding(lines, services),
        period=found.period,
        services=services,
        part=hers,
    )


def _answer(lines: list[Line], services: int, hers: str) -> str:
    """What holds on all corridors together, in two sentences."""
    if not lines:
        return _("No corridor is tracked here.")
    whole = sum(line.count("open") == services for line in lines)
    every = [line.agreement for line in lines if line.agreement and line.agreement.holds]
    held = [agreement for agreement in every if agreement.verified]
    named = sum(agreement.clause("clause_violence") == "yes" for agreement in held)
    first = n_(
        "Of {count} corridor tracked, {whole} has every service reported as open at both ends.",
        "Of {count} corridors tracked, {whole} have every service reported as open at both ends.",
        len(lines),
        whole=whole or _("none"),
    )
    if hers:
        return " ".join((first, *_of_those_read(every, len(held), named), hers))
    if not every:
        return _("{first} No agreement in force is registered.", first=first)
    if len(held) < len(every):
        first = n_(
            "{first} Of {count} agreement it is registered, and not verified, that it is in force.",
            "{first} Of {count} agreements it is registered, and not verified, that they are in force.",
            len(every) - len(held),
            first=first,
        )
    if not held:
        return first
    return n_(
        "{first} On {count} an agreement is in force, {named} of them with a clause on violence and harassment.",
        "{first} On {count} an agreement is in force, {named} of them with a clause on violence and harassment.",
        len(held),
        first=first,
        named=named or _("none"),
    )


def _of_those_read(every: list[Agreement], held: int, named: int) -> list[str]:
    """What the agreements say that somebody reads who does not read all: on how many corridors, never of how many."""
    said = []
    if len(every) > held:
        said.append(
            n_(
                "On {count} corridor an agreement that you read is registered as in force, which is not verified.",
                "On {count} corridors an agreement that you read is registered as in force, which is not verified.",
                len(every) - held,
            )
        )
    if held:
        said.append(
            n_(
                "On {count} corridor an agreement that you read is in force, {named} of them with a clause on violence"
                " and harassment.",
                "On {count} corridors an agreement that you read is in force, {named} of them with a clause on violence"
                " and harassment.",
                held,
                named=named or _("none"),
            )
        )
    return said


def _finding(lines: list[Line], services: int) -> str:
    """The strongest corridor and the weakest, in one sentence."""
    if not lines:
        return ""
    weak, strong = lines[0], lines[-1]
    if weak.strength == strong.strength:
        return n_(
            "{title}: {count} of {services} services is open at both ends",
            "{title}: {count} of {services} services are open at both ends",
            weak.count("open"),
            title=weak.title if len(lines) == 1 else _("Every corridor"),
            services=services,
        )
    return _(
        "{strong} has {high} of {services} services open at both ends, {weak} {low}",
        strong=strong.title,
        high=text.number(strong.count("open")),
        services=services,
        weak=weak.title,
        low=text.number(weak.count("open")),
    )


def _table(house: House, found: Coverage, lines: list[Line], hers: str) -> Table:
    columns = (
        Column("corridor", _("Corridor")),
        Column("agreement", _("Agreement")),
        Column("violence", _("Clause on violence")),
        *(Column(name, _(title), unit=_("services"), numeric=True) for name, title in LINKS.items()),
        Column("flow", _("Migrant workers")),
    )
    rows, marks = [], []
    for line in lines:
        clause = line.agreement.clause("clause_violence") if line.agreement else ""
        rows.append(
            {
                "corridor": line.title,
                "agreement": agreements.state_words(house, line.agreement, hers),
                "violence": house.library.title("clause_states", clause) if clause else "",
                **{name: line.count(name) for name in LINKS},
                "flow": flow(house, line.corridor),
            }
        )
        mark = {c.name: Status.ZERO if c.numeric and not rows[-1][c.name] else Status.VALUE for c in columns}
        if not rows[-1]["flow"]:
            mark["flow"] = Status.NOT_REPORTED
        if clause and line.agreement and not line.agreement.verified:
            clause = "not_verified"
        if clause == "not_verified":
            mark["violence"] = Status.NOT_VERIFIED
            rows[-1]["violence"] = ""
        elif not clause:
            mark["violence"] = Status.NOT_SHOWN if hers else Status.NOT_APPLICABLE
        marks.append(mark)
    names, codes = [c.name for c in columns], [line.corridor.code for line in lines]
    return Table(
        title=_("Corridors: services at both ends, and the agreement"),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names, index=codes, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=codes, dtype=object),
        as_of=found.matrix.as_of,
        source=_("{coverage}; {agreements}", coverage=_(coverage.SOURCE), agreements=_(agreements.SOURCE)),
        period=periods.parse(found.period).label,
    )


def _gaps(house: House, found: Coverage, lines: list[Line]) -> Table:
    """Services by how many corridors they break (R19, R30), the worst first; then by how many nobody knows."""
    columns = (
        Column("group", _("Ranked")),
        Column("service", _("Service")),
        *(Column(name, _(title), unit=_("corridors"), numeric=True) for name, title in LINKS.items()),
    )
    services = house.library.codes["services"]
    titles = dict(zip(found.matrix.frame.index, found.matrix.cells("service")[0], strict=True))
    ranked = _("Those that break most corridors first")
    rows: list[dict[str, Any]] = []
    for code, long in titles.items():
        named = services.get(str(code))
        title = (named.attributes.get("short_title") if named else "") or long
        counted = {name: sum(line.links[str(code)] == name for line in lines) for name in LINKS}
        rows.append({"code": code, "group": ranked, "service": title, **counted})
    rows.sort(key=lambda row: (-row["none"], -row["not_known"], str(row["service"])))
    names = [c.name for c in columns]
    frame = pd.DataFrame(rows, columns=["code", *names]).set_index("code")
    unsure = {
        str(code)
        for code, status in zip(found.matrix.frame.index, found.matrix.cells("service")[1], strict=True)
        if status == Status.NOT_VERIFIED
    }
    statuses = frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE).astype(object)
    statuses.loc[[code for code in frame.index if code in unsure], "service"] = Status.NOT_VERIFIED
    return Table(
        title=_("Services by the corridors that they hold or break"),
        columns=columns,
        frame=frame,
        statuses=statuses,
        as_of=found.matrix.as_of,
        source=_(coverage.SOURCE),
        period=periods.parse(found.period).label,
    )


def flow(house: House, corridor: Corridor) -> str:
    """How many go, with unit, sex and time as the source has them; "" where no figure with a source is known."""
    code = house.library.codes["corridors"].get(corridor.code)
    said = dict(code.attributes) if code else {}
    if not said.get("figure"):
        return ""
    figure, sex = str(said["figure"]), said.get("figure_sex", "")
    return _(
        "{figure} {unit}, {period}, {sex}",
        figure=text.number(float(figure)) if figure.replace(".", "", 1).isdigit() else figure,
        unit=said.get("figure_unit", ""),
        period=said.get("figure_period", ""),
        sex={"both": _("both sexes"), "women": _("women"), "men": _("men")}.get(sex, sex or _("sex not said")),
    )


def tracked(viewer: Viewer, house: House, version: int | None = None) -> list[tuple[str, str]]:
    """The countries that a tracked corridor touches, as (code, name). Raises policy.Refused."""
    marts.readable(viewer, house, version)
    ends = {end for c in places.corridors(house, viewer.today) for end in (c.origin, c.destination)}
    return sorted(((c, house.library.title("countries", c)) for c in ends), key=lambda pair: pair[1].casefold())
