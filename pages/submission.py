"""/submission/<id>: what does this file change, and what happens to it next?"""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from dashboard.intake import submissions as door
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reference import periods
from dashboard.reference.text import N_, _, moment
from dashboard.reports import submissions
from dashboard.web import components, differences, dossier, filters, marks
from dashboard.web.guard import callback, current_viewer, house, page


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
            _("{title}: {where}", title=submissions.title(home, row["dataset"]), where=where),
            differences.sentence(found.preview),
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
    parts += [
        dossier.steps(found),
        differences.difference(found.preview),
        dossier.history(found),
        dossier.receipt(found),
    ]
    shown = dcc.Store(id="submission-shown", data=[row["state_version"], dossier.newer(found)])
    return [part for part in [*parts, shown] if part is not None]


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
    return bool([found.row["state_version"], dossier.newer(found)] != known)


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
