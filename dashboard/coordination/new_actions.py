"""The write door by which a meeting brings an action into being. Never changes one: that is the door of actions.

Besides the list that a coordinating body sends there is this one way. An action that begins here keeps the due date of
its decision, whatever date a later list writes beside it; a list may word it anew, as it may any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dashboard.coordination.actions import YEARS, latest_due
from dashboard.coordination.notes import fitting, tidy
from dashboard.coordination.seats import Seat, seats
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Write
from dashboard.reference import text
from dashboard.reference.text import N_, _

TITLE = (3, 160)
CHANGES = (3, 200)
CODE = re.compile(r"[A-Z]{3}-[A-Z0-9][A-Z0-9-]{0,19}")


@dataclass(frozen=True)
class NewAction:
    """What a meeting agrees that somebody does. Without a code it gets the country's next free one of the year."""

    title: str
    changes_for_survivor: str
    lead: str
    due_on: date | None
    support: tuple[str, ...] = ()
    corridor: str = ""
    indicator_code: str = ""
    restricts: bool = False
    action_code: str = ""


def add(
    viewer: Viewer,
    house: House,
    write: Write,
    new: NewAction,
    *,
    country: str,
    agreed_on: date,
    agreed_at: str,
    meeting_id: str = "",
    decision_id: str = "",
) -> str:
    """Add an action to an open write on the subject of coordination; returns its code.

    `agreed_on` is the decision's day and `agreed_at` the meeting in words. Raises policy.Refused, and NotPossible with
    the one thing to mend.
    """
    policy.require(viewer, "change actions", country=country)
    title = fitting(new.title, *TITLE, name=N_("what is to be done"))
    changes = fitting(new.changes_for_survivor, *CHANGES, name=N_("what it changes for the survivor"))
    listed = seats(write.read, write.version)
    lead = _sits(new.lead, listed, _("Choose who leads the action."))
    support = tuple(dict.fromkeys(_sits(code, listed, "") for code in new.support if code != lead))
    _known(house, new)
    due_on = _in_time(viewer, new.due_on, agreed_on)
    code = _code(write, new.action_code, country, agreed_on)
    write.add(
        "action_agreed",
        {
            "action_code": code,
            "country": country,
            "title": title,
            "changes_for_survivor": changes,
            "lead": lead,
            "support": "|".join(support),
            "corridor": new.corridor,
            "indicator_code": new.indicator_code,
            "agreed_on": agreed_on,
            "agreed_at": agreed_at,
            "due_on": due_on,
            "restricts_work_or_migration": "yes" if new.restricts else "no",
            "meeting_id": meeting_id,
            "decision_id": decision_id,
            "by_account": viewer.account_id,
        },
    )
    house.store.audit("action agreed", by=viewer.account_id, subject=code, detail={"due_on": due_on})
    return code


def came_with(write: Write, new: NewAction, code: str, decision_id: str) -> bool:
    """Whether this very action came into being with the decision, under `code`: it was sent before."""
    rows = write.read(
        "select title, changes_for_survivor, lead, due_on, restricts_work_or_migration as restricts from action_agreed"
        " where action_code = $code and decision_id = $id",
        code=code,
        id=decision_id,
    )
    return [tuple(row.values()) for row in rows] == [
        (tidy(new.title), tidy(new.changes_for_survivor), new.lead, new.due_on, "yes" if new.restricts else "no")
    ]


def _sits(code: str, listed: dict[str, Seat], missing: str) -> str:
    """The code of an organisation that is in its country's latest register."""
    if not code:
        raise NotPossible(missing)
    if code not in listed:
        raise NotPossible(
            _(
                "“{code}” is not in the latest register of members, so it cannot answer for an action. Choose an"
                " organisation that is.",
                code=code[:40],
            )
        )
    return code


def _known(house: House, new: NewAction) -> None:
    if new.corridor and not house.library.codes["corridors"].get(new.corridor):
        raise NotPossible(_("“{code}” is no corridor. Choose one from the list, or none.", code=new.corridor[:40]))
    if new.indicator_code and new.indicator_code not in house.library.indicators:
        raise NotPossible(
            _("“{code}” is no indicator. Choose one from the list, or none.", code=new.indicator_code[:40])
        )


def _in_time(viewer: Viewer, due_on: date | None, agreed_on: date) -> date:
    if due_on is None:
        raise NotPossible(_("Choose the day by which the action is to be done."))
    if due_on < agreed_on:
        raise NotPossible(
            _("The decision is of {day}, so the action cannot be due before that day.", day=text.day(agreed_on))
        )
    if due_on > latest_due(viewer.today):
        until = text.day(latest_due(viewer.today))
        raise NotPossible(_("A due date lies at most {years} years ahead: up to {day}.", years=YEARS, day=until))
    return due_on


def _code(write: Write, asked: str, country: str, agreed_on: date) -> str:
    """The code that was asked for, if nothing ever had it; else the next free number of the country and the year."""
    taken = {
        row["action_code"]
        for row in write.read(
            "select action_code from actions_rows where country = $country"
            " union select action_code from action_agreed where country = $country",
            country=country,
        )
    }
    if not asked:
        begin = f"{country}-{agreed_on.year}-"
        used = [int(code[len(begin) :]) for code in taken if re.fullmatch(re.escape(begin) + r"[0-9]{1,4}", code)]
        return f"{begin}{max(used, default=0) + 1:02d}"
    if not (CODE.fullmatch(asked) and asked.startswith(f"{country}-")):
        raise NotPossible(
            _(
                "Write the code as the country code, a hyphen and up to 20 capital letters, digits or hyphens, for"
                " example {example}.",
                example=f"{country}-{agreed_on.year}-04",
            )
        )
    if asked in taken:
        raise NotPossible(
            _("There is an action {code} already. Choose it, or give the new one another code.", code=asked)
        )
    return asked
