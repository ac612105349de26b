"""What two editors and one form owe each other: both sides shown, evidence kept, a change taken back, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from action_desk import Desk, events, router, shown_of
from action_world import COORD, HEALTH, agreed, change, day
from dashboard.reference import text
from world import MEMBERS, Built, send, table


@pytest.fixture
def desk(built: Built, tmp_path: Path) -> Iterator[Desk]:
    world = agreed(built.opened(tmp_path / "world"))
    yield Desk(world)
    world.house.close()


def test_two_at_once_neither_is_lost(desk: Desk) -> None:
    """The second is told who was first; what she typed stays, what she did not touch follows, and she may save then."""
    mine = shown_of(desk.open("member", HEALTH))
    change(desk.world, "coordinator", HEALTH, state="blocked", note="No room is free.")
    answer = desk.save("member", mine, action_note="We found a room.")
    assert "Coordinator changed this action on" in answer and "The change is saved" not in answer
    form = json.dumps(answer.parts["action-form.children"])
    assert "We found a room." in form and '"value": "blocked"' in form
    said = json.dumps(answer.parts["action-said.children"], ensure_ascii=False)
    theirs, yours = said.split("Yours, not saved")
    assert "Saved meanwhile" in theirs and "Open → Blocked" in theirs and "No room is free." in theirs
    assert "We found a room." in yours and "No room is free." not in yours
    assert [e["event"] for e in events(desk, HEALTH)] == ["state", "note"]
    again = desk.save("member", shown_of(answer), action_note="We found a room.")
    assert "The change is saved" in again and [e["note"] for e in events(desk, HEALTH)][-1] == "We found a room."
    assert shown_of(again)["state"] == "blocked", "the other change stands"


def test_what_is_shown_can_be_drawn(desk: Desk) -> None:
    """A list within a list of components is drawn by nobody: the browser would show nothing at all."""
    mine = shown_of(desk.open("member", HEALTH))
    change(desk.world, "coordinator", HEALTH, note="No room is free.", evidence="See https://example.org/room, page 2")
    answer = desk.save("member", mine, action_note="We found a room.", action_evidence="https://example.org/other")

    def nested(part: Any) -> bool:
        if isinstance(part, list):
            return any(isinstance(one, list) or nested(one) for one in part)
        return isinstance(part, dict) and nested(part.get("props", {}).get("children"))

    for name in ("action-said", "action-facts", "action-form"):
        assert answer.parts[f"{name}.children"] and not nested(answer.parts[f"{name}.children"])
    assert not nested(desk.save("member", shown_of(answer), action_note="We did.").parts["action-facts.children"])


def test_only_what_she_has_not_seen_stands_beside_hers(desk: Desk) -> None:
    change(desk.world, "coordinator", HEALTH, note="Long ago.")
    mine = shown_of(desk.open("member", HEALTH))
    change(desk.world, "coordinator", HEALTH, due_on=day(30), note="No money yet.", evidence="Letter of March")
    answer = desk.save("member", mine, action_due=day(9).isoformat(), action_evidence="The minutes")
    said = json.dumps(answer.parts["action-said.children"], ensure_ascii=False)
    theirs, yours = said.split("Yours, not saved")
    assert "No money yet." in theirs and "Letter of March" in theirs and "Long ago." not in said
    assert text.day(day(9)) in yours and "The minutes" in yours and "State" not in yours
    assert [e["event"] for e in events(desk, HEALTH)] == ["note", "due", "note", "evidence"], "nothing of hers is saved"


def test_evidence_is_kept_and_its_address_is_a_link(desk: Desk) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    said = "See https://example.org/minutes.pdf, page 2; javascript:alert(1) http://example.org"
    answer = desk.save("member", shown, action_evidence=said)
    facts = json.dumps(answer.parts["action-facts.children"])
    assert "The change is saved" in answer and '"href": "https://example.org/minutes.pdf"' in facts
    assert facts.count('"rel": "noopener noreferrer nofollow"') == 2, "in the facts and in the history"
    assert '"href": "javascript' not in facts and '"href": "http:' not in facts
    assert "The change is saved" in desk.save("member", shown, action_evidence=said), "it came through already"
    assert len(events(desk, HEALTH)) == 1


def test_the_last_change_is_taken_back_by_who_made_it(desk: Desk) -> None:
    assert "action-undo" not in desk.open("member", HEALTH)
    answer = desk.save("member", shown_of(desk.open("member", HEALTH)), action_state="in_progress")
    assert "action-undo" in answer and "action-undo" not in desk.open("coordinator", HEALTH)
    undone = desk.undo("member", shown_of(answer), action_note="I am wri")
    assert "The change is taken back" in undone and "Taken back: In progress → Open" in undone
    assert shown_of(undone)["state"] == "open" and "I am wri" in json.dumps(undone.parts["action-form.children"])
    overtaken = desk.step("member", "head.data", shown=shown_of(answer), action_note="I am wri")
    assert "The change is taken back" in overtaken, "the record moved before its answer came"
    assert "I am wri" in json.dumps(overtaken.parts["action-form.children"])
    again = desk.undo("member", shown_of(answer))
    assert "The action was changed since" in again and set(again.parts) == {"action-said.children"}
    assert len(events(desk, HEALTH)) == 2
    for name in ("coordinator", "anonymous", "enforcement"):
        desk.undo(name, shown_of(undone))
    assert len(events(desk, HEALTH)) == 2


def test_who_leads_and_has_left_is_told(desk: Desk) -> None:
    world = desk.world
    rows = [row for row in MEMBERS["XAA-COORD"] if row["organisation_code"] != "XAA-HEALTH"]
    assert "not in the latest register" not in router(desk, "coordinator")
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    listed, opened = router(desk, "coordinator"), desk.open("coordinator", HEALTH)
    assert "1 open action is led by an organisation that is not in the latest register." in listed
    assert "Who leads is no member any more" in opened and "coordinating body of Asterland may change" in opened
    assert "Save the change" in opened and "Who leads is no member any more" not in desk.open("coordinator", COORD)


def test_the_form_says_what_a_draft_is_compared_with(desk: Desk) -> None:
    """`assets/draft.js` keeps what is typed for this person, and tells what it was typed on."""
    change(desk.world, "coordinator", HEALTH, note="Seen.")
    form = desk.open("member", HEALTH).parts["action-form.children"]
    said = form["props"]
    assert (said["data-draft"], said["data-account"]) == (HEALTH, desk.world.people["member"])
    assert said["data-event"] == shown_of(desk.open("member", HEALTH))["event"]
    assert json.loads(said["data-initial"])["action-due"] == day(-40).isoformat()
