"""When a public count stands for too few people, as datasets/protection.toml says it. Never hides anything itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

LEAST = 5
"""No deployment publishes counts below this (the least that national statistical offices use)."""


@dataclass(frozen=True)
class Rules:
    """What is hidden of itself in a release.

    `threshold` T: counts from 1 to T - 1. `contributors`: counts that fewer organisations contributed to.
    `dominance`: counts of which one organisation contributed more than this share. `remainder_contributors`: where so
    many organisations or fewer contributed, counts that leave one of them with a rest from 1 to T - 1.
    `first_quarters`: how many quarters the first release of all goes back; what is older is never released.
    Raises ValueError with a sentence for what makes no sense, and for a threshold below LEAST.
    """

    threshold: int = 11
    contributors: int = 3
    dominance: float = 0.9
    remainder_contributors: int = 2
    first_quarters: int = 6

    def __post_init__(self) -> None:
        for name in ("threshold", "contributors", "remainder_contributors", "first_quarters"):
            if type(getattr(self, name)) is not int:
                raise ValueError(f"{name} must be a whole number.")
        if self.threshold < LEAST:
            raise ValueError(
                f"threshold is {self.threshold}: counts under {LEAST} are never published, so it is {LEAST} or more."
            )
        if self.contributors < 1 or self.remainder_contributors < 0:
            raise ValueError("contributors must be 1 or more, and remainder_contributors 0 or more.")
        if self.first_quarters < 1:
            raise ValueError("first_quarters must be 1 or more.")
        if type(self.dominance) not in (int, float) or not 0.5 <= self.dominance <= 1:
            raise ValueError("dominance must be a share from 0.5 to 1.")


def read(paths: Iterable[Path]) -> Rules:
    """The rules of these files, each later one over the former, key by key. Raises ValueError naming the file."""
    known = {field.name for field in fields(Rules)}
    said: dict[str, Any] = {}
    rules = Rules()
    for path in paths:
        try:
            said |= tomllib.loads(path.read_text(encoding="utf-8"))
            if strange := sorted(set(said) - known):
                raise ValueError(f"{', '.join(strange)} is not a rule. The rules are {', '.join(sorted(known))}.")
            rules = Rules(**said)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
    return rules
