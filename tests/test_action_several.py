"""/actions/several: who gets which boxes, what becomes of each, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from action_desk import Desk
from action_world import ABROAD, COORD, HEALTH, POLICE, UNION, agreed, change, day
from dashboard.reports import actions
from world import Built

EVERY = (HEALTH, COORD, ABROAD, POLICE, UNION)
WHERE = "/actions/several"


@pytest.fixture
def desk(built: Built, tmp_path: Path) -> Iterator[Desk]:
    world = agreed(built.opened(tmp_path / "world"))
    yield Desk(world)
    world.house.close()


def boxes(text: str) -> dict[str, str]:
    """The boxes of a form: the code and the value, those that are chosen alone in capital letters."""
    found = re.findall(r'name="action" id="[^"]+" value="([^"]*)" data-clean( checked)?', text)
    return {value.split(":")[0]: ("chosen " if chosen else "") + value for value, chosen in found}


def ask(desk: Desk, name: str, search: str = "") -> str:
    return desk.client(name).get(WHERE + search).get_data(as_text=True)


def post(desk: Desk, name: str, path: str = WHERE, **form: Any) -> TestResponse:
    client = desk.client(name)
    cookie = client.get_cookie("_csrf_token")
    return client.post(path, data={"csrf_token": cookie.value if cookie else "", **form})


def state(desk: Desk, code: str) -> str:
    return actions.action(desk.world.operator, desk.world.house, code).state


def undo_values(text: str) -> list[str]:
    return re.findall(r'name="change" value="([^"]+)"', text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("member", {HEALTH}),
        ("agency", {HEALTH}),
        ("coordinator", {HEALTH, COORD, ABROAD}),
        ("foreign coordinator", {POLICE, UNION}),
        ("enforcement", {ABROAD, POLICE}),
        ("secretariat", set(EVERY)),
    ],
)
def test_a_box_for_what_she_may_change(desk: Desk, name: str, shown: set[str]) -> None:
    text = ask(desk, name)
    assert set(boxes(text)) == shown and {code for code in EVERY if code in text} == shown


def test_who_is_not_signed_in_gets_none(desk: Desk) -> None:
    assert desk.client("anonymous").get(WHERE).status_code == 302
    before = desk.world.house.store.head()
    assert post(desk, "anonymous", action=f"{HEALTH}:", new_state="done").status_code in (302, 400, 401)
    assert post(desk, "anonymous", "/actions/undo", change=f"{HEALTH}:1").status_code in (302, 400, 401)
    assert desk.world.house.store.head() == before


def test_the_filters_of_the_list_hold_here(desk: Desk) -> None:
    assert set(boxes(ask(desk, "secretariat", "?country=XBA&overdue=yes"))) == {POLICE}
    assert set(boxes(ask(desk, "coordinator", "?lead=own"))) == {HEALTH, COORD}
    change(desk.world, "member", HEALTH, state="done")
    assert HEALTH not in boxes(ask(desk, "member")) and HEALTH in boxes(ask(desk, "member", "?state=all"))
    assert "You may change no action of this choice." in ask(desk, "member", "?country=XBA")


def test_several_are_changed_and_taken_back(desk: Desk) -> None:
    held = boxes(ask(desk, "coordinator", "?country=XAA"))
    answer = post(desk, "coordinator", action=[held[HEALTH], held[COORD]], country="XAA", new_state="in_progress")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "2 of 2 actions were changed." in text and not boxes(text)
    assert 'data-draft-done="several"' in text and "/actions?country=XAA" in text
    assert [state(desk, c) for c in (HEALTH, COORD, ABROAD)] == ["in_progress", "in_progress", "open"]
    values = undo_values(text)
    assert {value.split(":")[0] for value in values} == {HEALTH, COORD}
    change(desk.world, "member", HEALTH, note="We began.")
    undone = post(desk, "coordinator", "/actions/undo", change=values).get_data(as_text=True)
    assert "1 of 2 changes was taken back" in undone or "1 of 2 changes were taken back" in undone
    assert "changed again since" in undone and "We began." in undone
    assert [state(desk, c) for c in (HEALTH, COORD)] == ["in_progress", "open"]
    told = actions.history(desk.world.operator, desk.world.house, COORD)
    assert told[0].what == ("Taken back: In progress → Open",) and told[1].undone


def test_what_somebody_else_changed_is_shown_and_what_was_typed_stays(desk: Desk) -> None:
    held = boxes(ask(desk, "coordinator"))
    change(desk.world, "member", HEALTH, state="in_progress", note="We began in May 2026.")
    form = {"action": [held[HEALTH], held[COORD]], "new_state": "blocked", "note": "No <b>room</b> yet."}
    text = post(desk, "coordinator", **form).get_data(as_text=True)
    assert "1 of 2 actions" in text and "Member changed this action on" in text and "We began in May 2026." in text
    again = boxes(text)
    assert set(again) == {HEALTH} and again[HEALTH].startswith("chosen ") and again[HEALTH] != f"chosen {held[HEALTH]}"
    assert "No &lt;b&gt;room&lt;/b&gt; yet.</textarea>" in text and '<option value="blocked" selected>' in text
    assert "data-draft-done" not in text, "something is still to be done"
    value = again[HEALTH].removeprefix("chosen ")
    text = post(desk, "coordinator", **form | {"action": [value]}).get_data(as_text=True)
    assert "1 of 1 action was changed" in text and state(desk, HEALTH) == "blocked"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "No action was chosen"),
        ({"action": f"{HEALTH}:", "due": "tomorrow", "note": "Later."}, "“tomorrow” is no date"),
        ({"action": [f"XAA-{n}:" for n in range(101)], "note": "Seen."}, "Choose up to 100 actions at once."),
    ],
)
def test_what_stops_all_stands_in_the_form_with_what_was_typed(desk: Desk, form: dict[str, Any], said: str) -> None:
    answer = post(desk, "coordinator", **{"evidence": "Minutes of “March”"} | form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and said in text and "Minutes of “March”</textarea>" in text
    assert set(boxes(text)) == {HEALTH, COORD, ABROAD}
    assert boxes(text)[HEALTH].startswith("chosen ") == (form.get("action") == f"{HEALTH}:")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"new_state": "done", "due": day(9).isoformat(), "note": "Both."}, "stays as it was"),
        ({"due": "2000-01-01", "note": "Earlier."}, "cannot be due before"),
        ({"new_state": "blocked"}, "what blocks the action"),
        ({"new_state": "nonsense", "note": "So."}, "is no state of an action"),
        ({"note": "Ask ms.kim@example.org"}, "an e-mail address"),
        ({}, "Nothing was changed"),
    ],
)
def test_what_the_door_refuses_is_said_of_each(desk: Desk, form: dict[str, str], said: str) -> None:
    before = desk.world.house.store.head()
    answer = post(desk, "coordinator", action=[f"{HEALTH}:", f"{COORD}:"], **form)
    text = answer.get_data(as_text=True)
    assert "0 of 2 actions were changed" in text and text.count(said) >= 2 and "/actions/undo" not in text
    assert set(boxes(text)) == {HEALTH, COORD} and desk.world.house.store.head() == before
    for typed in form.values():
        assert typed in text


@pytest.mark.parametrize("name", ["member", "enforcement", "foreign coordinator"])
def test_the_door_decides_whatever_is_posted(desk: Desk, name: str) -> None:
    before = desk.world.house.store.head()
    text = post(desk, name, action=[f"{COORD}:", "XAA-NEVER:", "<b>:x", ":", "x" * 500], new_state="done").get_data(
        as_text=True
    )
    assert desk.world.house.store.head() == before and "Not changed." in text and "<b>:" not in text
    seen = f"Do what {COORD} says" in text
    assert seen == (name != "enforcement"), "an enforcement body learns nothing of an action of others"
    text = post(desk, name, "/actions/undo", change=[f"{COORD}:1", "x", ":"]).get_data(as_text=True)
    assert desk.world.house.store.head() == before and "Not taken back." in text


def test_without_the_token_nothing_is_done(desk: Desk) -> None:
    desk.client("coordinator")
    before = desk.world.house.store.head()
    assert desk.client("coordinator").post(WHERE, data={"action": f"{HEALTH}:", "note": "Seen."}).status_code == 400
    assert desk.world.house.store.head() == before


def test_nothing_chosen_to_take_back_is_told(desk: Desk) -> None:
    answer = post(desk, "member", "/actions/undo")
    assert answer.status_code == 409 and "No action was chosen" in answer.get_data(as_text=True)
