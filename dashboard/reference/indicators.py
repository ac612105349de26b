"""Indicators: what a figure means, its kind and its caveat, one TOML file each. Never computes one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.reference.contracts import KINDS
from dashboard.reference.text import N_, _, number

ADMINISTRATIVE = "administrative"
PREVALENCE = "reported-not-prevalence"
"""The caveat that goes with every count of reports or contacts of survivors (R67)."""

KIND_WORDS = {
    "institutional": N_("Institutions"),
    "process": N_("Services and processes"),
    "legal": N_("Laws and policies"),
    "budget": N_("Money"),
    "survey": N_("Surveys"),
    "administrative": N_("Reported contacts"),
}
KIND_MEANINGS = {
    "institutional": N_("What is set up: bodies, seats, plans, systems."),
    "process": N_("What agencies do or offer, counted by themselves."),
    "legal": N_("What the law says; not how it is applied."),
    "budget": N_("What is allocated and spent."),
    "survey": N_("An estimate from a recorded study of a sample, and from nothing else."),
    "administrative": N_("Reports and contacts that services counted. They say nothing of how much violence there is."),
}
LEVELS = {
    "impact": N_("Impact"),
    "outcome": N_("Outcome"),
    "output": N_("Output"),
    "process": N_("Process"),
}
DIRECTIONS = {
    "up": N_("Should rise"),
    "down": N_("Should fall"),
    "none": N_("No direction: a rise may mean better access"),
}
FREQUENCIES = {
    "quarterly": N_("Every quarter"),
    "annual": N_("Once a year"),
    "survey": N_("With each round of the survey"),
    "other": N_("At other intervals"),
}
COMBINED = {
    "single": N_("One organisation answers for the country's value"),
    "sum": N_("The values of the organisations of a country are added up"),
    "ratio": N_("Numerators and denominators of the organisations of a country are added up, then divided"),
}


@dataclass(frozen=True)
class Indicator:
    """One indicator's definition.

    `code` is the name of its file, `number` the code as its framework prints it. `caveat` is a code of the list
    `caveats`. `combine` says how the values of several organisations in a country become one. `computed` names the
    computation that gives it, and is empty where organisations send it. `headline` is its place on the overview, 0
    for none: a survey has none, for counts of contacts may stand there. An administrative one has no direction.
    `read_beside` are codes of indicators that say whether women could report, for few reports are looked into (R69);
    `requirements` the numbers of those that it serves.
    """

    code: str
    title: str
    kind: str
    unit_measure: str
    desired_direction: str
    definition: str
    owner: str
    next_review: date
    number: str = ""
    level: str = "output"
    numerator: str = ""
    denominator: str = ""
    disaggregation: tuple[str, ...] = ()
    frequency: str = "quarterly"
    caveat: str = ""
    combine: str = "single"
    computed: str = ""
    headline: int = 0
    population: str = ""
    minimum_count: int | None = None
    read_beside: tuple[str, ...] = ()
    source: str = ""
    verified: bool = False
    note: str = ""
    requirements: tuple[str, ...] = ()

    @property
    def administrative(self) -> bool:
        """Whether it counts reports or contacts of survivors."""
        return self.kind == ADMINISTRATIVE

    @property
    def directed(self) -> bool:
        """Whether a change can be said to be for the better or to reach a milestone."""
        return self.desired_direction != "none" and not self.administrative

    @property
    def share(self) -> bool:
        """Whether it is measured in per cent."""
        return self.unit_measure.startswith("%")

    def reached(self, value: float, goal: float) -> bool:
        """Whether a value is at or past what was agreed. Raises ValueError for an indicator without direction."""
        if not self.directed:
            raise ValueError(f"Indicator {self.code} has no direction, so nothing is reached or missed.")
        return value >= goal if self.desired_direction == "up" else value <= goal


def value_words(indicator: Indicator, value: float) -> str:
    """A value with its unit, as people read it: 52 %, 1,204 contacts, yes."""
    said, unit = figure_words(value), indicator.unit_measure
    if indicator.share:
        return _("{value}\N{NO-BREAK SPACE}%", value=said)
    if unit.startswith("yes/") and value in (0, 0.5, 1):
        return {0: _("no"), 0.5: _("partly"), 1: _("yes")}[value]
    if unit in ("number", "category") or unit.startswith(("score", "yes/")):
        return said
    if value == 1 and unit in _ONE:
        return _(_ONE[unit])
    return _("{value} {unit}", value=said, unit=_(unit))


_ONE = {
    "contacts": N_("1 contact"),
    "reports": N_("1 report"),
    "referrals": N_("1 referral"),
    "cases": N_("1 case"),
    "persons": N_("1 person"),
}


def figure(value: float) -> float:
    """A value as it is written: to one decimal place, two below one."""
    return round(float(value), 1 if abs(value) >= 1 else 2)


def figure_words(value: float) -> str:
    """A value without its unit, as `figure` rounds it; without decimals where it is whole."""
    written = figure(value)
    return number(written, 0 if written.is_integer() else 1 if abs(value) >= 1 else 2)


def _parse(path: Path) -> Indicator:
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
        indicator = Indicator(code=path.stem, **given)
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"Indicator {path.stem}: {error}.") from error
    faults = _faults(indicator)
    if faults:
        raise ValueError(f"Indicator {path.stem}: {'; '.join(faults)}.")
    return indicator


_ALLOWED = {
    "kind": KINDS,
    "desired_direction": tuple(DIRECTIONS),
    "level": tuple(LEVELS),
    "combine": tuple(COMBINED),
    "frequency": tuple(FREQUENCIES),
}


def _faults(indicator: Indicator) -> list[str]:
    """What is wrong with a definition, each as half a sentence."""
    faults = [
        f"{name} is “{value}”, and must be one of {', '.join(allowed)}"
        for name, allowed in _ALLOWED.items()
        if (value := getattr(indicator, name)) not in allowed
    ]
    said: Any = indicator  # what a file says is of any type, whatever the definition asks for
    texts = [f.name for f in fields(Indicator) if f.type == "str"]
    faults += [f"{name} must be a text" for name in texts if not isinstance(getattr(said, name), str)]
    if not isinstance(said.next_review, date):
        faults.append("next_review must be a date, such as 2027-06-30")
    if not isinstance(said.disaggregation, tuple):
        faults.append("disaggregation must be a list of names")
    if not isinstance(said.requirements, tuple):
        faults.append("requirements must be a list of numbers such as R42")
    if not isinstance(said.read_beside, tuple):
        faults.append("read_beside must be a list of codes of indicators")
    if not isinstance(said.headline, int) or said.headline < 0:
        faults.append("headline must be a whole number, 0 for not on the overview")
    elif indicator.kind == "survey" and indicator.headline:
        faults.append("a survey has no headline: on the overview it would stand among counts of contacts")
    if indicator.combine == "ratio" and not indicator.share:
        faults.append("combine is ratio, so the unit must be in %")
    if indicator.administrative and (indicator.desired_direction != "none" or indicator.caveat != PREVALENCE):
        faults.append(f"an administrative count has no desired direction and carries the caveat {PREVALENCE}")
    return faults


def read(paths: list[Path]) -> dict[str, Indicator]:
    """Read `<code>.toml` files; a later file of the same name replaces the former. Raises ValueError."""
    return {path.stem: _parse(path) for path in paths}
