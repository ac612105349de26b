"""Pages as plain HTML, in the same frame as the pages that Dash draws. Never needs a script to work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, render_template, request

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.reference import text
from dashboard.reference.text import _
from dashboard.web import guard, navigation


def values(viewer: Viewer, title: str) -> dict[str, Any]:
    """What the frame needs, for plain pages and for Dash's: frame.html says what each is for.

    `dash` is none on plain pages; on Dash's it holds the pieces of HTML that Dash wants in its page (see the factory),
    and `first` the page's own HTML where it comes with it.
    """
    settings = guard.house().settings
    return {
        "viewer": viewer,
        "organisation": _organisation(viewer),
        "printed": text.day(datetime.now(UTC).date()),
        "address": settings.address + request.full_path.rstrip("?"),
        "title": title,
        "items": navigation.items(viewer),
        "path": request.path,
        "demo": settings.demo,
        "leave_url": settings.leave_url,
        "language": text.language(),
        "dash": None,
        "first": None,
    }


def _organisation(viewer: Viewer) -> str:
    """What her organisation is called in the register; its code where it is not there yet."""
    code = viewer.organisation_code
    found = organisations.register(guard.house()).get(code) if code else None
    return found.name if found else code


def render(template: str, *, title: str = "", **named: Any) -> str:
    """A page from `templates/` as HTML. Every template gets what `values` gives, and `named` over it."""
    return render_template(template, **(values(guard.current_viewer(), title) | named))


def answer(template: str, status: int = 200, *, title: str = "", **named: Any) -> Response:
    """The same page as an answer with a status, to which headers can be added."""
    return Response(render(template, title=title, **named), status, mimetype="text/html")


def install(server: Flask) -> None:
    """Give templates our words for texts, numbers and dates."""
    server.jinja_env.globals |= {
        "_": _,
        "n_": text.n_,
        "number": text.number,
        "percent": text.percent,
        "day": text.day,
        "moment": text.moment,
        "words": text.words,
    }
    server.jinja_env.trim_blocks = server.jinja_env.lstrip_blocks = True
