"""What changed between two moments: figures, actions, reports and seats, for whoever may see both ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import action_world
import indicator_world
from action_desk import Desk
from action_world import ABROAD, COORD, HEALTH, TODAY, agree, change, day, row
from dashboard.coordination import actions as door
from dashboard.coordination import meetings
from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.reference import text
from dashboard.reports import since, since_figures
from dashboard.reports.since import Since
from world import MEMBERS, Built, World, member, send, table

WHY = "The budget comes a quarter later."


@pytest.fixture
def world(built_indicators: Built, tmp_path: Path) -> Iterator[World]:
    """The world with contacts, indicators and actions, in which the committee has just met."""
    made = action_world.agreed(built_indicators.opened(tmp_path / "world"))
    meetings.hold(made.operator, made.house, country="XAA", title="Spring meeting", held_on=TODAY)
    yield made
    made.house.close()


def met(world: World) -> str:
    return (
        "meeting:" + world.house.store.read("select meeting_id from meeting_now order by version desc")[0]["meeting_id"]
    )


def ask(world: World, name: str = "secretariat", country: str = "XAA", earlier: str = "", later: str = "") -> Since:
    return since.since(world.viewer(name), world.house, country=country, earlier=earlier or met(world), later=later)


def said(world: World, subject: str, name: str = "secretariat", **asked: str) -> tuple[str, ...]:
    return ask(world, name, **asked).sentences(subject)


def test_nothing_changed_is_said(world: World) -> None:
    found = ask(world)
    assert found.changes == () and found.table.frame.empty and found.former.title.startswith("Meeting of")
    assert found.answer.endswith(
        "to today: 0 figures moved; 0 actions changed; 0 changes of reports; 0 changes of seats."
    )
    assert found.text.count("Nothing changed.") == 4


def test_what_became_of_actions(world: World) -> None:
    change(world, "member", HEALTH, state="done", evidence="The minutes of May")
    change(world, "coordinator", COORD, due_on=day(130), note=WHY)
    change(world, "coordinator", COORD, due_on=day(194), note=WHY)
    agree(world, "XAA-COORD", [row("XAA-NEW", "XAA-HEALTH", day(9))], period="2026-Q1")
    new, done, moved = said(world, "actions")
    assert new == f"Agreed: Do what XAA-NEW says. XAA-HEALTH office leads; due on {_day(9)}."
    assert done == f"Do what {HEALTH} says (XAA-HEALTH office): Open → Done; evidence was added."
    assert moved == (
        f"Do what {COORD} says (XAA-COORD office): Due {_day(100)} → {_day(194)}, 94 days later; moved twice, 94 days"
        f" in all. Said of it: “{WHY}”"
    )
    frame = ask(world).table.frame
    table, late = frame[frame["subject"] == "Actions"], f"Open, due {_day(-40)}, 40 days overdue"
    assert table["before"].tolist() == [
        "not agreed yet",
        late,
        f"Open, due {_day(100)}",
    ]
    assert table["now"].tolist()[1:] == [f"Done, due {_day(-40)}", f"Open, due {_day(194)}"]
    assert table["why"].tolist() == ["", "", WHY]
    hrefs = [c.href for c in ask(world).changes if c.subject == "actions"]
    assert all(href.startswith("/actions?state=all&action=XAA-") for href in hrefs)


def _day(days: int) -> str:
    return text.day(day(days))


def test_what_was_taken_back_is_no_change_and_a_note_alone_is_one(world: World) -> None:
    version = change(world, "member", HEALTH, state="dropped", note="By mistake.")
    door.undo(world.viewer("member"), world.house, HEALTH, version)
    assert said(world, "actions") == ()
    change(world, "member", HEALTH, note="Half of it is done.")
    assert said(world, "actions") == (
        f"Do what {HEALTH} says (XAA-HEALTH office): a note was added. Said of it: “Half of it is done.”",
    )


def test_what_became_late_in_between(world: World) -> None:
    viewer = replace(world.viewer("secretariat"), today=day(101))
    found = since.since(viewer, world.house, country="XAA", earlier=met(world))
    assert f"Do what {COORD} says (XAA-COORD office): overdue since {_day(100)}." in found.sentences("actions")


def test_what_was_marked_as_restricting_is_told(world: World) -> None:
    """It stops being late and nobody did anything of it: whoever compares two lists reads why."""
    rows = [row(HEALTH, "XAA-HEALTH", day(-40), support="XAA-COORD", restricts_work_or_migration="yes"),
            *action_world.LISTS["XAA-COORD"][1:]]  # fmt: skip
    agree(world, "XAA-COORD", rows)
    lead = f"Do what {HEALTH} says (XAA-HEALTH office): "
    assert said(world, "actions") == (
        f"{lead}marked as one that may restrict women's work or migration: it is no longer counted as late.",
    )
    frame = ask(world).table.frame
    again = "to be looked at again: it may restrict women's work or migration"
    assert frame[frame["subject"] == "Actions"]["now"].tolist() == [f"Open, due {_day(-40)}, {again}"]
    meetings.hold(world.operator, world.house, country="XAA", title="Summer meeting", held_on=TODAY)
    agree(world, "XAA-COORD", [row(HEALTH, "XAA-HEALTH", day(-40), support="XAA-COORD"), *rows[1:]])
    assert said(world, "actions") == (
        f"{lead}overdue since {_day(-40)}; no longer marked as one that may restrict women's work or migration.",
    )


def test_what_is_to_be_looked_at_again_since_its_day_passed(world: World) -> None:
    viewer = replace(world.viewer("secretariat"), today=day(11))
    found = since.since(viewer, world.house, country="XAA", earlier=met(world))
    assert f"Do what {ABROAD} says (XBA-POLICE office): to be looked at again since {_day(10)}." in found.sentences(
        "actions"
    )


def test_reports_that_came_were_corrected_and_do_not_count(world: World) -> None:
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "It was another quarter's.")
    rows = MEMBERS["XAA-COORD"]
    send(
        world,
        "members",
        "XAA-COORD",
        "2026-Q2",
        table(world.house, "members", [*rows[:1], rows[1] | {"sector": "social"}]),
    )
    told = " ".join(said(world, "reports"))
    assert "XAA-HEALTH office, Q3 2026: Service coverage: accepted." in told
    assert "XAA-HEALTH office, Q2 2026: Service coverage: does not count any more." in told
    assert "XAA-COORD office, Q2 2026: Members of the mechanism: corrected since, and accepted again." in told
    assert said(world, "reports", country="XBA") == ()
    assert said(world, "reports", "enforcement", country="XAA") == (), "of others an enforcement body is told nothing"


def test_seats_that_changed_and_who_joined_and_left(world: World) -> None:
    rows = [MEMBERS["XAA-COORD"][0], member("XAA-UNION", "SOC-WRK", "world_of_work")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    told = said(world, "seats")
    title = {code.code: code.title for code in world.house.library.codes["stakeholder_categories"].codes}
    assert len(told) == 4 and set(told) == {
        f"{title['GOV-HEA']}: no seat, before: seat filled.",
        f"{title['SOC-WRK']}: seat filled, before: no seat.",
        "XAA-HEALTH office left the register of members.",
        "XAA-UNION office joined the register of members.",
    }
    told = said(world, "seats", "enforcement", country="XAA")
    assert told == ("A first register of members: 2 seats filled.",), "what was published, and no organisation"


def test_a_first_register_is_one_change(world: World) -> None:
    found = ask(world, earlier="2020-01-01")
    assert found.former.version == 0
    assert [c for c in found.changes if c.subject == "seats"][0].said == "A first register of members: 2 seats filled."
    assert len(found.sentences("seats")) == 1


def test_a_figure_that_moved_is_said_with_both_ends(world: World) -> None:
    rows = [indicator_world.value("XAA-COORD", "P-CAP-1", "2026-Q3", 400)]
    send(world, "indicator_values", "XAA-COORD", "2026-Q3", table(world.house, "indicator_values", rows))
    title = world.house.library.indicators["P-CAP-1"].title
    (found,) = [c for c in ask(world).changes if c.what == title]
    assert found.before.startswith("410") and found.now.startswith("490") and "(Q3 2026)" in found.now
    assert found.said == f"{title}: the figure of Q3 2026 was revised from 410 persons to 490 persons."
    assert found.href == "/indicator/P-CAP-1?country=XAA" and found.caveat == ""


def test_a_figure_of_another_quarter_is_said_with_both(world: World) -> None:
    """Only the same quarter's figure was revised."""
    card = indicator_world.card(indicator_world.listing(world, country="XAA"), "P-CAP-1")
    ends: Any = SimpleNamespace(country="XAA", then=SimpleNamespace(past=False))
    found = since_figures._change(ends, card, ("200 persons", "Q1 2026"))
    assert found.said.endswith(": 410 persons (Q3 2026), before 200 persons (Q1 2026).")
    assert found.said == f"{found.what}: {found.now}, before {found.before}."


