"""The door of decisions: who may decide, what a decision binds, and the action that follows it or does not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from action_world import HEALTH, POLICE, TODAY, agreed, day
from dashboard.coordination import decisions, meetings
from dashboard.coordination.decisions import Already
from dashboard.coordination.together import Newer
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reports import actions
from dashboard.reports import decisions as asked
from meeting_world import SHELTER, decide, detail, later, line, prepare, running
from world import World, member, send, table

ID = "0189e2c4-0000-4000-8000-000000000001"


def taken(world: World, name: str = "secretariat", **more: Any) -> tuple[asked.Decision, ...]:
    return asked.decisions(world.viewer(name), world.house, **more)


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("coordinator", {"XAA"}),
        ("foreign coordinator", {"XBA"}),
        ("secretariat", {"XAA", "XBA"}),
        ("member", set()),
        ("agency", set()),
        ("enforcement", set()),
        ("anonymous", set()),
    ],
)
def test_who_may_decide(world: World, name: str, countries: set[str]) -> None:
    found = set()
    for country in ("XAA", "XBA"):
        kept = running(world, "secretariat", country)
        try:
            decision = decide(world, kept, name=name)
        except Refused:
            decision = decide(world, kept, name="secretariat")
            for refused in (
                lambda d=decision: decisions.amend(world.viewer(name), world.house, d, "Other words"),
                lambda d=decision: decisions.take_back(world.viewer(name), world.house, d),
                lambda d=decision: decisions.follow_up(world.viewer(name), world.house, d, SHELTER),
            ):
                with pytest.raises(Refused):
                    refused()
        else:
            found.add(country)
    assert found == countries


def test_a_decision_and_its_new_action_come_in_one_version(world: World) -> None:
    agreed(world)
    kept = running(world)
    before = world.house.store.head().version
    decide(world, kept, bound=["XAA-HEALTH", "XAA-COORD"], follows=SHELTER)
    assert world.house.store.head().version == before + 1
    [found] = taken(world)
    assert (found.text, found.bound_words) == ("The shelter opens.", "XAA-COORD office and XAA-HEALTH office")
    action = actions.action(world.viewer("member"), world.house, found.action_code)
    assert (action.title, action.agreed_at, action.agreed_on) == (SHELTER.title, "Fourth meeting", TODAY)
    assert found.action_title == SHELTER.title


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": "x"}, "the decision in 3 to 500 characters; yours has 1"),
        ({"text": "Ms Kim is told by kim@example.org"}, "Nothing was saved"),
        ({"bound": ["XBA-POLICE"]}, "“XBA-POLICE” is not in the latest register of members of this country"),
        ({"follows": "XAA-NONE-1"}, "no action “XAA-NONE-1” of this country"),
        ({"follows": POLICE}, "of this country"),
        ({"follows": replace(SHELTER, due_on=day(-1))}, "cannot be due before that day"),
        ({"follows": replace(SHELTER, lead="XAA-GONE")}, "is not in the latest register"),
        ({"item": "0" * 36}, "not on the agenda any more"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(world: World, more: dict[str, Any], said: str) -> None:
    agreed(world)
    kept = running(world)
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        decide(world, kept, **({"text": "The shelter opens."} | more))
    assert world.house.store.head() == before


def test_a_decision_that_is_sent_twice_is_kept_once(world: World) -> None:
    kept = running(world)
    assert decide(world, kept, decision_id=ID, follows=SHELTER) == ID
    with pytest.raises(Already):
        decide(world, kept, decision_id=ID, follows=SHELTER)
    assert [one.decision_id for one in taken(world)] == [ID]
    assert len(world.house.store.read("select action_code from action_agreed")) == 1
    assert decide(world, kept, decision_id="no id") != "no id"


@pytest.mark.parametrize(
    "other",
    [
        {"text": "The shelter opens in May."},
        {"bound": ["XAA-HEALTH"]},
        {"follows": HEALTH},
        {"follows": ""},
    ],
)
def test_what_is_sent_again_in_other_words_is_not_taken_as_kept(world: World, other: dict[str, Any]) -> None:
    agreed(world)
    kept = running(world)
    sent: dict[str, Any] = {"text": "The shelter opens.", "follows": SHELTER, "decision_id": ID}
    decide(world, kept, **sent)
    code = taken(world)[0].action_code
    with pytest.raises(Newer) as newer:
        decide(world, kept, **(sent | other))
    assert newer.value.theirs == f"The shelter opens. · Binds the whole mechanism · {code}"
    assert decide(world, kept, **(sent | other), knowing=newer.value.version) == ID
    [found] = taken(world)
    assert found.text == other.get("text", "The shelter opens.") and len(found.bound) == len(other.get("bound", []))
    assert found.action_code == other.get("follows", code)
    assert len(world.house.store.read("select action_code from action_agreed")) == 1
    with pytest.raises(Already):
        decide(world, kept, **sent)  # what came first is kept, whatever became of it
    with pytest.raises(Newer):
        decide(world, kept, **sent, knowing=newer.value.version)  # she was told, so she wants it back


def test_what_is_sent_again_after_it_was_taken_back_is_asked_about(world: World) -> None:
    kept = running(world)
    decide(world, kept, decision_id=ID)
    decisions.take_back(world.viewer("coordinator"), world.house, ID)
    with pytest.raises(Newer) as newer:
        decide(world, kept, decision_id=ID)
    assert newer.value.theirs.endswith("This decision was taken back.") and taken(world) == ()
    decide(world, kept, decision_id=ID, knowing=newer.value.version)
    assert [one.decision_id for one in taken(world)] == [ID]


def test_the_id_of_another_meeting_s_decision_tells_nothing_of_it(world: World) -> None:
    decide(world, running(world), decision_id=ID, text="Words of the first meeting.")
    with pytest.raises(NotPossible, match="not there") as refused:
        decide(world, running(world), decision_id=ID)
    assert not isinstance(refused.value, Newer)


def test_the_action_that_follows_comes_into_being_once(world: World) -> None:
    kept, chair = running(world), world.viewer("coordinator")
    decision = decide(world, kept)
    shown = taken(world)[0].version
    code = decisions.follow_up(chair, world.house, decision, SHELTER, knowing=shown)
    assert decisions.follow_up(chair, world.house, decision, SHELTER, knowing=shown) == code
    for knowing in (shown, taken(world)[0].version):
        with pytest.raises(NotPossible, match=f"The action {code} follows this decision already"):
            decisions.follow_up(chair, world.house, decision, replace(SHELTER, title="Other"), knowing=knowing)
    assert [row["action_code"] for row in world.house.store.read("select action_code from action_agreed")] == [code]


def test_without_an_action_it_is_visible_until_one_follows_also_after_the_meeting(world: World) -> None:
    agreed(world)
    kept = running(world)
    decision = decide(world, kept)
    assert [one.decision_id for one in taken(world, unfollowed=True)] == [decision]
    meetings.close(world.viewer("coordinator"), world.house, kept)
    version = detail(world, kept).meeting.version
    with pytest.raises(NotPossible, match="Choose the action"):
        decisions.follow_up(world.viewer("coordinator"), world.house, decision, "")
    assert decisions.follow_up(world.viewer("coordinator"), world.house, decision, HEALTH) == HEALTH
    assert taken(world, unfollowed=True) == ()
    [then] = detail(world, kept).decisions
    assert (then.action_code, then.since) == ("", HEALTH), "the page shows what was known then, and what came later"
    assert taken(world, version=version)[0].action_code == ""


def test_a_new_action_after_the_meeting_is_agreed_on_its_own_day(world: World) -> None:
    kept = running(world)
    decision = decide(world, kept)
    meetings.close(world.viewer("coordinator"), world.house, kept)
    late = replace(SHELTER, due_on=day(5))
    with pytest.raises(NotPossible, match="cannot be due before that day"):
        decisions.follow_up(later(world, "coordinator", 10), world.house, decision, late)
    code = decisions.follow_up(later(world, "coordinator", 10), world.house, decision, SHELTER)
    assert actions.action(world.viewer("member"), world.house, code).agreed_on == day(10)


def test_two_people_word_one_decision(world: World) -> None:
    kept = running(world)
    decision = decide(world, kept)
    shown = taken(world)[0].version
    decisions.amend(world.viewer("secretariat"), world.house, decision, "It opens in May.", knowing=shown)
    with pytest.raises(Newer, match="Secretariat changed this") as newer:
        decisions.amend(world.viewer("coordinator"), world.house, decision, "It opens in June.", knowing=shown)
    assert newer.value.theirs == "It opens in May. · Binds the whole mechanism"
    assert taken(world)[0].text == "It opens in May."
    decisions.amend(world.viewer("secretariat"), world.house, decision, "It opens in May.", knowing=shown)
    decisions.amend(
        world.viewer("coordinator"),
        world.house,
        decision,
        "It opens in June.",
        bound=["XAA-HEALTH"],
        knowing=taken(world)[0].version,
    )
    assert (taken(world)[0].text, taken(world)[0].bound) == (
        "It opens in June.",
        (("XAA-HEALTH", "XAA-HEALTH office"),),
    )


def test_taken_back_it_counts_no_more_and_its_action_stays(world: World) -> None:
    kept = running(world)
    decision = decide(world, kept, follows=SHELTER)
    code = taken(world)[0].action_code
    decisions.take_back(world.viewer("coordinator"), world.house, decision)
    assert taken(world) == ()
    assert actions.action(world.viewer("member"), world.house, code).state == "open"
    for again in (
        lambda: decisions.take_back(world.viewer("coordinator"), world.house, decision),
        lambda: decisions.amend(world.viewer("coordinator"), world.house, decision, "Other words"),
        lambda: decisions.follow_up(world.viewer("coordinator"), world.house, decision, code),
    ):
        with pytest.raises(NotPossible, match="taken back"):
            again()


def test_only_a_meeting_that_runs_decides(world: World) -> None:
    kept, chair = prepare(world), world.viewer("coordinator")
    with pytest.raises(NotPossible, match="has not begun"):
        decide(world, kept)
    meetings.start(chair, world.house, kept)
    decision = decide(world, kept)
    meetings.close(chair, world.house, kept)
    for late in (
        lambda: decide(world, kept),
        lambda: decisions.amend(chair, world.house, decision, "Other words"),
        lambda: decisions.take_back(chair, world.house, decision),
    ):
        with pytest.raises(NotPossible, match="is closed"):
            late()


def test_of_a_withdrawn_meeting_nothing_was_decided_until_it_is_brought_back(world: World) -> None:
    kept, chair = running(world), world.viewer("coordinator")
    decision = decide(world, kept)
    meetings.withdraw(chair, world.house, kept)
    assert taken(world) == ()
    with pytest.raises(NotPossible):
        decisions.follow_up(chair, world.house, decision, SHELTER)
    meetings.bring_back(chair, world.house, kept)
    assert [one.decision_id for one in taken(world)] == [decision]


def test_an_organisation_that_left_is_not_bound_and_keeps_its_name(world: World) -> None:
    kept = running(world)
    decide(world, kept, bound=["XAA-HEALTH"])
    rows = [member("XAA-COORD", "GOV-WOM", "coordination")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    with pytest.raises(NotPossible, match="“XAA-HEALTH” is not in the latest register"):
        decide(world, kept, bound=["XAA-HEALTH"])
    assert taken(world)[0].bound_words == "XAA-HEALTH office"


def test_who_reads_which(world: World) -> None:
    here, there = running(world), running(world, "secretariat", "XBA")
    one = decide(world, here, name="secretariat")
    two = decide(world, there, name="secretariat")
    three = decide(world, there, name="secretariat", bound=["XBA-POLICE"])
    every = {one, two, three}
    seen = {
        name: {found.decision_id for found in taken(world, name)}
        for name in ("member", "agency", "coordinator", "secretariat", "enforcement")
    }
    assert seen == {**dict.fromkeys(("member", "agency", "coordinator", "secretariat"), every), "enforcement": {three}}
    with pytest.raises(Refused):
        taken(world, "anonymous")


def test_the_audit_log_knows_who_and_not_what_was_decided(world: World) -> None:
    kept = running(world)
    decision = decide(world, kept)
    entries = world.house.store.read("select * from audit where subject = $id", id=decision)
    assert [(e["action"], json.loads(e["detail"])) for e in entries] == [("decision taken", {"country": "XAA"})]


def test_a_rebuilt_record_holds_the_whole_meeting(world: World, tmp_path: Path) -> None:
    from dashboard.coordination import agenda, attendance

    kept, chair = running(world), world.viewer("coordinator")
    decide(world, kept, follows=SHELTER, bound=["XAA-HEALTH"])
    agenda.note(chair, world.house, line(world, kept), "Größe “x” was talked about.")
    attendance.attend(chair, world.house, kept, {"XAA-HEALTH": "present"})
    attendance.add_document(chair, world.house, kept, title="Last minutes", address="https://files.example.org/a.pdf")
    meetings.close(chair, world.house, kept)
    shown = detail(world, kept)
    world.house.close()
    shutil.copytree(world.house.settings.data, tmp_path / "again", ignore=shutil.ignore_patterns("*.sock"))
    again = replace(world.house.settings, data=tmp_path / "again")
    again.database.unlink()
    assert rebuild.rebuild(again).problems == []
    one, other = open_house(world.house.settings), open_house(again)
    assert rebuild.equal(one.store, other.store) == []
    one.close()
    world.house = other
    assert detail(world, kept) == shown
