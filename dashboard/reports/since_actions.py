"""Which actions are otherwise than they were: agreed, moved, late, done; what was said of them. Never judges one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from dashboard.coordination.standing import STATES
from dashboard.protection.policy import Viewer
from dashboard.reference.table import AsOf
from dashboard.reference.text import _, day
from dashboard.reports import action_words, actions
from dashboard.reports.actions import Action, Actions
from dashboard.reports.moments import Moment
from dashboard.reports.since_ends import Change, Ends


def _at(ends: Ends, viewer: Viewer, moment: Moment) -> Actions:
    return actions.actions(viewer, ends.house, country=ends.country, version=moment.version)


def as_of(ends: Ends) -> AsOf:
    """The version that the later end shows, and when it was written."""
    return _at(ends, ends.later, ends.then).table.as_of


def changed(ends: Ends) -> Iterator[Change]:
    """Each action that changed: what was agreed first, then what was done, then by the due date."""
    old = {a.action_code: a for a in _at(ends, ends.earlier, ends.before).rows}
    now = {a.action_code: a for a in _at(ends, ends.later, ends.then).rows}
    turns = sorted(
        now.values(), key=lambda a: (a.action_code in old, a.state != "done", a.closed, a.due_on, a.action_code)
    )
    for found in turns:
        former = old.get(found.action_code)
        if former is None:
            yield _agreed(ends, found)
        elif what := _what(former, found):
            yield _moved(ends, former, found, what)
    for code, former in old.items():
        if code not in now:
            said = _("{title}: no longer on the list of actions.", title=former.title)
            yield Change("actions", former.title, _stood(former), _("not on the list"), said)


def _what(former: Action, found: Action) -> list[str]:
    """What changed of one action, in words; nothing where nothing did."""
    said = []
    if former.state != found.state:
        said.append(action_words.state_changed(former.state, found.state))
    if former.due_on != found.due_on:
        said.append(action_words.due_moved(former.due_on, found.due_on))
        if found.moves > 1:
            said.append(action_words.slips(found.moves, found.slip_days))
    elif found.days_overdue and not former.days_overdue:
        said.append(_("overdue since {day}", day=day(found.due_on)))
    if found.restricts and not former.restricts:
        said.append(
            _("marked as one that may restrict women's work or migration: it is no longer counted as late")
            if former.days_overdue and not found.closed
            else _("marked as one that may restrict women's work or migration")
        )
    elif former.restricts and not found.restricts:
        said.append(_("no longer marked as one that may restrict women's work or migration"))
    if found.apart and not (former.apart or former.days_overdue):
        said.append(_("to be looked at again since {day}", day=day(found.due_on)))
    if former.lead != found.lead:
        said.append(_("led by {now}, before by {former}", now=found.lead_name, former=former.lead_name))
    if len(found.evidence) > len(former.evidence):
        said.append(_("evidence was added"))
    if not said and _said(former, found):
        said.append(_("a note was added"))
    return said


def _said(former: Action, found: Action) -> str:
    """What was said of it last, where that is new."""
    return found.note if (found.note, found.note_at) != (former.note, former.note_at) else ""


def _moved(ends: Ends, former: Action, found: Action, what: list[str]) -> Change:
    why = _said(former, found)
    said = _("{title} ({lead}): {what}.", title=found.title, lead=found.lead_name, what="; ".join(what))
    if why:
        said = _("{sentence} Said of it: “{note}”", sentence=said, note=why)
    return Change("actions", found.title, _stood(former), _stood(found), said, why=why, href=_href(ends, found))


def _agreed(ends: Ends, found: Action) -> Change:
    said = _(
        "Agreed: {title}. {lead} leads; due on {day}.", title=found.title, lead=found.lead_name, day=day(found.due_on)
    )
    if found.state != "open":
        said = _("{sentence} It is {state} now.", sentence=said, state=_(STATES[found.state]).lower())
    return Change(
        "actions", found.title, _("not agreed yet"), _stood(found), said, why=found.note, href=_href(ends, found)
    )


def _stood(found: Action) -> str:
    late = f", {action_words.late(found.days_overdue)}" if found.days_overdue else ""
    if found.apart:
        late = f", {_(action_words.AGAIN)}"
    return _("{state}, due {day}", state=_(STATES[found.state]), day=day(found.due_on)) + late


def _href(ends: Ends, found: Action) -> str:
    asked = {"state": "all", "action": found.action_code} | ({"as_of": ends.then.key} if ends.then.past else {})
    return f"/actions?{urlencode(asked)}"
