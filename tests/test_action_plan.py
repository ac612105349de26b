"""Which action of a plan a tracked action carries, as a register of plan actions says it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from action_world import ABROAD, COORD, HEALTH, TODAY, UNION, agreed, dated
from dashboard.intake import submissions
from dashboard.reports import action_plan, actions
from world import Built, World, send, table

QUARTER = "2026-Q2"
FIELDS = ("country", "action_code", "organisation_code", "title", "plan_part", "tracked_action")
SCHEMA = {
    "title": "Actions of the plans",
    "description": "What each plan says is to be done.",
    "missingValues": [""],
    "primaryKey": ["country", "action_code"],
    "dashboard": {
        "row": "One row per action of a plan.",
        "kind": "institutional",
        "screen": "register",
        "frequency": "yearly",
        "submitters": ["coordinator", "secretariat"],
        "rules": [],
    },
    "fields": [
        {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "type": "string",
            "hxl": f"#meta+{name.replace('_', '')}",
            "example": "KHM-1",
            "description": "A field of the small register.",
            **({"codes": "countries"} if name == "country" else {}),
            **({"own": True} if name == "organisation_code" else {}),
            "constraints": {} if name == "tracked_action" else {"required": True},
        }
        for name in FIELDS
    ],
}
PARTS = "# replaces\ncode,title,source,verified,check_at\nhealth,Health care,invented,no,nowhere\n"


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = built.opened(tmp_path / "world")
    overlay = made.house.settings.overlay
    made.house.close()
    (overlay / "schemas").mkdir()
    (overlay / "schemas" / "plan_actions.json").write_text(json.dumps(SCHEMA))
    (overlay / "codes" / "plan_parts.csv").write_text(PARTS)
    made = Built(tmp_path / "world", built.people, built.sent).opened(tmp_path / "again")
    yield agreed(made)
    made.house.close()


def plan(world: World, *rows: tuple[str, str, str], organisation: str = "XAA-COORD", period: str = QUARTER) -> str:
    """A register of plan actions, accepted: each row the tracked action, the title, the part."""
    filled = [
        dict(zip(FIELDS, (organisation[:3], f"{organisation[:3]}-P-{n}", organisation, title, part, code), strict=True))
        for n, (code, title, part) in enumerate(rows)
    ]
    return send(world, "plan_actions", organisation, period, table(world.house, "plan_actions", filled))


def carried(world: World, code: str, version: int | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = actions.action(dated(world.viewer("secretariat"), TODAY), world.house, code, version)
    return found.plan_actions, found.plan_parts


def test_the_register_names_what_is_carried(world: World) -> None:
    before = world.house.store.head().version
    plan(
        world,
        (HEALTH, "Care for all", "health"),
        (HEALTH, "Hours at night", "elsewhere"),
        ("", "Not tracked", "health"),
    )
    assert carried(world, HEALTH) == (
        ("Care for all (XAA-P-0)", "Hours at night (XAA-P-1)"), ("Health care", "elsewhere")
    )  # fmt: skip
    assert carried(world, COORD) == ((), ()) and carried(world, HEALTH, before) == ((), ())


def test_a_later_register_takes_the_place_and_a_withdrawn_one_speaks_no_more(world: World) -> None:
    plan(world, (HEALTH, "Care for all", "health"))
    later = plan(world, (COORD, "Care for all", "health"), period="2026-Q3")
    assert carried(world, HEALTH) == ((), ()) and carried(world, COORD)[1] == ("Health care",)
    submissions.withdraw(world.operator, world.house, later, "Sent too early.")
    assert carried(world, HEALTH)[1] == ("Health care",)


def test_a_register_speaks_for_its_own_country(world: World) -> None:
    plan(world, (HEALTH, "Not theirs", "health"), (UNION, "Their own", "health"), organisation="XBA-COORD")
    assert carried(world, HEALTH) == ((), ()) and carried(world, UNION)[0] == ("Their own (XBA-P-1)",)


def test_the_open_ones_are_counted_by_part_and_in_each(world: World) -> None:
    plan(world, (HEALTH, "Care", "health"), (HEALTH, "Papers", "law"), (ABROAD, "More care", "health"))
    table = actions.actions(dated(world.viewer("secretariat"), TODAY), world.house, country="XAA", by="part").standing
    assert dict(zip(table.frame["group"], table.frame["open"], strict=True)) == {
        "Health care": 2, "law": 1, "No action of a plan is carried": 1
    }  # fmt: skip
    assert "counted in each" in " ".join(table.caveats)


def test_without_a_register_or_a_column_that_names_the_action_nothing_is_carried(
    built: Built, tmp_path: Path, world: World
) -> None:
    assert action_plan.at(world.house, world.house.store.head().version) == {}
    plain = built.opened(tmp_path / "plain")
    assert action_plan.at(plain.house, plain.house.store.head().version) == {}
    plain.house.close()
