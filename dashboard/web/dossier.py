"""What happens to one submission next, what happened to it, its versions and receipt. Never decides who may do what."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.intake.states import STATES, step_words
from dashboard.intake.versions import Version
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, moment, number
from dashboard.reports.submissions import Detail
from dashboard.web import components, differences, marks, tables

STEPS = {
    "submit": (N_("Submit for review"), "primary"),
    "accept": (N_("Accept"), "primary"),
    "return": (N_("Return with the comment"), "secondary"),
    "restore": (N_("Restore this version"), "primary"),
    "withdraw": (N_("Withdraw with the comment"), "secondary"),
}
COMMENT_HINT = N_("People without a training read this comment: name the row and the column, and no count of contacts.")


def newer(found: Detail) -> str:
    """The newer file that the page tells of; a step sends it back, so that nobody replaces what she did not see."""
    return found.newer["submission_id"] if found.newer else ""


def moment_of(found: Detail) -> list[Any]:
    """What tells a page of this submission from a later one: the last step, the newer file, how many comments.

    Where the record moves while a step is taken, the browser drops the answer to the click and draws for this instead.
    """
    return [found.row["state_version"], newer(found), len(found.remarks)]


def _knows(found: Detail, step: str) -> str:
    """The file that a step names as seen: what counts now for restoring, the newer one for every other."""
    return found.counting if step == "restore" else newer(found)


def _comment_words(found: Detail) -> str:
    if "return" in found.may:
        return _("Comment on the whole file (needed to withdraw, and to return without a comment on a row)")
    if found.restoring:
        return _("Comment (needed to restore): why this version is to count again")
    if found.may == {"restore"}:
        return _("Comment (not needed)")
    return _("Comment (needed to withdraw)")


def steps(found: Detail) -> Any:
    """The steps that this viewer may take, with a place for a comment; None when there are none."""
    if not found.may:
        return _cannot_restore(found)
    speaks = found.may & {"return", "withdraw", "restore"}
    return html.Section(
        [
            html.H2(_("What happens next")),
            *([_cannot_accept(found)] if found.cannot_accept else []),
            *(
                [
                    dbc.Label(
                        [
                            _comment_words(found),
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
                        id={
                            "type": "step",
                            "step": step,
                            "id": found.row["submission_id"],
                            "knows": _knows(found, step),
                        },
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


def _cannot_restore(found: Detail) -> Any:
    """Why somebody who reviews may not bring this version back; None where there is nothing to say."""
    if not found.cannot_restore:
        return None
    return components.notice("info", _("You cannot restore this version"), found.cannot_restore)


def restoring(found: Detail) -> Any:
    """What bringing this version back would change against what counts now; None where it cannot come back."""
    if found.restoring is None:
        return None
    said = differences.sentence(found.restoring)
    if not found.counting:
        said = " ".join([_("Nothing counts for this quarter now."), said])
    return html.Section(
        [html.H2(_("If this version is restored")), html.P(said), differences.difference(found.restoring)]
    )


def _place_in_chain(version: Version) -> Any:
    if version.counts:
        return html.Strong(_("counts now"))
    return _("replaced by another version") if version.corrected else ""


def corrected(found: Detail) -> bool:
    """Whether this version was accepted and a later one has taken its place."""
    return any(one.corrected for one in found.chain if one.submission_id == found.row["submission_id"])


def versions(found: Detail) -> Any:
    """Every file for this dataset, organisation and quarter, oldest first; None where this is the only one.

    Each is a link, but for the page's own.
    """
    if len(found.chain) < 2:
        return None
    here = found.row["submission_id"]
    header = [_("Version"), _("State"), _("Since"), _("By"), _("Rows"), _("Now")]
    body = []
    for n, version in enumerate(found.chain, 1):
        name = _("Version {n}", n=n)
        shown = (
            html.Span([name, " ", _("(this one)")])
            if version.submission_id == here
            else html.A(name, href=f"/submission/{version.submission_id}")
        )
        body.append(
            html.Tr(
                [
                    html.Th(shown, scope="row"),
                    html.Td(marks.state(version.state, _(STATES[version.state]))),
                    html.Td(moment(version.state_at), className="when"),
                    html.Td(version.by_name),
                    html.Td(number(version.row_count), className="number"),
                    html.Td(_place_in_chain(version)),
                ]
            )
        )
    title = _("The versions of this file")
    table = html.Table(
        [html.Thead(html.Tr([html.Th(words, scope="col") for words in header])), html.Tbody(body)],
        className="table-plain",
    )
    return html.Section([html.H2(title), tables.scrolling(table, title)])


def history(found: Detail) -> Any:
    """Each step with who, when and the comment."""
    return html.Section(
        [
            html.H2(_("What happened to it")),
            html.Ol(
                [
                    html.Li(
                        [
                            html.Strong(step_words(step["event"], step["before"])),
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
    address = f"/submission/{row['submission_id']}"
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
            html.P(
                [
                    html.A(_("Download the receipt (text)"), href=f"{address}/receipt.txt", download=""),
                    " · ",
                    html.A(_("Look at the rows of this file"), href=f"{address}/rows"),
                ]
            ),
        ]
    )
