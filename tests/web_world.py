"""A tiny app for the tests of the guard: pages and callbacks, each with another permission. Never used by the app."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import dash
from dash import ALL, Input, Output, State, dcc, html
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.people import links
from dashboard.protection.policy import PUBLIC, operator
from dashboard.record.house import House
from dashboard.web.guard import REGISTRY, Registry, current_viewer

PASSWORD = "four quiet words together"
CALLBACK = "/_dash-update-component"


def small(extra: Registry | None = None) -> Registry:
    """The plain addresses of the app, and three small pages in place of its own."""
    made = Registry(pages=[], routes=list(REGISTRY.routes))
    made.page(
        "t.open",
        path="/t/open",
        title="Open",
        permission="view coverage",
        nav="Open",
        order=1,
        charts=True,
        layout=lambda period="", **_: html.Div(
            [html.H1("Open"), html.P(f"period {period}"), dcc.Input(id="word"), html.Div(id="echo"), chart()]
        ),
    )
    made.page(
        "t.people",
        path="/t/people",
        title="People",
        permission="manage people",
        nav="People",
        order=2,
        layout=lambda: html.H1("secret people"),
    )
    made.page(
        "t.one", path="/t/one", path_template="/t/one/<thing>", title="One", permission="view submissions", layout=one
    )
    made.callback(Output("echo", "children"), Input("word", "value"), permission="view coverage")(
        lambda word: f"{current_viewer().account_id and 'somebody'} said {word}"
    )
    made.callback(
        Output("a", "children"),
        Output("b", "children"),
        Input("word", "value"),
        State("other", "value"),
        permission="manage people",
    )(lambda word, other: ("secret a", "secret b"))
    made.callback(
        Output("all", "children"), Input({"type": "filter", "name": ALL}, "value"), permission="view coverage"
    )(lambda values: str(values))
    made.callback(Output("broken", "children"), Input("word", "value"), permission="view coverage")(broken)
    if extra is not None:
        made.pages += extra.pages
        made.routes += extra.routes
        made.callbacks += extra.callbacks
    return made


def one(thing: str = "", tags: list[str] | None = None) -> html.H1:
    """A layout that takes a part of the address, and a query that may come several times."""
    return html.H1(f"thing {thing} {tags}")


def broken(word: str) -> str:
    """A callback with a fault that quotes what was typed."""
    raise LookupError(f"no {word}")


def chart() -> dcc.Graph:
    """A chart of the kind that the partial bundle draws."""
    return dcc.Graph(
        id="chart",
        config={"showSendToCloud": False},
        figure={
            "data": [
                {"type": "bar", "x": ["a", "b"], "y": [1, 2]},
                {"type": "heatmap", "z": [[1, 2], [3, 4]], "xaxis": "x2", "yaxis": "y2"},
            ],
            "layout": {"grid": {"rows": 1, "columns": 2, "pattern": "independent"}},
        },
    )


def small_app(settings: Settings, house: House, extra: Registry | None = None, **tokens: str) -> dash.Dash:
    """The app with the small pages."""
    import pages.health  # noqa: F401  the routes register themselves when they are imported
    import pages.setup
    import pages.sign_in  # noqa: F401

    return create_app(settings, tokens, house=house, registry=small(extra))


def secretariat(house: House, email: str = "sec@example.org") -> str:
    """The first account, made through its door. Returns the account id."""
    now = datetime.now(UTC)
    token = links.setup_link(operator(now.date()), house, now=now)
    return links.redeem(PUBLIC, house, token, name="Secretariat", email=email, password=PASSWORD, now=now)


def agency(house: House, by: str = "operator", email: str = "agency@example.org") -> str:
    """An agency's account, invited and redeemed."""
    now = datetime.now(UTC)
    token = links.invite(
        operator(now.date()), house, email=email, name="Agency", role="agency", organisation_code="XAA-HEALTH", now=now
    )
    return links.redeem(PUBLIC, house, token, name="Agency", email=email, password=PASSWORD, now=now)


def everywhere(house: House, email: str = "all@example.org") -> str:
    """A further account of the secretariat, invited and redeemed: it sends files for everybody."""
    now = datetime.now(UTC)
    token = links.invite(operator(now.date()), house, email=email, name="All", role="secretariat", now=now)
    return links.redeem(PUBLIC, house, token, name="All", email=email, password=PASSWORD, now=now)


def hidden_token(response: TestResponse) -> str:
    """The CSRF token in a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found, response.text[:500]
    return found.group(1)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, next: str = "") -> TestResponse:
    """Sign in through the form, as a browser without JavaScript does."""
    form = client.get("/sign-in")
    return client.post(
        "/sign-in", data={"csrf_token": hidden_token(form), "email": email, "password": password, "next": next}
    )


def csrf(client: FlaskClient, page: str = "/t/open") -> dict[str, str]:
    """The header that Dash sends, with the token that a page gave."""
    client.get(page)
    cookie = client.get_cookie("_csrf_token")
    return {"X-CSRFToken": cookie.value} if cookie else {}


def body(output: str, *inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A callback's body as Dash's renderer sends it."""
    single, prop = output.rsplit(".", 1) if not output.startswith("..") else ("", "")
    outputs: Any = (
        {"id": single, "property": prop}
        if single
        else [{"id": part.rsplit(".", 1)[0], "property": part.rsplit(".", 1)[1]} for part in output[2:-2].split("...")]
    )
    return {"output": output, "outputs": outputs, "inputs": list(inputs), "changedPropIds": [], **more}


ECHO = body("echo.children", {"id": "word", "property": "value", "value": "hello"})


def call(client: FlaskClient, sent: Any, headers: dict[str, str] | None = None) -> TestResponse:
    """POST a callback."""
    return client.post(
        CALLBACK,
        data=sent if isinstance(sent, str | bytes) else json.dumps(sent),
        content_type="application/json",
        headers=headers or csrf(client),
    )


def secure(settings: Settings) -> Settings:
    """The same deployment behind https."""
    return replace(settings, url="https://dashboard.example.org")
