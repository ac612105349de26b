"""The gate before every request: what nobody registered does not exist, who may not is told why. Never sees rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from dash import Dash
from flask import Flask, current_app, g, redirect, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, Unauthorized
from werkzeug.wrappers import Response

from dashboard.reference.text import N_, _
from dashboard.web import guard, open_door, uploads
from dashboard.web.answers import wants_json
from dashboard.web.guard import EVERYBODY, SIGNED_IN, GuardError, Registry

CALLBACKS = "/_dash-update-component"
MALFORMED = N_("The request could not be read. Reload the page and try again.")
ELSEWHERE = N_("This came from another site, so nothing was done. Open the page here and try again.")

# Dash's own addresses that the factory leaves open, and to whom. The layout is an empty shell; what a page holds comes
# through the router's callback, which asks for the page's permission.
DASH = {
    "/_dash-layout": SIGNED_IN,
    "/_dash-dependencies": SIGNED_IN,
    CALLBACKS: EVERYBODY,  # each callback has its own permission, asked in `_callback`
}
OPEN = {open_door.LAYOUT, open_door.DEPENDENCIES, open_door.CALLBACKS}
STATIC = {"/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>", "_dash_assets.static"}


def install(server: Flask, app: Dash, registered: Registry) -> None:
    """Register the gate's permissions; `check` then finds any address without one."""
    permissions = DASH | dict.fromkeys(STATIC | OPEN, EVERYBODY)
    permissions |= {p.endpoint: p.permission for p in registered.pages}
    permissions |= {r.endpoint: r.permission for r in registered.routes}
    server.extensions["dashboard.permissions"] = permissions
    public = {page.endpoint for page in registered.pages if page.public}
    public |= {route.endpoint for route in registered.routes if route.public}
    server.extensions["dashboard.public"] = STATIC | OPEN | public
    server.extensions["dashboard.dash"] = app


def check(server: Flask) -> None:
    """Refuse to start while an address exists that nobody gave a permission. Raises GuardError."""
    open_ended = sorted(
        rule.rule
        for rule in server.url_map.iter_rules()
        if rule.endpoint not in server.extensions["dashboard.permissions"]
    )
    if open_ended:
        raise GuardError(f"These addresses name no permission: {', '.join(open_ended)}.")


def before() -> Response | None:
    """Called before every request, first of all. Returns an answer, raises one, or lets the request pass."""
    if request.routing_exception is not None:
        raise request.routing_exception
    endpoint = request.endpoint
    permissions: dict[str, str] = current_app.extensions["dashboard.permissions"]
    if endpoint not in permissions:
        raise NotFound
    if endpoint in current_app.extensions["dashboard.public"]:
        g.nobody = True
        if endpoint == open_door.CALLBACKS:
            open_door.admit()
            guard.admit(_callback(public=True))
        return None
    _same_site()
    try:
        guard.admit(_callback() if endpoint == CALLBACKS else permissions[endpoint])
    except Unauthorized:
        if wants_json() or request.method not in ("GET", "HEAD"):
            raise
        return redirect(f"/sign-in?{urlencode({'next': request.full_path.rstrip('?')})}")
    uploads.admit_body()
    return None


def _same_site() -> None:
    """Refuse what another site sends in somebody's name; the second wall after the CSRF token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None:
        if fetched not in ("same-origin", "none"):
            raise Forbidden(_(ELSEWHERE))
        return
    # An older browser. A page that sends no referrer also says "null" here; the token then stands alone.
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.host:
        raise Forbidden(_(ELSEWHERE))


def _callback(*, public: bool = False) -> str:
    """The permission of the callback that is called, through the door where only `public` ones are or through Dash's.

    Raises BadRequest when Dash could not read the body.
    """
    body = request.get_json(silent=True) if request.mimetype == "application/json" else None
    output = body.get("output") if isinstance(body, dict) else None
    if not isinstance(output, str):
        raise BadRequest(_(MALFORMED))
    app = current_app.extensions["dashboard.dash"]
    entry = app.callback_map.get(output)
    permission = getattr(entry.get("callback"), "__permission__", "") if entry else ""
    if public and not open_door.public(app, output):
        raise Forbidden(_(guard.UNKNOWN_CALLBACK))
    if not permission:
        if not guard.current_viewer().signed_in:
            raise Unauthorized(_(guard.SIGN_IN_FIRST))
        raise Forbidden(_(guard.UNKNOWN_CALLBACK))
    if not _well_formed(body, entry):
        guard.admit(permission)  # whoever may not call it learns nothing about its form
        raise BadRequest(_(MALFORMED))
    return str(permission)


def _well_formed(body: Any, entry: dict[str, Any]) -> bool:
    changed = body.get("changedPropIds", [])
    return (
        _values(body.get("inputs", []), entry["inputs"])
        and _values(body.get("state", []), entry["state"])
        and isinstance(changed, list)
        and all(isinstance(prop, str) for prop in changed)
        and _outputs(body.get("outputs"), body["output"])
    )


def _values(given: Any, declared: list[dict[str, Any]]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(declared)
        and all(_value(value, asked) for value, asked in zip(given, declared, strict=True))
    )


def _value(given: Any, asked: dict[str, Any]) -> bool:
    pattern = str(asked["id"]).startswith("{")
    if isinstance(given, list):
        return pattern and all(_single(item, asked, pattern) for item in given)
    return _single(given, asked, pattern)


def _single(given: Any, asked: dict[str, Any], pattern: bool) -> bool:
    if not isinstance(given, dict) or given.get("property") != asked["property"]:
        return False
    return isinstance(given.get("id"), dict) if pattern else given.get("id") == asked["id"]


def _outputs(given: Any, output: str) -> bool:
    """Whether the outputs have the shape that the callback's own name says: `..a.x...b.y..` for several, a pattern for
    one that may be many."""

    def single(item: Any) -> bool:
        return (
            isinstance(item, dict) and isinstance(item.get("property"), str) and isinstance(item.get("id"), str | dict)
        )

    def one(item: Any, name: str) -> bool:
        return single(item) or (name.startswith("{") and isinstance(item, list) and all(single(part) for part in item))

    if output.startswith("..") and output.endswith(".."):
        names = output[2:-2].split("...")
        return isinstance(given, list) and len(given) == len(names) and all(map(one, given, names))
    return one(given, output) or (given is None and output.startswith("..."))
