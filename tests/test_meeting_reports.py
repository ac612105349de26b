"""What is asked of meetings: the list, one meeting as it was when it closed, and what an agenda could hold."""

from __future__ import annotations

from datetime import date

import pytest

from action_world import HEALTH, TODAY, agree, agreed, change, day, row
from dashboard.coordination import agenda, attendance, decisions, meetings
from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.reports import meetings as asked
from dashboard.reports import proposals
from meeting_world import decide, detail, line, prepare, running
from reporting_world import Reporting
from world import World, member, send, table


def listed(world: World, name: str, country: str = "") -> list[tuple[str, str, bool]]:
    found = asked.meetings(world.viewer(name), world.house, country)
    return [(one.country, one.state, one.withdrawn) for one in found]


def test_the_list_begins_with_what_runs_and_ends_with_what_was_withdrawn(world: World) -> None:
    chair = world.viewer("coordinator")
    gone, kept = prepare(world), running(world)
    meetings.close(chair, world.house, kept)
    prepare(world)
    running(world)
    prepare(world, "secretariat", "XBA")
    meetings.withdraw(chair, world.house, gone)
    assert listed(world, "coordinator", "XAA") == [
        ("XAA", "running", False), ("XAA", "planned", False), ("XAA", "closed", False), ("XAA", "planned", True),
    ]  # fmt: skip
    assert listed(world, "member", "XAA") == listed(world, "coordinator", "XAA")[:3], "who may not bring it back"
    assert [row[0] for row in listed(world, "member")].count("XBA") == 1
    assert listed(world, "enforcement") == []
    with pytest.raises(Refused):
        listed(world, "anonymous")


def test_the_answer_says_what_runs_what_comes_and_what_no_action_follows(world: World) -> None:
    viewer = world.viewer("member")
    assert asked.answer(asked.meetings(viewer, world.house)) == ""
    meetings.hold(world.viewer("coordinator"), world.house, country="XAA", title="Held", held_on=TODAY)
    assert asked.answer(asked.meetings(viewer, world.house)) == "No meeting is planned."
    kept = running(world)
    prepare(world)
    decide(world, kept)
    said = asked.answer(asked.meetings(viewer, world.house))
    assert said.startswith("Running now: Fourth meeting, Asterland. Next: Fourth meeting, Asterland, ")
    assert said.endswith("No action follows 1 decision.")
    decisions.follow_up(
        world.viewer("coordinator"), agreed(world).house, detail(world, kept).decisions[0].decision_id, HEALTH
    )
    assert asked.answer(asked.meetings(viewer, world.house)).endswith("An action follows every decision.")


@pytest.mark.parametrize("meeting_id", ["", "never"])
def test_what_is_not_there_and_what_is_not_hers_are_one_answer(world: World, meeting_id: str) -> None:
    kept, said = running(world), set()
    for name, one in (("enforcement", kept), ("member", meeting_id)):
        with pytest.raises(Refused) as refused:
            detail(world, one, name)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_closed_meeting_shows_for_ever_what_was_known_then(world: World) -> None:
    agreed(world)
    kept, chair = running(world), world.viewer("coordinator")
    attendance.attend(chair, world.house, kept, {"XAA-HEALTH": "present"})
    agenda.note(chair, world.house, line(world, kept), "It was talked about.")
    decide(world, kept, bound=["XAA-HEALTH"])
    meetings.close(chair, world.house, kept)
    then = detail(world, kept, "coordinator")
    rows = [member("XAA-COORD", "GOV-WOM", "coordination") | {"organisation_name": "Another name"}]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    change(world, "member", HEALTH, state="done")
    assert detail(world, kept, "coordinator") == then
    assert then.here == 1 and then.lines[1].note == "It was talked about."
    assert asked.attended(then) == "1 of 2 seats were taken."


