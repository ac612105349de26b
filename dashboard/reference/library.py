"""The library: all reference knowledge of one deployment in one value, its overlay on top. Never reads the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dashboard.reference import codes, contracts, facts, indicators, programme, registers, requirements, thresholds
from dashboard.reference.codes import Code, CodeList
from dashboard.reference.contracts import Contract
from dashboard.reference.facts import Fact
from dashboard.reference.indicators import Indicator
from dashboard.reference.programme import Programme
from dashboard.reference.requirements import Requirement, Safeguard
from dashboard.reference.thresholds import Rules

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


@dataclass(frozen=True)
class Library:
    """Contracts by dataset, code lists and indicators by name, what a release hides and says of itself, the facts that
    ship, by dataset, and what is required with what safeguards it."""

    contracts: Mapping[str, Contract]
    codes: Mapping[str, CodeList]
    indicators: Mapping[str, Indicator]
    rules: Rules = Rules()
    programme: Programme = Programme()
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()

    def title(self, codelist: str, code: str) -> str:
        """The title of a code, or the code itself when the list or the code is unknown."""
        return self.codes[codelist].title(code) if codelist in self.codes else code


def _made(listed: Mapping[str, CodeList], measured: Collection[Indicator]) -> dict[str, CodeList]:
    """The lists that are in no file of their own: the indicators, those that are sent, allowed breakdowns (R7), and the
    questions and considerations that a self-assessment answers (R12)."""
    every = [
        Code(i.code, i.title, source=i.source, verified=i.verified, check_at="" if i.verified else i.source)
        for i in measured
    ]
    sent = {i.code for i in measured if not getattr(i, "computed", "")}
    return {
        "indicators": CodeList("indicators", tuple(every)),
        "indicators_reported": CodeList("indicators_reported", tuple(c for c in every if c.code in sent)),
        "disaggregations_allowed": CodeList(
            "disaggregations_allowed",
            listed["disaggregations"].where(allowed="yes") if "disaggregations" in listed else (),
        ),
        "assessment_items": CodeList(
            "assessment_items",
            tuple(c for name in ("key_questions", "considerations") if name in listed for c in listed[name].codes),
        ),
    }


def load(*overlays: Path) -> Library:
    """Read `datasets/` and then each overlay folder of the same form. Raises ValueError naming file and fault."""
    folders = [DATASETS, *(overlay for overlay in overlays if overlay.is_dir())]

    def files(room: str, ending: str) -> list[Path]:
        return [path for folder in folders for path in sorted((folder / room).glob(f"*.{ending}"))]

    listed = codes.read(files("codes", "csv"))
    measured = indicators.read(files("indicators", "toml"))
    listed |= _made(listed, measured.values())
    by_kind = {kind: [i.code for i in measured.values() if i.kind == kind] for kind in contracts.KINDS}
    by_kind["share"] = [i.code for i in measured.values() if i.share]
    by_kind["sum"] = [i.code for i in measured.values() if i.combine == "sum"]
    allowed = [c.code for c in listed["disaggregations_allowed"].codes]
    library = Library(
        contracts=contracts.read(files("schemas", "json"), allowed, by_kind),
        codes=listed,
        indicators=measured,
        rules=thresholds.read(path for folder in folders if (path := folder / "protection.toml").is_file()),
        programme=programme.read(path for folder in folders if (path := folder / "publication.toml").is_file()),
        requirements=requirements.read(DATASETS / "requirements.csv"),
        safeguards=requirements.safeguards(DATASETS / "safeguards.toml"),
    )
    for contract in library.contracts.values():
        for column in contract.fields:
            if column.listed and column.codes not in library.codes:
                raise ValueError(f"Dataset {contract.name}: {column.name} names the list {column.codes}, not found.")
        if registers.is_register(contract) and (faults := registers.faults(contract)):
            raise ValueError(f"Dataset {contract.name}: {'; '.join(faults)}.")
    caveats = library.codes.get("caveats")
    for indicator in library.indicators.values():
        if indicator.caveat and not (caveats and caveats.get(indicator.caveat)):
            raise ValueError(f"Indicator {indicator.code}: the caveat {indicator.caveat} is not on the list caveats.")
        for code in indicator.read_beside:
            other = library.indicators.get(code)
            if other is None:
                raise ValueError(
                    f"Indicator {indicator.code}: read_beside names {code}, and there is no such indicator."
                )
            if other.administrative:
                raise ValueError(f"Indicator {indicator.code}: read_beside names {code}, a count of reports too.")
    return replace(library, facts=facts.read(files("facts", "csv"), library.contracts, library.codes))
