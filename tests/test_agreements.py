"""Registers on the pages of their subjects: no release publishes them, so whoever is capped reads what is hers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_world import dated, rich_world
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.publication.files import as_csv
from dashboard.record.house import House
from dashboard.reference.table import Status
from dashboard.reports import agreements, assessment, corridor, corridors, governance, norms, plan, registers
from dashboard.reports.entry import own_only
from dashboard.web import marks, register_index
from test_assessment import row as answer
from test_corridors import HELD
from test_norms import row as norm
from test_plan import ACTIONS, second
from world import World, send, table


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Registers of XAA that were accepted, and a release after them."""
    made = rich_world(tmp_path_factory.mktemp("agreements") / "data")
    files: dict[str, list[dict[str, Any]]] = {
        "agreements": [HELD, HELD | {"agreement_code": "XAA-AGR-9", "embassy": "XBA-POLICE", "title": "Names them"}],
        "plans": [second(predecessor="", steering_mandate="Decides")],
        "plan_actions": ACTIONS,
        "ratifications": [norm("CEDAW", "ratified")],
        "assessment_answers": [answer("KQ1", "yes")],
    }
    for dataset, rows in files.items():
        send(made, dataset, "XAA-COORD", "2026-Q3", table(made.house, dataset, rows))
    release.publish(made.viewer("secretariat"), made.house, note="After the registers")
    yield made
    made.house.close()


