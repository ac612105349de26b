"""Which contributions a release speaks of: those that stand since they were released, and which corrections may show.

A country's quarter stands as it was released until a correction of it as a whole may be shown: every public figure that
it touches, its year's and those of all countries too, moves by nothing or by the threshold or more, and so does what
is left for the hidden figures of every sum; nothing that is public becomes too small; and no figure comes or goes.
Never reads who hid what for which reason: what is public is all that binds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.protection import rules as primary_rules
from dashboard.protection import tally
from dashboard.protection.ledger import Ledger
from dashboard.protection.tally import DIMENSIONS, TOTAL, Key
from dashboard.reference.thresholds import Rules

Block = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """What a release speaks of.

    `figures`: contacts by figure and organisation, as `tally.everything` gives them. `former`: the figures of country
    and quarter as earlier releases had them, a frame for each other state that was public. `late`, `late_in_year`: what
    the countries together leave out. `torn`: country and quarter whose public figures nothing explains any more.
    `revised`: country and quarter of which a correction shows.
    """

    figures: pd.DataFrame
    former: tuple[pd.DataFrame, ...] = ()
    late: frozenset[Key] = frozenset()
    late_in_year: frozenset[Key] = frozenset()
    torn: frozenset[Block] = frozenset()
    revised: frozenset[Block] = frozenset()


def standing(now: pd.DataFrame, ledger: Ledger, rules: Rules, revise: bool = True) -> Standing:
    """What stands, given all that is known now (as `tally.figures` gives it) and what former releases said.

    Without `revise` no correction shows.
    """
    if not ledger.releases:
        return Standing(tally.everything(now, tally.whole_years(now)))
    versions = [tally.figures(frame) for frame in ledger.contributions]
    stood, former = _as_released(now, versions, ledger)
    torn = _torn(stood, ledger)
    fresh = now[~tally.blocks(now).isin(list(ledger.first))]
    stood = pd.concat([_known_keys_only(stood, torn, ledger), fresh])
    late, late_in_year = _late(stood, ledger)
    years = _years(stood, torn, ledger)
    shown = _revised(stood, now, torn, years, late, late_in_year, ledger, rules) if revise else set()
    if shown:
        replaced = stood[tally.blocks(stood).isin(list(shown))]
        former = [*former, replaced]
        stood = _replaced(stood, now, shown)
    return Standing(
        tally.everything(stood, years, late, late_in_year),
        tuple(former),
        late,
        late_in_year,
        frozenset(torn),
        frozenset(shown),
    )


def _of(frame: pd.DataFrame, blocks: Iterable[Block]) -> pd.DataFrame:
    return frame[tally.blocks(frame).isin(list(blocks))]


def _as_released(
    now: pd.DataFrame, versions: list[pd.DataFrame], ledger: Ledger
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The figures of what was released, each as it last was, and every earlier state of it."""
    if not versions:
        return _of(now, ledger.shown_at), []
    last: dict[int, list[Block]] = {}
    before: dict[int, list[Block]] = {}
    for block, numbers in ledger.shown_at.items():
        last.setdefault(numbers[-1], []).append(block)
        for number in numbers[:-1]:
            before.setdefault(number, []).append(block)
    stood = pd.concat([_of(versions[number], blocks) for number, blocks in last.items()])
    return stood, [_of(versions[number], blocks) for number, blocks in before.items()]


def _keys(index: pd.Index) -> list[Key]:
    return [(str(c), str(s), str(v), str(o), str(p)) for c, s, v, o, p in index.to_frame().itertuples(False, None)]


def _torn(stood: pd.DataFrame, ledger: Ledger) -> set[Block]:
    """The released quarters whose public figures the contributions do not give: other values, or other figures."""
    sums = stood.groupby(list(DIMENSIONS))["contacts"].sum()
    values: dict[Key, int] = dict(zip(_keys(sums.index), sums.tolist(), strict=True))
    said = {key for key in (*ledger.published, *ledger.hidden) if key[0] != TOTAL and "-" in key[4]}
    wrong = {key for key, value in ledger.published.items() if key in said and values.get(key) != value}
    return {(country, period) for country, _sector, _service, _origin, period in wrong | (said ^ set(values))}


def _known_keys_only(stood: pd.DataFrame, torn: set[Block], ledger: Ledger) -> pd.DataFrame:
    """The same with just those figures of torn quarters that were released, nothing in those that are gone."""
    said = {key for key in (*ledger.published, *ledger.hidden) if (key[0], key[4]) in torn}
    kept = stood[~tally.blocks(stood).isin(list(torn)) | tally.keys(stood).isin(list(said))]
    gone = pd.DataFrame(sorted(said - set(tally.keys(kept))), columns=list(DIMENSIONS))
    return pd.concat([kept, gone.assign(organisation_code="", contacts=0)], ignore_index=True)


def _late(stood: pd.DataFrame, ledger: Ledger) -> tuple[frozenset[Key], frozenset[Key]]:
    """What came after its quarter's, or its year's, figures of all countries were released, and is not public itself.

    They could only have been worked out from the difference; what is public itself tells nothing new in a sum.
    """
    unsaid = [key for key in set(tally.keys(stood)) if key not in ledger.published]
    never = len(ledger.releases)

    def after(key: Key, period: str) -> bool:
        return ledger.first.get((key[0], key[4]), never) > ledger.first.get((TOTAL, period), never)

    return (
        frozenset(key for key in unsaid if after(key, key[4])),
        frozenset(key for key in unsaid if after(key, key[4][:4])),
    )


