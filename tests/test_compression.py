"""What is made for one person comes compressed too, unless it holds a token."""

from __future__ import annotations

import brotli
import dash
import pytest

from dashboard.config import Settings
from dashboard.record.house import House
from web_world import secretariat, sign_in, small_app

BROTLI = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    secretariat(house)
    return small_app(settings, house)


def test_what_dash_fetches_is_compressed(app: dash.Dash) -> None:
    client = app.server.test_client()
    sign_in(client, "sec@example.org")
    plain, packed = client.get("/_dash-dependencies"), client.get("/_dash-dependencies", headers=BROTLI)
    assert packed.headers["Content-Encoding"] == "br" and brotli.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"] and packed.headers["Cache-Control"] == "no-store"
    zipped = client.get("/_dash-dependencies", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"


def test_a_page_with_a_token_is_not(app: dash.Dash) -> None:
    client = app.server.test_client()
    assert "Content-Encoding" not in client.get("/sign-in?next=/t/open", headers=BROTLI).headers
    assert client.get("/", headers=BROTLI).headers["Content-Encoding"] == "br"
