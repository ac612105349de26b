"""Commands come through the socket in the data folder, and through nothing else."""

from __future__ import annotations

import socket

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House
from web_world import secretariat, sign_in, small_app


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    return small_app(settings, house)


@pytest.fixture
def over_socket(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    client.environ_base = {**client.environ_base, "gunicorn.socket": socket.socket(socket.AF_UNIX)}
    yield client
    client.environ_base["gunicorn.socket"].close()


def test_over_the_socket_as_the_operator(over_socket: FlaskClient, house: House) -> None:
    answer = over_socket.post("/_command/setup", json={})
    assert answer.status_code == 200 and "/setup/" in answer.get_json()["link"]
    assert over_socket.post("/_command/audit-verify", json={}).get_json() == {"faults": []}


def test_never_over_the_network(app: dash.Dash, house: House) -> None:
    secretariat(house)
    client = app.server.test_client()
    sign_in(client, "sec@example.org")
    with socket.socket() as network:
        for environ in ({}, {"gunicorn.socket": network}):
            assert client.post("/_command/organisations", json={}, environ_base=environ).status_code == 404


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("nothing", {}, 404),
        ("submit", {}, 400),
        ("expunge", {"submission": "x", "reason": "y"}, 403),
        ("submit", {"file": "eA", "dataset": "members", "organisation": "A", "period": "2026-Q3"}, 400),
        ("invite", {"email": "x@example.org", "name": "X", "role": "chief"}, 400),
        ("submit", {"file": "", "dataset": "none", "organisation": "A", "period": "2026-Q3"}, 400),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    over_socket: FlaskClient, house: House, name: str, sent: dict[str, str], status: int
) -> None:
    answer = over_socket.post(f"/_command/{name}", json=sent)
    assert answer.status_code == status and answer.get_json()["error"], answer.text


@pytest.mark.parametrize("sent", [b"", b"[", b"[]", b"7"])
def test_a_body_that_is_no_command(over_socket: FlaskClient, sent: bytes) -> None:
    answer = over_socket.post("/_command/organisations", data=sent, content_type="application/json")
    assert answer.status_code == 400
