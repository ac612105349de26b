"""/actions as the browser asks for it: who gets which rows and forms, what saving answers, what is never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from action_world import ABROAD, COORD, HEALTH, POLICE, TODAY, UNION, agreed, change, day
from dashboard.coordination import meetings
from dashboard.coordination.standing import STATES
from dashboard.factory import create_app
from dashboard.reference import text
from dashboard.web import marks
from test_marks import shapes
from web_world import CALLBACK
from world import MEMBERS, PEOPLE, Built, World, send, table

EVERY = (HEALTH, COORD, ABROAD, POLICE, UNION)
SAVE = {"type": "action-save", "code": HEALTH}
UNDO = {"type": "action-undo", "code": HEALTH}


@pytest.fixture(scope="module")
def built_with_actions(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    world = built.opened(tmp_path_factory.mktemp("page") / "data")
    agreed(world)
    change(world, "secretariat", UNION, note="Hall “Größe” <b>is</b> taken.")
    world.house.close()
    return Built(world.house.settings.data, world.people, world.sent)


@dataclass
class Shown:
    """A callback's answer by `component.property`, and all of it as text."""

    status: int
    parts: dict[str, Any]
    text: str

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Desk:
    """The app on a world, and one browser a role."""

    def __init__(self, world: World) -> None:
        self.world = world
        house = replace(world.house, settings=replace(world.house.settings, demo=True))
        self.app: dash.Dash = create_app(house.settings, {name: world.email(name) for name in PEOPLE}, house=house)
        self.clients: dict[str, FlaskClient] = {}

    def client(self, name: str) -> FlaskClient:
        if name not in self.clients:
            made = self.clients[name] = self.app.server.test_client()
            if name != "anonymous":
                assert made.get(f"/demo-sign-in/{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 303
            made.get("/sign-in")
        return self.clients[name]

    def call(self, name: str, first: str, changed: list[str], **values: Any) -> Shown:
        """Call the callback whose first output is `first`; `values` by the input's name, the rest is empty."""
        output = next(o for o in self.app.callback_map if o.strip(".").startswith(first))
        entry = self.app.callback_map[output]

        def filled(asked: dict[str, Any]) -> Any:
            if "action-save" in asked["id"]:
                return [{"id": SAVE, "property": "n_clicks", "value": values.get("clicks", 0)}]
            if "action-undo" in asked["id"]:
                return [{"id": UNDO, "property": "n_clicks", "value": values.get("undos", 0)}]
            identity = json.loads(asked["id"]) if asked["id"].startswith("{") else asked["id"]
            key = (identity["name"] if isinstance(identity, dict) else identity).replace("-", "_")
            return {"id": identity, "property": asked["property"], "value": values.get(key, "")}

        outputs = [
            dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in output.strip(".").split("...")
        ]
        client = self.client(name)
        cookie = client.get_cookie("_csrf_token")
        answer = client.post(
            CALLBACK,
            json={
                "output": output,
                "outputs": outputs if output.startswith("..") else outputs[0],
                "changedPropIds": changed,
                "inputs": [filled(asked) for asked in entry["inputs"]],
                "state": [filled(asked) for asked in entry["state"]],
            },
            headers={"X-CSRFToken": cookie.value} if cookie else {},
        )
        found = json.loads(answer.text).get("response", {}) if answer.status_code == 200 else {}
        parts = {f"{i}.{p}": value for i, properties in found.items() for p, value in properties.items()}
        return Shown(answer.status_code, parts, answer.text)

    def step(self, name: str, *changed: str, shown: dict[str, str], **values: Any) -> Shown:
        typed = {"action_state": shown.get("state", ""), "action_due": shown.get("due", "")}
        more = {"action": shown.get("code", ""), "action_shown": shown} | typed | values
        return self.call(name, "action-facts", list(changed), **more)

    def open(self, name: str, code: str, as_of: str = "") -> Shown:
        """What a click on an action draws."""
        return self.step(name, '{"name":"action","type":"filter"}.value', shown={}, action=code, as_of=as_of)

    def save(self, name: str, shown: dict[str, str], **typed: str) -> Shown:
        clicked = json.dumps(SAVE, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        return self.step(name, clicked, shown=shown, clicks=1, **typed)

    def undo(self, name: str, shown: dict[str, str], **typed: str) -> Shown:
        clicked = json.dumps(UNDO, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        return self.step(name, clicked, shown=shown, undos=1, **typed)


@pytest.fixture
def desk(built_with_actions: Built, tmp_path: Path) -> Iterator[Desk]:
    world = built_with_actions.opened(tmp_path / "world")
    yield Desk(world)
    world.house.close()


def router(desk: Desk, name: str, search: str = "") -> str:
    """What the router draws at /actions?..."""
    output = next(o for o in desk.app.callback_map if o.startswith("..page.children"))
    client = desk.client(name)
    cookie = client.get_cookie("_csrf_token")
    answer = client.post(
        CALLBACK,
        json={
            "output": output,
            "outputs": [{"id": "page", "property": "children"}, {"id": "arrived", "property": "data"}],
            "changedPropIds": ["address.pathname"],
            "inputs": [{"id": "address", "property": "pathname", "value": "/actions"}],
            "state": [{"id": "address", "property": "search", "value": search}],
        },
        headers={"X-CSRFToken": cookie.value} if cookie else {},
    )
    return answer.text


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


def shown_of(answer: Shown) -> dict[str, str]:
    found = answer.parts["action-shown.data"]
    assert isinstance(found, dict)
    return found


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


def events(desk: Desk, code: str) -> list[dict[str, Any]]:
    return desk.world.house.store.read("select * from action_event where action_code = $c order by event_id", c=code)


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