def _years(stood: pd.DataFrame, torn: set[Block], ledger: Ledger) -> pd.MultiIndex:
    """The years that may be said: whole ones, but none that would begin on a torn quarter."""
    years = tally.whole_years(stood)
    broken = {(name, period[:4]) for country, period in torn for name in (country, TOTAL)} - set(ledger.first)
    return years[~years.isin(list(broken))] if broken else years


def _replaced(stood: pd.DataFrame, now: pd.DataFrame, blocks: Iterable[Block]) -> pd.DataFrame:
    return pd.concat([stood[~tally.blocks(stood).isin(list(blocks))], _of(now, blocks)], ignore_index=True)


# --- corrections ---


def _revised(
    stood: pd.DataFrame,
    now: pd.DataFrame,
    torn: set[Block],
    years: pd.MultiIndex,
    late: frozenset[Key],
    late_in_year: frozenset[Key],
    ledger: Ledger,
    rules: Rules,
) -> set[Block]:
    """The released quarters whose correction may be shown, all of them together."""
    candidates = _corrected(stood, now) & set(ledger.first) - torn
    candidates = {block for block in candidates if not _beside_late(block, stood, ledger)}
    while candidates:
        old = tally.everything(stood, years, late, late_in_year)
        new = tally.everything(_replaced(stood, now, candidates), years, late, late_in_year)
        faults = _faults(old, new, late, late_in_year, ledger, rules)
        # A quarter that cannot be shown for itself must not take others along, so the countries together come last.
        refused = _touched({key for key in faults if key[0] != TOTAL}, candidates) or _touched(faults, candidates)
        if not refused:
            return candidates
        candidates -= refused
    return set()


def _corrected(stood: pd.DataFrame, now: pd.DataFrame) -> set[Block]:
    """The quarters that both have, with the same figures and other values."""
    both = stood.merge(now, "outer", [*DIMENSIONS, "organisation_code"], suffixes=("_stood", "_now"))
    changed = both[both["contacts_stood"].fillna(-1) != both["contacts_now"].fillna(-1)]
    uneven = set(tally.keys(stood)) ^ set(tally.keys(now))
    return set(tally.blocks(changed)) - {(key[0], key[4]) for key in uneven}


def _beside_late(block: Block, stood: pd.DataFrame, ledger: Ledger) -> bool:
    """Whether another country of this quarter is new: then the countries together move by what it brings alone."""
    others = {country for country, period in set(tally.blocks(stood)) if period == block[1]}
    return any((country, block[1]) not in ledger.first for country in others)


def _touched(faults: Iterable[Key], candidates: set[Block]) -> set[Block]:
    """The candidates that one of these figures is made of."""
    places = {(key[0], key[4]) for key in faults}
    return {
        (country, period)
        for country, period in candidates
        if places & {(name, when) for name in (country, TOTAL) for when in (period, period[:4])}
    }


def _faults(
    old: pd.DataFrame,
    new: pd.DataFrame,
    late: frozenset[Key],
    late_in_year: frozenset[Key],
    ledger: Ledger,
    rules: Rules,
) -> set[Key]:
    """The figures that stand against showing the new state, each named once."""
    by = list(DIMENSIONS)
    was, groups = old.groupby(by)["contacts"].sum(), new.groupby(by)["contacts"]
    table = pd.DataFrame({"is": groups.sum(), "largest": groups.max()})
    table["contributors"] = new["contacts"].gt(0).groupby([new[name] for name in by]).sum()
    table["was"] = was
    listed = _keys(table.index)
    public = np.array([key in ledger.published for key in listed], bool)
    columns = {name: table[name].to_numpy(np.int64) for name in table.columns}
    moved = columns["is"] - columns["was"]
    small = primary_rules.primary(rules, columns["is"], columns["contributors"], columns["largest"]) != ""
    shown = [ledger.values.get(key, frozenset()) for key in listed]
    near = np.array(
        [_beside(int(value), was, rules.threshold) for value, was in zip(columns["is"], shown, strict=True)]
    )
    bad = public & (moved != 0) & (near | small)
    unexplained = _unexplained(listed, np.where(public, moved, 0), public, late, late_in_year, rules.threshold)
    return {listed[i] for i in np.flatnonzero(bad | unexplained)}


def _beside(value: int, shown: Iterable[int], threshold: int) -> bool:
    """Whether less than T lies between this and a value that was shown once."""
    return any(0 < abs(value - other) < threshold for other in shown)


def _unexplained(
    listed: list[Key],
    moved: NDArray[np.int64],
    public: NDArray[np.bool_],
    late: frozenset[Key],
    late_in_year: frozenset[Key],
    threshold: int,
) -> NDArray[np.bool_]:
    """The parts of sums in which what is public moves so that the rest of the sum would move by less than T."""
    matrix = tally.relations(listed, late, late_in_year)
    rest = np.abs(matrix @ moved)
    open_sums = (matrix != 0) @ (~public).astype(int) > 0
    wrong = open_sums & (rest > 0) & (rest < threshold)
    return np.asarray((matrix[wrong] != 0).sum(axis=0)).ravel() > 0
