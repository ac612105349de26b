"""What somebody who takes a seat over reads: about her own organisation, and never about a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import action_world
from action_desk import Desk
from action_world import COORD, HEALTH, TODAY, change
from dashboard.coordination import meetings
from dashboard.intake import submissions
from dashboard.protection import policy
from dashboard.protection.policy import Refused
from dashboard.reference import periods
from dashboard.reports import welcome
from dashboard.reports.welcome import Welcome
from world import MEMBERS, PEOPLE, Built, World, send, table

LAST = periods.last_ended(TODAY)


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    """The small world with actions, whose register says that XAA-HEALTH reports its services each quarter."""
    made = action_world.agreed(built.opened(tmp_path / "world"))
    rows = [row | {"reports_quarterly": "yes"} for row in MEMBERS["XAA-COORD"]]
    send(made, "members", "XAA-COORD", str(LAST), table(made.house, "members", rows))
    yield made
    made.house.close()


def ask(world: World, name: str) -> Welcome:
    return welcome.welcome(world.viewer(name), world.house)


def test_she_reads_what_her_organisation_owes_and_leads(world: World) -> None:
    submissions.send_back(world.operator, world.house, world.sent["Q3 XAA-HEALTH"], "Mend row 3, please.")
    found = ask(world, "agency")
    assert (found.organisation, found.country_name) == ("XAA-HEALTH office", "Asterland")
    owed = {f.dataset: f.state for f in found.owed}
    assert owed["service_coverage"] == "returned" and {f.organisation_code for f in found.owed} == {"XAA-HEALTH"}
    assert [f.standing for f in found.owed][0] in ("returned", "missing"), "what needs somebody is first"
    assert found.next_quarter == periods.of(TODAY).label and found.due_next and found.due_next > TODAY
    assert [a.action_code for a in found.led] == [HEALTH] and found.supported == ()
    assert "it leads 1 open action, 1 of them late" in found.answer and found.quarter == LAST.label
    change(world, "member", HEALTH, state="done")
    assert ask(world, "agency").led == () and "leads 0 open actions" in ask(world, "agency").answer


def test_what_it_supports_stands_apart(world: World) -> None:
    found = ask(world, "coordinator")
    assert ([a.action_code for a in found.led], [a.action_code for a in found.supported]) == ([COORD], [HEALTH])


def test_what_was_sent_is_told_for_four_quarters(world: World) -> None:
    sent = {one.quarter: one.said for one in ask(world, "agency").sent}
    assert list(sent) == [LAST.shifted(-n).label for n in range(4)]
    assert sent[LAST.label].split()[0] in ("0", "1") and "nothing was expected" in sent.values()


def test_what_may_be_sent_besides_is_for_who_may_send(world: World) -> None:
    assert {one.contract.name for one in ask(world, "coordinator").others} >= {"actions", "members"}
    assert not any(one.contract.quarterly for one in ask(world, "coordinator").others)
    assert ask(world, "member").others == ()


@pytest.mark.parametrize("name", list(PEOPLE))
def test_her_rights_are_those_of_the_table(world: World, name: str) -> None:
    viewer = world.viewer(name)
    rights = ask(world, name).rights
    assert [r.held for r in rights] == [policy.reach(viewer, a) > policy.Reach.NONE for a in welcome.RIGHTS]
    limits = " ".join(ask(world, name).limits)
    assert ("enforcement body" in limits) == (name == "enforcement") and "need a training" in limits
    assert {*welcome.REACHES} == {*policy.Reach}


def test_a_valid_training_is_told_with_its_end(world: World) -> None:
    viewer = replace(world.viewer("agency"), training_until=TODAY)
    assert "valid until" in " ".join(welcome.welcome(viewer, world.house).limits)


def test_the_mechanism_of_her_country_in_figures(world: World) -> None:
    found = ask(world, "member")
    assert "In Asterland 2 of the 28 categories" in found.mechanism[1] and found.coordinating == ("XAA-COORD office",)
    assert found.met == "" and welcome.asked(found) == "Ask XAA-COORD office, or the secretariat."
    meetings.hold(world.operator, world.house, country="XAA", title="Spring meeting", held_on=TODAY)
    found = ask(world, "member")
    meetings.prepare(world.operator, world.house, country="XAA", title="Next", held_on=TODAY + timedelta(days=20))
    assert "It meets next on" not in found.met and "It meets next on" in ask(world, "member").met
    assert found.met.startswith("The committee last met on") and found.since.startswith(
        "/since?country=XAA&from_moment="
    )


def test_who_acts_for_no_organisation_reads_the_rest(world: World) -> None:
    found = ask(world, "secretariat")
    assert (found.organisation, found.owed, found.led, found.sent, found.others) == ("", (), (), (), ())
    assert "no single organisation" in found.answer and welcome.asked(found) == "Ask the secretariat."


def test_an_enforcement_body_reads_of_its_own(world: World) -> None:
    found = ask(world, "enforcement")
    assert {a.lead for a in found.led} == {"XBA-POLICE"} and found.met == ""
    assert {f.organisation_code for f in found.owed} <= {"XBA-POLICE"}


def test_the_public_and_who_has_no_role_are_refused(world: World) -> None:
    for viewer in (world.viewer("anonymous"), replace(world.viewer("member"), grants=())):
        with pytest.raises(Refused):
            welcome.welcome(viewer, world.house)


@pytest.mark.parametrize("name", list(PEOPLE))
def test_the_page_names_no_person(world: World, name: str) -> None:
    change(world, "coordinator", HEALTH, note="The hall <b>is</b> taken.")
    page = Desk(world).client(name).get("/welcome")
    text = page.get_data(as_text=True).split('<main id="main"')[1]
    assert page.status_code == 200 and "What the words mean" in text and "/dictionary" in text
    assert not any(world.email(other) in text for other in PEOPLE) and "<b>is</b>" not in text
    assert "Coordinator" not in text.replace("Coordinators", ""), "no account's name"


def test_the_page_asks_who_comes(world: World) -> None:
    assert Desk(world).client("anonymous").get("/welcome").status_code == 302
