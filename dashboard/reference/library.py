"""The library: all reference knowledge of one deployment in one value, its overlay on top. Never reads the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.reference import codes, contracts, indicators
from dashboard.reference.codes import CodeList
from dashboard.reference.contracts import Contract
from dashboard.reference.indicators import Indicator

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


@dataclass(frozen=True)
class Library:
    """Contracts by dataset, code lists and indicators by name."""

    contracts: Mapping[str, Contract]
    codes: Mapping[str, CodeList]
    indicators: Mapping[str, Indicator]

    def title(self, codelist: str, code: str) -> str:
        """The title of a code, or the code itself when the list or the code is unknown."""
        return self.codes[codelist].title(code) if codelist in self.codes else code


def load(*overlays: Path) -> Library:
    """Read `datasets/` and then each overlay folder of the same form. Raises ValueError naming file and fault."""
    folders = [DATASETS, *(overlay for overlay in overlays if overlay.is_dir())]

    def files(room: str, ending: str) -> list[Path]:
        return [path for folder in folders for path in sorted((folder / room).glob(f"*.{ending}"))]

    library = Library(
        contracts=contracts.read(files("schemas", "json")),
        codes=codes.read(files("codes", "csv")),
        indicators=indicators.read(files("indicators", "toml")),
    )
    for contract in library.contracts.values():
        for field in contract.fields:
            if field.codes and field.codes not in library.codes and field.codes != "organisations":
                raise ValueError(f"Dataset {contract.name}: {field.name} names the list {field.codes}, not found.")
    caveats = library.codes.get("caveats")
    for indicator in library.indicators.values():
        if indicator.caveat and not (caveats and caveats.get(indicator.caveat)):
            raise ValueError(f"Indicator {indicator.code}: the caveat {indicator.caveat} is not on the list caveats.")
    return library
