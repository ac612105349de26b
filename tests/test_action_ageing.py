"""How old the open actions are, by country, organisation, sector and part of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from action_world import ABROAD, COORD, HEALTH, LISTS, POLICE, TODAY, UNION, agree, agreed, change, dated, day, row
from dashboard.reference import periods
from dashboard.reports import action_ageing, action_words, actions
from world import Built, World

NO_MOVE = "No movement for 90 days"


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = agreed(built.opened(tmp_path / "world"))
    yield made
    made.house.close()


def rows(world: World, name: str = "secretariat", **what: Any) -> dict[str, dict[str, Any]]:
    """What is counted, by group, in the order of the table."""
    table = actions.actions(dated(world.viewer(name), TODAY), world.house, **what).standing
    titles = [column.title for column in table.columns]
    made = [dict(zip(titles, row, strict=True)) for row in table.frame.itertuples(index=False)]
    return {row.pop(titles[0]): row for row in made}


def test_by_country_and_where_there_is_one_by_who_leads(world: World) -> None:
    assert list(rows(world)) == ["Asterland", "Bravonia"]
    assert list(rows(world, country="XAA")) == ["XAA-HEALTH office", "XAA-COORD office", "XBA-POLICE office"]
    assert list(rows(world, country="XAA", by="sector")) == ["Health", "Coordination", "Justice and policing"]
    assert list(rows(world, by="nonsense")) == list(rows(world)), "what is no way is none chosen"


def test_each_open_action_is_in_one_column_of_its_age(world: World) -> None:
    end = (periods.of(TODAY).end - TODAY).days
    found = rows(world, by="organisation")
    assert found["XAA-HEALTH office"] == {
        "To be done": 1, "Overdue up to 30 days": 0, "Overdue 31 to 91 days": 1, "Overdue longer": 0,
        f"Due by the end of {periods.of(TODAY).label}": 0, "Due later": 0, "Longest overdue (days)": 40,
        "Due date moved (times)": 0, NO_MOVE: 1,
    }  # fmt: skip
    police = found["XBA-POLICE office"]
    assert (police["To be done"], police["Overdue up to 30 days"], police["Longest overdue (days)"]) == (2, 1, 5)
    assert police["Due later"] == int(end < 10), "due in ten days"
    for of in found.values():
        ages = [n for title, n in of.items() if title.startswith(("Overdue", "Due by", "Due later"))]
        assert sum(ages) == of["To be done"]


@pytest.mark.parametrize(
    ("days", "column"), [(1, "up to 30"), (30, "up to 30"), (31, "31 to"), (91, "31 to"), (92, "longer")]
)
def test_the_ends_of_the_ages(world: World, days: int, column: str) -> None:
    change(world, "secretariat", UNION, due_on=day(-days), note="As it was agreed.")
    (found,) = [of for name, of in rows(world, by="organisation").items() if "UNION" in name]
    assert [title for title, n in found.items() if title.startswith("Overdue") and n] == [
        title for title in found if title.startswith("Overdue") and column in title
    ]
    assert found["Longest overdue (days)"] == days and found["Due date moved (times)"] == 1 and found[NO_MOVE] == 0


def test_what_restricts_is_neither_overdue_nor_due_after_its_day(world: World) -> None:
    again = "To be looked at again"
    assert all(again not in of for of in rows(world).values()), "no column where nothing stands apart"
    changed = [*LISTS["XAA-COORD"][:2], row(ABROAD, "XBA-POLICE", day(-150), restricts_work_or_migration="yes")]
    agree(world, "XAA-COORD", changed)
    found = rows(world)["Asterland"]
    end = (periods.of(TODAY).end - TODAY).days
    assert (found["To be done"], found[again], found["Longest overdue (days)"]) == (3, 1, 40)
    assert found[f"Due by the end of {periods.of(TODAY).label}"] == int(end >= 100) and found["Overdue longer"] == 0
    assert rows(world)["Bravonia"][again] == 0
    table = actions.actions(dated(world.viewer("secretariat"), TODAY), world.house).standing
    assert action_words.NEVER_LATE in table.caveats


def test_what_is_closed_ages_no_more(world: World) -> None:
    change(world, "member", HEALTH, state="done")
    change(world, "secretariat", POLICE, state="dropped", note="Done by others.")
    assert "XAA-HEALTH office" not in rows(world, by="organisation")
    assert rows(world, by="organisation")["XBA-POLICE office"]["To be done"] == 1


def test_an_enforcement_body_counts_its_own(world: World) -> None:
    assert sum(of["To be done"] for of in rows(world, "enforcement").values()) == 3
    assert COORD not in str(rows(world, "enforcement", by="organisation"))


def test_without_a_register_of_plans_nothing_is_of_a_part(world: World) -> None:
    assert list(rows(world, by="part")) == [action_ageing.NO_PART]
