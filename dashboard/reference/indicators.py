"""Indicators: what a figure means, its kind and its caveat, one TOML file each. Never computes one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.reference.contracts import KINDS


@dataclass(frozen=True)
class Indicator:
    """One indicator's definition. `caveat` is a key of `caveats`; an administrative one has no direction."""

    code: str
    title: str
    kind: str
    unit_measure: str
    desired_direction: str
    definition: str
    owner: str
    next_review: date
    numerator: str = ""
    denominator: str = ""
    caveat: str = ""
    minimum_count: int | None = None
    source: str = ""
    verified: bool = False


def _parse(path: Path) -> Indicator:
    try:
        indicator = Indicator(code=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"Indicator {path.stem}: {error}.") from error
    if indicator.kind not in KINDS or indicator.desired_direction not in ("up", "down", "none"):
        raise ValueError(f"Indicator {path.stem}: unknown kind or desired direction.")
    if indicator.kind == "administrative" and (
        indicator.desired_direction != "none" or indicator.caveat != "reported-not-prevalence"
    ):
        raise ValueError(
            f"Indicator {path.stem}: an administrative count has no desired direction "
            "and carries the caveat reported-not-prevalence."
        )
    return indicator


def read(paths: list[Path]) -> dict[str, Indicator]:
    """Read `<code>.toml` files; a later file of the same name replaces the former. Raises ValueError."""
    return {path.stem: _parse(path) for path in paths}
