"""Accounts, a register and a clock for the tests of people: made through the doors, on a real store. Never a mock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from dashboard.people import accounts, links, roster
from dashboard.protection.policy import PUBLIC, Viewer, operator
from dashboard.record.house import House
from durability import little_record

START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
PASSWORD = "four quiet words together"
OTHER = "seven loud kettles on Tuesday"
HERE = "192.0.2.7"
TODAY = START.date()
ACTOR = operator(TODAY)


def later(**span: float) -> datetime:
    return START + timedelta(**span)


def invite(
    house: House, name: str = "agency", role: str = "agency", organisation: str = "XAA-HEALTH", **more: Any
) -> str:
    """An invitation's token; the address is <name>@example.org."""
    return links.invite(
        ACTOR,
        house,
        email=f"{name}@example.org",
        name=f"The {name}",
        role=role,
        organisation_code=organisation,
        now=START,
        **more,
    )


def person(
    house: House, name: str = "agency", role: str = "agency", organisation: str = "XAA-HEALTH", **more: Any
) -> str:
    """An account that has chosen PASSWORD; returns its id."""
    token = invite(house, name, role, organisation, **more)
    return links.redeem(PUBLIC, house, token, password=PASSWORD, now=START)


def seen(house: House, account_id: str, day: date = TODAY) -> Viewer:
    """An account as policy sees it on a day."""
    found = roster.account(house, account_id)
    assert found is not None
    return roster.viewer(house, found, day)


def chief(house: House, name: str = "chief") -> Viewer:
    """Somebody of the secretariat, as a viewer."""
    return seen(house, person(house, name, "secretariat", ""))


def member(organisation: str, enforcement: str = "no", country: str = "XAA", name: str = "") -> dict[str, Any]:
    """A row of the register of members."""
    return {
        "country": country,
        "organisation_code": organisation,
        "organisation_name": name or organisation.title(),
        "stakeholder_category": "GOV-POL",
        "enforcement_body": enforcement,
    }


def register(house: House, *rows: dict[str, Any], period: str = "2026-Q3", by: str = "XAA-COORD") -> str:
    """Accept a register of members; returns the submission's id."""
    submission_id = little_record.stage(house.store, list(rows), dataset="members", organisation=by, period=period)
    little_record.accept(house.store, submission_id)
    return submission_id


def log(house: House) -> list[str]:
    """The actions of the audit log, in their order."""
    return [row["action"] for row in house.store.read("select action from audit order by seq")]


def account_id_of(house: House, name: str) -> str:
    found = accounts.by_email(PUBLIC, house, f"{name}@example.org")
    assert found is not None
    return found
