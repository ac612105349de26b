"""A file as a difference: what it adds, changes and takes away. Never decides what a viewer may see of it."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, n_, number
from dashboard.reports.preview import Change, Preview
from dashboard.web import components, marks, tables

WORDS = {"added": N_("new"), "changed": N_("changed"), "removed": N_("removed")}


def sentence(p: Preview | None) -> str:
    """What a file changes, in one sentence with its figures."""
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


def _cells(change: Change) -> Any:
    """What changes in a row; of one that is new or gone what it counts."""
    if not change.cells:
        return ""
    return html.Ul([html.Li([f"{title}: ", *_both(change.kind, old, new)]) for title, old, new in change.cells])


def _both(kind: str, old: str, new: str) -> list[Any]:
    was, now = html.Del(old or _("empty")), html.Ins(new or _("empty"))
    return [now] if kind == "added" else [was] if kind == "removed" else [was, " → ", now]


def difference(preview: Preview | None) -> Any:
    """The rows that are new, changed and removed, old and new side by side; None where there is nothing to compare."""
    if preview is None or preview.cannot:
        return None
    body: list[Any] = [html.H2(_("What it changes"))]
    if preview.odd:
        body.append(components.notice("warning", _("Worth a second look"), html.Ul([html.Li(o) for o in preview.odd])))
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
