"""The token that proves that a form or callback comes from our own page. Never set where nobody writes anything."""

from __future__ import annotations

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from dashboard.web import guard

COOKIE = "_csrf_token"  # Dash reads it and sends it back as X-CSRFToken; of no use without the session's own cookie


def _hand_out(response: Response) -> Response:
    """Give pages that Dash draws their token; plain forms carry it in a hidden field."""
    if g.get("nobody", False) or response.mimetype != "text/html" or not guard.current_viewer().signed_in:
        return response
    token = generate_csrf()
    if request.cookies.get(COOKIE) != token:
        response.set_cookie(COOKIE, token, secure=guard.house().settings.secure, samesite="Lax", path="/")
    return response


def forget(response: Response) -> Response:
    """Take the token back when somebody signs out."""
    response.delete_cookie(COOKIE, secure=guard.house().settings.secure, samesite="Lax", path="/")
    session.clear()
    return response


def install(server: Flask) -> None:
    """Check the token on everything that writes. Call it after the gate is registered: who is not signed in should
    hear that, and not that a token is missing."""
    server.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # it lives as long as the session; a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # pages with a one-time link send no referrer; the gate compares the origin
    )
    CSRFProtect(server)
    server.after_request(_hand_out)
