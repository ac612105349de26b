"""The audit log's chain: each entry vouches for all before it. Never writes or reads the log itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.reference.text import _


def secret(data: Path) -> bytes:
    """The deployment's secret from `data`/secret, made (0600) where there is none.

    Who needs a key derives it with `derived`, so that no two uses share one.
    """
    path = data / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(descriptor, "wb") as file:
        text = secrets.token_hex(32).encode()
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return text


def derived(data: Path, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, the same after every start."""
    return hmac.new(secret(data), purpose.encode(), hashlib.sha256).digest()


def chain(key: bytes, previous: str, entry: Mapping[str, Any]) -> str:
    """The link that closes `entry` onto the chain that ended in `previous`."""
    happened: datetime = entry["happened_at"]
    said = [
        previous,
        entry["seq"],
        happened.timestamp(),
        entry["by_account"],
        entry["action"],
        entry["subject"],
        entry["detail"],
    ]
    return hmac.new(key, json.dumps(said, ensure_ascii=True).encode(), hashlib.sha256).hexdigest()


def verify(key: bytes, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the log, as sentences; `entries` come in the order of seq."""
    problems: list[str] = []
    previous, expected = "", 1
    for entry in entries:
        if entry["seq"] != expected:
            problems.append(
                _(
                    "Audit entry {seq} follows {before}: entries between them are missing or doubled.",
                    seq=entry["seq"],
                    before=expected - 1,
                )
            )
        if not hmac.compare_digest(chain(key, previous, entry), entry["chain"]):
            problems.append(
                _("Audit entry {seq} is not what was written, or one before it was taken away.", seq=entry["seq"])
            )
        previous, expected = entry["chain"], entry["seq"] + 1
    return problems
