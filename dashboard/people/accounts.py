"""Change accounts, their rights and their training. Never opens a session, never learns a password it has not checked.

Every change of password or right ends the account's sessions: it moves the stamp that they carry.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from uuid_utils import uuid7

from dashboard.people import organisations, passwords, roster, sessions, throttle
from dashboard.people.errors import NotPossible, SignInRefused
from dashboard.people.roster import SECRETARIAT, Account
from dashboard.protection import policy
from dashboard.protection.policy import PUBLIC_ROLE, ROLES, Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Write
from dashboard.reference.text import _, words

OPERATOR = "operator"
_ORGANISATION = re.compile(r"[A-Z]{3}-[A-Z0-9][A-Z0-9-]{0,19}")


def listing(viewer: Viewer, house: House) -> list[dict[str, Any]]:
    """All accounts, by name: account_id, name, email, organisation_code, disabled, signs_in, training_until, grants.

    `grants` are rows of grant_now with `valid` for whether they count today. Raises policy.Refused.
    """
    policy.require(viewer, "manage people")
    grants: dict[str, list[dict[str, Any]]] = {}
    for row in house.store.read("select * from grant_now order by account_id, version, grant_id"):
        start, end = row["valid_from"] or date.min, row["valid_to"] or date.max
        grants.setdefault(row["account_id"], []).append(row | {"valid": start <= viewer.today <= end})
    found = sorted(roster.roster(house).accounts.values(), key=lambda a: (a.name.casefold(), a.account_id))
    return [
        {
            "account_id": a.account_id,
            "name": a.name,
            "email": a.email,
            "organisation_code": a.organisation_code,
            "disabled": a.disabled,
            "signs_in": bool(a.password_hash),
            "training_until": a.training_until,
            "grants": grants.get(a.account_id, []),
        }
        for a in found
    ]


def by_email(viewer: Viewer, house: House, email: str) -> str | None:
    """The id of the open account with this address. Asked on behalf of somebody who may not be told the answer."""
    policy.require(viewer, "sign in")
    found = roster.roster(house).by_email.get(sessions.normal(email))
    return found.account_id if found and not found.disabled else None


def disable(viewer: Viewer, house: House, account_id: str) -> None:
    """Close an account, its sessions and its open links. What it did stays in the record."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        row = account_row(write, account_id)
        _keep_a_secretariat(viewer, write, without_account=account_id)
        write.add("account", row | {"disabled": True})
        spend_links(write, account_id)
        house.store.audit("account closed", by=viewer.account_id, subject=account_id)
    sessions.end_all(house, account_id)


def enable(viewer: Viewer, house: House, account_id: str) -> None:
    """Open a closed account again, with the password and the rights that it had."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        write.add("account", account_row(write, account_id) | {"disabled": False})
        house.store.audit("account opened again", by=viewer.account_id, subject=account_id)


def change_password(
    viewer: Viewer, house: House, *, current: str, new: str, address: str = "", now: datetime | None = None
) -> None:
    """Change one's own password; all sessions end, this one too. Raises PasswordRefused, and SignInRefused when the
    current one is wrong."""
    policy.require(viewer, "change own password")
    now = now or datetime.now(UTC)
    account = roster.account(house, viewer.account_id)
    if account is None:
        raise NotPossible(_("There is no such account."))
    keys = throttle.keys(house, account.email, address)
    wait = throttle.enter(house, keys, now)  # who finds an open laptop guesses no faster here than at the door
    if wait > 0:
        raise SignInRefused(sessions.too_often(wait), wait)
    try:
        right = passwords.verify(account.password_hash, current)
        password_hash = passwords.hashed(new, about(account)) if right else ""
    except (passwords.Busy, NotPossible) as error:
        throttle.unlooked(house, keys)
        raise busy() if isinstance(error, passwords.Busy) else error from None
    if not right:
        house.store.audit("password change failed", by=viewer.account_id, subject=account.account_id)
        raise _wrong()
    throttle.passed(house, keys, now)
    with house.store.write("people", by=viewer.account_id) as write:
        # Hashing took a while: what was set or closed meanwhile wins.
        if account_row(write, account.account_id)["disabled"] or not write.read(
            "select 1 as yes from credential_now where account_id = $id and password_hash = $hash",
            id=account.account_id,
            hash=account.password_hash,
        ):
            raise _wrong()
        set_password(write, account.account_id, password_hash)
        house.store.audit("password changed", by=viewer.account_id, subject=account.account_id)
    sessions.end_all(house, account.account_id)


def _wrong() -> SignInRefused:
    return SignInRefused(_("The current password is not right."))


def grant(
    viewer: Viewer,
    house: House,
    account_id: str,
    *,
    role: str,
    organisation_code: str = "",
    country: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> str:
    """Give a role for an organisation or a country, from and until certain days; returns the grant's id."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        account = account_row(write, account_id)
        row = grant_row(house, account, role, organisation_code, country, valid_from, valid_to)
        write.add("grants", row)
        house.store.audit("role given", by=viewer.account_id, subject=account_id, detail=told(row))
    sessions.end_all(house, account_id)
    return str(row["grant_id"])


