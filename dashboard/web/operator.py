"""What the operator asks through the socket in the data folder. Never answers over the network."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest, NotFound

from dashboard.protection import policy
from dashboard.reference.text import N_, _
from dashboard.web import guard
from dashboard.web.answers import answer
from dashboard.web.guard import EVERYBODY

UNREADABLE = N_("A command is sent as one JSON object.")


def over_socket(environ: dict[str, Any]) -> bool:
    """Whether the request came through a Unix socket, which only the operator's own account can open."""
    connection = environ.get("gunicorn.socket")
    return connection is not None and connection.family == socket.AF_UNIX


@guard.route("/_command/<name>", permission=EVERYBODY, methods=("POST",), csrf=False)
def run(name: str) -> Response:
    """Run a command of `dashboard.commands` as the operator, in the process that holds the record.

    The socket's file mode is the lock, so there is no session and no token; over the network there is no such address.
    """
    from dashboard.commands import COMMANDS  # stands above this room: it opens doors of every room

    function = COMMANDS.get(name.replace("-", " ")) if over_socket(request.environ) else None
    if function is None:
        raise NotFound
    payload = request.get_json(silent=True)
    if not isinstance(payload, dict):
        raise BadRequest(_(UNREADABLE))
    try:
        return jsonify(function(policy.operator(datetime.now(UTC).date()), guard.house(), payload))
    except KeyError as error:
        return answer(400, _("The command needs “{name}”.", name=str(error.args[0])))
    except ValueError as error:  # a value that a door could not read, in its own sentence
        return answer(400, str(error))
