"""Accounts, their rights and their training: who may change them, and what the record and the log keep of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dashboard.people import accounts, links, passwords, roster
from dashboard.people.errors import NotPossible, PasswordRefused
from dashboard.people.sessions import SignInRefused, open_session, sign_in, viewer_of
from dashboard.protection import policy
from dashboard.protection.policy import PUBLIC, Reach, Refused, Viewer
from dashboard.record.house import House
from people_world import ACTOR, HERE, OTHER, PASSWORD, START, chief, invite, log, member, person, register, seen

# Training


def test_training_lasts_twelve_months_and_needs_the_undertaking(house: House) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH"))
    assert not seen(house, account_id).trained
    training_id = accounts.record_training(
        ACTOR, house, account_id, completed_on=date(2026, 9, 30), undertaking_on=date(2026, 9, 30)
    )
    assert seen(house, account_id).training_until == date(2027, 9, 30)
    assert policy.reach(seen(house, account_id), "view contacts") is Reach.OWN_ORGANISATION
    assert policy.reach(seen(house, account_id, date(2027, 10, 1)), "view contacts") is Reach.RELEASE
    accounts.revoke_training(ACTOR, house, training_id)
    assert not seen(house, account_id).trained
    with pytest.raises(NotPossible, match="not there any more"):
        accounts.revoke_training(ACTOR, house, training_id)
    with house.store.write("people", by="operator") as write:
        write.add("training", {"training_id": "t", "account_id": account_id, "completed_on": date(2026, 9, 30)})
    assert not seen(house, account_id).trained


def test_a_training_is_over_when_it_is_recorded(house: House) -> None:
    account_id = person(house)
    for completed, undertaking in ((date(2026, 10, 2), START.date()), (START.date(), date(2026, 10, 2))):
        with pytest.raises(NotPossible, match="days that have passed"):
            accounts.record_training(ACTOR, house, account_id, completed_on=completed, undertaking_on=undertaking)


# Rights


def test_a_role_is_given_and_taken_back(house: House) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH"))
    grant_id = accounts.grant(ACTOR, house, account_id, role="coordinator", country="KHM", valid_from=date(2026, 11, 1))
    assert seen(house, account_id).roles == {"agency"}
    assert seen(house, account_id, date(2026, 11, 1)).roles == {"agency", "coordinator"}
    accounts.revoke(ACTOR, house, grant_id)
    assert seen(house, account_id, date(2026, 11, 1)).roles == {"agency"}
    with pytest.raises(NotPossible, match="not held any more"):
        accounts.revoke(ACTOR, house, grant_id)
    assert log(house)[-2:] == ["role given", "role taken back"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"role": "chief"}, "no role"),
        ({"role": "coordinator"}, "not on the list"),
        ({"role": "coordinator", "country": "ZZZ"}, "not on the list"),
        ({"role": "agency", "organisation_code": "health"}, "no organisation code"),
        ({"role": "member", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "end before it begins"),
    ],
)
def test_roles_that_make_no_sense_get_a_sentence(house: House, asked: dict[str, Any], words: str) -> None:
    account_id = person(house)
    before = house.store.head().version
    with pytest.raises(NotPossible, match=words) as said:
        accounts.grant(ACTOR, house, account_id, **asked)
    assert str(said.value).endswith(".") and house.store.head().version == before


DOORS: dict[str, Callable[[Viewer, House, str], Any]] = {
    "listing": lambda v, h, a: accounts.listing(v, h),
    "disable": lambda v, h, a: accounts.disable(v, h, a),
    "enable": lambda v, h, a: accounts.enable(v, h, a),
    "grant": lambda v, h, a: accounts.grant(v, h, a, role="secretariat"),
    "revoke": lambda v, h, a: accounts.revoke(v, h, h.store.read("select grant_id from grant_now")[0]["grant_id"]),
    "record_training": lambda v, h, a: accounts.record_training(
        v, h, a, completed_on=START.date(), undertaking_on=START.date()
    ),
    "revoke_training": lambda v, h, a: accounts.revoke_training(v, h, "x"),
    "setup_link": lambda v, h, a: links.setup_link(v, h, now=START),
    "invite": lambda v, h, a: links.invite(v, h, email="e@example.org", name="E", role="secretariat", now=START),
    "reset": lambda v, h, a: links.reset(v, h, a, now=START),
}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_to_people_opens_for_others_than_the_secretariat(house: House, door: str) -> None:
    account_id = person(house)
    register(house, member("XAA-HEALTH"), member("XAA-POLICE", "yes"))
    others = [PUBLIC, seen(house, account_id)]
    for role in ("member", "coordinator"):
        others.append(seen(house, person(house, role, role, "XAA-HEALTH", country="KHM")))
    others += [seen(house, person(house, "capped", "secretariat", "XAA-POLICE"))]
    before = house.store.head().version
    for viewer in others:
        with pytest.raises(Refused):
            DOORS[door](viewer, house, account_id)
    assert house.store.head().version == before


def test_an_account_that_is_not_there(house: House) -> None:
    for door in (accounts.disable, accounts.enable):
        with pytest.raises(NotPossible, match="no such account"):
            door(ACTOR, house, "nobody")
    with pytest.raises(NotPossible, match="no such account"):
        accounts.grant(ACTOR, house, "nobody", role="member", organisation_code="XAA-HEALTH")
    with pytest.raises(NotPossible, match="no such account"):
        links.reset(ACTOR, house, "nobody", now=START)


def test_the_last_of_the_secretariat_cannot_be_closed_by_herself(house: House) -> None:
    me = chief(house)
    grant_id = house.store.read("select grant_id from grant_now")[0]["grant_id"]
    invite(house, "second", "secretariat", "")  # invited, but has no password yet
    for step in (lambda: accounts.disable(me, house, me.account_id), lambda: accounts.revoke(me, house, grant_id)):
        with pytest.raises(NotPossible, match="last account of the secretariat"):
            step()
    chief(house, "third")
    accounts.disable(me, house, me.account_id)
    assert roster.roster(house).accounts[me.account_id].disabled


def test_two_of_the_secretariat_closing_each_other_leave_one(house: House) -> None:
    one, two = chief(house, "one"), chief(house, "two")
    start, done = threading.Barrier(2), list[str]()

    def close(me: Viewer, other: Viewer) -> None:
        start.wait()
        try:
            accounts.disable(me, house, other.account_id)
            done.append(other.name)
        except NotPossible:
            pass

    threads = [threading.Thread(target=close, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1


def test_a_closed_account_is_opened_again_as_it_was(house: House) -> None:
    account_id = person(house)
    accounts.disable(ACTOR, house, account_id)
    with pytest.raises(SignInRefused):
        sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START)
    accounts.enable(ACTOR, house, account_id)
    assert sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START)
    assert seen(house, account_id).roles == {"agency"}


def test_the_list_says_what_counts_today(house: House) -> None:
    account_id = person(house)
    accounts.grant(ACTOR, house, account_id, role="member", valid_to=date(2026, 9, 30))
    invite(house, "zoe")
    rows = accounts.listing(chief(house), house)
    assert [(r["name"], r["signs_in"], r["disabled"]) for r in rows] == [
        ("The agency", True, False),
        ("The chief", True, False),
        ("The zoe", False, False),
    ]
    assert [(g["role"], g["valid"]) for g in rows[0]["grants"]] == [("agency", True), ("member", False)]
    assert not any("hash" in key or "stamp" in key for key in rows[0])


# One's own password


def test_a_password_is_changed_by_who_knows_it(house: House) -> None:
    account_id = person(house)
    me = seen(house, account_id)
    mine = open_session(PUBLIC, house, account_id, START)
    with pytest.raises(SignInRefused, match="current password is not right"):
        accounts.change_password(me, house, current=OTHER, new=OTHER, now=START)
    with pytest.raises(PasswordRefused):
        accounts.change_password(me, house, current=PASSWORD, new="short", now=START)
    assert viewer_of(house, mine, START, True) is not None
    accounts.change_password(me, house, current=PASSWORD, new=OTHER, now=START)
    assert viewer_of(house, mine, START, True) is None
    assert sign_in(PUBLIC, house, "agency@example.org", OTHER, HERE, START)
    with pytest.raises(Refused):
        accounts.change_password(PUBLIC, house, current=PASSWORD, new=OTHER, now=START)


def test_a_new_link_wins_over_a_change_that_is_under_way(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    account_id = person(house)
    me = seen(house, account_id)
    real, third = passwords.verify, "nine grey herons by the canal"

    def slow(stored: str | None, password: str) -> bool:
        right = real(stored, password)
        links.redeem(PUBLIC, house, links.reset(ACTOR, house, account_id, now=START), password=third, now=START)
        return right

    monkeypatch.setattr(passwords, "verify", slow)
    with pytest.raises(SignInRefused, match="not right"):
        accounts.change_password(me, house, current=PASSWORD, new=OTHER, now=START)
    monkeypatch.undo()
    assert sign_in(PUBLIC, house, "agency@example.org", third, HERE, START)


def test_a_rush_is_said_in_a_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    me = seen(house, person(house))
    token = invite(house, "zoe")
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        with pytest.raises(NotPossible, match="Many people"):
            accounts.change_password(me, house, current=PASSWORD, new=OTHER, now=START)
        with pytest.raises(NotPossible, match="Many people"):
            links.redeem(PUBLIC, house, token, password=OTHER, now=START)


def test_who_finds_an_open_laptop_guesses_no_faster(house: House) -> None:
    me = seen(house, person(house))
    waits = []
    for _ in range(6):
        with pytest.raises(SignInRefused) as refused:
            accounts.change_password(me, house, current=OTHER, new=OTHER, address=HERE, now=START)
        waits.append(refused.value.wait)
    assert waits == [0, 0, 0, 0, 2, 2]


# The record


def test_all_of_it_is_in_the_record_and_the_log_holds_no_address(house: House) -> None:
    account_id = person(house)
    me = chief(house)
    accounts.grant(me, house, account_id, role="member", valid_to=date(2026, 12, 31))
    accounts.record_training(me, house, account_id, completed_on=START.date(), undertaking_on=START.date())
    accounts.disable(me, house, account_id)
    accounts.enable(me, house, account_id)
    entries = house.store.read("select * from audit order by seq")[4:]
    assert [(e["action"], e["by_account"], e["subject"]) for e in entries] == [
        (action, me.account_id, account_id)
        for action in ("role given", "training recorded", "account closed", "account opened again")
    ]
    assert not any(word in str(entries) for word in ("@", "The agency", "The chief", PASSWORD))
    assert house.store.verify_audit() == []
    assert house.store.head().people == house.store.head().version


def test_a_door_that_fails_writes_no_log(house: House) -> None:
    account_id = person(house)
    before = log(house)
    with pytest.raises(NotPossible):
        accounts.grant(ACTOR, house, account_id, role="chief")
    assert log(house) == before
