"""/welcome: what is this mechanism, and what is expected of me? One plain page to read and to print."""

from __future__ import annotations

from typing import Any

from dashboard.coordination.standing import STATES
from dashboard.reference.text import _
from dashboard.reports import action_calendar, action_words, completeness, welcome
from dashboard.web import navigation, plain
from dashboard.web.guard import current_viewer, house, route


@route("/welcome", permission="view actions")
def show() -> str:
    """The page for whoever takes a seat over, about her own organisation."""
    viewer, home = current_viewer(), house()
    found = welcome.welcome(viewer, home)
    return plain.render(
        "welcome.html",
        title=_("Welcome"),
        w=found,
        terms=[(_(term), _(meaning)) for term, meaning in welcome.TERMS.items()],
        standings=completeness.STANDINGS,
        states=STATES,
        words_of=action_words,
        asked=welcome.asked(found),
        calendar=action_calendar.address(organisation=viewer.organisation_code),
        pages=_pages(viewer),
    )


def _pages(viewer: Any) -> list[navigation.Item]:
    """The pages that she can open, as at the head of each page."""
    return navigation.items(viewer)
