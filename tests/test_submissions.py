"""A submission from its first byte to its end: every step, in every order, by everybody. Never mocks the record."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from conftest import Built
from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.intake.submissions import NewerVersion, NotPossible, Received
from dashboard.people import accounts
from dashboard.protection.policy import Grant, Refused, Viewer
from dashboard.record import rebuild
from dashboard.record.house import House, open_house
from dashboard.reference import periods
from dashboard.reports import marts
from world import PEOPLE, World, copied, member, send, service, table

HEALTH, POLICE = "XAA-HEALTH", "XBA-POLICE"
SAID = "Please mend row 2."


def csv_of(world: World, organisation: str, *codes: str, **more: str) -> bytes:
    """A file of service coverage with one row for each service."""
    return table(world.house, "service_coverage", [service(organisation, code, **more) for code in codes])


def stage(
    world: World, data: bytes, organisation: str = HEALTH, period: str = "2026-Q1", *, by: Viewer | None = None,
    dataset: str = "service_coverage",
) -> Received:  # fmt: skip
    return submissions.stage(
        by or world.operator, world.house, data, dataset=dataset, organisation_code=organisation, period=period
    )


def staged(world: World, *codes: str, period: str = "2026-Q1", **more: str) -> str:
    return stage(world, csv_of(world, HEALTH, *(codes or ("SEED-1",)), **more), period=period).submission_id


def state(world: World, submission_id: str) -> str:
    rows = world.house.store.read("select state from submission_now where submission_id = $id", id=submission_id)
    return str(rows[0]["state"])


def steps(world: World, submission_id: str) -> list[str]:
    rows = world.house.store.read(
        "select event from submission_step where submission_id = $id order by since", id=submission_id
    )
    return [row["event"] for row in rows]


def figures(world: World, period: str = "2026-Q1", organisation: str = HEALTH) -> list[str]:
    """The services that count now, as the record holds them."""
    rows = world.house.store.read(
        "select service_code from service_coverage_rows where reported_by = $organisation and period = $period"
        " and until is null order by service_code",
        organisation=organisation, period=period,
    )  # fmt: skip
    return [row["service_code"] for row in rows]


# --- a life ---


def test_the_life_of_a_file(world: World) -> None:
    agency, coordinator, house = world.viewer("agency"), world.viewer("coordinator"), world.house
    before = house.store.head()
    received = stage(world, csv_of(world, HEALTH, "SEED-1", "SEED-3"), by=agency)
    assert received.outcome.verdict == "clean" and received.outcome.row_count == 2 and not received.notes
    found = received.submission_id
    assert state(world, found) == "staged" and figures(world) == []
    submissions.submit(agency, house, found)
    assert state(world, found) == "submitted" and figures(world) == []
    assert house.store.head().figures == before.figures, "nothing counts before it is accepted"
    submissions.accept(coordinator, house, found)
    assert steps(world, found) == ["staged", "submitted", "accepted"]
    assert figures(world) == ["SEED-1", "SEED-3"]
    head = house.store.head()
    assert head.intake == head.figures == head.version == before.version + 3
    row = submissions.find(agency, house, found)
    assert (row["row_count"], row["staged_by"], row["state_by"]) == (2, agency.account_id, coordinator.account_id)
    assert house.files.bytes(row["sha256"]) == csv_of(world, HEALTH, "SEED-1", "SEED-3")


def test_returned_with_a_comment_and_sent_again(world: World) -> None:
    agency, coordinator, house = world.viewer("agency"), world.viewer("coordinator"), world.house
    found = world.sent["Q3 XAA-HEALTH"]
    submissions.send_back(coordinator, house, found, "  Row 4:\n the service  closed. ")
    row = submissions.find(agency, house, found)
    assert (row["state"], row["comment"]) == ("returned", "Row 4: the service closed.")
    mended = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2026-Q3", by=agency).submission_id
    assert mended != found and state(world, found) == "returned"
    submissions.submit(agency, house, mended)
    submissions.accept(coordinator, house, mended)
    assert figures(world, "2026-Q3") == ["SEED-1"]


def test_taken_back_before_it_was_accepted(world: World) -> None:
    agency, found = world.viewer("agency"), world.sent["Q3 XAA-HEALTH"]
    submissions.withdraw(agency, world.house, found, "Wrong quarter")
    assert state(world, found) == "withdrawn"
    assert submissions.find(agency, world.house, found)["comment"] == "Wrong quarter"


def test_taken_back_after_it_was_accepted(world: World) -> None:
    """The figures go, and those of the file before do not come back by themselves."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    assert figures(world) == ["SEED-2"]
    before = world.house.store.head()
    submissions.withdraw(world.viewer("coordinator"), world.house, second, "Reported by mistake")
    assert figures(world) == [] and state(world, first) == "accepted"
    head = world.house.store.head()
    assert head.figures == head.intake == before.version + 1, "coverage and the list of files both change"


