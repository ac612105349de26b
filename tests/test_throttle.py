"""Guessing gets slower; nobody is locked out for good; the table names nobody."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from dashboard.people import throttle
from dashboard.people.throttle import RULES
from dashboard.record.house import House
from people_world import HERE, START, later

EMAIL = "agency@example.org"


def attempts(house: House, count: int, email: str = EMAIL, address: str = HERE, seconds: float = 0.0) -> list[float]:
    """The waits of so many attempts that fail, all at the same moment."""
    return [throttle.enter(house, throttle.keys(house, email, address), later(seconds=seconds)) for _ in range(count)]


def test_a_few_are_free_then_the_wait_doubles_up_to_an_end(house: House) -> None:
    assert attempts(house, 4) == [0, 0, 0, 0]
    waits, now = [], START
    for _ in range(12):
        wait = throttle.enter(house, throttle.keys(house, EMAIL, HERE), now)
        waits.append(wait)
        now += timedelta(seconds=wait)
        assert throttle.enter(house, throttle.keys(house, EMAIL, HERE), now) == 0
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]


def test_asking_too_early_costs_nothing_more(house: House) -> None:
    attempts(house, 4)
    assert attempts(house, 50) == [2.0] * 50
    assert attempts(house, 1, seconds=2) == [0]


def test_it_is_forgotten_after_a_quiet_hour(house: House) -> None:
    attempts(house, 4)
    assert attempts(house, 5, seconds=3600) == [0, 0, 0, 0, 2]


def test_others_are_not_held_up(house: House) -> None:
    attempts(house, 5)
    assert attempts(house, 1, email="other@example.org") == [0]
    assert attempts(house, 1, address="198.51.100.1") == [0]


def test_one_address_trying_many_accounts_is_slowed(house: House) -> None:
    waits = [attempts(house, 1, email=f"a{n}@example.org")[0] for n in range(31)]
    assert waits == [0.0] * 30 + [1.0]
    assert attempts(house, 1, email="z@example.org", address="198.51.100.1") == [0]


def test_many_addresses_trying_one_account_are_slowed(house: House) -> None:
    waits = [attempts(house, 1, address=f"198.51.{n}.1")[0] for n in range(51)]
    assert waits == [0.0] * 50 + [1.0]


def test_who_has_signed_in_from_there_cannot_be_kept_out(house: House) -> None:
    keys = throttle.keys(house, EMAIL, HERE)
    assert throttle.enter(house, keys, START) == 0
    throttle.passed(house, keys, START)
    for n in range(60):
        attempts(house, 1, address=f"198.51.{n}.1")
    assert attempts(house, 1, address="203.0.113.9") != [0]
    assert attempts(house, 1) == [0]


def test_the_longest_wait_is_minutes() -> None:
    for rule in RULES.values():
        assert max(rule.wait(failures, 0) for failures in range(10_000)) == rule.longest <= 300
        assert rule.wait(10_000, rule.longest) == 0 and rule.wait(rule.free - 1, 0) == 0


def test_success_clears_the_account_and_gives_one_back_to_the_address(house: House) -> None:
    attempts(house, 4)
    keys = throttle.keys(house, EMAIL, HERE)
    throttle.enter(house, keys, later(seconds=10))
    throttle.passed(house, keys, later(seconds=10))
    left = {row["key"].split(":")[0]: row["failures"] for row in house.store.ephemeral("select * from throttle")}
    assert left == {"address": 4, "known": 0}


def test_an_attempt_that_was_not_looked_at_does_not_count(house: House) -> None:
    keys = throttle.keys(house, EMAIL, HERE)
    for _ in range(20):
        assert throttle.enter(house, keys, START) == 0
        throttle.unlooked(house, keys)


def test_a_hundred_at_the_same_moment_are_not_a_hundred_first_ones(house: House) -> None:
    waits: list[float] = []
    start = threading.Barrier(20)

    def go() -> None:
        start.wait()
        waits.extend(attempts(house, 5))

    threads = [threading.Thread(target=go) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 100 and waits.count(0) == 4


def test_the_table_names_nobody(house: House) -> None:
    attempts(house, 3)
    text = str(house.store.ephemeral("select * from throttle"))
    assert "agency" not in text and "example" not in text and HERE not in text
    other = throttle.keys(house, EMAIL, HERE)
    assert all(len(key.split(":")[1]) == 64 for key in other.values()) and len(set(other.values())) == 4


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "", True),
        ("not an address", "other", False),
    ],
)
def test_what_is_one_address(house: House, one: str, two: str, same: bool) -> None:
    first, second = throttle.keys(house, EMAIL, one), throttle.keys(house, EMAIL, two)
    assert (first["address"] == second["address"]) is same


def test_old_counts_go(house: House) -> None:
    attempts(house, 3)
    throttle.passed(house, throttle.keys(house, "b@example.org", HERE), START)
    attempts(house, 1, email="c@example.org", address="198.51.100.1", seconds=2 * 86400)
    kinds = [row["key"].split(":")[0] for row in house.store.ephemeral("select key from throttle order by key")]
    assert kinds == ["account", "address", "known", "pair"]
    attempts(house, 1, email="c@example.org", address="198.51.100.1", seconds=70 * 86400)
    assert "known" not in str(house.store.ephemeral("select key from throttle"))
