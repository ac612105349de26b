"""How indicators move: what each cell is, what is never mixed or judged, and who reads which number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import indicator_world
from contacts_world import EXPIRED, TRAINED
from dashboard.intake import submissions
from dashboard.protection.policy import Refused, Viewer
from dashboard.publication.files import as_csv
from dashboard.record.house import House
from dashboard.reference.table import Status, Table
from dashboard.reports import indicator_tables, indicators
from dashboard.reports.indicator_cells import Cell, combined
from dashboard.reports.indicator_goals import REACHED, SHORT
from dashboard.reports.indicator_reading import Row
from indicator_world import ABROAD, COORD, GOAL_ROWS, HEALTH, POLICE, TODAY, column, dated, goal, sent, value
from world import PEOPLE, Built, World, send, table

VALUE, SILENT, UNASKED = Status.VALUE, Status.NOT_REPORTED, Status.NOT_APPLICABLE
CAVEAT = "Reported contacts, not prevalence. A rise may mean better access to help."
EVERYBODY = (*PEOPLE, *TRAINED, *EXPIRED)
# Whose contacts each of the trained reads; nobody else reads any.
SEES = {
    "trained agency": {HEALTH},
    "trained coordinator": {HEALTH, COORD},
    "trained secretariat": {HEALTH, COORD, POLICE, ABROAD},
    "trained enforcement": {POLICE},
}
# Numbers that stand nowhere else, and who reads them. Two offices counted referrals: who sees both reads their sum.
COUNTED = ("P-SVC-1", "P-REF-1", "SPOT-4.1", "P-CAP-1")
_XAA = {"trained agency", "trained coordinator", "trained secretariat"}
PLANTED = {
    **dict.fromkeys((611, 733, 419), _XAA),
    87: {"trained agency"},
    1409: set[str](),
    1496: {"trained coordinator", "trained secretariat"},
    947: {"trained enforcement", "trained secretariat"},
    77: {"trained coordinator", "trained secretariat"},
}


@pytest.fixture(scope="module")
def built_indicators(built_contacts: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return indicator_world.build(built_contacts, tmp_path_factory.mktemp("indicators") / "data")


@pytest.fixture(scope="module")
def looked_at(built_indicators: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The filled world for tests that only read."""
    made = built_indicators.opened(tmp_path_factory.mktemp("looked-at") / "data")
    yield made
    made.house.close()


@pytest.fixture
def filled(built_indicators: Built, tmp_path: Path) -> Iterator[World]:
    """The filled world for a test that writes."""
    made = built_indicators.opened(tmp_path / "data")
    yield made
    made.house.close()


def series(world: World, code: str, country: str = "XAA", name: str = "secretariat", **more: Any) -> indicators.Series:
    return indicators.series(dated(world.viewer(name)), world.house, code, country=country, **more)


def listing(world: World, name: str = "secretariat", day: date = TODAY, **more: Any) -> indicators.Listing:
    return indicators.listing(dated(world.viewer(name), day), world.house, **more)


def card(found: indicators.Listing, code: str) -> indicators.Card:
    return next(c for c in (*found.cards, *found.silent) if c.indicator.code == code)


# --- one indicator ---


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
        ["Milestone", "Q4 2026", "500 persons", "", "short of it by 90"],
        ["Target", "Q4 2027", "800 persons", "", "short of it by 390"],
    ]
    assert list(agreed.statuses["value"]) == [VALUE, SILENT, VALUE, VALUE], "nobody reported for the second quarter"
    assert "note" not in agreed.frame, "a column in which nothing stands is left out"
    assert agreed.caveats == series(looked_at, "P-CAP-1").table.caveats


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


def test_a_sum_without_somebody_who_was_in_it_says_who(filled: World) -> None:
    assert not any("Not reported" in said for said in series(filled, "P-CAP-1").table.caveats)
    sent(filled, HEALTH, "2026-Q3", [value(HEALTH, "SDG-5.1.1", "2026-Q3", 52)])
    found = series(filled, "P-CAP-1")
    assert column(found.table)["2026-Q3"] == (320.0, VALUE)
    assert "Not reported for Q3 2026 by: XAA-HEALTH office." in found.table.caveats
    assert card(listing(filled, country="XAA"), "P-CAP-1").notes == ("Not reported for Q3 2026 by: XAA-HEALTH office.",)


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


