"""What was ever public, as the page on releases lists it. Never shows a count that is in no file of a release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.publication.listing import One
from dashboard.reference.text import _, day, number
from dashboard.web.release_steps import button, confirm, note


def former(found: Sequence[One], standing: One | None) -> list[Any]:
    """What was ever public, newest first, each with its address and a way to withdraw it."""
    if not found:
        return []
    shown = standing.release_id if standing else ""
    return [html.H2(_("Releases so far")), html.Div([_former(one, shown) for one in found], className="records")]


def _former(one: One, shown: str) -> html.Article:
    said = [
        (_("State"), _("Public, on the front page") if one.release_id == shown else one.state_words),
        (_("Figures up to"), one.period),
        (_("Counts shown"), number(one.visible)),
        (_("Counts hidden"), number(one.hidden)),
        (_("Published by"), one.by),
        (_("Note"), one.note),
        (_("Why it was withdrawn"), one.withdrawn_note),
        (_("Published again"), _again(one)),
    ]
    facts = [html.Div([html.Dt(term), html.Dd(words)]) for term, words in said if words]
    return html.Article(
        [html.H3(_("Release of {day}", day=day(one.day))), html.Dl(facts), *_steps(one)], className="record"
    )


def _again(one: One) -> str:
    """When the same figures were published again, and by whom."""
    if one.renewed is None:
        return ""
    if not one.renewed_by:
        return _("on {day}, the same figures, by the dashboard itself", day=day(one.renewed))
    return _("on {day}, the same figures, by {name}", day=day(one.renewed), name=one.renewed_by)


def _steps(one: One) -> list[Any]:
    address = f"/release/{one.release_id}/"
    if one.state != "published":
        return [html.P(html.A(_("See what stands in its place"), href=address))]
    return [
        html.P(html.A(_("Look at it"), href=address)),
        confirm(
            _("Withdraw this release …"),
            _(
                "Your note takes its place, for everybody. The newest of the other releases becomes the front page;"
                " without one there is none. What people have read or saved cannot be taken back."
            ),
            html.Div(
                [
                    note(one.release_id, _("Why it is withdrawn"), _("Everybody reads it. No count, no person.")),
                    button("withdraw", one.release_id, _("Yes, withdraw it"), quiet=True),
                ]
            ),
            quiet=True,
        ),
    ]
