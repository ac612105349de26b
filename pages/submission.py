"""/submission/<id>: what does this file change, and what happens to it next?"""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from dashboard.intake import submissions as door
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, moment, n_, number
from dashboard.reports import submissions
from dashboard.web import components, filters, marks, tables
from dashboard.web.guard import callback, current_viewer, house, page

STEPS = {
    "submit": (N_("Submit for review"), "primary"),
    "accept": (N_("Accept"), "primary"),
    "return": (N_("Return with the comment"), "secondary"),
    "withdraw": (N_("Withdraw with the comment"), "secondary"),
}
COMMENT_HINT = N_("People without a training read this comment: name the row and the column, and no count of contacts.")
WORDS = {"added": N_("new"), "changed": N_("changed"), "removed": N_("removed")}


def layout(submission_id: str = "", **_other: str) -> html.Div:
    """One submission, drawn for the viewer who asks."""
    return html.Div(
        [
            html.Div(id="submission-said", role="status"),
            html.Div(results(submission_id), id={"type": "submission", "id": submission_id}),
        ]
    )


def results(submission_id: str) -> list[Any]:
    """Everything about one submission; a sentence when it is not there or not the viewer's."""
    viewer, home = current_viewer(), house()
    try:
        found = submissions.detail(viewer, home, submission_id)
    except Refused as refused:
        return [components.page_head(_("This submission cannot be shown"), str(refused))]
    row = found.row
    where = f"{found.organisation}, {periods.parse(row['period']).label}"
    parts: list[Any] = [
        components.page_head(
            _("{title}: {where}", title=submissions.title(home, row["dataset"]), where=where), _sentence(found)
        ),
        html.P([marks.state(row["state"], _(door.STATES[row["state"]]))], className="state-line"),
    ]
    if found.newer:
        parts.append(
            components.notice(
                "warning",
                _("A newer file came in between"),
                _(
                    "Another file for the same organisation and quarter was accepted on {when}, after this one was"
                    " checked."
                    " Nothing was merged: going on replaces it as a whole.",
                    when=moment(found.newer["accepted_at"]),
                ),
            )
        )
    if found.withheld:
        parts.append(
            components.notice(
                "info",
                _("This file counts contacts of survivors"),
                " ".join([found.withheld, _("What its rows with contacts change is shown to them, too.")]),
            )
        )
    if found.notes:
        parts.append(
            components.notice(
                "info", _("What we read differently, or noticed"), html.Ul([html.Li(note) for note in found.notes])
            )
        )
    parts += [_actions(found), _preview(found.preview), _history(found), _receipt(found)]
    shown = dcc.Store(id="submission-shown", data=[row["state_version"], _newer(found)])
    return [part for part in [*parts, shown] if part is not None]


def _newer(found: submissions.Detail) -> str:
    """The newer file that the page tells of; a step sends it back, so that nobody replaces what she did not see."""
    return found.newer["submission_id"] if found.newer else ""


def _sentence(found: submissions.Detail) -> str:
    p = found.preview
    if p is None:
        return _("This file no longer counts.")
    if p.cannot:
        return p.cannot
    if p.withheld and not (p.rows or p.unchanged):
        return n_(
            "{count} row with contact counts; what it changes is not shown to you.",
            "{count} rows with contact counts; what they change is not shown to you.",
            p.withheld,
        )
    if not p.against:
        return n_(
            "The first file for this organisation and quarter: {count} row.",
            "The first file for this organisation and quarter: {count} rows.",
            p.added + p.withheld,
        )
    return _(
        "Against what was accepted for {period}: {added} new, {changed} changed, {removed} removed, {same} unchanged.",
        period=periods.parse(p.against).label,
        added=number(p.added),
        changed=number(p.changed),
        removed=number(p.removed),
        same=number(p.unchanged),
    )


def _actions(found: submissions.Detail) -> Any:
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
                        id={"type": "step", "step": step, "id": found.row["submission_id"], "knows": _newer(found)},
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


def _cannot_accept(found: submissions.Detail) -> html.Div:
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


def _cells(change: submissions.Change) -> Any:
    """What changes in a row; of one that is new or gone what it counts."""
    if not change.cells:
        return ""
    return html.Ul([html.Li([f"{title}: ", *_both(change.kind, old, new)]) for title, old, new in change.cells])


def _both(kind: str, old: str, new: str) -> list[Any]:
    was, now = html.Del(old or _("empty")), html.Ins(new or _("empty"))
    return [now] if kind == "added" else [was] if kind == "removed" else [was, " → ", now]


