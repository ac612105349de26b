"""Dash for whoever comes: three addresses of its own, which reach public pages and what they call, and nothing else.

Never asks who somebody is, so it reads and sets no cookie. The browser gets these addresses in place of Dash's own by
the configuration in a public page's HTML; what is called through them is read and never written, so it needs no token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, dcc, html
from dash._utils import to_json
from flask import Response, request

from dashboard.reference.text import _
from dashboard.web import answers, guard, static
from dashboard.web.guard import EVERYBODY, Page, Registry

LAYOUT, DEPENDENCIES, CALLBACKS = (
    f"{guard.OPEN}_dash-{name}" for name in ("layout", "dependencies", "update-component")
)
LARGEST = 2**14
"""Bytes of a call: it holds an address and nothing else."""

View = Callable[..., Any]


def addresses(app: Dash, dispatch: View) -> Iterator[tuple[str, View, list[str]]]:
    """The three addresses without their first slash; `dispatch` is Dash's own view for calls."""

    def layout() -> Response:
        return _json(shell())

    def dependencies() -> Response:
        return _json([entry for entry in app._callback_list if public(app, entry["output"])])

    # A name of its own: what is let pass without a token is named so, and Dash's dispatch must not be.
    def call() -> Any:
        return dispatch()

    call.__module__, call.__name__ = __name__, "call"
    yield LAYOUT[1:], layout, ["GET"]
    yield DEPENDENCIES[1:], dependencies, ["GET"]
    yield CALLBACKS[1:], call, ["POST"]


def _json(said: Any) -> Response:
    return Response(to_json(said), mimetype="application/json")  # type: ignore[no-untyped-call]


def public(app: Dash, output: str) -> bool:
    """Whether a callback may be called through this door."""
    entry = app.callback_map.get(output) or {}
    return bool(getattr(entry.get("callback"), "__public__", False))


def page_at(path: str) -> Page | None:
    """The public page at this address."""
    return next((page for page in guard.registry().pages if page.public and page.path == path), None)


def config(said: dict[str, Any]) -> dict[str, Any]:
    """Dash's configuration for the browser, of a page that comes through this door."""
    # The drawing library keeps its one address: Dash would look for it below the prefix.
    return said | {
        "requests_pathname_prefix": guard.OPEN,
        "serve_locally": False,
        "plotlyjs_url": static.PLOTLY_ADDRESS,
    }


def shell() -> html.Div:
    """What Dash draws before it knows the page."""
    return html.Div([dcc.Location(id="open-address", refresh=False), html.Div(id="open-page")])


def router(pathname: Any, search: Any) -> Any:
    """The public page at an address, drawn for nobody in particular."""
    shown = page_at(pathname) if isinstance(pathname, str) else None
    if shown is None:
        title, sentence = (_(words) for words in answers.WORDS[404])
        return html.Div([html.H1(title), html.P(sentence, className="answer")])
    query = search[1:] if isinstance(search, str) else ""
    return guard.draw(shown, {}, parse_qs(query, keep_blank_values=True))


def register(registered: Registry) -> None:
    """Add the call that draws a public page."""
    registered.callback(
        Output("open-page", "children"),
        Input("open-address", "pathname"),
        Input("open-address", "search"),
        permission=EVERYBODY,
        public=True,
    )(router)


def admit() -> None:
    """Set how much of a call is read."""
    request.max_content_length = LARGEST
