"""The write door for what a meeting decides: the text, who is bound, which action follows. Never deletes a decision.

While the meeting runs a decision can be taken, worded anew and taken back; once it is closed, only the action that
follows can still be named, so that no decision stays without one for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from uuid_utils import uuid7

from dashboard.coordination import new_actions, together
from dashboard.coordination.new_actions import NewAction
from dashboard.coordination.notes import fitting
from dashboard.coordination.seats import Seat, seats
from dashboard.coordination.standing import standings
from dashboard.coordination.together import RUNNING
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Row, Write
from dashboard.reference import text as words
from dashboard.reference.text import N_, _

TEXT = (3, 500)
_ONE = "select * from decision_now where decision_id = $id"
_MISSING = N_("This decision is not there. Load the page again.")


def decide(
    viewer: Viewer,
    house: House,
    meeting_id: str,
    item_id: str,
    text: str,
    *,
    bound: Iterable[str] = (),
    follows: str | NewAction = "",
    decision_id: str = "",
    knowing: int | None = None,
) -> str:
    """Take a decision under a line of the agenda of a meeting that runs; returns its id.

    `bound` are organisations of the country's latest register; none means the whole mechanism. `follows` is the code of
    an action that there is, a new one, which comes into being with the decision, or "" for none yet. With the
    `decision_id` of a browser the same decision sent twice is kept once (Already); sent in other words it is Newer, and
    with the version that this tells as `knowing` it takes the place of what was kept. Raises policy.Refused and
    NotPossible.
    """
    decision_id = together.own_id(decision_id) or str(uuid7())
    with house.store.write("coordination", by=viewer.account_id) as write:
        meeting = together.open_meeting(viewer, write, meeting_id, RUNNING)
        _on_the_agenda(write, meeting_id, item_id)
        if kept := write.read(_ONE, id=decision_id):
            return _again(viewer, house, write, meeting, kept[0], text, bound, follows, knowing)
        country = meeting["country"]
        row = {
            "decision_id": decision_id,
            "meeting_id": meeting_id,
            "item_id": item_id,
            "country": country,
            "text": fitting(text, *TEXT, name=N_("the decision")),
            "bound": _bound(write, country, bound),
            "action_code": _follows(viewer, house, write, meeting, decision_id, follows),
            "by_account": viewer.account_id,
        }
        write.add("decision", row)
        house.store.audit("decision taken", by=viewer.account_id, subject=decision_id, detail={"country": country})
        return decision_id


def amend(
    viewer: Viewer,
    house: House,
    decision_id: str,
    text: str,
    *,
    bound: Iterable[str] = (),
    knowing: int | None = None,
) -> int:
    """Word a decision anew while its meeting runs, or bind others; returns the version of what holds now.

    Raises policy.Refused, NotPossible and Newer.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.line(write, _ONE, decision_id, _(_MISSING))
        together.open_meeting(viewer, write, row["meeting_id"], RUNNING)
        new = {"text": fitting(text, *TEXT, name=N_("the decision")), "bound": _bound(write, row["country"], bound)}
        if not all(row[name] == value for name, value in new.items()):
            together.nothing_newer(write, row, knowing, _said(write, row))
        if row["withdrawn"]:
            raise NotPossible(_("This decision was taken back."))
        write.add("decision", together.bare(row) | new | {"by_account": viewer.account_id})
        house.store.audit("decision worded", by=viewer.account_id, subject=decision_id)
        return write.version


def follow_up(
    viewer: Viewer, house: House, decision_id: str, follows: str | NewAction, *, knowing: int | None = None
) -> str:
    """Name the action that follows a decision, also after the meeting; returns the action's code.

    A new action is agreed on the day of the meeting while that runs, and today afterwards. Sent again it is the one
    that came first, and another new one beside it is refused. Raises policy.Refused, NotPossible and Newer.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.line(write, _ONE, decision_id, _(_MISSING))
        meeting = together.meeting(viewer, write, row["meeting_id"])
        if meeting["withdrawn"] or row["withdrawn"]:
            raise NotPossible(_("This decision was taken back."))
        if isinstance(follows, NewAction) and row["action_code"]:
            return _one_new(write, row, follows)
        together.nothing_newer(write, row, knowing, _said(write, row))
        code = _follows(viewer, house, write, meeting, decision_id, follows)
        if not code:
            raise NotPossible(_("Choose the action that follows."))
        write.add("decision", together.bare(row) | {"action_code": code, "by_account": viewer.account_id})
        house.store.audit("decision followed", by=viewer.account_id, subject=decision_id, detail={"action": code})
        return code


def take_back(viewer: Viewer, house: House, decision_id: str) -> None:
    """Take a decision back while its meeting runs; its rows stay, and so does an action that came with it.

    Raises policy.Refused and NotPossible.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.line(write, _ONE, decision_id, _(_MISSING))
        together.open_meeting(viewer, write, row["meeting_id"], RUNNING)
        if row["withdrawn"]:
            raise NotPossible(_("This decision was taken back."))
        write.add("decision", together.bare(row) | {"withdrawn": True, "by_account": viewer.account_id})
        house.store.audit("decision taken back", by=viewer.account_id, subject=decision_id)