def test_a_figure_of_a_file_that_does_not_count_any_more_is_no_value(world: World) -> None:
    survey = world.house.library.indicators["SDG-5.2.1"].title
    for (organisation, period), rows in indicator_world.FILES.items():
        if organisation == "XAA-COORD" and any(row["indicator_code"] == "SDG-5.2.1" for row in rows):
            file = [indicator_world.value(organisation, "P-CAP-1", period, 320)]
            send(world, "indicator_values", organisation, period, table(world.house, "indicator_values", file))
    (found,) = [c for c in ask(world).changes if c.what == survey]
    assert found.now == "no value" and found.said.startswith(f"{survey}: no value any more; before 28.4")


def test_a_count_of_contacts_goes_with_its_caveat_and_to_the_trained(world: World) -> None:
    title = next(i.title for i in world.house.library.indicators.values() if i.computed == "contacts")
    told = [c for c in ask(world, "trained coordinator", earlier="2020-01-01").changes if c.what == title]
    (contacts,) = told
    caveat = contacts.caveat
    assert caveat and contacts.said.startswith(caveat) and "69" in contacts.now
    assert not any(word in contacts.said.replace(caveat, "") for word in ("rose", "fell", "more", "fewer"))
    frame = ask(world, "trained coordinator", earlier="2020-01-01").table
    assert caveat in frame.caveats and caveat in frame.frame["caveat"].tolist()
    for name in ("member", "agency", "coordinator", "enforcement", "expired agency"):
        assert not any(c.what == title for c in ask(world, name, earlier="2020-01-01").changes)