ASKED: dict[str, Callable[[Viewer, House], bool]] = {
    "norms": lambda v, h: bool(norms.norms(v, h).countries),
    "plans": lambda v, h: plan.plan(v, h, country="XAA").chosen is not None,
    "countries with a plan": lambda v, h: bool(plan.countries(v, h)),
    "answers": lambda v, h: bool(assessment.countries(v, h)),
    "terms": lambda v, h: bool(governance.governance(v, h, country="XAA").terms),
    "who answers to women": lambda v, h: bool(governance.governance(v, h, country="XAA").sentences),
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_release_publishes_no_register(released: World, asked: str) -> None:
    assert ASKED[asked](dated(released.viewer("member")), released.house), "there is something to be read"
    assert not ASKED[asked](dated(released.viewer("enforcement")), released.house)


def test_what_names_her_organisation_she_reads_as_it_was_at_the_release(released: World) -> None:
    found = agreements.registered(dated(released.viewer("enforcement")), released.house)
    assert [a.title for listed in found.values() for a in listed] == ["Names them"]
    every = agreements.registered(dated(released.viewer("member")), released.house)
    assert len([a for listed in every.values() for a in listed]) == 2
    line = corridors.corridors(dated(released.viewer("enforcement")), released.house).at("XAA", "XBA")
    assert line is not None and line.agreement is not None and line.agreement.title == "Names them"


def test_what_she_may_not_read_is_not_said_to_be_missing(released: World) -> None:
    """Neither a plan that nobody registered, nor a question that nobody answered, nor a corridor without agreement."""
    who, reads = dated(released.viewer("enforcement")), dated(released.viewer("member"))
    hers = own_only(who)
    assert (
        hers.startswith("You read the entries of your own organisation")
        and "may be more" in hers
        and own_only(reads) == ""
    )
    assert plan.plan(who, released.house, country="XAA").answer == hers
    assert plan.plan(who, released.house, country="XBA").answer == hers
    assert "has not registered a plan" in plan.plan(reads, released.house, country="XBA").answer
    asked = assessment.assessment(who, released.house, country="XAA")
    assert (asked.items, asked.answer, asked.part) == ((), hers, hers)
    assert len(assessment.assessment(reads, released.house, country="XAA").items) > 30
    stands = norms.norms(who, released.house, country="XAA")
    assert stands.answer == hers and stands.silent == ()
    assert stands.matrix.statuses.at["CEDAW", "XAA"] == Status.NOT_SHOWN
    assert marks.norm("not_verified", Status.NOT_SHOWN).words == "Not shown to you"
    assert stands.finding == "How each country stands to each instrument", "and not that none ratified C190"
    file = as_csv(stands.matrix, norms.STATES)
    assert "not shown to you" in file and "not released" not in file, "no release will ever hold it"
    assert stands.part == hers and not norms.norms(reads, released.house).part
    listed = registers.listed(who, released.house)
    assert register_index.answer(listed, hers) == hers
    said = str(register_index.body(listed, "", hers))
    assert "Without an entry that you read" in said and "Without an entry yet" not in said


def test_a_corridor_of_which_she_reads_no_agreement(released: World) -> None:
    who, reads = dated(released.viewer("enforcement")), dated(released.viewer("member"))
    every, seen = corridors.corridors(reads, released.house), corridors.corridors(who, released.house)
    assert not every.part and seen.part == own_only(who)
    assert seen.part in seen.table.caveats and every.table.caveats != seen.table.caveats
    said = "On 1 corridor an agreement that you read is in force, 1 of them with a clause on violence and harassment."
    assert seen.answer.endswith(f"{said} {seen.part}") and "On 1 an agreement" in every.answer
    other = next(line for line in seen.lines if line.agreement is None)
    code = other.corridor.code
    assert seen.table.frame.at[code, "agreement"] == "None shown to you"
    assert seen.table.statuses.at[code, "violence"] == Status.NOT_SHOWN
    assert every.table.frame.at[code, "agreement"] == "None registered"
    assert every.table.statuses.at[code, "violence"] == Status.NOT_APPLICABLE
    ends = corridor.corridor(who, released.house, other.corridor)
    assert ends is not None and ends.part in ends.answer and "No agreement is registered" not in ends.answer
    told = corridor.corridor(reads, released.house, other.corridor)
    assert told is not None and not told.part and "No agreement is registered" in told.answer


def test_of_a_part_nothing_is_counted_and_the_rest_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """She reads the plan that her organisation steers and none of its actions; one agreement, not the one in force."""
    made = rich_world(tmp_path / "data")
    files: dict[str, list[dict[str, Any]]] = {
        "agreements": [
            HELD,
            HELD | {"agreement_code": "XAA-AGR-9", "embassy": "XBA-POLICE", "status": "planned", "signed_on": ""},
        ],
        "plans": [second(predecessor="", steering_body="XBA-POLICE")],
        "plan_actions": ACTIONS,
    }
    for dataset, rows in files.items():
        send(made, dataset, "XAA-COORD", "2026-Q3", table(made.house, dataset, rows))
    release.publish(made.viewer("secretariat"), made.house, note="After the registers")
    who, reads = dated(made.viewer("enforcement")), dated(made.viewer("member"))
    hers, whole = plan.plan(who, made.house, country="XAA"), plan.plan(reads, made.house, country="XAA")
    assert hers.chosen is not None and hers.actions == () and whole.actions and whole.flags and not whole.part
    assert hers.answer.endswith(hers.part) and "Of " not in hers.answer and hers.flags == ()
    assert "No action" not in hers.finding and hers.part in hers.pillars.caveats
    lines = corridors.corridors(reads, made.house).lines
    this = next(line.corridor for line in lines if line.corridor.code == "XAA-XBA")
    ends = corridor.corridor(who, made.house, this)
    assert ends is not None and ends.part in ends.answer and "No agreement is in force" not in ends.answer
    assert corridors.corridors(who, made.house).answer.endswith(hers.part)
    found = registers.register(who, made.house, "laws", registers.Asked())
    assert found.answer == hers.part
    made.house.close()


def test_what_nobody_verified_is_no_agreement_in_force(released: World) -> None:
    who = dated(released.viewer("member"))
    unread = HELD | {
        "agreement_code": "XAA-AGR-1",
        "verified": "no",
        "checked_on": "",
        "restricts_work_or_migration": "no",
    }
    limits = unread | {
        "restricts_work_or_migration": "yes",
        "note": "Bans household work",
        "agreement_code": "XAA-AGR-2",
    }
    send(released, "agreements", "XAA-COORD", "2026-Q4", table(released.house, "agreements", [unread, limits]))
    found = corridors.corridors(who, released.house)
    assert "On 1 an agreement" not in found.answer
    assert "Of 1 agreement it is registered, and not verified, that it is in force." in found.answer
    assert found.table.statuses.loc["XAA-XBA", "violence"] == "not verified"
    listed = agreements.registered(who, released.house)["XAA-XBA"]
    words = [agreements.state_words(released.house, one) for one in listed]
    assert "In force, and limits women's work or migration (not verified)" in words
    clauses = agreements.clauses(who, released.house, listed)
    assert {str(s) for s in clauses.statuses["XAA-AGR-1"]} == {"not verified"}
