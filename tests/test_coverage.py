"""What coverage answers: who offers what to whom, on which side, as known when, and what nobody has said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection.policy import Refused, Viewer
from dashboard.publication import release
from dashboard.record.house import open_house
from dashboard.reference.table import Status, Table
from dashboard.reports import coverage, places
from world import World, build, member, send, service, table

TODAY = date(2026, 11, 1)
FRESH, STALE = (TODAY - timedelta(days=10)).isoformat(), (TODAY - timedelta(days=184)).isoformat()
CODES = {
    "countries": "# replaces\ncode,title,source,verified,check_at\nXAA,Asterland,invented,no,nowhere\n"
    "XBA,Bravonia,invented,no,nowhere\nXCA,Castoria,invented,no,nowhere\n",
    "corridors": "# replaces\ncode,title,source,verified,check_at,valid_to,origin,destination,main_sectors,figure,"
    "figure_unit,figure_sex,figure_period\n"
    "XAA-XBA,Asterland to Bravonia,invented,no,nowhere,,XAA,XBA,,,,,\n"
    "XBA-XCA,Bravonia to Castoria,invented,no,nowhere,,XBA,XCA,,,,,\n"
    "XCA-XAA,Closed,invented,no,nowhere,2026-03-31,XCA,XAA,,,,,\n",
}
LIMITED = {"open_to_migrant_women": "documented_only"}


def dated(viewer: Viewer, day: date = TODAY) -> Viewer:
    return replace(viewer, today=day)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small world, with a third country, a second provider in two of them, and a quarter half reported."""
    settings = Settings(data=tmp_path_factory.mktemp("coverage") / "data", min_free_bytes=0)
    (settings.overlay / "codes").mkdir(parents=True)
    for name, body in CODES.items():
        (settings.overlay / "codes" / f"{name}.csv").write_text(body, encoding="utf-8")
    house = open_house(settings)
    world = build(house)
    register = [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-HEALTH", "GOV-HEA", "health"),
                member("XAA-SOCIAL", "GOV-SOC", "social")]  # fmt: skip
    send(world, "members", "XAA-COORD", "2026-Q3", table(house, "members", register))
    files = {
        ("XAA-SOCIAL", "2026-Q2"): [
            service("XAA-SOCIAL", "SEED-1", "planned", open_to_migrant_women=""),
            service("XAA-SOCIAL", "SEED-2", "limited", **LIMITED),
            service("XAA-SOCIAL", "SEED-3", "not_known"),
            service("XAA-SOCIAL", "ESP-H1"),
        ],
        ("XBA-POLICE", "2026-Q2"): [
            service("XBA-POLICE", "SEED-7", "limited", open_to_migrant_women="nationals_only"),
            service("XBA-POLICE", "SEED-9", contact_line="112", contact_line_checked_on=FRESH),
        ],
        ("XBA-UNION", "2026-Q2"): [
            service("XBA-UNION", "SEED-1"),
            service("XBA-UNION", "SEED-3", "not_available"),
            service("XBA-UNION", "SEED-9", contact_line="+999 22 33", contact_line_checked_on=STALE, areas="North"),
        ],
        ("XAA-HEALTH", "2026-Q3"): [
            service("XAA-HEALTH", "SEED-1", open_to_migrant_women="not_known"),
            service("XAA-HEALTH", "SEED-9", contact_line="+999 000 0101", contact_line_checked_on=FRESH),
        ],
    }
    for (organisation, period), rows in files.items():
        send(world, "service_coverage", organisation, period, table(house, "service_coverage", rows))
    yield world
    house.close()


def cell(found: coverage.Coverage, service: str, column: str) -> tuple[str, Status]:
    return found.matrix.frame.loc[service, column], Status(found.matrix.statuses.loc[service, column])


def counted(found: coverage.Coverage, country: str, side: str) -> dict[str, int]:
    frame = found.counts.frame
    row = frame[(frame["country"] == country) & (frame["side"] == places.SIDES[side])].iloc[0]
    return {name: int(row[name]) for name in (*coverage.STATES, "not_reported")}


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
    assert "Of 51 service-and-country pairs" in found.answer, "three countries with 17 services, not four"
    assert "not offered by those who reported: 1; not reported on: 43." in found.answer


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
        assert found.sides == {"origin": ["XAA", "XBA"], "destination": ["XBA", "XCA"]} and "Of 51 " in found.answer


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


# --- who offers it ---


def shown(found: Table, column: str) -> list[tuple[str, Status]]:
    return [(found.frame.loc[i, column], Status(found.statuses.loc[i, column])) for i in found.frame.index]


def test_who_offers_a_service(rich: World) -> None:
    viewer = dated(rich.viewer("member"))
    found = coverage.providers(viewer, rich.house, service="SEED-9", country="XBA", period="2026-Q3")
    assert sorted(found.frame["organisation_code"]) == [
        "XBA-POLICE office (XBA-POLICE)",
        "XBA-UNION office (XBA-UNION)",
    ]
    assert set(found.frame["reported_in"]) == {"Q2 2026"}
    assert "country" not in found.frame and "contact_line_checked_on" not in found.frame
    assert shown(found, "contact_line") == [("112", Status.VALUE), ("", Status.NOT_VERIFIED)]
    assert shown(found, "areas")[1] == ("North", Status.VALUE) and shown(found, "areas")[0][1] is Status.NOT_REPORTED
    assert found.frame["availability"].tolist() == ["Available"] * 2, "words, no codes"
    empty = coverage.providers(viewer, rich.house, service="SEED-17", country="XCA", period="2026-Q3")
    assert empty.frame.empty


