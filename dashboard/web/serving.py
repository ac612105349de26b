"""Serve the app: one gunicorn process with threads, on an address and on a socket. Never builds the app itself."""

from __future__ import annotations

import errno
import importlib
import logging
import os
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from dashboard.config import SettingError, Settings, from_environment
from dashboard.protection import policy

# The module that holds the app, by name as gunicorn takes it: this room lies below the one that builds it.
APPLICATION = "app"
THREADS = 32
SOCKET_PATH = 107  # what a Unix address can hold


class NotServed(Exception):
    """The app cannot be served as it is set up; the text says why and what to do."""


def prepare(settings: Settings) -> None:
    """Find out what stands in the way before anything is started. Raises NotServed."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data / f".probe-{secrets.token_hex(4)}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise NotServed(
            f"The data folder {settings.data} cannot be written ({error.strerror}). Give the account that runs the "
            "dashboard the right to write there, or name another folder with DASHBOARD_DATA."
        ) from error
    if len(os.fsencode(settings.socket)) > SOCKET_PATH:
        raise NotServed(
            f"The path of the data folder {settings.data} is too long for a socket in it. Name a folder with a shorter "
            "path with DASHBOARD_DATA."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise NotServed(
                    f"Port {settings.port} is in use by another program. Stop that one, or choose another port, "
                    f"for example PORT={settings.port + 1 if settings.port < 65535 else 8050}."
                ) from error
            raise NotServed(
                f"The address {settings.host}:{settings.port} cannot be used ({error.strerror}). Set HOST and PORT "
                "to an address of this machine and a port above 1023."
            ) from error


def _own_socket(settings: Settings) -> None:
    """Refuse when another process answers on the socket; a file that a killed one left is replaced by gunicorn."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.connect(str(settings.socket))
        except OSError:
            return
    raise NotServed(
        f"A dashboard is running on the data folder {settings.data} already. Stop it first, or name another folder "
        "with DASHBOARD_DATA. Commands (dashboard submit, release ...) go through the running one by themselves."
    )


def gunicorn_settings(settings: Settings) -> dict[str, Any]:
    """What gunicorn is told. One process, because one process holds the record; threads, because people wait."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": [f"{host}:{settings.port}", f"unix:{settings.socket}"],
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "umask": 0o077,
        "preload_app": False,
        "reload": False,
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 30,
        "control_socket_disable": True,
        "accesslog": None,
        "loglevel": "warning",
        "worker_tmp_dir": str(settings.data),
        "forwarded_allow_ips": "",  # the app trusts a proxy when DASHBOARD_URL is set; gunicorn never does
        "when_ready": _when_ready(settings.socket),
        "worker_exit": _put_down,
    }


def _when_ready(path: Path) -> Callable[[Any], None]:
    def narrow(_server: Any) -> None:
        path.chmod(0o600)

    return narrow


def _put_down(_arbiter: Any, worker: Any) -> None:
    """Close the record, then end at once.

    Libraries that were loaded before gunicorn forked wait, when a process ends, for threads that stayed with the
    parent: without this a stop takes gunicorn's whole grace of twenty seconds and ends in a crash.
    """
    if not worker.booted:
        return  # the exit code says why it did not start
    with suppress(Exception):
        worker.wsgi.extensions["dashboard.house"].close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def announce_setup(settings: Settings, server: Any) -> None:
    """While there is no account, print the one-time link that makes the first, on this console and nowhere else."""
    from dashboard.people import links

    house = server.extensions["dashboard.house"]
    now = datetime.now(UTC)
    if settings.demo or house.store.read("select account_id from account limit 1"):
        return
    token = links.setup_link(policy.operator(now.date()), house, now=now)
    print(
        f"There is no account yet. Make the first one within 30 minutes: {settings.address}/setup/{token}", flush=True
    )


def _tidy(server: Any) -> None:
    """Let what was staged long ago lapse, and its bytes go, before anybody asks."""
    from dashboard.intake import submissions

    submissions.sweep_daily(server.extensions["dashboard.house"])


class _Served(BaseApplication):
    """gunicorn around an app that is built, warm, in the worker: what holds a database is never carried over a fork."""

    def __init__(self, settings: Settings, demo_tokens: Mapping[str, str], on_ready: Callable[[], None] | None) -> None:
        self.settings, self.demo_tokens, self.on_ready = settings, demo_tokens, on_ready
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_settings(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self._ready)

    def load(self) -> Any:
        return importlib.import_module(APPLICATION).build(self.settings, self.demo_tokens)

    def _ready(self, worker: Any) -> None:
        _tidy(worker.wsgi)
        if worker.age > 1:  # a worker that took a lost one's place: everything was said before
            return
        announce_setup(self.settings, worker.wsgi)
        if self.on_ready is not None:
            self.on_ready()


def serve(
    settings: Settings, *, demo_tokens: Mapping[str, str] | None = None, on_ready: Callable[[], None] | None = None
) -> int:
    """Serve until told to stop. Returns an exit code; what stands in the way is one sentence on the error stream."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        prepare(settings)
        _own_socket(settings)
    except NotServed as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    try:
        _Served(settings, demo_tokens or {}, on_ready).run()
    except SystemExit as end:
        # Raised in the worker too, where 4 tells gunicorn that the app cannot be loaded and need not be tried again.
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return 0


def production(environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings of production for gunicorn's own command, which reads them from `dashboard.web.production`.

    Ends the process with one sentence and exit code 1 when something stands in the way.
    """
    try:
        settings = from_environment(environ, production=True)
        prepare(settings)
        _own_socket(settings)
    except (SettingError, NotServed) as error:
        print(f"dashboard: {error}", file=sys.stderr)
        raise SystemExit(1) from None

    def ready(worker: Any) -> None:
        _tidy(worker.wsgi)
        if worker.age == 1:
            announce_setup(settings, worker.wsgi)

    return {**gunicorn_settings(settings), "post_worker_init": ready}
