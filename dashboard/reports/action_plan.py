"""Which action of a plan a tracked action carries, and of which part of the plan it is. Never says how far either is.

The register of plan actions names the tracked action that carries it. Where a deployment keeps no such register, or no
plan names an action, there is nothing to say, and that is what is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.record.house import House
from dashboard.reports import marts
from dashboard.reports.kept import kept

REGISTER = "plan_actions"
_NEEDED = ("country", "action_code", "title", "plan_part", "tracked_action")


@dataclass(frozen=True)
class PlanAction:
    """An action of a plan: its code and title there, and the code of the part of the plan that it is of."""

    action_code: str
    title: str
    part: str


Plans = Mapping[str, tuple[PlanAction, ...]]
"""The actions of plans that each tracked action carries, by its code."""


def at(house: House, version: int) -> Plans:
    """What the registers of plan actions said by `version`, of each country its latest. A register names its own
    country's actions only."""
    contract = house.library.contracts.get(REGISTER)
    if contract is None or not {*_NEEDED} <= {*contract.header}:
        return {}
    asked = min(version, house.store.head().figures)
    return kept(house, REGISTER, marts.moved(house, REGISTER, asked), lambda: _read(house, asked))


def _read(house: House, version: int) -> Plans:
    frame = marts.rows(house, REGISTER, version)
    newest = frame.groupby(["country", "reported_by"])["period"].transform("max")
    found: dict[str, list[PlanAction]] = {}
    for row in frame[frame["period"] == newest].sort_values(["country", "action_code"]).to_dict("records"):
        tracked = row["tracked_action"]
        if isinstance(tracked, str) and tracked.startswith(f"{row['country']}-"):
            made = PlanAction(str(row["action_code"]), str(row["title"]), str(row["plan_part"]))
            found.setdefault(tracked, []).append(made)
    return {code: tuple(actions) for code, actions in found.items()}