def test_a_file_that_was_replaced_cannot_be_withdrawn(world: World) -> None:
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    with pytest.raises(NotPossible, match="later file has replaced"):
        submissions.withdraw(world.operator, world.house, first, SAID)
    assert state(world, first) == "accepted" and figures(world) == ["SEED-2"]


STEPS: dict[str, Callable[[Viewer, House, str], None]] = {
    "submit": submissions.submit,
    "accept": submissions.accept,
    "send back": lambda viewer, house, found: submissions.send_back(viewer, house, found, SAID),
    "withdraw": lambda viewer, house, found: submissions.withdraw(viewer, house, found, SAID),
}
POSSIBLE = {
    "staged": {"submit", "withdraw"},
    "submitted": {"accept", "send back", "withdraw"},
    "accepted": {"withdraw"},
    "returned": {"withdraw"},
    "withdrawn": set(),
    "lapsed": set(),
    "expunged": set(),
}


def brought_to(world: World, wanted: str, number: int) -> str:
    """A submission in this state, of a quarter of its own."""
    found = staged(world, period=str(periods.parse("2020-Q1").shifted(number)))
    if wanted in ("submitted", "accepted", "returned"):
        submissions.submit(world.operator, world.house, found)
    if wanted == "lapsed":
        submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    elif wanted == "expunged":
        submissions.expunge(world.operator, world.house, found, "a name slipped in")
    elif step := {"accepted": "accept", "returned": "send back", "withdrawn": "withdraw"}.get(wanted):
        STEPS[step](world.operator, world.house, found)
    assert state(world, found) == wanted
    return found


def test_every_step_in_every_state(world: World) -> None:
    assert set(POSSIBLE) == set(submissions.STATES), "a new state needs its row here"
    for number, (wanted, possible) in enumerate(POSSIBLE.items()):
        found = brought_to(world, wanted, number)
        for name in set(STEPS) - possible:
            version = world.house.store.head().version
            with pytest.raises(NotPossible) as told:
                STEPS[name](world.operator, world.house, found)
            assert not isinstance(told.value, NewerVersion) and len(str(told.value)) > 20
            assert state(world, found) == wanted, f"{name} on a file that is {wanted}"
            assert world.house.store.head().version == version
        for last in possible & {"withdraw"}:
            STEPS[last](world.operator, world.house, found)
            assert state(world, found) == "withdrawn"


