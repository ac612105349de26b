"""Signing in and out: what a session id opens, until when, and that a copy of one opens nothing afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median

import pytest

from dashboard.people import accounts, links, passwords, sessions, throttle
from dashboard.people.sessions import SignInRefused, sign_in, sign_out, viewer_of
from dashboard.protection.policy import PUBLIC
from dashboard.record.house import House
from people_world import ACTOR, HERE, OTHER, PASSWORD, START, account_id_of, invite, later, log, person

EMAIL = "agency@example.org"


def enter(house: House, now: datetime = START, password: str = PASSWORD, address: str = HERE) -> str:
    return sign_in(PUBLIC, house, EMAIL, password, address, now)


def alive(house: House, session_id: str, now: datetime = START, activity: bool = True) -> bool:
    return viewer_of(house, session_id, now, activity) is not None


# Replays: a copied session id, tried again after what should have ended it.


def _sign_out(house: House, session_id: str) -> datetime:
    sign_out(PUBLIC, house, session_id)
    return START


def _disable(house: House, session_id: str) -> datetime:
    accounts.disable(ACTOR, house, account_id_of(house, "agency"))
    return START


def _change_password(house: House, session_id: str) -> datetime:
    viewer = viewer_of(house, session_id, START, True)
    assert viewer is not None
    accounts.change_password(viewer, house, current=PASSWORD, new=OTHER, address=HERE, now=START)
    return START


def _reset_password(house: House, session_id: str) -> datetime:
    token = links.reset(ACTOR, house, account_id_of(house, "agency"), now=START)
    links.redeem(PUBLIC, house, token, password=OTHER, now=START)
    return START


def _give_role(house: House, session_id: str) -> datetime:
    accounts.grant(ACTOR, house, account_id_of(house, "agency"), role="member")
    return START


def _take_role(house: House, session_id: str) -> datetime:
    hers = house.store.read("select grant_id from grant_now where account_id = $id", id=account_id_of(house, "agency"))
    accounts.revoke(ACTOR, house, hers[0]["grant_id"])
    return START


def _idle(house: House, session_id: str) -> datetime:
    return later(minutes=30)


def _absolute(house: House, session_id: str) -> datetime:
    for minutes in range(10, 12 * 60, 10):
        assert alive(house, session_id, later(minutes=minutes)), minutes
    return later(hours=12)


REPLAYS: list[Callable[[House, str], datetime]] = [
    _sign_out,
    _disable,
    _change_password,
    _reset_password,
    _give_role,
    _take_role,
    _idle,
    _absolute,
]


@pytest.mark.parametrize("ending", REPLAYS, ids=lambda ending: ending.__name__.strip("_"))
def test_a_replay_opens_nothing(house: House, ending: Callable[[House, str], datetime]) -> None:
    person(house)
    person(house, "other")
    session_id = enter(house)
    bystander = sign_in(PUBLIC, house, "other@example.org", PASSWORD, HERE, START)
    assert alive(house, session_id)
    now = ending(house, session_id)
    assert not alive(house, session_id, now) and not alive(house, session_id, now, activity=False)
    assert not alive(house, session_id, START), "Turning the clock back does not wake it."
    assert alive(house, bystander), "Nobody else's session ended with it."


def test_the_stamp_alone_ends_a_session_whose_row_came_back(house: House) -> None:
    person(house)
    session_id = enter(house)
    kept = house.store.ephemeral("select * from sessions")[0]
    accounts.grant(ACTOR, house, account_id_of(house, "agency"), role="member")
    house.store.ephemeral(
        "insert into sessions (session_hash, account_id, started_at, last_seen, stamp)"
        " values ($session_hash, $account_id, $started_at, $last_seen, $stamp)",
        **kept,
    )
    assert not alive(house, session_id)
    assert house.store.ephemeral("select * from sessions") == []


def test_a_session_id_that_somebody_else_chose_is_never_taken_over(house: House) -> None:
    person(house)
    planted = "A" * 43
    assert not alive(house, planted)
    first = enter(house)
    second = enter(house)
    assert len({planted, first, second}) == 3 and not alive(house, planted)
    sign_out(PUBLIC, house, first)
    assert alive(house, second)


@pytest.mark.parametrize("session_id", ["", "x", "\udcff", "é" * 500, "' or true --", "a\0b"])
def test_what_was_never_given_out_is_nobody(house: House, session_id: str) -> None:
    person(house)
    enter(house)
    assert not alive(house, session_id)
    sign_out(PUBLIC, house, session_id)


def test_ids_are_random_and_only_their_hash_is_kept(house: House) -> None:
    person(house)
    ids = {enter(house) for _ in range(5)}
    assert len(ids) == 5 and all(len(session_id) == 43 for session_id in ids)
    rows = house.store.ephemeral("select * from sessions")
    assert len({row["session_hash"] for row in rows}) == 5 and all(len(row["session_hash"]) == 64 for row in rows)
    assert not any(session_id in str(rows) for session_id in ids)


def test_activity_is_written_at_most_every_five_minutes(house: House) -> None:
    person(house)
    session_id = enter(house)

    def seen() -> datetime:
        return house.store.ephemeral("select last_seen from sessions")[0]["last_seen"]

    for minutes, written in ((1, 0), (4.9, 0), (5, 5), (9.9, 5), (10, 10), (39.9, 39.9)):
        assert alive(house, session_id, later(minutes=minutes)), minutes
        assert seen() == later(minutes=written)
    assert not alive(house, session_id, later(minutes=69.9))


def test_polling_is_no_activity(house: House) -> None:
    person(house)
    session_id = enter(house)
    for minutes in range(1, 30):
        assert alive(house, session_id, later(minutes=minutes), activity=False)
    assert not alive(house, session_id, later(minutes=30), activity=False)


def test_the_settings_say_how_long(house: House) -> None:
    from dataclasses import replace

    person(house)
    short = replace(house, settings=replace(house.settings, idle_minutes=2, absolute_hours=1))
    session_id = enter(short)
    assert alive(short, session_id, later(minutes=1)) and not alive(short, session_id, later(minutes=2))


def test_signing_in_and_looking_move_no_version(house: House) -> None:
    person(house)
    before = house.store.head()
    session_id = enter(house)
    alive(house, session_id, later(minutes=6))
    sign_out(PUBLIC, house, session_id)
    with pytest.raises(SignInRefused):
        enter(house, password=OTHER)
    assert house.store.head() == before


def test_a_grant_that_runs_out_does_so_within_the_session(house: House) -> None:
    person(house, valid_to=START.date())
    session_id = enter(house, START.replace(hour=23, minute=40))
    tonight = viewer_of(house, session_id, START.replace(hour=23, minute=50), True)
    tomorrow = viewer_of(house, session_id, START.replace(hour=0, minute=10) + timedelta(days=1), True)
    assert tonight is not None and tonight.roles == {"agency"}
    assert tomorrow is not None and tomorrow.roles == frozenset()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, OTHER),
        (EMAIL, ""),
        (EMAIL, "x" * 5000),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("\udcff@x", "\udcff"),
        ("invited@example.org", PASSWORD),
        ("invited@example.org", ""),
        ("closed@example.org", PASSWORD),
        ("operator", ""),
        (EMAIL + "\0", PASSWORD),
        ("%", PASSWORD),
    ],
)
def test_one_answer_for_every_wrong_pair(house: House, email: str, password: str) -> None:
    person(house)
    invite(house, "invited")
    accounts.disable(ACTOR, house, person(house, "closed"))
    with pytest.raises(SignInRefused) as refused:
        sign_in(PUBLIC, house, email, password, HERE, START)
    assert refused.value.wait == 0 and str(refused.value).startswith("The e-mail address or the password is not right.")
    assert house.store.ephemeral("select * from sessions") == []


@pytest.mark.parametrize("typed", [EMAIL, " Agency@Example.ORG ", "AGENCY@EXAMPLE.ORG\n"])
def test_an_address_is_one_however_it_is_typed(house: House, typed: str) -> None:
    person(house)
    assert alive(house, sign_in(PUBLIC, house, typed, PASSWORD, HERE, START))


def test_too_many_wrong_ones_wait_and_the_right_one_too(house: House) -> None:
    person(house)
    for email in (EMAIL, "nobody@example.org"):
        said = []
        for _ in range(6):
            with pytest.raises(SignInRefused) as refused:
                sign_in(PUBLIC, house, email, OTHER, HERE, START)
            said.append((refused.value.wait, str(refused.value)))
        assert [wait for wait, _ in said] == [0, 0, 0, 0, 2, 2]
        assert said[-1][1] == "Too many attempts did not work. Wait 2 seconds, then try again."
    with pytest.raises(SignInRefused):
        enter(house)
    assert alive(house, enter(house, later(seconds=2)), later(seconds=2))
    for _ in range(4):
        with pytest.raises(SignInRefused, match="not right"):
            enter(house, later(seconds=3), OTHER)


def test_nobody_can_keep_her_out_on_the_day_of_the_meeting(house: House) -> None:
    person(house)
    enter(house, address="203.0.113.5")
    now = later(hours=1)
    for n in range(55):
        with pytest.raises(SignInRefused):
            enter(house, now, OTHER, f"198.51.{n % 20}.1")
    assert alive(house, enter(house, now, address="203.0.113.5"), now)


def test_a_rush_is_told_to_wait_and_costs_nobody_an_attempt(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    person(house)
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), passwords._turn():
        for _ in range(10):
            with pytest.raises(SignInRefused, match="Many people") as refused:
                enter(house)
            assert refused.value.wait == 5
    assert alive(house, enter(house))


def test_a_password_that_changes_while_the_old_one_is_looked_at_opens_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = person(house)
    real = passwords.verify

    def slow(stored: str | None, password: str) -> bool:
        right = real(stored, password)
        token = links.reset(ACTOR, house, account_id, now=START)
        links.redeem(PUBLIC, house, token, password=OTHER, now=START)
        return right

    monkeypatch.setattr(passwords, "verify", slow)
    session_id = enter(house)
    monkeypatch.undo()
    assert not alive(house, session_id)


def test_opened_without_a_password(house: House) -> None:
    account_id = person(house)
    assert alive(house, sessions.open_session(PUBLIC, house, account_id, START))
    accounts.disable(ACTOR, house, account_id)
    for unknown in (account_id, "", "operator"):
        with pytest.raises(SignInRefused):
            sessions.open_session(PUBLIC, house, unknown, START)


def test_many_at_once_all_come_in(house: House) -> None:
    for n in range(6):
        person(house, f"n{n}")
    got: list[bool] = []

    def go(n: int) -> None:
        session_id = sign_in(PUBLIC, house, f"n{n}@example.org", PASSWORD, HERE, START)
        got.append(alive(house, session_id))

    threads = [threading.Thread(target=go, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 6
    assert house.store.verify_audit() == []


def test_the_log_knows_who_came_and_went_and_no_address(house: House) -> None:
    account_id = person(house)
    enter(house)
    for email in (EMAIL, "nobody@example.org", "nobody@example.org"):
        with pytest.raises(SignInRefused):
            sign_in(PUBLIC, house, email, OTHER, HERE, START)
    sign_out(PUBLIC, house, enter(house))
    assert log(house)[2:] == ["signed in", *["sign-in failed"] * 3, "signed in", "signed out"]
    entries = house.store.read("select * from audit order by seq")[2:]
    assert [entry["subject"] for entry in entries] == [account_id, account_id, "", "", account_id, account_id]
    assert entries[2]["detail"] == entries[3]["detail"] != entries[1]["detail"]
    written = (
        str(entries)
        + "".join(path.read_text() for path in house.settings.journal.glob("*.jsonl")).split('"signed in"', 1)[1]
    )
    assert not any(word in written for word in ("@", HERE, PASSWORD, OTHER, "nobody"))


def test_old_sessions_are_swept(house: House) -> None:
    person(house)
    for hours in range(5):
        enter(house, later(hours=hours))
    enter(house, later(hours=14))
    assert len(house.store.ephemeral("select * from sessions")) == 3


def test_known_and_unknown_take_nearly_the_same_time(house: House) -> None:
    person(house)

    def took(email: str, n: int) -> float:
        begun = time.perf_counter()
        with pytest.raises(SignInRefused, match="not right"):
            sign_in(PUBLIC, house, email, OTHER, f"198.51.{n}.1", START + timedelta(hours=2 * n))
        return time.perf_counter() - begun

    took("warm@example.org", 200)
    pairs = [(took(EMAIL, n), took(f"u{n}@example.org", n)) for n in range(15)]
    ratio = median(known for known, _ in pairs) / median(unknown for _, unknown in pairs)
    assert 0.8 < ratio < 1.25, ratio


def test_the_day_of_the_viewer_is_the_day_of_the_clock(house: House) -> None:
    person(house)
    viewer = viewer_of(house, enter(house), START, True)
    assert viewer is not None and viewer.today == date(2026, 10, 1)
    assert throttle.keys(house, EMAIL, HERE)  # the same key after every start is record.audit's business
