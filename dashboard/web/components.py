"""The small parts that pages are made of: headings, notices, facts, problems. Never fetches what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.intake.problems import Problem, Severity
from dashboard.reference.table import AsOf
from dashboard.reference.text import N_, _, moment, n_, number
from dashboard.web.marks import aria

MOST_FACTS = 6
KINDS = {
    "info": N_("Good to know"),
    "success": N_("Done"),
    "warning": N_("Look again"),
    "danger": N_("Not possible"),
}
SEVERITY_WORDS = {
    Severity.ERROR: N_("To mend before the file can be taken"),
    Severity.WARNING: N_("Worth a second look"),
    Severity.NOTE: N_("Good to know"),
}


def page_head(question: str, answer: str | None = None) -> html.Div:
    """The page's title, which is a question, and the sentence with the figures that answers it.

    The heading takes the focus after a change of page, so that a screen reader says where one is.
    """
    return html.Div([html.H1(question, tabIndex=-1), *([answer_line(answer)] if answer else [])], className="page-head")


def answer_line(sentence: str) -> html.P:
    """The answer to a question, in one sentence with its figures."""
    return html.P(sentence, className="answer")


answer = answer_line


def notice(kind: str, title: str, body: Any = None) -> html.Div:
    """A box that says something beside the figures; `kind` is one of KINDS and stands as a word in front of the title.

    `body` is a sentence or components.
    """
    held = html.P(body) if isinstance(body, str) else body
    return html.Div([
        html.P([html.Span(_(KINDS[kind]), className="notice-kind"), " ", html.Strong(title)], className="notice-title"),
        held,
    ], className=f"notice {kind}", role="alert" if kind == "danger" else None)


def empty(title: str, what_to_do: str, href: str = "") -> html.Div:
    """What stands where nothing is to be shown yet: that it is so, and what to do."""
    return html.Div([
        html.P(html.Strong(title)), html.P(html.A(what_to_do, href=href) if href else what_to_do),
    ], className="empty")


def facts(figures: Sequence[tuple[str, str, str]]) -> html.Dl:
    """Headline figures as (label, value, note). Raises ValueError for more than six: nobody reads a seventh."""
    if len(figures) > MOST_FACTS:
        raise ValueError(f"A page has at most {MOST_FACTS} headline figures; these are {len(figures)}.")
    return html.Dl([
        html.Div([html.Dt(label), html.Dd([html.Span(value, className="fact-value"),
                                          *([html.Span(note, className="fact-note")] if note else [])])])
        for label, value, note in figures
    ], className="facts")


def problem_list(problems: Iterable[Problem]) -> html.Div:
    """The problems of a file, the worst first: where, what, and how to mend it."""
    found = list(problems)
    groups = [(severity, [p for p in found if p.severity is severity]) for severity in Severity]
    return html.Div([_problem_table(severity, group) for severity, group in groups if group], className="problem-list")


def _problem_table(severity: Severity, group: list[Problem]) -> html.Section:
    total = sum(problem.count for problem in group)
    heading = f"{_(SEVERITY_WORDS[severity])}: {n_('{count} place', '{count} places', total)}"
    header = [_("Row"), _("Column"), _("Value"), _("What"), _("How to mend it")]
    return html.Section([
        html.H3(heading),
        html.Div(html.Table([
            html.Thead(html.Tr([html.Th(words, scope="col", className="number" if n == 0 else None)
                                for n, words in enumerate(header)])),
            html.Tbody([_problem_row(problem) for problem in group]),
        ], className=f"problems {severity}"), className="scroll", tabIndex=0, role="region", **aria(label=heading)),
    ])


def _problem_row(problem: Problem) -> html.Tr:
    where = number(problem.row) if problem.row is not None else _("whole file")
    more = n_("and {count} more", "and {count} more", problem.count - 1) if problem.count > 1 else ""
    return html.Tr([
        html.Th([where, *([html.Br(), html.Small(more)] if more else [])], scope="row", className="number"),
        html.Td(html.Code(problem.column) if problem.column else ""),
        html.Td(f"“{problem.value}”" if problem.value is not None else ""),
        html.Td(problem.message),
        html.Td([problem.fix, " ", html.A(_("More"), href=f"/dictionary#problem-{problem.code}")]),
    ])


def confirm(button_id: Any, label: str, question: str, sure: str, *, kind: str = "secondary") -> html.Details:
    """A button that asks once more: opening it shows the question and the button that does it."""
    return html.Details([
        html.Summary(label, className="btn btn-outline-secondary"),
        html.Div([html.P(question), dbc.Button(sure, id=button_id, color=kind, n_clicks=0)], className="confirm-body"),
    ], className="confirm")


def as_of_line(as_of: AsOf) -> html.P:
    """How fresh the page is: every figure on it stands at one version of the record."""
    if as_of.recorded_at is None:
        return html.P(_("Nothing has been recorded yet."), className="as-of")
    return html.P(as_of_words(as_of), className="as-of")


def as_of_words(as_of: AsOf) -> str:
    """“Data as of” with the moment and the version; empty while nothing was recorded."""
    if as_of.recorded_at is None:
        return ""
    return _("Data as of {moment} (version {version}).", moment=moment(as_of.recorded_at), version=as_of.version)


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> html.Nav:
    """The way here as (label, path); the last one is this page."""
    last = len(steps) - 1
    return html.Nav(html.Ol([
        html.Li(html.A(label, href=path) if n < last else html.Span(label, **aria(current="page")))
        for n, (label, path) in enumerate(steps)
    ]), className="breadcrumbs", **aria(label=_("Where you are")))
