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


def publish(settings: Settings, name: str, text: str) -> Path:
    folder = settings.releases / name
    (folder / "data").mkdir(parents=True)
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
        "/data",
        "/data/",
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
