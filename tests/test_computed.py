"""Indicators that are counted from other reports: the right shares, of the right quarter, for whoever may read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import contacts_world
from action_world import agreed, change
from contacts_world import Q1, Q2
from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection.policy import Viewer
from dashboard.record.house import open_house
from dashboard.reference import library, periods
from dashboard.reference.table import Status
from dashboard.reports import actions, computed, contacts, indicator_reading
from dashboard.reports.indicator_cells import Found
from world import World, lay_overlay, member, send, service, table

TODAY = date(2026, 11, 2)
Q3 = "2026-Q3"
OURS = library.load().indicators


def found(
    world: World, computation: str, country: str, viewer: Viewer | None = None, version: int | None = None
) -> Found:
    indicator = next(i for i in OURS.values() if i.computed == computation)
    reading = indicator_reading.reading(viewer or replace(world.operator, today=TODAY), world.house, version)
    return computed.found(reading, indicator, country)


def parts(known: Found) -> dict[str, tuple[float | None, float | None]]:
    return {period: (cell.numerator, cell.denominator) for period, cell in known.cells.items()}


def test_every_computation_of_an_indicator_is_there_and_says_its_source() -> None:
    named = {i.computed for i in OURS.values() if i.computed}
    assert named == set(computed.SOURCES)


# --- services, corridors and seats ---


def test_services_open_to_all_are_those_of_the_default_framework(world: World) -> None:
    known = found(world, "services-open", "XAA")
    assert parts(known) == {"2026-Q2": (2, 17), Q3: (2, 17)}, "a report holds for the quarters after it"
    assert known.cells[Q3].value == pytest.approx(11.76)
    assert parts(found(world, "services-open", "XBA")) == {"2026-Q2": (0, 17), Q3: (0, 17)}
    assert found(world, "services-open", "XBA").cells[Q3].status == Status.ZERO
    assert parts(found(world, "services-open", "XZZ")) == {}, "who never reported is no zero"


def test_a_service_passes_nothing_on_only_with_evidence(world: World) -> None:
    assert parts(found(world, "services-with-firewall", "XAA")) == {"2026-Q2": (1, 2), Q3: (1, 2)}
    rows = [service("XAA-HEALTH", "SEED-1", firewall="yes", firewall_evidence="Instruction"),
            service("XAA-HEALTH", "SEED-2", firewall="no"),
            service("XAA-HEALTH", "SEED-3", "limited", open_to_migrant_women="documented_only")]  # fmt: skip
    send(world, "service_coverage", "XAA-HEALTH", Q3, table(world.house, "service_coverage", rows))
    assert parts(found(world, "services-with-firewall", "XAA")) == {"2026-Q2": (1, 2), Q3: (1, 3)}


def test_a_corridor_is_complete_when_both_ends_have_every_service(world: World) -> None:
    assert parts(found(world, "corridors-complete", "XAA")) == {"2026-Q2": (0, 1), Q3: (0, 1)}
    codes = [f"SEED-{n}" for n in range(1, 18)]
    for organisation in ("XAA-HEALTH", "XBA-UNION"):
        rows = [service(organisation, code, "limited", open_to_migrant_women="nationals_only") for code in codes]
        send(world, "service_coverage", organisation, Q3, table(world.house, "service_coverage", rows))
    for country in ("XAA", "XBA"):
        assert parts(found(world, "corridors-complete", country)) == {"2026-Q2": (0, 1), Q3: (1, 1)}


def test_seats_count_what_is_filled(world: World) -> None:
    assert parts(found(world, "seats-filled", "XBA")) == {"2026-Q2": (2, 28), Q3: (2, 28)}, "the union's is vacant"
    assert parts(found(world, "seats-for-migrant-women", "XBA")) == {"2026-Q2": (2, 2), Q3: (2, 2)}
    row = member("XBA-COORD", "GOV-WOM", "coordination") | {"responds_to_women_migrant_workers": "neither"}
    send(world, "members", "XBA-COORD", Q3, table(world.house, "members", [row]))
    assert parts(found(world, "seats-filled", "XBA"))[Q3] == (1, 28)
    known = found(world, "seats-for-migrant-women", "XBA")
    assert parts(known)[Q3] == (0, 1) and known.cells[Q3].status == Status.ZERO


def test_no_filled_seat_leaves_nothing_to_be_a_share_of(world: World) -> None:
    row = member("XBA-COORD", "GOV-WOM", "coordination", seat="vacant")
    send(world, "members", "XBA-COORD", Q3, table(world.house, "members", [row]))
    cell = found(world, "seats-for-migrant-women", "XBA").cells[Q3]
    assert (cell.value, cell.status, cell.shown) == (None, Status.NOT_APPLICABLE, False)


# --- who reported, and in time ---


@pytest.fixture
def clocked(tmp_path: Path) -> Iterator[tuple[World, list[datetime]]]:
    """A record whose time the test sets; the register expects three of XAA in the third quarter of 2026."""
    now = [datetime(2026, 10, 5, tzinfo=UTC)]
    settings = Settings(data=tmp_path / "clocked", min_free_bytes=0)
    lay_overlay(settings)
    house = open_house(settings, clock=lambda: now[0])
    world = World(house)
    rows = [member(f"XAA-{name}", category, sector) | {"reports_quarterly": expected}
            for name, category, sector, expected in (("COORD", "GOV-WOM", "coordination", "no"),
                                                     ("HEALTH", "GOV-HEA", "health", "yes"),
                                                     ("SOCIAL", "GOV-SOC", "social", "yes"),
                                                     ("UNION", "SOC-WRK", "world_of_work", "yes"))]  # fmt: skip
    hand_in(world, "members", "XAA-COORD", rows)
    yield world, now
    house.close()


def hand_in(world: World, dataset: str, organisation: str, rows: list[dict[str, str]], accept: bool = True) -> str:
    """Stage, submit and accept a file at the record's own time."""
    received = submissions.stage(
        world.operator, world.house, table(world.house, dataset, rows), dataset=dataset, organisation_code=organisation,
        period=Q3, now=world.house.store.clock(),
    )  # fmt: skip
    submissions.submit(world.operator, world.house, received.submission_id)
    if accept:
        submissions.accept(world.operator, world.house, received.submission_id)
    return received.submission_id