class Already(NotPossible):
    """The decision with this id is kept already: the answer was lost, not the decision."""

    def __init__(self, decision_id: str) -> None:
        super().__init__(_("This decision is kept already."))
        self.decision_id = decision_id


def _again(
    viewer: Viewer,
    house: House,
    write: Write,
    meeting: Row,
    row: Row,
    text: str,
    bound: Iterable[str],
    follows: str | NewAction,
    knowing: int | None,
) -> str:
    """What becomes of a decision that is kept already and comes once more, word for word or not; returns its id."""
    if row["meeting_id"] != meeting["meeting_id"]:
        raise NotPossible(_(_MISSING))
    decision_id: str = row["decision_id"]
    new = {
        "text": fitting(text, *TEXT, name=N_("the decision")),
        "bound": _bound(write, row["country"], bound),
        "withdrawn": False,
    }

    def followed(code: str) -> bool:
        if isinstance(follows, NewAction):
            return new_actions.came_with(write, follows, code, decision_id)
        return follows == code

    # Who was not told yet how it stands sends what she sent at first, whatever others made of it meanwhile.
    told = (
        [row] if knowing is not None else write.read("select * from decision where decision_id = $id", id=decision_id)
    )
    if not row["withdrawn"] and any(
        followed(one["action_code"]) and all(one[name] == value for name, value in new.items()) for one in told
    ):
        raise Already(decision_id)
    if knowing is None or knowing != row["version"]:
        raise together.newer(write, row, _said(write, row))
    code = row["action_code"]
    if code and isinstance(follows, NewAction):
        code = _one_new(write, row, follows)
    elif follows != code:
        code = _follows(viewer, house, write, meeting, decision_id, follows)
    write.add("decision", together.bare(row) | new | {"action_code": code, "by_account": viewer.account_id})
    house.store.audit("decision worded", by=viewer.account_id, subject=decision_id)
    return decision_id


def _one_new(write: Write, row: Row, follows: NewAction) -> str:
    """The code of the action that came with a decision, if it is the one that is sent again; else NotPossible."""
    code: str = row["action_code"]
    if not new_actions.came_with(write, follows, code, row["decision_id"]):
        raise NotPossible(
            _(
                "The action {code} follows this decision already, so no other one was brought into being. Choose it"
                " from the list, and change it under Actions.",
                code=code,
            )
        )
    return code


def _on_the_agenda(write: Write, meeting_id: str, item_id: str) -> None:
    found = write.read(
        "select arg_max(removed, version) as removed from agenda_item where item_id = $id and meeting_id = $meeting"
        " having count(*) > 0",
        id=item_id,
        meeting=meeting_id,
    )
    if not found or found[0]["removed"]:
        raise NotPossible(_("This line is not on the agenda any more. Load the page again."))


def _bound(write: Write, country: str, codes: Iterable[str]) -> str:
    """The codes of who is bound, in the order of their names, joined as they are kept."""
    asked, listed = {*codes}, seats(write.read, write.version, country)
    if unknown := sorted(asked - set(listed)):
        raise NotPossible(
            _(
                "“{code}” is not in the latest register of members of this country, so it cannot be bound. Choose"
                " an organisation that is.",
                code=unknown[0][:40],
            )
        )
    return "|".join(code for code in listed if code in asked)


def _follows(
    viewer: Viewer, house: House, write: Write, meeting: Row, decision_id: str, follows: str | NewAction
) -> str:
    if isinstance(follows, NewAction):
        return new_actions.add(
            viewer,
            house,
            write,
            follows,
            country=meeting["country"],
            agreed_on=_day(viewer, meeting),
            agreed_at=meeting["title"],
            meeting_id=meeting["meeting_id"],
            decision_id=decision_id,
        )
    if not follows:
        return ""
    policy.require(viewer, "change actions", country=meeting["country"])
    if not any(s.country == meeting["country"] for s in standings(write.read, write.version, follows)):
        raise NotPossible(_("There is no action “{code}” of this country.", code=follows[:40]))
    return follows


def _day(viewer: Viewer, meeting: Row) -> date:
    """The day on which an action is agreed: that of the meeting while it runs, today afterwards."""
    day: date = meeting["held_on"]
    return day if together.state_of(meeting) == RUNNING else max(day, viewer.today)


def _said(write: Write, row: Row) -> str:
    """A decision as it reads: its text, who is bound, the action that follows."""
    listed: dict[str, Seat] = seats(write.read, write.version, row["country"])
    names = [listed[code].name if code in listed else code for code in row["bound"].split("|") if code]
    parts = [row["text"], words.words(names) if names else _("Binds the whole mechanism")]
    action, gone = row["action_code"], [_("This decision was taken back.")] if row["withdrawn"] else []
    return " · ".join([*parts, *([action] if action else []), *gone])
