"""All indicators of a country, and one in every country: like stands with like, and no count is judged."""

from __future__ import annotations

from dashboard.publication.files import as_csv
from dashboard.reference.table import Status
from dashboard.reports import indicators
from dashboard.reports.indicator_goals import SHORT
from indicator_world import (
    card,
    column,
    dated,
    listing,
    series,
)
from world import World

VALUE, SILENT, UNASKED = Status.VALUE, Status.NOT_REPORTED, Status.NOT_APPLICABLE
CAVEAT = "Reported contacts, not prevalence: most violence is never reported. A rise may mean better access to help."


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
    assert listing(looked_at).country == "XBA", "the secretariat has none: the largest mechanism"
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
    assert shares and shares.high == max(c.value or 0 for p in shares.panels for _period, c in p.points) < 100, (
        "a line of small shares is no line at the foot of a hundred per cent"
    )


def test_what_a_count_is_read_beside_says_whether_women_could_report(looked_at: World) -> None:
    """Low reporting is looked into (R69): figures of services and surveys, never a count, for the untrained too."""
    for name in ("trained coordinator", "member"):
        told = indicators.beside(dated(looked_at.viewer(name)), looked_at.house, "P-SVC-1", country="XAA")
        assert told and all(c.value and not c.indicator.administrative for c in told)
        assert [c.indicator.code for c in told] == [
            code for code in looked_at.house.library.indicators["P-SVC-1"].read_beside if code in {"P-SVC-3", "P-SVC-4"}
        ]
    assert indicators.beside(dated(looked_at.viewer("member")), looked_at.house, "P-CAP-1", country="XAA") == ()


def test_no_country_is_compared_by_what_women_reported(looked_at: World) -> None:
    for code in ("SPOT-4.1", "P-SVC-1", "P-REF-1"):
        assert indicators.comparison(dated(looked_at.viewer("trained secretariat")), looked_at.house, code) is None