def test_a_year_without_the_yearly_value_is_a_gap(filled: World) -> None:
    for period, number in (("2024-Q3", 2.5), ("2026-Q3", 3)):
        sent(filled, ABROAD, period, [value(ABROAD, "SPOT-2.B", period, number)])
    states = [status for _value, status in column(series(filled, "SPOT-2.B", "XBA").table).values()]
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


def test_what_a_later_file_changed_is_told_with_the_hand_that_changed_it(filled: World) -> None:
    (change,) = series(filled, "P-CAP-1").revisions
    assert (change.period, change.old, change.new, change.reported_by) == ("2026-Q3", 70, 90, "XAA-HEALTH office")
    sent(filled, HEALTH, "2026-Q3", [value(HEALTH, "SDG-5.1.1", "2026-Q3", 52)])
    newest, former = series(filled, "P-CAP-1").revisions
    assert (newest.old, newest.new, former.new) == (90, None, 90)
    assert newest.recorded_at > former.recorded_at
    told = indicator_tables.revisions(series(filled, "P-CAP-1")).frame
    assert told["after"].tolist() == ["taken back", "90 persons"] and told["before"].tolist() == [
        "90 persons",
        "70 persons",
    ]
    (agreed,) = series(filled, "SDG-5.1.1").revisions
    assert (agreed.old, agreed.new) == (48, 52)
    assert column(series(filled, "SDG-5.1.1").table)["2026-Q3"] == (52.0, VALUE), "now they agree"


def test_as_of_an_earlier_version_the_former_value_stands(filled: World) -> None:
    before = filled.house.store.head().version
    sent(filled, COORD, "2026-Q3", [value(COORD, "P-CAP-1", "2026-Q3", 500)])
    assert column(series(filled, "P-CAP-1").table)["2026-Q3"] == (590.0, VALUE)
    assert column(series(filled, "P-CAP-1", version=before).table)["2026-Q3"] == (410.0, VALUE)
    assert (
        len(series(filled, "P-CAP-1").revisions) == 2 and len(series(filled, "P-CAP-1", version=before).revisions) == 1
    )
    early = indicators.series(dated(filled.viewer("member"), date(2026, 7, 3)), filled.house, "P-CAP-1", country="XAA")
    assert max(early.table.frame.index) == "2026-Q2", "no quarter that had not ended by then"
    assert early.answer.startswith("200 persons in Q1 2026") and "Q2 2026" in early.answer, "the milestone of that day"


def test_milestones_are_those_agreed_last(filled: World) -> None:
    assert card(listing(filled), "P-CAP-1").goal and card(listing(filled), "P-CAP-1").standing == SHORT
    rows = [row for row in GOAL_ROWS if row["indicator_code"] != "P-CAP-1"]
    lower = [goal(COORD, "P-CAP-1", "milestone", "2026-Q4", 400), goal(COORD, "P-CAP-1", "target", "2026-Q4", 410)]
    data = table(filled.house, "milestones", [*rows, *lower])
    send(filled, "milestones", COORD, "2026-Q3", data, by="trained secretariat")
    found = card(listing(filled), "P-CAP-1")
    assert (found.standing, found.standing_words) == (REACHED, "at or past the milestone of 400 persons (Q4 2026)")
    assert [g.value for g in series(filled, "P-CAP-1").goals.all] == [400, 410]
    assert series(filled, "P-CAP-1").goals.baseline is None


def test_an_unknown_indicator_is_said(looked_at: World) -> None:
    with pytest.raises(KeyError):
        series(looked_at, "P-NONE-1")


# --- all indicators ---


def test_headlines_first_then_by_kind_and_like_stands_with_like(looked_at: World) -> None:
    found = listing(looked_at, "trained secretariat", country="XAA")
    assert found.headline
    assert [c.indicator.code for c in found.headline.cards] == ["P-SVC-3", "P-COO-1", "P-SVC-1", "P-CAP-1"]
    for group in (found.headline, *found.groups):
        kinds = {c.indicator.kind for c in group.cards}
        assert not {"survey", "administrative"} <= kinds
        assert not group.kind or kinds == {group.kind}
    assert [g.kind for g in found.groups] == ["institutional", "process", "legal", "survey", "administrative"]
    every = [c.indicator.code for c in (*found.cards, *found.silent)]
    assert sorted(every) == sorted(looked_at.house.library.indicators), "each indicator once"


