"""The small parts that pages are made of: headings, answers, notices. Never fetches what it shows."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.reference.table import AsOf
from dashboard.reference.text import N_, _, moment

KINDS = {
    "info": N_("Good to know"),
    "success": N_("Done"),
    "warning": N_("Look again"),
    "danger": N_("Not possible"),
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
    return html.Div(
        [
            html.P(
                [html.Span(_(KINDS[kind]), className="notice-kind"), " ", html.Strong(title)], className="notice-title"
            ),
            held,
        ],
        className=f"notice {kind}",
        role="alert" if kind == "danger" else None,
    )


def empty(title: str, what_to_do: str, href: str = "") -> html.Div:
    """What stands where nothing is to be shown yet: that it is so, and what to do."""
    return html.Div(
        [
            html.P(html.Strong(title)),
            html.P(html.A(what_to_do, href=href) if href else what_to_do),
        ],
        className="empty",
    )


def as_of_words(as_of: AsOf) -> str:
    """“Data as of” with the moment and the version; empty while nothing was recorded."""
    if as_of.recorded_at is None:
        return ""
    return _("Data as of {moment} (version {version}).", moment=moment(as_of.recorded_at), version=as_of.version)
