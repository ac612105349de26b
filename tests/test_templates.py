"""What an agency fills in: made from the contract, with her own codes, and welcome when it comes back unchanged."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions, templates
from dashboard.protection.policy import Refused
from dashboard.record.house import open_house
from dashboard.reference.cells import safe
from dashboard.reports import submissions as sent
from world import Built, World, copied, send, service, table

HEALTH = "XAA-HEALTH"


def test_the_file_of_a_demonstration_says_so(world: World) -> None:
    demo = replace(world.house, settings=replace(world.house.settings, demo=True))
    assert templates.filename(world.house, "members") == "members-template.csv"
    assert templates.filename(demo, "members") == "demo-members-template.csv"


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def records(text: str) -> list[dict[str, str]]:
    header, _hxl, _explained, *rows = rows_of(text)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("dataset", ["members", "service_coverage"])
def test_header_and_hashtags_come_from_the_contract(world: World, dataset: str) -> None:
    text = templates.template(world.operator, world.house, dataset, explain=False)
    contract = world.house.library.contracts[dataset]
    assert text.startswith("\ufeff"), "or a spreadsheet reads the letters wrongly"
    assert text.count("\r\n") == text.count("\n") == 2
    assert rows_of(text) == [list(contract.header), [field.hxl for field in contract.fields]]


def test_a_row_for_each_service_with_her_own_codes(world: World) -> None:
    found = records(templates.template(world.viewer("agency"), world.house, "service_coverage"))
    assert [row["service_code"] for row in found] == [f"SEED-{n}" for n in range(1, 18)], "the default framework only"
    assert {(row["country"], row["organisation_code"]) for row in found} == {("XAA", HEALTH)}
    filled = {name for row in found for name, cell in row.items() if cell}
    assert filled == {"country", "organisation_code", "service_code"}


def test_a_template_that_nobody_filled_in_says_only_what_is_missing(world: World) -> None:
    text = templates.template(world.viewer("agency"), world.house, "service_coverage")
    received = submissions.stage(
        world.viewer("agency"), world.house, text.encode(), dataset="service_coverage", organisation_code=HEALTH,
        period="2026-Q1",
    )  # fmt: skip
    assert [(p.row, p.column, p.code) for p in received.outcome.problems] == [
        (row, None, "row-not-filled") for row in range(4, 21)
    ]


def test_where_no_list_gives_the_rows_there_is_one_with_her_own_codes(world: World) -> None:
    (found,) = records(templates.template(world.viewer("agency"), world.house, "budget_execution"))
    assert {name: cell for name, cell in found.items() if cell} == {"country": "XAA", "organisation_code": HEALTH}


def test_codes_are_those_in_use_when_the_quarter_ended(built: Built, tmp_path: Path) -> None:
    """On 1 July the quarter to report on ended on 30 June, so what was in use then is in the template."""
    folder = tmp_path / "dated"
    copied(built.folder, folder)
    (folder / "datasets" / "codes" / "services.csv").write_text(
        "# replaces\ncode,title,source,verified,check_at,framework,sector,valid_from,valid_to\n"
        "SEED-1,Gone in spring,invented,no,nowhere,SEED-2020,health,,2027-06-29\n"
        "SEED-2,Here,invented,no,nowhere,SEED-2020,health,,2027-06-30\n"
        "SEED-9,New in summer,invented,no,nowhere,SEED-2020,health,2027-07-01,\n",
        encoding="utf-8",
    )
    house = open_house(Settings(data=folder, min_free_bytes=0))
    world = World(house, dict(built.people), dict(built.sent))
    agency = world.viewer("agency")
    for today, codes in ((date(2027, 7, 1), ["SEED-2"]), (date(2027, 10, 1), ["SEED-9"])):
        text = templates.template(replace(agency, today=today), house, "service_coverage")
        assert [row["service_code"] for row in records(text)] == codes
    house.close()


FULL = service(
    HEALTH, "SEED-9", contact_line="+999 000 0101", contact_line_checked_on=datetime.now(UTC).date().isoformat(),
    languages="vie|eng", hours="all_hours", firewall="yes", firewall_evidence="Law 12, “section 4”, and others",
    areas="Northern; Southern, Eastern", source="-2 to 5 km around offices, per directory", cost="free",
)  # fmt: skip


def test_a_prefilled_template_that_comes_back_unchanged_is_clean_and_changes_nothing(world: World) -> None:
    agency, house = world.viewer("agency"), world.house
    rows = [FULL | {"source": f"'{FULL['source']}"}, service(HEALTH, "SEED-1"), service(HEALTH, "SEED-3", "planned")]
    former = send(world, "service_coverage", HEALTH, "2026-Q3", table(house, "service_coverage", rows))
    text = templates.template(agency, house, "service_coverage", prefill=True)
    back = records(text)
    assert [row["service_code"] for row in back] == ["SEED-9", "SEED-1", "SEED-3"]
    assert back[0]["contact_line"] == "'+999 000 0101", "a spreadsheet would calculate with it"
    assert back[0]["source"] == f"'{FULL['source']}"
    assert back[0]["languages"] == "eng|vie"
    received = submissions.stage(
        agency, house, text.encode(), dataset="service_coverage", organisation_code=HEALTH, period="2026-Q3"
    )
    assert received.outcome.problems == [] and received.submission_id != former
    preview = sent.detail(agency, house, received.submission_id).preview
    assert preview and (preview.against, preview.unchanged) == ("2026-Q3", 3)
    assert (preview.added, preview.changed, preview.removed) == (0, 0, 0)
    submissions.submit(agency, house, received.submission_id)
    submissions.accept(world.viewer("coordinator"), house, received.submission_id)
    assert templates.template(agency, house, "service_coverage", prefill=True) == text
    kept = house.store.read(
        "select contact_line, source, areas, contact_line_checked_on from service_coverage_rows"
        " where until is null and reported_by = $code and period = '2026-Q3' and service_code = 'SEED-9'", code=HEALTH,
    )  # fmt: skip
    assert kept == [{"contact_line": "+999 000 0101", "source": FULL["source"], "areas": FULL["areas"],
                     "contact_line_checked_on": datetime.now(UTC).date()}]  # fmt: skip


def test_a_register_comes_back_as_it_was(world: World) -> None:
    coordinator = world.viewer("coordinator")
    text = templates.template(coordinator, world.house, "members", prefill=True)
    assert [row["organisation_code"] for row in records(text)] == ["XAA-COORD", HEALTH]
    received = submissions.stage(
        coordinator, world.house, text.encode(), dataset="members", organisation_code="XAA-COORD", period="2026-Q3"
    )
    assert received.outcome.problems == []
    preview = sent.detail(coordinator, world.house, received.submission_id).preview
    assert preview and (preview.unchanged, preview.added, preview.changed, preview.removed) == (2, 0, 0, 0)


def test_prefill_takes_the_last_quarter_that_counts(world: World) -> None:
    """Not a file that waits for review, not one that was withdrawn, not another organisation's."""
    agency = world.viewer("agency")

    def services() -> list[str]:
        text = templates.template(agency, world.house, "service_coverage", prefill=True)
        return [row["service_code"] for row in records(text)]

    assert services() == ["SEED-1", "SEED-2", "SEED-9"], "Q3 waits for review, so Q2 is the last"
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    assert services() == ["SEED-1", "SEED-2", "SEED-9", "SEED-3"]
    submissions.withdraw(world.operator, world.house, world.sent["Q3 XAA-HEALTH"], "wrong")
    assert services() == ["SEED-1", "SEED-2", "SEED-9"]
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "wrong")
    assert len(services()) == 17, "nothing counts, so it is the empty template"


