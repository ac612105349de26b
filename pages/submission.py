"""/submission/<id>: what does this file change, and what happens to it next?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from dashboard.intake import remarks
from dashboard.intake import submissions as door
from dashboard.intake import warnings as door_of_warnings
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reference import periods
from dashboard.reference.text import N_, _, moment
from dashboard.reports import effects, submissions
from dashboard.web import comments, components, differences, dossier, filters, marks
from dashboard.web import effects as figures
from dashboard.web import remarks as warnings
from dashboard.web.guard import callback, current_viewer, house, page


def layout(submission_id: str = "", same: str = "", **_other: str) -> html.Div:
    """One submission, drawn for the viewer who asks; `same` says that its bytes were sent once more just now."""
    return html.Div(
        [
            html.Div(_same() if same else None, id="submission-said", role="status"),
            html.Div(results(submission_id), id={"type": "submission", "id": submission_id}),
        ]
    )


def _same() -> html.Div:
    return components.notice(
        "info", _("These bytes are here already"), _("They are the same as those of this file: nothing was added.")
    )


def _returned(found: Any, row: Any) -> html.Div:
    """What the reviewer said, before anything else, and the way to send the file that is mended."""
    said = next((step["comment"] for step in reversed(found.steps) if step["event"] == "returned"), "")
    query = urlencode({"dataset": row["dataset"], "organisation": row["organisation_code"], "period": row["period"]})
    return components.notice(
        "warning",
        _("Returned to be mended"),
        html.Div(
            [
                *([html.P(said)] if said else []),
                html.P(html.A(_("Send the mended file"), href=f"/submit?{query}")),
            ]
        ),
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
        html.P(
            [
                marks.state(row["state"], _(door.STATES[row["state"]])),
                _("; another version has taken its place") if dossier.corrected(found) else None,
            ],
            className="state-line",
        ),
    ]
    if row["state"] == "returned":
        parts.append(_returned(found, row))
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
    warned = warnings.section(viewer, home, row)
    parts += [
        html.Div(warned, id={"type": "warnings", "id": submission_id}),
        dossier.restoring(found),
        dossier.steps(found),
        figures.section(effects.effects(viewer, home, door.find(viewer, home, submission_id))),
        None
        if found.restoring
        else differences.difference(found.preview, f"/submission/{submission_id}/differences.csv"),
        comments.section(found, home.library.contracts.get(row["dataset"])),
        dossier.versions(found),
        dossier.history(found),
        dossier.receipt(found),
    ]
    shown = dcc.Store(id="submission-shown", data=dossier.moment_of(found))
    return [part for part in [*parts, shown] if part is not None]


# A click and the record's moving are asked apart: Dash drops an answer when the same question is asked again meanwhile,
# and what a click changed moves the record, so the sentence about it would be lost where the answer takes long.
@callback(
    Output({"type": "submission", "id": ALL}, "children", allow_duplicate=True),
    Output("submission-said", "children"),
    Input({"type": "step", "step": ALL, "id": ALL, "knows": ALL}, "n_clicks"),
    State("submission-comment", "value", allow_optional=True),
    State("remark-row", "value", allow_optional=True),
    State("remark-column", "value", allow_optional=True),
    State("remark-text", "value", allow_optional=True),
    State({"type": "submission", "id": ALL}, "id"),
    permission="view submissions",
    prevent_initial_call=True,
)
def step(_clicks: list[int], comment: Any, row: Any, column: Any, text: Any, shown: list[Any]) -> Any:
    """Take a step that was clicked. The doors decide who may."""
    clicked = ctx.triggered_id
    if not (isinstance(clicked, dict) and any(t["value"] for t in ctx.triggered)):
        return [no_update] * len(shown), no_update
    try:
        name, one, knows = (filters.chosen(clicked.get(key)) for key in ("step", "id", "knows"))
        said: Any = (
            _remark(one, row, filters.chosen(column), _text(text))
            if name == "remark"
            else _take(name, one, knows, _text(comment))
        )
        if name in ("accept", "withdraw", "restore") and (undone := release.follow(house())):
            said = html.Div([said, components.notice("warning", _("The public summary is as it was"), undone)])
    except (door.NotPossible, Refused) as error:
        return [no_update] * len(shown), components.notice("warning", _("Not done"), str(error))
    return [results(_id(one)) for one in shown], said


@callback(
    Output({"type": "submission", "id": ALL}, "children"),
    Input("head", "data"),
    State("submission-shown", "data", allow_optional=True),
    State({"type": "submission", "id": ALL}, "id"),
    permission="view submissions",
    prevent_initial_call=True,
)
def follow(_head: Any, known: Any, shown: list[Any]) -> Any:
    """Draw anew when this submission moved."""
    return [results(_id(one)) if _moved(_id(one), known) else no_update for one in shown]


@callback(
    Output({"type": "warnings", "id": ALL}, "children"),
    Input({"type": "explain", "id": ALL, "warning": ALL}, "n_clicks"),
    State({"type": "why", "warning": ALL}, "value"),
    State({"type": "why", "warning": ALL}, "id"),
    State({"type": "warnings", "id": ALL}, "id"),
    permission="view submissions",
    prevent_initial_call=True,
)
def explain(_clicks: list[int], texts: list[Any], asked: list[Any], shown: list[Any]) -> Any:
    """Keep why a warning is so, and draw the warnings anew. The door decides who may."""
    clicked = ctx.triggered_id
    if not (isinstance(clicked, dict) and any(t["value"] for t in ctx.triggered)):
        return [no_update] * len(shown)
    one, warning_id = (filters.chosen(clicked.get(key)) for key in ("id", "warning"))
    typed = {filters.chosen(place.get("warning")): text for place, text in zip(asked, texts, strict=False)}
    viewer, home = current_viewer(), house()
    try:
        door_of_warnings.explain(viewer, home, one, warning_id, _text(typed.get(warning_id)))
        said = components.notice("success", _("Explained"), _("Whoever reviews the file reads it."))
    except (door.NotPossible, Refused) as error:
        said = components.notice("warning", _("Not done"), str(error))
    return [warnings.section(viewer, home, door.find(viewer, home, _id(place)), said) for place in shown]


def _id(shown: Any) -> str:
    return filters.chosen(shown.get("id")) if isinstance(shown, dict) else ""


def _text(sent: Any) -> str:
    return sent if isinstance(sent, str) else ""


def _moved(submission_id: str, known: Any) -> bool:
    """Whether the page shows another state than the record has: only then is it drawn anew, under what is typed."""
    found = submissions.detail(current_viewer(), house(), submission_id)
    return bool(dossier.moment_of(found) != known)


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
    if name == "restore":
        if door.restore(viewer, home, submission_id, comment, knowing=knows) == "staged":
            return components.notice("success", _("Restored"), _("The file is checked and not submitted, as before."))
        return components.notice("success", _("Restored"), _("The pages show the figures of this version now."))
    raise door.NotPossible(_("There is no such step."))


def _remark(submission_id: str, row: Any, column: str, text: str) -> Any:
    """Keep a comment on a row (none: on the whole file) as the form sent it."""
    number = str(row or "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        raise door.NotPossible(_("Write the number of the row in digits, as your spreadsheet shows it."))
    remarks.remark(current_viewer(), house(), submission_id, int(number) if number else None, column, text)
    return components.notice(
        "success", _("Comment kept"), _("The organisation sees it. Go on with the next, or return the file.")
    )


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