def test_a_comment_says_something_and_is_short(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    for comment in ("", "   ", "\n\t", "no", " a ", "x" * 501):
        for step in (submissions.send_back, submissions.withdraw, submissions.expunge):
            with pytest.raises(NotPossible, match="500 characters"):
                step(world.operator, world.house, found, comment)
    assert state(world, found) == "submitted"


def test_a_comment_of_500_characters_is_kept_whole(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    submissions.send_back(world.operator, world.house, found, "ô" * 500)
    assert submissions.find(world.operator, world.house, found)["comment"] == "ô" * 500


# --- the same bytes again ---


@pytest.mark.parametrize("wanted", ["staged", "submitted", "accepted"])
def test_the_same_bytes_are_the_same_file(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    version, kept = world.house.store.head().version, steps(world, found)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1", by=world.viewer("agency"))
    assert again.submission_id == found
    assert len(again.notes) == 1 and "here already" in again.notes[0]
    assert steps(world, found) == kept and world.house.store.head().version == version


@pytest.mark.parametrize("wanted", ["returned", "withdrawn", "lapsed"])
def test_a_file_that_went_comes_back_under_its_id(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1")
    assert (again.submission_id, again.notes, state(world, found)) == (found, (), "staged")
    row = submissions.find(world.operator, world.house, found)
    assert world.house.files.has(row["sha256"])
    assert world.house.files.parquet(row["sha256"], row["contract_hash"]).exists()
    submissions.submit(world.operator, world.house, found)
    submissions.accept(world.operator, world.house, found)
    assert figures(world, "2020-Q1") == ["SEED-1"]


def test_a_file_withdrawn_after_acceptance_and_accepted_again_is_not_doubled(world: World) -> None:
    found = brought_to(world, "accepted", 0)
    submissions.withdraw(world.operator, world.house, found, SAID)
    assert figures(world, "2020-Q1") == []
    assert stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id == found
    assert figures(world, "2020-Q1") == [], "what was withdrawn stays so until it is accepted again"
    submissions.submit(world.operator, world.house, found)
    submissions.accept(world.operator, world.house, found)
    assert figures(world, "2020-Q1") == ["SEED-1"]


def test_an_expunged_file_that_comes_again_is_another_submission(world: World) -> None:
    found = brought_to(world, "expunged", 0)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id
    assert again and again != found
    assert (state(world, found), state(world, again)) == ("expunged", "staged")


def test_a_replaced_file_can_be_sent_again(world: World) -> None:
    """Back to the former figures: the same bytes are not refused with “accepted” while others count."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    then = world.house.store.head().version
    again = stage(world, csv_of(world, HEALTH, "SEED-1"))
    assert (again.submission_id, again.notes, state(world, first)) == (first, (), "staged")
    assert figures(world) == ["SEED-2"], "until it is accepted nothing moves"
    submissions.submit(world.operator, world.house, first)
    submissions.accept(world.operator, world.house, first)
    assert figures(world) == ["SEED-1"]
    past = marts.known_in(world.house, "service_coverage", "2026-Q1", then)
    assert list(past["service_code"][past["reported_by"] == HEALTH]) == ["SEED-2"]


def test_the_same_bytes_for_another_quarter_are_another_submission(world: World) -> None:
    data = csv_of(world, HEALTH, "SEED-1")
    found = {stage(world, data, period=period).submission_id for period in ("2025-Q4", "2026-Q1")}
    assert len(found) == 2
    shas = world.house.store.read(
        "select distinct sha256 from submission where submission_id in (select unnest($ids))", ids=list(found)
    )
    assert len(shas) == 1


# --- a newer file in between ---


def test_a_newer_file_stops_both_steps_until_it_was_seen(world: World) -> None:
    mine, theirs = staged(world, "SEED-1"), staged(world, "SEED-2", "SEED-3")
    submissions.submit(world.operator, world.house, theirs)
    submissions.accept(world.operator, world.house, theirs)
    row = submissions.find(world.operator, world.house, mine)
    found = submissions.newer(world.house, row)
    assert found and found["submission_id"] == theirs
    for step, before in ((submissions.submit, "staged"), (submissions.accept, "submitted")):
        for knowing in ("", mine, "nothing"):
            with pytest.raises(NewerVersion, match="Nothing was merged"):
                step(world.operator, world.house, mine, knowing=knowing)
        assert state(world, mine) == before and figures(world) == ["SEED-2", "SEED-3"]
        step(world.operator, world.house, mine, knowing=theirs)
    assert figures(world) == ["SEED-1"], "replaced as a whole, nothing merged"
    assert submissions.newer(world.house, row) is None


def test_what_was_accepted_before_is_not_newer(world: World) -> None:
    theirs = staged(world, "SEED-2")
    submissions.submit(world.operator, world.house, theirs)
    submissions.accept(world.operator, world.house, theirs)
    mine = staged(world, "SEED-1")
    submissions.submit(world.operator, world.house, mine)
    submissions.accept(world.operator, world.house, mine)
    assert figures(world) == ["SEED-1"]


def test_another_quarter_or_organisation_is_not_newer(world: World) -> None:
    mine = staged(world, "SEED-1")
    send(world, "service_coverage", HEALTH, "2025-Q4", csv_of(world, HEALTH, "SEED-2"))
    send(world, "service_coverage", POLICE, "2026-Q1", csv_of(world, POLICE, "SEED-2"))
    submissions.submit(world.operator, world.house, mine)
    assert state(world, mine) == "submitted"


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
    assert {c.name for c in contracts} == {"members", "service_coverage"}
    assert {HEALTH, POLICE} <= {o["organisation_code"] for o in mine}


OFFERED: dict[str, tuple[list[str], list[str]]] = {
    "anonymous": ([], []),
    "member": ([], []),
    "agency": (["service_coverage"], [HEALTH]),
    "coordinator": (["members", "service_coverage"], ["XAA-COORD", HEALTH]),
    "enforcement": (["service_coverage"], [POLICE]),
    "secretariat": (["members", "service_coverage"], ["XAA-COORD", HEALTH, "XBA-COORD", POLICE, "XBA-UNION"]),
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
        stage(world, b"x", dataset="service_contacts")


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


# --- what is refused leaves no trace ---

CANARY, OTHER_CANARY = "Zqxwvu Kestrelmoor", "Yjhplk Thornbeck"


def traces(folder: Path, *canaries: str) -> list[str]:
    """The files in a folder that hold one of these words, whole or as UTF-16."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(c.encode(code) in data for c in canaries for code in ("utf-8", "utf-16-le")):
                found.append(str(path.relative_to(folder)))
    return found


def recent(since: float) -> list[Path]:
    """What was written on this machine's temporary folders since then, apart from the folders of tests."""
    found: list[Path] = []
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        if os.path.isdir(folder):
            found += [
                Path(entry.path)
                for entry in os.scandir(folder)
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime >= since - 1
            ]
    return found


REFUSED = {
    "problems": f"country,service_code,organisation_code,availability,source\nXAA,{CANARY},XAA-HEALTH,available,x\n",
    "a header": f"country,service_code,organisation_code,availability,{OTHER_CANARY}\nXAA,SEED-1,XAA-HEALTH,planned,\n",
    "screened": "country,service_code,organisation_code,availability,source\n"
    f"XAA,SEED-1,XAA-HEALTH,available,{CANARY} zq.kestrel@example.org\n",
    "a screened header": f"country,service_code,organisation_code,availability,survivor name {OTHER_CANARY}\n"
    f"XAA,SEED-1,XAA-HEALTH,planned,{CANARY}\n",
    "unreadable": f'country,service_code\n"{CANARY},{OTHER_CANARY}\n',
    "not text": f"%PDF-1.7 {CANARY} {OTHER_CANARY}",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_file_leaves_no_trace(
    world: World, kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    house, started = world.house, datetime.now(UTC).timestamp()
    kept, version = {p: p.stat().st_mtime_ns for p in house.settings.files.rglob("*")}, house.store.head().version
    for encoding in ("utf-16", "utf-8"):
        received = stage(world, REFUSED[kind].encode(encoding), by=world.viewer("agency"), period="2026-q1")
        assert received.outcome.verdict != "clean" and not received.submission_id and received.outcome.problems
        if "screened" in kind:
            told = json.dumps([p.as_json() for p in received.outcome.problems])
            assert received.outcome.verdict == "screened"
            assert CANARY not in told and "kestrel" not in told, "what looks like a person is not repeated"
    house.store.checkpoint()
    assert traces(house.settings.data, CANARY, OTHER_CANARY, "zq.kestrel") == []
    assert [p for p in recent(started) if any(c.encode() in p.read_bytes() for c in (CANARY, OTHER_CANARY))] == []
    assert {p: p.stat().st_mtime_ns for p in house.settings.files.rglob("*")} == kept
    assert not list(house.settings.exchange.iterdir())
    printed = "".join(capfd.readouterr()) + caplog.text
    assert CANARY not in printed and OTHER_CANARY not in printed
    assert house.store.head().version == version
    logged = house.store.read("select * from audit where action = 'file refused' order by seq")
    assert len(logged) == 2
    detail = json.loads(logged[1]["detail"])
    assert set(detail) == {"bytes", "verdict", "problems"} and detail["bytes"] == len(REFUSED[kind].encode())
    assert detail["problems"] == sorted({p.code for p in received.outcome.problems})
    assert logged[0]["by_account"] == world.people["agency"]
    assert logged[0]["subject"] == "service_coverage XAA-HEALTH 2026-Q1"


def test_the_search_for_traces_finds_some(world: World) -> None:
    """The test above can fail: what was accepted is found in files and in the database."""
    data = csv_of(world, HEALTH, "SEED-1", source=CANARY)
    send(world, "service_coverage", HEALTH, "2026-Q1", data)
    world.house.store.checkpoint()
    found = traces(world.house.settings.data, CANARY)
    assert "dashboard.duckdb" in found and any(name.startswith("files") for name in found)


def test_a_marked_copy_is_made_and_not_kept(world: World) -> None:
    data = REFUSED["problems"].encode()
    received = submissions.stage(
        world.operator, world.house, data, dataset="service_coverage", organisation_code=HEALTH, period="2026-Q1",
        marked=True,
    )  # fmt: skip
    assert received.outcome.marked and CANARY.encode() in received.outcome.marked
    assert traces(world.house.settings.data, CANARY) == []


def test_a_nearly_full_disk_is_a_sentence(world: World) -> None:
    full = replace(world.house, settings=replace(world.house.settings, min_free_bytes=2**62))
    with pytest.raises(NotPossible, match="disk is nearly full"):
        submissions.stage(
            world.operator, full, csv_of(world, HEALTH, "SEED-1"), dataset="service_coverage",
            organisation_code=HEALTH, period="2026-Q1",
        )  # fmt: skip


# --- what goes ---


def test_a_file_never_submitted_lapses_after_its_days(world: World) -> None:
    found, house, now = staged(world, "SEED-1"), world.house, datetime.now(UTC)
    row = submissions.find(world.operator, house, found)
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=13, hours=23)) == 0
    assert state(world, found) == "staged" and house.files.has(row["sha256"])
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=14, minutes=1)) == 1
    assert state(world, found) == "lapsed"
    assert not house.files.has(row["sha256"])
    assert not house.files.parquet(row["sha256"], row["contract_hash"]).exists()
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=99)) == 0
    kept = house.store.read("select sha256 from submission_now where state in ('accepted', 'submitted')")
    assert kept and all(house.files.has(each["sha256"]) for each in kept)


