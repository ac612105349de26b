"""The WSGI application, for gunicorn: `app:server`. Importing this module alone does nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.config import Settings


def build(settings: Settings, demo_tokens: Mapping[str, str] | None = None) -> Any:
    """The server of one deployment, warm. Ends the process with one sentence when it cannot be built."""
    from dashboard.factory import create_app, warm
    from dashboard.record.errors import StoreError
    from dashboard.web.guard import GuardError

    try:
        app = create_app(settings, demo_tokens)
    except (StoreError, GuardError, ValueError) as error:
        print(f"dashboard: {error}", file=sys.stderr, flush=True)
        raise SystemExit(4) from None  # the code on which gunicorn gives up instead of trying again
    warm(app)
    return app.server


def __getattr__(name: str) -> Any:
    if name != "server":
        raise AttributeError(name)
    from dashboard.config import from_environment

    return build(from_environment(os.environ, production=True))
