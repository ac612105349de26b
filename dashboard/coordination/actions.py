"""The write door for actions: change a state, move a due date, leave a note. Never adds an action, never merges.

Files bring actions into being; here is what happens to them, each change with who, when and why.
"""

from __future__ import annotations

from datetime import date

from uuid_utils import uuid7

from dashboard.coordination.notes import screened, tidy
from dashboard.coordination.standing import CLOSED, STATES, Standing, standings
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Write
from dashboard.reference import text
from dashboard.reference.text import _

__all__ = ["LONGEST", "STATES", "NewerChange", "NotPossible", "change", "latest_due", "may_change", "visible"]

SHORTEST, LONGEST = 3, 500
YEARS = 5


class NewerChange(NotPossible):
    """Somebody else changed the action after the page was drawn. Nothing was saved and nothing was merged."""


def visible(viewer: Viewer, found: Standing) -> bool:
    """Whether the viewer may see this action: of her reach, or one that her own organisation leads or supports."""
    scope = policy.scope(viewer, "view actions")
    return scope.holds(found.lead, found.country) or bool(scope.organisations & {*found.support})


def may_change(viewer: Viewer, found: Standing) -> policy.Decision:
    """Whether the viewer may change this action: by the organisation that leads, and the country that agreed it."""
    return policy.may(viewer, "change actions", organisation_code=found.lead, country=found.country)


def latest_due(today: date) -> date:
    """The furthest day to which a due date may be moved."""
    return date(today.year + YEARS, today.month, min(today.day, 28) if today.month == 2 else today.day)


def change(
    viewer: Viewer,
    house: House,
    action_code: str,
    *,
    state: str | None = None,
    due_on: date | None = None,
    note: str = "",
    knowing: str | None = None,
) -> int:
    """Change an action's state, due date or both, with a note, or only leave a note. Returns the version.

    `knowing` is the id of the last event that the page showed ("" for none); None asks for no such comparison.
    Raises policy.Refused, NotPossible with what to do, and NewerChange when another change came in between.
    """
    policy.require(viewer, "change actions")
    note = _written(note)
    with house.store.write("coordination", by=viewer.account_id) as write:  # asked and answered before anybody else
        found = next((s for s in standings(write.read, write.version, action_code) if action_code), None)
        if found is None or not visible(viewer, found):
            raise NotPossible(_("There is no action “{code}” on your list.", code=action_code[:40]))
        decision = may_change(viewer, found)
        if not decision.allowed:
            raise policy.Refused(decision.reason)
        _nothing_newer(write, found, knowing)
        new_state = state if state is not None and state != found.state else None
        new_due = due_on if due_on is not None and due_on != found.due_on else None
        _fits(viewer, found, state, new_state, new_due, note)
        for name, value in (("state", new_state), ("due", new_due), ("note", note or None)):
            if value is not None:
                write.add(
                    "action_event",
                    {
                        "event_id": str(uuid7()),
                        "action_code": found.code,
                        "country": found.country,
                        "event": name,
                        {"due": "due_on"}.get(name, name): value,
                        "by_account": viewer.account_id,
                    },
                )
        house.store.audit(
            "action changed",
            by=viewer.account_id,
            subject=found.code,
            detail={"state": new_state, "due_on": new_due, "note": bool(note)},
        )
        return write.version


def _written(note: str) -> str:
    """The note in one line, of a length that is read, and without what tells of a person."""
    note = tidy(note)
    if note and not SHORTEST <= len(note) <= LONGEST:
        raise NotPossible(
            _(
                "Write a note of {least} to {most} characters; yours has {count}.",
                least=SHORTEST,
                most=LONGEST,
                count=text.number(len(note)),
            )
        )
    return screened(note)


def _nothing_newer(write: Write, found: Standing, knowing: str | None) -> None:
    last = found.last
    if knowing is None or knowing == (last["event_id"] if last else ""):
        return
    if last is None:
        raise NewerChange(_("This action was agreed anew after your page was drawn. Load the page again."))
    named = write.read("select name from account_now where account_id = $id", id=last["by_account"])
    raise NewerChange(
        _(
            "{who} changed this action on {when}, after your page was drawn. Nothing of yours was saved or merged, and"
            " what you typed is still here: look at the change, then save again or leave it as it is.",
            who=named[0]["name"] if named else last["by_account"],
            when=text.moment(last["recorded_at"]),
        )
    )


def _fits(
    viewer: Viewer, found: Standing, asked: str | None, state: str | None, due_on: date | None, note: str
) -> None:
    """Pass, or raise NotPossible with the rule that the change breaks. `asked` is the state as it was sent."""
    if asked is not None and asked not in STATES:
        words = text.words([_(word) for word in STATES.values()], _("or"))
        raise NotPossible(_("“{state}” is no state of an action. Choose {words}.", state=asked[:40], words=words))
    if state is None and due_on is None and not note:
        raise NotPossible(_("Nothing was changed: choose another state or due date, or write a note."))
    if due_on is not None:
        _fits_in_time(viewer, found, state or found.state, due_on)
    if not note and (why := _needs_a_note(found, state, due_on)):
        raise NotPossible(why)


def _fits_in_time(viewer: Viewer, found: Standing, state: str, due_on: date) -> None:
    if state in CLOSED:
        # Else an action that was late could be made to have been on time.
        raise NotPossible(
            _(
                "The due date of an action that is {state} stays as it was. Open the action again to move it.",
                state=_(STATES[state]).lower(),
            )
        )
    if due_on < found.agreed_on:
        raise NotPossible(
            _("The action was agreed on {day}, so it cannot be due before.", day=text.day(found.agreed_on))
        )
    if due_on > latest_due(viewer.today):
        until = text.day(latest_due(viewer.today))
        raise NotPossible(_("A due date lies at most {years} years ahead: up to {day}.", years=YEARS, day=until))


def _needs_a_note(found: Standing, state: str | None, due_on: date | None) -> str:
    """The sentence that asks for a note, or nothing where none is needed."""
    if state == "blocked":
        return _("Write a note that says what blocks the action, so that others can help.")
    if state == "dropped":
        return _("Write a note that says why the action is dropped.")
    if state is not None and found.closed:
        return _("Write a note that says why the action is opened again.")
    if due_on is not None:
        return _("Write a note that says why the due date moves.")
    return ""
