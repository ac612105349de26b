"""The door for whoever comes: it reaches public pages, takes nobody's session, and leads to nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from dash import Input, Output, html
from flask import request
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House, open_house
from dashboard.web import open_door
from dashboard.web.guard import EVERYBODY, GuardError, Registry, check, current_viewer
from explored_pages import body
from web_world import CALLBACK, ECHO, call, csrf, secretariat, sign_in, small_app

OPEN = open_door.CALLBACKS


def extra() -> Registry:
    """A public page, and a public call that tells who it takes the caller for."""
    made = Registry()
    made.page("t.pub", path="/t/pub", title="Pub", permission=EVERYBODY, public=True, layout=page)
    made.callback(Output("told", "children"), Input("word", "value"), permission=EVERYBODY, public=True)(
        lambda word: f"{current_viewer().signed_in} {word}"
    )
    made.callback(Output("private", "children"), Input("word", "value"), permission=EVERYBODY)(lambda _word: "private")
    return made


def page(word: str = "nothing") -> html.Div:
    return html.Div([html.H1(f"public {word}"), html.P(str(current_viewer().signed_in))])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = open_house(Settings(data=tmp_path_factory.mktemp("door") / "data", min_free_bytes=0))
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(house: House) -> dash.Dash:
    secretariat(house)
    return small_app(house.settings, house, extra())


@pytest.fixture
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture(scope="module")
def chief(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    sign_in(client, "sec@example.org")
    return client


def knock(client: FlaskClient, sent: Any, **headers: str) -> Any:
    text = sent if isinstance(sent, str) else json.dumps(sent)
    return client.post(OPEN, data=text, content_type="application/json", headers=headers)


def prefix(page: str) -> str:
    """Where a page tells Dash to ask."""
    found = re.search(r'<script id="_dash-config" type="application/json">(.*?)</script>', page, re.S)
    assert found
    return str(json.loads(found[1])["requests_pathname_prefix"])


def test_nobody_sees_a_public_page(visitor: FlaskClient) -> None:
    shown = visitor.get("/t/pub?word=hello")
    assert shown.status_code == 200 and "<h1" in shown.text and "public hello" in shown.text
    assert "Set-Cookie" not in shown.headers and "data-leave" in shown.text
    assert prefix(shown.text) == "/open/"
    drawn = knock(visitor, body("?word=hello", "/t/pub"))
    assert drawn.status_code == 200 and "public hello" in drawn.text and "Set-Cookie" not in drawn.headers
    assert visitor.get(open_door.LAYOUT).status_code == visitor.get(open_door.DEPENDENCIES).status_code == 200


def test_somebody_with_a_session_is_nobody_here(chief: FlaskClient) -> None:
    shown = chief.get("/t/pub")
    assert "<p>False</p>" in shown.text and "data-signed-in" not in shown.text and "data-leave" in shown.text
    told = knock(chief, {**ECHO, "output": "told.children", "outputs": {"id": "told", "property": "children"}})
    assert "False hello" in told.text and "Set-Cookie" not in told.headers


@pytest.mark.parametrize("output", [
    "echo.children", "private.children", "..page.children...arrived.data..", "..a.children...b.children..", "no.such",
])  # fmt: skip
def test_it_calls_nothing_that_is_not_public(visitor: FlaskClient, chief: FlaskClient, output: str) -> None:
    for client in (visitor, chief):
        answer = knock(client, {**ECHO, "output": output})
        assert answer.status_code == 403 and answer.get_json()["status"] == 403
        assert "secret " not in answer.text and "private" not in answer.text


def test_it_draws_no_page_that_is_not_public(chief: FlaskClient) -> None:
    for path in ("/t/open", "/t/people", "/", "/nowhere", "/open/_dash-layout"):
        answer = knock(chief, body("", path))
        assert answer.status_code == 200 and "There is no such page" in answer.text, path
        assert "secret" not in answer.text


def test_it_tells_of_no_other_call(visitor: FlaskClient) -> None:
    listed = {entry["output"] for entry in visitor.get(open_door.DEPENDENCIES).get_json()}
    assert listed == {"open-page.children", "told.children"}


def test_the_other_door_stays_as_it_was(visitor: FlaskClient, chief: FlaskClient) -> None:
    assert visitor.get("/_dash-layout").status_code == visitor.get("/_dash-dependencies").status_code == 401
    assert call(chief, ECHO, {"X": "no token"}).status_code == 400, "Dash's own dispatch is not let pass with this one"
    assert call(chief, ECHO, csrf(chief)).status_code == 200
    assert prefix(chief.get("/t/open").text) == "/"


@pytest.mark.parametrize("sent", [
    "", "{", "null", "[]", {"output": None}, {"output": "open-page.children"}, {**body(""), "inputs": []},
    {**body(""), "inputs": [{"id": "x", "property": "y"}] * 2}, {**body(""), "outputs": 7},
], ids=lambda sent: str(sent)[:40])  # fmt: skip
def test_what_cannot_be_read_is_the_senders_fault(visitor: FlaskClient, sent: Any) -> None:
    assert knock(visitor, sent).status_code == 400


@pytest.mark.parametrize("value", [None, 7, ["/t/pub"], {"a": 1}, "x" * 500])
def test_an_address_that_is_none_is_no_page(visitor: FlaskClient, value: Any) -> None:
    sent = body("", "/t/pub")
    sent["inputs"][0]["value"] = value
    answer = knock(visitor, sent)
    assert answer.status_code == 200 and "There is no such page" in answer.text
    sent["inputs"] = body("")["inputs"]
    sent["inputs"][0]["value"], sent["inputs"][1]["value"] = "/t/pub", value
    assert knock(visitor, sent).status_code == 200


def test_a_large_call_is_not_read(visitor: FlaskClient) -> None:
    assert knock(visitor, body("?word=" + "x" * open_door.LARGEST, "/t/pub")).status_code in (400, 413)


@pytest.mark.parametrize("kind", ["page", "route", "callback"])
def test_what_is_public_asks_nobody_who_she_is(kind: str) -> None:
    made = Registry()
    if kind == "page":
        made.page("t.x", path="/t/x", title="X", permission="view coverage", layout=html.Div, public=True)
    elif kind == "route":
        made.route("/t/x", permission="view coverage", public=True)(lambda: request.path)
    else:
        made.callback(Output("x", "x"), Input("y", "y"), permission="view coverage", public=True)(lambda y: y)
    with pytest.raises(GuardError, match="is public"):
        check(made)


def test_it_works_while_the_record_does_not(
    app: dash.Dash, chief: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = app.server.extensions["dashboard.house"].store
    monkeypatch.setattr(type(store), "read", lambda *_a, **_n: pytest.fail("the record was asked"))
    assert chief.get("/t/pub").status_code == 200
    assert chief.get(open_door.LAYOUT).status_code == 200
    assert "public nothing" in knock(chief, body("", "/t/pub")).text
    assert CALLBACK != OPEN
