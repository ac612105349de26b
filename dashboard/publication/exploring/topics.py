"""The topics of a release in their order, and the view that an address asks for. Never raises for what it asks."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.publication.exploring import contacts, indicators, money, plan, seats, services
from dashboard.publication.exploring.view import Asked, View
from dashboard.publication.reading import Release
from dashboard.reference.text import N_, _

TOPICS: dict[str, tuple[str, Callable[[Release, Asked], View]]] = {
    contacts.TOPIC: (N_("Contacts"), contacts.view_of),
    services.TOPIC: (N_("Services"), services.view_of),
    indicators.TOPIC: (N_("Indicators"), indicators.view_of),
    plan.TOPIC: (N_("The plan"), plan.view_of),
    money.TOPIC: (N_("Money"), money.view_of),
    seats.TOPIC: (N_("Seats"), seats.view_of),
}
NAMES = (
    "topic", "by", "country", "period", "only", "sector", "side", "indicator", "group", "currency", "amount", "release",
)  # fmt: skip
"""What may stand in an address."""


def view(release: Release, asked: Asked) -> View:
    """The view that is asked for; of an unknown topic the first."""
    topic = asked.get("topic", "")
    _title, view_of = TOPICS[topic if topic in TOPICS else contacts.TOPIC]
    return view_of(release, asked)


def not_there(shown: View, asked: Asked) -> list[str]:
    """What is asked for and not on offer, with what stands in its place, a sentence each.

    A choice that this view does not have says nothing: an address keeps what was chosen for another topic.
    """
    said = []
    if asked.get("topic", "") not in ("", *TOPICS):
        title, _view_of = TOPICS[shown.topic]
        said.append(_("There is no such topic. Shown is: {title}.", title=_(title)))
    for one in shown.filters:
        wanted = asked.get(one.name, "")
        if wanted and wanted not in dict(one.options):
            said.append(
                _("{choice}: what the address asks for is not here. Shown is: {title}.", choice=one.label,
                  title=one.title)
            )  # fmt: skip
    return said
