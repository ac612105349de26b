"""What was sent, as people see it: whose files, what each changes, what happened to it, what may happen next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection.policy import Grant, Refused
from dashboard.record.house import open_house
from dashboard.reports import preview as difference
from dashboard.reports import submissions as sent
from dashboard.reports.preview import Preview
from world import PEOPLE, SERVICES, Built, World, copied, send, service, table

HEALTH, POLICE = "XAA-HEALTH", "XBA-POLICE"


def file_of(world: World, *rows: dict[str, str]) -> bytes:
    return table(world.house, "service_coverage", list(rows))


def staged(world: World, *rows: dict[str, str], period: str = "2026-Q2") -> str:
    return submissions.stage(
        world.operator, world.house, file_of(world, *rows), dataset="service_coverage", organisation_code=HEALTH,
        period=period,
    ).submission_id  # fmt: skip


def preview(world: World, submission_id: str) -> Preview:
    found = sent.detail(world.operator, world.house, submission_id).preview
    assert found is not None
    return found


def numbers(found: Preview) -> tuple[int, int, int, int]:
    return found.added, found.changed, found.removed, found.unchanged


CHANGED = (
    {**SERVICES[HEALTH][0], "languages": "eng|vie", "hours": ""},
    service(HEALTH, "SEED-2", "planned", open_to_migrant_women=""),
    service(HEALTH, "SEED-3"),
)


# --- previews ---


def test_a_first_file_is_all_new(world: World) -> None:
    found = preview(world, staged(world, *SERVICES[HEALTH], period="2025-Q1"))
    assert found.against == "" and numbers(found) == (3, 0, 0, 0)
    assert [change.kind for change in found.rows] == ["added"] * 3
    assert found.rows[0].key == ("Interpretation services at health centres",), "what is the same in all is left out"
    assert ("Availability", "", "Available") in found.rows[0].cells


def test_against_the_same_quarter(world: World) -> None:
    """Two changed with old and new, one new, one removed, in words and not in codes."""
    found = preview(world, staged(world, *CHANGED))
    assert found.against == "2026-Q2" and numbers(found) == (1, 2, 1, 0)
    assert [change.kind for change in found.rows] == ["changed", "changed", "added", "removed"]
    cells = {change.key[0]: change.cells for change in found.rows if change.kind == "changed"}
    assert cells == {
        "Interpretation services at health centres": (
            ("Hours", "Office hours", ""),
            ("Languages", "English", "English; Vietnamese"),
        ),
        "Outreach clinics into migrant communities": (("Availability", "Not available", "Planned"),),
    }
    titles = world.house.library.codes["services"].title
    assert [change.key[0] for change in found.rows[2:]] == [titles("SEED-3"), titles("SEED-9")]
    assert [change.row for change in found.rows] == [2, 3, 4, None], "where the spreadsheet shows them"


def test_the_same_rows_in_another_order_change_nothing(world: World) -> None:
    found = preview(world, staged(world, *reversed(SERVICES[HEALTH])))
    assert numbers(found) == (0, 0, 0, 3) and found.rows == ()


def test_against_an_earlier_quarter_when_there_is_none_for_this_one(world: World) -> None:
    found = preview(world, world.sent["Q3 XAA-HEALTH"])
    assert found.against == "2026-Q2" and numbers(found) == (1, 1, 0, 2)
    before = preview(world, staged(world, service(HEALTH, "SEED-1"), period="2026-Q1"))
    assert before.against == "", "a later quarter is no measure for an earlier one"


def test_after_acceptance_it_shows_what_it_changed_then(world: World) -> None:
    """Whatever was accepted since, or withdrawn before or after: the comparison of that day stays."""
    first = staged(world, *CHANGED)
    submissions.submit(world.operator, world.house, first)
    then = preview(world, first)
    submissions.accept(world.operator, world.house, first)
    assert preview(world, first) == then
    second = send(world, "service_coverage", HEALTH, "2026-Q2", file_of(world, service(HEALTH, "SEED-1")))
    assert preview(world, first) == then, "replaced, and still what it changed"
    assert numbers(preview(world, second)) == (0, 1, 2, 0), "against the one that counted when it was accepted"
    submissions.withdraw(world.operator, world.house, second, "wrong")
    assert preview(world, first) == then
    third = send(world, "service_coverage", HEALTH, "2026-Q2", file_of(world, service(HEALTH, "SEED-4")))
    assert preview(world, third).against == "", "nothing counted for the quarter when it came"


def test_a_staged_file_is_compared_with_what_counts_now(world: World) -> None:
    mine = staged(world, *CHANGED)
    assert numbers(preview(world, mine)) == (1, 2, 1, 0)
    other = send(world, "service_coverage", HEALTH, "2026-Q2", file_of(world, *CHANGED[:2]))
    assert numbers(preview(world, mine)) == (1, 0, 0, 2)
    detail = sent.detail(world.operator, world.house, mine)
    assert detail.newer and detail.newer["submission_id"] == other
    submissions.withdraw(world.operator, world.house, other, "wrong")
    assert sent.detail(world.operator, world.house, mine).newer is None
    assert preview(world, mine).against == "", "the former file does not come back by itself"


def test_another_organisations_file_is_no_measure(world: World) -> None:
    send(world, "service_coverage", POLICE, "2026-Q3", file_of(world, service(POLICE, "SEED-1")))
    assert preview(world, world.sent["Q3 XAA-HEALTH"]).against == "2026-Q2"


def test_many_rows_are_counted_whole_and_listed_in_part(world: World) -> None:
    services = [c.code for c in world.house.library.codes["services"].codes]
    rows = [service(HEALTH, code) for code in services]
    found = staged(world, *rows, period="2025-Q1")
    row = submissions.find(world.operator, world.house, found)
    part, whole = (difference.preview(world.operator, world.house, row, most=most) for most in (5, None))
    assert part.added == whole.added == len(services) == len(whole.rows) > len(part.rows) == 5
    changed = preview(world, staged(world, *CHANGED))
    one = difference.preview(
        world.operator, world.house, submissions.find(world.operator, world.house, staged(world, *CHANGED)), most=1
    )
    assert numbers(one) == numbers(changed) and [r.kind for r in one.rows] == ["changed", "added", "removed"]


def test_whole_numbers_stay_whole_beside_a_gap(built: Built, tmp_path: Path) -> None:
    schema = {
        "title": "Counted",
        "description": "Two counts.",
        "primaryKey": ["organisation_code"],
        "dashboard": {"row": "One row.", "kind": "process", "screen": "register", "frequency": "quarterly",
                      "submitters": ["secretariat"]},
        "fields": [
            {"name": "organisation_code", "title": "Organisation", "description": ".", "type": "string", "hxl": "#org"},
            {"name": "offices", "title": "Offices", "description": "How many.", "type": "integer", "hxl": "#offices"},
            {"name": "staff", "title": "Staff", "description": "How many.", "type": "integer", "hxl": "#staff"},
        ],
    }  # fmt: skip
    folder = tmp_path / "counted"
    copied(built.folder, folder)
    (folder / "datasets" / "schemas").mkdir()
    (folder / "datasets" / "schemas" / "counted.json").write_text(json.dumps(schema), encoding="utf-8")
    house = open_house(Settings(data=folder, min_free_bytes=0))
    world = World(house, dict(built.people), dict(built.sent))
    head = "organisation_code,offices,staff\n"
    send(world, "counted", HEALTH, "2026-Q2", f"{head}A,12,3\nB,5,1\n".encode())
    found = submissions.stage(
        world.operator, house, f"{head}A,12,4\nB,,1\n".encode(), dataset="counted", organisation_code=HEALTH,
        period="2026-Q3",
    ).submission_id  # fmt: skip
    cells = {change.key[0]: change.cells for change in preview(world, found).rows}
    house.close()
    assert cells == {"A": (("Staff", "3", "4"),), "B": (("Offices", "5", ""),)}


# --- one submission ---


def test_its_history_notes_and_receipt(world: World) -> None:
    house, agency = world.house, world.viewer("agency")
    data = file_of(world, service(HEALTH, "SEED-1")).replace(b"XAA,", b"xaa,")
    found = submissions.stage(
        agency, house, data, dataset="service_coverage", organisation_code=HEALTH, period="2026-Q1"
    ).submission_id
    submissions.submit(agency, house, found)
    submissions.send_back(world.viewer("coordinator"), house, found, "SEED-1 closed")
    detail = sent.detail(agency, house, found)
    assert [(s["event"], s["by_name"], s["comment"]) for s in detail.steps] == [
        ("staged", "Agency", ""), ("submitted", "Agency", ""), ("returned", "Coordinator", "SEED-1 closed"),
    ]  # fmt: skip
    assert detail.organisation == "XAA-HEALTH office" and detail.row["size"] == len(data)
    assert detail.notes == ("Row 2, country: “xaa” was read as “XAA”.",)
    assert sent.detail(agency, house, world.sent["Q2 XAA-HEALTH"]).steps[0]["by_name"] == "operator"


def test_a_file_that_went_has_no_preview(world: World) -> None:
    found = staged(world, service(HEALTH, "SEED-4"), period="2026-Q1")
    submissions.withdraw(world.operator, world.house, found, "wrong")
    detail = sent.detail(world.operator, world.house, found)
    assert detail.preview is None and detail.newer is None and detail.may == {"restore"}
    gone = world.sent["Q2 XAA-HEALTH"]
    submissions.expunge(world.operator, world.house, gone, "a name")
    detail = sent.detail(world.operator, world.house, gone)
    assert detail.preview is None and detail.notes == () and detail.may == set()


NEXT = {
    "staged": {"agency": {"submit", "withdraw"}, "coordinator": {"submit", "withdraw"}, "member": set()},
    "submitted": {"agency": {"withdraw"}, "coordinator": {"accept", "return", "remark", "withdraw"}, "member": set()},
    "accepted": {"agency": set(), "coordinator": {"withdraw"}, "member": set()},
    "returned": {"agency": {"withdraw"}, "coordinator": {"withdraw"}, "member": set()},
}


@pytest.mark.parametrize("state", NEXT)
def test_only_steps_that_can_be_taken_are_offered(world: World, state: str) -> None:
    house = world.house
    found = staged(world, service(HEALTH, "SEED-4"), period="2026-Q1")
    if state != "staged":
        submissions.submit(world.operator, house, found)
    if state == "accepted":
        submissions.accept(world.operator, house, found)
    if state == "returned":
        submissions.send_back(world.operator, house, found, "mend it")
    for name, may in NEXT[state].items():
        assert sent.detail(world.viewer(name), house, found).may == may, name


def test_a_replaced_file_offers_to_come_back_and_says_what_that_changes(world: World) -> None:
    first = world.sent["Q2 XAA-HEALTH"]
    second = send(world, "service_coverage", HEALTH, "2026-Q2", file_of(world, service(HEALTH, "SEED-1")))
    found = sent.detail(world.viewer("coordinator"), world.house, first)
    assert found.may == {"restore"} and found.counting == second
    assert found.restoring and numbers(found.restoring) == (2, 1, 0, 0), "against what counts now"
    for name in ("agency", "member"):
        seen = sent.detail(world.viewer(name), world.house, first)
        assert seen.may == set() and seen.restoring is None and seen.cannot_restore == ""


def test_who_may_not_send_a_dataset_is_offered_no_sending(world: World) -> None:
    agency = replace(world.viewer("agency"), organisation_code="XAA-COORD", grants=(Grant("agency", "XAA-COORD"),))
    data = table(world.house, "members", [])
    text = data + b"XAA,XAA-COORD,The office,GOV-WOM,coordination,filled,,responds,no,\n"
    found = submissions.stage(
        world.operator, world.house, text, dataset="members", organisation_code="XAA-COORD", period="2026-Q3"
    ).submission_id
    assert sent.detail(agency, world.house, found).may == set()
    assert sent.detail(world.viewer("coordinator"), world.house, found).may == {"submit", "withdraw"}


# --- lists ---


MINE = {
    "member": {HEALTH},
    "agency": {HEALTH},
    "coordinator": {HEALTH, "XAA-COORD"},
    "foreign coordinator": {POLICE, "XBA-COORD"},
    "enforcement": {POLICE},
    "secretariat": {HEALTH, POLICE, "XAA-COORD", "XBA-COORD"},
}


def test_each_sees_the_files_within_her_reach(world: World) -> None:
    assert set(MINE) == set(PEOPLE)
    for name, organisations in MINE.items():
        rows = sent.listing(world.viewer(name), world.house)
        assert {row["organisation_code"] for row in rows} == organisations, name
        for row in rows:
            assert sent.detail(world.viewer(name), world.house, row["submission_id"])
        hidden = set(world.sent.values()) - {row["submission_id"] for row in rows}
        for submission_id in hidden:
            with pytest.raises(Refused):
                sent.detail(world.viewer(name), world.house, submission_id)
    for question in (lambda v: sent.listing(v, world.house), lambda v: sent.detail(v, world.house, "x")):
        with pytest.raises(Refused):
            question(world.viewer("anonymous"))


def test_newest_first_by_state_with_names(world: World) -> None:
    rows = sent.listing(world.operator, world.house)
    assert [row["submission_id"] for row in rows][0] == world.sent["Q3 XAA-HEALTH"] and len(rows) == 5
    assert rows == sorted(rows, key=lambda row: (row["state"] == "submitted", row["state_at"]), reverse=True)
    assert (rows[0]["organisation"], rows[0]["country"], rows[0]["state"]) == ("XAA-HEALTH office", "XAA", "submitted")
    waiting = sent.listing(world.operator, world.house, "submitted")
    assert [row["submission_id"] for row in waiting] == [world.sent["Q3 XAA-HEALTH"]]
    for state in ("nothing", "'; drop table step --", "SUBMITTED"):
        assert sent.listing(world.operator, world.house, state) == []


def test_what_waits_comes_first_and_all_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody waits for is not pushed off the list by newer ones that are done with."""
    waits = world.sent["Q3 XAA-HEALTH"]
    late = send(world, "service_coverage", HEALTH, "2026-Q1", file_of(world, service(HEALTH, "SEED-4")))
    assert [r["submission_id"] for r in sent.listing(world.operator, world.house)][:2] == [waits, late]
    monkeypatch.setattr(sent, "MOST", 1)
    assert [r["submission_id"] for r in sent.listing(world.operator, world.house)] == [waits]
    assert sent.totals(world.operator, world.house) == sent.Totals(6, 1)
    assert sent.totals(world.operator, world.house, "accepted") == sent.Totals(5, 0)
    assert sent.totals(world.viewer("enforcement"), world.house) == sent.Totals(1, 0)
    with pytest.raises(Refused):
        sent.totals(world.viewer("anonymous"), world.house)


