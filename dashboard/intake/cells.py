"""Judge one cell by its field: what it means, or what is wrong with it. Never sees the row around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dashboard.reference import periods
from dashboard.reference.cells import bare
from dashboard.reference.codes import Code, CodeList
from dashboard.reference.contracts import Field
from dashboard.reference.text import _, number

NEAREST_FOR = 500
"""For how many different cells of a list the nearest code is looked for; each search takes a moment."""

FORMULA = re.compile(r"[=@]|[+-][A-Za-z(\"'$=@]")
_ERRORS = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|#+)|Err:\d+|#+", re.IGNORECASE
)
_TOTAL = re.compile(
    r"(?:grand[ -]?|sub[ -]?|over[ -]?all )?totals?(?: sum)?:?|sum:?|jumlah|tổng|รวม|សរុប|kabuuan", re.IGNORECASE
)
_NOTHING = frozenset("- -- --- – — . .. ... ? n/a na n.a. n.a n/d null nil nan #n/d tbd tbc xx xxx".split())
_NOTHING_NUMBER = _NOTHING | frozenset("none unknown missing x no - not available".split())
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_ROUND = re.compile(r"(-?[0-9]{1,15})\.0+")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:([, .'’])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_SHORT = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_MONTHS = re.compile(
    r"[0-9]{1,2}[-/ .](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ .][0-9]{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ .][0-9]{1,4}",
    re.IGNORECASE,
)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00)?(?:\.0+)?Z?)?")
_LOOSE_PERIOD = re.compile(r"(?:(?P<y>[0-9]{4})\W*Q?(?P<q>[1-4])|Q?(?P<r>[1-4])\W*(?P<z>[0-9]{4}))", re.IGNORECASE)
_LETTERS = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "S": "5", "B": "8"})
_SEPARATORS = re.compile(r"[|;,\n]")


@dataclass(frozen=True)
class Fine:
    """The cell is right; `value` is how it is kept. `why` is the note of the catalogue that tells the tolerance."""

    value: str
    why: str = ""


@dataclass(frozen=True)
class Fault:
    """The cell is wrong: the code of a problem and the words that fill its sentences."""

    code: str
    words: dict[str, object] = field(default_factory=dict)


class Codes:
    """One code list as the rules need it: codes in use, those no longer in use, and how people may have meant them."""

    def __init__(self, name: str, rows: Sequence[dict[str, str]]) -> None:
        self.valid = [row["code"] for row in rows if row.get("expired") != "yes"]
        self.expired = {row["code"]: row.get("successor", "") for row in rows if row.get("expired") == "yes"}
        self._known = set(self.valid)
        self._spelt: dict[str, str] = {}
        for code in self.valid:
            # Two codes that differ in capitals only: then capitals do matter.
            self._spelt[_loose(code)] = "" if _loose(code) in self._spelt else code
        self._list = CodeList(
            name, tuple(Code(row["code"], row.get("title", "")) for row in rows if row.get("expired") != "yes")
        )
        self._asked = 0

    @property
    def titles(self) -> list[str]:
        """What the codes in use are called."""
        return [code.title for code in self._list.codes]

    def holds(self, value: str) -> bool:
        """Whether this is a code in use, spelt as it is on the list."""
        return value in self._known

    def judge(self, value: str) -> Fine | Fault:
        if value in self._known:
            return Fine(value)
        if value in self.expired:
            successor = self.expired[value]
            return Fault("code-expired", {"nearest": successor if successor in self._known else None})
        if found := self._spelt.get(_loose(value)):
            return Fine(found, "code-spelt")
        self._asked += 1
        nearest = self._list.nearest(value[:100]) if self._asked <= NEAREST_FOR else None
        return Fault("unknown-code", {"nearest": nearest, "example": self.valid[0] if self.valid else ""})


def _loose(code: str) -> str:
    return re.sub(r"[\s_\-\u200b]+", "", code).casefold()


def judge(cell: str, column: Field, codes: Codes | None, period: str = "") -> Fine | Fault:
    """What a filled, trimmed cell means in this column. `period` is the quarter that the file is for."""
    value = bare(cell)
    why = "apostrophe" if value != cell else ""
    if _ERRORS.fullmatch(value):
        return Fault("spreadsheet-error")
    if codes is not None and codes.holds(value):
        return Fine(value, why)
    if FORMULA.match(value) and not why:
        return Fault("formula-cell")
    if _TOTAL.fullmatch(value) and (codes is not None or column.own or column.required):
        return Fault("total-row")
    if value.casefold() in (_NOTHING if column.type == "string" else _NOTHING_NUMBER):
        known = codes.judge(value) if codes is not None else None
        return known if isinstance(known, Fine) else Fault("placeholder")
    if codes is not None:
        found = _several(value, codes) if column.many else codes.judge(value)
    elif column.type in ("integer", "number"):
        found = _number(value, column)
    elif column.type == "date":
        found = _date(value)
    elif column.type == "period":
        found = _period(value, column, period)
    else:
        found = _text(value, column)
    return Fine(found.value, found.why or why) if isinstance(found, Fine) else found


def _several(value: str, codes: Codes) -> Fine | Fault:
    """Codes in one cell, kept as a|b in the order of the alphabet; the first wrong one speaks for the cell."""
    if isinstance(whole := codes.judge(value), Fine):
        return whole
    parts = [part.strip() for part in _SEPARATORS.split(value) if part.strip()]
    kept, why = set(), ""
    for part in parts:
        found = codes.judge(part)
        if isinstance(found, Fault):
            return Fault(found.code, {**found.words, "part": part})
        kept.add(found.value)
        why = found.why or why
    if not kept:
        return Fault("placeholder")
    tidy = "|".join(sorted(kept))
    return Fine(tidy, why or ("list-sorted" if tidy != value else ""))


def _number(value: str, column: Field) -> Fine | Fault:
    plain, why = value, ""
    if not plain.isascii():
        plain = "".join(str(int(c)) if c.isdecimal() else c for c in plain).replace("\u2212", "-")
        why = "other-digits" if plain != value else ""
    whole = column.type == "integer"
    example = column.example if _NUMBER.fullmatch(column.example) else "120" if whole else "12.5"
    if whole and (rounded := _ROUND.fullmatch(plain)):
        plain, why = rounded[1], why or "round-number"
    if not (_WHOLE if whole else _NUMBER).fullmatch(plain):
        return _no_number(plain, whole, example)
    amount = float(plain)
    if amount < 0 <= (column.minimum if column.minimum is not None else -1):
        return Fault("negative")
    if (column.minimum is not None and amount < column.minimum) or (
        column.maximum is not None and amount > column.maximum
    ):
        return Fault("out-of-range", {"range": _range(column)})
    if whole:
        plain = str(int(plain))
    return Fine(plain, why)


def _range(column: Field) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return _("between {low} and {high}", low=number(low), high=number(high))
    return _("{low} or more", low=number(low)) if low is not None else _("{high} or less", high=number(high or 0))


def _no_number(plain: str, whole: bool, example: str) -> Fault:
    if _SHORT.fullmatch(plain):
        return Fault("number-scientific")
    if _MONTHS.fullmatch(plain):
        return Fault("number-became-date")
    if parts := _THOUSANDS.fullmatch(plain):
        meant = plain.replace(parts[1], "").replace(",", ".")
        if whole and "." in meant:
            if not (rounded := _ROUND.fullmatch(meant)):
                return Fault("not-whole", {"example": example})
            meant = rounded[1]
        return Fault("thousands-separator", {"example": meant})
    if _COMMA.fullmatch(plain):
        return Fault(
            "not-whole" if whole else "decimal-comma", {"example": example if whole else plain.replace(",", ".")}
        )
    if _NUMBER.fullmatch(plain):
        return Fault("not-whole", {"example": example})
    meant = plain.translate(_LETTERS)
    near = meant if any(c.isdigit() for c in plain) and _NUMBER.fullmatch(meant) else None
    return Fault(
        "not-whole" if whole and _NUMBER.fullmatch(plain) else "not-a-number", {"example": example, "nearest": near}
    )


def _date(value: str) -> Fine | Fault:
    found = _DAY.fullmatch(value)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2100:
        return Fault("not-a-date")
    return Fine(day.isoformat(), "midnight" if day.isoformat() != value else "")


def _period(value: str, column: Field, period: str) -> Fine | Fault:
    try:
        quarter = str(periods.parse(value))
    except ValueError:
        loose = _LOOSE_PERIOD.fullmatch(value)
        near = f"{loose['y'] or loose['z']}-Q{loose['q'] or loose['r']}" if loose else None
        return Fault("not-a-period", {"nearest": near})
    if column.name == "period" and period and quarter != period:
        return Fault("other-period", {"period": period})
    return Fine(quarter, "quarter-spelt" if quarter != value else "")


def _text(value: str, column: Field) -> Fine | Fault:
    if column.max_length is not None and len(value) > column.max_length:
        return Fault("too-long", {"length": number(len(value)), "limit": number(column.max_length)})
    if column.pattern and not re.search(column.pattern, value):
        return Fault("wrong-form", {"form": _(column.pattern_words)})
    return Fine(value)
