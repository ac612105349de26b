"""What every answer tells the browser to allow: almost nothing. Never knows what an answer says."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, current_app, g

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Dash's components and Plotly write <style> elements
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# What was published is text, pictures in it and files beside it; the one script there is leaves the page.
PUBLISHED = {
    **POLICY,
    "script-src": "'self'",
    "connect-src": "'none'",
    "worker-src": "'none'",
    "form-action": "'none'",
    "img-src": "'self' data:",
}
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def policy(hashes: Sequence[str] = (), rules: dict[str, str] | None = None) -> str:
    """The Content-Security-Policy, with the hashes of the scripts that Dash writes into a page."""
    said = dict(rules or POLICY)
    if hashes:
        said["script-src"] = " ".join([said["script-src"], *hashes])
    return "; ".join(f"{name} {value}" for name, value in said.items())


def _add(response: Response) -> Response:
    public = g.get("nobody", False)
    said = response.headers
    said.setdefault("Content-Security-Policy", current_app.extensions["dashboard.csp"])
    said.setdefault("X-Content-Type-Options", "nosniff")
    said.setdefault("X-Frame-Options", "DENY")
    said.setdefault("Referrer-Policy", "no-referrer" if public else "same-origin")
    said.setdefault("Permissions-Policy", PERMISSIONS)
    said.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    said.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    said.setdefault("Cache-Control", "no-store")
    if current_app.extensions["dashboard.house"].settings.secure:
        said.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def install(server: Flask) -> None:
    """Add the headers to every answer. `seal` must be called once all callbacks are known."""
    server.extensions["dashboard.csp"] = policy()
    server.after_request(_add)


def seal(server: Flask, hashes: Sequence[str]) -> None:
    """Allow Dash's inline scripts, and no other, by their hashes."""
    server.extensions["dashboard.csp"] = policy(hashes)