def test_a_dataset_that_is_no_longer_asked_for_breaks_nothing(world: World) -> None:
    books = world.house.library
    fewer = {name: c for name, c in books.contracts.items() if name != "service_coverage"}
    world.house = replace(world.house, library=replace(books, contracts=fewer))
    titles = {row["title"] for row in sent.listing(world.operator, world.house)}
    assert titles == {"service_coverage", books.contracts["members"].title}
    found = preview(world, world.sent["Q3 XAA-HEALTH"])
    assert "service_coverage" in found.cannot and found.rows == ()


def test_an_expunged_file_is_no_measure(world: World) -> None:
    accepted = world.sent["Q3 XAA-HEALTH"]
    submissions.accept(world.operator, world.house, accepted)
    assert preview(world, accepted).against == "2026-Q2"
    submissions.expunge(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "a name")
    assert preview(world, accepted).against == "", "what it changed then can no longer be said"


def test_rows_that_are_gone_answer_with_a_sentence(world: World) -> None:
    files, row = world.house.files, submissions.find(world.operator, world.house, world.sent["Q2 XAA-HEALTH"])
    files.parquet(row["sha256"], row["contract_hash"]).unlink()
    assert "is no longer here" in preview(world, world.sent["Q3 XAA-HEALTH"]).cannot
    assert preview(world, world.sent["Q2 XAA-HEALTH"]).cannot == "The rows of this file are no longer here."


