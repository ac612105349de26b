"""The door of attendance and documents: seats and never persons, links and never files."""

from __future__ import annotations

import pytest

from dashboard.coordination import attendance, meetings
from dashboard.coordination.seats import seats
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused
from meeting_world import detail, prepare, running
from world import World

ADDRESS = "https://files.example.org/minutes.pdf"


@pytest.mark.parametrize("name", ["foreign coordinator", "member", "agency", "enforcement", "anonymous"])
def test_who_may_not(world: World, name: str) -> None:
    kept, viewer = running(world), world.viewer(name)
    document = attendance.add_document(
        world.viewer("coordinator"), world.house, kept, title="Last minutes", address=ADDRESS
    )
    before = world.house.store.head()
    for refused in (
        lambda: attendance.attend(viewer, world.house, kept, {"XAA-HEALTH": "present"}),
        lambda: attendance.add_document(viewer, world.house, kept, title="Last minutes", address=ADDRESS),
        lambda: attendance.remove_document(viewer, world.house, document),
    ):
        with pytest.raises(Refused):
            refused()
    assert world.house.store.head() == before


def test_each_seat_of_the_register_stands_and_the_later_word_on_one_holds(world: World) -> None:
    kept = running(world)
    attendance.attend(world.viewer("coordinator"), world.house, kept, {"XAA-HEALTH": "present", "XAA-COORD": "online"})
    attendance.attend(world.viewer("secretariat"), world.house, kept, {"XAA-HEALTH": "excused"})
    found = detail(world, kept)
    assert {p.organisation_code: p.state for p in found.places} == {"XAA-COORD": "online", "XAA-HEALTH": "excused"}
    assert found.here == 1
    with pytest.raises(NotPossible, match="Nothing was changed"):
        attendance.attend(world.viewer("coordinator"), world.house, kept, {"XAA-HEALTH": "excused"})


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"XBA-POLICE": "present"}, "“XBA-POLICE” has no seat"),
        ({"XAA-HEALTH": "asleep"}, "“asleep” is no way to attend"),
        ({}, "Nothing was changed"),
    ],
)
def test_what_does_not_fit(world: World, states: dict[str, str], said: str) -> None:
    kept = running(world)
    with pytest.raises(NotPossible, match=said):
        attendance.attend(world.viewer("coordinator"), world.house, kept, states)


def test_the_seats_are_those_of_the_latest_register(world: World) -> None:
    head = world.house.store.head().version
    assert list(seats(world.house.store.read, head, "XBA")) == ["XBA-COORD", "XBA-POLICE", "XBA-UNION"]
    assert {s.status for s in seats(world.house.store.read, head, "XBA").values()} == {"filled", "vacant"}
    assert len(seats(world.house.store.read, head)) == 5 and seats(world.house.store.read, 0) == {}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "minutes.pdf",
        "//files.example.org/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://files.example.org/a",
        "https://",
        "https://kim@files.example.org/a",
        "https://files.example.org/a b",
        "https://files.example.org/\u202e",
        "https://[files",
        "https://files.example.org/" + "a" * 500,
    ],
)
def test_a_link_is_a_plain_web_address(world: World, address: str) -> None:
    kept = prepare(world)
    with pytest.raises(NotPossible, match="as it stands in the browser"):
        attendance.add_document(world.viewer("coordinator"), world.house, kept, title="Last minutes", address=address)


def test_a_document_that_is_removed_is_in_the_record_and_not_on_the_page(world: World) -> None:
    kept, chair = prepare(world), world.viewer("coordinator")
    document = attendance.add_document(chair, world.house, kept, title="Last minutes", address=ADDRESS)
    assert [(d.title, d.address) for d in detail(world, kept).documents] == [("Last minutes", ADDRESS)]
    attendance.remove_document(chair, world.house, document)
    assert detail(world, kept).documents == ()
    assert len(world.house.store.read("select removed from meeting_document")) == 2
    with pytest.raises(NotPossible, match="not there"):
        attendance.remove_document(chair, world.house, document)


def test_nothing_changes_once_the_meeting_is_closed(world: World) -> None:
    kept, chair = running(world), world.viewer("coordinator")
    document = attendance.add_document(chair, world.house, kept, title="Last minutes", address=ADDRESS)
    meetings.close(chair, world.house, kept)
    for late in (
        lambda: attendance.attend(chair, world.house, kept, {"XAA-HEALTH": "present"}),
        lambda: attendance.add_document(chair, world.house, kept, title="Other", address=ADDRESS),
        lambda: attendance.remove_document(chair, world.house, document),
    ):
        with pytest.raises(NotPossible, match="is closed"):
            late()
