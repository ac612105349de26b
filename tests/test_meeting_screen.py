"""Screens of meeting mode as they are kept: made anew when what they show moved, never for a line that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from action_world import TODAY, agree, day, row
from dashboard.coordination import agenda
from dashboard.coordination.together import Topic
from dashboard.factory import create_app
from dashboard.reference import periods, text
from dashboard.reports import moments
from dashboard.web import meeting_figures, meeting_screen
from meeting_world import detail, line, running
from world import MEMBERS, World, send, service, table


@pytest.fixture
def made(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines of which a screen was made, one for each making."""
    asked: list[str] = []
    make = meeting_screen._screen

    def counted(viewer: Any, house: Any, detail: Any, item_id: str) -> meeting_screen.Screen:
        asked.append(item_id)
        return make(viewer, house, detail, item_id)

    monkeypatch.setattr(meeting_screen, "_screen", counted)
    meeting_screen._made.clear()
    app = create_app(world.house.settings, {}, house=world.house)
    with app.server.test_request_context("/"):
        yield asked
    meeting_screen._made.clear()


def test_a_file_that_is_handed_in_takes_its_organisation_off_the_screen(world: World, made: list[str]) -> None:
    period = str(periods.last_ended(TODAY))
    rows = [row | {"reports_quarterly": "yes"} for row in MEMBERS["XAA-COORD"]]
    send(world, "members", "XAA-COORD", period, table(world.house, "members", rows))
    kept, member = running(world), world.viewer("member")
    item = agenda.add(world.viewer("coordinator"), world.house, kept, Topic("Who has not reported?", "reports"))
    before = meeting_screen.screen(member, world.house, kept, item).parts["topic"]
    data = table(world.house, "service_coverage", [service("XAA-COORD", "SEED-1", languages="eng")])
    send(world, "service_coverage", "XAA-COORD", period, data, accept=False)
    assert meeting_screen.screen(member, world.house, kept, item).parts["topic"] != before


def test_what_is_no_line_takes_no_room(world: World, made: list[str]) -> None:
    kept, member = running(world), world.viewer("member")
    shown = meeting_screen.screen(member, world.house, kept)
    for number in range(3):
        assert meeting_screen.screen(member, world.house, kept, f"nothing-{number}") is shown
    assert made == [""] and len(meeting_screen._made) == 1
    meeting_screen.screen(member, world.house, kept, line(world, kept, 2))
    assert len(meeting_screen._made) == 2


def test_each_language_has_a_screen_of_its_own(world: World, made: list[str]) -> None:
    kept, member = running(world), world.viewer("member")
    before = text.language()
    try:
        for language in ("en", "fr"):
            text.use_language(language)
            meeting_screen.screen(member, world.house, kept)
    finally:
        text.use_language(before)
    assert len(made) == 2


def test_a_screen_that_cannot_be_made_keeps_nobody_waiting(world: World, made: list[str]) -> None:
    with pytest.raises(Exception, match="does not exist"):
        meeting_screen.screen(world.viewer("member"), world.house, "nothing")
    assert meeting_screen._locks == {}


def test_what_has_no_room_is_counted(world: World, made: list[str]) -> None:
    """So many rows as can be read from the end of the table, and how many there are besides."""
    late = meeting_figures.MOST + 2
    agree(world, "XAA-COORD", [row(f"XAA-A{n}", "XAA-HEALTH", day(-n)) for n in range(1, late + 1)])
    kept = running(world)
    [item] = [topic.item_id for topic in detail(world, kept).lines if topic.subject == "overdue"]
    shown = str(meeting_screen.screen(world.viewer("member"), world.house, kept, item).parts["topic"])
    assert f"{late} actions are late." in shown and "And 2 more." in shown
    assert shown.count("Do what XAA-A") == meeting_figures.MOST


def test_where_actions_are_told_apart_the_sentences_agree_and_the_link_opens_a_list_that_has_them(world: World) -> None:
    def ask() -> meeting_figures.Shown:
        then = moments.moment(viewer, world.house, "")
        return meeting_figures.shown(viewer, world.house, then, "XAA", "overdue")

    viewer = world.viewer("member")
    ban = row("XAA-BAN", "XAA-HEALTH", day(-9), restricts_work_or_migration="yes")
    agree(world, "XAA-COORD", [row("XAA-A1", "XAA-HEALTH", day(9))])
    assert ask().answer == "No action is late." and "overdue=yes" in ask().href
    agree(world, "XAA-COORD", [row("XAA-A1", "XAA-HEALTH", day(9)), ban])
    assert ask().answer.startswith("No action is late. 1 action past its due date may restrict")
    assert ask().href == "/actions?country=XAA"
    agree(world, "XAA-COORD", [row("XAA-A1", "XAA-HEALTH", day(-9)), ban])
    assert ask().answer.startswith("1 action is late. 1 action past its due date may restrict")
    assert ask().href == "/actions?country=XAA"
