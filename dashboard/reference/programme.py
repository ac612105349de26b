"""What the public summary says of itself, as datasets/publication.toml says it. Never says a figure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dashboard.reference.periods import Period


@dataclass(frozen=True)
class Programme:
    """Who publishes, what it is, under which objective, whose programme, on which terms.

    `next_after_days`: after the end of a quarter so many days pass until its summary; 0 promises none.
    Raises ValueError with a sentence for a text that is none, or days that are none.
    """

    name: str = ""
    what: str = ""
    frame: str = ""
    attribution: str = ""
    next_after_days: int = 0
    licence: str = ""
    licence_title: str = ""
    licence_url: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.type == "str" and not isinstance(getattr(self, field.name), str):
                raise ValueError(f"{field.name} must be a text.")
        if type(self.next_after_days) is not int or not 0 <= self.next_after_days <= 366:
            raise ValueError("next_after_days must be a whole number from 0 to 366.")
        if self.licence_url and not self.licence_url.startswith("https://"):
            raise ValueError("licence_url must be an address that begins with https://.")

    @property
    def texts(self) -> tuple[str, ...]:
        """What people read of it, for translators."""
        return (self.name, self.what, self.frame, self.attribution)

    def next_on(self, period: Period) -> date | None:
        """When the summary of the quarter after this one is announced for; None where nothing is promised."""
        return period.shifted(1).end + timedelta(days=self.next_after_days) if self.next_after_days else None


def read(paths: Iterable[Path]) -> Programme:
    """What these files say, each later one over the former, key by key. Raises ValueError naming the file."""
    known = {field.name for field in fields(Programme)}
    said: dict[str, Any] = {}
    programme = Programme()
    for path in paths:
        try:
            said |= tomllib.loads(path.read_text(encoding="utf-8"))
            if strange := sorted(set(said) - known):
                raise ValueError(f"{', '.join(strange)} is not a key. The keys are {', '.join(sorted(known))}.")
            programme = Programme(**said)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
    return programme
