"""Bodies of requests: how large, how many at once, and where they wait. Never writes an uploaded byte to a disk."""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import flask
from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, ServiceUnavailable

from dashboard.reference.text import N_, _

SMALL = 2**20  # the largest form or callback body
ENVELOPE = 2**16  # what a multipart body adds to its file
AT_ONCE = 4
PARTS = 20  # of a form with a file; ours has five
UPLOADS = frozenset({"/submissions"})
COMMANDS = "/_command/"

BUSY = N_("Four files are being received at this moment. Wait half a minute and send yours again.")
FULL = N_("The disk is nearly full, so files are not taken at the moment. Tell the secretariat.")
ONE_FILE = N_("Send one file at a time: this came with several, and none was taken.")
TOO_LARGE = N_("The file is larger than {limit} MB, which is the most we take. Split it by country or by period.")

_slots = threading.BoundedSemaphore(AT_ONCE)


class Request(flask.Request):
    """A request whose uploaded files stay in memory that no other process can open, until it has been answered."""

    _streams: list[IO[bytes]] | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self._streams:
            raise BadRequest(_(ONE_FILE))
        stream: IO[bytes] = io.BytesIO()
        if hasattr(os, "memfd_create"):
            stream = os.fdopen(os.memfd_create("upload"), "w+b")
        self._streams = [stream]
        return stream

    def close(self) -> None:
        super().close()
        for stream in self._streams or []:  # those too that came before a body turned out to be too large
            stream.close()


def is_upload() -> bool:
    """Whether this request brings a file."""
    return request.method == "POST" and request.path in UPLOADS


def admit_body() -> None:
    """Set how much of the body is read, and take one of the four places for an upload.

    Raises RequestEntityTooLarge or ServiceUnavailable. Called by the gate, before anything reads the form.
    """
    settings = current_app.extensions["dashboard.house"].settings
    if request.path.startswith(COMMANDS):
        request.max_content_length = settings.upload_limit * 2  # a file as base64; reaches us by the socket only
        return
    if not is_upload():
        return
    request.max_content_length = settings.upload_limit + ENVELOPE
    request.max_form_parts = PARTS
    if (request.content_length or 0) > request.max_content_length:
        _drain(request.max_content_length)
        raise RequestEntityTooLarge(_(TOO_LARGE, limit=settings.upload_limit // 2**20))
    if shutil.disk_usage(settings.data).free < settings.min_free_bytes + (request.content_length or 0):
        raise ServiceUnavailable(_(FULL))
    if not _slots.acquire(blocking=False):
        raise ServiceUnavailable(_(BUSY), retry_after=30)
    g.upload_place = True


def _drain(most: int) -> None:
    """Read and forget what a browser is still sending, up to as much again, so that it gets to read our answer."""
    stream: Any = request.environ["wsgi.input"]
    left = min(request.content_length or 0, most * 2)
    while left > 0 and (piece := stream.read(min(left, 2**16))):
        left -= len(piece)


@contextmanager
def upload_slot() -> Iterator[None]:
    """Hold the place that the gate took only while the file is taken in, and not while the answer is drawn."""
    try:
        yield
    finally:
        _leave(None)


def _leave(error: BaseException | None) -> None:
    if g.pop("upload_place", False):
        _slots.release()


def install(server: Flask) -> None:
    """Use our request class; small bodies everywhere, and the place given back when an upload has been answered."""
    server.request_class = Request
    server.config["MAX_CONTENT_LENGTH"] = SMALL
    server.teardown_request(_leave)
