"""Any register as a question: who reads which rows, what fits, in which order, and what the sentence says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.config import Settings
from dashboard.protection.policy import Refused, Viewer
from dashboard.publication import release
from dashboard.record.house import open_house
from dashboard.reference.table import Status
from dashboard.reports import register_rows, registers
from dashboard.reports.registers import Asked, NoSuchRegister
from world import World, build, lay_overlay, member, send, table, train

TODAY = date(2026, 11, 1)
EVERY = 200


def dated(viewer: Viewer, day: date = TODAY) -> Viewer:
    return replace(viewer, today=day)


@pytest.fixture(scope="module")
def seated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small world with a second register of Asterland, goals and actions; published before the police sent more."""
    settings = Settings(data=tmp_path_factory.mktemp("registers") / "data", min_free_bytes=0)
    lay_overlay(settings)
    house = open_house(settings)
    world = build(house)
    rows = [
        member("XAA-COORD", "GOV-WOM", "coordination"),
        member("XAA-HEALTH", "GOV-HEA", "health", seat="observer") | {"organisation_name": "Ministère de la Santé"},
        member("XAA-HEALTH", "SRV-HEA", "health", seat="invited"),
        member("XAA-LABOUR", "GOV-LAB", "world_of_work") | {"seat_since": "2025-03-01"},
        member("XAA-UNION", "SOC-WRK", "world_of_work") | {"seat_since": "2019-11-20"},
    ]
    send(world, "members", "XAA-COORD", "2026-Q3", table(house, "members", rows))
    yield world
    house.close()


def ask(world: World, name: str = "secretariat", dataset: str = "members", **more: object) -> registers.Register:
    version = more.pop("version", None)
    viewer = dated(world.viewer(name))
    return registers.register(viewer, world.house, dataset, Asked(**more), version=version)  # type: ignore[arg-type]


def named(found: registers.Register) -> list[str]:
    return list(found.table.frame[found.shape.label])


# --- which datasets, and what of them ---


def test_a_register_is_a_list_and_no_count(world: World) -> None:
    library = world.house.library
    found = {one.contract.name for one in registers.listed(dated(world.operator), world.house)}
    assert {"members", "milestones", "actions"} <= found
    for name, contract in library.contracts.items():
        if name not in found:
            with pytest.raises(NoSuchRegister):
                registers.register(dated(world.operator), world.house, name, Asked())
            assert contract.kind == "administrative" or contract.screen == "counts" or contract.quarterly
    for name in ("service_contacts", "referrals", "service_coverage", "nothing", "", "members_rows"):
        assert name not in found
        with pytest.raises(NoSuchRegister):
            registers.register(dated(world.operator), world.house, name, Asked())


def test_a_baseline_that_counts_contacts_is_in_no_register(world: World) -> None:
    library = world.house.library
    counting = next(code for code, one in library.indicators.items() if one.administrative)
    other = next(code for code, one in library.indicators.items() if one.kind == "process" and not one.computed)
    rows = [
        {"country": "XAA", "organisation_code": "XAA-COORD", "indicator_code": code, "what": "baseline",
         "due_period": "2026-Q1", "value": value, "agreed_in": "Plan"}
        for code, value in ((counting, "4711"), (other, "12"))
    ]  # fmt: skip
    train(world, "secretariat")
    send(world, "milestones", "XAA-COORD", "2026-Q3", table(world.house, "milestones", rows), by="secretariat")
    found = ask(world, dataset="milestones")
    assert (found.total, list(found.table.frame["value"])) == (1, ["12"])
    assert any("counts of contacts" in said for said in found.table.caveats)
    assert ask(world, dataset="milestones", search="4711").found == 0
    _rows, _order, whole = registers.whole(dated(world.operator), world.house, "milestones", Asked())
    assert "4711" not in whole.frame.to_csv()


# --- what is asked ---