def test_a_card_says_value_change_standing_and_caveat(looked_at: World) -> None:
    found = listing(looked_at, country="XAA")
    training = card(found, "P-CAP-1")
    assert (training.value, training.quarter, training.change) == ("410 persons", "Q3 2026", "up 210 on Q1 2026")
    assert training.standing_words == "short of the milestone of 500 persons (Q4 2026) by 90"
    survey = card(found, "SDG-5.2.1")
    assert survey.change == "down 3.1 points on Q3 2025" and survey.standing == SHORT
    assert [p for p, _cell in survey.points] == ["2025-Q3", "2026-Q3"], "nothing was due in between"
    assert survey.caveat.startswith("An estimate from a survey")
    assert found.answer == (
        "Asterland: of 3 indicators with a milestone or target, 0 are at or past it and 3 are short of it;"
        f" {len(found.silent)} have no data yet."
    )


def test_a_count_of_contacts_is_never_measured_and_keeps_its_caveat(looked_at: World) -> None:
    found = listing(looked_at, "trained secretariat", country="XAA")
    for one in found.cards:
        if one.indicator.administrative:
            assert (one.goal, one.standing, one.standing_words, one.caveat) == (None, "", "", CAVEAT)
    reports = card(found, "SPOT-4.1")
    assert reports.sentence == "733 reports in Q3 2026, 122 more than in Q1 2026."
    whole = series(looked_at, "SPOT-4.1", name="trained secretariat")
    assert whole.table.caveats[0] == CAVEAT and whole.answer.endswith(CAVEAT)
    assert (whole.goals.all, whole.standing) == ((), "") and whole.goals.baseline
    assert "short" not in whole.answer and "milestone" not in whole.reading
    assert CAVEAT in as_csv(whole.table)


def test_what_has_no_data_says_why(looked_at: World) -> None:
    found = listing(looked_at, country="XAA")
    reasons = {c.indicator.code: c.reason for c in found.silent}
    assert reasons["SPOT-2.X"] == "This indicator has no data source yet: no organisation has sent a value."
    assert reasons["P-SVC-2"] == "No organisation of Asterland has sent a value yet.", "it was sent for another country"
    assert "a register that marks who reports every quarter is needed" in reasons["P-REP-1"]
    assert all(c.reason == c.sentence and not c.value and not c.points for c in found.silent)


def test_the_country_is_the_viewers_own_unless_another_is_chosen(looked_at: World) -> None:
    assert listing(looked_at, "agency").country == "XAA"
    assert listing(looked_at, "foreign coordinator").country == "XBA"
    assert listing(looked_at, "agency", country="XBA").country_name == "Bravonia"
    assert listing(looked_at, "agency", country="XZZ").country == "XAA"
    assert listing(looked_at).country == "XAA", "the secretariat has none: the first by name"
    assert listing(looked_at).countries == (("XAA", "Asterland"), ("XBA", "Bravonia"))


def test_a_quarter_or_a_kind_can_be_chosen(looked_at: World) -> None:
    then = listing(looked_at, period="2026-Q1", country="XAA")
    assert (then.period, card(then, "P-CAP-1").value) == ("2026-Q1", "200 persons")
    assert not [c for c in then.cards if c.period > "2026-Q1"]
    for wrong in ("2031-Q1", "nonsense", "2026"):
        assert listing(looked_at, period=wrong, country="XAA").period == "2026-Q3"
    only = listing(looked_at, kind="survey", country="XAA")
    assert {c.indicator.kind for c in (*only.cards, *only.silent)} == {"survey"} and only.headline is None
    assert len(listing(looked_at, kind="nonsense").cards) == len(listing(looked_at).cards)
    assert then.quarters[0] == "2026-Q3" and len(then.quarters) == 12


def test_the_overview_takes_its_six(looked_at: World) -> None:
    found = indicators.headlines(dated(looked_at.viewer("member")), looked_at.house, country="XAA")
    assert [c.indicator.headline for c in found] == [1, 2, 3, 4, 5, 6]
    assert [bool(c.value) for c in found] == [True, True, False, False, False, True]


def test_the_same_figures_as_a_table(looked_at: World) -> None:
    found = listing(looked_at, country="XAA")
    for group in found.groups:
        assert group.table.frame["value"].tolist() == [c.value for c in group.cards]
        assert group.table.frame["caveat"].tolist() == [c.caveat for c in group.cards]
        assert group.table.statuses["value"].tolist() == [c.status for c in group.cards]


# --- every country ---


