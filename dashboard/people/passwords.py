"""Hash, check and judge passwords. Never stores one, never says which part of a sign-in was wrong.

Argon2id with the least that OWASP's Password Storage sheet names (19 MiB, two passes, one lane); ASVS 5.0, 6.2 for
length and the list of common ones, which zxcvbn brings along.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from dashboard.people.errors import PasswordRefused
from dashboard.reference.text import _

SHORTEST, LONGEST = 12, 128
LEAST_SCORE = 3  # of 4; zxcvbn: safely unguessable, about 10^8 guesses and more
AT_ONCE = 2
PATIENCE = 10.0
_JUDGED = 72  # zxcvbn's time grows fast with length; what is strong in its first part is strong

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = BoundedSemaphore(AT_ONCE)  # 19 MiB and one core each: a rush of sign-ins must not starve the pages


class Busy(Exception):
    """Too many hashes are waiting already."""


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


def one_form(text: str) -> str:
    """One form for what keyboards write in several."""
    return unicodedata.normalize("NFC", text)


def _bytes(password: str) -> bytes:
    """What is hashed; a stray surrogate is a wrong password, not a fault."""
    return one_form(password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has, checked for accounts that do not exist."""
    return _hasher.hash(secrets.token_bytes(32))


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of `stored`. Takes the same time when there is nothing stored. Raises Busy."""
    with _turn():
        nobody = _nobodys()
        given = _bytes(password) if len(password) <= LONGEST else b""
        try:
            right = _hasher.verify(stored or nobody, given)
        except (VerificationError, InvalidHashError):
            return False
        return right and bool(stored) and 0 < len(password) <= LONGEST


def hashed(password: str, about: Iterable[str] = ()) -> str:
    """The hash to store. Raises PasswordRefused with a sentence, and Busy."""
    if reason := refusal(password, about):
        raise PasswordRefused(reason)
    with _turn():
        return _hasher.hash(_bytes(password))


def refusal(password: str, about: Iterable[str] = ()) -> str:
    """Why this password is not taken, or nothing when it is. `about`: words that others know of its owner."""
    length = len(one_form(password))
    if length < SHORTEST:
        return _(
            "The password has {length} characters. Use at least {least}, for example four words that do not"
            " belong together.",
            length=length,
            least=SHORTEST,
        )
    if length > LONGEST or len(password) > LONGEST:
        return _("The password has {length} characters. Use at most {most}.", length=length, most=LONGEST)
    if _guessable(password, about):
        return _(
            "This password is easy to guess: it holds common words, names, dates, repeats or rows of keys."
            " Use four words that do not belong together, or let a password manager make one."
        )
    return ""


def _guessable(password: str, about: Iterable[str]) -> bool:
    known = {"dashboard", "coordination"}
    for text in about:
        known |= {text.casefold(), *re.split(r"[^\w]+", text.casefold())}
    known = {word for word in known if len(word) > 2}
    # Found in words that others know, a password is weak however long these are, which zxcvbn does not say of one
    # that repeats them: what is left without them must be long enough to be a secret.
    rest = password.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST // 2:
        return True
    return int(zxcvbn(password[:_JUDGED], user_inputs=sorted(known))["score"]) < LEAST_SCORE