def test_two_moments_the_wrong_way_round_are_exchanged(world: World) -> None:
    key = met(world)
    change(world, "member", HEALTH, state="done")
    meetings.hold(world.operator, world.house, country="XAA", title="Second meeting", held_on=TODAY)
    right, wrong = ask(world, earlier=key, later=met(world)), ask(world, earlier=met(world), later=key)
    assert wrong.exchanged and not right.exchanged
    assert right.sentences("actions") == wrong.sentences("actions") != ()


@pytest.mark.parametrize("key", ["nonsense", "meeting:none", "2099-01-01", "2026-13-40", "x" * 200])
def test_what_is_no_moment_counts_as_none_chosen(world: World, key: str) -> None:
    viewer = world.viewer("secretariat")
    found = since.since(viewer, world.house, country=key, earlier=key, later=key)
    assert not found.then.past and found.former.past and found.country in ("XAA", "XBA")


def test_who_sees_a_part_is_told_so_and_the_public_is_refused(world: World) -> None:
    assert ask(world).told == () and ask(world, "enforcement").told == (since.PART,)
    assert since.PART in ask(world, "enforcement").text
    with pytest.raises(Refused):
        since.since(world.viewer("anonymous"), world.house)


def test_every_change_has_its_words(world: World) -> None:
    """The whole life of the record in one answer, as every role."""
    change(world, "member", HEALTH, state="blocked", note=WHY)
    for name in ("member", "agency", "coordinator", "enforcement", "secretariat", "trained coordinator"):
        for country in ("XAA", "XBA"):
            found = ask(world, name, country=country, earlier="2020-01-01")
            assert len(found.table.frame) == len(found.changes)
            assert all(c.subject in since.SUBJECTS and c.what and c.before != c.now and c.said for c in found.changes)


# --- at its address ---


def test_the_page_has_sentences_the_table_and_the_text_to_take_along(world: World) -> None:
    change(world, "member", HEALTH, state="blocked", note="Hall “Größe” <b>is</b> taken.")
    desk = Desk(world)
    answer = desk.call("coordinator", "since-results", [], country="XAA", from_moment=met(world))
    assert answer.status == 200 and "Open → Blocked" in answer and "The same as a table" in answer
    assert "since-XAA-" in answer and "Save these sentences as text" in answer and "dangerously" not in answer
    assert desk.call("anonymous", "since-results", []).status == 401
    for junk in (None, 7, [], {}, ["x"], "x" * 5000):
        assert desk.call("member", "since-results", [], country=junk, from_moment=junk, as_of=junk).status == 200
