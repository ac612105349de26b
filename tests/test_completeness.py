"""Who has reported and who is late: every standing with its day, who may open what, and the list for an e-mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.reference.table import Status
from dashboard.reports import completeness, reminders
from dashboard.reports.completeness import MEANINGS, STANDINGS, Completeness
from dashboard.web import marks
from reporting_world import COORD, COVERAGE, DUE, HEALTH, PERIOD, Reporting, changed
from test_actions_page import Desk
from test_marks import shapes
from world import PEOPLE

AFTER = DUE + timedelta(days=1)


def asked(world: Reporting, name: str = "operator", day: date = AFTER, **more: object) -> Completeness:
    return completeness.completeness(world.seen(name, day), world.house, **({"period": PERIOD} | more))  # type: ignore[arg-type]


def standing(world: Reporting, organisation: str, day: date) -> str:
    return str(asked(world, day=day).matrix.frame.at[organisation, COVERAGE])


def nothing(world: Reporting) -> None:
    """It does not hand in."""


def returned(world: Reporting) -> None:
    submissions.send_back(world.operator, world.house, world.hands_in(COORD, DUE), "Mend row 3, please.")


def withdrawn(world: Reporting) -> None:
    submissions.withdraw(world.operator, world.house, world.hands_in(COORD, DUE), "It was the wrong file.")


@pytest.mark.parametrize(
    ("what", "day", "expected"),
    [
        (nothing, DUE, "not_due"),
        (nothing, AFTER, "missing"),
        (lambda w: w.hands_in(COORD, DUE), DUE, "review"),
        (lambda w: w.hands_in(COORD, DUE), AFTER, "review"),
        (lambda w: w.hands_in(COORD, DUE, accept=True), AFTER, "on_time"),
        (lambda w: w.hands_in(COORD, AFTER), AFTER, "late"),
        (lambda w: w.hands_in(COORD, AFTER, accept=True), AFTER, "late"),
        (returned, DUE, "returned"),
        (returned, AFTER, "returned"),
        (withdrawn, DUE, "not_due"),
        (withdrawn, AFTER, "missing"),
    ],
)
def test_each_standing_has_its_day(
    reporting_world: Reporting, what: Callable[[Reporting], object], day: date, expected: str
) -> None:
    what(reporting_world)
    assert standing(reporting_world, COORD, day) == expected


def test_every_standing_is_explained_and_drawn() -> None:
    assert set(STANDINGS) == set(MEANINGS) == set(marks.REPORTING_SHAPES)
    drawn = [marks.reporting(name) for name in STANDINGS]
    assert len({m.shape for m in drawn}) == len({m.words for m in drawn}) == len(STANDINGS)
    assert {m.shape for m in drawn} <= set(shapes("dashboard.css"))
    said = json.dumps(marks.reporting_key().to_plotly_json(), default=lambda c: c.to_plotly_json())
    assert all(meaning in said for meaning in MEANINGS.values())


def test_the_schema_says_when_it_is_due_and_of_whom_it_is_expected(reporting_world: Reporting) -> None:
    reporting_world.hands_in(COORD, AFTER)
    slower = replace(reporting_world)
    slower.house = changed(reporting_world.house, due_days=31)
    assert asked(slower).matrix.frame.at[COORD, COVERAGE] == "review"
    assert [f.due_on for f in asked(slower).files if f.dataset == COVERAGE] == [AFTER, AFTER]
    slower.house = changed(reporting_world.house, expected_from="habit")
    codes = {f.organisation_code for f in asked(slower).files if f.dataset == COVERAGE}
    assert codes == {COORD, HEALTH, "XBA-POLICE"}, "the police sent the quarter before"
    slower.house = changed(reporting_world.house, frequency="yearly")
    assert not [f for f in asked(slower).files if f.dataset == COVERAGE]


def test_the_answer_counts_what_is_shown(reporting_world: Reporting) -> None:
    assert asked(reporting_world).answer == "1 of 2 expected files are in for Q3 2026; 0 are late, 1 missing."
    assert asked(reporting_world, day=DUE).answer == (
        "1 of 2 expected files are in for Q3 2026; 0 are late, 0 missing, 1 not due yet."
    )
    reporting_world.hands_in(COORD, AFTER)
    found = asked(reporting_world, country="XAA")
    assert found.answer == "2 of 2 expected files are in for Asterland, Q3 2026; 1 is late, 0 missing."
    (total,) = found.totals.frame.to_dict("records")
    assert (total["expected"], total["late"], total["review"], total["missing"]) == (2, 1, 1, 0)
    assert list(found.listed.frame["standing"]) == ["late", "in review"], "what needs somebody stands first"
    assert asked(reporting_world, country="XBA").answer == "No file was expected for Bravonia, Q3 2026."


def test_one_dataset_over_eight_quarters(reporting_world: Reporting) -> None:
    found = asked(reporting_world, dataset=COVERAGE)
    assert found.columns[0] == "2024-Q4" and found.columns[-1] == PERIOD and len(found.columns) == 8
    row = found.matrix.frame.loc[HEALTH]
    assert row[PERIOD] == "review" and row["2026-Q2"] == "not_expected", "the register of that quarter asked nobody"
    assert found.matrix.statuses.at[HEALTH, "2026-Q2"] == Status.NOT_APPLICABLE
    assert found.answer.startswith("1 of 2 expected files are in for Service coverage from Q4 2024 to Q3 2026;")


def test_a_choice_that_there_is_not_is_none(reporting_world: Reporting) -> None:
    found = asked(reporting_world, period="1999-Q9", dataset="members")
    assert (found.period, found.dataset) == (PERIOD, ""), "members are no quarterly dataset"
    countries, datasets, quarters = completeness.choices(reporting_world.seen("operator", AFTER), reporting_world.house)
    assert [code for code, _name in countries] == ["XAA"]
    assert quarters[:2] == ["2026-Q4", PERIOD]
    assert {name for name, _title in datasets} == {
        name for name, c in reporting_world.house.library.contracts.items() if c.frequency == "quarterly"
    }


def test_as_of_a_past_version(reporting_world: Reporting) -> None:
    before = reporting_world.house.store.head().version
    reporting_world.hands_in(COORD, DUE, accept=True)
    assert asked(reporting_world, version=before).matrix.frame.at[COORD, COVERAGE] == "missing"
    assert asked(reporting_world, day=DUE, version=before).matrix.frame.at[COORD, COVERAGE] == "not_due"
    assert asked(reporting_world).matrix.frame.at[COORD, COVERAGE] == "on_time"


# --- who sees what ---


@pytest.mark.parametrize(
    ("name", "rows", "links"),
    [
        ("member", {HEALTH, COORD}, {HEALTH: "/submission/"}),
        ("agency", {HEALTH, COORD}, {HEALTH: "/submission/"}),
        ("coordinator", {HEALTH, COORD}, {HEALTH: "/submission/", COORD: "/submit?"}),
        ("foreign coordinator", {HEALTH, COORD}, {}),
        ("enforcement", set(), {}),
        ("secretariat", {HEALTH, COORD}, {HEALTH: "/submission/"}),
    ],
)
def test_a_cell_leads_only_where_the_viewer_may_go(
    reporting_world: Reporting, name: str, rows: set[str], links: dict[str, str]
) -> None:
    found = asked(reporting_world, name)
    assert set(found.matrix.frame.index) == rows
    assert {code: href[: len(links.get(code, ""))] for (code, _column), href in found.links.items()} == links
    assert {f.organisation_code for f in found.files if f.submission_id} == ({HEALTH} if links.get(HEALTH) else set())
    past = asked(reporting_world, name, version=reporting_world.house.store.head().version)
    assert not [href for href in past.links.values() if href.startswith("/submit?")], "nothing is sent into the past"


def test_an_enforcement_body_sees_its_own_line_only(reporting_world: Reporting) -> None:
    reporting_world.house = changed(reporting_world.house, expected_from="habit")
    found = asked(reporting_world, "enforcement")
    assert list(found.matrix.frame.index) == ["XBA-POLICE"]
    assert "your own organisation's files only" in found.answer
    assert "XAA" not in found.answer and not reminders.reminder(
        reporting_world.seen("enforcement", AFTER), reporting_world.house, found
    )


def test_the_public_gets_nothing(reporting_world: Reporting) -> None:
    with pytest.raises(Refused):
        asked(reporting_world, "anonymous")
    with pytest.raises(Refused):
        completeness.choices(reporting_world.viewer("anonymous"), reporting_world.house)


@pytest.mark.parametrize("name", ["anonymous", *PEOPLE])
def test_the_page_as_everybody(reporting_world: Reporting, name: str) -> None:
    desk = Desk(reporting_world)
    shown = desk.call(name, "completeness-results", ["head.data"], period=PERIOD)
    if name == "anonymous":
        assert shown.status == 401 and "XAA-HEALTH office" not in shown
        return
    assert shown.status == 200
    assert ("XAA-HEALTH office" in shown) is (name != "enforcement")
    assert (reporting_world.sent["Q3 XAA-HEALTH"] in shown) is (name not in ("enforcement", "foreign coordinator"))
    assert ("reminder-text" in shown) is (name in ("coordinator", "secretariat"))
    assert "SEED-1" not in shown, "no row of a file"


# --- the list for an e-mail ---


def reminder(world: Reporting, name: str, day: date = AFTER, **more: object) -> str:
    return reminders.reminder(world.seen(name, day), world.house, asked(world, name, day, **more))


def test_the_reminder_says_what_is_owed_until_when_and_where_it_is_sent(reporting_world: Reporting) -> None:
    text = reminder(reporting_world, "coordinator")
    head, body, foot = text.strip().split("\n\n")
    assert head.startswith("Asterland: files on") and "31 October 2026" in head and foot.endswith("/submit")
    assert body.splitlines() == [
        "XAA-COORD office (XAA-COORD)",
        "- Service coverage, Q3 2026: not received; was due on 30 October 2026",
        "  http://localhost:8050/submit?dataset=service_coverage&period=2026-Q3&organisation=XAA-COORD",
    ]
    assert "not received yet; due on 30 October 2026" in reminder(reporting_world, "coordinator", DUE)
    assert reminder(reporting_world, "coordinator", date(2026, 9, 30)) == "", "the quarter has not ended"
    assert reminder(reporting_world, "coordinator", dataset=COVERAGE) == text
    assert not any(person in text for person in ("example.org", "Coordinator", "Agency"))


def test_the_reminder_names_what_was_returned_and_not_what_came_late(reporting_world: Reporting) -> None:
    reporting_world.hands_in(COORD, AFTER)
    assert reminder(reporting_world, "coordinator") == "", "it has come: there is nothing more to do"
    submissions.send_back(
        reporting_world.operator, reporting_world.house, reporting_world.sent[COORD], "Mend row 3, please."
    )
    text = reminder(reporting_world, "coordinator")
    assert "returned with a comment; send it again when it is mended (was due on 30 October 2026)" in text
    assert "/submit?dataset=service_coverage" in text and "row 3" not in text
    reporting_world.accepts("Q3 XAA-HEALTH")
    assert HEALTH not in reminder(reporting_world, "coordinator"), "it came in time"


@pytest.mark.parametrize("name", ["member", "agency", "foreign coordinator", "enforcement"])
def test_the_reminder_is_for_who_reviews_there(reporting_world: Reporting, name: str) -> None:
    assert reminder(reporting_world, name) == ""
    assert reminder(reporting_world, "secretariat")


def test_the_reminder_is_of_now_and_says_when_it_is_of_a_demonstration(reporting_world: Reporting) -> None:
    version = reporting_world.house.store.head().version
    assert reminder(reporting_world, "coordinator", version=version) == ""
    found = asked(reporting_world)
    assert reminders.filename(reporting_world.house, found) == "still-to-come-2026-Q3.txt"
    demo = replace(reporting_world.house, settings=replace(reporting_world.house.settings, demo=True))
    viewer = reporting_world.seen("secretariat", AFTER)
    assert "Demonstration data" in reminders.reminder(viewer, demo, found)
    assert "Demonstration data" not in reminders.reminder(viewer, reporting_world.house, found)
    assert reminders.filename(demo, found).startswith("demo-")


def test_no_dataset_is_named_in_what_makes_the_page() -> None:
    """A dataset that is added is asked for by its schema alone."""
    root = Path(completeness.__file__).parents[2]
    for path in ("dashboard/reports/completeness.py", "dashboard/reports/reporting.py", "pages/completeness.py"):
        text = (root / path).read_text(encoding="utf-8")
        assert not [name for name in ("service_coverage", "service_contacts", "indicator_values") if name in text]
