"""Look at the record as it stood: the selector, the banner, and the viewer of that day. Never changes a row."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reports import moments
from dashboard.reports.moments import Moment
from dashboard.web import components, filters
from dashboard.web.guard import current_viewer, house


def looking(as_of: str) -> tuple[Viewer, House, Moment]:
    """Who looks, at which record, at which moment: the viewer is the current one as on the day of that moment."""
    viewer, home = current_viewer(), house()
    then = moments.moment(viewer, home, as_of)
    return moments.seen_on(viewer, then), home, then


def chooser(chosen: str) -> html.Div:
    """The filter `as_of`: now, the meetings, the ends of the last quarters."""
    options = moments.options(current_viewer(), house(), chosen)
    return filters.select("as_of", _("As it stood"), options, chosen)


def banner(then: Moment) -> Any:
    """What stands above a page of the past; nothing above one of now."""
    said = moments.banner(then)
    return components.notice("warning", _("Not the present"), said) if said else None


def head(then: Moment, question: str, answer: str) -> html.Div:
    """The page's question and its answer, under the banner where they are of the past."""
    return html.Div([banner(then), components.page_head(question, answer)], className="page-head")
