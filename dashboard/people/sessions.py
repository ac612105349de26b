"""Sign people in and out, and say who is looking. Never keeps a session id, only its hash.

A session is a row; nothing that a browser holds can outlive it. It ends with sign-out, after `idle_minutes` without
activity, after `absolute_hours`, and as soon as the account, its password or its grants are no longer what they were
when it began (`stamp`). ASVS 5.0, chapter 7.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import datetime, timedelta

from dashboard.people import passwords, roster, throttle
from dashboard.people.errors import SignInRefused
from dashboard.people.roster import Account
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _, n_

__all__ = ["SignInRefused", "end_all", "normal", "open_session", "sign_in", "sign_out", "too_often", "viewer_of"]

# `last_seen` is written no more often, so that looking around is not writing. An idle end may come up to this much
# early by it, never late.
SEEN_EVERY = timedelta(minutes=5)


def normal(email: str) -> str:
    """An address in the one form that is stored and compared."""
    return passwords.one_form(email).strip().casefold()


def sign_in(viewer: Viewer, house: House, email: str, password: str, address: str, now: datetime) -> str:
    """Open a session for who has this address and this password; returns its id, which is stored nowhere.

    Raises SignInRefused. Whether the account exists shows neither in the sentence nor in the time it takes.
    """
    policy.require(viewer, "sign in")
    email = normal(email)
    keys = throttle.keys(house, email, address)
    wait = throttle.enter(house, keys, now)
    if wait > 0:
        raise SignInRefused(too_often(wait), wait)
    account = roster.roster(house).by_email.get(email)  # with the stamp from before the hash was looked at
    try:
        right = passwords.verify(account.password_hash if account else None, password)
    except passwords.Busy as error:
        throttle.unlooked(house, keys)
        raise SignInRefused(
            _("Many people are signing in at this moment. Wait a few seconds and try again."), 5
        ) from error
    if account is None or not right or account.disabled:
        # The keyed hash lets attempts on one address be counted together; it cannot be turned back into the address.
        house.store.audit(
            "sign-in failed",
            by="",
            subject=account.account_id if account else "",
            detail={"attempt": keys["account"].removeprefix("account:")[:16]},
        )
        raise SignInRefused(
            _(
                "The e-mail address or the password is not right. Check both and try again. If you have"
                " forgotten your password, ask the secretariat for a new link."
            )
        )
    throttle.passed(house, keys, now)
    return _open(house, account, now, "password")


def too_often(wait: float) -> str:
    """The sentence for who must wait so many seconds."""
    seconds = math.ceil(wait)
    if seconds <= 90:
        return n_(
            "Too many attempts did not work. Wait {count} second, then try again.",
            "Too many attempts did not work. Wait {count} seconds, then try again.",
            seconds,
        )
    return n_(
        "Too many attempts did not work. Wait {count} minute, then try again.",
        "Too many attempts did not work. Wait {count} minutes, then try again.",
        math.ceil(seconds / 60),
    )


def open_session(viewer: Viewer, house: House, account_id: str, now: datetime) -> str:
    """Open a session without a password; returns its id. Raises SignInRefused.

    For who has just redeemed a link, and for the demonstration: the caller vouches that she is who she says.
    """
    policy.require(viewer, "sign in")
    account = roster.account(house, account_id)
    if account is None or account.disabled:
        raise SignInRefused(_("This account is not there, or it was closed. Ask the secretariat."))
    return _open(house, account, now, "link")


def _open(house: House, account: Account, now: datetime, how: str) -> str:
    session_id = secrets.token_urlsafe(32)
    house.store.ephemeral(
        "delete from sessions where started_at <= $limit", limit=now - timedelta(hours=house.settings.absolute_hours)
    )
    house.store.ephemeral(
        "insert into sessions (session_hash, account_id, started_at, last_seen, stamp)"
        " values ($session_hash, $account_id, $now, $now, $stamp)",
        session_hash=_hash(session_id),
        account_id=account.account_id,
        now=now,
        stamp=account.stamp,
    )
    house.store.audit("signed in", by=account.account_id, subject=account.account_id, detail={"with": how})
    return session_id


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


def sign_out(viewer: Viewer, house: House, session_id: str) -> None:
    """End one session, whoever holds its id; a session that is gone already is no mistake."""
    policy.require(viewer, "sign out")
    ended = house.store.ephemeral("select account_id from sessions where session_hash = $hash", hash=_hash(session_id))
    house.store.ephemeral("delete from sessions where session_hash = $hash", hash=_hash(session_id))
    for row in ended:
        house.store.audit("signed out", by=row["account_id"], subject=row["account_id"])


def end_all(house: House, account_id: str) -> None:
    """End all sessions of an account. For the doors of this room: the stamp has ended them already."""
    house.store.ephemeral("delete from sessions where account_id = $account_id", account_id=account_id)


def viewer_of(house: House, session_id: str, now: datetime, activity: bool) -> Viewer | None:
    """Who is looking, or nobody when the session has ended. `activity`: she did something, it was no polling."""
    found = house.store.read("select * from sessions where session_hash = $hash", hash=_hash(session_id))
    if not found:
        return None
    session = found[0]
    account = roster.account(house, session["account_id"])
    idle = now - session["last_seen"] >= timedelta(minutes=house.settings.idle_minutes)
    over = now - session["started_at"] >= timedelta(hours=house.settings.absolute_hours)
    if account is None or account.disabled or account.stamp != session["stamp"] or idle or over:
        house.store.ephemeral("delete from sessions where session_hash = $hash", hash=_hash(session_id))
        return None
    if activity and now - session["last_seen"] >= SEEN_EVERY:
        house.store.ephemeral(
            "update sessions set last_seen = $now where session_hash = $hash", now=now, hash=_hash(session_id)
        )
    return roster.viewer(house, account, now.date())
