"""What happens to one submission next, what happened to it, and its receipt. Never decides who may do what."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.intake.submissions import STATES
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, moment, number
from dashboard.reports.submissions import Detail
from dashboard.web import components, marks

STEPS = {
    "submit": (N_("Submit for review"), "primary"),
    "accept": (N_("Accept"), "primary"),
    "return": (N_("Return with the comment"), "secondary"),
    "withdraw": (N_("Withdraw with the comment"), "secondary"),
}
COMMENT_HINT = N_("People without a training read this comment: name the row and the column, and no count of contacts.")


def newer(found: Detail) -> str:
    """The newer file that the page tells of; a step sends it back, so that nobody replaces what she did not see."""
    return found.newer["submission_id"] if found.newer else ""


def steps(found: Detail) -> Any:
    """The steps that this viewer may take, with a place for a comment; None when there are none."""
    if not found.may:
        return None
    speaks = found.may & {"return", "withdraw"}
    return html.Section(
        [
            html.H2(_("What happens next")),
            *([_cannot_accept(found)] if found.cannot_accept else []),
            *(
                [
                    dbc.Label(
                        [
                            _("Comment (needed to return or withdraw)"),
                            *([html.Span(_(COMMENT_HINT), className="hint d-block")] if found.counted else []),
                        ],
                        html_for="submission-comment",
                    ),
                    dbc.Textarea(id="submission-comment", maxLength=500, rows=2),
                ]
                if speaks
                else [dbc.Textarea(id="submission-comment", style={"display": "none"})]
            ),
            html.Div(
                [
                    dbc.Button(
                        _(words),
                        id={"type": "step", "step": step, "id": found.row["submission_id"], "knows": newer(found)},
                        color=colour,
                        outline=colour == "secondary",
                        n_clicks=0,
                    )
                    for step, (words, colour) in STEPS.items()
                    if step in found.may
                ],
                className="buttons",
            ),
        ],
        className="actions",
    )


def _cannot_accept(found: Detail) -> html.Div:
    """Why Accept is not offered, before anybody looks for it, and who can do what."""
    return components.notice(
        "info",
        _("You cannot accept this file"),
        " ".join(
            [
                found.cannot_accept,
                _("A reviewer with a valid training accepts it; you may return it with a comment."),
            ]
        ),
    )


def history(found: Detail) -> Any:
    """Each step with who, when and the comment."""
    return html.Section(
        [
            html.H2(_("What happened to it")),
            html.Ol(
                [
                    html.Li(
                        [
                            html.Strong(_(STATES[step["event"]])),
                            f", {moment(step['recorded_at'])}, {step['by_name']}",
                            html.Blockquote(step["comment"]) if step["comment"] else None,
                        ]
                    )
                    for step in found.steps
                ],
                className="history",
            ),
        ]
    )


def receipt(found: Detail) -> Any:
    """What was received. The hash and the size of counts are for those who know them: whoever tries numbers until the
    hash fits would know them too."""
    row = found.row
    known = bool(row["sha256"])
    size, proof = (number(row["size"]), html.Code(row["sha256"])) if known else (marks.status(Status.NOT_RELEASED),) * 2
    return html.Section(
        [
            html.H2(_("Receipt")),
            html.Dl(
                [
                    html.Dt(_("Rows")),
                    html.Dd(number(row["row_count"])),
                    html.Dt(_("Bytes")),
                    html.Dd(size),
                    html.Dt("SHA-256"),
                    html.Dd(proof),
                    html.Dt(_("Submission")),
                    html.Dd(html.Code(row["submission_id"])),
                ],
                className="receipt",
            ),
        ]
    )
