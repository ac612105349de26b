"""What coverage answers: who offers what to whom, on which side, as known when, and what nobody has said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from coverage_world import TODAY, cell, counted, dated, rich_world
from dashboard.intake import submissions
from dashboard.reference.table import Status
from dashboard.reports import coverage
from world import MEMBERS, World, send, service, table


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = rich_world(tmp_path_factory.mktemp("coverage") / "data")
    yield made
    made.house.close()


# --- the rules, one by one ---


@pytest.mark.parametrize(
    ("availability", "eligibility", "found"),
    [
        ("available", "whatever_status", "open"),
        ("available", "documented_only", "restricted"),
        ("available", "nationals_only", "restricted"),
        ("available", "not_known", "restricted"),
        ("available", None, "restricted"),
        ("limited", "whatever_status", "restricted"),
        ("limited", "nationals_only", "restricted"),
        ("planned", None, "planned"),
        ("planned", "whatever_status", "planned"),
        ("not_available", None, "none"),
        ("not_known", None, "not_known"),
        (None, "whatever_status", "not_known"),
        ("something new", "whatever_status", "not_known"),
    ],
)
def test_the_state_of_one_provider(availability: str | None, eligibility: str | None, found: str) -> None:
    assert coverage.state(availability, eligibility) == found


@pytest.mark.parametrize(
    ("states", "found"),
    [
        (["none", "open"], "open"), (["planned", "restricted", "none"], "restricted"), (["none", "planned"], "planned"),
        (["not_known", "none"], "not_known"), (["not_known"], "not_known"), ([], ""),
    ],
)  # fmt: skip
def test_a_service_is_what_its_best_provider_offers(states: list[str], found: str) -> None:
    assert coverage.best(states) == coverage.best(reversed(states)) == found


@pytest.mark.parametrize(
    ("days", "counts"), [(-1, False), (0, True), (1, True), (183, True), (184, False), (4000, False)]
)
def test_how_long_a_line_counts_as_confirmed(days: int, counts: bool) -> None:
    assert coverage.confirmed(TODAY - timedelta(days=days), TODAY) is counts


def test_a_line_without_a_date_is_not_confirmed() -> None:
    import pandas as pd

    assert not any(coverage.confirmed(nothing, TODAY) for nothing in (None, pd.NaT, float("nan")))
    assert coverage.confirmed(pd.Timestamp(TODAY), TODAY)


# --- the matrix ---


def test_every_cell_says_what_was_reported_or_that_nobody_did(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2")
    assert found.period == "2026-Q2" and found.late == ()
    assert [c.name for c in found.matrix.columns] == [
        "service", "sector", "origin:XAA", "origin:XBA", "destination:XBA", "destination:XCA",
    ]  # fmt: skip
    assert len(found.matrix.frame) == 17
    asterland = {s: cell(found, s, "origin:XAA")[0] for s in ("SEED-1", "SEED-2", "SEED-3", "SEED-9", "SEED-4")}
    assert asterland == {
        "SEED-1": "open",
        "SEED-2": "restricted",
        "SEED-3": "not_known",
        "SEED-9": "open",
        "SEED-4": "",
    }
    assert cell(found, "SEED-3", "destination:XBA") == ("none", Status.VALUE), "reported as not available"
    assert cell(found, "SEED-4", "destination:XBA") == ("", Status.NOT_REPORTED), "nobody reported on it"
    assert {cell(found, s, "destination:XCA") for s in found.matrix.frame.index} == {("", Status.NOT_REPORTED)}
    assert cell(found, "SEED-1", "service")[1] is Status.VALUE


def test_counts_add_up_and_zero_is_zero(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2")
    assert counted(found, "Asterland", "origin") == {
        "open": 2, "restricted": 1, "planned": 0, "none": 0, "not_known": 1, "not_reported": 13,
    }  # fmt: skip
    frame, marked = found.counts.frame, found.counts.statuses
    numbers = [*coverage.STATES, "not_reported"]
    assert (frame[numbers].sum(axis=1) == 17).all()
    assert all((marked.loc[i, n] == Status.ZERO) == (frame.loc[i, n] == 0) for i in frame.index for n in numbers), (
        "0 is a value"
    )


def test_a_country_on_both_sides_is_the_same_on_both_and_counted_once(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2")
    assert found.sides == {"origin": ["XAA", "XBA"], "destination": ["XBA", "XCA"]}
    assert list(found.matrix.frame["origin:XBA"]) == list(found.matrix.frame["destination:XBA"])
    assert counted(found, "Bravonia", "origin") == counted(found, "Bravonia", "destination")
    assert found.answer == (
        "0 of 17 services are reported as open to women migrant workers whatever their status in every country shown;"
        " not offered somewhere: 1; not reported on somewhere: 17."
    )


def test_a_country_that_was_chosen_is_shown_alone(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", country="XAA")
    assert found.sides == {"origin": ["XAA"], "destination": []}
    assert list(found.counts.frame["country"]) == ["Asterland"]
    assert found.answer.startswith("2 of 17 services are reported as open") and "not reported on: 13." in found.answer
    unknown = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", country="XYZ")
    assert unknown.sides == {"origin": ["XAA", "XBA"], "destination": ["XBA", "XCA"]}


def test_one_corridor_and_its_two_ends(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", corridor="XAA-XBA")
    assert found.sides == {"origin": ["XAA"], "destination": ["XBA"]}
    assert found.answer.startswith("2 of 17 services are reported as open"), found.answer
    assert found.finding == "Every country that reported has 2 services that are open whatever the status"
    third = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q3", corridor="XAA-XBA")
    assert third.finding == "Bravonia reports 2 services open whatever the status, Asterland 1"


def test_a_country_that_said_nothing_is_named_and_not_compared(rich: World) -> None:
    """Of Castoria nobody reported: that is silence, and not the fewest services."""
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q3")
    assert found.finding == (
        "Bravonia reports 2 services open whatever the status, Asterland 1; Castoria has not reported"
    )
    one = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", corridor="XBA-XCA")
    assert one.finding == "Bravonia reports 2 services open whatever the status; Castoria has not reported"
    single = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", framework="ESP-2015")
    assert single.finding == (
        "Asterland reports 1 service open whatever the status; Bravonia and Castoria have not reported"
    )


def test_it_says_how_many_open_services_pass_nothing_on(rich: World, world: World) -> None:
    pair = "it is reported for {} that nothing is passed on to authorities."
    found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2")
    said = f"Of 4 service-and-country pairs reported as open whatever the status, {pair.format(1)}"
    assert said in found.matrix.caveats and said in found.counts.caveats
    safe = coverage.coverage(dated(world.operator), world.house, period="2026-Q2").matrix.caveats
    assert any("Of 2 service-and-country pairs" in c and pair.format(1) in c for c in safe)


def test_the_table_says_for_which_quarter_it_is(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house)
    assert found.matrix.period == found.counts.period == "Q3 2026"


def test_a_corridor_that_is_none_counts_as_none_chosen(rich: World) -> None:
    for corridor in ("XXX-YYY", "' or 1=1", "XAA"):
        found = coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2", corridor=corridor)
        assert found.sides == {"origin": ["XAA", "XBA"], "destination": ["XBA", "XCA"]}
        assert "in every country shown" in found.answer


def test_a_corridor_is_shown_while_it_was_tracked(rich: World) -> None:
    assert coverage.coverage(dated(rich.operator), rich.house, period="2026-Q1").sides["origin"] == [
        "XAA",
        "XBA",
        "XCA",
    ]
    assert coverage.coverage(dated(rich.operator), rich.house, period="2026-Q2").sides["origin"] == ["XAA", "XBA"]


# --- quarters ---


def test_what_was_said_last_is_carried_over_and_said_to_be_late(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house)
    assert found.period == "2026-Q3", "the newest quarter that anybody reported for"
    assert found.late == ("XAA-SOCIAL office", "XBA-POLICE office", "XBA-UNION office")
    asterland = {s: cell(found, s, "origin:XAA")[0] for s in ("SEED-1", "SEED-2", "SEED-3")}
    assert asterland == {"SEED-1": "restricted", "SEED-2": "restricted", "SEED-3": "not_known"}
    assert cell(found, "SEED-1", "destination:XBA")[0] == "open", "carried over from Q2"
    later = dated(rich.operator, date(2027, 8, 1))
    year = coverage.coverage(later, rich.house, period="2027-Q2")
    assert year.late == ("XAA-HEALTH office",), "what is older than a year is no longer what we know"
    assert coverage.coverage(dated(rich.operator), rich.house, period="2026-Q4").late == (), (
        "nobody is late before its end"
    )


def test_only_those_whose_reports_are_shown_are_late(rich: World) -> None:
    viewer = dated(rich.operator)
    assert coverage.coverage(viewer, rich.house, corridor="XBA-XCA").late == ("XBA-POLICE office", "XBA-UNION office")
    assert coverage.coverage(viewer, rich.house, framework="ESP-2015").late == ("XAA-SOCIAL office",)


def test_a_figure_says_which_older_reports_it_counts(world: World) -> None:
    """Also of whoever waits for review: until the new report is accepted, the old one is what is counted."""
    found = coverage.coverage(dated(world.operator), world.house, period="2026-Q3")
    carried = (
        "Counts earlier reports, because none was accepted for Q3 2026 yet, of:"
        " XAA-HEALTH office (Q2 2026; a newer one waits for review), XBA-POLICE office (Q2 2026)."
    )
    assert found.counts.caveats[0] == carried == found.matrix.caveats[0], "first, and wherever the figures go"
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    after = coverage.coverage(dated(world.operator), world.house, period="2026-Q3").counts.caveats[0]
    assert "XAA-HEALTH" not in after and "XBA-POLICE office (Q2 2026)" in after
    former = coverage.coverage(dated(world.operator), world.house, period="2026-Q2").counts.caveats
    assert not any(caveat.startswith("Counts earlier reports") for caveat in former)


def test_whoever_waits_for_review_is_not_late(world: World) -> None:
    """XAA-HEALTH has sent its third quarter; that nobody has reviewed it is not its fault."""
    found = coverage.coverage(dated(world.operator), world.house, period="2026-Q3")
    assert found.late == ("XBA-POLICE office",) and cell(found, "SEED-1", "origin:XAA")[0] == "open"
    submissions.send_back(world.operator, world.house, world.sent["Q3 XAA-HEALTH"], "mend row 2")
    later = coverage.coverage(dated(world.operator), world.house, period="2026-Q3")
    assert later.late == ("XAA-HEALTH office", "XBA-POLICE office")


def test_a_quarter_that_has_not_ended_is_not_shown_unasked(world: World) -> None:
    data = table(
        world.house, "service_coverage", [service("XAA-HEALTH", "SEED-1", "planned", open_to_migrant_women="")]
    )
    send(world, "service_coverage", "XAA-HEALTH", "2026-Q4", data)
    viewer = dated(world.operator)
    assert coverage.default_period(viewer, world.house) == coverage.coverage(viewer, world.house).period == "2026-Q2"
    assert coverage.reported_periods(viewer, world.house) == ["2026-Q4", "2026-Q2"], "but it can be chosen"
    assert coverage.default_period(dated(viewer, date(2027, 1, 1)), world.house) == "2026-Q4"


def test_reported_quarters_newest_first(rich: World) -> None:
    assert coverage.reported_periods(dated(rich.operator), rich.house) == ["2026-Q3", "2026-Q2"]


def test_a_quarter_that_is_none(rich: World) -> None:
    for period in ("2026", "Q2 2026", "x"):
        with pytest.raises(ValueError, match="not a quarter"):
            coverage.coverage(rich.operator, rich.house, period=period)
        with pytest.raises(ValueError, match="not a quarter"):
            coverage.providers(rich.operator, rich.house, service="SEED-1", country="XAA", period=period)


def test_before_anybody_reported(house: object) -> None:
    from dashboard.protection import policy

    viewer = policy.operator(TODAY)
    found = coverage.coverage(viewer, house)  # type: ignore[arg-type]
    assert found.period == "2026-Q3", "the quarter that ended last"
    assert found.answer == "No coverage has been reported yet." and found.late == ()
    assert set(found.counts.frame["open"]) == {0} and set(found.counts.frame["not_reported"]) == {17}


# --- frameworks ---


def test_frameworks_the_default_first_and_the_empty_one_left_out(rich: World) -> None:
    assert [code for code, _title in coverage.frameworks(dated(rich.operator), rich.house)] == ["SEED-2020", "ESP-2015"]
    for asked in ("", "SF-16E-2019", "nothing"):
        found = coverage.coverage(dated(rich.operator), rich.house, framework=asked)
        assert list(found.matrix.frame.index) == [f"SEED-{n}" for n in range(1, 18)]


def test_a_framework_whose_names_nobody_checked_is_marked_so(rich: World) -> None:
    found = coverage.coverage(dated(rich.operator), rich.house, framework="ESP-2015", period="2026-Q2")
    services = rich.house.library.codes["services"].where(framework="ESP-2015")
    assert list(found.matrix.frame.index) == [s.code for s in services]
    assert not any(code.startswith("SEED") for code in found.matrix.frame.index)
    marked = {code: Status(found.matrix.statuses.loc[code, "service"]) for code in found.matrix.frame.index}
    assert marked == {s.code: Status.VALUE if s.verified else Status.NOT_VERIFIED for s in services}
    assert Status.NOT_VERIFIED in marked.values()
    assert cell(found, "ESP-H1", "origin:XAA") == ("open", Status.VALUE)
    assert counted(found, "Asterland", "origin")["open"] == 1


# --- as it stood ---


def test_as_of_a_version_before_and_after(world: World) -> None:
    """The answer of an earlier meeting stays what it was, whatever is accepted, replaced or withdrawn since."""
    house, viewer, found = world.house, world.operator, world.sent["Q3 XAA-HEALTH"]
    before = house.store.head().version

    def at(version: int | None) -> tuple[str, str, str]:
        shown = coverage.coverage(viewer, house, version=version)
        return shown.period, cell(shown, "SEED-2", "origin:XAA")[0], cell(shown, "SEED-3", "origin:XAA")[0]

    first = at(None)
    assert first == ("2026-Q2", "none", "")
    submissions.accept(world.operator, house, found)
    accepted = house.store.head().version
    assert at(None) == at(accepted) == ("2026-Q3", "none", "planned")
    assert at(before) == first, "also the quarter that is shown when nobody names one"
    submissions.withdraw(world.operator, house, found, "wrong")
    assert at(None) == first and at(accepted) == ("2026-Q3", "none", "planned")
    stamped = coverage.coverage(viewer, house, version=accepted).matrix.as_of
    assert stamped.version == accepted and stamped.recorded_at is not None
    assert at(0)[1:] == ("", "")


def test_of_one_name_in_two_countries_each_is_named_with_its_own(world: World) -> None:
    """Where both countries are in view; beside one country its name would say nothing new."""
    for code in ("XAA-COORD", "XBA-COORD"):
        rows = [row | {"organisation_name": "Ministry of Health"} for row in MEMBERS[code]]
        send(world, "members", code, "2026-Q4", table(world.house, "members", rows))
    both = coverage.coverage(dated(world.operator), world.house, period="2026-Q3")
    said = "of: Ministry of Health (Asterland, Q2 2026; a newer one waits for review), Ministry of Health (Bravonia, Q2"
    assert said in both.counts.caveats[0]
    assert both.late == ("Ministry of Health (Bravonia)",)
    one = coverage.coverage(dated(world.operator), world.house, period="2026-Q3", country="XBA")
    assert "of: Ministry of Health (Q2 2026)." in one.counts.caveats[0] and one.late == ("Ministry of Health",)
