"""One indicator through time: what each cell is, what was agreed, what was corrected, and what never enters it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import indicator_world
from dashboard.intake import submissions
from dashboard.publication.files import as_csv
from dashboard.reference.indicators import value_words
from dashboard.reference.table import Status
from dashboard.reports import indicator_tables, indicator_words, indicators
from dashboard.reports.indicator_cells import Cell, combined, share
from dashboard.reports.indicator_goals import REACHED, SHORT, Goal
from dashboard.reports.indicator_reading import Row
from dashboard.web import cards
from indicator_world import (
    ABROAD,
    COORD,
    GOAL_ROWS,
    HEALTH,
    card,
    column,
    dated,
    goal,
    listing,
    sent,
    series,
    value,
)
from world import World, send, table

VALUE, SILENT, UNASKED = Status.VALUE, Status.NOT_REPORTED, Status.NOT_APPLICABLE


def test_a_row_a_quarter_with_the_baseline_first_and_a_gap_that_says_so(looked_at: World) -> None:
    found = series(looked_at, "P-CAP-1")
    assert column(found.table) == {
        "2024-Q4": (100.0, VALUE),
        "2026-Q1": (200.0, VALUE),
        "2026-Q2": (None, SILENT),
        "2026-Q3": (410.0, VALUE),
    }
    assert found.table.frame.loc["2024-Q4", "source"] == f"Baseline: {indicator_world.PLAN}"
    assert [period for period, _cell in found.points] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert found.table.frame.loc["2026-Q2", "milestone"] == 300
    assert set(found.table.frame["target"]) == {800.0} and found.table.column("target").title == "Target for Q4 2027"
    assert found.table.frame.loc["2026-Q3", "reported_by"] == "XAA-COORD office; XAA-HEALTH office"
    assert found.answer == (
        "410 persons in Q3 2026, up 210 on Q1 2026; short of the milestone of 500 persons (Q4 2026) by 90."
    )
    assert (found.latest, found.standing, found.open) == ("2026-Q3", SHORT, True)
    assert found.finding == "From 200 persons in Q1 2026 to 410 persons in Q3 2026"
    assert found.kind_words == "Services and processes"


def test_what_was_agreed_is_a_table_of_its_own(looked_at: World) -> None:
    agreed = indicator_tables.goals(series(looked_at, "P-CAP-1"))
    rows = agreed.frame[["what", "quarter", "agreed", "value", "standing"]].values.tolist()
    assert rows == [
        ["Baseline", "Q4 2024", "100 persons", "", ""],
        ["Milestone", "Q2 2026", "300 persons", "", ""],
        ["Milestone", "Q4 2026", "500 persons", "", "not due yet"],
        ["Target", "Q4 2027", "800 persons", "", "not due yet"],
    ]
    assert list(agreed.statuses["value"]) == [VALUE, SILENT, VALUE, VALUE], "nobody reported for the second quarter"
    assert "note" not in agreed.frame, "a column in which nothing stands is left out"
    assert agreed.caveats == series(looked_at, "P-CAP-1").table.caveats


def test_a_milestone_of_a_quarter_to_which_nothing_applied_says_so(looked_at: World) -> None:
    """No action was due: nobody failed to report it, and the table of the quarters says so too."""
    found = series(looked_at, "P-CAP-1")
    points = tuple((p, share(0, 0) if p == "2026-Q2" else cell) for p, cell in found.points)
    assert list(indicator_tables.goals(replace(found, points=points)).statuses["value"])[1] == UNASKED


def test_a_computed_share_says_of_how_many_it_is(looked_at: World) -> None:
    """Half of two is no half of two hundred. What organisations sent, and counts, say no more than they did."""
    one = card(listing(looked_at, country="XBA"), "P-COO-1")
    assert (one.value, one.count) == ("7.1\N{NO-BREAK SPACE}%", "2 of 28")
    assert one.counted == f"{one.value} (2 of 28)" and one.sentence.startswith(f"{one.counted} in ")
    found = series(looked_at, "P-COO-1", country="XBA")
    assert found.answer == one.sentence and "(2 of 28)" in found.finding
    assert f"2 of 28, {one.quarter}" in str(cards.card(one))
    for code, name in (("P-CAP-1", "secretariat"), ("SPOT-4.1", "trained secretariat")):
        assert not card(listing(looked_at, name, country="XAA"), code).count


def test_the_share_of_reports_in_time_says_which_reports_it_counts(looked_at: World) -> None:
    known = looked_at.house.library
    assert "coverage reports only" in indicator_words.caveat(known, known.indicators["P-REP-1"])


def test_values_of_several_organisations_become_one_as_the_indicator_says(looked_at: World) -> None:
    row = Row("XAA", "X", "2026-Q3", "", "", "", 50, 5, 10, "one", "XAA-A")
    other = row._replace(value=25, numerator=5, denominator=20, source="two", reported_by="XAA-B")
    indicator = looked_at.house.library.indicators["P-SVC-2"]
    names = {"XAA-A": "Ministry A"}

    def one(*rows: Row, **more: Any) -> Cell:
        return combined(replace(indicator, **more), rows, names, "Q3 2026")

    assert one(row, other).value == pytest.approx(33.33), "a ratio of the sums, no mean of shares"
    assert (one(row, other).numerator, one(row, other).denominator) == (10, 30)
    assert one(row, other).reported_by == ("Ministry A", "XAA-B") and one(row, other).source == "one; two"
    assert one(row, other, combine="sum").value == 75
    assert one(row, row._replace(value=40)).value == 50, "of one organisation, its own parts count"
    assert one(row._replace(value=0, numerator=0)).status == Status.ZERO
    without = one(row, other._replace(numerator=None, denominator=None))
    assert (without.value, without.status) == (25, Status.NOT_VERIFIED)
    same = one(row, other._replace(value=50, numerator=None, denominator=None), combine="single")
    assert (same.value, same.status, same.numerator) == (50, VALUE, None)


def test_a_sum_without_somebody_who_was_in_it_says_who(measured: World) -> None:
    assert not any("Not reported" in said for said in series(measured, "P-CAP-1").table.caveats)
    sent(measured, HEALTH, "2026-Q3", [value(HEALTH, "SDG-5.1.1", "2026-Q3", 52)])
    found = series(measured, "P-CAP-1")
    assert column(found.table)["2026-Q3"] == (320.0, VALUE)
    assert "Not reported for Q3 2026 by: XAA-HEALTH office." in found.table.caveats
    seen = card(listing(measured, country="XAA"), "P-CAP-1")
    assert seen.notes == ("Not reported for Q3 2026 by: XAA-HEALTH office.",)
    said = "not comparable with Q1 2026, for not everybody has reported"
    assert seen.change == said and said in found.answer, "a fall that is only a gap is told as none"
    (newest,) = [cell for period, cell in found.points if period == "2026-Q3"]
    assert newest.partial and not newest.settled and "An open dot" in found.reading
    assert "An open dot" not in series(measured, "SDG-5.2.1").reading


def test_a_survey_names_its_study_wherever_its_value_goes(looked_at: World) -> None:
    """R58: the study stands beside the chart, in its alternative text, in the table and in the download."""
    found = series(looked_at, "SDG-5.2.1")
    study = "Household survey, 2,400 women, statistics office"
    assert found.table.caveats[1] == f"Study: {study}"
    assert {found.table.frame.loc[period, "study"] for period in ("2025-Q3", "2026-Q3")} == {study}
    assert study in as_csv(found.table)


def test_a_note_on_a_value_stands_in_its_row(measured: World) -> None:
    sent(measured, ABROAD, "2026-Q3", [value(ABROAD, "P-CAP-1", "2026-Q3", 12, note="Counted from the new law on")])
    assert series(measured, "P-CAP-1", "XBA").table.frame.loc["2026-Q3", "note"] == "Counted from the new law on"


def test_organisations_that_do_not_agree_are_both_named(looked_at: World) -> None:
    found = series(looked_at, "SDG-5.1.1")
    assert column(found.table)["2026-Q3"] == (48.0, Status.NOT_VERIFIED)
    (said,) = [c for c in found.table.caveats if "do not agree" in c]
    assert "XAA-COORD office: 52\u00a0%" in said and "XAA-HEALTH office: 48\u00a0%" in said and "Q3 2026" in said
    assert found.standing == "", "what is disputed is not measured"
    assert "(not verified)" in as_csv(found.table)


def test_of_a_yearly_indicator_the_quarters_between_were_not_asked_for(looked_at: World) -> None:
    states = {period: status for period, (_value, status) in column(series(looked_at, "SDG-5.2.1").table).items()}
    assert states == {"2025-Q3": VALUE, **dict.fromkeys(["2025-Q4", "2026-Q1", "2026-Q2"], UNASKED), "2026-Q3": VALUE}


def test_a_year_without_the_yearly_value_is_a_gap(measured: World) -> None:
    for period, number in (("2024-Q3", 2.5), ("2026-Q3", 3)):
        sent(measured, ABROAD, period, [value(ABROAD, "SPOT-2.B", period, number)])
    states = [status for _value, status in column(series(measured, "SPOT-2.B", "XBA").table).values()]
    assert states == [VALUE, UNASKED, UNASKED, UNASKED, SILENT, UNASKED, UNASKED, UNASKED, VALUE]


def test_a_breakdown_or_a_corridor_never_enters_the_headline(looked_at: World) -> None:
    assert column(series(looked_at, "P-CAP-1").table)["2026-Q3"] == (410.0, VALUE)
    viewer, house = dated(looked_at.viewer("member")), looked_at.house
    ways = indicators.breakdowns(viewer, house, "P-CAP-1", country="XAA")
    assert ways == [("corridor", "Corridor", ["2026-Q3"]), ("sector", "Sector", ["2026-Q3"])]
    by_sector = indicators.breakdown(viewer, house, "P-CAP-1", country="XAA", period="2026-Q3", by="sector")
    assert column(by_sector) == {"health": (120.0, VALUE), "justice_policing": (200.0, VALUE)}
    assert list(by_sector.frame["category"]) == ["Health", "Justice and policing"]
    by_corridor = indicators.breakdown(viewer, house, "P-CAP-1", country="XAA", period="2026-Q3", by="corridor")
    assert column(by_corridor) == {"XAA-XBA": (60.0, VALUE)}
    assert by_corridor.frame["category"].tolist() == ["Asterland to Bravonia"]
    assert indicators.breakdowns(viewer, house, "P-CAP-1", country="XBA") == []


def test_what_a_later_file_changed_is_told_with_the_hand_that_changed_it(measured: World) -> None:
    (change,) = series(measured, "P-CAP-1").revisions
    assert (change.period, change.old, change.new, change.reported_by) == ("2026-Q3", 70, 90, "XAA-HEALTH office")
    sent(measured, HEALTH, "2026-Q3", [value(HEALTH, "SDG-5.1.1", "2026-Q3", 52)])
    newest, former = series(measured, "P-CAP-1").revisions
    assert (newest.old, newest.new, former.new) == (90, None, 90)
    assert newest.recorded_at > former.recorded_at
    told = indicator_tables.revisions(series(measured, "P-CAP-1")).frame
    assert told["after"].tolist() == ["taken back", "90 persons"] and told["before"].tolist() == [
        "90 persons",
        "70 persons",
    ]
    (agreed,) = series(measured, "SDG-5.1.1").revisions
    assert (agreed.old, agreed.new) == (48, 52)
    assert column(series(measured, "SDG-5.1.1").table)["2026-Q3"] == (52.0, VALUE), "now they agree"


def test_as_of_an_earlier_version_the_former_value_stands(measured: World) -> None:
    before = measured.house.store.head().version
    sent(measured, COORD, "2026-Q3", [value(COORD, "P-CAP-1", "2026-Q3", 500)])
    assert column(series(measured, "P-CAP-1").table)["2026-Q3"] == (590.0, VALUE)
    assert column(series(measured, "P-CAP-1", version=before).table)["2026-Q3"] == (410.0, VALUE)
    assert (
        len(series(measured, "P-CAP-1").revisions) == 2
        and len(series(measured, "P-CAP-1", version=before).revisions) == 1
    )
    early = indicators.series(
        dated(measured.viewer("member"), date(2026, 7, 3)), measured.house, "P-CAP-1", country="XAA"
    )
    assert max(early.table.frame.index) == "2026-Q2", "no quarter that had not ended by then"
    assert early.answer.startswith("200 persons in Q1 2026") and "Q2 2026" in early.answer, "the milestone of that day"


def test_milestones_are_those_agreed_last(measured: World) -> None:
    before = card(listing(measured, country="XAA"), "P-CAP-1")
    assert before.goal and before.standing == SHORT
    rows = [row for row in GOAL_ROWS if row["indicator_code"] != "P-CAP-1"]
    lower = [goal(COORD, "P-CAP-1", "milestone", "2026-Q4", 400), goal(COORD, "P-CAP-1", "target", "2026-Q4", 410)]
    data = table(measured.house, "milestones", [*rows, *lower])
    send(measured, "milestones", COORD, "2026-Q3", data, by="trained secretariat")
    found = card(listing(measured, country="XAA"), "P-CAP-1")
    assert (found.standing, found.standing_words) == (REACHED, "at or past the milestone of 400 persons (Q4 2026)")
    assert [g.value for g in series(measured, "P-CAP-1").goals.all] == [400, 410]
    assert series(measured, "P-CAP-1").goals.baseline is None


def test_an_unknown_indicator_is_said(looked_at: World) -> None:
    with pytest.raises(KeyError):
        series(looked_at, "P-NONE-1")


# --- what is written can be subtracted ---


def test_a_distance_is_that_of_what_is_written(looked_at: World) -> None:
    indicator = looked_at.house.library.indicators["P-SVC-3"]
    goal = Goal("milestone", "2026-Q3", 18, "Plan")
    said = indicator_words.standing_words(indicator, 17.65, goal)
    assert value_words(indicator, 17.65).startswith("17.6") and said.endswith("by 0.4 points"), "not by 0.35"
    assert indicator_words.change(indicator, 17.65, 15, "Q2 2026") == "up 2.6 points on Q2 2026"
    near = indicator_words.standing_words(indicator, 17.96, goal)
    assert near.endswith("by 0.04 points"), "where both are written alike, how far it is all the same"


# --- the quarter that somebody looks at ---


def test_the_chosen_quarter_is_told_beside_an_answer_of_another(looked_at: World) -> None:
    found = series(looked_at, "P-CAP-1")
    assert found.latest == "2026-Q3"
    assert indicators.chosen(found, "2026-Q1") == "In Q1 2026 it was 200 persons; the line goes up to Q3 2026."
    assert indicators.chosen(found, "2026-Q2") == "Q2 2026: not reported; the line goes up to Q3 2026."
    for none in ("", "2026-Q3", "1999-Q1", "soon"):
        assert indicators.chosen(found, none) == ""
    reports = series(looked_at, "SPOT-4.1", name="trained secretariat")
    caveat = looked_at.house.library.title("caveats", "reported-not-prevalence")
    said = indicators.chosen(reports, "2026-Q1")
    assert said.startswith("In Q1 2026 it was 611 reports") and said.endswith(caveat), "a count never without it"


def test_what_is_computed_from_services_says_how_many_earlier_reports_it_counts(world: World) -> None:
    def notes(country: str) -> tuple[str, ...]:
        found = indicators.series(dated(world.viewer("member")), world.house, "P-SVC-3", country=country)
        assert found.latest == "2026-Q3"
        return found.table.caveats

    earlier = "Q3 2026: an earlier report of 1 organisation is counted."
    assert earlier in notes("XAA")
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    assert earlier not in notes("XAA")
