"""What somebody typed beside what another saved meanwhile, so that neither is lost. Never saves or merges anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from dash import html

from dashboard.coordination.standing import STATES
from dashboard.protection.policy import Viewer
from dashboard.reference.text import _, day
from dashboard.reports import actions
from dashboard.web import components
from dashboard.web.guard import house
from pages import action_parts


def both(viewer: Viewer, known: Mapping[str, str], typed: Mapping[str, str], title: str, sentence: str) -> html.Div:
    """The notice with both sides: what was saved since the page showed `known`, and what is typed and not saved.

    `known` has the action's `code` and the number of its `steps` that were seen; `typed` what differs from the page.
    """
    steps = actions.history(viewer, house(), known["code"])
    seen = int(known["steps"]) if known.get("steps", "").isdecimal() else len(steps)
    newer = steps[: max(0, len(steps) - seen)]
    yours = [html.Div([html.Dt(words), html.Dd(said)]) for words, said in _said(typed)]
    theirs = html.Ol([action_parts.step(step) for step in newer], className="history")
    sides = [
        html.Div([html.H4(_("Saved meanwhile")), theirs if newer else html.P(_("The list of actions words it anew."))]),
        html.Div([html.H4(_("Yours, not saved")), html.Dl(yours) if yours else html.P(_("You changed nothing else."))]),
    ]
    # One component: what stands in a list within a list is drawn by nobody.
    return components.notice("warning", title, html.Div([html.P(sentence), html.Div(sides, className="both")]))


def _said(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is typed, in the words of the form."""
    words = {"state": _("State"), "due": _("Due date"), "note": _("Note"), "evidence": _("Evidence")}
    return [(words[name], _worded(name, value)) for name, value in typed.items() if name in words and value]


def _worded(name: str, value: str) -> str:
    if name == "state":
        return _(STATES[value]) if value in STATES else value
    if name == "due":
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


# --- what `assets/draft.js` keeps in the tab's own memory while somebody types ---


def keeping(name: str, account_id: str, event: str, initial: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of a form whose typed text outlives a sleep, a lost session or a reload, for this person alone."""
    return {
        "data-draft": name,
        "data-account": account_id,
        "data-event": event,
        "data-initial": json.dumps(dict(initial)),
    }


def kept_words() -> list[html.P]:
    """What a form says when it got back what was typed before: one sentence more where the action changed since."""
    again = _("What you had typed before is here again. It is not saved yet.")
    newer = _("The action was changed in between: look at what happened to it before you save.")
    return [
        html.P(again, className="draft-said", hidden=True),
        html.P(newer, className="draft-newer", hidden=True),
    ]