def test_every_cell_is_safe_in_a_spreadsheet(world: World) -> None:
    rows = [FULL | {"source": "'=HYPERLINK(1)", "areas": "'@Northern"}]
    rows[0]["areas"] = "Northern"
    send(world, "service_coverage", HEALTH, "2026-Q3", table(world.house, "service_coverage", rows))
    for row in rows_of(templates.template(world.viewer("agency"), world.house, "service_coverage", prefill=True)):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row
        assert all(safe(cell) == cell for cell in row)


# --- who gets which ---


def test_without_rights_to_send_a_template_holds_no_rows(world: World) -> None:
    for prefill in (False, True):
        text = templates.template(world.viewer("member"), world.house, "service_coverage", prefill=prefill)
        assert records(text) == []
        with pytest.raises(Refused):
            templates.template(
                world.viewer("member"), world.house, "service_coverage", organisation_code=HEALTH, prefill=prefill
            )


@pytest.mark.parametrize(
    ("name", "organisation", "allowed"),
    [
        ("agency", HEALTH, True),
        ("agency", "XAA-COORD", False),
        ("agency", "XBA-POLICE", False),
        ("agency", "XZZ-NOBODY", False),
        ("coordinator", HEALTH, True),
        ("coordinator", "XBA-POLICE", False),
        ("enforcement", "XBA-POLICE", True),
        ("enforcement", "XBA-UNION", False),
        ("secretariat", "XBA-POLICE", True),
    ],
)
def test_whose_rows_a_template_may_hold(world: World, name: str, organisation: str, allowed: bool) -> None:
    def asked() -> str:
        return templates.template(
            world.viewer(name), world.house, "service_coverage", organisation_code=organisation, prefill=True
        )

    if not allowed:
        with pytest.raises(Refused):
            asked()
        return
    assert {row["organisation_code"] for row in records(asked())} == {organisation}


def test_nobody_and_nothing(world: World) -> None:
    with pytest.raises(Refused):
        templates.template(world.viewer("anonymous"), world.house, "service_coverage")
    for dataset in ("", "nothing", "submission", "members; drop table step", "../members"):
        with pytest.raises(Refused, match="no such template"):
            templates.template(world.operator, world.house, dataset)


def test_the_template_of_a_dataset_that_a_deployment_added(built: Built, tmp_path: Path) -> None:
    """No Python was touched for it: the contract is enough."""
    from test_senders import ADMINISTRATIVE

    folder = tmp_path / "added"
    copied(built.folder, folder)
    (folder / "datasets" / "schemas").mkdir()
    (folder / "datasets" / "schemas" / "contacts.json").write_text(json.dumps(ADMINISTRATIVE), encoding="utf-8")
    house = open_house(Settings(data=folder, min_free_bytes=0))
    world = World(house, dict(built.people), dict(built.sent))
    text = templates.template(world.viewer("agency"), house, "contacts", prefill=True)
    house.close()
    assert rows_of(text) == [
        ["organisation_code", "contacts"],
        ["#org+code", "#contacts"],
        ["# required, your organisation's code", "# required, a whole number, 0 or more"],
        [HEALTH, ""],
    ]
