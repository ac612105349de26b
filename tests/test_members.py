"""Who is at the table: seats by what was last reported, gaps by name, and a register that not everybody reads whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection import policy
from dashboard.protection.policy import Refused, Viewer
from dashboard.record.house import House, open_house
from dashboard.reference.table import Status
from dashboard.reports import members
from world import World, build, lay_overlay, member, send, table

TODAY = date(2026, 11, 1)


def dated(viewer: Viewer, day: date = TODAY) -> Viewer:
    return replace(viewer, today=day)


@pytest.fixture(scope="module")
def seated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small world, and a second register of Asterland with a seat in every state."""
    settings = Settings(data=tmp_path_factory.mktemp("members") / "data", min_free_bytes=0)
    lay_overlay(settings)
    house = open_house(settings)
    world = build(house)
    register = [
        member("XAA-COORD", "GOV-WOM", "coordination"),
        member("XAA-HEALTH", "GOV-HEA", "health", seat="observer"),
        member("XAA-HEALTH", "SRV-HEA", "health", seat="invited"),
        member("XAA-NGO", "NGO-MIG", "social", seat="vacant"),
        member("XAA-UNION", "NGO-MIG", "world_of_work", seat="observer"),
        member("XAA-LABOUR", "GOV-LAB", "world_of_work") | {"seat_since": "2025-03-01"},
    ]
    send(world, "members", "XAA-COORD", "2026-Q3", table(house, "members", register))
    yield world
    house.close()


def test_seats_are_what_the_best_of_a_category_is(seated: World) -> None:
    found = members.members(dated(seated.operator), seated.house)
    assert found.countries == ("XAA", "XBA")
    assert len(found.seats.frame) == 28
    asterland = found.seats.frame["XAA"]
    assert {code: asterland[code] for code in ("GOV-WOM", "GOV-HEA", "SRV-HEA", "NGO-MIG", "GOV-LAB", "GOV-POL")} == {
        "GOV-WOM": "filled", "GOV-HEA": "observer", "SRV-HEA": "vacant", "NGO-MIG": "observer", "GOV-LAB": "filled",
        "GOV-POL": "none",
    }  # fmt: skip
    bravonia = found.seats.frame["XBA"]
    assert [code for code in bravonia.index if bravonia[code] != "none"] == ["GOV-WOM", "GOV-POL", "SOC-WRK"]
    assert bravonia["SOC-WRK"] == "vacant", "carried over from Q2"
    assert set(found.seats.frame["XAA"]) <= set(members.SEATS)


def test_seats_by_group_add_up(seated: World) -> None:
    groups = members.members(dated(seated.operator), seated.house).groups
    categories = seated.house.library.codes["stakeholder_categories"].codes
    added = sum(c.attributes["group"] == "additional" for c in categories)
    rows = groups.frame.to_dict("records")
    assert [row["country"] for row in rows] == ["Asterland", "Bravonia"] * 2
    for row in rows[:2]:
        assert sum(row[s] for s in members.SEATS) == added
    for row in rows[2:]:
        assert sum(row[s] for s in members.SEATS) == 28 - added
    assert [rows[0][s] for s in members.SEATS] == [1, 1, 0, added - 2]
    assert groups.statuses.loc[0, "vacant"] == Status.ZERO and groups.statuses.loc[0, "filled"] == Status.VALUE


def test_sentences_with_the_figures_in_them(seated: World) -> None:
    found = members.members(dated(seated.operator), seated.house)
    assert found.answer == ("Of 28 stakeholder categories, each country has 2 filled; filled in every country: 1.")
    assert found.finding.startswith("2 countries have no filled seat for: ")
    assert found.finding.endswith("; as many for each of 13 other needed categories"), "it names one of fourteen"
    one = members.members(dated(seated.operator), seated.house, country="XAA")
    assert one.answer == "2 of the 28 stakeholder categories have a filled seat in Asterland."
    assert one.finding.startswith("Asterland has no filled seat for: ")
    assert re.search(r", and for \d+ other needed categories$", one.finding)


def test_gaps_are_named(seated: World) -> None:
    """Of the categories that the guidance note asks to add, those without a filled seat (R42)."""
    found = members.members(dated(seated.operator), seated.house)
    additional = [
        c for c in seated.house.library.codes["stakeholder_categories"].codes if c.attributes["group"] == "additional"
    ]
    assert len(found.gaps) == 2
    assert found.gaps[0].startswith(f"Asterland: {len(additional) - 1} categories needed for women migrant workers")
    assert "Ministry of labour" not in found.gaps[0] and "Ministry of labour" in found.gaps[1]
    assert ", among them " in found.gaps[0]