def revoke(viewer: Viewer, house: House, grant_id: str) -> None:
    """Take a role back."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        found = write.read("select * exclude (version, recorded_at) from grant_now where grant_id = $id", id=grant_id)
        if not found:
            raise NotPossible(_("This role is not held any more. Load the page again."))
        if found[0]["role"] == SECRETARIAT:
            _keep_a_secretariat(viewer, write, without_grant=grant_id)
        write.add("grants", found[0] | {"revoked": True})
        house.store.audit(
            "role taken back", by=viewer.account_id, subject=found[0]["account_id"], detail=told(found[0])
        )
    sessions.end_all(house, found[0]["account_id"])


def record_training(viewer: Viewer, house: House, account_id: str, *, completed_on: date, undertaking_on: date) -> str:
    """Record a training on contact counts and the day its undertaking was signed; returns the training's id."""
    policy.require(viewer, "manage people")
    if completed_on > viewer.today or undertaking_on > viewer.today:
        raise NotPossible(
            _("A training is recorded when it is over and its undertaking is signed. Write days that have passed.")
        )
    training_id = str(uuid7())
    with house.store.write("people", by=viewer.account_id) as write:
        account_row(write, account_id)
        write.add(
            "training",
            {
                "training_id": training_id,
                "account_id": account_id,
                "completed_on": completed_on,
                "undertaking_on": undertaking_on,
                "revoked": False,
            },
        )
        house.store.audit(
            "training recorded",
            by=viewer.account_id,
            subject=account_id,
            detail={"completed_on": completed_on.isoformat()},
        )
    return training_id


def revoke_training(viewer: Viewer, house: House, training_id: str) -> None:
    """Take back a training that was recorded by mistake."""
    policy.require(viewer, "manage people")
    with house.store.write("people", by=viewer.account_id) as write:
        found = write.read(
            "select * exclude (version, recorded_at) from training_now where training_id = $id", id=training_id
        )
        if not found:
            raise NotPossible(_("This training is not there any more. Load the page again."))
        write.add("training", found[0] | {"revoked": True})
        house.store.audit("training taken back", by=viewer.account_id, subject=found[0]["account_id"])


# What the doors of this room share, most of it within an open write


def busy() -> NotPossible:
    """For who had to wait too long for her turn at hashing."""
    return NotPossible(_("Many people are signing in at this moment. Wait a few seconds and try again."))


def account_row(write: Write, account_id: str) -> dict[str, Any]:
    """The account as it is, as a row that can be added again. Raises NotPossible."""
    found = write.read("select * exclude (version, recorded_at) from account_now where account_id = $id", id=account_id)
    if not found:
        raise NotPossible(_("There is no such account."))
    return found[0]


