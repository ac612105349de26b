"""One entry of a register: what became of it, who reads which part, and what no key can reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.intake import submissions
from dashboard.protection.policy import Refused, Viewer
from dashboard.publication import release
from dashboard.reports import register_history
from dashboard.reports.register_history import Entry, NoSuchEntry
from dashboard.reports.register_rows import NoSuchRegister
from test_corridors import HELD
from world import World, member, send, table

TODAY = date(2026, 11, 1)
HEALTH = ("XAA", "XAA-HEALTH", "GOV-HEA")


def dated(viewer: Viewer) -> Viewer:
    return replace(viewer, today=TODAY)


def read(world: World, key: tuple[str, ...] = HEALTH, name: str = "secretariat", version: int | None = None) -> Entry:
    return register_history.entry(dated(world.viewer(name)), world.house, "members", key, version)


def register(world: World, period: str, *rows: dict[str, str], organisation: str = "XAA-COORD") -> str:
    return send(world, "members", organisation, period, table(world.house, "members", list(rows)))


def kinds(found: Entry, n: int = 0) -> list[tuple[str, str]]:
    return [(step.kind, step.period) for step in found.statements[n].steps]


def test_what_changed_between_the_versions_newest_first(world: World) -> None:
    observer = member("XAA-HEALTH", "GOV-HEA", "health", seat="observer")
    sent = register(world, "2026-Q3", observer | {"seat_since": "2026-07-01"})
    found = read(world)
    assert (found.title, found.key) == ("XAA-HEALTH office", HEALTH)
    assert kinds(found) == [("changed", "Q3 2026"), ("added", "Q2 2026")]
    changed = found.statements[0].steps[0]
    assert changed.cells == (("Seat", "Seat filled", "Observer"), ("Seat since", "", "1 July 2026"))
    assert changed.submission == sent and changed.at > found.statements[0].steps[1].at
    assert found.statements[0].stands and found.statements[0].period == "Q3 2026"
    values = {field.name: words for field, words, _status in found.statements[0].values}
    assert values["seat_status"] == "Observer" and list(values) == list(world.house.library.contracts["members"].header)


def test_a_file_that_says_the_same_is_no_change(world: World) -> None:
    register(world, "2026-Q3", member("XAA-HEALTH", "GOV-HEA", "health"))
    found = read(world).statements[0]
    assert [step.kind for step in found.steps] == ["added"] and found.repeated == "Q3 2026"


def test_what_a_newer_file_leaves_out_is_gone_and_comes_back_when_that_is_withdrawn(world: World) -> None:
    before = world.house.store.head().version
    sent = register(world, "2026-Q3", member("XAA-COORD", "GOV-WOM", "coordination"))
    found = read(world)
    assert kinds(found) == [("removed", "Q3 2026"), ("added", "Q2 2026")] and not found.statements[0].stands
    assert read(world, version=before).statements[0].stands
    submissions.withdraw(world.operator, world.house, sent, "the wrong list")
    assert [kind for kind, _period in kinds(read(world))] == ["added", "removed", "added"]
    assert read(world).statements[0].stands


def test_a_correction_of_an_earlier_quarter_does_not_hide_the_later_one(world: World) -> None:
    register(world, "2026-Q3", member("XAA-HEALTH", "GOV-HEA", "health", seat="observer"))
    register(world, "2026-Q2", member("XAA-HEALTH", "GOV-HEA", "health", seat="vacant"))
    assert kinds(read(world)) == [("changed", "Q3 2026"), ("added", "Q2 2026")]


def test_two_registers_that_name_the_same_key_stand_beside_each_other(world: World) -> None:
    register(world, "2026-Q3", member("XAA-HEALTH", "GOV-HEA", "health", seat="vacant"), organisation="XAA-HEALTH")
    found = read(world)
    assert [one.organisation for one in found.statements] == ["XAA-COORD office", "XAA-HEALTH office"]
    assert [kinds(found, n) for n in (0, 1)] == [[("added", "Q2 2026")], [("added", "Q3 2026")]]


def test_only_who_may_open_a_file_gets_its_id(world: World) -> None:
    for name, opens in (
        ("secretariat", True),
        ("coordinator", True),
        ("member", False),
        ("foreign coordinator", False),
    ):
        assert bool(read(world, name=name).statements[0].steps[0].submission) is opens, name


@pytest.mark.parametrize(
    "key", [(), ("XAA",), (*HEALTH, "x"), ("XAA", "XAA-HEALTH", ""), ("", "", ""), ("XAA", "' or 1=1 --", "GOV-HEA")]
)
def test_a_key_that_names_nothing(world: World, key: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchEntry):
        read(world, key)


def test_what_never_counts_has_no_entry(world: World) -> None:
    with pytest.raises(NoSuchEntry):
        read(world, version=0)
    for dataset in ("service_contacts", "service_coverage", "nothing"):
        with pytest.raises(NoSuchRegister):
            register_history.entry(dated(world.operator), world.house, dataset, HEALTH)
    with pytest.raises(Refused):
        read(world, name="anonymous")


def test_what_was_expunged_is_in_no_history(world: World) -> None:
    sent = register(world, "2026-Q3", member("XAA-SECRET", "GOV-HEA", "health"))
    assert read(world, ("XAA", "XAA-SECRET", "GOV-HEA")).statements
    submissions.expunge(world.operator, world.house, sent, reason="a name stood in it")
    with pytest.raises(NoSuchEntry):
        read(world, ("XAA", "XAA-SECRET", "GOV-HEA"))


def test_an_enforcement_body_reads_what_names_it_up_to_the_release(world: World) -> None:
    own = ("XBA", "XBA-POLICE", "GOV-POL")
    with pytest.raises(NoSuchEntry):
        read(world, name="enforcement")
    police = member("XBA-POLICE", "GOV-POL", "justice_policing", enforcement="yes", seat="observer")
    register(world, "2026-Q3", police, organisation="XBA-COORD")
    assert told(world, own) == ("Q2 2026", "seat filled"), "the change is not published"
    release.publish(world.operator, world.house, note="second")
    assert told(world, own) == ("Q3 2026", "observer"), "it reads what stands, and no other time of it"


def told(world: World, key: tuple[str, ...]) -> tuple[str, str]:
    """The quarter of the one statement that an enforcement body reads of another's entry, and the seat in it."""
    (one,) = read(world, key, "enforcement").statements
    assert one.stands and one.steps == () and one.repeated == ""
    return one.period, next(words.casefold() for field, words, _status in one.values if field.name == "seat_status")