def test_a_lapse_spares_the_bytes_that_something_else_needs(world: World) -> None:
    data = csv_of(world, HEALTH, "SEED-1")
    lapsing, kept = stage(world, data, period="2025-Q4").submission_id, stage(world, data).submission_id
    submissions.submit(world.operator, world.house, kept)
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    row = submissions.find(world.operator, world.house, kept)
    assert state(world, lapsing) == "lapsed" and world.house.files.has(row["sha256"])


def test_a_lapse_spares_what_counted_once(world: World) -> None:
    """Accepted, withdrawn, staged anew, forgotten: the record as it stood, and a rebuild, still rest on the bytes."""
    found = brought_to(world, "accepted", 0)
    submissions.withdraw(world.operator, world.house, found, SAID)
    assert stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id == found
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    row = submissions.find(world.operator, world.house, found)
    assert row["state"] == "lapsed"
    assert world.house.files.parquet(row["sha256"], row["contract_hash"]).exists()


def test_a_sweep_takes_what_a_killed_upload_left(world: World) -> None:
    stray = world.house.files.put(b"nobody's bytes")
    submissions.sweep(world.operator, world.house)
    assert not world.house.files.has(stray)


def test_expunged_bytes_rows_notes_comments_and_journal_lines_are_gone(world: World) -> None:
    house = world.house
    data = csv_of(world, HEALTH, "SEED-1", source=CANARY).replace(b"XAA,", b"xaa,")
    found = stage(world, data).submission_id
    submissions.submit(world.operator, house, found)
    submissions.send_back(world.operator, house, found, f"Who is {CANARY}?")
    assert stage(world, data).submission_id == found
    submissions.submit(world.operator, house, found)
    submissions.accept(world.operator, house, found)
    house.store.checkpoint()
    row = submissions.find(world.operator, house, found)
    assert row["notes"] != "[]" and len(traces(house.settings.data, CANARY)) >= 3
    answer = submissions.expunge(world.operator, house, found, "a name in the column source")
    assert answer == {
        "submission": found, "dataset": "service_coverage", "organisation_code": HEALTH, "period": "2026-Q1",
        "rows": 1, "shared_with": [], "backups": [],
    }  # fmt: skip
    assert traces(house.settings.data, CANARY) == []
    assert figures(world) == [] and state(world, found) == "expunged"
    assert not house.files.has(row["sha256"])
    after = submissions.find(world.operator, house, found)
    assert json.loads(after["notes"] or "[]") == []
    assert (
        house.store.read("select * from submission_event where submission_id = $id and comment <> ''", id=found) == []
    )
    stone = house.store.read("select * from tombstone where submission_id = $id", id=found)
    assert stone[0]["reason"] == "a name in the column source" and stone[0]["by_account"] == "operator"
    with pytest.raises(NotPossible):
        submissions.expunge(world.operator, house, found, "a second time")


