"""What every answer allows a browser to do, and what the cookies are."""

from __future__ import annotations

import re

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House
from web_world import PASSWORD, hidden_token, secretariat, secure, sign_in, small_app


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    secretariat(house)
    return small_app(settings, house)


@pytest.fixture
def chief(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    sign_in(client, "sec@example.org")
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/t/open",
        "/nowhere",
        "/sign-in",
        "/version",
        "/healthz",
        "/_dash-layout",
        "/assets/bootstrap.min.css",
        "/sign-out",
    ],
)
def test_every_answer_carries_them(chief: FlaskClient, path: str) -> None:
    said = chief.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in said["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'none'" and policy["object-src"] == "'none'"
    assert "unsafe-eval" not in str(policy) and "unsafe-inline" not in policy["script-src"]
    assert "http" not in said["Content-Security-Policy"]
    assert said["X-Content-Type-Options"] == "nosniff" and said["X-Frame-Options"] == "DENY"
    assert said["Referrer-Policy"] in ("same-origin", "no-referrer") and "camera=()" in said["Permissions-Policy"]


def test_every_inline_script_of_a_page_is_allowed_by_its_hash(chief: FlaskClient) -> None:
    import base64
    import hashlib

    page = chief.get("/t/open")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", page.text, re.S)
    assert len(scripts) >= 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_private_answers_are_kept_nowhere(chief: FlaskClient) -> None:
    for path in ("/t/open", "/t/people", "/version", "/_dash-layout", "/sign-in", "/nowhere"):
        assert chief.get(path).headers["Cache-Control"] == "no-store", path


def test_the_public_folder_sets_no_cookie_and_runs_only_what_lies_in_it(chief: FlaskClient) -> None:
    settings = chief.application.extensions["dashboard.house"].settings
    unpublished = chief.get("/")
    (settings.releases / "r1").mkdir(parents=True)
    (settings.releases / "r1" / "index.html").write_text("<h1>Summary</h1>")
    (settings.releases / "current").symlink_to("r1")
    published = chief.get("/")
    for answer in (unpublished, published, chief.get("/healthz")):
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self';" in published.headers["Content-Security-Policy"]


def test_cookies_over_plain_http_and_https(settings: Settings, house: House) -> None:
    secretariat(house)
    plain = small_app(settings, house).server.test_client()
    cookies = sign_in(plain, "sec@example.org").headers.getlist("Set-Cookie")
    assert any(
        c.startswith("session=") and "HttpOnly" in c and "SameSite=Lax" in c and "Secure" not in c for c in cookies
    )

    safe = small_app(secure(settings), house).server.test_client()
    at = {"base_url": "https://dashboard.example.org"}
    token = hidden_token(safe.get("/sign-in", **at))
    sent = {"csrf_token": token, "email": "sec@example.org", "password": PASSWORD}
    cookies = safe.post("/sign-in", data=sent, **at).headers.getlist("Set-Cookie")
    assert any(
        c.startswith("__Host-session=") and "Secure" in c and "HttpOnly" in c and "Path=/" in c and "Domain" not in c
        for c in cookies
    ), cookies
    page = safe.get("/t/open", **at)
    assert all("Secure" in c for c in page.headers.getlist("Set-Cookie"))
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_a_proxy_is_believed_only_when_an_address_is_set(settings: Settings, house: House) -> None:
    def seen(app: dash.Dash) -> str:
        app.server.extensions["dashboard.public"].add("who")
        app.server.extensions["dashboard.permissions"]["who"] = "everybody"
        from flask import request

        app.server.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.scheme}")
        return (
            app.server.test_client()
            .get("/who", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
            .text
        )

    assert seen(small_app(settings, house)) == "127.0.0.1 http"
    assert seen(small_app(secure(settings), house)) == "203.0.113.9 https"