def test_the_rows_in_words_and_in_the_order_of_the_key(seated: World) -> None:
    found = ask(seated)
    assert (found.total, found.found, found.page, found.pages, found.first) == (8, 8, 1, 1, 1)
    assert named(found)[:3] == ["Ministère de la Santé", "XAA-COORD office", "XAA-HEALTH office"]
    assert found.keys[0] == ("XAA", "XAA-HEALTH", "GOV-HEA") and found.codes[0] == "XAA-HEALTH"
    assert len(found.shown) <= 7 and found.shown[0] == "organisation_name" == found.columns[0][0]
    first = found.table.frame.iloc[0]
    assert (first["country"], first["seat_status"], first["sector"]) == ("Asterland", "Observer", "Health")
    labour = found.table.frame[found.table.frame["organisation_name"] == "XAA-LABOUR office"].index[0]
    assert found.table.frame.loc[labour, "seat_since"] == "1 March 2025"
    invited = found.table.frame[found.table.frame["seat_status"].str.contains("Invited|offered", regex=True)].index[0]
    assert found.table.statuses.loc[invited, "seat_since"] == Status.NOT_APPLICABLE, "nobody forgot it"
    assert found.table.statuses.loc[0, "seat_since"] == Status.NOT_REPORTED


def test_filters_search_and_both(seated: World) -> None:
    assert ask(seated, filters={"country": "XBA"}).found == 3
    assert ask(seated, filters={"country": "XAA", "sector": "world_of_work"}).found == 2
    assert named(ask(seated, search="SANTE")) == ["Ministère de la Santé"], "without marks and case"
    assert ask(seated, search="LABOUR xaa").found == 1
    assert ask(seated, search="labour bravonia").found == 0
    both = ask(seated, filters={"country": "XAA"}, search="observer")
    assert (both.found, both.total) == (1, 8) and both.answer.startswith("1 seat of 8 in Asterland. ")
    nothing = ask(seated, search="100% [.*")
    assert nothing.found == 0 and nothing.answer == "None of the 8 seats fits this choice."
    assert nothing.keys == () and nothing.first == 0


def test_what_is_not_there_is_said_and_left_out(seated: World) -> None:
    found = ask(seated, filters={"country": "XZZ", "sector": "' or 1=1 --", "nothing": "x", "organisation_name": "y"})
    assert found.found == 8
    assert found.unknown == (
        "Country: no entry has “XZZ”, so all are shown.",
        "Sector: no entry has “' or 1=1 --”, so all are shown.",
    )
    strange = ask(seated, columns="country,zzz", sort="zzz", page="-3")
    assert strange.shown == ("organisation_name", "country") and strange.sort == "" and strange.page == 1
    assert strange.unknown == ("There is no column “zzz” here.",)
    assert ask(seated, columns="zzz").shown == ask(seated).shown
    for page in ("0", "99", "all", "²", "1e9", "x"):
        assert ask(seated, page=page).page == 1


@pytest.mark.parametrize("column", ["organisation_name", "seat_since", "country", "stakeholder_category"])
def test_each_order_and_its_reverse_with_what_is_empty_last(seated: World, column: str) -> None:
    up, down = ask(seated, sort=column, columns=column), ask(seated, sort=f"-{column}", columns=column)
    values, back = list(up.table.frame[column]), list(down.table.frame[column])
    filled = [v for v in values if v]
    assert values[: len(filled)] == filled and [v for v in back if v][::-1] == sorted(
        [v for v in back if v][::-1], key=filled.index
    )
    assert all(v == "" for v in values[len(filled) :]) and all(v == "" for v in back[len(filled) :])
    assert up.sort == column and down.sort == f"-{column}"


def test_days_are_in_the_order_of_days(seated: World) -> None:
    found = ask(seated, sort="seat_since", columns="seat_since")
    assert list(found.table.frame["seat_since"])[:2] == ["20 November 2019", "1 March 2025"]


def test_a_long_register_comes_a_page_at_a_time(world: World) -> None:
    rows = [member(f"XAA-N{n:03}", "NGO-MIG", "social") for n in range(EVERY)]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    found = ask(world, filters={"country": "XAA"})
    assert (found.found, found.pages, len(found.keys), found.first) == (EVERY, 4, registers.PAGE, 1)
    seen = [key for page in "1234" for key in ask(world, filters={"country": "XAA"}, page=page).keys]
    assert len(set(seen)) == len(seen) == EVERY
    assert ask(world, filters={"country": "XAA"}, page="4").first == 151
    assert ask(world, page="9").page == 5
    whole = ask(world, page="all")
    assert (len(whole.keys), whole.pages) == (EVERY + 3, 1)


def test_what_can_be_chosen_is_what_occurs(seated: World) -> None:
    found = registers.choices(dated(seated.operator), seated.house, "members")
    options = {one.name: [code for code, _title in one.options] for one in found}
    assert options["country"] == ["XAA", "XBA"] and found[0].name == "country"
    assert "GOV-JUS" not in options["stakeholder_category"] and "GOV-LAB" in options["stakeholder_category"]
    assert "reports_quarterly" not in options, "nobody said anything of it"


