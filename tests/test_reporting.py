"""Who reported for a quarter: expected by the register or by habit, on time or late, in review, returned or missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.intake import submissions
from dashboard.protection import policy
from dashboard.reports import reporting
from reporting_world import changed
from world import MEMBERS, World, send, table


@pytest.fixture
def expecting(world: World) -> World:
    """The register of XAA says that its ministry of health and its coordinating body report every quarter."""
    rows = [row | {"reports_quarterly": "yes"} for row in MEMBERS["XAA-COORD"]]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    return world


def of(found: reporting.Reporting) -> dict[str, str]:
    return {f.organisation_code: f.state for f in found.files if f.dataset == "service_coverage"}


def test_the_register_says_of_whom_coverage_is_expected(expecting: World) -> None:
    second = reporting.reporting(expecting.operator, expecting.house, period="2026-Q2")
    assert second.files == (), "the register of that quarter expected nobody"
    third = reporting.reporting(expecting.operator, expecting.house, period="2026-Q3")
    assert of(third) == {"XAA-COORD": "missing", "XAA-HEALTH": "submitted"}
    assert third.due_on == date(2026, 10, 30)
    submissions.accept(expecting.operator, expecting.house, expecting.sent["Q3 XAA-HEALTH"])
    assert of(reporting.reporting(expecting.operator, expecting.house, period="2026-Q3"))["XAA-HEALTH"] == "accepted"


def test_what_was_returned_is_not_received_yet(expecting: World) -> None:
    submissions.send_back(expecting.operator, expecting.house, expecting.sent["Q3 XAA-HEALTH"], "Mend row 3, please.")
    found = reporting.reporting(expecting.operator, expecting.house, period="2026-Q3", country="XAA")
    assert of(found) == {"XAA-COORD": "missing", "XAA-HEALTH": "returned"}
    mine = reporting.mine(expecting.viewer("agency"), expecting.house, period="2026-Q3")
    assert [(f.organisation_code, f.state) for f in mine] == [("XAA-HEALTH", "returned")]
    assert reporting.mine(expecting.viewer("member"), expecting.house, period="2026-Q3") == (), "she does not send"
    hers = reporting.mine(expecting.viewer("coordinator"), expecting.house, period="2026-Q3")
    assert [f.organisation_code for f in hers] == ["XAA-COORD"], "her own organisation's; of others she is told apart"


def test_late_is_after_the_days_that_the_schema_gives(expecting: World) -> None:
    def found(days: int) -> reporting.Expected:
        house = changed(expecting.house, due_days=days)
        files = reporting.reporting(expecting.operator, house, period="2026-Q3").files
        return next(f for f in files if f.organisation_code == "XAA-HEALTH")

    assert found(30).due_on == date(2026, 10, 30)
    assert found(100_000).standing == "review" and not found(100_000).late
    assert found(0).standing == "late" and found(0).late


def test_as_of_an_earlier_version(expecting: World) -> None:
    before = expecting.house.store.head().version
    submissions.accept(expecting.operator, expecting.house, expecting.sent["Q3 XAA-HEALTH"])
    then = reporting.reporting(expecting.operator, expecting.house, period="2026-Q3", version=before)
    assert of(then)["XAA-HEALTH"] == "submitted"


def test_an_enforcement_body_sees_its_own_line_and_the_public_none(expecting: World) -> None:
    found = reporting.reporting(expecting.viewer("enforcement"), expecting.house, period="2026-Q3")
    assert {f.organisation_code for f in found.files} <= {"XBA-POLICE"}
    with pytest.raises(policy.Refused):
        reporting.reporting(expecting.viewer("anonymous"), expecting.house, period="2026-Q3")
    gone = replace(expecting.viewer("member"), grants=())
    with pytest.raises(policy.Refused):
        reporting.reporting(gone, expecting.house, period="2026-Q3")


def test_the_days_are_told_as_they_are_and_not_as_the_last_of_them(expecting: World) -> None:
    """Most are due on one day; what has more time is named with its own."""
    found = reporting.reporting(expecting.operator, expecting.house, period="2026-Q3")
    assert found.due_words == "30 October 2026"
    later = replace(found.files[0], due_on=date(2026, 11, 14), title="Budget execution")
    assert (
        replace(found, files=(*found.files, later)).due_words == "30 October 2026; Budget execution: 14 November 2026"
    )
    assert replace(found, files=()).due_words == "30 October 2026", "of nothing, when it would have been due"