def test_what_a_row_must_leave_empty_was_not_forgotten(rich: World) -> None:
    viewer = dated(rich.operator)
    gone = coverage.providers(viewer, rich.house, service="SEED-3", country="XBA", period="2026-Q2")
    for column in ("hours", "open_to_migrant_women", "contact_line"):
        assert shown(gone, column) == [("", Status.NOT_APPLICABLE)], column
    assert shown(gone, "languages") == [("", Status.NOT_REPORTED)]
    works = coverage.providers(viewer, rich.house, service="SEED-1", country="XBA", period="2026-Q2")
    assert shown(works, "hours") == [("", Status.NOT_REPORTED)]


def test_a_name_that_nobody_checked_says_so_wherever_it_stands(rich: World) -> None:
    codes = rich.house.library.codes["services"]
    unchecked = next(c for c in codes.where(framework="ESP-2015") if not c.verified)
    found = coverage.providers(
        dated(rich.operator), rich.house, service=unchecked.code, country="XAA", period="2026-Q2"
    )
    assert found.title.startswith(f"{unchecked.title} (not verified) in Asterland")
    assert coverage.named(codes.get("SEED-1")) == codes.title("SEED-1")  # type: ignore[arg-type]


def test_a_line_goes_stale_by_itself(rich: World) -> None:
    for day, verified in ((TODAY, True), (TODAY + timedelta(days=173), True), (TODAY + timedelta(days=174), False)):
        found = coverage.providers(
            dated(rich.operator, day), rich.house, service="SEED-9", country="XAA", period="2026-Q3"
        )
        assert shown(found, "contact_line") == [
            ("+999 000 0101", Status.VALUE) if verified else ("", Status.NOT_VERIFIED)
        ]


# --- what an enforcement body sees ---


def test_an_enforcement_body_reads_what_was_published_and_is_told_so(rich: World) -> None:
    viewer = dated(rich.viewer("enforcement"))
    found = coverage.coverage(viewer, rich.house, period="2026-Q2")
    assert cell(found, "SEED-9", "destination:XBA")[0] == "planned", "as in the release, before its own last file"
    assert cell(found, "SEED-2", "origin:XAA")[0] == "none", "not what came after the release"
    assert found.late == () and coverage.reported_periods(viewer, rich.house) == ["2026-Q2"]
    for told in (found.matrix.caveats, found.counts.caveats):
        assert any("what was published" in sentence for sentence in told)
    member_caveats = coverage.coverage(dated(rich.viewer("member")), rich.house).matrix.caveats
    assert not any("what was published" in sentence for sentence in member_caveats)


def test_an_enforcement_body_sees_its_own_rows_as_they_are_now_and_no_line(rich: World) -> None:
    viewer = dated(rich.viewer("enforcement"))
    own = coverage.providers(viewer, rich.house, service="SEED-9", country="XBA", period="2026-Q3")
    assert own.frame["organisation_code"].tolist() == ["XBA-POLICE office (XBA-POLICE)"]
    assert own.frame["availability"].tolist() == ["Available"]
    for place in ("XAA", "XBA"):
        for code in ("SEED-1", "SEED-7", "SEED-9"):
            found = coverage.providers(viewer, rich.house, service=code, country=place, period="2026-Q3")
            assert "contact_line" not in found.frame
            assert all("XBA-POLICE" in name for name in found.frame["organisation_code"])


def test_an_enforcement_body_chooses_no_quarter_and_no_framework_that_was_not_published(world: World) -> None:
    """What was accepted before the release and not shown in it is not to be had by asking for it."""
    data = table(world.house, "service_coverage", [service("XAA-HEALTH", "ESP-H1")])
    send(world, "service_coverage", "XAA-HEALTH", "2026-Q4", data)
    release.publish(world.operator, world.house)
    viewer, house = world.viewer("enforcement"), world.house
    published = coverage.coverage(world.operator, house).period
    for day in (viewer.today, viewer.today + timedelta(days=200)):
        viewer = dated(viewer, day)
        found = coverage.coverage(viewer, house, period="2026-Q4", framework="ESP-2015")
        assert found.period == published == "2026-Q2" and coverage.reported_periods(viewer, house) == [published]
        assert "SEED-1" in found.matrix.frame.index and "ESP-H1" not in found.matrix.frame.index
        assert [code for code, _title in coverage.frameworks(viewer, house)] == ["SEED-2020"]


def test_a_release_shows_an_enforcement_body_what_it_holds(world: World) -> None:
    viewer, house = world.viewer("enforcement"), world.house
    submissions.accept(world.operator, house, world.sent["Q3 XAA-HEALTH"])
    assert cell(coverage.coverage(viewer, house), "SEED-3", "origin:XAA")[1] is Status.NOT_REPORTED
    release.publish(world.operator, house)
    assert cell(coverage.coverage(viewer, house), "SEED-3", "origin:XAA")[0] == "planned"


def test_nobody_reads_coverage_without_an_account(rich: World) -> None:
    viewer = rich.viewer("anonymous")
    with pytest.raises(Refused):
        coverage.coverage(viewer, rich.house)
    with pytest.raises(Refused):
        coverage.providers(viewer, rich.house, service="SEED-9", country="XAA", period="2026-Q3")
    with pytest.raises(Refused):
        coverage.reported_periods(viewer, rich.house)