def test_a_key_that_changed_is_compared_by_what_both_have(world: World) -> None:
    """With another key the rows are matched by the columns that both files hold, or they are not compared."""
    books = world.house.library
    contract = books.contracts["service_coverage"]
    column = replace(contract.fields[0], name="new_column")

    def keyed(*names: str) -> Preview:
        other = replace(contract, key=names, fields=(*contract.fields, column))
        known = {**books.contracts, "service_coverage": other}
        world.house = replace(world.house, library=replace(books, contracts=known))
        return preview(world, world.sent["Q3 XAA-HEALTH"])

    assert numbers(keyed("service_code", "new_column")) == (1, 1, 0, 2)
    for unfit in (("new_column",), ("country",)):
        assert "The form has changed" in keyed(*unfit).cannot


def test_a_viewer_without_any_place_sees_an_empty_list(world: World) -> None:
    nowhere = replace(world.viewer("agency"), organisation_code="XZZ-NEW", grants=(Grant("agency", "XZZ-NEW"),))
    assert sent.listing(nowhere, world.house) == []


def test_a_preview_asks_who_is_looking(world: World) -> None:
    row = submissions.find(world.operator, world.house, world.sent["Q2 XBA-POLICE"])
    with pytest.raises(Refused):
        sent.preview(world.viewer("agency"), world.house, row)


def test_a_returned_file_whose_bytes_have_gone_still_has_its_page(world: World) -> None:
    """After the set days the sweep takes the bytes of what was returned; its history stays, and no page breaks."""
    found = world.sent["Q3 XAA-HEALTH"]
    submissions.send_back(world.operator, world.house, found, "mend it")
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    detail = sent.detail(world.viewer("agency"), world.house, found)
    assert not world.house.files.has(detail.row["sha256"])
    assert [step["event"] for step in detail.steps] == ["staged", "submitted", "returned"]
    assert detail.preview is None or detail.preview.cannot
