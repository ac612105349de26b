"""Who may send, review and remove which file, and for what it may be sent. Never looks into a file's cells."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.intake.submissions import NotPossible
from dashboard.people import accounts, links
from dashboard.protection.policy import Grant, Refused
from dashboard.record.house import open_house
from submission_world import (
    HEALTH,
    POLICE,
    SAID,
    csv_of,
    stage,
    staged,
    state,
)
from world import PEOPLE, Built, World, copied, member, service, table

AGENCIES_SEND = [
    "action_updates", "budget_execution", "indicator_values", "referrals", "service_contacts", "service_coverage",
    "training_sessions",
]  # fmt: skip
REGISTERS = [
    "adjustments", "agreements", "assessment_answers", "data_systems", "evaluations", "laws", "needs_and_gaps",
    "non_citizen_safeguards", "origin_profiles", "participation", "pathways", "plan_actions", "plans",
    "prevention_actions", "protocols", "ratifications", "studies",
]  # fmt: skip
COORDINATORS_SEND = sorted([*AGENCIES_SEND, "actions", "members", "milestones", *REGISTERS])

# --- who may ---


def outcome(step: Callable[[], Any]) -> str:
    try:
        step()
    except Refused as refused:
        assert len(refused.reason) > 20
        return "refused"
    except NotPossible:
        return "not now"
    return "done"


EVERYBODY = ("anonymous", *PEOPLE)
MAY = {
    "see": {"member", "agency", "coordinator", "secretariat"},
    "stage": {"agency", "coordinator", "secretariat"},
    "submit": {"agency", "coordinator", "secretariat"},
    "withdraw before": {"agency", "coordinator", "secretariat"},
    "accept": {"coordinator", "secretariat"},
    "send back": {"coordinator", "secretariat"},
    "withdraw after": {"coordinator", "secretariat"},
    "sweep": {"secretariat"},
    "expunge": {"secretariat"},
}


@pytest.mark.parametrize("name", EVERYBODY)
def test_rights_over_the_files_of_one_organisation(world: World, name: str) -> None:
    """Every step on a file of XAA-HEALTH, tried by everybody in the state in which it is possible."""
    viewer, house = world.viewer(name), world.house
    data, accepted = csv_of(world, HEALTH, "SEED-1"), world.sent["Q2 XAA-HEALTH"]
    waiting, open_file = world.sent["Q3 XAA-HEALTH"], staged(world, "SEED-2")
    version = house.store.head().version
    tried = {
        "see": outcome(lambda: submissions.find(viewer, house, waiting)),
        "stage": outcome(lambda: stage(world, data, by=viewer)),
        "submit": outcome(lambda: submissions.submit(viewer, house, open_file)),
        "withdraw before": outcome(lambda: submissions.withdraw(viewer, house, open_file, SAID)),
        "send back": outcome(lambda: submissions.send_back(viewer, house, waiting, SAID)),
        "accept": outcome(lambda: submissions.accept(viewer, house, waiting)),
        "withdraw after": outcome(lambda: submissions.withdraw(viewer, house, accepted, SAID)),
        "sweep": outcome(lambda: submissions.sweep(viewer, house)),
        "expunge": outcome(lambda: submissions.expunge(viewer, house, waiting, SAID)),
    }
    assert {step for step, found in tried.items() if found != "refused"} == {s for s, who in MAY.items() if name in who}
    assert tried["accept"] != "done", "it was sent back before"
    if name in ("anonymous", "member", "foreign coordinator", "enforcement"):
        assert house.store.head().version == version, "a refusal leaves nothing behind"


def test_an_enforcement_body_sends_its_own_files_and_no_others(world: World) -> None:
    viewer = world.viewer("enforcement")
    found = stage(world, csv_of(world, POLICE, "SEED-7"), POLICE, by=viewer).submission_id
    submissions.submit(viewer, world.house, found)
    assert state(world, found) == "submitted"
    for other in (HEALTH, "XBA-UNION", "XBA-COORD"):
        with pytest.raises(Refused):
            stage(world, csv_of(world, other, "SEED-7"), other, by=viewer)


def test_a_coordinator_reviews_in_her_own_country_only(world: World) -> None:
    found = stage(world, csv_of(world, POLICE, "SEED-7"), POLICE, by=world.viewer("enforcement")).submission_id
    submissions.submit(world.viewer("enforcement"), world.house, found)
    with pytest.raises(Refused):
        submissions.accept(world.viewer("coordinator"), world.house, found)
    submissions.accept(world.viewer("foreign coordinator"), world.house, found)


def test_what_is_not_there_and_what_is_not_hers_sound_the_same(world: World) -> None:
    said = set()
    for found in (world.sent["Q2 XBA-POLICE"], "0199-nothing", "", "' or 1=1 --"):
        for step in (submissions.find, submissions.accept, submissions.submit):
            with pytest.raises(Refused) as told:
                step(world.viewer("agency"), world.house, found)
            said.add(told.value.reason)
    assert len(said) == 1


def test_the_contract_names_who_sends(world: World) -> None:
    """An agency may send files, and the register is none of them: not staged, not submitted, not taken back."""
    house = world.house
    agency = replace(world.viewer("agency"), organisation_code="XAA-COORD", grants=(Grant("agency", "XAA-COORD"),))
    data = table(house, "members", [member("XAA-COORD", "GOV-WOM", "coordination")])
    with pytest.raises(Refused, match="coordinator"):
        stage(world, data, "XAA-COORD", by=agency, dataset="members")
    found = stage(world, data, "XAA-COORD", by=world.viewer("coordinator"), dataset="members").submission_id
    assert submissions.find(agency, house, found), "she sees what her organisation sends"
    with pytest.raises(Refused, match="coordinator"):
        submissions.submit(agency, house, found)
    with pytest.raises(Refused, match="coordinator"):
        submissions.withdraw(agency, house, found, SAID)
    assert state(world, found) == "staged"


def test_a_role_elsewhere_lends_nothing(world: World) -> None:
    """Coordinator over there, agency here: the register of this organisation is still not hers to send."""
    grants = (Grant("coordinator", "XBA-COORD", "XBA"), Grant("agency", HEALTH, ""))
    both = replace(world.viewer("agency"), grants=grants, organisation_code="XBA-COORD", country="XBA")
    data = table(world.house, "members", [member(HEALTH, "GOV-HEA", "health")])
    with pytest.raises(Refused):
        stage(world, data, HEALTH, by=both, dataset="members")
    assert stage(world, csv_of(world, HEALTH, "SEED-1"), by=both).submission_id
    contracts, mine = submissions.sendable(both, world.house)
    assert [c.name for c in contracts] == COORDINATORS_SEND, "one of her roles sends each of them"
    assert {HEALTH, POLICE} <= {o["organisation_code"] for o in mine}


OFFERED: dict[str, tuple[list[str], list[str]]] = {
    "anonymous": ([], []),
    "member": ([], []),
    "agency": (AGENCIES_SEND, [HEALTH]),
    "coordinator": (COORDINATORS_SEND, ["XAA-COORD", HEALTH]),
    "enforcement": (AGENCIES_SEND, [POLICE]),
    "secretariat": (COORDINATORS_SEND, ["XAA-COORD", HEALTH, "XBA-COORD", POLICE, "XBA-UNION"]),
}


def test_what_the_form_offers(world: World) -> None:
    for name, offered in OFFERED.items():
        contracts, mine = submissions.sendable(world.viewer(name), world.house)
        assert ([c.name for c in contracts], [o["organisation_code"] for o in mine]) == offered, name


ADMINISTRATIVE = {
    "title": "Contacts",
    "description": "How many contacts a service had.",
    "primaryKey": ["organisation_code"],
    "dashboard": {
        "row": "One row per organisation.",
        "kind": "administrative",
        "screen": "counts",
        "frequency": "quarterly",
        "submitters": ["agency", "coordinator", "secretariat"],
    },
    "fields": [
        {"name": "organisation_code", "title": "Organisation", "description": "Yours.", "type": "string", "own": True,
         "hxl": "#org+code", "constraints": {"required": True}},
        {"name": "contacts", "title": "Contacts", "description": "How many.", "type": "integer", "hxl": "#contacts",
         "constraints": {"required": True, "minimum": 0}},
    ],
}  # fmt: skip


def test_contact_counts_are_accepted_by_the_trained(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "contacts"
    copied(built.folder, folder)
    (folder / "datasets" / "schemas").mkdir()
    (folder / "datasets" / "schemas" / "contacts.json").write_text(json.dumps(ADMINISTRATIVE), encoding="utf-8")
    house = open_house(Settings(data=folder, min_free_bytes=0))
    try:
        world = World(house, dict(built.people), dict(built.sent))
        data = b"organisation_code,contacts\nXAA-HEALTH,12\n"
        found = stage(world, data, by=world.viewer("agency"), dataset="contacts").submission_id
        submissions.submit(world.viewer("agency"), house, found)
        for untrained in (world.viewer("coordinator"), world.viewer("secretariat"), world.operator):
            with pytest.raises(Refused, match="training"):
                submissions.accept(untrained, house, found)
        today = datetime.now(UTC).date()
        accounts.record_training(
            world.operator, house, world.people["coordinator"], completed_on=today, undertaking_on=today
        )
        submissions.accept(world.viewer("coordinator"), house, found)
        assert state(world, found) == "accepted"
    finally:
        house.close()


# --- what it is sent for ---


def test_a_quarter_that_is_none(world: World) -> None:
    for period in ("", "2026", "Q1 2026", "2026-Q5", "1989-Q4", "2101-Q1", "2026-Q1; drop table step"):
        with pytest.raises(NotPossible, match="not a quarter"):
            stage(world, b"never read", period=period)


def test_a_quarter_that_has_not_begun(world: World) -> None:
    """The quarter that runs may be sent for; the next one from its first day."""
    data = csv_of(world, HEALTH, "SEED-1")
    for today, allowed in ((date(2027, 3, 31), False), (date(2027, 4, 1), True)):
        viewer = replace(world.operator, today=today)
        if allowed:
            assert stage(world, data, period="2027-Q2", by=viewer).submission_id
        else:
            with pytest.raises(NotPossible, match="Q2 2027 has not begun"):
                stage(world, data, period="2027-Q2", by=viewer)


def test_a_quarter_in_small_letters_is_kept_as_files_write_it(world: World) -> None:
    found = stage(world, csv_of(world, HEALTH, "SEED-1"), period=" 2026-q1 ").submission_id
    assert submissions.find(world.operator, world.house, found)["period"] == "2026-Q1"


def test_a_dataset_that_is_none(world: World) -> None:
    with pytest.raises(NotPossible, match="no dataset"):
        stage(world, b"x", dataset="contacts")


def test_an_organisation_that_nobody_knows(world: World) -> None:
    for dataset, viewer in (("service_coverage", world.operator), ("service_coverage", world.viewer("secretariat"))):
        with pytest.raises(NotPossible, match="XAA-NOBODY"):
            stage(world, csv_of(world, "XAA-NOBODY", "SEED-1"), "XAA-NOBODY", by=viewer, dataset=dataset)
    with pytest.raises((NotPossible, Refused)):
        data = table(world.house, "members", [member("XAA-NEW", "GOV-WOM", "coordination")])
        stage(world, data, "XAA-NEW", by=world.viewer("coordinator"), dataset="members")


def test_the_secretariat_brings_a_first_register(world: World) -> None:
    data = table(world.house, "members", [member("XAA-NEW", "GOV-WOM", "coordination")])
    assert stage(world, data, "XAA-NEW", dataset="members").submission_id
    for code in ("", "xaa-new", "XAA NEW", "=1+1", "XAA-NEW\n", "X" * 30):
        with pytest.raises(NotPossible):
            stage(world, data, code, dataset="members")


def test_rows_of_another_country_and_another_organisation(world: World) -> None:
    rows = [service(HEALTH, "SEED-1") | {"country": "XBA"}, service(POLICE, "SEED-2")]
    received = stage(world, table(world.house, "service_coverage", rows))
    assert not received.submission_id
    assert {(p.row, p.code) for p in received.outcome.problems} == {
        (2, "outside-country"), (3, "outside-country"), (3, "other-organisation"),
    }  # fmt: skip


# --- each country names its own ---


def test_a_coordinator_names_no_organisation_of_another_country(world: World) -> None:
    """Neither in a row of that country nor, by its code, in a row of her own."""
    rows = [member("XAA-COORD", "GOV-WOM", "coordination"), member(POLICE, "GOV-POL", "justice_policing")]
    taken = table(world.house, "members", [rows[0], rows[1] | {"country": "XAA", "enforcement_body": "no"}])
    for by in (world.viewer("coordinator"), world.operator):
        received = stage(world, taken, "XAA-COORD", by=by, dataset="members")
        assert [(p.row, p.code) for p in received.outcome.problems] == [(3, "other-country-code")]
    received = stage(
        world, table(world.house, "members", rows), "XAA-COORD", by=world.viewer("coordinator"), dataset="members"
    )
    assert [(p.row, p.code) for p in received.outcome.problems] == [(3, "outside-country")]


def test_an_organisation_invited_without_a_country_is_held_to_that_of_its_code(world: World) -> None:
    links.invite(
        world.operator, world.house, email="new@example.org", name="New", role="agency", organisation_code="XAA-NEW",
        now=datetime.now(UTC),
    )  # fmt: skip
    rows = [service("XAA-NEW", "SEED-1"), service("XAA-NEW", "SEED-2") | {"country": "XBA"}]
    received = stage(world, table(world.house, "service_coverage", rows), "XAA-NEW")
    assert [(p.row, p.code) for p in received.outcome.problems] == [(3, "outside-country")]
    assert stage(world, csv_of(world, "XAA-NEW", "SEED-1"), "XAA-NEW", by=world.viewer("coordinator")).submission_id
    with pytest.raises(Refused):
        stage(world, csv_of(world, "XAA-NEW", "SEED-1"), "XAA-NEW", by=world.viewer("foreign coordinator"))
