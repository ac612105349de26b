"""/sign-in and /sign-out, and the demonstration's links. Plain HTML; never says whether an account exists."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, redirect, request
from werkzeug.exceptions import NotFound

from dashboard.people import accounts, sessions
from dashboard.protection.policy import PUBLIC
from dashboard.reference.text import N_, _
from dashboard.web import csrf, identity, navigation, plain
from dashboard.web.guard import current_viewer, house, route

MISSING = {"email": N_("Enter your e-mail address"), "password": N_("Enter your password")}


def _form(errors: dict[str, str], status: int = 200, email: str = "") -> Response:
    return plain.answer(
        "sign_in.html",
        status,
        title=_("Sign in"),
        errors=errors,
        email=email,
        next=identity.local_path(request.values.get("next"), ""),
        signed_out=request.args.get("said") == "out",
    )


def start_page() -> str:
    """Where somebody who has just signed in goes when she asked for nothing else: her first link."""
    first = navigation.items(current_viewer())
    return first[0].path if first else "/dictionary"


@route("/sign-in", permission="sign in")
def show() -> Any:
    """The form; whoever is signed in already goes on."""
    if current_viewer().signed_in:
        return redirect(identity.local_path(request.args.get("next"), "") or start_page())
    return _form({})


@route("/sign-in", permission="sign in", methods=("POST",))
def enter() -> Any:
    """Sign in, or say in one sentence, the same for every wrong pair, that it did not work."""
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    errors = {name: _(MISSING[name]) for name, value in (("email", email), ("password", password)) if not value}
    if errors:
        return _form(errors, 400, email)
    try:
        session_id = sessions.sign_in(PUBLIC, house(), email, password, request.remote_addr or "", datetime.now(UTC))
    except sessions.SignInRefused as refused:
        response = _form({"email": str(refused)}, 429 if refused.wait > 0 else 401, email)
        if refused.wait > 0:
            response.headers["Retry-After"] = str(int(refused.wait) + 1)
        return response
    return _go(session_id, request.form.get("next"))


def _go(session_id: str, wanted: str | None) -> Any:
    identity.enter(session_id)
    return redirect(identity.local_path(wanted, "") or start_page(), 303)


@route("/sign-out", permission="sign out", methods=("POST",))
def leave() -> Any:
    """End the session here and in the record."""
    identity.leave()
    return csrf.forget(redirect("/sign-in?said=out", 303))  # type: ignore[arg-type]


@route("/demo-sign-in/<token>", permission="sign in")
def demonstrate(token: str) -> Any:
    """A demonstration's link: on this machine only, until the process ends."""
    email = current_app.extensions["dashboard.demo_tokens"].get(token)
    if not email or not _loopback(request.remote_addr):
        raise NotFound(_("Links of a demonstration work on the machine that shows it, until it is stopped."))
    account_id = accounts.by_email(PUBLIC, house(), email)
    if not account_id:
        raise NotFound
    return _go(sessions.open_session(PUBLIC, house(), account_id, datetime.now(UTC)), request.args.get("next"))


def _loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