def coverage(world: World, organisation: str, accept: bool = True, codes: tuple[str, ...] = ("SEED-1",)) -> str:
    return hand_in(world, "service_coverage", organisation, [service(organisation, code) for code in codes], accept)


def test_on_time_is_when_it_was_first_handed_in_and_then_accepted(clocked: tuple[World, list[datetime]]) -> None:
    world, now = clocked
    coverage(world, "XAA-HEALTH")
    waiting = coverage(world, "XAA-SOCIAL", accept=False)
    now[0] = datetime(2026, 11, 20, tzinfo=UTC)
    coverage(world, "XAA-UNION")
    coverage(world, "XAA-COORD")  # not expected of it
    late = replace(world.operator, today=date(2026, 11, 25))
    assert parts(found(world, "coverage-reported", "XAA", late)) == {Q3: (2, 3)}
    assert parts(found(world, "reported-on-time", "XAA", late)) == {Q3: (1, 3)}
    submissions.accept(world.operator, world.house, waiting)
    assert parts(found(world, "reported-on-time", "XAA", late)) == {Q3: (2, 3)}, "it was handed in on time"
    coverage(world, "XAA-HEALTH", codes=("SEED-2",))
    assert parts(found(world, "reported-on-time", "XAA", late)) == {Q3: (2, 3)}, "a correction makes nobody late"


def test_a_share_of_reports_is_not_final_while_they_are_due(clocked: tuple[World, list[datetime]]) -> None:
    world, _now = clocked
    coverage(world, "XAA-HEALTH")
    for day, status in ((date(2026, 10, 30), Status.REVISION_PENDING), (date(2026, 10, 31), Status.VALUE)):
        cell = found(world, "reported-on-time", "XAA", replace(world.operator, today=day)).cells[Q3]
        assert (cell.numerator, cell.denominator, cell.status) == (1, 3, status)
        assert ("30 October 2026" in cell.caveat) == (status == Status.REVISION_PENDING)


def test_what_was_known_then_is_what_is_shown_of_then(clocked: tuple[World, list[datetime]]) -> None:
    world, now = clocked
    coverage(world, "XAA-HEALTH")
    before = world.house.store.head().version
    now[0] = datetime(2026, 10, 20, tzinfo=UTC)
    coverage(world, "XAA-UNION")
    coverage(world, "XAA-HEALTH", codes=("SEED-1", "SEED-2"))
    assert parts(found(world, "services-open", "XAA")) == {Q3: (2, 17)}
    assert parts(found(world, "services-open", "XAA", version=before)) == {Q3: (1, 17)}
    assert parts(found(world, "coverage-reported", "XAA", version=before)) == {Q3: (1, 3)}
    assert parts(found(world, "coverage-reported", "XAA")) == {Q3: (2, 3)}
    assert parts(found(world, "services-open", "XAA", version=1)) == {}