def set_password(write: Write, account_id: str, password_hash: str) -> None:
    """Store a hash, and spend the links that could set another one."""
    write.add("credential", {"account_id": account_id, "password_hash": password_hash})
    spend_links(write, account_id)


def spend_links(write: Write, account_id: str, *, kind: str = "") -> None:
    """Make the account's open links useless."""
    for row in write.read(
        "select * exclude (version, recorded_at) from link_now where account_id = $id and not used"
        " and ($kind = '' or kind = $kind)",
        id=account_id,
        kind=kind,
    ):
        write.add("link", row | {"used": True})


def told(row: dict[str, Any]) -> dict[str, str]:
    """What the audit log learns of a grant."""
    return {name: str(row[name] or "") for name in ("role", "organisation_code", "country", "valid_from", "valid_to")}


def grant_row(
    house: House,
    account: dict[str, Any],
    role: str,
    organisation_code: str,
    country: str,
    valid_from: date | None,
    valid_to: date | None,
) -> dict[str, Any]:
    """A row of grants. Raises NotPossible with a sentence for what would give nothing or too much."""
    organisation_code, country = organisation_code.strip().upper(), country.strip().upper()
    if role not in ROLES or role == PUBLIC_ROLE:
        raise NotPossible(
            _(
                "There is no role “{role}”. Choose one of: {roles}.",
                role=role[:40],
                roles=words([name for name in ROLES if name != PUBLIC_ROLE]),
            )
        )
    own = organisation_code or account["organisation_code"]
    if role in ("member", "agency") and not own:
        raise NotPossible(_("A {role} acts for an organisation. Name its code, for example KHM-POLICE.", role=role))
    known_organisation(organisation_code)
    if role == "coordinator":
        country = country or (organisations.country_of(house, own) if own else "")
        if not country:
            raise NotPossible(_("A coordinator acts for a country. Name it by its three letters, for example KHM."))
    countries = house.library.codes.get("countries")
    if country and countries is not None and countries.get(country) is None:
        raise NotPossible(
            _(
                "The country “{country}” is not on the list of countries. Use its three letters, for example KHM.",
                country=country[:40],
            )
        )
    if valid_from and valid_to and valid_to < valid_from:
        raise NotPossible(_("The role would end before it begins. Mend one of the two days."))
    return {
        "grant_id": str(uuid7()),
        "account_id": account["account_id"],
        "role": role,
        "organisation_code": organisation_code,
        "country": country,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "revoked": False,
    }


def known_organisation(code: str) -> None:
    """Whether a code has the form of an organisation's. Raises NotPossible."""
    if code and not _ORGANISATION.fullmatch(code):
        raise NotPossible(
            _(
                "“{code}” is no organisation code. Write the country code, a hyphen and a short name in"
                " capital letters, for example KHM-POLICE.",
                code=code[:40],
            )
        )


def _keep_a_secretariat(viewer: Viewer, write: Write, *, without_account: str = "", without_grant: str = "") -> None:
    """Refuse the step after which nobody could manage people any more; the operator could undo it, nobody else."""
    if viewer.account_id == OPERATOR:
        return
    left = write.read(
        "select 1 as yes from grant_now join account_now using (account_id) join credential_now using (account_id)"
        " where role = $role and not disabled and account_id <> $account and grant_id <> $grant"
        " and coalesce(valid_from <= $today, true) and coalesce(valid_to >= $today, true) limit 1",
        role=SECRETARIAT,
        account=without_account,
        grant=without_grant,
        today=viewer.today,
    )
    if not left:
        raise NotPossible(
            _(
                "This is the last account of the secretariat. Give the role to somebody else first, and"
                " wait until she has chosen her password."
            )
        )


def about(account: Account | dict[str, Any]) -> list[str]:
    """Words that others know of an account's owner, which make a password easy to guess."""
    row = account if isinstance(account, dict) else vars(account)
    return [row["name"], row["email"], row["organisation_code"]]
