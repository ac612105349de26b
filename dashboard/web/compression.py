"""Answers made for one person, made smaller on the way out. Never a page that holds a secret token."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

LEAST = 1000
# Grade 4 takes three milliseconds where 9 takes thirty; what comes out is a twentieth larger.
GRADE = 4


def _pack(response: Response) -> Response:
    """Compress what Dash fetches, and pages without a form.

    A page that holds a token and repeats something from its address would tell the token by its length (BREACH), so
    no page with a form is compressed; they are small.
    """
    if (
        response.status_code != 200
        or response.direct_passthrough
        or response.content_encoding
        or response.mimetype not in ("application/json", "text/html", "text/csv")
    ):
        return response
    body = response.get_data()
    if len(body) < LEAST or (response.mimetype == "text/html" and b'name="csrf_token"' in body):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["br"] > 0:
        response.set_data(brotli.compress(body, quality=GRADE))
        response.content_encoding = "br"
    elif request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.content_encoding = "gzip"
    return response


def install(server: Flask) -> None:
    """Compress last of all, when an answer is whole: call it before the others register theirs."""
    server.after_request(_pack)