def test_the_record_after_an_expunge_can_be_rebuilt(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "expunged"
    world = built.opened(folder)
    submissions.expunge(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "a name")
    settings = world.house.settings
    world.house.close()
    report = rebuild.rebuild(settings)
    assert report.problems == []
    house = open_house(settings)
    rows = house.store.read("select count(*) as n from service_coverage_rows where reported_by = $code", code=HEALTH)
    house.close()
    assert rows == [{"n": 0}]


# --- at once ---


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; an answer is what came back or what was raised."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait(timeout=30)
        try:
            return task()
        except (NotPossible, Refused) as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_who_accept_the_same_file_at_once(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    for_all = (world.viewer("coordinator"), world.viewer("secretariat"), world.operator)
    answers = together(*(lambda v=v: submissions.accept(v, world.house, found) for v in for_all))  # type: ignore[misc]
    assert sorted(isinstance(a, NotPossible) for a in answers) == [False, True, True]
    assert steps(world, found) == ["staged", "submitted", "accepted"]
    assert figures(world, "2026-Q3") == ["SEED-1", "SEED-2", "SEED-3", "SEED-9"]


def test_accepting_and_returning_at_once(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    answers = together(
        lambda: submissions.accept(world.operator, world.house, found),
        lambda: submissions.send_back(world.operator, world.house, found, SAID),
        lambda: submissions.withdraw(world.viewer("agency"), world.house, found, SAID),
    )
    taken = steps(world, found)[2:]
    assert taken in (["accepted"], ["returned"], ["returned", "withdrawn"], ["withdrawn"])
    assert sum(a is None for a in answers) == len(taken), "whoever was told it was done did it"


@pytest.mark.parametrize("attempt", range(3))
def test_two_files_for_the_same_place_accepted_at_once(world: World, attempt: int) -> None:
    """One counts; whoever came second is told of the first, although both looked before either was there."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found)
    answers = together(*(
        lambda f=found: submissions.accept(world.operator, world.house, f) for found in (first, second)  # type: ignore[misc]
    ))  # fmt: skip
    assert sorted(type(a).__name__ for a in answers) == ["NewerVersion", "NoneType"]
    assert sorted([state(world, first), state(world, second)]) == ["accepted", "submitted"]


def test_a_file_submitted_while_files_lapse_is_not_lost(world: World) -> None:
    found, later = staged(world, "SEED-1"), datetime.now(UTC) + timedelta(days=15)
    together(
        lambda: submissions.submit(world.operator, world.house, found),
        lambda: submissions.sweep(world.operator, world.house, now=later),
    )
    row = submissions.find(world.operator, world.house, found)
    assert steps(world, found) in (["staged", "submitted"], ["staged", "lapsed"]), "never both"
    assert world.house.files.has(row["sha256"]) == (row["state"] == "submitted")


def test_eight_who_send_at_once(world: World) -> None:
    """Four organisations, twice each: once the same bytes from two people, once two files that differ."""
    places = [HEALTH, POLICE, "XAA-COORD", "XBA-UNION"]
    files = [csv_of(world, place, "SEED-1") for place in places] + [
        csv_of(world, HEALTH, "SEED-1"),
        csv_of(world, POLICE, "SEED-1"),
        csv_of(world, "XAA-COORD", "SEED-2"),
        csv_of(world, "XBA-UNION", "SEED-2"),
    ]
    tasks = [lambda d=d, p=p: stage(world, d, p) for d, p in zip(files, places * 2, strict=True)]  # type: ignore[misc]
    before = world.house.store.head().version
    answers = together(*tasks)
    assert all(isinstance(a, Received) and a.submission_id for a in answers)
    ids = [a.submission_id for a in answers]
    assert ids[0] == ids[4] and ids[1] == ids[5] and len(set(ids)) == 6
    rows = world.house.store.read("select * from submission_now where version > $before", before=before)
    assert len(rows) == 6 and {row["state"] for row in rows} == {"staged"}
    assert all(world.house.files.has(row["sha256"]) for row in rows)
    assert all(steps(world, found) == ["staged"] for found in set(ids))
    assert world.house.store.verify_audit() == []
