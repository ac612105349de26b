"""What an account is to the policy: capped or not by the register, for which country, and never as it was before."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.people import accounts, organisations, roster
from dashboard.people.sessions import sign_in, viewer_of
from dashboard.protection import policy
from dashboard.protection.policy import PUBLIC, Reach
from dashboard.record.house import House
from dashboard.record.store import Store
from people_world import ACTOR, HERE, PASSWORD, START, member, person, register, seen


@pytest.mark.parametrize(
    ("rows", "capped"),
    [
        ([], True),
        ([member("XAA-OTHER")], True),
        ([member("XAA-HEALTH")], False),
        ([member("XAA-HEALTH", "yes")], True),
        ([member("XAA-HEALTH"), member("XAA-HEALTH", "yes")], True),
        ([member("XAA-HEALTH", "")], True),
        ([member("XAA-HEALTH", "not_known")], True),
    ],
)
def test_the_mark_in_the_register_caps_and_what_is_not_in_it_is_marked(
    house: House, rows: list[dict[str, Any]], capped: bool
) -> None:
    account_id = person(house)
    if rows:
        register(house, *rows)
    viewer = seen(house, account_id)
    assert viewer.enforcement is capped
    assert (policy.reach(viewer, "view coverage") is Reach.ALL) is not capped
    assert policy.may(viewer, "view submissions", "XAA-HEALTH", "XAA"), "Her own files stay visible to her."


def test_the_mark_is_that_of_the_latest_register_of_the_country(house: House) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH", "yes"), period="2026-Q2")
    assert seen(house, account_id).enforcement
    register(house, member("XBB-LEGAL", country="XBB"), period="2026-Q4", by="XBB-COORD")
    assert seen(house, account_id).enforcement, "another country's register says nothing of it"
    register(house, member("XAA-HEALTH"), period="2026-Q3")
    assert not seen(house, account_id).enforcement
    register(house, member("XAA-HEALTH", "yes"), member("XAA-OTHER"), period="2026-Q2")
    assert not seen(house, account_id).enforcement, "an earlier quarter that is sent again changes nothing"


def test_whom_the_latest_register_leaves_out_is_marked(house: House) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH"), period="2026-Q2")
    assert not seen(house, account_id).enforcement
    register(house, member("XAA-OTHER"), period="2026-Q3")
    assert seen(house, account_id).enforcement


def test_the_cap_follows_the_register_within_a_session(house: House) -> None:
    person(house)
    register(house, member("XAA-HEALTH"))
    session_id = sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START)
    before = viewer_of(house, session_id, START, True)
    register(house, member("XAA-HEALTH", "yes"), period="2026-Q4")
    after = viewer_of(house, session_id, START, True)
    assert before is not None and after is not None and (before.enforcement, after.enforcement) == (False, True)


@pytest.mark.parametrize(
    ("role", "organisation", "marked", "capped"),
    [
        ("secretariat", "", "no", False),
        ("secretariat", "XAA-SEC", "no", False),
        ("secretariat", "XAA-POLICE", "yes", True),
        ("coordinator", "", "no", False),
        ("coordinator", "XAA-COORD", "no", True),
        ("member", "XAA-POLICE", "no", False),
    ],
)
def test_who_is_spared_when_the_register_says_nothing(
    house: House, role: str, organisation: str, marked: str, capped: bool
) -> None:
    register(house, member("XAA-POLICE", marked))
    account_id = person(house, "one", role, organisation, **({"country": "KHM"} if role == "coordinator" else {}))
    assert seen(house, account_id).enforcement is capped


def test_a_grant_for_a_marked_organisation_caps_as_well_and_only_while_it_lasts(house: House) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH"), member("XAA-POLICE", "yes"))
    assert not seen(house, account_id).enforcement
    accounts.grant(ACTOR, house, account_id, role="agency", organisation_code="XAA-POLICE", valid_to=date(2026, 10, 31))
    capped = seen(house, account_id)
    assert capped.enforcement and not seen(house, account_id, date(2026, 11, 1)).enforcement
    assert policy.scope(capped, "view submissions").organisations == {"XAA-HEALTH"}


def test_whose_only_organisation_is_in_a_grant_is_capped_by_it(house: House) -> None:
    account_id = person(house, "one", "coordinator", "", country="KHM")
    assert not seen(house, account_id).enforcement
    accounts.grant(ACTOR, house, account_id, role="agency", organisation_code="KHM-POLICE")
    assert seen(house, account_id).enforcement and seen(house, account_id).organisation_code == "KHM-POLICE"


def test_country_from_the_grant_else_from_the_register(house: House) -> None:
    register(house, member("XBB-LEGAL", country="XBB"), by="XBB-COORD")
    plain = person(house, "plain", "agency", "XBB-LEGAL")
    granted = person(house, "granted", "coordinator", "XBB-LEGAL", country="KHM")
    unknown = person(house, "unknown", "agency", "XBB-OTHER")
    assert [seen(house, a).country for a in (plain, granted, unknown)] == ["XBB", "KHM", ""]


def test_another_record_in_the_same_process_has_its_own_people(house: House, tmp_path: Any) -> None:
    person(house)
    register(house, member("XAA-HEALTH"))
    settings = replace(house.settings, data=tmp_path / "other")
    other = replace(house, settings=settings, store=Store.open(settings, house.library))
    try:
        assert roster.roster(other).accounts == {} and organisations.register(other) == {}
    finally:
        other.close()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 9, 30), 12, date(2027, 9, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert roster.months_later(day, months) == expected


def test_what_the_roster_remembers_is_never_behind_the_record(house: House) -> None:
    ids = [person(house, f"n{n}") for n in range(3)]
    stale: list[str] = []

    def flip(account_id: str) -> None:
        for _ in range(5):
            for door, wanted in ((accounts.disable, True), (accounts.enable, False)):
                door(ACTOR, house, account_id)
                if roster.roster(house).accounts[account_id].disabled is not wanted:
                    stale.append(account_id)

    threads = [threading.Thread(target=flip, args=(account_id,)) for account_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stale == []
