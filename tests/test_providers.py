"""Who offers a service, with which status in each cell, and how much of coverage an enforcement body sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from coverage_world import TODAY, cell, dated, rich_world, shown
from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reference.table import Status
from dashboard.reports import coverage
from world import World, send, service, table


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = rich_world(tmp_path_factory.mktemp("coverage") / "data")
    yield made
    made.house.close()


# --- who offers it ---


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


def test_the_past_shows_what_stood_then_and_no_number_to_call(world: World) -> None:
    """A line of an earlier day may be wrong today, and a wrong number can hurt."""
    before = world.house.store.head().version
    asked = {"service": "SEED-9", "country": "XAA", "period": "2026-Q2"}
    now = coverage.providers(world.operator, world.house, **asked)
    then = coverage.providers(world.operator, world.house, version=before, **asked)
    assert "contact_line" in now.frame and "contact_line" not in then.frame and len(then.frame) == len(now.frame) == 1
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "Wrong file, sorry.")
    assert coverage.providers(world.operator, world.house, **asked).frame.empty
    assert len(coverage.providers(world.operator, world.house, version=before, **asked).frame) == 1
