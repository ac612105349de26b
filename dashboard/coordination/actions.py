"""The write door for actions: state, due date, note, evidence, one or several at once. Never adds one, never merges.

Files bring actions into being; here is what happens to them, each change with who, when and why. A change is taken back
by the contrary one: both stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from uuid_utils import uuid7

from dashboard.coordination.notes import screened, tidy
from dashboard.coordination.standing import CLOSED, STATES, Standing, standings
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.errors import StoreError
from dashboard.record.house import House
from dashboard.record.transaction import Write
from dashboard.reference import text
from dashboard.reference.text import N_, _

__all__ = [
    "LONGEST",
    "MOST",
    "STATES",
    "Choice",
    "Done",
    "NewerChange",
    "NotPossible",
    "change",
    "change_several",
    "latest_due",
    "may_change",
    "undo",
    "undo_several",
    "visible",
]

SHORTEST, LONGEST = 3, 500
YEARS = 5
MOST = 100
"""So many actions are changed in one step."""


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
    evidence: str = "",
    knowing: str | None = None,
) -> int:
    """Change an action's state, due date or both, with a note, or only leave a note or evidence. Returns the version.

    `evidence` says what shows it, and where: a document by its title, or an address of the web.
    `knowing` is the id of the last event that the page showed ("" for none); None asks for no such comparison.
    Raises policy.Refused, NotPossible with what to do, and NewerChange when another change came in between.
    """
    policy.require(viewer, "change actions")
    note, evidence = _written(note), _written(evidence, evidence=True)
    with house.store.write("coordination", by=viewer.account_id) as write:  # asked and answered before anybody else
        found = _found(viewer, write, action_code)
        _nothing_newer(write, found, knowing)
        new_state = state if state is not None and state != found.state else None
        new_due = due_on if due_on is not None and due_on != found.due_on else None
        _fits(viewer, found, state, new_state, new_due, note or evidence)
        if not note and (why := _needs_a_note(found, new_state, new_due)):
            raise NotPossible(why)
        for name, value in (("state", new_state), ("due", new_due), ("note", note), ("evidence", evidence)):
            if value:
                _add(write, found, name, value)
        house.store.audit(
            "action changed",
            by=viewer.account_id,
            subject=found.code,
            detail={"state": new_state, "due_on": new_due, "note": bool(note), "evidence": bool(evidence)},
        )
        return write.version


def undo(viewer: Viewer, house: House, action_code: str, version: int) -> int:
    """Take back the viewer's own change of an action that was made at `version`, by contrary events that name it.

    What stands then is as before that change; the change and its taking back stay in the history. Returns the version.
    Raises policy.Refused, NotPossible, and NewerChange when the action was changed again since.
    """
    policy.require(viewer, "change actions")
    with house.store.write("coordination", by=viewer.account_id) as write:
        found = _found(viewer, write, action_code)
        own = found.undoable(viewer.account_id)
        made = [e for e in found.events if e["version"] == version and e["by_account"] == viewer.account_id]
        if not made:
            raise NotPossible(_("You made no such change of this action, so there is nothing to take back."))
        if made[0]["event_id"] in found.undone:
            raise NotPossible(_("This change was taken back already."))
        if not own or own[0]["version"] != version:
            raise NewerChange(
                _("This action was changed again since, so it stays as it is now. Open it to change it further.")
            )
        found.take_back(*(event["event_id"] for event in own))
        for event in own:
            value = {"state": found.state, "due": found.due_on}.get(event["event"], "")
            _add(write, found, event["event"], value, undoes=event["event_id"])
        house.store.audit(
            "action change taken back", by=viewer.account_id, subject=found.code, detail={"version": version}
        )
        return write.version


@dataclass(frozen=True)
class Choice:
    """One of several actions, and what was seen of it: the last event's id, or the version of a change to take back."""

    action_code: str
    seen: str


