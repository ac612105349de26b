"""Attack a release with nothing but what its files say, and with all former ones. Never shows how far a cell narrowed.

The attackers: anybody outside, on every hidden cell; each organisation that counted contacts and knows its own, on what
is hidden of itself; and, on a sample, somebody who asks for whole numbers. One narrowed cell, or one file that says
otherwise than another, and the release is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.attack import Siege
from dashboard.protection.policy import Viewer
from dashboard.publication import read_back
from dashboard.publication.contacts import Inside
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reference.text import _
from dashboard.reports.released import DIMENSIONS, TOTAL, UNRECORDED, Key

WHOLE = 40
"""Of so many hidden cells the range is also asked for in whole numbers, which is slow."""
SHOWN = 200
"""So many narrowed cells are named in a report."""

EVERYBODY = 10**6
"""As many organisations as there are."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What the attack found. `hidden`: cells that it tried to work out; `narrowed`: those of which it could say more
    than the mark does, each with who could (organisation code, "" for anybody); `differences`: cells whose published
    values of two releases lie so near that the difference tells of few; `faults`: where files contradict each other.

    `insiders` of `organisations` were tried; `whole` cells were asked for in whole numbers.
    """

    hidden: int = 0
    narrowed: tuple[tuple[Key, str], ...] = ()
    differences: tuple[Key, ...] = ()
    faults: tuple[str, ...] = ()
    releases: int = 1
    insiders: int = 0
    organisations: int = 0
    whole: int = 0
    seconds: float = 0.0

    @property
    def safe(self) -> bool:
        return not (self.narrowed or self.differences or self.faults)

    def as_json(self) -> dict[str, Any]:
        """The report without any range of any cell: that would tell what must not be known."""
        return {**asdict(self), "safe": self.safe}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Report:
        """A report from what `as_json` gave, by way of a file."""
        narrowed = tuple((key(cell), str(by)) for cell, by in said["narrowed"])
        differences = tuple(key(cell) for cell in said["differences"])
        plain = {name: said[name] for name in ("hidden", "releases", "insiders", "organisations", "whole", "seconds")}
        return cls(narrowed=narrowed, differences=differences, faults=tuple(said["faults"]), **plain)


def key(parts: Sequence[Any]) -> Key:
    """A key from its five parts, in their order."""
    country, sector, service, origin, period = map(str, parts)
    return country, sector, service, origin, period


def attack(
    viewer: Viewer,
    house: House,
    folder: Path,
    *,
    former: Sequence[Path],
    inside: Inside | None = None,
    most: int = EVERYBODY,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Attack the release in `folder`, with the `former` ones, oldest first, as their files tell them.

    `inside` is for the organisations as attackers; without it none is tried. Of more organisations than `most` those
    that counted most are. Raises policy.Refused and OSError.
    """
    policy.require(viewer, "release")
    started = time.monotonic()
    progress("read", 0, 1)
    faults, frames = list[str](), list[pd.DataFrame]()
    for path in (*former, folder):
        said = read_back.read(path)
        faults += said.faults if path == folder else []
        frames.append(_known(said.rows))
    siege = Siege(frames, house.library.rules.threshold)
    outside = siege.outside(whole=WHOLE, progress=lambda done, total: progress("attack", done, total))
    narrowed = dict.fromkeys(_keys(outside.narrowed), "")
    own = _organisations(inside)
    tried = dict(own[:most])
    guarded = inside.guarded if inside else None
    found = siege.inside(tried, only=guarded, progress=lambda done, total: progress("insiders", done, total))
    for code, each in found.items():
        for cell in _keys(each.narrowed):
            narrowed.setdefault(cell, code)
    progress("insiders", 1, 1)
    return Report(
        hidden=len(outside.cells),
        narrowed=tuple(narrowed.items())[:SHOWN],
        differences=tuple(_keys(outside.differences))[:SHOWN],
        faults=tuple(faults[:SHOWN]),
        releases=len(frames),
        insiders=len(tried),
        organisations=len(own),
        whole=min(WHOLE, len(outside.cells)),
        seconds=round(time.monotonic() - started, 1),
    )


def _organisations(inside: Inside | None) -> list[tuple[str, pd.DataFrame]]:
    """Each organisation with the rows it sent, the one that counted most first."""
    if inside is None or inside.sent.empty:
        return []
    found = [(str(code), rows) for code, rows in inside.sent.groupby("organisation_code")]
    return sorted(found, key=lambda pair: (-int(pair[1]["contacts"].sum()), pair[0]))


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that say a number or hide one: that nobody reported hides nothing."""
    return rows[rows["status"] != Status.NOT_REPORTED]


def _keys(frame: pd.DataFrame) -> Iterable[Key]:
    return (key(cell) for cell in frame[list(DIMENSIONS)].itertuples(index=False, name=None))


def named(house: House, cell: Key) -> str:
    """A cell in words: place, what is counted there, and when."""
    country, sector, service, origin, period = cell
    title = house.library.title
    parts = [_("All countries") if country == TOTAL else _(title("countries", country))]
    if service == UNRECORDED:
        parts.append(_("service not recorded ({sector})", sector=_(title("sectors", sector))))
    elif service != TOTAL:
        parts.append(f"{_(title('services', service))} ({_(title('sectors', sector))})")
    elif sector != TOTAL:
        parts.append(_(title("sectors", sector)))
    if origin == UNRECORDED:
        parts.append(_("country of origin not recorded"))
    elif origin != TOTAL:
        parts.append(_("from {origin}", origin=_(title("countries", origin))))
    if len(parts) == 1:
        parts.append(_("all contacts"))
    parts.append(periods.parse(period).label if "-Q" in period else period)
    return ", ".join(parts)
