"""The list of what is to be mended: one line a cause, no problem and no row lost, what the screen found first."""

from __future__ import annotations

import io
import re

from dashboard.intake.problems import problem
from dashboard.web.mending import FEW, SPANS, lines, meant, mending
from test_actions_page import Desk
from web_world import csrf
from world import World, contact, table


def empty(*rows: int) -> list[object]:
    return [problem("required-empty", row=row, column="contacts") for row in rows]


def test_a_few_of_one_cause_stand_each_by_itself() -> None:
    made = lines([*empty(*range(2, 2 + FEW)), problem("negative", row=3, column="contacts", value="-1")])
    assert [(line.first.code, line.rows) for line in made] == [
        ("required-empty", "2"),
        ("required-empty", "3"),
        ("negative", "3"),
        *(("required-empty", str(row)) for row in range(4, 2 + FEW)),
    ]
    assert not any(line.every for line in made)


def test_many_of_one_cause_are_one_line_with_all_rows() -> None:
    (line,) = lines(empty(4, 5, 6, 9, 12, 13))
    assert (line.rows, line.count, line.every) == ("4 to 6, 9, 12 to 13", 6, ())
    assert line.title == "Cell must be filled"


def test_causes_are_told_apart_by_column() -> None:
    other = [problem("required-empty", row=row, column="sector") for row in range(2, 10)]
    assert [(line.first.column, line.count) for line in lines([*empty(*range(2, 9)), *other])] == [
        ("contacts", 7),
        ("sector", 8),
    ]


def test_what_differs_is_named_one_by_one_where_the_line_is_opened() -> None:
    wrong = [problem("not-a-number", row=row, column="contacts", value=f"{row}x", example="1") for row in range(2, 12)]
    (line,) = lines(wrong)
    assert (line.rows, line.count, line.every) == ("2 to 11", 10, tuple(wrong))


def test_rows_of_a_group_are_counted_and_those_beyond_the_list_said_to_be_more() -> None:
    grouped = problem("negative", row=2, column="contacts", value="-1", count=3000, rows=tuple(range(2, 1002)))
    (line,) = lines([grouped])
    assert (line.rows, line.count) == ("2 to 1001 and 2,000 more", 3000)
    (apart,) = lines(empty(*range(2, 2 + 4 * SPANS, 2)))
    assert apart.rows.count(",") == SPANS - 1 and apart.rows.endswith(f"and {SPANS} more")


def test_why_a_file_was_refused_comes_before_all_else() -> None:
    found = mending([*empty(2, 3), problem("cell-phone", row=40, column="note"), *empty(50)])
    assert [line.first.code for line in found.first] == ["cell-phone"]
    assert [line.rows for line in found.other] == ["2", "3", "50"] and found.others == 3
    clean = mending(empty(2))
    assert len(clean.first) == 1 and clean.other == ()


def test_the_page_of_a_thousand_problems_is_short_and_complete(world: World) -> None:
    """Each row's number is there, and its cell is quoted once; so is why the file was not taken."""
    client = Desk(world).client("agency")
    places = [(service, violence) for service in range(1, 18) for violence in ("physical", "sexual", "several")]
    rows = [
        contact("XAA-HEALTH", "health", 0, service_code=f"SEED-{service}", form_of_violence=violence)
        | {"contacts": f"{number + 1},{number:03d}"}
        for number, (service, violence) in enumerate(places)
    ]
    answer = client.post(
        "/submissions",
        data={
            "dataset": "service_contacts", "organisation": "XAA-HEALTH", "period": "2026-Q2",
            "file": (io.BytesIO(table(world.house, "service_contacts", rows)), "a.csv"),
        },
        headers=csrf(client, "/submit"),
    )  # fmt: skip
    assert answer.status_code == 422 and f"{len(rows)} things to mend" in answer.text
    listed = answer.text.split('<table class="problems">')[1].split("</table>")[0]
    assert listed.count("<tr class=") == 1 and f"2 to {len(rows) + 1}" in listed
    quoted = re.findall(r"<li>Row (\d+), contacts: “([\d,]+)”", listed)
    assert [cell for _row, cell in quoted] == [row["contacts"] for row in rows]


def test_the_templates_are_those_of_the_organisation_that_is_chosen(world: World) -> None:
    client = Desk(world).client("coordinator")
    for asked, shown in (("XAA-HEALTH", "XAA-HEALTH"), ("", "XAA-COORD"), ('"><b>', "XAA-COORD")):
        page = client.get("/submit", query_string={"organisation": asked}).text
        found = re.findall(r'data-own href="/templates/(\w+)\.csv\?(?:prefill=1&amp;)?organisation=([^"]*)"', page)
        assert {organisation for _dataset, organisation in found} == {shown}
        assert {dataset for dataset, _organisation in found} >= {"service_coverage", "indicator_values"}


def test_the_dataset_whose_columns_it_has_is_named(world: World) -> None:
    contracts = world.house.library.contracts
    header, other = contracts["service_coverage"].header, contracts["action_updates"]
    found = [problem("column-unknown", row=1, column=name, nearest=None) for name in header if name not in other.header]
    found += [
        problem("column-missing", row=1, column=f.name, nearest=None) for f in other.fields if f.name not in header
    ]
    everything = list(contracts)
    named = meant(contracts, "action_updates", found, everything)
    assert named is not None and named.name == "service_coverage"
    assert meant(contracts, "action_updates", found, ["action_updates", "members"]) is None, "what she may not send"
    assert meant(contracts, "service_coverage", [], everything) is None, "nothing fits better than itself"
    assert meant(contracts, "no_such", found, everything) is None
