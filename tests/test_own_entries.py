"""Whoever reads a part of a register reads no count of it as one of the whole, and no "none" of what may be there."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import html
from flask_login import login_user

from coverage_world import dated, rich_world
from dashboard.factory import create_app
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.reports import corridor, corridors, plan, referral_paths
from dashboard.reports.entry import own_only
from test_assessment import row as answer
from test_corridors import HELD
from test_plan import ACTIONS, action, first, second
from test_referral_paths import way
from world import World, send, table

POLICE = "XBA-POLICE"
NAMING: dict[str, list[dict[str, Any]]] = {
    "agreements": [HELD, HELD | {"agreement_code": "XAA-AGR-9", "embassy": POLICE, "status": "negotiating"}],
    "plans": [first(steering_body=POLICE), second(steering_body=POLICE)],
    "plan_actions": [
        *ACTIONS,
        action("XAA-P1-01", plan_code="XAA-PLAN-1", lead=POLICE, forms_of_violence="physical", settings="home"),
        action("XAA-P1-02", plan_code="XAA-PLAN-1", settings="world_of_work"),
    ],
    "assessment_answers": [answer("KQ1", "no", owner=POLICE), answer("KQ2", "yes")],
    "pathways": [
        way("P1", "health", "social", to_organisation=POLICE, availability="planned"),
        way("P2", "health", "social"),
        way("P3", "social", "justice_policing"),
    ],
}


@pytest.fixture(scope="module")
def naming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Registers of XAA of which some entries name the police of XBA and others do not, and a release after them."""
    made = rich_world(tmp_path_factory.mktemp("naming") / "data")
    for dataset, rows in NAMING.items():
        send(made, dataset, "XAA-COORD", "2026-Q3", table(made.house, dataset, rows))
    release.publish(made.viewer("secretariat"), made.house, note="After the registers")
    yield made
    made.house.close()


class _Seen:
    """Somebody signed in, as the gate hands her to a page."""

    is_active = is_authenticated = True

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        return "session"


def page(world: World, name: str, module: str, **asked: str) -> str:
    """A page in the words that its viewer reads."""
    app = create_app(world.house.settings, house=world.house)
    with app.server.test_request_context():
        login_user(_Seen(dated(world.viewer(name))))
        layout = importlib.import_module(f"pages.{module}").layout(**asked)
        return json.dumps(html.Div(layout).to_plotly_json(), default=lambda c: c.to_plotly_json(), ensure_ascii=False)


def test_a_plan_of_which_she_reads_no_action(naming: World) -> None:
    who = dated(naming.viewer("enforcement"))
    found = plan.plan(who, naming.house, country="XAA")
    assert found.chosen is not None and found.chosen.code == "XAA-PLAN-2" and found.actions == ()
    assert found.part == own_only(who) and found.answer.endswith(found.part)
    assert "Second plan (Asterland) is launched" in found.answer.replace("registered as ", "")
    hers, every = page(naming, "enforcement", "plan", country="XAA"), page(naming, "member", "plan", country="XAA")
    assert "is registered yet" not in hers and "has reported a budget" not in hers
    assert "No action of this plan is shown to you." in hers and "No budget report is shown to you here." in hers
    assert "No organisation of this country has reported a budget yet." in every and "look" in every


def test_a_plan_of_which_she_reads_one_action(naming: World) -> None:
    who, reads = dated(naming.viewer("enforcement")), dated(naming.viewer("member"))
    found = plan.plan(who, naming.house, country="XAA", plan="XAA-PLAN-1")
    assert [one.code for one in found.actions] == ["XAA-P1-01"]
    assert found.flags == () and "action" not in found.answer.replace(found.part, "")
    assert found.part in found.pillars.caveats and not any("published" in said for said in found.pillars.caveats)
    assert not plan.plan(reads, naming.house, country="XAA", plan="XAA-PLAN-1").part
    hers = page(naming, "enforcement", "plan", country="XAA", plan="XAA-PLAN-1")
    assert "XAA-P1-01" in hers and "1 action" not in hers and "plan-pillars" not in hers
    assert "1 action" in page(naming, "member", "plan", country="XAA"), "whoever reads all reads how many there are"


def test_a_corridor_of_which_she_reads_one_agreement(naming: World) -> None:
    """She reads of one that is being negotiated; one in force is there."""
    who, reads = dated(naming.viewer("enforcement")), dated(naming.viewer("member"))
    line = corridors.corridors(who, naming.house).at("XAA", "XBA")
    assert line is not None and line.agreement is not None and line.agreement.state == "negotiating"
    ends = corridor.corridor(who, naming.house, line.corridor)
    assert ends is not None and "No agreement is in force" not in ends.answer and ends.part in ends.answer
    assert ends.answer.startswith("Of the agreements that you read, none is in force: ")
    told = corridor.corridor(reads, naming.house, line.corridor)
    assert told is not None and told.answer.startswith("An agreement is in force;")
    assert corridors.corridors(who, naming.house).answer.endswith(own_only(who))
    assert "On 1 an agreement is in force" in corridors.corridors(reads, naming.house).answer


def test_answers_of_which_she_reads_one_are_not_counted(naming: World) -> None:
    hers = page(naming, "enforcement", "assessment", country="XAA")
    assert "KQ1" in hers and "Ask the ministry" in hers and "KQ2" not in hers
    assert 'answered"' not in hers and "1 next step" not in hers and "of 1" not in hers
    assert "of 13 answered" in page(naming, "member", "assessment", country="XAA")


def test_a_list_to_choose_from_does_not_say_that_there_is_none(tmp_path: Path) -> None:
    empty = rich_world(tmp_path / "data")
    hers, every = page(empty, "enforcement", "plan"), page(empty, "member", "plan")
    assert "None shown to you" in hers and "None yet" not in hers
    assert "None yet" in every and "None shown to you" not in every
    empty.house.close()


def test_ways_that_name_her_are_read_as_in_their_register(naming: World) -> None:
    who, reads = dated(naming.viewer("enforcement")), dated(naming.viewer("member"))
    found = referral_paths.by_sectors(who, naming.house, period="2026-Q3")
    assert found.frame["ways"].to_dict() == {"health social": 0}
    assert found.column("ways").title == "Ways that work, of those that you read" and own_only(who) in found.caveats
    assert referral_paths.answer(who, found) == own_only(who)
    every = referral_paths.by_sectors(reads, naming.house, period="2026-Q3")
    assert every.frame["ways"].to_dict() == {"health social": 1, "social justice_policing": 1}
    assert every.column("ways").title == "Ways that work"
    assert referral_paths.by_sectors(reads, naming.house, period="2026-Q2").frame.empty, "nobody had said it by then"
