"""What a register says of itself in one sentence, with its figures. Never names an entry that was not handed in."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pandas as pd

from dashboard.reference import registers
from dashboard.reference.text import _, day, n_, number
from dashboard.reports.register_rows import Rows, absent

MOST = 4
"""So many states are counted one by one; the rest together."""


def answer(rows: Rows, found: pd.DataFrame, total: int, newest: datetime | None) -> str:
    """How many entries there are, where, how they stand, which is not verified and which is newest.

    `found` are the rows of `rows.raw` that fit what was asked, of `total` that the viewer may read.
    """
    if not total:
        # What is withheld from her, or from everybody here, is not said to be missing.
        return rows.told[-1] if rows.told else _("No entry has been accepted for this register yet.")
    shape = rows.shape
    all_of_them = n_(shape.one, shape.many, total)
    if not len(found):
        return _("None of the {entries} fits this choice.", entries=all_of_them)
    counted = n_(shape.one, shape.many, len(found))
    said = counted if len(found) == total else _("{entries} of {total}", entries=counted, total=number(total))
    parts = [" ".join(part for part in (said, _across(rows, found)) if part)]
    parts += [part for part in (_states(rows, found), _unverified(found)) if part]
    return "; ".join(parts) + ". " + _newest(rows, found, newest)


def _across(rows: Rows, found: pd.DataFrame) -> str:
    """In how many countries or on how many corridors; of one country its name."""
    name, one, many = rows.shape.across
    if name not in found.columns:
        return ""
    different = found[name].dropna().nunique()
    if name == "country" and different == 1:
        return _("in {country}", country=rows.words.loc[found.index[0], "country"])
    return n_(one, many, different) if different else ""


def _states(rows: Rows, found: pd.DataFrame) -> str:
    """How many entries stand how, in the order of how many they are."""
    name = rows.shape.state
    if not name:
        return ""
    states = Counter(word for word in rows.words.loc[found.index, name] if word).most_common()
    if not states or len(states) == 1 and states[0][1] == len(found) == 1:
        return ""
    shown = [_("{state} {count}", state=_first_small(state), count=number(count)) for state, count in states[:MOST]]
    if left := sum(count for _state, count in states[MOST:]):
        shown.append(_("other {count}", count=number(left)))
    return ", ".join(shown)


def _first_small(words: str) -> str:
    """A title in the middle of a sentence; what is written in capitals keeps them."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _unverified(found: pd.DataFrame) -> str:
    if registers.VERIFIED not in found.columns:
        return ""
    count = int((found[registers.VERIFIED] == "no").sum())
    return n_("{count} of them not verified", "{count} of them not verified", count) if count else ""


def _newest(rows: Rows, found: pd.DataFrame, newest: datetime | None) -> str:
    """The newest entry by the date that the contract names; without one, when a file was last accepted."""
    name = rows.shape.newest
    dated = found[name].dropna() if name else pd.Series(dtype=object)
    if len(dated):
        last = dated.sort_values(kind="stable").index[-1]
        return _(
            "Newest: “{entry}”, {day}.",
            entry=rows.words.loc[last, rows.shape.label] or _("an entry without a name"),
            day=rows.words.loc[last, name],
        )
    if newest is None or absent(newest):
        return ""
    return _("The last file was accepted on {day}.", day=day(newest))
