"""Decide who may do what, by role, reach and cap. Knows nothing of the web, the database or the clock.

Silence means no: an action, a role or a cap that the tables do not name gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from dashboard.reference.text import N_, _, words


class Reach(IntEnum):
    """How far a right goes; each holds those before it. RELEASE is what was published, and no working row."""

    NONE = 0
    RELEASE = 1
    OWN_ORGANISATION = 2
    OWN_COUNTRY = 3
    ALL = 4


N, R, O, C, A = Reach  # noqa: E741  the letters of the tables below, as in the design

# What people may do, each as the sentence that a refusal quotes.
ACTIONS: Mapping[str, str] = {
    "read summary": N_("Read the public summary"),
    "read dictionary": N_("Read the dictionary"),
    "sign in": N_("Sign in, or use a link that was sent"),
    "sign out": N_("Sign out"),
    "change own password": N_("Change one's own password"),
    "follow changes": N_("Be told when something changed"),
    "view contacts": N_("See contact counts"),
    "view coverage": N_("See coverage, members, plan and registers"),
    "view contact lines": N_("See the contact lines of providers"),
    "view actions": N_("See actions, decisions and meetings"),
    "change actions": N_("Change actions, decisions and meetings"),
    "view submissions": N_("See files that were sent, with their problems"),
    "send submissions": N_("Send files"),
    "review submissions": N_("Review files that were sent"),
    "accept contacts": N_("Accept files with contact counts"),
    "release": N_("Publish a release"),
    "manage people": N_("Invite people and change their rights"),
    "view audit": N_("Read the audit log"),
    "expunge": N_("Remove a file for ever"),
}

PUBLIC_ROLE = "public"
ROLES: Mapping[str, str] = {
    PUBLIC_ROLE: N_("everybody"),
    "member": N_("members"),
    "agency": N_("agencies"),
    "coordinator": N_("coordinators"),
    "secretariat": N_("the secretariat"),
}

# Two caps. Each names the furthest that a capped viewer reaches, whatever her roles; a missing line means nothing.
#  enforcement: immigration, border and police units marked so keep what is their own and what was published.
#  untrained:   no valid training on contact counts.
CAPS = ("enforcement", "untrained")

_TABLE: Mapping[str, tuple[Reach, ...]] = {
    #                      public member agency coord. secret. | enforcement untrained
    "read summary":        (R,     R,     R,     R,     R,       R,          R),
    "read dictionary":     (A,     A,     A,     A,     A,       A,          A),
    "sign in":             (A,     A,     A,     A,     A,       A,          A),
    "sign out":            (A,     A,     A,     A,     A,       A,          A),
    "change own password": (N,     A,     A,     A,     A,       A,          A),
    "follow changes":      (N,     A,     A,     A,     A,       A,          A),
    "view contacts":       (R,     O,     O,     C,     A,       O,          R),
    "view coverage":       (R,     A,     A,     A,     A,       O,          A),
    "view contact lines":  (N,     A,     A,     A,     A,       N,          A),
    "view actions":        (N,     A,     A,     A,     A,       O,          A),
    "change actions":      (N,     O,     O,     C,     A,       O,          A),
    "view submissions":    (N,     O,     O,     C,     A,       O,          A),
    "send submissions":    (N,     N,     O,     C,     A,       O,          A),
    "review submissions":  (N,     N,     N,     C,     A,       O,          A),
    "accept contacts":     (N,     N,     N,     C,     A,       O,          N),
    "release":             (N,     N,     N,     N,     A,       N,          A),
    "manage people":       (N,     N,     N,     N,     A,       N,          A),
    "view audit":          (N,     N,     N,     N,     A,       N,          A),
    "expunge":             (N,     N,     N,     N,     A,       N,          A),
}  # fmt: skip

POLICY: Mapping[str, Mapping[str, Reach]] = {
    action: dict(zip(ROLES, cells[: len(ROLES)], strict=True)) for action, cells in _TABLE.items()
}
LIMITS: Mapping[str, Mapping[str, Reach]] = {
    action: dict(zip(CAPS, cells[len(ROLES) :], strict=True)) for action, cells in _TABLE.items()
}


class Refused(Exception):
    """The viewer may not do this; str() and `reason` say why, in words for her."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Grant:
    """A role for an organisation or a country, from one day to another; both days count."""

    role: str
    organisation_code: str = ""
    country: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def valid(self, today: date) -> bool:
        return (self.valid_from or date.min) <= today <= (self.valid_to or date.max)