def test_what_named_a_body_by_mistake_and_was_corrected_before_the_release_is_not_its_to_read(world: World) -> None:
    """Neither the row that was corrected, nor that the entry is gone: it stands, and names others."""
    named = HELD | {"agreement_code": "XAA-AGR-9", "embassy": "XBA-POLICE"}
    for quarter, row in (("2026-Q2", named), ("2026-Q3", named | {"embassy": ""})):
        send(world, "agreements", "XAA-COORD", quarter, table(world.house, "agreements", [row]))
    release.publish(world.operator, world.house, note="third")
    key = tuple(named[name] for name in world.house.library.contracts["agreements"].key)
    (found,) = register_history.entry(dated(world.viewer("member")), world.house, "agreements", key).statements
    assert found.stands and [step.kind for step in found.steps] == ["changed", "added"]
    with pytest.raises(NoSuchEntry):
        register_history.entry(dated(world.viewer("enforcement")), world.house, "agreements", key)


def test_a_baseline_that_counts_contacts_has_no_entry(world: World) -> None:
    from world import train

    counting = next(code for code, one in world.house.library.indicators.items() if one.administrative)
    train(world, "secretariat")
    row = {"country": "XAA", "organisation_code": "XAA-COORD", "indicator_code": counting, "what": "baseline",
           "due_period": "2026-Q1", "value": "4711", "agreed_in": "Plan"}  # fmt: skip
    send(world, "milestones", "XAA-COORD", "2026-Q3", table(world.house, "milestones", [row]), by="secretariat")
    with pytest.raises(NoSuchEntry):
        register_history.entry(
            dated(world.viewer("secretariat")), world.house, "milestones", ("XAA", counting, "baseline", "2026-Q1")
        )
