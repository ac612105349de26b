"""The public folders as they were published. Never asks who comes, sets no cookie, touches no record."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from flask import Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import safe_join

from dashboard.protection.policy import PUBLIC
from dashboard.publication.site import ELSEWHERE
from dashboard.reference import text
from dashboard.reference.text import _
from dashboard.web import guard, headers, plain
from dashboard.web.guard import EVERYBODY
from dashboard.web.static import Shelf

# Long enough to spare a field office's line while somebody reads; short enough that a withdrawn release goes soon.
CACHE = "public, max-age=60"
_RELEASE = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-z]+")
_HELD = {f"{name}.html": f"/{name}" for name in ELSEWHERE}
"""Files that a copy of the folder has in the place of what is an address of its own here."""

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


def withdrawn(releases: Path, release_id: str) -> dict[str, str] | None:
    """What is said in the place of a withdrawn release: note, day, withdrawn_on; None where this one was not.

    A note that cannot be read is empty, and the release stays withdrawn.
    """
    try:
        said = json.loads((releases / "withdrawn" / f"{release_id}.json").read_text(encoding="utf-8"))
        days = {name: text.day(date.fromisoformat(said[name])) for name in ("day", "withdrawn_on")}
        return {"note": str(said["note"]), **days}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return {"note": "", "day": "", "withdrawn_on": ""}


def _published(folder: Path | None, name: str) -> Response:
    """A file of a folder; of a name that ends with / the page in there."""
    if folder is not None and name in _HELD:
        return _led(_HELD[name], 302)
    joined = safe_join(str(folder), f"{name}index.html" if not name or name.endswith("/") else name) if folder else None
    path = Path(joined).resolve() if joined else None
    # A name that begins with a dot is somebody's leaving, not a publication.
    if folder is None or path is None or not path.is_relative_to(folder) or re.search(r"(^|/)\.", name):
        raise NotFound
    if path.is_dir() and (path / "index.html").is_file():
        return _led(f"/{request.path.strip('/')}/", 308)
    response = _shelf.answer(path, CACHE)
    response.headers["Content-Security-Policy"] = headers.policy(rules=headers.PUBLISHED)
    if response.mimetype in ("text/html", "text/csv"):
        response.headers["Content-Type"] = f"{response.mimetype}; charset=utf-8"
    return response


def _led(address: str, status: int) -> Response:
    """The way to another address of ours."""
    response = Response(status=status)
    response.headers["Location"] = address
    response.headers["Cache-Control"] = CACHE
    return response


@guard.route("/", permission=EVERYBODY, public=True)
def summary() -> Response:
    """The summary; before the first release a page that says that there is none yet."""
    folder = current(guard.house().settings.releases)
    if folder is None:
        return plain.answer("unpublished.html", title=_("No summary has been published yet"), viewer=PUBLIC)
    return _published(folder, "")


@guard.route("/release/<release_id>/", permission=EVERYBODY, public=True)
def former_summary(release_id: str) -> Response:
    """The summary of a release at its own address."""
    return _former(release_id, "")


@guard.route("/release/<release_id>/<path:name>", permission=EVERYBODY, public=True)
def former_file(release_id: str, name: str) -> Response:
    """A file beside the summary of a release."""
    return _former(release_id, name)


def _former(release_id: str, name: str) -> Response:
    """A file of a release, for as long as it stands; a withdrawn one answers with what is said of it."""
    releases = guard.house().settings.releases
    if not _RELEASE.fullmatch(release_id):
        raise NotFound
    said = withdrawn(releases, release_id)
    if said is not None:
        title = _("This release was withdrawn")
        return plain.answer("withdrawn.html", 410, title=title, viewer=PUBLIC, gone=said, release_id=release_id)
    folder = releases / release_id
    return _published(folder.resolve() if folder.is_dir() and not folder.is_symlink() else None, name)


@guard.route("/<path:name>", permission=EVERYBODY, public=True)
def file(name: str) -> Response:
    """A file beside the summary. Any address that is nothing else ends here, so most of them are not found."""
    adapter = current_app.url_map.bind("")
    allowed = [m for m in ("POST",) if _matches(adapter, m)]
    if allowed:
        raise MethodNotAllowed(valid_methods=allowed)
    if request.path.startswith("/_"):
        raise NotFound
    return _published(current(guard.house().settings.releases), name)


def _matches(adapter: object, method: str) -> bool:
    try:
        adapter.match(request.path, method=method)  # type: ignore[attr-defined]
    except Exception:
        return False
    return True
