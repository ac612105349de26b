"""Build the app: house, guard, pages and answers, wired in the one order that is safe. Nothing else wires anything."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

import dash
import pandas  # noqa: F401  # two threads that meet in its first import see half of it, so it is complete before any serve
from dash import Input, Output, State, dcc, html
from dash._utils import to_json
from flask import Flask, current_app, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

import pages
from dashboard.config import Settings
from dashboard.protection import policy
from dashboard.publication import release
from dashboard.record.house import House, open_house
from dashboard.reference import text
from dashboard.reference.text import N_, _
from dashboard.web import (
    answers,
    compression,
    csrf,
    first,
    gate,
    guard,
    headers,
    identity,
    open_door,
    operator,
    plain,
    public,
    static,
    uploads,
)
from dashboard.web.guard import EVERYBODY, REGISTRY, Page, Registry

ROOT = Path(__file__).resolve().parent.parent
TITLE = N_("Coordination dashboard")

# After each page that the router drew: the title, and the focus on the heading so that a screen reader reads it. Not
# on the first, where the browser has just done both.
ARRIVED = """function(arrived) {
  if (!arrived || !arrived.title) { return window.dash_clientside.no_update; }
  document.title = arrived.title;
  if (window.dashboardArrived) {
    var heading = document.querySelector("main h1");
    if (heading) { heading.setAttribute("tabindex", "-1"); heading.focus({preventScroll: true}); }
    window.scrollTo(0, 0);
  }
  window.dashboardArrived = true;
  document.dispatchEvent(new CustomEvent("dashboard:arrived", {detail: arrived}));
  return arrived.path;
}"""


class FramedDash(dash.Dash):
    """Dash with our frame around it, and only the addresses that we use."""

    def _setup_routes(self) -> None:
        # Dash's own list ends in a page for every address whatsoever. Ours has a rule for each page instead.
        self.backend.setup_component_suites(self)
        self._add_url("_dash-layout", self.serve_layout)
        self._add_url("_dash-dependencies", self.dependencies)
        dispatch = self.backend.serve_callback(self)
        self._add_url("_dash-update-component", dispatch, ["POST"])
        for name, view, methods in open_door.addresses(self, dispatch):
            self._add_url(name, view, methods)

    def _config(self) -> dict[str, Any]:
        said: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        shown = _page_at(request.endpoint or "")
        return open_door.config(said) if shown and shown.public else said

    def interpolate_index(self, **pieces: Any) -> str:  # type: ignore[override]
        """The frame, drawn for whoever asks, with Dash's pieces of HTML in it as `dash`."""
        shown = _page_at(request.endpoint or "")
        values = plain.values(guard.current_viewer(), _(shown.title) if shown else self.title)
        values["dash"] = {name: Markup(piece) for name, piece in pieces.items()}
        values |= {"charts": bool(shown and shown.charts), "plotly": static.PLOTLY_ADDRESS}
        if shown and shown.public:
            values["first"] = first.paint(guard.draw(shown, {}, request.args.to_dict(flat=False)))
        return render_template("frame.html", **values)


def _page_at(endpoint: str) -> Page | None:
    return next((p for p in guard.registry().pages if p.endpoint == endpoint), None)


def _head() -> dict[str, Any]:
    if not guard.current_viewer().signed_in:
        return {}
    head = guard.house().store.head()
    return {
        "version": head.version,
        "intake": head.intake,
        "figures": head.figures,
        "coordination": head.coordination,
        "people": head.people,
        "published": head.published,
    }


