"""The public folder: what was published, and nothing that lies beside it."""

from __future__ import annotations

import os
from pathlib import Path

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House
from web_world import small_app


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    return small_app(settings, house)


@pytest.fixture
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


FIRST, SECOND = "20260731T110700Z-688011", "20261126T110700Z-abc123"


def publish(settings: Settings, name: str, text: str) -> Path:
    folder = settings.releases / name
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "index.html").write_text(f"<h1>data of {text}</h1>")
    (folder / "dictionary.html").write_text("<h1>This is a copy</h1>")
    (folder / "index.html").write_text(f"<h1>{text}</h1>")
    (folder / "coverage.csv").write_text("a,b\r\n1,2\r\n")
    (folder / "data" / "seats.csv").write_text("s\r\n")
    (folder / ".draft").write_text("unfinished")
    new = settings.releases / "new"
    os.symlink(name, new)
    new.replace(settings.releases / "current")
    return folder


def test_before_the_first_release(visitor: FlaskClient) -> None:
    answer = visitor.get("/")
    assert answer.status_code == 200 and "No summary has been published yet" in answer.text
    assert visitor.get("/coverage.csv").status_code == 404


def test_the_folder_as_it_was_published(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, "r1", "first")
    answer = visitor.get("/")
    assert answer.status_code == 200 and "first" in answer.text and answer.content_type == "text/html; charset=utf-8"
    assert "public" in answer.headers["Cache-Control"]
    assert visitor.get("/coverage.csv").mimetype == "text/csv"
    assert visitor.get("/data/seats.csv").status_code == 200
    again = visitor.get("/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_next_release_is_there_at_once(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, "r1", "first")
    visitor.get("/")
    publish(settings, "r2", "second")
    assert "second" in visitor.get("/").text


def test_a_file_may_point_instead_of_a_link(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, "r1", "first")
    (settings.releases / "current").unlink()
    (settings.releases / "current").write_text("r1\n")
    assert "first" in visitor.get("/").text
    (settings.releases / "current").write_text("../..\n")
    assert "No summary" in visitor.get("/").text


@pytest.mark.parametrize(
    "path",
    [
        "/../dashboard.duckdb",
        "/%2e%2e/dashboard.duckdb",
        "/..%2f..%2fsecret",
        "/.draft",
        "/data/../../secret",
        "/drafts/20260731T110700Z-688011/index.html",
        "/release/drafts/index.html",
        "/release/current/index.html",
        "/release/..%2f..%2fsecret/",
        "/release/20260731T110700Z-688011/../../secret",
        "/release/20260731T110700Z-688011/.draft",
        "/release/20260101T000000Z-nobody/",
        "//etc/passwd",
        "/link",
        "/_dash-nothing",
    ],
)
def test_nothing_beside_it(visitor: FlaskClient, settings: Settings, path: str) -> None:
    folder = publish(settings, "r1", "first")
    (settings.data / "secret").exists() or (settings.data / "secret").write_text("key")
    os.symlink(settings.data / "secret", folder / "link")
    assert visitor.get(path).status_code in (404, 308)


def test_it_works_while_the_record_does_not(visitor: FlaskClient, settings: Settings, house: House) -> None:
    publish(settings, "r1", "first")
    house.store.close()
    visitor.set_cookie("session", "whatever")
    assert "first" in visitor.get("/").text
    assert visitor.get("/healthz").status_code == 503


def test_data_has_its_address(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, FIRST, "first")
    assert "data of first" in visitor.get("/data/").text
    led = visitor.get("/data")
    assert led.status_code == 308 and led.headers["Location"].endswith("/data/")
    assert visitor.get("/data/seats.csv").content_type == "text/csv; charset=utf-8"


def test_a_former_release_keeps_its_address(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, FIRST, "first")
    publish(settings, SECOND, "second")
    for address, text in ((f"/release/{FIRST}/", "first"), (f"/release/{SECOND}/", "second"), ("/", "second")):
        answer = visitor.get(address)
        assert answer.status_code == 200 and f"<h1>{text}</h1>" in answer.text
        assert "connect-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
    assert "data of first" in visitor.get(f"/release/{FIRST}/data/").text
    assert visitor.get(f"/release/{FIRST}/data/seats.csv").status_code == 200
    assert visitor.get(f"/release/{FIRST}/data").headers["Location"] == f"/release/{FIRST}/data/"
    led = visitor.get(f"/release/{FIRST}")
    assert led.status_code == 308 and led.headers["Location"].endswith(f"/release/{FIRST}/")


def test_a_withdrawn_release_answers_with_its_note_and_nothing_else(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, FIRST, "first")
    publish(settings, SECOND, "second")
    gone = settings.releases / "withdrawn"
    gone.mkdir()
    (settings.releases / FIRST).rename(gone / FIRST)
    said = '{"day": "2026-07-31", "withdrawn_on": "2026-08-02", "note": "A file <b>counted</b> twice."}'
    (gone / f"{FIRST}.json").write_text(said)
    for address in (f"/release/{FIRST}/", f"/release/{FIRST}/data/seats.csv", f"/release/{FIRST}/anything"):
        answer = visitor.get(address)
        assert answer.status_code == 410 and "A file &lt;b&gt;counted&lt;/b&gt; twice." in answer.text
        assert "31 July 2026" in answer.text and "2 August 2026" in answer.text and "Leave this page" in answer.text
        assert "<h1>first</h1>" not in answer.text and "Set-Cookie" not in answer.headers
    assert visitor.get(f"/withdrawn/{FIRST}/index.html").status_code == 404
    assert visitor.get(f"/withdrawn/{FIRST}.json").status_code == 404
    (gone / f"{FIRST}.json").write_text("not whole {")
    answer = visitor.get(f"/release/{FIRST}/")
    assert answer.status_code == 410 and "must not be used any more" in answer.text


def test_what_a_copy_only_speaks_of_is_led_to_here(visitor: FlaskClient, settings: Settings) -> None:
    publish(settings, FIRST, "first")
    for address in ("/dictionary.html", f"/release/{FIRST}/dictionary.html"):
        led = visitor.get(address)
        assert led.status_code == 302 and led.headers["Location"] == "/dictionary"
    assert visitor.get("/data/dictionary.html").status_code == 404
