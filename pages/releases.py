"""/releases: what does the public read, and what comes next?"""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from dashboard.people.errors import NotPossible
from dashboard.publication import listing, release
from dashboard.publication.listing import Releases
from dashboard.reference.text import N_, _
from dashboard.reports import released
from dashboard.web import components, filters, former_releases, releases
from dashboard.web.guard import callback, current_viewer, house, page

QUESTION = N_("What does the public read, and what comes next?")
SECOND = 1000


def layout(**_other: str) -> html.Div:
    """What stands, what waits and what is made, drawn for the viewer who asks."""
    found = listing.releases(current_viewer(), house())
    return html.Div(
        [
            html.Div(None, id="releases-said", role="status"),
            html.Div(results(found), id="releases-results"),
            dcc.Interval(id="releases-clock", interval=SECOND, disabled=found.progress is None),
            dcc.Store(id="releases-drawn", data=_drawn(found)),
        ]
    )


def results(found: Releases) -> list[Any]:
    """The page below the message of what was done."""
    parts: list[Any] = [
        components.page_head(_(QUESTION), releases.answer(found)),
        *([components.notice("warning", _("Look again"), found.undone)] if found.undone else []),
        html.Div(releases.progress(found.progress), id="releases-progress"),
        releases.how(found),
    ]
    if found.draft is not None:
        parts += releases.draft(found.draft, found.threshold, found.standing is None)
    elif found.progress is None:
        parts.append(releases.next_one(found))
    return [*parts, *former_releases.former(found.former, found.standing)]


def _drawn(found: Releases) -> list[Any]:
    """What tells this page from a later one. While a note may be typed, only a release that moved is a reason."""
    head = house().store.head()
    listed = (*found.former, *([found.draft.one] if found.draft else []))
    states = {one.release_id: one.state for one in listed}
    return [head.published, found.progress is not None, 0 if found.draft else head.figures, states]


# What a click changed moves the record before its own answer is there, the page is drawn anew, and Dash drops the
# answer with the button. So what became of a release is said from the record, to whoever has the page open.
@callback(
    Output("releases-results", "children"),
    Output("releases-said", "children"),
    Output("releases-clock", "disabled"),
    Output("releases-drawn", "data"),
    Input({"type": "release", "step": ALL, "id": ALL}, "n_clicks"),
    State({"type": "release-note", "id": ALL}, "value"),
    State({"type": "release-note", "id": ALL}, "id"),
    permission="release",
    prevent_initial_call=True,
)
def step(_clicks: list[int], notes: list[Any], asked: list[Any]) -> Any:
    """Take a step that was clicked. The doors decide who may."""
    viewer, home, clicked = current_viewer(), house(), ctx.triggered_id
    if not (isinstance(clicked, dict) and any(t["value"] for t in ctx.triggered)):
        return no_update, no_update, no_update, no_update
    typed = {filters.chosen(_part(place, "id")): text for place, text in zip(asked, notes, strict=False)}
    name, one = filters.chosen(clicked.get("step")), filters.chosen(clicked.get("id"))
    try:
        said = _take(name, one, typed.get(one))
    except release.CANNOT as error:
        return no_update, components.notice("warning", _("Not done"), str(error)), no_update, no_update
    found = listing.releases(viewer, home)
    return results(found), said, found.progress is None, _drawn(found)


@callback(
    Output("releases-results", "children", allow_duplicate=True),
    Output("releases-said", "children", allow_duplicate=True),
    Output("releases-clock", "disabled", allow_duplicate=True),
    Output("releases-drawn", "data", allow_duplicate=True),
    Input("releases-clock", "n_intervals"),
    Input("head", "data"),
    State("releases-drawn", "data"),
    permission="release",
    prevent_initial_call=True,
)
def follow(_ticks: Any, _head: Any, drawn: Any) -> Any:
    """Draw anew what moved."""
    found = listing.releases(current_viewer(), house())
    now = _drawn(found)
    if now == drawn:
        return no_update, no_update, found.progress is None, no_update
    ended = isinstance(drawn, list) and drawn[1:2] == [True] and found.progress is None
    said = _finished(found) if ended else _became(drawn, now)
    return results(found), said, found.progress is None, now


_BECAME = {
    "withdrawn": (N_("Withdrawn"), N_("Its note takes its place.")),
    "published": (N_("Published"), N_("Everybody reads it now on the front page.")),
    "dropped": (N_("Dropped"), N_("It was never public.")),
}


def _done(state: str) -> Any:
    title, sentence = _BECAME[state]
    return components.notice("success", _(title), _(sentence))


def _became(drawn: Any, now: list[Any]) -> Any:
    """What became of a release since the page was drawn; what was withdrawn before what stands in its place."""
    old = drawn[3] if isinstance(drawn, list) and len(drawn) == 4 and isinstance(drawn[3], dict) else {}
    new: dict[str, str] = now[3]
    gone = {one: "dropped" if state in released.UNDECIDED else state for one, state in old.items()}
    moved = {new.get(one, gone[one]) for one, state in old.items() if new.get(one, gone[one]) != state}
    return next((_done(state) for state in _BECAME if state in moved), no_update)


@callback(
    Output("releases-progress", "children"),
    Input("releases-clock", "n_intervals"),
    permission="release",
    prevent_initial_call=True,
)
def tick(_ticks: Any) -> Any:
    """How far the draft is."""
    return releases.progress(release.progress(current_viewer(), house()))


def _part(place: Any, name: str) -> Any:
    return place.get(name) if isinstance(place, dict) else ""


def _take(name: str, release_id: str, note: Any) -> Any:
    viewer, home = current_viewer(), house()
    text = note if isinstance(note, str) else ""
    if name == "start":
        release.start(viewer, home)
        return components.notice("info", _("The draft is being prepared"), _("Stay, or come back in a minute."))
    if name == "publish":
        release.publish_draft(viewer, home, release_id, note=text)
        release.follow(home)
        return _done("published")
    if name == "drop":
        release.drop(viewer, home, release_id)
        return _done("dropped")
    if name == "withdraw":
        release.withdraw(viewer, home, release_id, text)
        return _done("withdrawn")
    raise NotPossible(_("There is no such step."))


def _finished(found: Releases) -> Any:
    """What is said when a draft came to its end while the page was open."""
    if found.draft is None:
        return no_update
    if found.draft.one.state == "drafted":
        return components.notice("success", _("The draft is ready"), _("Look at it below, then decide."))
    return components.notice("warning", _("The draft was refused"), _("What could be worked out stands below."))


page(
    __name__,
    path="/releases",
    title=N_("Releases"),
    permission="release",
    layout=layout,
    nav=N_("Releases"),
    order=80,
    requirements=("R63", "R67", "R128"),
)
