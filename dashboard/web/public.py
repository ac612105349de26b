"""The public folder as it was published. Never asks who comes, sets no cookie, touches no record."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import safe_join

from dashboard.protection.policy import PUBLIC
from dashboard.reference.text import _
from dashboard.web import guard, headers, plain
from dashboard.web.guard import EVERYBODY
from dashboard.web.static import Shelf

# Long enough to spare a field office's line while somebody reads; short enough that a withdrawn release goes soon.
CACHE = "public, max-age=60"

_shelf = Shelf()


def current(releases: Path) -> Path | None:
    """The folder of the release that `current` points to: a link, or a file that holds the folder's name."""
    pointer = releases / "current"
    try:
        folder = (
            pointer.resolve()
            if pointer.is_symlink() or pointer.is_dir()
            else (releases / pointer.read_text(encoding="utf-8").strip()).resolve()
        )
    except OSError:
        return None
    return folder if folder.is_dir() and folder.parent == releases.resolve() else None


def _published(name: str) -> Response:
    folder = current(guard.house().settings.releases)
    joined = safe_join(str(folder), name) if folder else None
    path = Path(joined).resolve() if joined else None
    # A name that begins with a dot is somebody's leaving, not a publication.
    if folder is None or path is None or not path.is_relative_to(folder) or re.search(r"(^|/)\.", name):
        raise NotFound
    response = _shelf.answer(path, CACHE)
    response.headers["Content-Security-Policy"] = headers.policy(rules=headers.PUBLISHED)
    if response.mimetype == "text/html":
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


@guard.route("/", permission=EVERYBODY, public=True)
def summary() -> Response:
    """The summary; before the first release a page that says that there is none yet."""
    if current(guard.house().settings.releases) is None:
        return plain.answer("unpublished.html", title=_("No summary has been published yet"), viewer=PUBLIC)
    return _published("index.html")


@guard.route("/<path:name>", permission=EVERYBODY, public=True)
def file(name: str) -> Response:
    """A file beside the summary. Any address that is nothing else ends here, so most of them are not found."""
    adapter = current_app.url_map.bind("")
    allowed = [m for m in ("POST",) if _matches(adapter, m)]
    if allowed:
        raise MethodNotAllowed(valid_methods=allowed)
    if request.path.startswith("/_"):
        raise NotFound
    return _published(name)


def _matches(adapter: object, method: str) -> bool:
    try:
        adapter.match(request.path, method=method)  # type: ignore[attr-defined]
    except Exception:
        return False
    return True