@dataclass(frozen=True)
class Viewer:
    """Who is looking. `enforcement`: she belongs to an enforcement body; `training_until`: the last valid day."""

    account_id: str
    name: str
    organisation_code: str
    country: str
    grants: tuple[Grant, ...]
    enforcement: bool
    training_until: date | None
    today: date

    @property
    def signed_in(self) -> bool:
        return bool(self.account_id)

    @property
    def valid_grants(self) -> tuple[Grant, ...]:
        """The grants that count today: within their dates, and of a role that exists."""
        if not self.signed_in:
            return ()
        return tuple(g for g in self.grants if g.role in ROLES and g.role != PUBLIC_ROLE and g.valid(self.today))

    @property
    def roles(self) -> frozenset[str]:
        """The roles that she holds today; empty for the public."""
        return frozenset(grant.role for grant in self.valid_grants)

    @property
    def trained(self) -> bool:
        return self.training_until is not None and self.today <= self.training_until

    @property
    def caps(self) -> frozenset[str]:
        """The caps that hold today."""
        held = {"enforcement": self.enforcement, "untrained": not self.trained}
        return frozenset(cap for cap in CAPS if held[cap]) if self.signed_in else frozenset()


@dataclass(frozen=True)
class Scope:
    """Which rows a right selects. An empty scope selects nothing."""

    everything: bool = False
    organisations: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.organisations or self.countries)

    def holds(self, organisation_code: str | None = None, country: str | None = None) -> bool:
        """Whether a row of this organisation in this country is selected."""
        return self.everything or organisation_code in self.organisations or country in self.countries


@dataclass(frozen=True)
class Decision:
    """An answer with its reason; the reason is empty when the answer is yes."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def public(today: date) -> Viewer:
    """Somebody who has not signed in, on a certain day."""
    return Viewer("", "", "", "", (), False, None, today)


# For places that do not care about the day; `public` gives one that does.
PUBLIC = public(date(1970, 1, 1))


def operator(today: date) -> Viewer:
    """The person at the command line: reaches what the secretariat reaches, and has no training of her own."""
    return Viewer("operator", _("Operator"), "", "", (Grant("secretariat"),), False, None, today)


def _reach_of(viewer: Viewer, grant: Grant, action: str) -> tuple[Reach, frozenset[str]]:
    """How far one grant goes, and the organisations that are the viewer's own in it. A place not known gives less."""
    reach = POLICY[action].get(grant.role, Reach.NONE)
    for cap in viewer.caps:
        reach = min(reach, LIMITS[action].get(cap, Reach.NONE))
    own = {grant.organisation_code or viewer.organisation_code} - {""}
    if "enforcement" in viewer.caps:  # a grant for another organisation does not make its figures an enforcer's own
        own &= {viewer.organisation_code}
    if reach == Reach.OWN_COUNTRY and not _country(viewer, grant):
        reach = Reach.OWN_ORGANISATION
    if reach == Reach.OWN_ORGANISATION and not own:
        reach = POLICY[action][PUBLIC_ROLE]
    return reach, frozenset(own)


def _country(viewer: Viewer, grant: Grant) -> str:
    return grant.country or viewer.country


def reach(viewer: Viewer, action: str) -> Reach:
    """How far the viewer's widest grant goes today, both caps applied. NONE for an unknown action."""
    if action not in POLICY:
        return Reach.NONE
    return max([POLICY[action][PUBLIC_ROLE], *(_reach_of(viewer, g, action)[0] for g in viewer.valid_grants)])


