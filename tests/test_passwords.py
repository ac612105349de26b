"""Passwords: what is refused and in which words, how they are kept, and that nobody can be told from somebody."""

from __future__ import annotations

import threading
import time
from statistics import median

import pytest
from argon2 import extract_parameters

from dashboard.people import passwords
from dashboard.people.errors import PasswordRefused
from people_world import OTHER, PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        OTHER,
        "kelp-otter-violin-9",
        "Ж тихо идёт снег над морем",
        "x7#Lq9!vT2mW",
        "rZq7!Zq7!plover wheel",
        "correct horse battery staple " * 4,
    ],
)
def test_good_passwords_pass(password: str) -> None:
    assert passwords.refusal(password) == ""
    assert passwords.verify(passwords.hashed(password), password)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "0 characters"),
        ("kelp otter", "10 characters"),
        ("x7#Lq9!vT2m", "11 characters"),
        ("kelp otter " * 12, "132 characters"),
        ("password1234", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("qwertyuiop[]", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("iloveyou2024", "easy to guess"),
        ("abcabcabcabcabc", "easy to guess"),
        ("a" * 128, "easy to guess"),
        ("Passw0rd!Passw0rd!", "easy to guess"),
    ],
)
def test_bad_passwords_get_a_sentence(password: str, words: str) -> None:
    said = passwords.refusal(password)
    assert words in said and said.endswith(".") and not (password and password in said)
    with pytest.raises(PasswordRefused, match=words):
        passwords.hashed(password)


@pytest.mark.parametrize(
    "password",
    [
        "Rosalinda Xuereb",
        "rosalinda.xuereb@example.org",
        "xuereb-XAA-HEALTH",
        "rosalindarosalinda1",
        "Rosalinda2026!",
    ],
)
def test_what_others_know_of_her_is_no_password(password: str) -> None:
    about = ["Rosalinda Xuereb", "rosalinda.xuereb@example.org", "XAA-HEALTH"]
    assert "easy to guess" in passwords.refusal(password, about)


def test_the_ends_of_the_length() -> None:
    strong = "Zq7!plover wheel, oats; " * 6
    assert passwords.refusal(strong[:128]) == "" and "129" in passwords.refusal(strong[:129])
    assert passwords.refusal("x7#Lq9!vT2mW") == "" and passwords.refusal("x7#Lq9!vT2m") != ""


def test_argon2id_with_at_least_what_owasp_asks() -> None:
    for stored in (passwords.hashed(PASSWORD), passwords._nobodys()):
        found = extract_parameters(stored)
        assert stored.startswith("$argon2id$")
        assert (found.memory_cost >= 19 * 1024, found.time_cost >= 2, found.parallelism) == (True, True, 1)
        assert found.hash_len >= 32 and found.salt_len >= 16
    assert passwords.hashed(PASSWORD) != passwords.hashed(PASSWORD)


@pytest.mark.parametrize(
    "given",
    ["", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1], PASSWORD + "\0", "\udcff" * 12, "x" * 129, PASSWORD * 100],
)
def test_anything_else_is_wrong(given: str) -> None:
    assert not passwords.verify(passwords.hashed(PASSWORD), given)


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_nothing_stored_opens_nothing(stored: str | None) -> None:
    assert not passwords.verify(stored, PASSWORD) and not passwords.verify(stored, "")


def test_one_letter_written_in_two_ways_is_one() -> None:
    assert passwords.verify(passwords.hashed("fjärrvärme åtta öar"), "fja\u0308rrva\u0308rme a\u030atta o\u0308ar")


def test_at_most_two_hashes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = passwords.hashed(PASSWORD)
    running, most, count = 0, 0, threading.Lock()
    real = passwords._hasher

    class Counted:
        def verify(self, *given: object) -> bool:
            nonlocal running, most
            with count:
                running += 1
                most = max(most, running)
            try:
                return bool(real.verify(*given))  # type: ignore[arg-type]
            finally:
                with count:
                    running -= 1

    monkeypatch.setattr(passwords, "_hasher", Counted())
    right: list[bool] = []
    threads = [threading.Thread(target=lambda: right.append(passwords.verify(stored, PASSWORD))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 8 and most == 2


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.05)
    with passwords._turn(), passwords._turn(), pytest.raises(passwords.Busy):
        passwords.verify(None, PASSWORD)
    assert not passwords.verify(None, PASSWORD)


def test_judging_is_quick_however_long() -> None:
    for password in ("a1" * 64, "p@ssw0rd" * 16, "()[]{}!1" * 16):
        begun = time.perf_counter()
        passwords.refusal(password, ["Rosalinda Xuereb"])
        assert time.perf_counter() - begun < 2


def test_nobodys_hash_takes_as_long() -> None:
    stored = passwords.hashed(PASSWORD)

    def took(given: str | None) -> float:
        begun = time.perf_counter()
        passwords.verify(given, "some wrong words here")
        return time.perf_counter() - begun

    took(None)
    pairs = [(took(stored), took(None)) for _ in range(15)]
    ratio = median(a for a, _ in pairs) / median(b for _, b in pairs)
    assert 0.7 < ratio < 1.4
