"""The app as it is put together: every address, page and callback has a permission, and everything answers."""

from __future__ import annotations

import dash
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.factory import create_app, warm
from dashboard.protection import policy
from dashboard.record.house import House
from dashboard.web.guard import EVERYBODY, SIGNED_IN
from dashboard.web.navigation import Item
from web_world import ECHO, agency, call, csrf, secretariat, sign_in, small_app


def known(permission: str) -> bool:
    return permission in (EVERYBODY, SIGNED_IN) or permission in policy.ACTIONS


def test_every_address_and_callback_has_a_permission(app: dash.Dash) -> None:
    warm(app)
    permissions = app.server.extensions["dashboard.permissions"]
    for rule in app.server.url_map.iter_rules():
        assert known(permissions[rule.endpoint]), rule
    served = [entry["callback"] for entry in app.callback_map.values() if "callback" in entry]
    assert served
    for function in served:
        assert known(function.__permission__), function


def test_signed_out_every_address_is_closed_but_those_meant_to_be_open(app: dash.Dash, client: FlaskClient) -> None:
    opened = set()
    for rule in app.server.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and client.get(rule.rule).status_code == 200:
            opened.add(rule.rule)
    public = {"/explore", "/open/_dash-layout", "/open/_dash-dependencies"}
    assert opened == {"/", "/healthz", "/sign-in", "/dictionary"} | public


def test_every_callback_is_closed_to_the_public(app: dash.Dash, client: FlaskClient) -> None:
    warm(app)
    for output, entry in app.callback_map.items():
        if "callback" in entry and entry["callback"].__permission__ != EVERYBODY:
            assert call(client, {"output": output}).status_code == 401, output


def test_two_apps_in_one_process_do_not_mix(settings: Settings, house: House) -> None:
    secretariat(house)
    first, second = small_app(settings, house), small_app(settings, house)
    for made in (first, second):
        client = made.server.test_client()
        sign_in(client, "sec@example.org")
        assert call(client, ECHO, csrf(client)).status_code == 200


def test_the_whole_app_builds_twice(settings: Settings, house: House) -> None:
    one, two = create_app(settings, house=house), create_app(settings, house=house)
    warm(one)
    warm(two)
    assert set(one.callback_map) == set(two.callback_map) != set()


def test_navigation_shows_what_opens(settings: Settings, house: House) -> None:
    secretariat(house)
    agency(house)
    made = small_app(settings, house)
    seen = {}
    for email in ("", "agency@example.org", "sec@example.org"):
        client = made.server.test_client()
        if email:
            sign_in(client, email)
        text = client.get("/nowhere-at-all" if not email else "/t/open").text
        seen[email] = ['href="/t/open"' in text, 'href="/t/people"' in text]
    assert seen["agency@example.org"] == [True, False] and seen["sec@example.org"] == [True, True]
    assert seen[""] == [False, False]


def test_a_page_belongs_to_the_list_that_it_is_one_of() -> None:
    indicators, first = Item("Indicators", "/indicators"), Item("Summary", "/")
    assert [indicators.holds(path) for path in ("/indicator/P-CAP-1", "/indicators", "/indication/x", "/")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert not first.holds("/indicator/P-CAP-1")
