"""What was shown at the end of each quarter of the demonstration is what “as of” that moment shows ever after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import Settings
from dashboard.demonstration import DEMO, Clock, story
from dashboard.demonstration import knowledge as mechanism
from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.building import Mechanism
from dashboard.protection.policy import Grant, Viewer
from dashboard.record.house import House, open_house
from dashboard.reference import periods
from dashboard.reports import actions, contacts, coverage, indicators, members, reporting

TODAY = datetime.now(UTC).date()


def viewer(role: str, organisation: str = "", country: str = "", **more: Any) -> Viewer:
    """Somebody whose rights never change, so that only the record can make a difference."""
    known: dict[str, Any] = {"enforcement": False, "training_until": date.max} | more
    return Viewer(role, role, organisation, country, (Grant(role, organisation, country),), today=TODAY, **known)


VIEWERS = {
    "secretariat": viewer("secretariat"),
    "coordinator": viewer("coordinator", "XAA-COORD", "XAA"),
    "untrained": viewer("member", "XAA-RETURN", "XAA", training_until=None),
    "enforcement": viewer("agency", "XBA-POLICE", "XBA", enforcement=True, training_until=None),
}


def told(table: Any) -> list[Any]:
    """A table as it is read: cells, statuses and caveats."""
    return [table.frame.astype(str).to_csv(), table.statuses.astype(str).to_csv(), table.caveats]


def shown(house: House, who: Viewer, day: date, version: int | None) -> dict[str, Any]:
    """Everything that the committee's pages show to one viewer of two countries, on a day."""
    who = replace(who, today=day)
    period = str(periods.last_ended(day))
    found: dict[str, Any] = {}
    seen = coverage.coverage(who, house, version=version)
    found["coverage"] = [seen.answer, seen.finding, seen.late, *told(seen.matrix), *told(seen.counts)]
    seated = members.members(who, house, version=version)
    found["members"] = [seated.answer, *told(seated.seats), *told(seated.register)]
    for country in ("XAA", "XBA"):
        cards = indicators.listing(who, house, country=country, version=version).cards
        found[f"indicators {country}"] = [(c.indicator.code, c.sentence, str(c.status), c.points) for c in cards]
        series = indicators.series(who, house, "P-CAP-1", country=country, version=version)
        found[f"series {country}"] = [series.answer, *told(series.table), series.revisions]
        asked = actions.actions(who, house, country=country, version=version)
        found[f"actions {country}"] = told(asked.table)
        found[f"contacts {country}"] = told(contacts.by_period(who, house, country=country, version=version))
        found[f"reports {country}"] = reporting.reporting(who, house, period=period, country=country, version=version)
    return found


def build_watching(house: House, clock: Clock, look: Callable[[date], None]) -> None:
    """Build the demonstration, and look at it when the first step of a new quarter is about to be taken."""
    almanac, known = Almanac(TODAY), mechanism.read(DEMO)
    steps = story.in_order(story.steps(known, almanac, house.library))
    quarter = ""

    def before(step: story.Step) -> None:
        nonlocal quarter
        now = str(periods.of(clock.now.date()))
        if quarter and now != quarter:
            look(periods.parse(quarter).end)
        quarter = now

    with Mechanism(house, clock).open() as living:
        living.live(steps, before)


@pytest.mark.timeout(900)  # it builds a demonstration of its own
def test_each_quarter_is_as_it_was_shown(tmp_path: Path) -> None:
    """Twelve quarters are lived through; then each is asked for again, with all that came later in the record."""
    import shutil

    settings = Settings(data=tmp_path / "data", min_free_bytes=0)
    settings.data.mkdir()
    shutil.copytree(DEMO / "codes", settings.data / "datasets" / "codes")
    clock = Clock(datetime.combine(Almanac(TODAY).period(1).start, datetime.min.time(), UTC))
    house = open_house(settings, clock=clock)
    then: dict[tuple[date, str], dict[str, Any]] = {}
    versions: dict[date, int] = {}

    def look(day: date) -> None:
        versions[day] = house.store.head().version
        then.update({(day, name): shown(house, who, day, None) for name, who in VIEWERS.items()})

    try:
        build_watching(house, clock, look)
        assert len(versions) >= 11, sorted(versions)
        differing = []
        for (day, name), was in then.items():
            assert house.store.version_on(datetime.combine(day, datetime.max.time(), UTC)) == versions[day]
            now = shown(house, VIEWERS[name], day, versions[day])
            differing += [(str(day), name, part) for part in was if was[part] != now[part]]
        assert differing == []
        states = {name: [then[day, name] for day in versions] for name in VIEWERS}
        assert all(a != b for a, b in zip(states["secretariat"], states["secretariat"][1:], strict=False)), (
            "each quarter brought something, or nothing was compared"
        )
    finally:
        house.close()


@pytest.mark.parametrize("name", VIEWERS)
def test_the_viewers_differ(name: str) -> None:
    assert VIEWERS[name].roles
