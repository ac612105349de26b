"""What a kind of problem is, and how severe. Never words one: the entries stand in the catalogue beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a file out; a warning asks for a second look; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `near` is added to the fix when a nearest column or code is known.

    `phase` is the step that finds it: read, screen, check or worker; "record" for what is found beside former files.
    What the screen finds never carries a value.
    """

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    phase: str
    near: str = ""


def kinds(
    phase: str,
    *rows: tuple[str, str, str, str] | tuple[str, str, str, str, str],
    severity: Severity = Severity.ERROR,
) -> Iterable[Kind]:
    """The kinds of one step, from rows of code, title, message, fix and, where there is one, the nearest."""
    for code, title, message, fix, *near in rows:
        yield Kind(code, severity, title, message, fix, phase, near[0] if near else "")
