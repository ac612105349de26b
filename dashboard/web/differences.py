"""A file as a difference: what it adds, changes and takes away. Never decides what a viewer may see of it."""

from __future__ import annotations

import csv
import io
from typing import Any

from dash import html

from dashboard.reference import periods
from dashboard.reference.cells import safe
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, n_, number
from dashboard.reports.preview import Change, Preview
from dashboard.web import marks, tables

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


FEW = 12
"""Up to so many rows stand in one table; more are parted by what happens to them, each part to open and close."""


def difference(preview: Preview | None, download: str = "") -> Any:
    """The rows that are changed, new and removed, old and new side by side; None where there is nothing to compare.

    `download` is the address of all of them, offered where not all are shown.
    """
    if preview is None or preview.cannot:
        return None
    body: list[Any] = [html.H2(_("What it changes"))]
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
    if len(preview.rows) <= FEW:
        body.append(_table(preview.rows, _("What it changes")))
    else:
        body += [_part(preview, kind, n == 0) for n, kind in enumerate(_kinds(preview))]
    if preview.unchanged:
        body.append(
            html.P(
                n_("{count} row is as it was.", "{count} rows are as they were.", preview.unchanged), className="hint"
            )
        )
    shown, total = len(preview.rows), preview.added + preview.changed + preview.removed
    if shown < total and download:
        words = _("Download all {total} differences (CSV)", total=number(total))
        body.append(html.P(html.A(words, href=download, download="")))
    return html.Section(body, className="differences")


def _kinds(preview: Preview) -> list[str]:
    """What happens to rows here, what is most to be looked at first."""
    return [kind for kind in ("changed", "removed", "added") if any(row.kind == kind for row in preview.rows)]


def _part(preview: Preview, kind: str, first: bool) -> html.Details:
    """The rows to which one thing happens."""
    rows = tuple(row for row in preview.rows if row.kind == kind)
    total = {"added": preview.added, "changed": preview.changed, "removed": preview.removed}[kind]
    said = {
        "added": n_("{count} new row", "{count} new rows", total),
        "changed": n_("{count} changed row", "{count} changed rows", total),
        "removed": n_("{count} row that is gone", "{count} rows that are gone", total),
    }[kind]
    part = _("; the first {shown} are shown", shown=number(len(rows))) if len(rows) < total else ""
    return html.Details([html.Summary(said + part), _table(rows, said)], open=first)


def _table(rows: tuple[Change, ...], label: str) -> html.Div:
    """A row of the file each: where its spreadsheet has it, what it is about, and what changes."""
    header = (_("Row"), _("What happens to it"), _("What changes"))
    return tables.scrolling(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(words, scope="col") for words in header])),
                html.Tbody(
                    [
                        html.Tr(
                            [
                                html.Td("" if row.row is None else str(row.row), className="number"),
                                html.Th(
                                    [
                                        " · ".join(part for part in row.key if part),
                                        html.Br(),
                                        marks.change(row.kind, _(WORDS[row.kind])),
                                    ],
                                    scope="row",
                                ),
                                html.Td(_cells(row)),
                            ]
                        )
                        for row in rows
                    ]
                ),
            ],
            className="table-plain",
        ),
        label,
    )


def as_csv(preview: Preview) -> str:
    """Every difference, a line for each cell that changes: row, about, is, column, before, now."""
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that the letters are UTF-8
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_("Row"), _("About"), _("Is"), _("Column"), _("Before"), _("Now")])
    for row in preview.rows:
        about, words = " · ".join(part for part in row.key if part), _(WORDS[row.kind])
        for title, old, new in row.cells or (("", "", ""),):
            cells = ("" if row.row is None else str(row.row), about, words, title, old, new)
            writer.writerow([safe(cell) for cell in cells])
    return out.getvalue()
