"""What somebody who takes a seat over must know: the mechanism, her part in it, what is expected of her organisation.

Never names who had the seat before, nor any other person: organisations are named, and what they sent and agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.coordination.together import PLANNED
from dashboard.intake.senders import may_send
from dashboard.people import organisations, roster
from dashboard.protection import policy
from dashboard.protection.policy import Reach, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.text import N_, _, day, n_, number, words
from dashboard.reports import actions, members, reporting, since
from dashboard.reports.action_names import names_at
from dashboard.reports.actions import UNFINISHED, Action
from dashboard.reports.reporting import Expected

FORMER = 4
"""So many quarters of what her organisation sent are told."""

REACHES = {
    Reach.NONE: N_("no"),
    Reach.RELEASE: N_("what was published"),
    Reach.OWN_ORGANISATION: N_("your own organisation's"),
    Reach.OWN_COUNTRY: N_("your country's"),
    Reach.ALL: N_("all"),
}
RIGHTS = (
    "view coverage",
    "view actions",
    "change actions",
    "view contacts",
    "view submissions",
    "send submissions",
    "review submissions",
)
"""What a member asks first whether she may; the order of the list."""

TERMS = {
    N_("Mechanism"): N_(
        "The ministries, services, unions, organisations and embassies that carry out the plan together."
    ),
    N_("Survivor"): N_(
        "A woman who lived through violence. What is done is told from her side; nothing here is about one."
    ),
    N_("Contact"): N_(
        "One time that somebody turned to a service or office, and was counted. Not a woman, and not a case: one woman"
        " may be several contacts, most are none. More contacts may mean better access, and never by themselves more"
        " violence."
    ),
    N_("Corridor"): N_(
        "The way from a country of origin to a country of destination; what helps her must hold at both ends."
    ),
    N_("Indicator, baseline, milestone, target"): N_(
        "What the plan is measured by; where it began; what was agreed on the way; what is to be reached at its end."
        " A count of contacts has no target."
    ),
    N_("Action"): N_(
        "What the committee agreed that somebody does, by when, and what it changes for the survivor. One organisation"
        " leads and answers for it, others support."
    ),
    N_("File, review, accepted"): N_(
        "Reports come as files. Each is checked at once, handed in, and read by the coordinating body, which accepts it"
        " or returns it with a comment. What was accepted counts; a corrected file takes the place of the former one."
    ),
    N_("As it stood"): N_(
        "Each page can be read as on the day of a meeting, so that two people look at the same figures."
    ),
    N_("Released, hidden"): N_(
        "Small counts could lead to a woman, so they are hidden in public, and others with them that would give them"
        " away. Inside, counts of contacts are for people with a training, each for her own part."
    ),
    N_("Not reported, zero"): N_(
        "Nobody has said anything, or somebody counted and there was none. They are never the same."
    ),
}
"""The words that are met first, each with what it means here."""


@dataclass(frozen=True)
class Right:
    """One thing that people may do, and how far it goes for this viewer, both in words."""

    what: str
    reach: str
    held: bool


@dataclass(frozen=True)
class Other:
    """A dataset that her organisation may send and that comes at other times than every quarter."""

    contract: Contract
    when: str


@dataclass(frozen=True)
class Sent:
    """What her organisation sent for one quarter: how many of the expected files are in, and how many came in time."""

    quarter: str
    said: str


@dataclass(frozen=True)
class Welcome:
    """One answer. Of a viewer without an organisation `owed`, `led`, `supported` and `sent` are empty.

    `owed` are the files of the last quarter and `due_next` the last day for those of the running one. `led` and
    `supported` are open actions, what is late first.
    """

    organisation: str
    country: str
    country_name: str
    mechanism: tuple[str, ...]
    met: str
    since: str
    rights: tuple[Right, ...]
    limits: tuple[str, ...]
    quarter: str
    owed: tuple[Expected, ...]
    next_quarter: str
    due_next: date | None
    others: tuple[Other, ...]
    led: tuple[Action, ...]
    supported: tuple[Action, ...]
    sent: tuple[Sent, ...]
    coordinating: tuple[str, ...]
    answer: str


def welcome(viewer: Viewer, house: House) -> Welcome:
    """What a new member reads first. Raises policy.Refused for whoever has no role."""
    policy.require(viewer, "view actions")
    own = viewer.organisation_code
    place = viewer.country or (organisations.country_of(house, own) if own else "")
    last = periods.last_ended(viewer.today)
    this = periods.of(viewer.today)
    files = reporting.over(viewer, house, quarters=[str(last.shifted(-n)) for n in range(FORMER)], country=place)
    mine = [[f for f in quarter.files if f.organisation_code == own] for quarter in files]
    owed = tuple(sorted(mine[0], key=lambda f: (f.standing not in ("missing", "returned"), f.title))) if own else ()
    open_ones = actions.actions(viewer, house, state=UNFINISHED, mine=True).rows if own else ()
    led = tuple(a for a in open_ones if a.lead == own)
    names = names_at(house, house.store.head().figures)
    met, address = _met(viewer, house, place)
    return Welcome(
        organisation=names.organisation(own) if own else "",
        country=place,
        country_name=house.library.title("countries", place) if place else "",
        mechanism=_mechanism(viewer, house, place),
        met=met,
        since=address,
        rights=_rights(viewer),
        limits=_limits(viewer),
        quarter=last.label,
        owed=owed,
        next_quarter=this.label,
        due_next=max((reporting.due_on(house.library.contracts[f.dataset], str(this)) for f in owed), default=None),
        others=_others(viewer, house, own, place),
        led=led,
        supported=tuple(a for a in open_ones if a.lead != own),
        sent=_sent(files, mine) if own else (),
        coordinating=_coordinating(viewer, house, place),
        answer=_answer(names.organisation(own) if own else "", owed, led, last.label),
    )


def _answer(organisation: str, owed: tuple[Expected, ...], led: tuple[Action, ...], quarter: str) -> str:
    if not organisation:
        return _("You act for no single organisation: what waits for you stands on the overview.")
    due = [f for f in owed if f.standing in ("missing", "not_due", "returned")]
    late = sum(a.days_overdue > 0 for a in led)
    return _(
        "{organisation}: {files} for {quarter}, and {actions}, {late}.",
        organisation=organisation,
        quarter=quarter,
        files=n_("{count} report is still to be sent", "{count} reports are still to be sent", len(due)),
        actions=n_("it leads {count} open action", "it leads {count} open actions", len(led)),
        late=n_("{count} of them late", "{count} of them late", late),
    )


def _mechanism(viewer: Viewer, house: House, place: str) -> tuple[str, ...]:
    """What the mechanism is: in general, and in her country in figures."""
    said = [
        _(
            "The mechanism brings together everybody who carries out the national action plan on ending violence"
            " against women, with women migrant workers in view, in countries of origin and of destination. It meets,"
            " agrees on actions, and looks at what was reported. This dashboard is its common desk: counts and"
            " registers, and never a record about a person."
        )
    ]
    found = members.members(viewer, house, country=place) if place else None
    if found is not None and place in found.countries:
        filled = int((found.seats.frame[place] == "filled").sum())
        said.append(
            n_(
                "In {country} {filled} of the {count} category of stakeholders has a filled seat.",
                "In {country} {filled} of the {count} categories of stakeholders have a filled seat.",
                len(found.seats.frame),
                country=house.library.title("countries", place),
                filled=number(filled),
            )
        )
    return tuple(said)


def _met(viewer: Viewer, house: House, place: str) -> tuple[str, str]:
    """When the committee last met and meets next, and where to read what changed; empty where none is known."""
    if not place or not policy.scope(viewer, "view actions").holds(country=place):
        return "", ""
    rows = house.store.read(
        "select meeting_id, held_on, as_of_version, state from meeting_now where not withdrawn and country = $country"
        " order by held_on, meeting_id",
        country=place,
    )
    held = [row for row in rows if row["held_on"] <= viewer.today and row["as_of_version"]]
    planned = [row for row in rows if row["held_on"] >= viewer.today and row["state"] == PLANNED]
    said = [
        *([_("The committee last met on {day}.", day=day(held[-1]["held_on"]))] if held else []),
        *([_("It meets next on {day}.", day=day(planned[0]["held_on"]))] if planned else []),
    ]
    return " ".join(said), since.address(place, f"meeting:{held[-1]['meeting_id']}") if held else ""


def _rights(viewer: Viewer) -> tuple[Right, ...]:
    found = []
    for action in RIGHTS:
        far = policy.reach(viewer, action)
        found.append(Right(_(policy.ACTIONS[action]), _(REACHES[far]), far > Reach.NONE))
    return tuple(found)


def _limits(viewer: Viewer) -> tuple[str, ...]:
    """What lowers her rights, and what she can do about it."""
    said = []
    if "enforcement" in viewer.caps:
        said.append(
            _(
                "Your organisation is marked as an enforcement body, so that women can turn to the others without fear:"
                " you see what was published and what is your own organisation's."
            )
        )
    if "untrained" in viewer.caps:
        said.append(
            _(
                "Counts of contacts need a training with an undertaking, once a year: ask the secretariat for the next"
                " one. Until then you read what was published."
            )
        )
    elif viewer.training_until is not None:
        said.append(_("Your training on contact counts is valid until {day}.", day=day(viewer.training_until)))
    return tuple(said)


def _others(viewer: Viewer, house: House, own: str, place: str) -> tuple[Other, ...]:
    return tuple(
        Other(contract, _(contract.frequency))
        for contract in house.library.contracts.values()
        if own and not contract.quarterly and may_send(viewer, house, contract.name, own, place).allowed
    )


def _sent(files: list[reporting.Reporting], mine: list[list[Expected]]) -> tuple[Sent, ...]:
    found = []
    for quarter, own in zip(files, mine, strict=True):
        received = sum(f.standing in reporting.RECEIVED for f in own)
        said = (
            n_(
                "{received} of {count} expected report received, {on_time} of them in time and accepted",
                "{received} of {count} expected reports received, {on_time} of them in time and accepted",
                len(own),
                received=number(received),
                on_time=number(sum(f.standing == "on_time" for f in own)),
            )
            if own
            else _("nothing was expected")
        )
        found.append(Sent(periods.parse(quarter.period).label, said))
    return tuple(found)


def _coordinating(viewer: Viewer, house: House, place: str) -> tuple[str, ...]:
    """The organisations that coordinate the mechanism of a country, by name; without a country none."""
    codes = {
        grant.organisation_code or account.organisation_code
        for account in roster.roster(house).accounts.values()
        if not account.disabled
        for grant in account.grants
        if grant.role == "coordinator" and grant.valid(viewer.today) and place and grant.country == place
    } - {""}
    names = names_at(house, house.store.head().figures)
    return tuple(sorted(map(names.organisation, codes)))


def asked(found: Welcome) -> str:
    """Whom to ask, in a sentence."""
    if not found.coordinating:
        return _("Ask the secretariat.")
    return _("Ask {names}, or the secretariat.", names=words(list(found.coordinating), _("or")))