@pytest.mark.parametrize(
    ("missing", "said"), [(1, "seat: "), (2, "seat, namely "), (3, "seat, namely "), (4, "seat, among them ")]
)
def test_a_part_of_the_gaps_is_not_called_the_whole(seated: World, missing: int, said: str) -> None:
    codes = seated.house.library.codes["stakeholder_categories"].codes
    additional = [c for c in codes if c.attributes["group"] == "additional"]
    found = members.members(dated(seated.operator), seated.house).seats
    frame = found.frame.copy()
    for number, code in enumerate(additional):
        frame.loc[code.code, "XAA"] = "vacant" if number < missing else "filled"
    [sentence] = members._gaps(seated.house, replace(found, frame=frame), codes, ["XAA"])
    assert said in sentence and sentence.count(";") == min(missing, 3) - 1


def test_the_register_in_words(seated: World) -> None:
    found = members.members(dated(seated.operator), seated.house, country="XAA")
    register = found.register.frame
    assert len(register) == 6 and set(register["country"]) == {"Asterland"}
    row = register[register["organisation_code"] == "XAA-LABOUR"].iloc[0]
    assert (row["stakeholder_category"], row["seat_status"]) == ("Ministry of labour", "Seat filled")
    assert row["seat_since"] == "1 March 2025"
    assert found.register.statuses.loc[0, "seat_since"] == Status.NOT_REPORTED
    assert found.register.statuses.loc[0, "organisation_name"] == Status.VALUE
    only = members.members(dated(seated.operator), seated.house, category="NGO-MIG").register.frame
    assert sorted(only["organisation_code"]) == ["XAA-NGO", "XAA-UNION"]


def test_a_country_or_category_that_is_none(seated: World) -> None:
    whole = members.members(dated(seated.operator), seated.house)
    for country in ("XZZ", "xaa", "' or 1=1"):
        found = members.members(dated(seated.operator), seated.house, country=country, category="nothing")
        assert found.countries == ("XAA", "XBA") and found.register.frame.equals(whole.register.frame)


def test_each_register_says_from_which_quarter_it_is(seated: World) -> None:
    found = members.members(dated(seated.operator), seated.house)
    assert found.period == "Asterland Q3 2026; Bravonia Q2 2026"
    for shown in (found.seats, found.groups, found.register):
        assert shown.period == found.period
        assert "Registers as they stood in: Asterland Q3 2026; Bravonia Q2 2026." in shown.caveats
    assert members.members(dated(seated.operator), seated.house, country="XBA").period == "Q2 2026"


def test_countries_that_have_a_register(seated: World) -> None:
    assert members.countries(dated(seated.operator), seated.house) == [("XAA", "Asterland"), ("XBA", "Bravonia")]


def test_before_any_register_nothing_is_called_complete(house: House) -> None:
    found = members.members(policy.operator(TODAY), house)
    assert found.answer == found.finding == "No member register has been accepted yet."
    assert found.gaps == () and found.groups.frame.empty and found.countries == ()
    assert members.countries(policy.operator(TODAY), house) == []


def test_the_sentence_names_the_most_and_the_least(world: World) -> None:
    rows = [member("XAA-COORD", category, "coordination") for category in ("GOV-WOM", "GOV-POL", "GOV-JUS")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    assert members.members(dated(world.operator), world.house).answer == (
        "Of 28 stakeholder categories, Asterland has 3 filled and Bravonia has 2; filled in every country: 2."
    )


def test_as_of_a_version(world: World) -> None:
    before = world.house.store.head().version
    rows = [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-LAB", "GOV-LAB", "world_of_work")]
    found = send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))

    def seats(version: int | None) -> tuple[str, str]:
        shown = members.members(dated(world.operator), world.house, version=version).seats.frame["XAA"]
        return shown["GOV-HEA"], shown["GOV-LAB"]

    accepted = world.house.store.head().version
    assert (seats(before), seats(accepted), seats(None)) == (("filled", "none"), ("none", "filled"), ("none", "filled"))
    submissions.withdraw(world.operator, world.house, found, "the wrong list")
    assert seats(None) == seats(before) and seats(accepted) == ("none", "filled")


# --- who reads it ---


def test_members_read_the_whole_register(seated: World) -> None:
    for name in ("member", "agency", "coordinator", "foreign coordinator", "secretariat"):
        found = members.members(dated(seated.viewer(name)), seated.house)
        assert len(found.register.frame) == 9, name


def test_an_enforcement_body_sees_seats_as_published_and_its_own_row(seated: World) -> None:
    found = members.members(dated(seated.viewer("enforcement")), seated.house)
    assert found.register.frame["organisation_code"].tolist() == ["XBA-POLICE"]
    assert found.seats.frame["XAA"]["GOV-HEA"] == "filled", "as in the release, not as it is since"
    for told in (found.seats, found.groups, found.register):
        assert any("what was published" in sentence for sentence in told.caveats)
    assert members.members(dated(seated.viewer("enforcement")), seated.house, country="XAA").register.frame.empty


def test_nobody_without_an_account(seated: World) -> None:
    for question in (members.members, members.countries):
        with pytest.raises(Refused):
            question(seated.viewer("anonymous"), seated.house)  # type: ignore[operator]


def test_no_column_for_a_natural_person(seated: World) -> None:
    assert not {"name", "person", "focal_point", "email", "phone"} & set(
        members.members(dated(seated.operator), seated.house).register.frame.columns
    )
