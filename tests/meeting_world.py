"""A meeting in the small named world, prepared and run through the doors. Never a test itself.

Planned for today by the coordinator of XAA, with four lines: who is here, late actions, an indicator, and closing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from action_world import TODAY, day
from dashboard.coordination import decisions, meetings
from dashboard.coordination.new_actions import NewAction
from dashboard.coordination.together import Topic
from dashboard.reports import meetings as asked
from dashboard.reports.meetings import Detail
from world import World

TOPICS = (
    Topic("Who is here today?", "attendance", 5),
    Topic("Which actions are late?", "overdue", 20),
    Topic("What brings this figure back?", "indicator:P-SVC-4", 15),
    Topic("What did we agree?", "", 5),
)
SHELTER = NewAction("Open a shelter in the west", "She has a safe place within a day's journey.", "XAA-HEALTH", day(90))


def prepare(world: World, name: str = "coordinator", country: str = "XAA", on: date = TODAY, **more: Any) -> str:
    return meetings.prepare(
        world.viewer(name),
        world.house,
        **({"country": country, "title": "Fourth meeting", "held_on": on, "topics": TOPICS} | more),
    )


def running(world: World, name: str = "coordinator", country: str = "XAA") -> str:
    meeting_id = prepare(world, name, country)
    meetings.start(world.viewer(name), world.house, meeting_id)
    return meeting_id


def detail(world: World, meeting_id: str, name: str = "member") -> Detail:
    return asked.meeting(world.viewer(name), world.house, meeting_id)


def line(world: World, meeting_id: str, number: int = 2) -> str:
    """The id of a line of the agenda, by its number."""
    return detail(world, meeting_id, "secretariat").lines[number - 1].item_id


def decide(
    world: World, meeting_id: str, text: str = "The shelter opens.", name: str = "coordinator", **more: Any
) -> str:
    return decisions.decide(
        world.viewer(name), world.house, meeting_id, more.pop("item", "") or line(world, meeting_id), text, **more
    )


def later(world: World, name: str, days: int) -> Any:
    """Somebody of the world on another day."""
    return replace(world.viewer(name), today=day(days))
