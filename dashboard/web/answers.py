"""What a refusal or a fault looks like: a status, a sentence, what to do next. Never a trace, never a value of data."""

from __future__ import annotations

import logging
import os
import signal
import traceback
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError

from dashboard.intake import submissions
from dashboard.people import errors
from dashboard.protection.policy import Refused
from dashboard.record.errors import StoreError
from dashboard.reference.text import N_, _
from dashboard.web import guard

log = logging.getLogger("dashboard")

# Status: the title, and the sentence when whoever raised it gave none of its own.
WORDS: dict[int, tuple[str, str]] = {
    400: (
        N_("This could not be read"),
        N_("Something in the request was missing or not in the form we expect. Go back and try again."),
    ),
    401: (
        N_("Sign in first"),
        N_("Sign in to see this. If you were signed in, your session ended because nobody used it."),
    ),
    403: (N_("You may not do this"), N_("Your role does not include this. Ask the secretariat if it should.")),
    404: (N_("There is no such page"), N_("Check the address, or start from the navigation.")),
    405: (N_("This address does not do that"), N_("Go back and use the page's own links and buttons.")),
    409: (N_("This cannot be done now"), N_("Something changed in between. Reload the page and look again.")),
    413: (N_("That is too large"), N_("The file or form is larger than we take.")),
    415: (N_("This could not be read"), N_("Send the request as JSON or as a form.")),
    429: (N_("Too many tries"), N_("Wait a moment, then try again.")),
    500: (
        N_("Something went wrong here"),
        N_("The fault is ours and was noted. Try again; if it stays, tell the secretariat what you did."),
    ),
    503: (N_("Not available right now"), N_("Try again in a minute. Nothing that was saved is lost.")),
}


def wants_json() -> bool:
    """Whether the caller is a program: Dash's own calls, commands, and whoever asks for JSON rather than a page."""
    if request.path.startswith(("/_dash-", guard.OPEN, "/_command/")) or request.path == "/version":
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def answer(status: int, sentence: str = "", headers: dict[str, str] | None = None) -> Response:
    """The error page of a status, or its JSON `{"status", "title", "error"}`."""
    from dashboard.web import plain  # the page needs the viewer, and the viewer's rooms need this one

    title, usual = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    sentence = sentence or _(usual)
    if wants_json():
        response = jsonify(status=status, title=_(title), error=sentence)
        response.status_code = status
    else:
        g.nobody = False  # an address that is nothing at all still shows whoever is signed in her way back
        said: dict[str, Any] = {"said_status": status, "title": _(title), "sentence": sentence}
        try:
            response = plain.answer("error.html", status, **said)
        except Exception as error:  # who is looking cannot be found out either: the record is down
            note(error)
            g.nobody = True
            response = plain.answer("error.html", status, **said)
    response.headers.extend(headers or {})
    return response


def note(error: BaseException) -> None:
    """Log where it failed and what kind it was. Never the message: it may quote a cell."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s on %s %s\n%s", type(error).__name__, request.method, request.url_rule, where)


def _known(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    own = error.description if error.description != type(error).description else ""
    headers: dict[str, Any] = {}
    if status == 405 and getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    if getattr(error, "retry_after", None):
        headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    return answer(status, own or "", headers)


def _stale(error: CSRFError) -> Response:
    return answer(
        400,
        _(
            "This page was open since before you signed in, or its cookies were removed, so nothing was "
            "done. Reload the page and try again."
        ),
    )


def _refused(error: Refused) -> Response:
    return answer(403, _(str(error)))


def _not_possible(error: submissions.NotPossible | errors.NotPossible) -> Response:
    return answer(409, str(error))


def _not_signed_in(error: errors.SignInRefused) -> Response:
    return answer(403, error.sentence)


def _store(error: StoreError) -> Response:
    note(error)
    if getattr(current_app.extensions["dashboard.house"].store, "broken", False):
        # The database will answer nothing more in this process. Under gunicorn another one takes its place.
        os.kill(os.getpid(), signal.SIGTERM)
    return answer(503, _(str(error)), {"Retry-After": "30"})


def _unknown(error: Exception) -> Response:
    if request.path == "/_dash-update-component" and not g.get("entered", False):
        return answer(400)  # Dash could not take the body apart; none of our code ran
    note(error)
    return answer(500)


def install(server: Flask) -> None:
    """Answer every fault of this server in our words."""
    server.register_error_handler(HTTPException, _known)
    server.register_error_handler(InternalServerError, _known)
    server.register_error_handler(BadRequest, _known)
    server.register_error_handler(CSRFError, _stale)
    server.register_error_handler(Refused, _refused)
    server.register_error_handler(submissions.NotPossible, _not_possible)
    server.register_error_handler(errors.NotPossible, _not_possible)
    server.register_error_handler(errors.SignInRefused, _not_signed_in)
    server.register_error_handler(StoreError, _store)
    server.register_error_handler(Exception, _unknown)
