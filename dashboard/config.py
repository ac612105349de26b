"""Settings from the environment, read once, failing with a sentence. Never reads a file of data."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.reference.text import _

DEMONSTRATION = "DEMONSTRATION"  # the file that marks a data folder whose figures are invented


class SettingError(Exception):
    """A setting makes no sense; the text says which, why and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """Everything a deployment decides. Durations are in the unit of their name, sizes in bytes."""

    data: Path
    url: str = ""
    host: str = "127.0.0.1"
    port: int = 8050
    store: str = ""
    production: bool = False
    demo: bool = False
    language: str = "en"
    leave_url: str = "https://www.wikipedia.org/"
    upload_limit: int = 100 * 2**20
    min_free_bytes: int = 200 * 2**20
    staged_days: int = 14
    idle_minutes: int = 30
    absolute_hours: int = 12
    training_months: int = 12

    @property
    def overlay(self) -> Path:
        return self.data / "datasets"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def journal(self) -> Path:
        return self.data / "journal"

    @property
    def exchange(self) -> Path:
        return self.data / "exchange"

    @property
    def releases(self) -> Path:
        return self.data / "releases"

    @property
    def socket(self) -> Path:
        return self.data / "dashboard.sock"

    @property
    def database(self) -> Path:
        return self.data / "dashboard.duckdb"

    @property
    def secure(self) -> bool:
        """Whether people come by https: then cookies are Secure and carry the `__Host-` prefix."""
        return self.url.startswith("https://")

    @property
    def address(self) -> str:
        """The address that links are built from, without a slash at the end."""
        here = self.host in ("127.0.0.1", "::1", "0.0.0.0", "::")  # the last two listen everywhere and lead nowhere
        return self.url or f"http://{'localhost' if here else self.host}:{self.port}"


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingError(
            _(
                "{name} is “{text}”. Write a whole number from {low} to {high}, for example {default}.",
                name=name,
                text=text,
                low=low,
                high=high,
                default=default,
            )
        )
    return int(text)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def _parts(text: str) -> tuple[str, str, str]:
    """Scheme, host and the rest of an address; empty where it cannot be read or names a user."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        sound = parts.port != 0  # asking for a port that is none raises
    except ValueError:
        return "", "", ""
    named = _NAME.fullmatch(host) or _is_address(host)
    if not named or not sound or "@" in parts.netloc or text != text.strip():
        return "", "", ""
    return parts.scheme, host, text.partition(parts.netloc)[2]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _url(text: str) -> str:
    text = text.rstrip("/")
    if not text:
        return ""
    scheme, host, rest = _parts(text)
    if not (scheme == "https" or scheme == "http" and _loopback(host)) or rest:
        raise SettingError(
            _(
                "DASHBOARD_URL is “{text}”. Write the public address with https and without a path, "
                "for example https://dashboard.example.org (plain http is for loopback only).",
                text=text,
            )
        )
    return text


def _host(text: str) -> str:
    if not _is_address(text) and not _NAME.fullmatch(text):
        raise SettingError(
            _(
                "HOST is “{text}”. Write an address of this machine, for example 127.0.0.1 for this machine only"
                " or 0.0.0.0 for everybody who reaches it.",
                text=text,
            )
        )
    return text


def _folder(text: str) -> Path:
    """The data folder, which need not be there yet."""
    try:
        data = Path(text or "data").expanduser().resolve()
        is_file = data.exists() and not data.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingError(
            _("DASHBOARD_DATA is “{folder}”, which is no path that can be used. Name a folder.", folder=text[:200])
        ) from error
    if is_file:
        raise SettingError(_("DASHBOARD_DATA is “{folder}”, which is a file. Name a folder.", folder=text))
    if data == data.parent or data == Path(os.path.expanduser("~")):
        raise SettingError(
            _(
                "DASHBOARD_DATA is “{folder}”. Everything in the data folder is closed to other users, so name a folder"
                " of its own, for example /srv/dashboard.",
                folder=text,
            )
        )
    return data


def from_environment(environ: Mapping[str, str], *, production: bool = False, demo: bool = False) -> Settings:
    """Read DASHBOARD_DATA, DASHBOARD_URL, DASHBOARD_STORE, DASHBOARD_LEAVE_URL, HOST and PORT. Raises SettingError."""
    folder = environ.get("DASHBOARD_DATA", "")
    if production and not folder:
        raise SettingError(
            _(
                "DASHBOARD_DATA is not set. In production, name the folder that holds everything that lasts, "
                "for example DASHBOARD_DATA=/srv/dashboard, and see that it is backed up."
            )
        )
    store = environ.get("DASHBOARD_STORE", "")
    if store:
        raise SettingError(
            _(
                "DASHBOARD_STORE is “{store}”. This version keeps its record in the data folder only: leave it unset.",
                store=store,
            )
        )
    leave = environ.get("DASHBOARD_LEAVE_URL", Settings.leave_url)
    if _parts(leave)[0] != "https":
        raise SettingError(
            _("DASHBOARD_LEAVE_URL is “{leave}”. Write an https address that gives nothing away.", leave=leave)
        )
    data = _folder(folder)
    marked = (data / DEMONSTRATION).exists()  # invented figures never lose their label, whoever serves them
    if production and marked:
        raise SettingError(
            _("DASHBOARD_DATA is “{folder}”, which holds the demonstration. Name another folder.", folder=folder)
        )
    return Settings(
        data=data,
        url=_url(environ.get("DASHBOARD_URL", "")),
        host=_host(environ.get("HOST") or ("0.0.0.0" if production else "127.0.0.1")),
        port=_whole(environ, "PORT", 8050, 1, 65535),
        store=store,
        production=production,
        demo=demo or marked,
        leave_url=leave,
        upload_limit=_whole(environ, "DASHBOARD_UPLOAD_LIMIT_MB", 100, 1, 1000) * 2**20,
    )
