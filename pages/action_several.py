"""/actions/several: the same change of several actions, as a plain form. Never changes what was not chosen.

The list does not move while somebody chooses, each action passes its door by itself with what was seen of it, and the
answer says of each what became of it. What was refused stands in the form again, with what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from dashboard.coordination import actions as door
from dashboard.coordination.actions import Choice, Done, NotPossible
from dashboard.protection.policy import Refused
from dashboard.reference.text import _, n_, number
from dashboard.reports import action_words, actions
from dashboard.reports.actions import UNFINISHED, Action
from dashboard.web import filters, plain
from dashboard.web.guard import current_viewer, house, route

FILTERS = ("country", "state", "lead", "overdue")
TYPED = ("new_state", "due", "note", "evidence")


def address(asked: dict[str, str]) -> str:
    """The form for the actions of these filters of /actions."""
    return "/actions/several?" + urlencode({name: asked[name] for name in FILTERS if asked.get(name)})


@route("/actions/several", permission="change actions")
def choose() -> str:
    """The actions of the filters that the viewer may change, with a box for each."""
    return _form(_asked(), {}, ())


@route("/actions/several", permission="change actions", methods=("POST",))
def change() -> tuple[str, int]:
    """Change what was chosen; whatever cannot be done stays in the form."""
    viewer, home, asked = current_viewer(), house(), _asked()
    typed = {name: request.form.get(name, "").strip() for name in TYPED}
    chosen = [_choice(sent) for sent in request.form.getlist("action")]
    try:
        done = door.change_several(
            viewer,
            home,
            chosen,
            state=typed["new_state"] or None,
            due_on=_day(typed["due"]),
            note=typed["note"],
            evidence=typed["evidence"],
        )
    except NotPossible as error:
        return _form(asked, typed, [one.action_code for one in chosen], error=str(error)), 409
    well = [one for one in done if one.version]
    said = n_(
        "{well} of {count} action was changed. Everybody sees it now, with your name and the time.",
        "{well} of {count} actions were changed. Everybody sees it now, with your name and the time.",
        len(done),
        well=number(len(well)),
    )
    return _answer(said, done, asked, typed), 200


@route("/actions/undo", permission="change actions", methods=("POST",))
def undo() -> tuple[str, int]:
    """Take the viewer's own changes back, each by the contrary one."""
    asked = _asked()
    try:
        done = door.undo_several(current_viewer(), house(), map(_choice, request.form.getlist("change")))
    except NotPossible as error:
        return _answer(str(error), (), asked, {}, undoing=True), 409
    said = n_(
        "{well} of {count} change was taken back. Both stay in the history.",
        "{well} of {count} changes were taken back. Both stay in the history.",
        len(done),
        well=number(sum(bool(one.version) for one in done)),
    )
    return _answer(said, done, asked, {}, undoing=True), 200


def _asked() -> dict[str, str]:
    return {name: filters.chosen(request.values.get(name, "")) for name in FILTERS}


def _choice(sent: str) -> Choice:
    code, _colon, seen = sent[:120].partition(":")
    return Choice(code, seen)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise NotPossible(_("“{day}” is no date. Write it as 2026-09-30.", day=typed[:20])) from error


def _listed(asked: dict[str, str]) -> list[Action]:
    """The actions of the filters that she may change, as /actions shows them."""
    own = asked["lead"] == "own"
    found = actions.actions(
        current_viewer(),
        house(),
        country=asked["country"],
        state={"": UNFINISHED, "all": ""}.get(asked["state"], asked["state"]),
        lead="" if own else asked["lead"],
        overdue=asked["overdue"] == "yes",
        mine=own,
    )
    return [one for one in found.rows if one.may_change]


def _form(asked: dict[str, str], typed: dict[str, str], chosen: Sequence[str], error: str = "") -> str:
    return plain.render("several.html", title=_("Change several actions"), **_fields(asked, typed, chosen, error=error))


def _fields(
    asked: dict[str, str], typed: dict[str, str], chosen: Sequence[str], only: bool = False, error: str = ""
) -> dict[str, Any]:
    """What the form needs. `only`: the chosen actions and no others, read anew."""
    viewer = current_viewer()
    listed = _listed(asked)
    if only:
        listed = [one for one in _listed({**dict.fromkeys(FILTERS, ""), "state": "all"}) if one.action_code in chosen]
    return {
        "listed": listed,
        "chosen": {*chosen},
        "typed": typed,
        "asked": {name: value for name, value in asked.items() if value},
        "back": "/actions?" + urlencode({name: value for name, value in asked.items() if value}),
        "titles": {key: _(words) for key, words in door.STATES.items()},
        "words": action_words,
        "longest": door.LONGEST,
        "latest": door.latest_due(viewer.today).isoformat(),
        "error": error,
    }


def _answer(
    sentence: str, done: Sequence[Done], asked: dict[str, str], typed: dict[str, str], undoing: bool = False
) -> str:
    """What became of each; below it the form with what was refused, as it stands now, and what was typed."""
    again = [one.action_code for one in done if not one.version] if not undoing else []
    named = [(one, *_known(one)) for one in sorted(done, key=lambda one: bool(one.version))]
    return plain.render(
        "changed.html",
        title=_("Changed actions"),
        answer=sentence,
        done=named,
        undoing=undoing,
        takeback=[one for one in done if one.version] if not undoing else [],
        **_fields(asked, typed, again, only=True),
    )


def _known(done: Done) -> tuple[Action | None, actions.Step | None]:
    """The action as it stands now and its last change, where the viewer may see it."""
    viewer, home = current_viewer(), house()
    try:
        found = actions.action(viewer, home, done.action_code)
        steps = actions.history(viewer, home, done.action_code)
    except Refused:
        return None, None
    return found, steps[0] if steps else None
