"""Make the demonstration's files on training, referrals, budgets and progress on actions. Never sends one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from dashboard.demonstration.almanac import Almanac, luck
from dashboard.demonstration.knowledge import Knowledge, Row, lasts, path, quarters

Sheet = list[dict[str, Any]]


def _of(rows: Iterable[Row], organisation: str) -> Iterable[Row]:
    return (row for row in rows if row["organisation_code"] == organisation)


def _training(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    found = []
    for row in _of(knowledge["training"], organisation):
        if quarter not in quarters(row["quarters"]):
            continue
        chance = luck(organisation, row["sector"], row["jurisdiction"], quarter, "training")
        sessions = round(path(row["sessions"], quarter))
        staff = sum(round(int(row["staff"]) * chance.uniform(0.8, 1.2)) for _session in range(sessions))
        women = round(staff * int(row["women"]) / 100 * chance.uniform(0.9, 1.1))
        trained = {"sessions": sessions, "staff_trained": staff, "women_trained": min(staff, women)}
        found.append({**row, "country": organisation[:3], **trained})
    return found


def _referrals(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    found = []
    for row in _of(knowledge["referrals"], organisation):
        if not lasts(row, quarter):
            continue
        chance = luck(organisation, row["to_sector"], row["to_service"], row["to_country"], quarter, "referrals")
        made = round(path(row["level"], quarter) * (1 + float(row["swing"]) / 100 * chance.uniform(-1, 1)))
        # Of those that nobody followed up, nothing is known.
        parts = {name: round(made * int(row[name]) / 100) if row[name] else "" for name in ("accepted", "completed")}
        found.append({**row, "country": organisation[:3], "referrals": made, **parts})
    return found


def _budget(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    amounts = ("committed", "disbursed", "spent")
    return [
        {
            **row,
            "country": organisation[:3],
            **{name: 100 * round(path(row[name], quarter) / 100) if row[name] else "" for name in amounts},
        }
        for row in _of(knowledge["budgets"], organisation)
        if lasts(row, quarter)
    ]


def _progress(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    """Whatever a row does not say of the state, the page of actions had said on the day of sending."""
    plan = next(r for r in _of(knowledge["sending"], organisation) if r["dataset"] == "action_updates")
    day = almanac.period(quarter).end + timedelta(days=int(plan["sent_after"]))
    return [
        {
            **row,
            "country": organisation[:3],
            "state": row["state"] or _said(knowledge, almanac, row["action_code"], day),
        }
        for row in _of(knowledge["progress"], organisation)
        if int(row["quarter"]) == quarter
    ]


def _said(knowledge: Knowledge, almanac: Almanac, action_code: str, day: date) -> str:
    said = [
        (almanac.day(row["day"]), row["state"])
        for row in knowledge["action_changes"]
        if row["action_code"] == action_code and row["state"] and almanac.day(row["day"]) <= day
    ]
    return max(said, default=(day, "open"))[1]


MAKERS: dict[str, Callable[[Knowledge, Almanac, str, int], Sheet]] = {
    "training_sessions": _training,
    "referrals": _referrals,
    "budget_execution": _budget,
    "action_updates": _progress,
}
"""What makes the rows of an organisation's file for a quarter, by dataset."""