def test_a_seat_that_left_after_it_was_marked_stays_on_the_list(world: World) -> None:
    kept = running(world)
    attendance.attend(world.viewer("coordinator"), world.house, kept, {"XAA-HEALTH": "present"})
    rows = [member("XAA-COORD", "GOV-WOM", "coordination")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    assert {(p.organisation_code, p.name, p.state) for p in detail(world, kept, "coordinator").places} == {
        ("XAA-COORD", "XAA-COORD office", ""),
        ("XAA-HEALTH", "XAA-HEALTH office", "present"),
    }


def proposed(world: World, name: str = "coordinator") -> dict[str, tuple[str, bool]]:
    found = proposals.proposals(world.viewer(name), world.house, "XAA")
    return {one.topic.subject: (one.why, one.usual) for one in found}


def test_an_agenda_is_proposed_from_the_usual_and_from_what_needs_attention(world: World) -> None:
    quiet = proposed(world)
    assert {s for s, (_why, usual) in quiet.items() if usual} >= {"attendance", "plan", "agreed"}
    assert "overdue" not in quiet and "decisions" not in quiet
    assert quiet["coverage"] == ("", False), "offered, and not put on by itself"
    agreed(world)
    kept = running(world)
    decide(world, kept)
    now = proposed(world)
    assert now["overdue"] == ("1 action is late.", True)
    assert now["decisions"] == ("No action follows 1 decision.", True)
    assert now["seats"][1] and "no filled seat" in now["seats"][0]


def test_what_is_past_its_day_is_proposed_even_where_nobody_is_to_hurry_it(world: World) -> None:
    assert "overdue" not in proposed(world)
    agree(world, "XAA-COORD", [row("XAA-BAN", "XAA-HEALTH", day(-9), restricts_work_or_migration="yes")])
    why, usual = proposed(world)["overdue"]
    assert usual and why.startswith("No action is late. 1 action past its due date may restrict women's work")


def test_a_report_that_was_returned_is_not_counted_as_one_that_has_not_come(reporting_world: Reporting) -> None:
    def why() -> str:
        chair = reporting_world.seen("coordinator", date(2026, 11, 20))
        found = proposals.proposals(chair, reporting_world.house, "XAA")
        return next((one.why for one in found if one.topic.subject == "reports"), "")

    assert why() == "1 report for Q3 2026 has not come."
    submissions.send_back(
        reporting_world.operator, reporting_world.house, reporting_world.sent["Q3 XAA-HEALTH"], "Mend."
    )
    assert why() == "1 report for Q3 2026 has not come, 1 was returned."
    reporting_world.hands_in("XAA-COORD", date(2026, 11, 1), accept=True)
    assert why() == "1 report for Q3 2026 was returned and is to be mended."


def test_a_figure_that_is_short_of_its_milestone_is_proposed(looked_at: World) -> None:
    from dashboard.reports import indicators
    from dashboard.reports.indicator_goals import SHORT

    viewer = looked_at.viewer("secretariat")
    for country in ("XAA", "XBA"):
        cards = indicators.listing(viewer, looked_at.house, country=country).cards
        short = {"indicator:" + card.indicator.code for card in cards if card.standing == SHORT}
        found = {
            one.topic.subject
            for one in proposals.proposals(viewer, looked_at.house, country)
            if one.topic.subject.startswith("indicator:")
        }
        assert found <= short and len(found) == min(len(short), proposals.FIGURES)
    assert short or found == set()


def test_what_is_proposed_can_be_put_on_an_agenda(world: World) -> None:
    agreed(world)
    found = proposals.proposals(world.viewer("coordinator"), world.house, "XAA")
    kept = prepare(world, topics=[one.topic for one in found])
    assert [one.title for one in detail(world, kept).lines] == [one.topic.title for one in found]
    with pytest.raises(Refused):
        proposals.proposals(world.viewer("anonymous"), world.house, "XAA")


def test_a_vacant_seat_is_none_that_could_be_taken(world: World) -> None:
    kept, chair = running(world, "secretariat", "XBA"), world.viewer("secretariat")
    attendance.attend(chair, world.house, kept, {"XBA-POLICE": "present", "XBA-UNION": "absent"})
    assert asked.attended(detail(world, kept)) == "1 of 2 seats were taken."
    attendance.attend(chair, world.house, kept, {"XBA-UNION": "online"})
    assert asked.attended(detail(world, kept)) == "2 of 3 seats were taken.", "somebody came for it all the same"
