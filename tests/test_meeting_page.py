"""The pages of meetings as browsers ask for them: who sees what, parts that changed, refusals that lose nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from action_world import HEALTH, TODAY, agreed, change
from dashboard.coordination import agenda, decisions, meetings
from dashboard.coordination.together import Topic
from dashboard.factory import create_app
from dashboard.web import meeting_screen, meeting_steps
from meeting_world import decide, detail, line, prepare, running
from world import PEOPLE, Built, World

Clients = dict[str, FlaskClient]


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = built.opened(tmp_path / "world")
    made.house = replace(made.house, settings=replace(made.house.settings, demo=True))
    yield agreed(made)
    made.house.close()


@pytest.fixture
def clients(world: World) -> Clients:
    tokens = {f"token-{name}": world.email(name) for name in PEOPLE}
    app = create_app(world.house.settings, tokens, house=world.house)
    found = {"anonymous": app.server.test_client()}
    for name in PEOPLE:
        found[name] = app.server.test_client()
        found[name].get(f"/demo-sign-in/token-{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        found[name].get("/meetings")
    return found


def post(client: FlaskClient, path: str, as_json: bool = True, **form: Any) -> TestResponse:
    cookie = client.get_cookie("_csrf_token")
    headers = {"X-CSRFToken": cookie.value if cookie else ""} | ({"Accept": "application/json"} if as_json else {})
    return client.post(path, data=form, headers=headers)


def parts(client: FlaskClient, meeting_id: str, item: str = "", known: str = "") -> dict[str, Any]:
    answer = client.get(f"/meeting/{meeting_id}/parts", query_string={"item": item, "known": known})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_a_meeting_is_planned_from_what_needs_attention(world: World, clients: Clients) -> None:
    page = clients["coordinator"].get("/meetings").text
    assert "Which actions are late, and what unblocks them?" in page and "1 action is late." in page
    ticked = re.findall(r'name="topic" value="([^"]+)" checked', page)
    form = {"country": "XAA", "title": "Fourth meeting", "held_on": TODAY.isoformat(), "topic": ticked}
    answer = post(clients["coordinator"], "/meetings", False, **form)
    assert answer.status_code == 303
    found = detail(world, answer.location.rpartition("/")[2])
    assert found.meeting.title == "Fourth meeting" and len(found.lines) == len(ticked) > 3
    assert clients["member"].get(answer.location).status_code == 200


def test_a_plan_holds_the_lines_that_were_ticked_whatever_comes_in_between(world: World, clients: Clients) -> None:
    asked = clients["coordinator"]
    [coverage] = re.findall(r'name="topic" value="([^"]+)"> <span>Which services', asked.get("/meetings").text)
    overdue = "overdue:overdue"
    decide(world, running(world))  # proposes one line more, before these
    form = {"country": "XAA", "title": "Fourth meeting", "held_on": TODAY.isoformat()}
    answer = post(asked, "/meetings", False, **form, topic=[coverage, overdue])
    found = detail(world, answer.location.rpartition("/")[2])
    assert [one.subject for one in found.lines] == ["overdue", "coverage"]
    change(world, "coordinator", HEALTH, state="done")
    answer = post(asked, "/meetings", False, **form, topic=[coverage, overdue])
    assert answer.status_code == 409 and "is not proposed any more" in answer.text
    assert re.findall(r'name="topic" value="([^"]+)" checked', answer.text) == [coverage]


def test_a_plan_that_does_not_fit_keeps_what_was_typed(world: World, clients: Clients) -> None:
    form = {"country": "XAA", "title": "My own <title>", "held_on": "2020-01-01", "topic": ["coverage:coverage"]}
    answer = post(clients["coordinator"], "/meetings", False, **form)
    assert answer.status_code == 409 and "This day has passed." in answer.text
    assert 'value="My own &lt;title&gt;"' in answer.text and 'value="2020-01-01"' in answer.text
    assert re.findall(r'name="topic" value="([^"]+)" checked', answer.text) == ["coverage:coverage"]


@pytest.mark.parametrize("name", ["member", "agency", "enforcement", "foreign coordinator"])
def test_who_may_not_change_it_sees_no_form_and_is_refused(world: World, clients: Clients, name: str) -> None:
    kept = running(world)
    decision = decide(world, kept)
    before = world.house.store.head()
    for what in meeting_steps.STEPS:
        form = {
            "item": line(world, kept), "decision": decision, "title": "Other", "minutes": "5", "sure": "yes",
            "text": "Other words", "note": "Other words", "follows": HEALTH, "held_on": TODAY.isoformat(),
            "seat:XAA-HEALTH": "present", "address": "https://files.example.org/a", "document": "none",
        }  # fmt: skip
        answer = post(clients[name], f"/meeting/{kept}/{what}", **form)
        assert answer.status_code == 403 or what == "remove-document" and answer.status_code == 409, what
    assert post(clients[name], "/meetings", country="XAA", title="Mine", held_on=TODAY.isoformat()).status_code == 403
    assert world.house.store.head() == before
    if name != "enforcement":
        shown = clients[name].get(f"/meeting/{kept}").text
        run = clients[name].get(f"/meeting/{kept}/run").text
        assert '<form method="post" action="/meeting' not in shown + run
        assert "The shelter opens." in shown
    else:
        assert clients[name].get(f"/meeting/{kept}").status_code == 403
        assert clients[name].get(f"/meeting/{kept}/parts").status_code == 403


def test_meetings_that_she_may_not_see_are_not_said_to_be_none(world: World, clients: Clients) -> None:
    running(world)
    shown = clients["enforcement"].get("/meetings").text
    assert '<p class="answer">No meeting is shown to you here.</p>' in shown and "No meeting is recorded" not in shown


def test_without_a_token_nothing_is_written(world: World, clients: Clients) -> None:
    kept = running(world)
    answer = clients["coordinator"].post(f"/meeting/{kept}/note", data={"item": line(world, kept), "note": "Words"})
    assert answer.status_code == 400
    assert clients["anonymous"].post(f"/meeting/{kept}/start").status_code in (302, 401)


def test_only_what_changed_is_sent(world: World, clients: Clients) -> None:
    kept = running(world)
    second = line(world, kept)
    first = parts(clients["member"], kept, second)
    known = ",".join(f"{name}-{found['digest']}" for name, found in first["parts"].items())
    assert parts(clients["member"], kept, second, known)["parts"] == {}
    post(clients["coordinator"], f"/meeting/{kept}/note", item=second, note="Two provinces asked.", saw="")
    assert set(parts(clients["member"], kept, second, known)["parts"]) == {"note"}
    decide(world, kept)
    changed = parts(clients["member"], kept, second, known)["parts"]
    assert set(changed) == {"note", "decisions", "bar"}
    assert "The shelter opens." in changed["decisions"]["html"]
    change(world, "coordinator", HEALTH, state="blocked", note="The budget is missing.")
    assert "The budget is missing." in parts(clients["member"], kept, second, known)["parts"]["topic"]["html"]


def test_the_parts_hold_no_token_and_nobody_s_name(world: World, clients: Clients) -> None:
    kept = running(world)
    decide(world, kept)
    for name in ("coordinator", "secretariat", "member"):
        said = str(parts(clients[name], kept, line(world, kept)))
        assert "csrf" not in said and world.viewer(name).name not in said and world.people[name] not in said


def test_what_was_made_for_one_is_not_shown_to_who_sees_less(world: World, clients: Clients) -> None:
    kept = running(world)
    for name in ("coordinator", "member", "foreign coordinator", "secretariat"):
        said = parts(clients[name], kept, line(world, kept))["parts"]
        assert ("data-do" in said["decide"]["html"]) == (name in ("coordinator", "secretariat")), name


def test_a_screen_is_made_once_for_who_sees_the_same_and_anew_for_who_does_not(world: World) -> None:
    member = replace(world.viewer("member"), training_until=None)
    same = replace(world.viewer("agency"), training_until=None)
    assert meeting_screen._sight(member) == meeting_screen._sight(same)
    other = [
        replace(member, training_until=TODAY),
        replace(member, enforcement=True),
        replace(member, today=TODAY + timedelta(days=1)),
        world.viewer("coordinator"),
        world.viewer("foreign coordinator"),
        world.viewer("secretariat"),
    ]
    assert len({meeting_screen._sight(viewer) for viewer in [member, *other]}) == 7


def test_a_line_that_was_left_out_shows_the_first_in_its_place(world: World, clients: Clients) -> None:
    kept = running(world)
    last = line(world, kept, 4)
    agenda.leave_out(world.viewer("coordinator"), world.house, last)
    assert parts(clients["member"], kept, last)["item"] == line(world, kept, 1)


def test_two_people_write_under_one_line_and_both_texts_come_back(world: World, clients: Clients) -> None:
    kept = running(world)
    form = {"item": line(world, kept), "saw": ""}
    answer = post(clients["secretariat"], f"/meeting/{kept}/note", note="Theirs.  ", **form)
    assert answer.get_json() == {"saved": True, "saw": "Theirs."}, "what she who typed on compares with"
    answer = post(clients["coordinator"], f"/meeting/{kept}/note", note="Mine.", **form)
    said = answer.get_json()
    assert answer.status_code == 409 and said["theirs"] == "Theirs." and said["error"].startswith("Secretariat changed")
    assert detail(world, kept).lines[1].note == "Theirs."
    answer = post(clients["coordinator"], f"/meeting/{kept}/note", item=form["item"], note="Mine.", saw=said["theirs"])
    assert answer.status_code == 200 and detail(world, kept).lines[1].note == "Mine."


def test_a_decision_whose_answer_was_lost_may_be_sent_again(world: World, clients: Clients) -> None:
    kept = running(world)
    form = {
        "item": line(world, kept), "decision": "0189e2c4-0000-4000-8000-000000000001", "text": "It opens in May.",
        "bound": ["XAA-HEALTH", "XAA-COORD"], "follows": "new", "title": "Open it", "changes": "She has a place.",
        "lead": "XAA-HEALTH", "due": TODAY.isoformat(),
    }  # fmt: skip
    for _turn in range(2):
        assert post(clients["coordinator"], f"/meeting/{kept}/decide", **form).status_code == 200
    [found] = detail(world, kept).decisions
    assert found.action_title == "Open it" and len(found.bound) == 2
    assert found.action_code in clients["member"].get(f"/meeting/{kept}").text


def test_a_decision_that_was_reworded_meanwhile_is_not_answered_as_saved(world: World, clients: Clients) -> None:
    kept = running(world)
    form = {"item": line(world, kept), "decision": "0189e2c4-0000-4000-8000-000000000001", "knowing": ""}
    post(clients["coordinator"], f"/meeting/{kept}/decide", text="It opens in May.", **form)
    answer = post(clients["coordinator"], f"/meeting/{kept}/decide", text="It opens in June.", **form)
    assert answer.status_code == 409 and answer.get_json()["theirs"].startswith("It opens in May.")
    form["knowing"] = answer.get_json()["knowing"]
    assert post(clients["coordinator"], f"/meeting/{kept}/decide", text="It opens in June.", **form).status_code == 200
    [found] = detail(world, kept).decisions
    assert found.text == "It opens in June."
    form = {"decision": found.decision_id, "text": "It opens in July.", "knowing": found.version}
    answer = post(clients["coordinator"], f"/meeting/{kept}/amend", **form)
    assert answer.get_json() == {"saved": True, "knowing": str(detail(world, kept).decisions[0].version)}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "x"}, "yours has 1"),
        ({"text": "It opens.", "follows": "new", "title": "Open it", "changes": "A place.", "lead": "XAA-HEALTH",
          "due": "2020-01-01"}, "cannot be due before that day"),
        ({"text": "It opens.", "follows": "new", "title": "Open it", "changes": "A place.", "lead": "XAA-HEALTH",
          "due": "soon"}, "is no date"),
        ({"text": "Write to kim@example.org"}, "an e-mail address"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_words(world: World, clients: Clients, form: dict[str, Any], said: str) -> None:
    kept = running(world)
    answer = post(clients["coordinator"], f"/meeting/{kept}/decide", item=line(world, kept), **form)
    assert answer.status_code == 409 and said in answer.get_json()["error"]
    plain = post(clients["coordinator"], f"/meeting/{kept}/decide", False, item=line(world, kept), **form)
    assert plain.status_code == 409 and said in plain.text and detail(world, kept).decisions == ()


@pytest.mark.parametrize(
    ("what", "form", "said"),
    [
        ("word", {"title": "My words", "minutes": "0"}, ['value="My words"', 'value="0"']),
        ("add", {"title": "Mine", "subject": "seats", "minutes": "0"}, ['value="Mine"', 'value="seats" selected']),
        ("add-document", {"title": "Mine", "address": "ftp://x"}, ['value="Mine"', 'value="ftp://x"']),
        ("plan", {"title": "Mine", "held_on": "2020-01-01"}, ['value="Mine"', 'value="2020-01-01"']),
        ("attend", {"seat:XAA-HEALTH": "excused", "was:XAA-HEALTH": "", "seat:XAA-NONE": "absent"},
         ['value="excused" selected', 'name="was:XAA-HEALTH" value=""']),
        ("follow", {"follows": HEALTH}, [f'value="{HEALTH}" selected']),
    ],
)  # fmt: skip
def test_a_form_that_is_refused_holds_what_was_typed(
    world: World, clients: Clients, what: str, form: dict[str, str], said: list[str]
) -> None:
    if what == "follow":
        kept = running(world)
        form = form | {"decision": decide(world, kept), "knowing": "1"}
    else:
        kept = prepare(world)
    answer = post(clients["coordinator"], f"/meeting/{kept}/{what}", False, item=line(world, kept), **form)
    assert answer.status_code == 409
    for one in said:
        assert one in answer.text
        assert one not in clients["coordinator"].get(f"/meeting/{kept}").text or one.endswith('""')


def test_a_seat_that_another_screen_marked_stays(world: World, clients: Clients) -> None:
    kept = running(world)
    path = f"/meeting/{kept}/attend"
    assert post(clients["secretariat"], path, **{"seat:XAA-HEALTH": "absent", "was:XAA-HEALTH": ""}).status_code == 200
    shown = {"seat:XAA-HEALTH": "absent", "was:XAA-HEALTH": "absent", "seat:XAA-COORD": "", "was:XAA-COORD": ""}
    assert post(clients["secretariat"], path, **shown | {"seat:XAA-HEALTH": "present"}).status_code == 200
    assert post(clients["coordinator"], path, **shown | {"seat:XAA-COORD": "online"}).status_code == 200
    assert {p.organisation_code: p.state for p in detail(world, kept).places} == {
        "XAA-HEALTH": "present", "XAA-COORD": "online",
    }  # fmt: skip


def test_it_is_closed_on_purpose_and_shows_for_ever_what_was_known(world: World, clients: Clients) -> None:
    kept = running(world)
    second = line(world, kept)
    answer = post(clients["coordinator"], f"/meeting/{kept}/close")
    assert answer.status_code == 409 and "Tick the box" in answer.get_json()["error"]
    assert post(clients["coordinator"], f"/meeting/{kept}/close", sure="yes").status_code == 200
    then = parts(clients["member"], kept, second)["parts"]
    assert "XAA-2026-01" in then["topic"]["html"] or "Do what XAA-2026-01 says" in then["topic"]["html"]
    change(world, "member", HEALTH, state="done")
    assert parts(clients["member"], kept, second)["parts"]["topic"] == then["topic"]
    page = clients["member"].get(f"/meeting/{kept}").text
    assert "You see the record as it stood on" in page and f"as_of=meeting%3A{kept}" in page
    assert "nothing can be changed here" not in page and "the meeting holds does not change any more." in page
    chair = clients["coordinator"].get(f"/meeting/{kept}").text
    assert "Withdraw the meeting" in chair and "withdraw a meeting that was recorded by mistake" in chair
    assert "Withdraw the meeting" not in page and "Two things can still be done" not in page
    assert "The meeting is closed." in then["end"]["html"]


def test_the_last_line_reads_out_what_was_decided(world: World, clients: Clients) -> None:
    kept = running(world)
    last = agenda.add(world.viewer("coordinator"), world.house, kept, Topic("What did we agree now?", "agreed"))
    assert "Nothing was decided so far." in parts(clients["member"], kept, last)["parts"]["topic"]["html"]
    decide(world, kept)
    said = parts(clients["member"], kept, last)["parts"]["topic"]["html"]
    assert (
        "The shelter opens." in said and "1 decision was taken. No action follows 1 decision of this meeting." in said
    )


def test_after_it_only_the_action_that_follows_can_be_named(world: World, clients: Clients) -> None:
    kept = running(world)
    decision = decide(world, kept)
    meetings.close(world.viewer("coordinator"), world.house, kept)
    path = f"/meeting/{kept}"
    assert (
        post(clients["coordinator"], f"{path}/note", item=line(world, kept), note="Too late", saw="").status_code == 409
    )
    answer = post(clients["coordinator"], f"{path}/follow", False, decision=decision, follows=HEALTH)
    assert answer.status_code == 303
    assert "named later" in clients["member"].get(path).text


def test_a_withdrawn_meeting_is_there_for_who_may_bring_it_back(world: World, clients: Clients) -> None:
    kept = prepare(world)
    assert post(clients["coordinator"], f"/meeting/{kept}/withdraw", False).status_code == 303
    assert "nothing of it was deleted" in clients["coordinator"].get(f"/meeting/{kept}").text
    assert clients["member"].get(f"/meeting/{kept}").status_code == 403
    post(clients["coordinator"], f"/meeting/{kept}/bring-back", False)
    assert clients["member"].get(f"/meeting/{kept}").status_code == 200


def test_whatever_somebody_writes_is_text(world: World, clients: Clients) -> None:
    kept = running(world)
    evil = "<script>alert(1)</script> & <b>bold</b>"
    decide(world, kept, text=evil)
    agenda.word(world.viewer("coordinator"), world.house, line(world, kept), title=f"Line {evil}")
    for path in ("", "/run"):
        said = clients["member"].get(f"/meeting/{kept}{path}", query_string={"item": line(world, kept)}).text
        assert "<script>alert" not in said
        assert "<b>bold" not in said
        assert "&lt;b&gt;bold" in said and "&amp;lt;" not in said
        assert '<ol class="decisions">' in said, "what is ours is markup"
    assert "<b>bold" not in str(parts(clients["member"], kept, line(world, kept)))
    assert "<b>bold" not in clients["member"].get("/meetings").text


def test_following_is_no_activity_and_running_the_meeting_is(world: World, clients: Clients) -> None:
    kept, store = running(world), world.house.store
    long_ago = datetime.now(UTC) - timedelta(minutes=20)

    def seen(name: str) -> datetime:
        rows = store.ephemeral("select last_seen from sessions where account_id = $id", id=world.people[name])
        return max(row["last_seen"] for row in rows)

    for path, moves in ((f"/meeting/{kept}/parts", False), ("/version", False), (f"/meeting/{kept}/chair", True)):
        store.ephemeral("update sessions set last_seen = $then", then=long_ago)
        assert clients["coordinator"].get(path).status_code in (200, 204)
        assert (seen("coordinator") > long_ago) == moves, path
    assert clients["member"].get(f"/meeting/{kept}/chair").status_code == 409
    meetings.close(world.viewer("coordinator"), world.house, kept)
    assert clients["coordinator"].get(f"/meeting/{kept}/chair").status_code == 409


def test_a_decision_that_no_action_follows_is_visible(world: World, clients: Clients) -> None:
    kept = running(world)
    decision = decide(world, kept)
    page = clients["member"].get("/meetings").text
    assert "Decisions that no action follows" in page and "The shelter opens." in page
    decisions.follow_up(world.viewer("coordinator"), world.house, decision, HEALTH)
    page = clients["member"].get("/meetings").text
    assert "Decisions that no action follows" not in page and HEALTH in page


@pytest.mark.parametrize("what", ["", "nothing", "__class__"])
def test_a_step_that_there_is_not(world: World, clients: Clients, what: str) -> None:
    kept = running(world)
    assert post(clients["coordinator"], f"/meeting/{kept}/{what or 'x'}").status_code == 409
