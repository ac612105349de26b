"""Who has an account, with which rights, read from the record once for each version of it. Never writes.

Every request asks who is looking, so what changes a few times a day is kept in memory and what changes with every
click (the session) stays a row.
"""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.people.organisations import Register, register
from dashboard.protection.policy import Grant, Viewer
from dashboard.record.house import House
from dashboard.record.store import Store

SECRETARIAT = "secretariat"


@dataclass(frozen=True)
class Account:
    """One account as it is now. `stamp` is another one after every change of account, password or grants."""

    account_id: str
    email: str
    name: str
    organisation_code: str
    disabled: bool
    password_hash: str
    grants: tuple[Grant, ...]
    training_until: date | None
    stamp: str

    def holds(self, role: str, today: date) -> bool:
        return any(grant.role == role and grant.valid(today) for grant in self.grants)


@dataclass(frozen=True)
class Roster:
    """All accounts, by id and by address."""

    version: int
    accounts: Mapping[str, Account]
    by_email: Mapping[str, Account]


_kept: WeakKeyDictionary[Store, Roster] = WeakKeyDictionary()


def roster(house: House) -> Roster:
    """All accounts as of the record's head."""
    version = house.store.head().people  # before the rows: at worst they are newer than they say, and read again
    found = _kept.get(house.store)
    if found is None or found.version != version:
        found = _kept[house.store] = _read(house, version)
    return found


def account(house: House, account_id: str) -> Account | None:
    return roster(house).accounts.get(account_id)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _read(house: House, version: int) -> Roster:
    read = house.store.read
    grants, trainings, versions = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in read("select * from grant_now order by version, grant_id"):
        grants[row["account_id"]].append(
            Grant(row["role"], row["organisation_code"], row["country"], row["valid_from"], row["valid_to"])
        )
    for row in read(
        "select account_id, completed_on from training_now"
        " where completed_on is not null and undertaking_on is not null"
    ):
        trainings[row["account_id"]].append(months_later(row["completed_on"], house.settings.training_months))
    hashes = {row["account_id"]: row["password_hash"] for row in read("select * from credential_now")}
    for row in read(
        "select account_id, version from account union all select account_id, version from credential"
        " union all select account_id, version from grants order by all"
    ):
        versions[row["account_id"]].append(row["version"])

    def made(row: Mapping[str, Any]) -> Account:
        account_id = row["account_id"]
        password_hash = hashes.get(account_id, "")
        stamp = hashlib.sha256(json.dumps([versions[account_id], password_hash]).encode()).hexdigest()
        return Account(
            account_id,
            row["email"],
            row["name"],
            row["organisation_code"],
            row["disabled"],
            password_hash,
            tuple(grants[account_id]),
            max(trainings[account_id], default=None),
            stamp,
        )

    accounts = {row["account_id"]: made(row) for row in read("select * from account_now order by version, account_id")}
    return Roster(version, accounts, {account.email: account for account in accounts.values()})


def viewer(house: House, account: Account, today: date) -> Viewer:
    """The account as policy knows it.

    Enforcement fails closed: the cap holds when any organisation that she acts for is marked, and when one is not in
    the register of members, unless she is of the secretariat. Whoever acts for no organisation is not capped.
    """
    valid = [grant for grant in account.grants if grant.valid(today)]
    places = [account.organisation_code, *(grant.organisation_code for grant in valid)]
    organisations = list(dict.fromkeys(place for place in places if place))
    known: Register = register(house)
    marked = any(known[code].enforcement for code in organisations if code in known)
    strange = any(code not in known for code in organisations)
    own = organisations[0] if organisations else ""
    countries = [grant.country for grant in valid if grant.country]
    return Viewer(
        account_id=account.account_id,
        name=account.name,
        organisation_code=own,
        country=countries[0] if countries else known[own].country if own in known else "",
        grants=account.grants,
        enforcement=marked or (strange and not account.holds(SECRETARIAT, today)),
        training_until=account.training_until,
        today=today,
    )
