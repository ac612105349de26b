"""Well-formed calls with values that no browser of ours would send: a sentence, never a fault. Walks every callback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.record.house import open_house
from test_matrix import _body
from web_world import CALLBACK
from world import World, build, lay_overlay

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "SEED-9", "XAA", "2026-Q2", "2026-Q9", "'; drop table account; --", "../../etc", "\0", "a" * 5000]
    ),
    st.text(max_size=40),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings(data=tmp_path_factory.mktemp("fuzz") / "data", min_free_bytes=0, demo=True)
    lay_overlay(settings)
    made = open_house(settings)
    yield build(made)
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> dash.Dash:
    return create_app(world.house.settings, {"token": world.email("coordinator")}, house=world.house)


@pytest.fixture(scope="module")
def coordinator(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    client.get("/demo-sign-in/token", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    client.get("/submit")
    return client


def _fill(asked: Any, values: Iterator[Any]) -> None:
    for one in asked:
        for item in one if isinstance(one, list) else [one]:
            item["value"] = next(values)
            if isinstance(item["id"], dict):
                item["id"] = {k: (next(values) if k != "type" else v) for k, v in item["id"].items()}


@examples(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(ODD, min_size=40, max_size=40))
def test_odd_values_get_a_sentence(app: dash.Dash, world: World, coordinator: FlaskClient, values: list[Any]) -> None:
    cookie = coordinator.get_cookie("_csrf_token")
    assert cookie
    for output, entry in app.callback_map.items():
        if "callback" not in entry:
            continue
        body = _body(output, entry, world)
        feed = iter(values)
        _fill(body["inputs"], feed)
        _fill(body["state"], feed)
        answer = coordinator.post(CALLBACK, json=body, headers={"X-CSRFToken": cookie.value})
        assert answer.status_code < 500, (output, body)
        assert "Traceback" not in answer.text


@examples(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.text(max_size=60), st.text(max_size=60))
def test_odd_addresses_get_a_sentence(coordinator: FlaskClient, name: str, value: str) -> None:
    for path in ("/coverage", "/members", "/submissions", "/submit", "/templates/service_coverage.csv"):
        answer = coordinator.get(path, query_string={name: value, "period": value, "organisation": value})
        assert answer.status_code < 500, (path, name, value)