def test_what_was_withdrawn_is_not_counted_from_memory(clocked: tuple[World, list[datetime]]) -> None:
    world, _now = clocked
    sent = coverage(world, "XAA-HEALTH")
    assert parts(found(world, "services-open", "XAA")) == {Q3: (1, 17)}
    submissions.withdraw(world.operator, world.house, sent, "Sent by mistake, sorry.")
    assert parts(found(world, "services-open", "XAA")) == {}


# --- actions and contacts ---


def test_actions_are_counted_as_the_tracker_counts_them(world: World) -> None:
    agreed(world)
    for country in ("XAA", "XBA"):
        for viewer in (world.viewer("secretariat"), world.viewer("enforcement"), world.viewer("member")):
            far = replace(viewer, today=viewer.today.replace(year=viewer.today.year + 1))
            known = found(world, "actions-on-time", country, far)
            for period, (done, due) in parts(known).items():
                assert (done, due) == actions.on_time(far, world.house, country, period)
                assert (known.cells[period].status == Status.NOT_APPLICABLE) == (not due)
    far = replace(world.viewer("enforcement"), today=date.today().replace(year=date.today().year + 1))
    part = found(world, "actions-on-time", "XBA", far)
    assert computed.OWN_ACTIONS in part.told and not part.whole, "a part is not measured by the country's goal"
    assert found(world, "actions-on-time", "XBA", replace(world.viewer("secretariat"), today=far.today)).told == ()


def test_an_action_that_was_done_is_counted_at_once(world: World) -> None:
    from action_world import COORD

    agreed(world)
    far = replace(world.viewer("secretariat"), today=date.today().replace(year=date.today().year + 1))
    before = sum(done or 0 for done, _due in parts(found(world, "actions-on-time", "XAA", far)).values())
    change(world, "coordinator", COORD, state="done", note="Finished.")
    after = sum(done or 0 for done, _due in parts(found(world, "actions-on-time", "XAA", far)).values())
    assert (before, after) == (0, 1)


def test_contacts_are_what_their_own_report_says_to_this_viewer(counting: World) -> None:
    for name in (*contacts_world.TRAINED, "member", "secretariat", "enforcement", "expired agency"):
        viewer = replace(counting.viewer(name), today=TODAY)
        for country in ("XAA", "XBA"):
            known = found(counting, "contacts", country, viewer)
            said = contacts.totals(viewer, counting.house, country=country)
            assert {p: (c.value, c.status) for p, c in known.cells.items()} == said
            assert known.open == any(status != Status.NOT_RELEASED for _count, status in said.values())
    hers = found(counting, "contacts", "XAA", replace(counting.viewer("trained agency"), today=TODAY))
    assert [hers.cells[p].value for p in (Q1, Q2)] == [40, 69]
    assert any("XAA-HEALTH office alone" in said for said in hers.told)


# --- who reads what, and quarters ---


def test_an_enforcement_body_reads_what_was_published(world: World) -> None:
    seats = [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-HEALTH", "GOV-HEA", "health", seat="vacant")]
    send(world, "members", "XAA-COORD", Q3, table(world.house, "members", seats))
    rows = [service("XAA-HEALTH", f"SEED-{n}") for n in range(1, 6)]
    send(world, "service_coverage", "XAA-HEALTH", Q3, table(world.house, "service_coverage", rows))
    seen = {name: found(world, "services-open", "XAA", world.viewer(name)) for name in ("member", "enforcement")}
    assert parts(seen["member"])[Q3] == (5, 17)
    assert {p for p, _d in parts(seen["enforcement"]).values()} == {2}, "what was published counted two"
    assert seen["enforcement"].told and not seen["member"].told
    assert parts(found(world, "seats-filled", "XAA", world.viewer("member")))[Q3] == (1, 28)
    assert {p for p, _d in parts(found(world, "seats-filled", "XAA", world.viewer("enforcement"))).values()} == {2}


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        ("2025-Q4", "2026-Q2", ["2025-Q4", "2026-Q1", "2026-Q2"]),
        ("2026-Q2", "2026-Q2", ["2026-Q2"]),
        ("2026-Q3", "2026-Q2", []),
        ("", "2026-Q2", []),
        ("2026-Q1", "", []),
    ],
)
def test_quarters_run_without_a_hole(first: str, last: str, made: list[str]) -> None:
    assert computed.quarters(first, last) == made


def test_nothing_is_of_a_quarter_to_come(world: World) -> None:
    for day, last in ((date(2026, 7, 2), "2026-Q2"), (date(2027, 1, 5), "2026-Q4")):
        for computation in ("services-open", "seats-filled"):
            known = found(world, computation, "XAA", replace(world.operator, today=day))
            assert max(known.cells) == last == str(periods.last_ended(day))