def _shell() -> html.Div:
    """What Dash draws into <main> before it knows the page. The same for everybody, so it holds nothing."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="head", data=_head()),
            dcc.Store(id="arrived"),
            html.Div(id="arrived-at", hidden=True),
            html.Div(id="page"),
        ]
    )


def _told(title: str, sentence: str) -> html.Div:
    return html.Div([html.H1(title), html.P(sentence, className="answer")])


def _router(pathname: str, search: str | None) -> tuple[Any, dict[str, str]]:
    """The page at an address, drawn for the current viewer. Each layout asks for its own permission.

    Raises Unauthorized, on which the browser goes to sign in.
    """
    path = pathname if isinstance(pathname, str) else "/"
    query = parse_qs(search[1:] if isinstance(search, str) else "", keep_blank_values=True)
    try:
        endpoint, parts = current_app.url_map.bind("").match(path, method="GET")
    except (NotFound, MethodNotAllowed, HTTPException):
        endpoint, parts = "", {}
    shown = _page_at(str(endpoint))
    if shown is None:
        title, sentence = (_(words) for words in answers.WORDS[404])
        return _told(title, sentence), {"title": title, "path": path}
    try:
        return guard.draw(shown, dict(parts), query), {"title": _(shown.title), "path": path}
    except HTTPException as error:
        if error.code not in (403, 404):
            raise
        title, usual = (_(words) for words in answers.WORDS[error.code])
        own = error.description if error.description != type(error).description else ""
        return _told(title, own or usual), {"title": title, "path": path}


def _wired(registered: Registry) -> Registry:
    """What was registered, and the router, without which no page is drawn."""
    whole = Registry(
        list(registered.pages), list(registered.routes), list(registered.callbacks), list(registered.clientside)
    )
    whole.callback(
        Output("page", "children"),
        Output("arrived", "data"),
        Input("address", "pathname"),
        State("address", "search"),
        permission=EVERYBODY,
    )(_router)
    open_door.register(whole)
    whole.clientside.append((ARRIVED, (Output("arrived-at", "children"), Input("arrived", "data")), {}))
    return whole


def create_app(
    settings: Settings,
    demo_tokens: Mapping[str, str] | None = None,
    *,
    house: House | None = None,
    registry: Registry = REGISTRY,
) -> dash.Dash:
    """The app, ready to serve; `.server` is its WSGI application.

    `demo_tokens` are one-time-per-process sign-in links, token to e-mail, and work only where settings.demo says so.
    `house` hands in one that is open already. Raises StoreError, GuardError, ValueError, each with a sentence.
    """
    text.use_language(settings.language)
    for module in pkgutil.iter_modules(pages.__path__, "pages."):
        importlib.import_module(module.name)
    the_house = replace(house, settings=settings) if house else open_house(settings)
    server = Flask("dashboard", root_path=str(ROOT / "dashboard"), template_folder="web/templates", static_folder=None)
    compression.install(server)
    uploads.install(server)
    identity.install(server, the_house)
    server.before_request(gate.before)  # first of all, before Dash's own and before the CSRF token is asked for
    csrf.install(server)
    headers.install(server)
    answers.install(server)
    plain.install(server)
    app = FramedDash(
        "dashboard",
        server=cast(bool, server),
        assets_folder=str(ROOT / "assets"),
        include_assets_files=False,
        use_pages=False,
        pages_folder="",
        include_pages_meta=False,
        suppress_callback_exceptions=True,
        serve_locally=True,
        title=_(TITLE),
        update_title=cast(str, None),
        csrf_token_name=csrf.COOKIE,
        add_log_handler=False,
        index_string="{%app_entry%}{%config%}{%scripts%}{%renderer%}",
    )
    app.layout = _shell
    wired = _wired(registry)
    static.install(server, app, ROOT / "assets")
    guard.install(app, server, the_house, wired)
    server.extensions["csrf"].exempt(server.view_functions[open_door.CALLBACKS])
    gate.install(server, app, wired)
    gate.check(server)
    server.extensions["dashboard.demo_tokens"] = demo_tokens if settings.demo and demo_tokens else {}
    headers.seal(server, app.csp_hashes())
    if settings.url:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def warm(app: dash.Dash) -> None:
    """Bring what is public in line with the record, and draw every page once, as the operator, before anybody asks.

    What is set up or imported at a first request is then there, and no two threads meet in it. A page that cannot be
    drawn is noted and does not keep the others.
    """
    server = app.server
    try:
        undone = release.follow(server.extensions["dashboard.house"])
    except Exception as error:  # what is public must not keep the members out
        undone = type(error).__name__
    if undone:
        print(f"dashboard: {undone}", file=sys.stderr, flush=True)
    client = server.test_client()
    client.get("/healthz")  # Dash sets itself up at its first request
    client.get("/")
    for shown in server.extensions["dashboard.registry"].pages:
        with server.test_request_context(shown.path):
            identity.borrow(policy.operator(datetime.now(UTC).date()))
            try:
                app.index()  # type: ignore[no-untyped-call]
                if not shown.path_template:
                    to_json(guard.draw(shown, {}, {}))  # type: ignore[no-untyped-call]
            except Exception as error:
                answers.note(error)
    client.post("/_dash-update-component", json={"output": "..page.children...arrived.data.."})


__all__ = ["create_app", "operator", "public", "warm"]
