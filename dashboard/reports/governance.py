"""How a country's mechanism is governed: its body, mandate, term and meetings, and who in it answers to women migrant
workers (R40, R43, R44, R114, R125). Never names a natural person."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, plan_register
from dashboard.reports.plan_register import Plan

ANSWERABLE = ("represents", "responds", "both")
"""The codes of `responds` that say that an organisation answers to women migrant workers."""
_CROSS = {
    "violence_plan": {
        "yes": N_("Those who know migration take part in this plan."),
        "partly": N_("Those who know migration take part in this plan in part."),
        "no": N_("Nobody who knows migration takes part in this plan."),
    },
    "migration_plan": {
        "yes": N_("Those who know violence against women take part in the plan on migration."),
        "partly": N_("Those who know violence against women take part in the plan on migration in part."),
        "no": N_("Nobody who knows violence against women takes part in the plan on migration."),
    },
}


@dataclass(frozen=True)
class Governance:
    """One country: what its register of plans says of the body that leads, as (what, words), and sentences beside."""

    country: str
    name: str
    terms: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


def governance(viewer: Viewer, house: House, *, country: str, version: int | None = None) -> Governance:
    """The terms of reference of the plan that is in force, and who answers to women migrant workers.

    Raises policy.Refused.
    """
    listed = plan_register.plans(viewer, house, country, version)
    lead = plan_register.nearest([p for p in listed if p.said("kind") == "violence_plan"])
    return Governance(
        country=country,
        name=house.library.title("countries", country),
        terms=_terms(house, lead) if lead else (),
        sentences=(*_answerable(viewer, house, country, version), *_cross(listed)),
    )


def _terms(house: House, lead: Plan) -> tuple[tuple[str, str], ...]:
    names = organisations.register(house)
    body = lead.said("steering_body")
    meetings = lead.said("meetings_a_year").split(".")[0]
    said = (
        (_("Plan"), lead.title if lead.verified else _("{name} (not verified)", name=lead.title)),
        (_("Led by"), names[body].name if body in names else body),
        (_("Mandate"), lead.said("steering_mandate")),
        (_("Chair and term"), lead.said("steering_term")),
        (
            _("Meetings"),
            n_("{count} a year", "{count} a year", int(meetings)) if meetings.isdigit() else "",
        ),
        (_("Structures"), lead.said("structures")),
    )
    return tuple((what, words) for what, words in said if words)


def _answerable(viewer: Viewer, house: House, country: str, version: int | None) -> tuple[str, ...]:
    """How many of those with a seat say that they represent women migrant workers or respond to them."""
    known, scope, _told = marts.readable(viewer, house, version)
    if not scope.everything:  # no release says it
        return ()
    frame = marts.known_in(house, "members", str(periods.of(viewer.today)), known.version, keep=40)
    seated = frame[(frame["country"] == country) & (frame["seat_status"] == "filled")]
    if seated.empty:
        return ()
    codes = seated["responds_to_women_migrant_workers"]
    many = int(codes.isin(ANSWERABLE).sum())
    unknown = int((~codes.isin((*ANSWERABLE, "neither"))).sum())
    said = n_(
        "Of {count} organisation with a seat, {answering} say that they represent or serve women migrant workers",
        "Of {count} organisations with a seat, {answering} say that they represent or serve women migrant workers",
        len(seated),
        answering=text.number(many),
    )
    return (
        _("{said}; of {unknown} it is not known.", said=said, unknown=text.number(unknown))
        if unknown
        else _("{said}.", said=said),
    )


def _cross(listed: list[Plan]) -> tuple[str, ...]:
    """Whether each plan has those at the table who know the other subject; of a plan not registered, nothing."""
    found = []
    for kind, words in _CROSS.items():
        lead = plan_register.nearest([p for p in listed if p.said("kind") == kind])
        if lead is not None and lead.said("cross_expertise") in words:
            found.append(_(words[lead.said("cross_expertise")]))
    return tuple(found)
