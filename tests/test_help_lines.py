"""Which lines stand on the public page, and that one goes at once when its file no longer counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard.intake import submissions
from dashboard.publication import release
from dashboard.publication.help_lines import HelpLine, help_lines
from dashboard.reports import coverage
from public_world import Read
from test_release import current, page
from world import World, member, send, service, table

HEALTH = "XAA-HEALTH"
TODAY = datetime.now(UTC).date()


def line(**more: Any) -> dict[str, str]:
    """The row of a hotline that may be shown."""
    row = service(HEALTH, "SEED-9", contact_line="+999 42 42", contact_line_checked_on=TODAY.isoformat())
    return row | {"firewall": "yes", "firewall_evidence": "Instruction"} | more


# --- help lines ---


def lines(world: World, row: dict[str, str] | None, *, day: date = TODAY, period: str = "") -> list[HelpLine]:
    """The lines of a release on `day`, when this is what XAA-HEALTH reported."""
    if row is not None:
        from dashboard.reference import periods

        period = period or str(periods.last_ended(TODAY))
        send(world, "service_coverage", HEALTH, period, table(world.house, "service_coverage", [row]))
    return help_lines(world.house, day, world.house.store.head().figures)


def test_a_line_is_shown_while_its_confirmation_is_recent(world: World) -> None:
    found = lines(world, line(languages="vie|eng", hours="all_hours"))
    assert [(h.country, h.organisation, h.line, h.languages, h.hours, h.confirmed) for h in found] == [
        ("Asterland", "XAA-HEALTH office", "+999 42 42", "English and Vietnamese", "At all hours", TODAY)
    ]
    for days, shown in ((182, 1), (183, 1), (184, 0), (-1, 0)):
        assert len(lines(world, None, day=TODAY + timedelta(days=days))) == shown, days


@pytest.mark.parametrize(
    "row",
    [
        service(HEALTH, "SEED-9", "available"),
        line(firewall="", firewall_evidence=""),
        line(firewall="no", firewall_evidence=""),
        line(firewall="partly"),
        line(open_to_migrant_women="documented_only"),
        line(open_to_migrant_women="not_known"),
        line() | {"availability": "limited"},
        line() | {"contact_line_checked_on": (TODAY - timedelta(days=184)).isoformat()},
        line() | {"service_code": "SEED-1"},
        service(HEALTH, "SEED-9", "planned", open_to_migrant_women=""),
    ],
    ids=[
        "no line",
        "silent on firewall",
        "no firewall",
        "partly",
        "documented only",
        "not known",
        "limited",
        "stale",
        "another service",
        "planned",
    ],
)
def test_a_line_that_could_fail_a_woman_is_not_shown(world: World, row: dict[str, str]) -> None:
    assert lines(world, row) == []
    text = page(release.publish(world.operator, world.house))
    assert "+999 42 42" not in text and "At the moment none is confirmed here." in text


def test_a_line_of_which_little_is_known_is_shown_without_gaps(world: World) -> None:
    assert lines(world, line())[0].languages == lines(world, None)[0].hours == ""
    text = Read(page(release.publish(world.operator, world.house))).text
    assert "Asterland: +999 42 42 (XAA-HEALTH office). Confirmed" in text
    assert "nan" not in text.lower().split() and "None" not in text.split()


@pytest.mark.parametrize("who", ["XBA-POLICE", "XAA-NEW"], ids=["an enforcement body", "not in the register"])
def test_nobody_is_sent_to_whom_the_register_does_not_clear(world: World, who: str) -> None:
    row = line() | {"organisation_code": who, "country": who[:3]}
    register = [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-NEW", "GOV-SOC", "social")]
    there = send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", register))
    send(world, "service_coverage", who, "2026-Q3", table(world.house, "service_coverage", [row]))
    submissions.withdraw(world.operator, world.house, there, "wrong")
    assert who not in [h.organisation_code for h in lines(world, None)]
    assert "+999 42 42" not in page(release.publish(world.operator, world.house))


def test_a_line_is_published_only_while_it_lasts_until_the_next_release(world: World) -> None:
    """92 days after it was published it is still confirmed; one day more, and it was not published."""
    for days, published in ((91, True), (92, False)):
        checked = TODAY - timedelta(days=days)
        assert lines(world, line(contact_line_checked_on=checked.isoformat())), "confirmed for members all the same"
        assert ("+999 42 42" in page(release.publish(world.operator, world.house))) is published
        assert coverage.confirmed(checked, TODAY + timedelta(days=92)) is published


def test_the_page_promises_only_what_was_reported(world: World) -> None:
    text = Read(page(current(world))).text
    assert "does not matter" not in text and "expected" not in text
    assert "as open whatever the migration status and as passing nothing on to authorities." in text


def test_a_line_that_was_withdrawn_goes_with_the_next_release(world: World) -> None:
    assert "+999 000 0101" in page(current(world))
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "the line closed")
    assert "+999 000 0101" not in page(release.publish(world.operator, world.house))


def test_help_stands_first_and_the_way_out_before_it(world: World) -> None:
    text = page(current(world))
    assert text.index('class="leave"') < text.index('id="help"') < text.index("<h1>")


# --- a line whose file no longer counts ---


def replaced(world: World) -> None:
    """The same organisation's next statement, without its line."""
    data = table(world.house, "service_coverage", [service(HEALTH, "SEED-1")])
    send(world, "service_coverage", HEALTH, "2026-Q3", data)