def scope(viewer: Viewer, action: str) -> Scope:
    """Which working rows the viewer's grants select together; what was released is no working row."""
    if action not in POLICY:
        return Scope()
    if POLICY[action][PUBLIC_ROLE] is Reach.ALL:
        return Scope(everything=True)
    organisations: set[str] = set()
    countries: set[str] = set()
    for grant in viewer.valid_grants:
        far, own = _reach_of(viewer, grant, action)
        if far is Reach.ALL:
            return Scope(everything=True)
        if far >= Reach.OWN_ORGANISATION:
            organisations |= own
        if far is Reach.OWN_COUNTRY:
            countries.add(_country(viewer, grant))
    return Scope(False, frozenset(organisations), frozenset(countries))


def may(viewer: Viewer, action: str, organisation_code: str | None = None, country: str | None = None) -> Decision:
    """Whether the viewer may do this: at all when no place is named, else to that organisation's or country's rows.

    "At all" includes reading what was released: ask `reach` where only working rows will do.
    """
    if action not in POLICY:
        return Decision(
            False, _("Nobody may do this: “{action}” is not on the list of what people may do.", action=action)
        )
    far = reach(viewer, action)
    if far is Reach.NONE:
        return Decision(False, _why_not(viewer, action))
    if organisation_code is None and country is None:
        return Decision(True)
    if scope(viewer, action).holds(organisation_code, country):
        return Decision(True)
    return Decision(False, _not_here(viewer, action, far))


def require(viewer: Viewer, action: str, organisation_code: str | None = None, country: str | None = None) -> None:
    """Pass, or raise Refused with the reason that `may` gives."""
    decision = may(viewer, action, organisation_code, country)
    if not decision.allowed:
        raise Refused(decision.reason)


def _without_caps(viewer: Viewer, action: str) -> Reach:
    return max([POLICY[action].get(g.role, Reach.NONE) for g in viewer.valid_grants], default=Reach.NONE)


def _capped(viewer: Viewer, action: str) -> str:
    """The sentence of the cap that lowers the viewer's reach, or nothing when none does."""
    given = _without_caps(viewer, action)
    if "enforcement" in viewer.caps and LIMITS[action]["enforcement"] < given:
        return _(
            "Your organisation is marked as an enforcement body in the register of members, or is not in the"
            " register yet. You see what was published and what is your own organisation's. If the mark is"
            " wrong, ask the coordinator of your country to send a corrected register."
        )
    if "untrained" in viewer.caps and LIMITS[action]["untrained"] < given:
        return _(
            "This needs a valid training on contact counts. Yours has not been recorded, or it is out of date."
            " Ask the secretariat for the next one."
        )
    return ""


def _why_not(viewer: Viewer, action: str) -> str:
    if not viewer.signed_in:
        return _("Sign in first. This is for people who have an account: {action}.", action=_(ACTIONS[action]))
    if not viewer.valid_grants:
        return _("Your account has no role today. Ask the secretariat to give you one.")
    holders = [_(ROLES[role]) for role, far in POLICY[action].items() if far > Reach.NONE]
    return _capped(viewer, action) or _(
        "This is not open to your role. It is for {roles}: {action}.", roles=words(holders), action=_(ACTIONS[action])
    )


def _not_here(viewer: Viewer, action: str, far: Reach) -> str:
    if not viewer.signed_in:
        return _("Sign in first. Without an account you see what was published.")
    if capped := _capped(viewer, action):
        return capped
    if far is Reach.OWN_COUNTRY:
        return _("You may do this in your own country only: {action}.", action=_(ACTIONS[action]))
    if far is Reach.OWN_ORGANISATION:
        return _("You may do this for your own organisation only: {action}.", action=_(ACTIONS[action]))
    return _("You see what was published, and no more: {action}.", action=_(ACTIONS[action]))
