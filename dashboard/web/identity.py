"""Whose a request is: Flask-Login over the table of sessions. Never puts more in a browser than a random id."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user

from dashboard.people import sessions
from dashboard.protection.policy import Viewer
from dashboard.record.audit import derived
from dashboard.record.house import House
from dashboard.web import guard

# Asked by an open page every few seconds: being open is no activity.
POLLED = frozenset({"/version"})
FOLLOWED = frozenset({"GET /meeting/<meeting_id>/parts"})
"""Asked by a screen of meeting mode because the record moved."""
REDRAWN = "/_dash-update-component"
BY_ITSELF = (["head.data"], ["releases-clock.n_intervals"])
"""What a page asks for because the record moved, or while something is being made that it shows."""


class Person(UserMixin):
    """What Flask-Login holds during one request: the session's id and its viewer."""

    def __init__(self, session_id: str, viewer: Viewer) -> None:
        self.session_id, self.viewer = session_id, viewer

    def get_id(self) -> str:
        return self.session_id


class Sessions(SecureCookieSessionInterface):
    """Flask's session cookie, except where nobody is asked who she is: there it is neither set nor named in Vary."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("nobody", False):
            super().save_session(app, session, response)


def _active() -> bool:
    """Whether somebody did something, rather than an open page that asks, or that redraws what has changed."""
    if request.path != REDRAWN:
        return request.path not in POLLED and request.endpoint not in FOLLOWED
    body = request.get_json(silent=True) if request.mimetype == "application/json" else None
    return not (isinstance(body, dict) and body.get("changedPropIds") in BY_ITSELF)


def _load(session_id: str) -> Person | None:
    viewer = sessions.viewer_of(guard.house(), session_id, datetime.now(UTC), _active())
    return Person(session_id, viewer) if viewer else None


def borrow(viewer: Viewer) -> None:
    """Let the rest of this request be somebody's who has no session: the factory's own, when it warms the app."""
    g._login_user = Person("", viewer)


def enter(session_id: str) -> None:
    """Bind this browser to a session that `people` has just opened. What the browser held before is forgotten."""
    session.clear()
    person = _load(session_id)
    if person is not None:
        login_user(person)


def leave() -> None:
    """End the session, here and in the record."""
    session_id = session.get("_user_id", "")
    if session_id:
        sessions.sign_out(guard.current_viewer(), guard.house(), session_id)
    logout_user()
    session.clear()


def local_path(text: str | None, otherwise: str = "/") -> str:
    """`text` when it is a path on this server and nothing else, so that a link cannot send somebody elsewhere."""
    path = (text or "").replace("\\", "/")
    if not path.startswith("/") or path.startswith("//") or not path.isprintable():
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path


def install(server: Flask, house: House) -> None:
    """Set the cookie's rules and let Flask-Login ask the table of sessions."""
    secure = house.settings.secure
    server.config.update(
        SECRET_KEY=derived(house.settings.data, "web session").hex(),
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    server.session_interface = Sessions()
    manager = LoginManager()
    # Flask-Login's own protection compares addresses: a laptop that goes from IPv4 to IPv6 in the middle of a meeting
    # would be signed out. The session is a row that can be ended, so a stolen cookie is answered there.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(
        server, add_context_processor=False
    )  # it would ask for a session at every template, public ones too
