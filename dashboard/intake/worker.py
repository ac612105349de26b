"""Check one file in a child process with limits, so that no file can hurt the web. Never writes to the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dashboard.intake.problems import Problem


@dataclass(frozen=True)
class Request:
    """What the child must know. `codes` holds, for each list, rows of code, title, expired ("yes") and successor.

    `organisations` None: organisation codes are not checked; `country` None: countries are not compared.
    """

    dataset: str
    contract_source: str
    codes: dict[str, list[dict[str, str]]]
    organisation_code: str
    organisations: list[str] | None
    country: str | None
    period: str
    marked: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Outcome:
    """verdict: "clean" (only then is there `parquet`), "problems", "screened" or "unreadable"."""

    verdict: str
    problems: list[Problem] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)
    row_count: int = 0
    parquet: bytes | None = None
    marked: bytes | None = None
    seconds: float = 0.0


def waiting() -> int:
    """How many files wait for their turn."""
    return 0


def check_file(data: Any, request: Request) -> Outcome:
    """Read, screen and check `data` (bytes, or a file object of a memfd) in a limited child."""
    raise NotImplementedError
