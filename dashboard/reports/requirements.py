"""Where each requirement has its place: a page, a column, an indicator, a safeguard; and which has none. No figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import registers
from dashboard.reference.contracts import Contract
from dashboard.reference.indicators import Indicator
from dashboard.reference.requirements import TYPES, Requirement, Safeguard
from dashboard.reference.text import _, n_

Link = tuple[str, str]
"""A page: its title, and its address."""


@dataclass(frozen=True)
class Place:
    """One requirement with all that answers it. `fields` are columns by their dataset."""

    requirement: Requirement
    type: str
    pages: tuple[Link, ...]
    fields: tuple[tuple[Contract, tuple[str, ...]], ...]
    indicators: tuple[Indicator, ...]
    safeguards: tuple[Safeguard, ...]

    @property
    def gap(self) -> bool:
        """Whether nothing answers it yet."""
        return not (self.pages or self.fields or self.indicators or self.safeguards)


@dataclass(frozen=True)
class Places:
    """All requirements in their order, and what can be said of them in a sentence."""

    rows: tuple[Place, ...]
    answer: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """The numbers of those that have no place."""
        return tuple(row.requirement.number for row in self.rows if row.gap)


def places(viewer: Viewer, house: House, pages: Mapping[Link, Sequence[str]]) -> Places:
    """Each requirement with its places; everybody may read it. `pages` are those that name requirements of their own.

    A column of a register has a page by that: the register's. Raises policy.Refused when the dictionary is not hers.
    """
    policy.require(viewer, "read dictionary")
    library = house.library
    shown: defaultdict[str, list[Link]] = defaultdict(list)
    for link, numbers in pages.items():
        for number in numbers:
            shown[number].append(link)
    fields: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for contract in library.contracts.values():
        for field in contract.fields:
            for number in field.requirements:
                fields[number].setdefault(contract.name, []).append(field.name)
    rows = []
    for requirement in library.requirements:
        number = requirement.number
        of = [library.contracts[name] for name in fields[number]]
        listed = [(_(c.title), f"/register/{c.name}") for c in of if registers.is_register(c)]
        rows.append(
            Place(
                requirement=requirement,
                type=_(TYPES[requirement.type]),
                pages=tuple(dict.fromkeys([*shown[number], *listed])),
                fields=tuple((c, tuple(fields[number][c.name])) for c in of),
                indicators=tuple(i for i in library.indicators.values() if number in i.requirements),
                safeguards=tuple(s for s in library.safeguards if number in s.requirements),
            )
        )
    return Places(tuple(rows), _answer(rows))


def _answer(rows: Sequence[Place]) -> str:
    gaps = [row.requirement.number for row in rows if row.gap]
    every = n_("{count} requirement", "{count} requirements", len(rows))
    if not gaps:
        return _(
            "{requirements}, each with a place in a page, a column, an indicator or a safeguard.", requirements=every
        )
    return n_(
        "{requirements}; {count} has no place yet: {numbers}.",
        "{requirements}; {count} have no place yet: {numbers}.",
        len(gaps),
        requirements=every,
        numbers=", ".join(gaps),
    )
