"""What is said beside contact counts: whose they are, what they are not, why there is none. Never holds a count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Scope, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import N_, _, words
from dashboard.reference.text import day as text_day
from dashboard.reports.action_names import names_at

CAVEAT = "reported-not-prevalence"
TWICE = N_(
    "A contact is not a woman: one woman may have come several times, and several agencies may have counted the same"
    " woman."
)
APART = N_(
    "A later stage is of a contact that was counted when it was reported, perhaps in an earlier quarter: it is in no"
    " total of contacts, and no share of the reports of the same quarter."
)

_OWN = N_("You see the contacts of your own organisation.")
_COUNTRY = N_("You see the contacts of your own country.")
_EVERY = N_("You see the contacts of all countries.")
NOT_YET = N_(
    "Not released yet: contact counts are shown to people with a valid training on contact counts, within their own"
    " reach, or once they are published."
)


def silent(period: str, names: Sequence[str]) -> str:
    """Who reported contacts before and not for this quarter: without it a fall is taken for one. Nothing for nobody."""
    if not names:
        return ""
    return _("Not reported for {period} by: {names}.", period=periods.parse(period).label, names=", ".join(names))


def silent_then(day: date, period: str, names: Sequence[str]) -> str:
    """The same of a release of `day`: who had not reported when it was made may have since. Nothing for nobody."""
    if not names:
        return ""
    return _(
        "When the release of {day} was made, not reported for {period} by: {names}.",
        day=text_day(day),
        period=periods.parse(period).label,
        names=", ".join(names),
    )


def reach(viewer: Viewer) -> str:
    """Whose contacts she sees, as a sentence for the page."""
    scope = policy.scope(viewer, "view contacts")
    if scope.everything:
        return _(_EVERY)
    return _(_COUNTRY) if scope.countries else _(_OWN) if scope.organisations else _(NOT_YET)


def reaches(house: House, scope: Scope, country: str) -> bool:
    """Whether any organisation of the country (of any, without one) is in the scope."""
    if not country or scope.everything or country in scope.countries:
        return bool(scope)
    return any(organisations.country_of(house, code) == country for code in scope.organisations)


def whose(viewer: Viewer, house: House, *, country: str, version: int | None = None) -> str:
    """Whose contacts her figures are, where her scope is a part of the country (of all, without one); else nothing.

    Organisations have the names that they had at `version`.
    """
    scope = policy.scope(viewer, "view contacts")
    if scope.everything or (country and country in scope.countries) or not reaches(house, scope, country):
        return ""
    known = names_at(house, house.store.head().figures if version is None else version)
    own = [
        known.organisation(code)
        for code in sorted(scope.organisations)
        if (found := organisations.country_of(house, code)) not in scope.countries and country in ("", found)
    ]
    places = [] if country else [house.library.title("countries", c) for c in sorted(scope.countries)]
    return _(
        "These are the contacts of {names} alone; of others you see what was published.", names=words([*places, *own])
    )


def reach_elsewhere(viewer: Viewer) -> str:
    """Why she is shown no number here, whether she sees some elsewhere or none."""
    if policy.scope(viewer, "view contacts"):
        return " ".join([_("Not released yet: this is outside what you see."), reach(viewer)])
    return reach(viewer)


def place(house: House, country: str) -> str:
    return house.library.title("countries", country) if country else _("All countries")
