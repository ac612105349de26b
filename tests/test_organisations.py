"""Which organisations there are: those of the register as it is now, and those that a grant names."""

from __future__ import annotations

from dashboard.people import organisations
from dashboard.protection.policy import PUBLIC, Viewer
from dashboard.record.house import House
from people_world import ACTOR, START, member, person, register


def test_organisations_are_those_of_the_register_and_of_grants(house: House) -> None:
    person(house, "a", "agency", "XAA-HEALTH")
    person(house, "b", "agency", "XAA-NEW", country="KHM")
    register(house, member("XAA-HEALTH", name="Old name"), member("XAA-POLICE", "yes"), period="2026-Q2")
    register(house, member("XAA-HEALTH", name="Health"), period="2026-Q3")
    assert organisations.known(ACTOR, house) == [
        {"organisation_code": "XAA-HEALTH", "name": "Health", "country": "XAA", "enforcement": False},
        {"organisation_code": "XAA-NEW", "name": "XAA-NEW", "country": "KHM", "enforcement": True},
        {"organisation_code": "XAA-POLICE", "name": "Xaa-Police", "country": "XAA", "enforcement": True},
    ]
    assert [organisations.country_of(house, code) for code in ("XAA-HEALTH", "XAA-NEW", "XAA-NONE", "")] == [
        "XAA", "KHM", "", ""]


def test_organisations_are_shown_to_nobody_without_a_role(house: House) -> None:
    register(house, member("XAA-HEALTH"))
    assert organisations.known(PUBLIC, house) == []
    assert organisations.known(Viewer("a1", "A", "XAA-HEALTH", "XAA", (), False, None, START.date()), house) == []