@dataclass(frozen=True)
class Done:
    """What became of it: the version of the change, or why there is none; `newer`: because somebody else was first."""

    action_code: str
    version: int = 0
    why: str = ""
    newer: bool = False


def change_several(viewer: Viewer, house: House, choices: Iterable[Choice], **what: Any) -> tuple[Done, ...]:
    """The same change of several actions, each by its own door and version; `what` is as in `change`.

    Raises policy.Refused, and NotPossible where nothing or too much is chosen; what is wrong with one is told of it.
    """
    policy.require(viewer, "change actions")
    return _each(choices, lambda one: change(viewer, house, one.action_code, knowing=one.seen, **what))


def undo_several(viewer: Viewer, house: House, choices: Iterable[Choice]) -> tuple[Done, ...]:
    """Take back the viewer's own changes of several actions, each as `undo` does. Raises as `change_several` does."""
    policy.require(viewer, "change actions")
    return _each(choices, lambda one: undo(viewer, house, one.action_code, _whole(one.seen)))


def _each(choices: Iterable[Choice], step: Callable[[Choice], int]) -> tuple[Done, ...]:
    chosen = list({choice.action_code: choice for choice in choices}.values())
    if not chosen:
        raise NotPossible(_("No action was chosen. Choose one or more, then press the button again."))
    if len(chosen) > MOST:
        raise NotPossible(_("Choose up to {most} actions at once.", most=MOST))
    return tuple(_try(step, choice) for choice in chosen)


def _try(step: Callable[[Choice], int], choice: Choice) -> Done:
    try:
        return Done(choice.action_code, step(choice))
    except (NotPossible, policy.Refused, StoreError) as error:  # whatever came before it was done, and is told
        return Done(choice.action_code, why=str(error), newer=isinstance(error, NewerChange))


def _whole(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else -1


def _found(viewer: Viewer, write: Write, action_code: str) -> Standing:
    """The action as it stands in the open write. Raises NotPossible where it is not hers to see, Refused to change."""
    found = next((s for s in standings(write.read, write.version, action_code) if action_code), None)
    if found is None or not visible(viewer, found):
        raise NotPossible(_("There is no action “{code}” on your list.", code=action_code[:40]))
    decision = may_change(viewer, found)
    if not decision.allowed:
        raise policy.Refused(decision.reason)
    return found


def _add(write: Write, found: Standing, event: str, value: object, undoes: str = "") -> None:
    write.add(
        "action_event",
        {
            "event_id": str(uuid7()),
            "action_code": found.code,
            "country": found.country,
            "event": event,
            {"due": "due_on", "state": "state"}.get(event, "note"): value,
            "by_account": write.by,
            "undoes": undoes,
        },
    )


def _written(said: str, evidence: bool = False) -> str:
    """The note in one line, of a length that is read, and without what tells of a person."""
    said = tidy(said)
    if said and not SHORTEST <= len(said) <= LONGEST:
        words = (
            N_("Say in {least} to {most} characters what shows it; yours has {count}.")
            if evidence
            else N_("Write a note of {least} to {most} characters; yours has {count}.")
        )
        raise NotPossible(_(words, least=SHORTEST, most=LONGEST, count=text.number(len(said))))
    return screened(said)


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
    viewer: Viewer, found: Standing, asked: str | None, state: str | None, due_on: date | None, said: str
) -> None:
    """Pass, or raise NotPossible with the rule that the change breaks. `asked` is the state as it was sent."""
    if asked is not None and asked not in STATES:
        words = text.words([_(word) for word in STATES.values()], _("or"))
        raise NotPossible(_("“{state}” is no state of an action. Choose {words}.", state=asked[:40], words=words))
    if state is None and due_on is None and not said:
        raise NotPossible(_("Nothing was changed: choose another state or due date, or write a note."))
    if due_on is not None:
        _fits_in_time(viewer, found, state or found.state, due_on)


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
