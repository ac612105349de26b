"""/setup/<token> and /invite/<token>: one-time links with which a person sets her own password. Never shows one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from dashboard.people import links, passwords, sessions
from dashboard.people.errors import LinkRefused, NotPossible, PasswordRefused
from dashboard.protection.policy import PUBLIC
from dashboard.reference.text import N_, _
from dashboard.web import plain
from dashboard.web.guard import house, route

GONE = N_("This link was used already, is out of date, or was not copied whole. Ask whoever sent it for a new one.")


@route("/setup/<token>", permission="sign in", methods=("GET", "POST"))
def setup(token: str) -> Any:
    """The first account: whoever stood at the console becomes the secretariat."""
    return _form_or_account(token, "setup")


@route("/invite/<token>", permission="sign in", methods=("GET", "POST"))
def invite(token: str) -> Any:
    """An invitation, or a new password for an account that exists."""
    return _form_or_account(token, "invite")


def _form_or_account(token: str, kind: str) -> Any:
    now = datetime.now(UTC)
    link = links.link(PUBLIC, house(), token, now=now)
    if link is None or (link.kind == "setup") is not (kind == "setup"):
        return _gone(_(GONE))
    given = {name: request.form.get(name, "").strip() for name in ("name", "email")}
    given = {name: given[name] or getattr(link, name, "") or "" for name in given}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _mistakes(kind, given)
        if not errors:
            try:
                account_id = links.redeem(
                    PUBLIC,
                    house(),
                    token,
                    name=given["name"],
                    email=given["email"],
                    password=request.form.get("password", ""),
                    now=now,
                )
            except LinkRefused as error:  # somebody else was quicker
                return _gone(str(error))
            except PasswordRefused as error:
                errors = {"password": str(error)}
            except NotPossible as error:
                errors = {"email" if kind == "setup" else "password": str(error)}
            else:
                return _enter(account_id, now, link.kind)
    return _private(
        plain.answer(
            "setup.html",
            400 if errors else 200,
            title=_(TITLES[link.kind if link.kind in TITLES else "invite"]),
            kind=link.kind,
            errors=errors,
            given=given,
            shortest=passwords.SHORTEST,
        )
    )


def _gone(sentence: str) -> Response:
    return _private(
        plain.answer("error.html", 404, title=_("This link does not work"), said_status=404, sentence=sentence)
    )


TITLES = {
    "setup": N_("Make the first account"),
    "invite": N_("Choose your password"),
    "reset": N_("Choose a new password"),
}


def _mistakes(kind: str, given: dict[str, str]) -> dict[str, str]:
    errors = {}
    if kind == "setup":
        if not given["name"]:
            errors["name"] = _("Enter your name, as the other members know you")
        if "@" not in given["email"]:
            errors["email"] = _("Enter your e-mail address in the form name@example.org. You sign in with it")
    password = request.form.get("password", "")
    if not password:
        errors["password"] = _("Enter a password")
    elif password != request.form.get("again", ""):
        errors["again"] = _("Enter the same password in both fields")
    return errors


def _enter(account_id: str, now: datetime, kind: str) -> Any:
    """Sign her in. Whoever was invited reads first what the mechanism is and what is expected of her."""
    from pages.sign_in import _go

    return _go(sessions.open_session(PUBLIC, house(), account_id, now), "/welcome" if kind == "invite" else None)


def _private(response: Response) -> Response:
    """A page whose address is a secret tells no other page where somebody came from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
