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
        "XAA",
        "KHM",
        "XAA",
        "",
    ]


def test_organisations_are_shown_to_nobody_without_a_role(house: House) -> None:
    register(house, member("XAA-HEALTH"))
    assert organisations.known(PUBLIC, house) == []
    assert organisations.known(Viewer("a1", "A", "XAA-HEALTH", "XAA", (), False, None, START.date()), house) == []


def test_an_organisation_invited_without_a_country_is_of_the_one_its_code_begins_with(house: House) -> None:
    person(house, "a", "agency", "XAA-NEW")
    [found] = organisations.known(ACTOR, house)
    assert found["country"] == organisations.country_of(house, "XAA-NEW") == "XAA"


def test_a_register_speaks_for_its_own_country_only(house: House) -> None:
    """A row of XBB that names an organisation of XAA changes neither its country, its name nor its mark."""
    register(house, member("XAA-POLICE", "yes", name="Police"), period="2026-Q2")
    register(
        house,
        member("XAA-POLICE", "no", country="XBB", name="Ours now"),
        member("XBB-LEGAL", country="XBB"),
        period="2026-Q3",
        by="XBB-COORD",
    )
    found = organisations.register(house)
    assert set(found) == {"XAA-POLICE", "XBB-LEGAL"}
    assert vars(found["XAA-POLICE"]) == {
        "organisation_code": "XAA-POLICE",
        "name": "Police",
        "country": "XAA",
        "enforcement": True,
    }


def test_two_files_of_the_latest_quarter_count_together(house: House) -> None:
    register(house, member("XAA-POLICE", "no"), period="2026-Q3")
    register(house, member("XAA-POLICE", "yes"), period="2026-Q3", by="XAA-OTHER")
    assert organisations.register(house)["XAA-POLICE"].enforcement
