"""A person comes in, and goes, by plain forms; what she does wrong is said at the top and at the field."""

from __future__ import annotations

from datetime import UTC, datetime

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.people import links
from dashboard.protection.policy import operator
from dashboard.record.house import House
from web_world import ECHO, PASSWORD, agency, call, csrf, hidden_token, secretariat, sign_in, small_app


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    return small_app(settings, house)


@pytest.fixture
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


def test_first_account_through_the_setup_link(visitor: FlaskClient, house: House) -> None:
    now = datetime.now(UTC)
    token = links.setup_link(operator(now.date()), house, now=now)
    form = visitor.get(f"/setup/{token}")
    assert form.status_code == 200 and form.headers["Referrer-Policy"] == "no-referrer"
    sent = {"csrf_token": hidden_token(form), "name": "Ana", "email": "ana", "password": "short", "again": "other"}
    wrong = visitor.post(f"/setup/{token}", data=sent)
    assert wrong.status_code == 400 and 'href="#email"' in wrong.text and 'href="#again"' in wrong.text
    assert "short" not in wrong.text.replace("shortest", "").split("<form")[1].split('type="password"')[1][:60]
    weak = visitor.post(f"/setup/{token}", data={**sent, "email": "ana@example.org", "again": "short"})
    assert weak.status_code == 400 and 'id="password-error"' in weak.text
    done = visitor.post(
        f"/setup/{token}", data={**sent, "email": "ana@example.org", "password": PASSWORD, "again": PASSWORD}
    )
    assert done.status_code == 303 and visitor.get("/t/people").status_code == 200
    assert visitor.get(f"/setup/{token}").status_code == 404


def test_an_invitation_works_once_and_only_as_one(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    now = datetime.now(UTC)
    token = links.invite(
        operator(now.date()),
        house,
        email="a@example.org",
        name="A",
        role="agency",
        organisation_code="XAA-HEALTH",
        now=now,
    )
    assert visitor.get(f"/setup/{token}").status_code == 404
    form = visitor.get(f"/invite/{token}")
    assert "a@example.org" in form.text
    sent = {"csrf_token": hidden_token(form), "password": PASSWORD, "again": PASSWORD, "email": "evil@example.org"}
    done = visitor.post(f"/invite/{token}", data=sent)
    assert (done.status_code, done.headers["Location"]) == (303, "/welcome")
    other = visitor.application.test_client()
    assert other.get(f"/invite/{token}").status_code == 404
    assert sign_in(other, "a@example.org").status_code == 303
    assert sign_in(visitor.application.test_client(), "evil@example.org").status_code == 401


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..%2f", "é"])
def test_links_that_were_never_made(visitor: FlaskClient, token: str) -> None:
    for kind in ("setup", "invite"):
        answer = visitor.get(f"/{kind}/{token}")
        assert answer.status_code == 404 and "Traceback" not in answer.text


def test_a_wrong_pair_is_one_sentence_whoever_it_is(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    known = sign_in(visitor, "sec@example.org", "wrong")
    unknown = sign_in(visitor, "nobody@example.org", "wrong")
    assert known.status_code == unknown.status_code == 401
    strip = lambda answer, email: answer.text.replace(email, "").replace(hidden_token(answer), "")  # noqa: E731
    assert strip(known, "sec@example.org") == strip(unknown, "nobody@example.org")
    assert "wrong" not in known.text.split("<form")[1]


def test_too_many_tries_wait(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    answers = [sign_in(visitor, "sec@example.org", "wrong") for _ in range(12)]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) >= 1
    assert 'href="#email"' in answers[-1].text


def test_empty_fields_are_named(visitor: FlaskClient) -> None:
    token = hidden_token(visitor.get("/sign-in"))
    answer = visitor.post("/sign-in", data={"csrf_token": token, "email": " "})
    assert answer.status_code == 400
    assert 'href="#email"' in answer.text and 'href="#password"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_signing_out_ends_the_session_for_a_copied_cookie_too(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    sign_in(visitor, "sec@example.org")
    cookie = visitor.get_cookie("session")
    assert cookie is not None
    thief = visitor.application.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/t/open").status_code == 200
    token = csrf(visitor)["X-CSRFToken"]
    assert visitor.post("/sign-out").status_code == 400
    gone = visitor.post("/sign-out", data={"csrf_token": token})
    assert gone.location == "/sign-in?said=out"
    assert visitor.get("/t/open").status_code == 302 and thief.get("/t/open").status_code == 302
    assert "signed out" in visitor.get("/sign-in?said=out").text


def test_signing_in_gives_a_new_session(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    visitor.get("/sign-in")
    before = visitor.get_cookie("session")
    early = hidden_token(visitor.get("/sign-in"))
    sign_in(visitor, "sec@example.org")
    assert call(visitor, ECHO, {"X-CSRFToken": early}).status_code == 400
    after = visitor.get_cookie("session")
    assert before is not None and after is not None and before.value != after.value
    token = csrf(visitor)
    assert call(visitor, ECHO, token).status_code == 200


def test_whoever_is_signed_in_goes_on(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    sign_in(visitor, "sec@example.org")
    assert visitor.get("/sign-in").location == "/t/open"


def test_demonstration_links(settings: Settings, house: House) -> None:
    from dataclasses import replace

    secretariat(house)
    agency(house)
    made = small_app(replace(settings, demo=True), house, toktok="agency@example.org", nobody="x@example.org")
    client = made.server.test_client()
    assert client.get("/demo-sign-in/toktok").location == "/t/open"
    assert client.get("/t/open").status_code == 200 and client.get("/t/people").status_code == 403
    for token in ("other", "nobody"):
        assert client.get(f"/demo-sign-in/{token}").status_code == 404
    far = made.server.test_client()
    assert far.get("/demo-sign-in/toktok", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert far.get("/t/open").status_code == 302


def test_no_demonstration_links_in_production(settings: Settings, house: House) -> None:
    secretariat(house)
    made = small_app(settings, house, toktok="sec@example.org")
    assert made.server.test_client().get("/demo-sign-in/toktok").status_code == 404


def test_an_open_page_is_no_activity(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    sign_in(visitor, "sec@example.org")

    def seen() -> object:
        return house.store.read("select last_seen from sessions")[0]["last_seen"]

    house.store.ephemeral("update sessions set last_seen = last_seen - interval 10 minute")
    before = seen()
    assert visitor.get("/version").get_json()["version"] == house.store.head().version
    assert seen() == before
    visitor.get("/t/open")
    assert seen() != before


def test_what_an_open_page_redraws_by_itself_is_no_activity(visitor: FlaskClient, house: House) -> None:
    secretariat(house)
    sign_in(visitor, "sec@example.org")
    headers = csrf(visitor)
    for changed, counts in ((["head.data"], False), (["head.data", "word.value"], True), ([], True)):
        house.store.ephemeral("update sessions set last_seen = last_seen - interval 10 minute")
        before = house.store.read("select last_seen from sessions")
        assert call(visitor, {**ECHO, "changedPropIds": changed}, headers).status_code == 200
        assert (house.store.read("select last_seen from sessions") != before) is counts, changed