def test_countries_stand_side_by_side_on_one_scale(looked_at: World) -> None:
    found = indicators.comparison(dated(looked_at.viewer("member")), looked_at.house, "P-CAP-1")
    assert found
    assert [(p.country, p.value, p.quarter) for p in found.panels] == [
        ("XAA", "410 persons", "Q3 2026"),
        ("XBA", "12 persons", "Q3 2026"),
    ]
    assert (found.low, found.high, found.scale) == (0.0, 410.0, "0 persons to 410 persons")
    assert found.span == ("Q1 2026", "Q3 2026")
    assert column(found.table, "2026-Q2") == {"XAA": (None, SILENT), "XBA": (None, UNASKED)}
    shares = indicators.comparison(dated(looked_at.viewer("member")), looked_at.house, "P-SVC-3")
    assert shares and shares.high == 100


def test_no_country_is_compared_by_what_women_reported(looked_at: World) -> None:
    for code in ("SPOT-4.1", "P-SVC-1", "P-REF-1"):
        assert indicators.comparison(dated(looked_at.viewer("trained secretariat")), looked_at.house, code) is None


# --- who reads what ---


def everything(viewer: Viewer, house: House) -> str:
    """All that the reports hand this viewer, as text."""
    said: list[Any] = []

    def add(found: Table) -> None:
        said.extend(
            [as_csv(found), found.title, found.caveats, found.frame.to_dict("list"), found.statuses.to_dict("list")]
        )

    for country in ("XAA", "XBA"):
        found = indicators.listing(viewer, house, country=country)
        said += [
            found.answer,
            [(c.sentence, c.value, c.change, c.notes, c.points) for c in (*found.cards, *found.silent)],
        ]
        for group in (*([found.headline] if found.headline else []), *found.groups):
            add(group.table)
        for code in house.library.indicators:
            one = indicators.series(viewer, house, code, country=country)
            add(one.table)
            add(indicator_tables.goals(one))
            add(indicator_tables.revisions(one))
            said += [one.answer, one.finding, one.points, one.goals, one.revisions]
            for by in ("sector", "corridor", "organisation"):
                for period in ("2026-Q1", "2026-Q3") if code in COUNTED else ():
                    if code != "P-SVC-1" or by != "corridor":
                        add(indicators.breakdown(viewer, house, code, country=country, period=period, by=by))
            said += indicators.breakdowns(viewer, house, code, country=country)
            if compared := indicators.comparison(viewer, house, code):
                add(compared.table)
                said.append(compared.panels)
    return json.dumps(said, default=str)


def numbers(text: str) -> set[int]:
    import re

    return {int(n) for n in re.findall(r"(?<![\d.:-])\d+(?![\d:-])", text.replace(",", ""))}


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_reads_a_count_of_contacts_beyond_her_scope(looked_at: World, name: str) -> None:
    seen = numbers(everything(dated(looked_at.viewer(name)), looked_at.house)) & set(PLANTED)
    assert seen == {number for number, readers in PLANTED.items() if name in readers}


@pytest.mark.parametrize("name", EVERYBODY)
def test_where_there_is_no_number_it_is_said_why(looked_at: World, name: str) -> None:
    found = series(looked_at, "SPOT-4.1", name=name)
    states = {period: status for period, (_value, status) in column(found.table).items()}
    reads = HEALTH in SEES.get(name, ())
    knows = "enforcement" not in name
    assert found.open == reads
    if reads:
        assert states["2026-Q3"] == VALUE
    elif knows:
        assert states["2026-Q3"] == Status.NOT_RELEASED == states["2026-Q1"]
        assert card(listing(looked_at, name, country="XAA"), "SPOT-4.1").status == Status.NOT_RELEASED
    else:
        assert states == {}, "to an enforcement body, who reported is not told"
    if not reads:
        assert found.answer.startswith("Not released yet") and found.finding == "Not released yet"
        assert found.table.caveats[0] == CAVEAT and found.revisions == ()
        assert not found.table.frame["source"].any() and not found.table.frame["reported_by"].any()
    hidden = indicators.breakdown(
        dated(looked_at.viewer(name)), looked_at.house, "SPOT-4.1", country="XAA", period="2026-Q3", by="sector"
    )
    assert column(hidden) == ({"health": (419.0, VALUE)} if reads else {"all": (None, Status.NOT_RELEASED)})