def _preview(preview: submissions.Preview | None) -> Any:
    if preview is None:
        return None
    body: list[Any] = [html.H2(_("What it changes"))]
    if preview.odd:
        body.append(components.notice("warning", _("Worth a second look"), html.Ul([html.Li(o) for o in preview.odd])))
    if preview.cannot:
        return None
    if preview.withheld:
        many = n_("{count} row with contact counts:", "{count} rows with contact counts:", preview.withheld)
        body.append(html.P([many, " ", marks.status(Status.NOT_RELEASED)]))
    if not preview.rows:
        if preview.withheld and not preview.unchanged:
            return html.Section(body)
        body.append(
            html.P(_("In the other rows nothing.") if preview.withheld else _("Nothing: every row is as it was."))
        )
        return html.Section(body)
    body.append(
        tables.scrolling(
            html.Table(
                [
                    html.Thead(
                        html.Tr([html.Th(words, scope="col") for words in (_("Row"), _("Is"), _("What changes"))])
                    ),
                    html.Tbody(
                        [
                            html.Tr(
                                [
                                    html.Th(" · ".join(part for part in change.key if part), scope="row"),
                                    html.Td(marks.change(change.kind, _(WORDS[change.kind]))),
                                    html.Td(_cells(change)),
                                ]
                            )
                            for change in preview.rows
                        ]
                    ),
                ],
                className="table-plain",
            ),
            _("What it changes"),
        )
    )
    shown, total = len(preview.rows), preview.added + preview.changed + preview.removed
    if shown < total:
        body.append(html.P(_("The first {shown} of {total} are shown.", shown=number(shown), total=number(total))))
    return html.Section(body)


def _history(found: submissions.Detail) -> Any:
    return html.Section(
        [
            html.H2(_("What happened to it")),
            html.Ol(
                [
                    html.Li(
                        [
                            html.Strong(_(door.STATES[step["event"]])),
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


def _receipt(found: submissions.Detail) -> Any:
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


@callback(
    Output({"type": "submission", "id": ALL}, "children"),
    Output("submission-said", "children"),
    Input({"type": "step", "step": ALL, "id": ALL, "knows": ALL}, "n_clicks"),
    Input("head", "data"),
    State("submission-comment", "value", allow_optional=True),
    State("submission-shown", "data", allow_optional=True),
    State({"type": "submission", "id": ALL}, "id"),
    permission="view submissions",
    prevent_initial_call=True,
)
def step(_clicks: list[int], _head: Any, comment: str | None, known: Any, shown: list[Any]) -> Any:
    """Take a step that was clicked, or draw anew when this submission moved. The doors decide who may."""
    clicked = ctx.triggered_id
    if isinstance(clicked, dict) and any(t["value"] for t in ctx.triggered):
        try:
            name, one, knows = (filters.chosen(clicked.get(key)) for key in ("step", "id", "knows"))
            said: Any = _take(name, one, knows, _comment(comment))
            if name in ("accept", "withdraw") and (undone := release.follow(house())):
                said = html.Div([said, components.notice("warning", _("The public summary is as it was"), undone)])
        except (door.NotPossible, Refused) as error:
            return [no_update] * len(shown), components.notice("warning", _("Not done"), str(error))
        return [results(_id(one)) for one in shown], said
    return [results(_id(one)) if _moved(_id(one), known) else no_update for one in shown], no_update


def _id(shown: Any) -> str:
    return filters.chosen(shown.get("id")) if isinstance(shown, dict) else ""


def _comment(sent: Any) -> str:
    return sent if isinstance(sent, str) else ""


def _moved(submission_id: str, known: Any) -> bool:
    """Whether the page shows another state than the record has: only then is it drawn anew, under what is typed."""
    found = submissions.detail(current_viewer(), house(), submission_id)
    return bool([found.row["state_version"], _newer(found)] != known)


def _take(name: str, submission_id: str, knows: str, comment: str) -> Any:
    viewer, home = current_viewer(), house()
    if name == "submit":
        door.submit(viewer, home, submission_id, knowing=knows)
        return components.notice("success", _("Submitted"), _("A coordinator of your country reviews it next."))
    if name == "accept":
        door.accept(viewer, home, submission_id, knowing=knows)
        return components.notice("success", _("Accepted"), _("The pages show the new figures now."))
    if name == "return":
        door.send_back(viewer, home, submission_id, comment)
        return components.notice("success", _("Returned"), _("The organisation sees your comment."))
    if name == "withdraw":
        door.withdraw(viewer, home, submission_id, comment)
        return components.notice("success", _("Withdrawn"), _("It no longer counts."))
    raise door.NotPossible(_("There is no such step."))


page(
    __name__,
    path_template="/submission/<submission_id>",
    path="/submission",
    title=N_("Submission"),
    permission="view submissions",
    layout=layout,
    nav=None,
    order=71,
)
