"""An uploaded body: how large, how many at once, and that it never lies on a disk."""

from __future__ import annotations

import io
import os
import threading
from dataclasses import replace

import dash
import pytest
from flask import request
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.record.house import House
from dashboard.web import uploads
from dashboard.web.guard import Registry
from web_world import agency, csrf, secretariat, sign_in, small_app

TAKE = "/t/take"  # the door stands elsewhere, and is not what is tried here
held, let_go = threading.Event(), threading.Event()


def take() -> str:
    """Stand in for the door: say where the bytes are, and stay when told to."""
    stream = request.files["file"].stream
    where = os.readlink(f"/proc/self/fd/{stream.fileno()}")
    if request.form.get("stay"):
        held.set()
        let_go.wait(10)
    return f"{where} {len(stream.read())}"


@pytest.fixture
def app(settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch) -> dash.Dash:
    monkeypatch.setattr(uploads, "UPLOADS", {TAKE})
    secretariat(house)
    agency(house)
    extra = Registry()
    extra.route(TAKE, permission="send submissions", methods=("POST",), endpoint="t.take")(take)
    return small_app(
        replace(settings, upload_limit=2 * 2**20),
        replace(house, settings=replace(settings, upload_limit=2 * 2**20)),
        extra,
    )


@pytest.fixture
def sender(app: dash.Dash) -> FlaskClient:
    client = app.server.test_client()
    sign_in(client, "agency@example.org")
    return client


def send(client: FlaskClient, size: int, headers: dict[str, str] | None = None, **fields: str):  # type: ignore[no-untyped-def]
    """Post a file of so many bytes, as a browser encodes it."""
    parts = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
    parts.append(b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"x" * size)
    return client.post(
        TAKE,
        data=b"".join(parts) + b"\r\n--b--\r\n",
        headers=headers or csrf(client),
        content_type="multipart/form-data; boundary=b",
    )


@pytest.mark.parametrize("size", [10, 700_000, 2 * 2**20])
def test_the_bytes_lie_in_memory(sender: FlaskClient, size: int) -> None:
    where, length = send(sender, size).text.rsplit(" ", 1)
    assert where.startswith("/memfd:upload") and int(length) == size


def test_over_the_limit_is_a_sentence(sender: FlaskClient) -> None:
    answer = send(sender, 2 * 2**20 + 70_000)
    assert answer.status_code == 413 and "larger than 2 MB" in answer.text
    answer = send(sender, 5 * 2**20, {**csrf(sender), "Accept": "application/json"})
    assert answer.status_code == 413 and "2 MB" in answer.get_json()["error"]


def test_bodies_that_are_no_upload_stay_small(sender: FlaskClient) -> None:
    from web_world import CALLBACK

    big = b'{"output": "' + b"x" * (2**20 + 1) + b'"}'
    answer = sender.post(CALLBACK, data=big, content_type="application/json", headers=csrf(sender))
    assert answer.status_code in (400, 413)
    assert sender.post("/sign-out", data={"csrf_token": "x" * (2**20 + 1)}).status_code == 413


def test_four_at_once_then_try_again(app: dash.Dash, sender: FlaskClient) -> None:
    for _ in range(uploads.AT_ONCE):
        assert uploads._slots.acquire(blocking=False)
    try:
        answer = send(sender, 10)
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "30" and "Four files" in answer.text
    finally:
        for _ in range(uploads.AT_ONCE):
            uploads._slots.release()
    assert send(sender, 10).status_code == 200


def test_the_place_is_given_back_whatever_happens(sender: FlaskClient) -> None:
    for _ in range(uploads.AT_ONCE + 1):
        assert send(sender, 10, {"X": "no token"}).status_code == 400
        assert (
            sender.post(
                TAKE,
                data=b"--no multipart",
                headers=csrf(sender),
                content_type="multipart/form-data; boundary=x",
            ).status_code
            == 400
        )
    assert send(sender, 10).status_code == 200


def test_a_place_is_held_while_a_body_is_there(app: dash.Dash, sender: FlaskClient) -> None:
    held.clear()
    let_go.clear()
    headers = csrf(sender)
    thread = threading.Thread(target=send, args=(sender, 10, headers), kwargs={"stay": "1"})
    thread.start()
    try:
        assert held.wait(10)
        assert uploads._slots._value == uploads.AT_ONCE - 1
    finally:
        let_go.set()
        thread.join()
    assert uploads._slots._value == uploads.AT_ONCE


def test_a_disk_that_is_nearly_full(settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOADS", {TAKE})
    full = replace(settings, min_free_bytes=2**60)
    secretariat(house)
    agency(house)
    extra = Registry()
    extra.route(TAKE, permission="send submissions", methods=("POST",), endpoint="t.take")(take)
    client = small_app(full, replace(house, settings=full), extra).server.test_client()
    sign_in(client, "agency@example.org")
    answer = send(client, 10)
    assert answer.status_code == 503 and "disk is nearly full" in answer.text


def test_who_may_not_send_is_told_before_a_byte_is_read(app: dash.Dash) -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("the body was read")

    answer = app.server.test_client().post(
        TAKE,
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": "1000000"},
    )
    assert answer.status_code == 401


def parts_of(client: FlaskClient, *disposition: str):  # type: ignore[no-untyped-def]
    """Post a form of one-byte parts."""
    parts = [f"--b\r\nContent-Disposition: form-data; {said}\r\n\r\nx\r\n" for said in disposition]
    return client.post(
        TAKE,
        data="".join(parts).encode() + b"--b--\r\n",
        headers=csrf(client),
        content_type="multipart/form-data; boundary=b",
    )


def test_one_file_at_a_time(sender: FlaskClient) -> None:
    several = [f'name="file{n}"; filename="a.csv"' for n in range(15)]
    answer = parts_of(sender, 'name="file"; filename="a.csv"', *several)
    assert answer.status_code == 400 and "one file at a time" in answer.text
    assert send(sender, 10).status_code == 200


def test_a_form_has_few_parts(sender: FlaskClient) -> None:
    file = 'name="file"; filename="a.csv"'
    assert parts_of(sender, file, *(f'name="n{n}"' for n in range(uploads.PARTS - 1))).status_code == 200
    answer = parts_of(sender, file, *(f'name="n{n}"' for n in range(uploads.PARTS)))
    assert answer.status_code == 413 and "larger than we take" in answer.text
