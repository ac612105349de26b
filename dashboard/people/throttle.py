"""Slow down guessing, by account and by address, with growing waits. Never locks anybody out for good.

Three counts, each under a keyed hash, so that the table names no address and no account:
 pair      this account from this address: a few free attempts, then waits that double up to five minutes
 address   all accounts from this address: wide, because a whole meeting may sit behind one
 account   this account from everywhere: only a widely spread attack fills it, and it does not hold where she has
           signed in before, so that nobody can keep her out on the day of the meeting
An attempt that came too early is not looked at and does not count, so waiting always ends.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from dashboard.record.audit import derived
from dashboard.record.house import House


@dataclass(frozen=True)
class Rule:
    """`free` failures cost nothing; then the wait starts at `first` seconds and doubles up to `longest`.

    `forget`: after so many seconds without a failure the count begins anew.
    """

    free: int
    first: float
    longest: float
    forget: float

    def wait(self, failures: int, since: float) -> float:
        """Seconds still to wait, `since` seconds after the last failure."""
        if failures < self.free or since >= self.forget:
            return 0.0
        return max(0.0, min(self.first * 2.0 ** min(failures - self.free, 30), self.longest) - since)


RULES: Mapping[str, Rule] = {
    "pair": Rule(free=4, first=2, longest=300, forget=3600),
    "address": Rule(free=30, first=1, longest=60, forget=900),
    "account": Rule(free=50, first=1, longest=30, forget=3600),
}
KNOWN = "known"  # no count: this account has signed in from this address before
KEPT, KNOWN_FOR = timedelta(days=1), timedelta(days=60)

_one = Lock()


@lru_cache(maxsize=8)
def _key(data: Path) -> bytes:
    return derived(data, "throttle")


def _network(address: str) -> str:
    """The address, or the /64 of an IPv6 one: within it a single customer has as many as he likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def keys(house: House, email: str, address: str) -> dict[str, str]:
    """The key of each count for this attempt. `email` is in its normal form."""
    address = _network(address)
    parts = {"pair": [email, address], "address": [address], "account": [email], KNOWN: [email, address]}
    secret = _key(house.settings.data)

    def key(kind: str, *what: str) -> str:
        text = "\0".join((kind, *what)).encode("utf-8", "surrogatepass")
        return f"{kind}:{hmac.new(secret, text, hashlib.sha256).hexdigest()}"

    return {kind: key(kind, *what) for kind, what in parts.items()}


def enter(house: House, keys: Mapping[str, str], now: datetime) -> float:
    """Ask for an attempt: 0 and it is counted as failed until `passed` says otherwise, or the seconds to wait.

    Counting comes first, so that a hundred attempts at the same moment are not a hundred first ones.
    """
    with _one:
        rows = _rows(house, keys)
        wait = 0.0
        for kind, rule in RULES.items():
            if kind == "account" and keys[KNOWN] in rows:
                continue
            if (row := rows.get(keys[kind])) is not None:
                wait = max(wait, rule.wait(row["failures"], (now - row["last_failure"]).total_seconds()))
        if wait > 0:
            return wait
        for kind, rule in RULES.items():
            row = rows.get(keys[kind])
            fresh = row is None or (now - row["last_failure"]).total_seconds() >= rule.forget
            _set(house, keys[kind], 1 if row is None or fresh else row["failures"] + 1, now, there=row is not None)
        house.store.ephemeral(
            "delete from throttle where last_failure < $day and (not starts_with(key, $known) or last_failure < $long)",
            day=now - KEPT,
            known=f"{KNOWN}:",
            long=now - KNOWN_FOR,
        )
        return 0.0


def passed(house: House, keys: Mapping[str, str], now: datetime) -> None:
    """The attempt was right: its counts go, and the account is known from this address."""
    with _one:
        rows = _rows(house, keys)
        house.store.ephemeral(
            "delete from throttle where key in ($pair, $account)", pair=keys["pair"], account=keys["account"]
        )
        _undo(house, rows.get(keys["address"]))
        _set(house, keys[KNOWN], 0, now, there=keys[KNOWN] in rows)


def unlooked(house: House, keys: Mapping[str, str]) -> None:
    """The attempt was not looked at after all (too many at once): it does not count."""
    with _one:
        rows = _rows(house, keys)
        for kind in RULES:
            _undo(house, rows.get(keys[kind]))


def _rows(house: House, keys: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found = house.store.ephemeral(
        "select * from throttle where key in ($pair, $address, $account, $known)",
        **{kind: keys[kind] for kind in (*RULES, KNOWN)},
    )
    return {row["key"]: row for row in found}


def _set(house: House, key: str, failures: int, now: datetime, *, there: bool) -> None:
    house.store.ephemeral(
        "update throttle set failures = $failures, last_failure = $now where key = $key"
        if there
        else "insert into throttle (key, failures, last_failure) values ($key, $failures, $now)",
        key=key,
        failures=failures,
        now=now,
    )


def _undo(house: House, row: Mapping[str, Any] | None) -> None:
    if row is not None:
        house.store.ephemeral(
            "update throttle set failures = greatest(failures - 1, 0) where key = $key", key=row["key"]
        )