def test_a_part_says_whose_it_is(looked_at: World) -> None:
    hers = series(looked_at, "SPOT-4.1", name="trained agency")
    assert any("XAA-HEALTH office alone" in said for said in hers.table.caveats)
    whole = series(looked_at, "SPOT-4.1", name="trained coordinator")
    assert not any("alone" in said for said in whole.table.caveats)


def test_an_enforcement_body_reads_what_was_published_and_its_own(looked_at: World) -> None:
    own = series(looked_at, "P-SVC-2", "XBA", "enforcement")
    assert column(own.table) == {"2026-Q3": (25.0, VALUE)}
    others = series(looked_at, "P-CAP-1", "XAA", "enforcement")
    assert others.table.frame.empty and others.answer == "Not released yet.", "no values were published yet"
    assert others.goals.all == ()
    assert any("what was published" in said for said in others.table.caveats)
    cards = listing(looked_at, "enforcement", country="XAA").cards
    assert card(listing(looked_at, "enforcement", country="XAA"), "P-CAP-1").status == Status.NOT_RELEASED
    assert {c.indicator.code for c in cards if c.value} == {"P-SVC-3", "P-COO-1", "P-COO-3", "P-COR-1", "P-SVC-4"}
    silent = listing(looked_at, "enforcement", country="XAA").silent
    assert {c.reason for c in silent} == {"Not released yet"}, "nothing is said of what she may not know"
    assert "are not released yet" in listing(looked_at, "enforcement", country="XAA").answer


def test_whoever_has_no_account_is_refused(looked_at: World) -> None:
    viewer, house = looked_at.viewer("anonymous"), looked_at.house
    for question in (
        lambda: indicators.listing(viewer, house),
        lambda: indicators.series(viewer, house, "P-CAP-1", country="XAA"),
        lambda: indicators.breakdown(viewer, house, "P-CAP-1", country="XAA", period="2026-Q3", by="sector"),
        lambda: indicators.breakdowns(viewer, house, "P-CAP-1", country="XAA"),
        lambda: indicators.comparison(viewer, house, "P-CAP-1"),
        lambda: indicators.countries(viewer, house),
        lambda: indicators.headlines(viewer, house, country="XAA"),
    ):
        with pytest.raises(Refused):
            question()


def test_what_was_expunged_is_in_no_memory(filled: World) -> None:
    viewer = dated(filled.viewer("trained secretariat"))
    rows = [value(HEALTH, "P-REF-1", "2026-Q2", 555)]
    wrong = sent(filled, HEALTH, "2026-Q2", rows)
    assert column(indicators.series(viewer, filled.house, "P-REF-1", country="XAA").table)["2026-Q2"] == (555.0, VALUE)
    listing(filled, "trained secretariat", country="XAA")
    version = filled.house.store.head().version
    submissions.expunge(filled.operator, filled.house, wrong, "A name stood in it.")
    for asked in (None, version):
        found = indicators.series(viewer, filled.house, "P-REF-1", country="XAA", version=asked)
        assert 555.0 not in found.table.frame["value"].tolist()


def test_a_part_of_the_actions_is_not_measured_by_the_goal_of_all(filled: World) -> None:
    due = (datetime.now(UTC).date() + timedelta(days=10)).isoformat()
    action = {
        "country": "XBA", "action_code": "XBA-1", "organisation_code": ABROAD, "title": "Sign the protocol",
        "changes_for_survivor": "She is asked once.", "lead": POLICE, "agreed_on": "2026-03-01", "due_on": due,
        "restricts_work_or_migration": "no",
    }  # fmt: skip
    send(filled, "actions", ABROAD, "2026-Q3", table(filled.house, "actions", [action]))
    aim = [goal(ABROAD, "P-COO-2", "milestone", "2028-Q4", 75)]
    send(filled, "milestones", ABROAD, "2026-Q3", table(filled.house, "milestones", aim))
    later = datetime.now(UTC).date() + timedelta(days=150)
    whole, part = (
        card(indicators.listing(dated(filled.viewer(name), later), filled.house, country="XBA"), "P-COO-2")
        for name in ("member", "enforcement")
    )
    assert (whole.value, whole.standing, whole.notes) == ("0\u00a0%", SHORT, ())
    assert (part.value, part.standing, part.goal) == ("0\u00a0%", "", None)
    assert part.notes == ("Of the actions that your own organisation leads or supports.",)
    viewer = dated(filled.viewer("enforcement"), later)
    assert indicators.series(viewer, filled.house, "P-COO-2", country="XBA").goals.all == ()