def withdrawn(world: World) -> None:
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "the line closed")


def expunged(world: World) -> None:
    submissions.expunge(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "a private number")


@pytest.mark.parametrize("end", [replaced, withdrawn, expunged])
def test_a_line_goes_at_once_when_its_file_no_longer_counts(world: World, end: Any) -> None:
    before = current(world)
    assert "+999 000 0101" in page(before)
    end(world)
    assert release.follow(world.house) == ""
    after = page(current(world))
    assert current(world) != before and "+999 000 0101" not in after and "none is confirmed here" in after
    row = world.house.store.read("select * from release_now order by version desc limit 1")[0]
    assert (row["note"], row["by_account"], row["folder"]) == (release.LINE_WITHDRAWN, "operator", current(world).name)
    assert release.follow(world.house) == "" and current(world).name == row["folder"], "once is enough"


def test_nothing_else_is_published_with_it(world: World) -> None:
    """That a line goes releases no figure that nobody released."""
    first = world.house.store.read("select as_of_version from release_now")[0]["as_of_version"]
    replaced(world)
    release.follow(world.house)
    last = world.house.store.read("select as_of_version from release_now order by version desc limit 1")[0]
    assert last["as_of_version"] == first
    assert Read(page(current(world))).text.count("Not offered by those who reported") > 1, "SEED-2, as it was released"


def test_a_line_that_still_stands_stays(world: World) -> None:
    before = current(world)
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])  # it says the same line again
    assert release.follow(world.house) == "" and current(world) == before


def test_a_line_of_which_the_source_is_lost_goes(world: World) -> None:
    before = current(world)
    beside = before.with_name(f"{before.name}.sources.json")
    assert "submission_id" in beside.read_text() and not list(before.glob("*.json")), "beside the folder, not in it"
    beside.unlink()
    release.follow(world.house)
    assert "+999 000 0101" not in page(current(world))


def test_current_follows_the_record_after_a_crash(world: World) -> None:
    """Killed between the row and the swap: the next start shows what was released."""
    releases, first = world.house.settings.releases, current(world)
    second = release.publish(world.operator, world.house)
    for left in (first.name, "nowhere"):
        (releases / "current").unlink()
        (releases / "current").symlink_to(left)
        assert release.follow(world.house) == "" and current(world) == second
    (releases / "current").unlink()
    assert release.follow(world.house) == "" and current(world) == second
    second.rename(second.with_name("moved"))
    assert second.name in release.follow(world.house)


def test_before_the_first_release_there_is_nothing_to_follow(house: Any) -> None:
    assert release.follow(house) == "" and not (house.settings.releases / "current").exists()
