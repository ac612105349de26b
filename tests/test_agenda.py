"""The door of an agenda: who may change it, what fits, and that of two people nobody's words are lost."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.coordination import agenda, meetings
from dashboard.coordination.together import Newer, Topic
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused
from meeting_world import TOPICS, decide, detail, line, prepare, running
from world import World


def titles(world: World, meeting_id: str) -> list[str]:
    return [one.title for one in detail(world, meeting_id).lines]


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("coordinator", True),
        ("secretariat", True),
        ("foreign coordinator", False),
        ("member", False),
        ("agency", False),
        ("enforcement", False),
        ("anonymous", False),
    ],
)
def test_who_may_change_it(world: World, name: str, may: bool) -> None:
    kept = running(world)
    first, viewer = line(world, kept), world.viewer(name)
    asked: list[Any] = [
        lambda: agenda.add(viewer, world.house, kept, Topic("Something else")),
        lambda: agenda.word(viewer, world.house, first, title="Other words"),
        lambda: agenda.note(viewer, world.house, first, "It was talked about."),
        lambda: agenda.move(viewer, world.house, first, up=False),
        lambda: agenda.leave_out(viewer, world.house, line(world, kept, 4)),
    ]
    for ask in asked:
        before = world.house.store.head()
        if may:
            ask()
        else:
            with pytest.raises(Refused):
                ask()
            assert world.house.store.head() == before


def test_lines_stand_in_their_order_and_move(world: World) -> None:
    kept = prepare(world)
    assert titles(world, kept) == [topic.title for topic in TOPICS]
    chair = world.viewer("coordinator")
    agenda.move(chair, world.house, line(world, kept, 3), up=True)
    assert titles(world, kept) == [TOPICS[n].title for n in (0, 2, 1, 3)]
    agenda.leave_out(chair, world.house, line(world, kept, 1))
    agenda.add(chair, world.house, kept, Topic("A last thing", "seats"))
    assert titles(world, kept) == [*[TOPICS[n].title for n in (2, 1, 3)], "A last thing"]
    with pytest.raises(NotPossible, match="first already"):
        agenda.move(chair, world.house, line(world, kept, 1), up=True)
    with pytest.raises(NotPossible, match="last already"):
        agenda.move(chair, world.house, line(world, kept, 4), up=False)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (Topic("x"), "in 3 to 120 characters; yours has 1"),
        (Topic("Call Ms Kim on +999 000 012 345"), "telephone number"),
        (Topic("About nothing known", "weather"), "“weather” is nothing that a line can be about"),
        (Topic("About no indicator", "indicator:NONE"), "nothing that a line can be about"),
        (Topic("About a bare code", "P-SVC-4"), "nothing that a line can be about"),
        (Topic("Late once more", "overdue"), "stands on the agenda already"),
        (Topic("Too short a time", "", 0), "1 to 240 minutes"),
        (Topic("Too long a time", "", 241), "1 to 240 minutes"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_in_words(world: World, topic: Topic, said: str) -> None:
    kept = prepare(world)
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        agenda.add(world.viewer("coordinator"), world.house, kept, topic)
    assert world.house.store.head() == before


def test_an_agenda_has_an_end(world: World) -> None:
    kept = prepare(world, topics=[Topic(f"Line number {n}") for n in range(agenda.MOST)])
    with pytest.raises(NotPossible, match="at most 40 lines"):
        agenda.add(world.viewer("coordinator"), world.house, kept, Topic("One too many"))


def test_two_people_write_under_one_line(world: World) -> None:
    kept = running(world)
    first = line(world, kept)
    agenda.note(world.viewer("secretariat"), world.house, first, "Two provinces\n  asked for time.", saw="")
    with pytest.raises(Newer, match="Secretariat changed this") as newer:
        agenda.note(world.viewer("coordinator"), world.house, first, "Three provinces asked.", saw="")
    assert newer.value.theirs == "Two provinces\nasked for time.", "both texts can be shown"
    assert detail(world, kept).lines[1].note == newer.value.theirs, "and neither was lost"
    agenda.note(world.viewer("coordinator"), world.house, first, "Three provinces asked.", saw=newer.value.theirs)
    assert detail(world, kept).lines[1].note == "Three provinces asked."


def test_what_is_sent_twice_is_no_conflict_with_oneself(world: World) -> None:
    kept = running(world)
    first = line(world, kept)
    for _turn in range(2):
        agenda.note(world.viewer("coordinator"), world.house, first, "It was talked about.", saw="")
    assert detail(world, kept).lines[1].note == "It was talked about."


def test_a_note_is_no_conflict_with_a_line_that_moved(world: World) -> None:
    kept = running(world)
    first = line(world, kept)
    agenda.move(world.viewer("coordinator"), world.house, first, up=True)
    agenda.note(world.viewer("secretariat"), world.house, first, "It was talked about.", saw="")


def test_two_people_word_one_line(world: World) -> None:
    kept = prepare(world)
    shown = detail(world, kept).lines[1]
    agenda.word(world.viewer("secretariat"), world.house, shown.item_id, title="Theirs", knowing=shown.version)
    with pytest.raises(Newer) as newer:
        agenda.word(world.viewer("coordinator"), world.house, shown.item_id, title="Mine", knowing=shown.version)
    assert newer.value.theirs == "Theirs (20)"
    agenda.word(
        world.viewer("coordinator"), world.house, shown.item_id, title="Mine", minutes=5, knowing=newer.value.version
    )
    found = detail(world, kept).lines[1]
    assert (found.title, found.minutes, found.subject) == ("Mine", 5, "overdue")


@pytest.mark.parametrize(
    "note", ["Ms Kim told us. kim@example.org", "She is 34 years old and was beaten on 12 May 2026"]
)
def test_a_note_never_tells_of_a_person(world: World, note: str) -> None:
    kept = running(world)
    first, before = line(world, kept), world.house.store.head()
    with pytest.raises(NotPossible, match="Nothing was saved"):
        agenda.note(world.viewer("coordinator"), world.house, first, note)
    assert world.house.store.head() == before


def test_a_line_under_which_something_was_decided_stays(world: World) -> None:
    kept = running(world)
    decide(world, kept)
    agenda.note(world.viewer("coordinator"), world.house, line(world, kept, 3), "It was talked about.")
    for number in (2, 3):
        with pytest.raises(NotPossible, match="so it stays on the agenda"):
            agenda.leave_out(world.viewer("coordinator"), world.house, line(world, kept, number))


def test_nothing_is_noted_before_the_meeting_and_nothing_changes_after_it(world: World) -> None:
    kept, chair = prepare(world), world.viewer("coordinator")
    with pytest.raises(NotPossible, match="has not begun"):
        agenda.note(chair, world.house, line(world, kept), "Too early.")
    meetings.start(chair, world.house, kept)
    meetings.close(chair, world.house, kept)
    with pytest.raises(NotPossible, match="is closed"):
        agenda.add(chair, world.house, kept, Topic("Too late"))
    with pytest.raises(NotPossible, match="is closed"):
        agenda.word(chair, world.house, line(world, kept), title="Too late")


@pytest.mark.parametrize("item", ["", "never", "0" * 36])
def test_a_line_that_there_is_not(world: World, item: str) -> None:
    with pytest.raises(NotPossible, match="not on the agenda any more"):
        agenda.word(world.viewer("coordinator"), world.house, item, title="Other words")
