"""What a form of a meeting asks for, handed to the door that decides. Never decides who may, and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from dashboard.coordination import agenda, attendance, decisions, meetings
from dashboard.coordination.new_actions import NewAction
from dashboard.coordination.together import Topic
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _

SEAT, WAS = "seat:", "was:"
"""Before an organisation's code: how a form says it attends, and what the form showed before."""


Form = MultiDict[str, str]


def take(viewer: Viewer, house: House, meeting_id: str, what: str, form: Form) -> Mapping[str, str]:
    """Take one step of STEPS. Raises policy.Refused, NotPossible, and together.Newer where somebody was first.

    A decision that is kept already, because only its answer was lost, is taken as kept. Returns what a form that is
    typed in further compares its next change with: the fields `saw` and `knowing`, as far as the step has them.
    """
    step = STEPS.get(what)
    if step is None:
        raise NotPossible(_("There is no such step."))
    try:
        return step(viewer, house, meeting_id, form) or {}
    except decisions.Already:
        return {}


def day(text: str) -> date | None:
    """A day as a form sends it; None for an empty field. Raises NotPossible."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotPossible(_("“{day}” is no date. Write it as 2026-09-30.", day=text[:20])) from error


def follows(form: Form) -> str | NewAction:
    """The action that a form says follows: the code of one that there is, a new one, or "" for none."""
    chosen = form.get("follows", "")
    if chosen != "new":
        return chosen
    return NewAction(
        title=form.get("title", ""),
        changes_for_survivor=form.get("changes", ""),
        lead=form.get("lead", ""),
        due_on=day(form.get("due", "")),
        restricts=form.get("restricts") == "yes",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _add(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    topic = Topic(form.get("title", ""), form.get("subject", ""), _number(form.get("minutes", "")) or 0)
    agenda.add(viewer, house, meeting_id, topic)


def _word(viewer: Viewer, house: House, _meeting: str, form: Form) -> None:
    agenda.word(
        viewer,
        house,
        form.get("item", ""),
        title=form.get("title", ""),
        minutes=_number(form.get("minutes", "")) or 0,
        knowing=_number(form.get("knowing", "")),
    )


def _note(viewer: Viewer, house: House, _meeting: str, form: Form) -> Mapping[str, str]:
    return {"saw": agenda.note(viewer, house, form.get("item", ""), form.get("note", ""), saw=form.get("saw", ""))}


def _attend(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    """Only what was changed on the form: another seat may have been marked on another screen meanwhile."""
    said = {name.removeprefix(SEAT): form.get(name, "") for name in form.keys() if name.startswith(SEAT)}
    changed = {code: state for code, state in said.items() if state and state != form.get(WAS + code, "")}
    attendance.attend(viewer, house, meeting_id, changed)


def _document(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    attendance.add_document(viewer, house, meeting_id, title=form.get("title", ""), address=form.get("address", ""))


def _decide(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    decisions.decide(
        viewer,
        house,
        meeting_id,
        form.get("item", ""),
        form.get("text", ""),
        bound=form.getlist("bound"),
        follows=follows(form),
        decision_id=form.get("decision", ""),
        knowing=_number(form.get("knowing", "")),
    )


def _amend(viewer: Viewer, house: House, _meeting: str, form: Form) -> Mapping[str, str]:
    version = decisions.amend(
        viewer,
        house,
        form.get("decision", ""),
        form.get("text", ""),
        bound=form.getlist("bound"),
        knowing=_number(form.get("knowing", "")),
    )
    return {"knowing": str(version)}


def _follow(viewer: Viewer, house: House, _meeting: str, form: Form) -> None:
    decisions.follow_up(
        viewer, house, form.get("decision", ""), follows(form), knowing=_number(form.get("knowing", ""))
    )


def _plan(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    held_on = day(form.get("held_on", ""))
    if held_on is None:
        raise NotPossible(_("Choose the day of the meeting."))
    knowing = _number(form.get("knowing", ""))
    meetings.plan_anew(viewer, house, meeting_id, title=form.get("title", ""), held_on=held_on, knowing=knowing)


def _close(viewer: Viewer, house: House, meeting_id: str, form: Form) -> None:
    if form.get("sure") != "yes":
        raise NotPossible(_("Tick the box before you close the meeting: it cannot be opened again."))
    meetings.close(viewer, house, meeting_id)


Step = Callable[[Viewer, House, str, Form], Mapping[str, str] | None]
STEPS: Mapping[str, Step] = {
    "add": _add,
    "word": _word,
    "up": lambda viewer, house, _meeting, form: agenda.move(viewer, house, form.get("item", ""), up=True),
    "down": lambda viewer, house, _meeting, form: agenda.move(viewer, house, form.get("item", ""), up=False),
    "leave-out": lambda viewer, house, _meeting, form: agenda.leave_out(viewer, house, form.get("item", "")),
    "note": _note,
    "attend": _attend,
    "add-document": _document,
    "remove-document": lambda viewer, house, _meeting, form: attendance.remove_document(
        viewer, house, form.get("document", "")
    ),
    "decide": _decide,
    "amend": _amend,
    "follow": _follow,
    "take-back": lambda viewer, house, _meeting, form: decisions.take_back(viewer, house, form.get("decision", "")),
    "plan": _plan,
    "start": lambda viewer, house, meeting_id, _form: meetings.start(viewer, house, meeting_id),
    "close": _close,
    "withdraw": lambda viewer, house, meeting_id, _form: meetings.withdraw(viewer, house, meeting_id),
    "bring-back": lambda viewer, house, meeting_id, _form: meetings.bring_back(viewer, house, meeting_id),
}
