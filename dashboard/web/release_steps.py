"""What is pressed and typed on the page on releases. Decides nothing: the doors do."""

from __future__ import annotations

import json
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.publication import publishing


def button(step: str, release_id: str, words: str, *, quiet: bool = False) -> dbc.Button:
    """A button that takes a step with a release; the page's callback hears it, and the doors decide."""
    return dbc.Button(
        words,
        id={"type": "release", "step": step, "id": release_id},
        color="secondary" if quiet else "primary",
        outline=quiet,
        n_clicks=0,
    )


def confirm(words: str, said: str, what: Any, *, quiet: bool = False) -> html.Details:
    """A step that is asked for twice: what it does is read before the button can be pressed."""
    return html.Details(
        [
            html.Summary(words, className="button quiet" if quiet else "button"),
            html.Div([html.P(said), what], className="confirm-body"),
        ],
        className="confirm",
    )


def note(release_id: str, label: str, hint: str) -> html.Div:
    """A field for a note that everybody may read."""
    identity = {"type": "release-note", "id": release_id}
    return html.Div(
        [
            html.Label(
                [label, html.Span(hint, className="hint d-block")],
                htmlFor=json.dumps(identity, sort_keys=True, separators=(",", ":")),
            ),
            dbc.Textarea(id=identity, maxLength=publishing.LONGEST, rows=2),
        ],
        className="field",
    )
