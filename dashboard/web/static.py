"""Scripts and styles from memory, compressed once. Never holds anything that depends on who is looking."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import flask_bootstrap
import plotly
from dash import Dash
from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

BOOTSTRAP = "bootstrap.min.css"
PLOTLY = "plotly.min.js"
PLOTLY_ADDRESS = f"/_dash-component-suites/plotly/package_data/{PLOTLY}"  # Dash's own, which it asks for lazily
YEAR = "public, max-age=31536000, immutable"
AGAIN = "no-cache"  # kept, but asked for each time; an unchanged file answers 304
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")

CARTESIAN = Path(sys.prefix) / "share" / "dashboard" / "plotly-cartesian.min.js"
FULL = Path(plotly.__file__).parent / "package_data" / PLOTLY


@dataclass
class Item:
    """One file as it was when it was read, and its compressed forms once somebody asked for them."""

    body: bytes
    mimetype: str
    stamp: tuple[int, int]
    fingerprint: str
    packed: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def form(self, encoding: str) -> bytes:
        """The body in an encoding: br, gzip or identity."""
        if encoding == "identity":
            return self.body
        with self.lock:
            if encoding not in self.packed:
                # Brotli's highest grade takes ten seconds on a chart library; grade 9 takes one and costs 3 % more.
                self.packed[encoding] = (
                    brotli.compress(self.body, quality=9) if encoding == "br" else gzip.compress(self.body, 9, mtime=0)
                )
            return self.packed[encoding]


class Shelf:
    """All files that were asked for, by path; read again when the file on disk has changed."""

    def __init__(self) -> None:
        self._items: dict[Path, Item] = {}

    def item(self, path: Path) -> Item:
        """The file at `path`. Raises NotFound."""
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            found = self._items.get(path)
            if found is None or found.stamp != stamp:
                body = path.read_bytes()
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                found = Item(body, kind, stamp, hashlib.sha256(body).hexdigest()[:16])
                self._items[path] = found
            return found
        except OSError as error:
            raise NotFound from error

    def answer(self, path: Path, cache: str) -> Response:
        """The file as an answer in the best encoding that the browser takes."""
        item = self.item(path)
        encoding = "identity"
        if item.mimetype.startswith(TEXT) and len(item.body) > 500:
            encoding = next((e for e in ("br", "gzip") if request.accept_encodings[e] > 0), "identity")
        response = Response(mimetype=item.mimetype)
        response.set_etag(f"{item.fingerprint}-{encoding}")
        response.headers["Cache-Control"] = cache
        response.vary.add("Accept-Encoding")
        if encoding != "identity":
            response.content_encoding = encoding
        response.set_data(item.form(encoding))
        response.make_conditional(request)
        return response


def _version(script: Path) -> str:
    """The version that a build of plotly.js names in its first lines; "" when there is none."""
    try:
        with script.open(encoding="utf-8", errors="replace") as file:
            found = re.search(r"plotly\.js(?: \([\w -]+\))? v(\d+\.\d+\.\d+)", file.read(300))
    except OSError:
        return ""
    return found.group(1) if found else ""


def plotly_script(partial: Path = CARTESIAN, full: Path = FULL) -> Path:
    """The small build when it is there and is the version that plotly brought, else plotly's own full one."""
    return partial if _version(partial) and _version(partial) == _version(full) else full


class Assets:
    """The app's own files under /assets and the packages' scripts, one shelf for both."""

    def __init__(self, folder: Path, app: Dash) -> None:
        self.shelf, self.folder, self.app = Shelf(), folder, app
        bootstrap = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / BOOTSTRAP
        self.borrowed = {BOOTSTRAP: bootstrap}

    def path(self, name: str) -> Path:
        """Where an asset of this name lies. Raises NotFound."""
        joined = safe_join(str(self.folder), name)
        if joined is None:
            raise NotFound
        return self.borrowed.get(name, Path(joined))

    def url(self, name: str) -> str:
        """The address of an asset, which changes when the asset does, so that browsers may keep it for ever."""
        return f"/assets/{name}?m={self.shelf.item(self.path(name)).fingerprint}"

    def asset(self, filename: str) -> Response:
        path = self.path(filename)
        return self.shelf.answer(path, YEAR if request.args.get("m") == self.shelf.item(path).fingerprint else AGAIN)

    def package(self, package_name: str, fingerprinted_path: str) -> Response:
        """A component library's script: only those that Dash itself put on its list."""
        name, lasting = check_fingerprint(fingerprinted_path)  # type: ignore[no-untyped-call]
        if name not in self.app.registered_paths.get(package_name, ()) or package_name not in sys.modules:
            raise NotFound
        folder = Path(str(sys.modules[package_name].__file__)).parent
        path = plotly_script() if (package_name, name) == ("plotly", f"package_data/{PLOTLY}") else folder / name
        return self.shelf.answer(path, YEAR if lasting else AGAIN)


def install(server: Flask, app: Dash, folder: Path) -> Assets:
    """Answer for Dash's two folders of files, and give templates `asset(name)`."""
    assets = Assets(folder, app)
    server.view_functions["_dash_assets.static"] = assets.asset
    server.view_functions["/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"] = assets.package
    server.jinja_env.globals["asset"] = assets.url
    server.extensions["dashboard.assets"] = assets
    return assets
