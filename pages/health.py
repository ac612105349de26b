"""/healthz for probes and /version for open pages. Never tells either more than it asked."""

from __future__ import annotations

import os
import signal

from flask import Response, jsonify

from dashboard.web.guard import EVERYBODY, house, route


@route("/healthz", permission=EVERYBODY, public=True)
def healthz() -> tuple[Response, int]:
    """200 when a real query works, else 503."""
    store = house().store
    if store.healthy():
        return _plain("ok"), 200
    if store.broken:  # nothing will work in this process again; under gunicorn another takes its place
        os.kill(os.getpid(), signal.SIGTERM)
    return _plain("unavailable"), 503


def _plain(word: str) -> Response:
    return Response(word + "\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@route("/version", permission="follow changes")
def version() -> Response:
    """The version that the record is at, and those at which each subject last moved. Asking is no activity."""
    head = house().store.head()
    return jsonify(
        version=head.version,
        intake=head.intake,
        figures=head.figures,
        coordination=head.coordination,
        people=head.people,
        published=head.published,
    )
