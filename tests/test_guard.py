"""Whoever asks, in whatever way, gets only what was registered for her."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from dash import Input, Output, html
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House, open_house
from dashboard.web.guard import GuardError, Registry, check
from web_world import CALLBACK, ECHO, agency, body, call, csrf, secretariat, sign_in, small_app

ROUTER = body(
    "..page.children...arrived.data..",
    {"id": "address", "property": "pathname", "value": "/t/people"},
    state=[{"id": "address", "property": "search", "value": ""}],
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    """One app for all tests that only ask."""
    settings = Settings(data=tmp_path_factory.mktemp("guard") / "data", min_free_bytes=0)
    house = open_house(settings)
    secretariat(house)
    agency(house)
    yield small_app(settings, house)
    house.close()


@pytest.fixture
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture(scope="module")
def member(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    assert sign_in(client, "agency@example.org").status_code == 303
    return client


@pytest.fixture(scope="module")
def chief(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    assert sign_in(client, "sec@example.org").status_code == 303
    return client


@pytest.mark.parametrize(
    ("path", "visitor_gets", "member_gets", "chief_gets"),
    [
        ("/t/open", 302, 200, 200),
        ("/t/people", 302, 403, 200),
        ("/t/one/7", 302, 200, 200),
        ("/t/one", 404, 404, 404),
        ("/nowhere", 404, 404, 404),
        ("/_reload-hash", 404, 404, 404),
        ("/_dash-layout", 401, 200, 200),
        ("/_dash-dependencies", 401, 200, 200),
        ("/version", 401, 200, 200),
        ("/sign-out", 405, 405, 405),
        ("/_command/submit", 405, 405, 405),
        ("/assets/none.css", 404, 404, 404),
        ("/_dash-component-suites/os/path.py", 404, 404, 404),
    ],
)
def test_who_gets_which_address(
    path: str,
    visitor_gets: int,
    member_gets: int,
    chief_gets: int,
    visitor: FlaskClient,
    member: FlaskClient,
    chief: FlaskClient,
) -> None:
    got = [client.get(path).status_code for client in (visitor, member, chief)]
    assert got == [visitor_gets, member_gets, chief_gets]


def test_signed_out_comes_back_to_where_she_wanted(visitor: FlaskClient) -> None:
    assert visitor.get("/t/open?period=2026-Q3").location == "/sign-in?next=%2Ft%2Fopen%3Fperiod%3D2026-Q3"
    assert sign_in(visitor, "agency@example.org", next="/t/open?period=2026-Q3").location == "/t/open?period=2026-Q3"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: a=b",
        "evil.example",
    ],
)
def test_next_never_leads_elsewhere(visitor: FlaskClient, wanted: str) -> None:
    assert sign_in(visitor, "sec@example.org", next=wanted).location == "/t/open"


def test_callbacks_ask_the_same_permission_as_their_row_says(
    visitor: FlaskClient, member: FlaskClient, chief: FlaskClient
) -> None:
    secret = body(
        "..a.children...b.children..", ECHO["inputs"][0], state=[{"id": "other", "property": "value", "value": ""}]
    )
    unknown = body("rogue.children", ECHO["inputs"][0])
    got = {
        name: [call(c, sent).status_code for c in (visitor, member, chief)]
        for name, sent in (("echo", ECHO), ("secret", secret), ("unknown", unknown))
    }
    assert got == {"echo": [401, 200, 200], "secret": [401, 403, 200], "unknown": [401, 403, 403]}
    assert "somebody said hello" in call(member, ECHO).text


def test_a_refusal_has_a_reason(member: FlaskClient) -> None:
    page = member.get("/t/people")
    assert page.status_code == 403 and "the secretariat" in page.text and "secret people" not in page.text
    told = call(
        member,
        body(
            "..a.children...b.children..", ECHO["inputs"][0], state=[{"id": "other", "property": "value", "value": ""}]
        ),
    )
    assert "the secretariat" in told.get_json()["error"]


def test_the_router_draws_nothing_for_who_may_not_see_it(
    visitor: FlaskClient, member: FlaskClient, chief: FlaskClient
) -> None:
    assert call(visitor, ROUTER, {}).status_code == 401 or call(visitor, ROUTER, {}).status_code == 400
    refused = call(member, ROUTER)
    assert refused.status_code == 200 and "secret people" not in refused.text and "the secretariat" in refused.text
    assert "secret people" in call(chief, ROUTER).text


def test_the_layout_and_the_first_page_hold_nothing_protected(visitor: FlaskClient, chief: FlaskClient) -> None:
    for path in ("/_dash-layout", "/_dash-dependencies", "/t/people", "/"):
        assert "secret " not in chief.get(path).text.replace("the secretariat", "")
    assert "version" not in visitor.get("/_dash-layout").text


@pytest.mark.parametrize("part", ["thing", "query"])
def test_the_address_wins_over_its_query(member: FlaskClient, part: str) -> None:
    sent = copy.deepcopy(ROUTER)
    sent["inputs"][0]["value"] = "/t/one/7"
    sent["state"][0]["value"] = "?thing=8&tags=a&tags=b&other=c"
    assert "thing 7 ['a', 'b']" in call(member, sent).text


def mangled() -> list[Any]:
    """Bodies that Dash by itself answers with a 500."""

    def but(**changes: Any) -> dict[str, Any]:
        return {**copy.deepcopy(ECHO), **changes}

    wild = body("all.children", {"id": {"type": "filter", "name": "a"}, "property": "value"})
    return [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"echo.children"',
        {},
        {"output": None},
        {"output": ["echo.children"]},
        {"output": "echo.children"},
        but(inputs=None),
        but(inputs={}),
        but(inputs=[]),
        but(inputs=[None]),
        but(inputs=[[]]),
        but(inputs=[{"id": "word"}]),
        but(inputs=[{"id": ["word"], "property": "value"}]),
        but(inputs=ECHO["inputs"] * 2),
        but(state=[{"id": "x", "property": "value"}]),
        but(state="x"),
        but(outputs=[]),
        but(outputs="echo"),
        but(outputs={"id": "echo"}),
        but(outputs=None),
        but(changedPropIds=7),
        but(changedPropIds=[{}]),
        but(changedPropIds=None),
        {**wild, "inputs": [[{"id": "word", "property": "value"}]]},
        {**wild, "inputs": [{"id": "x"}]},
        {**wild, "inputs": [7]},
    ]


@pytest.mark.parametrize("sent", mangled(), ids=lambda sent: str(sent)[:60])
def test_a_body_that_cannot_be_read_is_the_senders_fault(member: FlaskClient, sent: Any) -> None:
    answer = call(member, sent)
    assert answer.status_code == 400, answer.text
    assert answer.get_json()["error"].endswith(".")


def test_pattern_matching_callbacks_pass(member: FlaskClient) -> None:
    # Dash names them by the pattern, which the walk over its own map finds.
    sent = body("all.children")
    sent["inputs"] = [[{"id": {"type": "filter", "name": "period"}, "property": "value", "value": "2026-Q3"}]]
    assert "2026-Q3" in call(member, sent).text


def test_only_json_is_a_callback(member: FlaskClient) -> None:
    answer = member.post(CALLBACK, data='{"output": "echo.children"}', content_type="text/plain", headers=csrf(member))
    assert answer.status_code == 400


def test_a_fault_of_ours_is_a_sentence_without_trace_or_value(
    member: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    sent = body("broken.children", {"id": "word", "property": "value", "value": "Maria Santos"})
    answer = call(member, sent)
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "Maria" not in answer.text and "LookupError" not in answer.text
    assert "LookupError" in caplog.text and "web_world.py" in caplog.text and "Maria" not in caplog.text


def test_writing_needs_the_token_and_our_own_site(member: FlaskClient, visitor: FlaskClient) -> None:
    token = csrf(member)
    assert call(member, ECHO, {"X": "no token"}).status_code == 400
    assert call(member, ECHO, {"X-CSRFToken": "forged"}).status_code == 400
    assert call(member, ECHO, token | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert call(member, ECHO, token | {"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert call(member, ECHO, token | {"Origin": "https://evil.example"}).status_code == 403
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert call(member, ECHO, token | ours).status_code == 200
    assert visitor.post("/sign-in", data={"email": "sec@example.org", "password": "x"}).status_code == 400


def test_who_is_not_signed_in_hears_that_and_not_of_a_token(visitor: FlaskClient) -> None:
    assert call(visitor, ECHO, {"X": "no token"}).status_code == 401
    assert visitor.post("/submissions").status_code in (401, 404, 405)


def test_a_permission_left_out_or_unknown_stops_the_start(settings: Settings, house: House) -> None:
    for permission, words in (("", "names no permission"), ("see all", "“see all”")):
        for kind in ("page", "route", "callback"):
            extra = Registry()
            if kind == "page":
                extra.page("t.x", path="/t/x", title="X", permission=permission, layout=html.Div)
            elif kind == "route":
                extra.route("/t/x", permission=permission)(lambda: "x")
            else:
                extra.callback(Output("x", "x"), Input("y", "y"), permission=permission)(lambda y: y)
            with pytest.raises(GuardError, match=words):
                check(extra)
            with pytest.raises(GuardError, match=words):
                small_app(settings, house, extra)


def test_an_address_beside_the_guard_stops_the_start(settings: Settings, house: House) -> None:
    from dashboard.web import gate

    app = small_app(settings, house)
    app.server.add_url_rule("/back-door", "back-door", lambda: "open")
    with pytest.raises(GuardError, match="/back-door"):
        gate.check(app.server)
    assert app.server.test_client().get("/back-door").status_code == 404


def test_a_callback_beside_the_guard_is_refused(settings: Settings, house: House) -> None:
    secretariat(house)
    made = small_app(settings, house)
    made.callback(Output("rogue", "children"), Input("word", "value"))(lambda word: "leak")
    client = made.server.test_client()
    sign_in(client, "sec@example.org")
    assert call(client, body("rogue.children", ECHO["inputs"][0])).status_code == 403


def test_layouts_are_functions() -> None:
    with pytest.raises(GuardError, match="no function"):
        Registry().page("t.x", path="/x", title="X", permission="view coverage", layout=html.Div("x"))  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["background", "api_endpoint", "websocket"])
def test_ways_in_that_the_gate_does_not_see_cannot_be_registered(option: str) -> None:
    with pytest.raises(GuardError):
        Registry().callback(Output("x", "x"), Input("y", "y"), permission="view coverage", **{option: True})
