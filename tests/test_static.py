"""Scripts and styles come compressed, from here, and are kept by the browser for as long as they are right."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House
from dashboard.web import static
from web_world import secretariat, sign_in, small_app

BOOTSTRAP = "/assets/bootstrap.min.css"


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    secretariat(house)
    return small_app(settings, house)


@pytest.fixture
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


def test_one_file_in_each_encoding(visitor: FlaskClient) -> None:
    plain = visitor.get(BOOTSTRAP)
    packed = visitor.get(BOOTSTRAP, headers={"Accept-Encoding": "gzip, br"})
    zipped = visitor.get(BOOTSTRAP, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and plain.mimetype == "text/css"
    assert packed.headers["Content-Encoding"] == "br" and brotli.decompress(packed.data) == plain.data
    assert zipped.headers["Content-Encoding"] == "gzip" and gzip.decompress(zipped.data) == plain.data
    assert len(packed.data) < len(plain.data) / 6
    assert packed.headers["Vary"] == "Accept-Encoding" and packed.headers["ETag"] != zipped.headers["ETag"]


def test_kept_for_ever_under_its_own_address_only(app: dash.Dash, visitor: FlaskClient) -> None:
    url = app.server.jinja_env.globals["asset"]("bootstrap.min.css")
    assert visitor.get(url).headers["Cache-Control"] == static.YEAR
    assert visitor.get(BOOTSTRAP).headers["Cache-Control"] == static.AGAIN
    assert visitor.get(f"{BOOTSTRAP}?m=old").headers["Cache-Control"] == static.AGAIN


def test_unchanged_is_not_sent_again(visitor: FlaskClient) -> None:
    first = visitor.get(BOOTSTRAP, headers={"Accept-Encoding": "br"})
    again = visitor.get(BOOTSTRAP, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_changed_file_is_read_again(tmp_path: Path, app: dash.Dash) -> None:
    file, shelf = tmp_path / "a.css", static.Shelf()
    file.write_text("old")
    before = shelf.item(file).fingerprint
    file.write_text("newer")
    assert shelf.item(file).body == b"newer" and shelf.item(file).fingerprint != before


def test_compressed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, shelf, calls = tmp_path / "a.css", static.Shelf(), []
    file.write_text("body { color: black }" * 100)
    real = brotli.compress
    monkeypatch.setattr(static.brotli, "compress", lambda data, quality: calls.append(1) or real(data, quality=quality))
    for _ in range(5):
        shelf.item(file).form("br")
    assert calls == [1]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets//etc/passwd",
        "/assets/..%2fpyproject.toml",
        "/_dash-component-suites/dash/../dash/dash.py",
        "/_dash-component-suites/dash/dash.py",
        "/_dash-component-suites/dashboard/factory.py",
        "/_dash-component-suites/plotly/package_data/widgetbundle.js",
    ],
)
def test_no_other_file_comes_out(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code in (404, 308)


def test_every_script_of_a_page_is_ours_and_found(app: dash.Dash) -> None:
    import re

    client = app.server.test_client()
    sign_in(client, "sec@example.org")
    page = client.get("/t/open").text
    links = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page)
    assert len(links) > 5
    for link in links:
        assert link.startswith("/"), link
        if link.startswith(("/assets", "/_dash")):
            answer = client.get(link)
            assert answer.status_code == 200, link
            # The drawing library's address is Dash's and never changes, so it is asked for again each time.
            assert ("immutable" in answer.headers["Cache-Control"]) is (link != static.PLOTLY_ADDRESS), link
    assert static.PLOTLY_ADDRESS in links and static.PLOTLY_ADDRESS not in client.get("/t/people").text


def test_the_small_chart_library_stands_in_only_at_the_same_version(tmp_path: Path) -> None:
    ours = static._version(static.FULL)
    assert ours.count(".") == 2
    small = tmp_path / "plotly-cartesian.min.js"
    assert static.plotly_script(small) == static.FULL
    small.write_text(f"/**\n* plotly.js (cartesian - minified) v{ours}\n* Copyright\n*/\nwindow.Plotly={{}};")
    assert static.plotly_script(small) == small
    small.write_text("/**\n* plotly.js (cartesian - minified) v1.2.3\n*/")
    assert static.plotly_script(small) == static.FULL
    small.write_text("<html>not found</html>")
    assert static.plotly_script(small) == static.FULL


def test_dash_gets_the_same_chart_library_where_it_looks_for_it(app: dash.Dash, visitor: FlaskClient) -> None:
    app.server.test_client().get("/t/open")
    answer = visitor.get(static.PLOTLY_ADDRESS)
    assert answer.status_code == 200 and answer.data == static.plotly_script().read_bytes()
    assert answer.headers["Cache-Control"] == static.AGAIN