# --- the sentence ---


def test_the_answer_has_the_figures(seated: World) -> None:
    found = ask(seated)
    assert found.answer.startswith("8 seats in 2 countries; ")
    assert "seat filled 5" in found.answer and "observer 1" in found.answer
    assert found.answer.endswith(".") and "The last file was accepted on " in found.answer


def test_an_empty_register_says_so(world: World) -> None:
    found = ask(world, dataset="milestones")
    assert found.answer == "No entry has been accepted for this register yet." and found.total == 0
    listed = {one.contract.name: one for one in registers.listed(dated(world.viewer("coordinator")), world.house)}
    assert (listed["milestones"].entries, listed["milestones"].newest, listed["milestones"].sends) == (0, None, True)
    assert listed["members"].entries == 5 and listed["members"].countries == 2 and listed["members"].newest
    assert not any(one.sends for one in registers.listed(dated(world.viewer("member")), world.house))


# --- as of, and who reads it ---


def test_as_of_a_version(world: World) -> None:
    before = world.house.store.head().version
    send(
        world,
        "members",
        "XAA-COORD",
        "2026-Q3",
        table(world.house, "members", [member("XAA-LAB", "GOV-LAB", "health")]),
    )
    after = world.house.store.head().version
    asterland = {"country": "XAA"}
    assert named(ask(world, filters=asterland, version=before)) == ["XAA-COORD office", "XAA-HEALTH office"]
    for version in (after, None):
        assert named(ask(world, filters=asterland, version=version)) == ["XAA-LAB office"], "the whole statement"
    assert ask(world, version=0).total == 0


@pytest.mark.parametrize("name", ["member", "agency", "coordinator", "foreign coordinator", "secretariat"])
def test_members_read_every_row(seated: World, name: str) -> None:
    assert ask(seated, name).total == 8


def test_an_enforcement_body_reads_its_own_row_as_published(seated: World) -> None:
    found = ask(seated, "enforcement")
    assert found.keys == (("XBA", "XBA-POLICE", "GOV-POL"),)
    assert register_rows.OWN_ONLY in found.table.caveats
    assert ask(seated, "enforcement", search="asterland").found == 0
    assert ask(seated, "enforcement", filters={"country": "XAA"}).unknown, "she does not learn that it is there"
    assert [one.name for one in registers.choices(dated(seated.viewer("enforcement")), seated.house, "members")] == []
    _rows, order, whole = registers.whole(dated(seated.viewer("enforcement")), seated.house, "members", Asked())
    assert len(order) == 1 and "XAA" not in whole.frame.to_csv()
    listed = {one.contract.name: one for one in registers.listed(dated(seated.viewer("enforcement")), seated.house)}
    assert listed["members"].entries == 1


def test_what_names_an_enforcement_body_is_hers_once_it_is_published(world: World) -> None:
    rows = [
        {"country": "XBA", "action_code": f"XBA-{n}", "organisation_code": "XBA-COORD", "title": f"Action {n}",
         "changes_for_survivor": "She is heard.", "lead": lead, "support": support, "agreed_on": "2026-05-01",
         "due_on": "2026-12-31", "restricts_work_or_migration": "no"}
        for n, lead, support in (
            (1, "XBA-POLICE", ""), (2, "XBA-COORD", "XBA-UNION|XBA-POLICE"), (3, "XBA-COORD", "XBA-UNION"),
        )
    ]  # fmt: skip
    send(world, "actions", "XBA-COORD", "2026-Q3", table(world.house, "actions", rows))
    assert ask(world, "enforcement", dataset="actions").total == 0
    release.publish(world.operator, world.house, note="second")
    assert named(ask(world, "enforcement", dataset="actions")) == ["Action 1", "Action 2"]


@pytest.mark.parametrize("question", [registers.choices, registers.columns, registers.usual])
def test_nobody_without_an_account(seated: World, question: object) -> None:
    anonymous = seated.viewer("anonymous")
    with pytest.raises(Refused):
        question(anonymous, seated.house, "members")  # type: ignore[operator]
    with pytest.raises(Refused):
        registers.register(anonymous, seated.house, "members", Asked())
    with pytest.raises(Refused):
        registers.listed(anonymous, seated.house)


def test_an_unknown_register_tells_a_stranger_nothing(seated: World) -> None:
    with pytest.raises(Refused):
        registers.register(seated.viewer("anonymous"), seated.house, "nothing", Asked())
