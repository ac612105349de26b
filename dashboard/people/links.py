"""One-time links: the first account, invitations, new passwords. Never stores a token, only its hash, and sends none.

There is no e-mail: whoever makes a link sees it once and hands it over. ASVS 5.0, 6.4.1 and 6.4.6.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from uuid_utils import uuid7

from dashboard.people import accounts, passwords, sessions
from dashboard.people.errors import LinkRefused, NotPossible
from dashboard.people.roster import SECRETARIAT
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Write
from dashboard.reference.text import _

LIFETIMES = {"setup": timedelta(minutes=30), "invite": timedelta(hours=72), "reset": timedelta(hours=1)}


@dataclass(frozen=True)
class Link:
    """A link that still works. `kind`: setup, invite or reset; the rest is empty for setup."""

    kind: str
    account_id: str
    name: str
    email: str
    organisation_code: str
    expires_at: datetime


def setup_link(viewer: Viewer, house: House, *, now: datetime | None = None) -> str:
    """A token for the first account; 30 minutes, and only while there is none. Former ones end. Raises NotPossible."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        if write.read("select 1 as yes from account limit 1"):
            raise NotPossible(
                _(
                    "There are accounts already, so there is no first one to make. Ask the secretariat"
                    " for an invitation."
                )
            )
        accounts.spend_links(write, "", kind="setup")
        token = _add(write, "setup", "", now)
        house.store.audit("setup link made", by=viewer.account_id)
    return token


def invite(
    viewer: Viewer,
    house: House,
    *,
    email: str,
    name: str,
    role: str,
    organisation_code: str = "",
    country: str = "",
    valid_to: date | None = None,
    now: datetime | None = None,
) -> str:
    """Make an account with one role, and the token with which its owner chooses her password within 72 hours.

    Raises NotPossible for an address that has an account, and for a role that would give nothing.
    """
    policy.require(viewer, "manage people")
    row: dict[str, Any] = {
        "account_id": str(uuid7()),
        "email": _address(email),
        "name": _name(name),
        "organisation_code": organisation_code.strip().upper(),
        "disabled": False,
    }
    grant = accounts.grant_row(house, row, role, row["organisation_code"], country, None, valid_to)
    with house.store.write("people", by=viewer.account_id) as write:
        _nobody_else(write, row["email"])
        write.add("account", row)
        write.add("grants", grant)
        token = _add(write, "invite", row["account_id"], now)
        house.store.audit("invited", by=viewer.account_id, subject=row["account_id"], detail=accounts.told(grant))
    return token


def reset(viewer: Viewer, house: House, account_id: str, *, now: datetime | None = None) -> str:
    """A token for a new password, for an hour; for who never chose one, a new invitation. Former ones end."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        if accounts.account_row(write, account_id)["disabled"]:
            raise NotPossible(_("This account is closed. Open it again first."))
        accounts.spend_links(write, account_id)
        has_one = write.read("select 1 as yes from credential where account_id = $id limit 1", id=account_id)
        kind = "reset" if has_one else "invite"
        token = _add(write, kind, account_id, now)
        house.store.audit("link made", by=viewer.account_id, subject=account_id, detail={"kind": kind})
    return token


def link(viewer: Viewer, house: House, token: str, *, now: datetime | None = None) -> Link | None:
    """What a token is for, or nothing when it was used, is out of date or was never made. Looking spends nothing."""
    policy.require(viewer, "sign in")
    found = house.store.read(_OPEN, hash=_hash(token), now=now or datetime.now(UTC))
    return _link(found[0]) if found else None


def redeem(
    viewer: Viewer,
    house: House,
    token: str,
    *,
    name: str = "",
    email: str = "",
    password: str,
    now: datetime | None = None,
) -> str:
    """Spend a token: the account gets this password and, the first one, also this name and address. Returns its id.

    An invited account keeps the address it was invited by. Raises LinkRefused; and PasswordRefused or NotPossible,
    which leave the link as it was.
    """
    policy.require(viewer, "sign in")
    now = now or datetime.now(UTC)
    found = link(viewer, house, token, now=now)
    if found is None:
        raise _gone()
    if found.kind == "setup":
        row: dict[str, Any] = {
            "account_id": str(uuid7()),
            "email": _address(email),
            "name": _name(name),
            "organisation_code": "",
            "disabled": False,
        }
    else:
        row = {
            "account_id": found.account_id,
            "email": found.email,
            "name": name.strip() and _name(name) or found.name,
            "organisation_code": found.organisation_code,
            "disabled": False,
        }
    try:
        password_hash = passwords.hashed(password, accounts.about(row))
    except passwords.Busy as error:
        raise accounts.busy() from error
    account_id = str(row["account_id"])
    with house.store.write("people", by=account_id) as write:
        # Hashing took a while: only who finds the link open now, with the write lock in hand, spends it.
        still = write.read(_OPEN, hash=_hash(token), now=now)
        if not still:
            raise _gone()
        if found.kind == "setup":
            accounts.spend_links(write, "", kind="setup")
            write.add("account", row)
            write.add("grants", accounts.grant_row(house, row, SECRETARIAT, "", "", None, None))
        elif row["name"] != still[0]["name"]:
            write.add("account", accounts.account_row(write, account_id) | {"name": row["name"]})
        accounts.set_password(write, account_id, password_hash)
        house.store.audit("link used", by=account_id, subject=account_id, detail={"kind": found.kind})
    sessions.end_all(house, account_id)
    return account_id


# An open link whose account may use it; the first account's link only while there is no account.
_OPEN = (
    "select link_now.kind, link_now.account_id, link_now.expires_at, coalesce(account_now.name, '') as name,"
    " coalesce(account_now.email, '') as email, coalesce(account_now.organisation_code, '') as organisation_code"
    " from link_now left join account_now on account_now.account_id = link_now.account_id"
    " where token_hash = $hash and not used and expires_at > $now and case when kind = 'setup'"
    " then not exists (select 1 from account) else not coalesce(account_now.disabled, true) end"
)


def _link(row: dict[str, Any]) -> Link:
    return Link(row["kind"], row["account_id"], row["name"], row["email"], row["organisation_code"], row["expires_at"])


def _gone() -> LinkRefused:
    return LinkRefused(
        _("This link was used already, is out of date, or was not copied whole. Ask whoever sent it for a new one.")
    )


def _add(write: Write, kind: str, account_id: str, now: datetime | None) -> str:
    token = secrets.token_urlsafe(32)
    write.add(
        "link",
        {
            "link_id": str(uuid7()),
            "token_hash": _hash(token),
            "kind": kind,
            "account_id": account_id,
            "expires_at": (now or datetime.now(UTC)) + LIFETIMES[kind],
            "used": False,
        },
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _nobody_else(write: Write, email: str) -> None:
    if write.read("select 1 as yes from account_now where email = $email", email=email):
        raise NotPossible(
            _("There is an account with this address already. Give it a further role, or make a new link for it.")
        )


def _address(text: str) -> str:
    email = sessions.normal(text)
    before, sign, after = email.partition("@")
    if not (before and sign and after) or "@" in after or len(email) > 254 or not email.isprintable() or " " in email:
        raise NotPossible(
            _(
                "Write an e-mail address in the form name@example.org. It is only the name to sign in"
                " with: nothing is sent to it."
            )
        )
    return email


def _name(text: str) -> str:
    name = " ".join(passwords.one_form(text).split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise NotPossible(_("Write a name of up to 120 characters, as the other members know it."))
    return name
