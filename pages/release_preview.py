"""/releases/<id>/preview/: a draft's own files, as everybody will see them, for whoever decides on it."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from flask import Response, redirect
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as Redirect

from dashboard.people.errors import NotPossible
from dashboard.publication import publishing
from dashboard.web import headers
from dashboard.web.guard import current_viewer, house, route


@route("/releases/<release_id>/preview", permission="release")
def folder(release_id: str) -> Redirect:
    """The same with a slash, so that the page's own links lead into the folder."""
    return (
        redirect(f"/releases/{release_id}/preview/") if re.fullmatch(r"[\w-]+", release_id) else redirect("/releases")
    )


@route("/releases/<release_id>/preview/", permission="release")
def index(release_id: str) -> Response:
    """The draft's page."""
    return _file(release_id, "index.html")


@route("/releases/<release_id>/preview/<path:name>", permission="release")
def file(release_id: str, name: str) -> Response:
    """A file beside it."""
    return _file(release_id, f"{name}index.html" if name.endswith("/") else name)


def _file(release_id: str, name: str) -> Response:
    """Only of a draft that may be published: what the attack refused gives somebody away."""
    try:
        root = publishing.draft_folder(current_viewer(), house(), release_id)
    except NotPossible as error:
        raise NotFound(str(error)) from error
    joined = safe_join(str(root), name)
    path = Path(joined).resolve() if joined else None
    if path is None or not path.is_relative_to(root.resolve()) or not path.is_file():
        raise NotFound
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = "; charset=utf-8" if kind.startswith("text/") or kind.endswith("json") else ""
    response = Response(path.read_bytes(), content_type=kind + text)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = headers.policy(rules=headers.PUBLISHED)
    return response
