"""/actions as the browser asks for it: who gets which rows and forms, what saving answers, what is never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from action_desk import SAVE, Desk, Shown, events, router, shown_of
from action_world import ABROAD, COORD, HEALTH, POLICE, TODAY, UNION, agreed, change, day
from dashboard.coordination import meetings
from dashboard.coordination.standing import STATES
from dashboard.web import marks
from test_marks import shapes
from world import Built

EVERY = (HEALTH, COORD, ABROAD, POLICE, UNION)


@pytest.fixture(scope="module")
def built_with_actions(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    world = built.opened(tmp_path_factory.mktemp("page") / "data")
    agreed(world)
    change(world, "secretariat", UNION, note="Hall “Größe” <b>is</b> taken.")
    world.house.close()
    return Built(world.house.settings.data, world.people, world.sent)


@pytest.fixture
def desk(built_with_actions: Built, tmp_path: Path) -> Iterator[Desk]:
    world = built_with_actions.opened(tmp_path / "world")
    yield Desk(world)
    world.house.close()


# --- who sees what ---


@pytest.mark.parametrize(
    ("name", "seen", "forms"),
    [
        ("anonymous", set(), set()),
        ("member", set(EVERY), {HEALTH}),
        ("agency", set(EVERY), {HEALTH}),
        ("coordinator", set(EVERY), {HEALTH, COORD, ABROAD}),
        ("foreign coordinator", set(EVERY), {POLICE, UNION}),
        ("enforcement", {ABROAD, POLICE, UNION}, {ABROAD, POLICE}),
        ("secretariat", set(EVERY), set(EVERY)),
    ],
)
def test_who_gets_which_rows_and_which_forms(desk: Desk, name: str, seen: set[str], forms: set[str]) -> None:
    listed = router(desk, name)
    assert {code for code in EVERY if code in listed} == seen
    assert {code for code in EVERY if code in desk.call(name, "actions-results", [])} == seen
    for code in EVERY:
        found = desk.open(name, code)
        assert (f"Do what {code} says" in found) == (code in seen)
        assert ("Save the change" in found) == (code in forms)
        assert (f"Do what {code} says" in router(desk, name, f"?action={code}")) == (code in seen)


def test_the_download_has_the_same_rows_and_no_persons_name(desk: Desk) -> None:
    listed = router(desk, "enforcement", "?state=all")
    assert "Code,Action,What changes for the survivor" in listed and HEALTH not in listed
    assert "Secretariat" in listed and "secretariat@example.org" not in listed


def test_what_is_not_hers_and_what_is_not_there_look_alike(desk: Desk) -> None:
    said = {json.dumps(desk.open("enforcement", code).parts["action-facts.children"]) for code in (HEALTH, "XAA-NO")}
    assert len(said) == 1 and "does not exist, or it is not yours to see" in said.pop()


@pytest.mark.parametrize("name", ["anonymous", "member", "enforcement", "foreign coordinator"])
def test_the_door_decides_whatever_the_browser_sends(desk: Desk, name: str) -> None:
    code = COORD
    before = desk.world.house.store.head()
    answer = desk.save(name, {"code": code, "as_of": "", "event": "", "state": "open"}, action_state="done")
    assert answer.status in (200, 400, 401) and desk.world.house.store.head() == before
    assert answer.status != 200 or "Not saved" in answer


@pytest.mark.parametrize("junk", [None, 7, [], {}, ["x"], "x" * 5000, True])
def test_junk_from_the_browser_breaks_nothing(desk: Desk, junk: Any) -> None:
    before = desk.world.house.store.head()
    every = dict.fromkeys(
        ("country", "state", "lead", "overdue", "by", "as_of", "action", "action_state", "action_due", "action_note",
         "action_evidence", "action_shown", "actions_drawn", "actions_saved", "head"), junk,
    )  # fmt: skip
    assert desk.call("member", "actions-results", [], **every).status == 200
    for clicks in (0, 1, "x"):
        changed = [json.dumps(SAVE, sort_keys=True, separators=(",", ":")) + ".n_clicks"]
        assert desk.call("member", "action-facts", changed, clicks=clicks, **every).status == 200
    assert desk.world.house.store.head() == before


# --- what is asked for ---


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", EVERY),
        ("?country=XBA", (POLICE, UNION)),
        ("?lead=own", (HEALTH,)),
        ("?lead=XBA-UNION", (UNION,)),
        ("?overdue=yes", (HEALTH, POLICE)),
        ("?state=done", ()),
        ("?state=all", EVERY),
        ("?country=nowhere", ()),
        ("?by=organisation", EVERY),
    ],
)
def test_the_filters_stand_in_the_address(desk: Desk, search: str, found: tuple[str, ...]) -> None:
    listed = router(desk, "member", search)
    assert {code for code in EVERY if f'"id":"{code}"' in listed.replace(" ", "")} == set(found)


def test_done_is_no_longer_to_do(desk: Desk) -> None:
    change(desk.world, "member", HEALTH, state="done")
    assert f"Do what {HEALTH} says" not in router(desk, "member")
    assert f"Do what {HEALTH} says" in router(desk, "member", "?state=all")


def test_nothing_to_show_says_what_to_do(desk: Desk) -> None:
    assert "No action fits this choice." in router(desk, "member", "?state=dropped")
    assert "sends what was agreed" in router(desk, "member", "?country=nowhere")


def test_a_note_is_text_and_no_markup(desk: Desk) -> None:
    found = json.dumps(desk.open("member", UNION).parts["action-facts.children"], ensure_ascii=False)
    assert '"children": "Hall “Größe” <b>is</b> taken."' in found and "dangerously" not in found


# --- saving ---


def test_a_change_is_saved_and_told(desk: Desk) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    answer = desk.save(
        "member", shown, action_state="blocked", action_due=day(30).isoformat(), action_note=" No hall.\n"
    )
    assert (
        "The change is saved" in answer and answer.parts["actions-saved.data"] == desk.world.house.store.head().version
    )
    now = shown_of(answer)
    assert (now["state"], now["due"]) == ("blocked", day(30).isoformat()) and now["event"] != shown["event"]
    assert "Open → Blocked" in answer and "No hall." in answer and "Member (XAA-HEALTH office)" in answer
    assert '"value":""' in json.dumps(answer.parts["action-form.children"]).replace(" ", ""), "the note is empty again"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Nothing was changed"),
        ({"action_state": "blocked"}, "what blocks the action"),
        ({"action_due": "tomorrow"}, "“tomorrow” is no date. Write it as 2026-09-30."),
        ({"action_due": day(9).isoformat()}, "why the due date moves"),
        ({"action_due": ""}, "Nothing was changed"),
        ({"action_note": "Ask ms.kim@example.org"}, "an e-mail address"),
        ({"action_state": "gone"}, "is no state of an action"),
        ({"action_evidence": "x"}, "what shows it; yours has 1"),
    ],
)
def test_what_is_refused_stays_typed(desk: Desk, typed: dict[str, str], said: str) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    answer = desk.save("member", shown, **typed)
    assert said in answer and "Not saved" in answer and set(answer.parts) == {"action-said.children"}
    assert desk.world.house.store.read("select * from action_event where action_code = $c", c=HEALTH) == []


def test_a_second_click_is_no_second_change(desk: Desk) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    desk.save("member", shown, action_note="Half of it is done.")
    answer = desk.save("member", shown, action_note="Half of it is done.")
    assert "The change is saved" in answer and len(events(desk, HEALTH)) == 1


# --- what moves elsewhere ---


def follow(desk: Desk, name: str, shown: dict[str, str], **typed: str) -> Shown:
    return desk.step(name, "head.data", shown=shown, **typed)


def test_a_change_elsewhere_is_shown_where_nobody_types(desk: Desk) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    assert follow(desk, "member", shown).parts == {}, "nothing moved"
    change(desk.world, "coordinator", HEALTH, state="in_progress")
    answer = follow(desk, "member", shown)
    assert "Open → In progress" in answer and shown_of(answer)["state"] == "in_progress"
    assert "action-form.children" in answer.parts
    assert follow(desk, "member", shown_of(answer)).parts == {}


@pytest.mark.parametrize(
    "typed", [{"action_note": "I am wri"}, {"action_state": "done"}, {"action_due": day(3).isoformat()}]
)
def test_a_change_elsewhere_never_touches_what_is_typed(desk: Desk, typed: dict[str, str]) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    change(desk.world, "coordinator", HEALTH, state="in_progress")
    answer = follow(desk, "member", shown, **typed)
    assert set(answer.parts) == {"action-facts.children", "action-said.children", "action-shown.data"}
    assert "What you typed is still here and not saved" in answer and "Open → In progress" in answer
    kept = shown_of(answer)
    assert kept["event"] == shown["event"], "saving compares with what the form was drawn from"
    assert follow(desk, "member", kept, **typed).parts == {}, "it is told once"


def test_an_answer_that_was_overtaken_is_told_as_saved(desk: Desk) -> None:
    """The record moved by her own save before its answer came: what she typed is what holds now."""
    shown = shown_of(desk.open("member", HEALTH))
    typed = {"action_state": "blocked", "action_note": "No  hall."}
    desk.save("member", shown, **typed)
    assert "The change is saved" in follow(desk, "member", shown, **typed)


def test_opening_that_was_overtaken_is_done_by_the_next_call(desk: Desk) -> None:
    shown = shown_of(desk.open("member", HEALTH))
    answer = desk.step("member", "head.data", shown=shown, action=COORD)
    assert f"Do what {COORD} says" in answer and shown_of(answer)["code"] == COORD


def test_the_list_moves_only_with_what_it_shows(desk: Desk) -> None:
    head = desk.world.house.store.head()
    drawn = [head.figures, head.coordination]
    assert desk.call("member", "actions-results", ["head.data"], actions_drawn=drawn).parts == {}
    assert desk.call("member", "actions-results", ["actions-saved.data"], actions_drawn=drawn).status == 200
    change(desk.world, "coordinator", HEALTH, state="blocked", note="No room is free.")
    assert "No room is free." in desk.call("member", "actions-results", ["head.data"], actions_drawn=drawn)


# --- as it stood ---


def test_of_the_past_there_is_no_form(desk: Desk) -> None:
    held = meetings.hold(desk.world.operator, desk.world.house, country="XAA", title="Third meeting", held_on=TODAY)
    change(desk.world, "member", HEALTH, state="done", note="As agreed.")
    as_of = f"meeting:{held}"
    then = router(desk, "secretariat", f"?as_of={as_of}&action={HEALTH}")
    assert "You see the record as it stood on" in then and "As agreed." not in then and "Save the change" not in then
    assert "40 days overdue" in then
    opened = desk.open("secretariat", HEALTH, as_of)
    assert "Save the change" not in opened and "As agreed." not in opened
    assert follow(desk, "secretariat", shown_of(opened), as_of=as_of).parts == {}
    now = router(desk, "secretariat", f"?state=all&action={HEALTH}")
    assert "You see the record as it stood" not in now and "As agreed." in now and "Save the change" in now


# --- marks ---


def test_every_state_has_a_mark_of_its_own() -> None:
    drawn = [marks.action(state) for state in STATES]
    assert len({m.shape for m in drawn}) == len({m.words for m in drawn}) == len(STATES)
    assert {m.shape for m in drawn} <= set(shapes("dashboard.css"))
