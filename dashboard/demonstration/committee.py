"""What the committees of the demonstration do: meet, decide, plan the next meeting. Never around a door.

A meeting of which `decisions.csv` tells is lived through: prepared, begun, attended, decided and closed. Of the others
only that they were held is recorded.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dashboard.coordination import agenda, attendance, decisions, meetings
from dashboard.coordination.seats import seats
from dashboard.coordination.together import Topic
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.reference.text import _
from dashboard.reports import decisions as decided
from dashboard.reports import proposals

if TYPE_CHECKING:
    from dashboard.demonstration.building import Mechanism
    from dashboard.demonstration.story import Step

ATTENDED = {"filled": "present", "observer": "online", "invited": "excused"}
"""How the seat of a status attends; a vacant one stays empty."""


def _chair(mechanism: Mechanism, country: str) -> Viewer:
    return next(v for v in mechanism.candidates("", country) if policy.may(v, "change actions", country=country))


def meet(mechanism: Mechanism, step: Step) -> None:
    """Hold a meeting on the day of the step."""
    country, title = step.row["country"], step.row["title"]
    chair, house, today = _chair(mechanism, country), mechanism.house, mechanism.clock.now.date()
    if not step.decisions:
        meetings.hold(chair, house, country=country, title=title, held_on=today)
        return
    usual = {code.attributes["subject"]: code for code in house.library.codes[proposals.LINES].codes}
    subjects = ["attendance", *dict.fromkeys(row["subject"] for row in step.decisions), "agreed"]
    topics = [Topic(_(usual[name].title), name, int(usual[name].attributes["minutes"])) for name in subjects]
    meeting_id = meetings.prepare(chair, house, country=country, title=title, held_on=today, topics=topics)
    meetings.start(chair, house, meeting_id)
    listed = seats(house.store.read, house.store.head().version, country)
    attendance.attend(chair, house, meeting_id, {c: ATTENDED.get(s.status, "absent") for c, s in listed.items()})
    items = house.store.read("select subject, item_id from agenda_item where meeting_id = $id", id=meeting_id)
    of = {row["subject"]: row["item_id"] for row in items}
    for row in step.decisions:
        item = of[row["subject"]]
        follows = "" if row["named"] else row["follows"]
        bound = filter(None, row["bound"].split("|"))
        decisions.decide(chair, house, meeting_id, item, row["text"], bound=bound, follows=follows)
        if row["note"]:
            agenda.note(chair, house, item, row["note"])
    meetings.close(chair, house, meeting_id)


def plan(mechanism: Mechanism, step: Step) -> None:
    """Plan the next meeting, with what needs attention now on its agenda."""
    country = step.row["country"]
    chair = _chair(mechanism, country)
    meetings.prepare(
        chair,
        mechanism.house,
        country=country,
        title=step.row["title"],
        held_on=date.fromisoformat(step.row["planned"]),
        topics=[one.topic for one in proposals.proposals(chair, mechanism.house, country) if one.usual],
    )


def follow(mechanism: Mechanism, step: Step) -> None:
    """Name the action that follows a decision, after its meeting."""
    country = step.row["country"]
    chair = _chair(mechanism, country)
    [found] = [d for d in decided.decisions(chair, mechanism.house, country=country) if d.text == step.row["text"]]
    decisions.follow_up(chair, mechanism.house, found.decision_id, step.row["follows"])
