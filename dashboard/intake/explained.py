"""The row of a template that says what may stand in each column. Nothing else passes for it: a file keeps its bytes.

Each filled cell begins with “# ”. When the file comes back the row is left out, and only a row that a template could
hold is: otherwise it would be a place to write what the screen never sees.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from dashboard.reference import text
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import N_, _

MARK = "# "
FEW = 12
"""Up to so many codes of a list stand in the explanation; of a longer list, one."""
FAR = 10**9
"""A bound beyond it keeps out a slip of the keyboard and need not be told."""
_BEFORE_CODES = ": "
_BETWEEN = ", "
_LANGUAGES = tuple(sorted({"en", *(path.name for path in text.LOCALES.iterdir() if path.is_dir())}))
_TYPES = {
    "string": N_("text"),
    "integer": N_("a whole number"),
    "number": N_("a number, with a point before the decimals"),
    "date": N_("a day, written as 2026-09-30"),
    "period": N_("a quarter, written as 2026-Q3"),
}


def needed(contract: Contract, field: Field) -> str:
    """Whether a cell of this column must be filled: always, for some rows, or never; in words."""
    if field.required:
        return _("required")
    if any(rule.field == field.name and rule.then == "required" for rule in contract.rules):
        return _("sometimes required")
    return _("optional")


def allowed(field: Field) -> str:
    """What may stand in a cell of a column that has no code list, in words."""
    if field.own:
        return _("your organisation's code")
    if field.codes == "own_actions":
        return _("the code of an action that your organisation leads")
    if field.codes or field.defines:
        return _("organisations' codes, with | between them") if field.many else _("an organisation's code")
    said = _(field.pattern_words) or _(_TYPES.get(field.type, field.type))
    least, most = (
        bound if bound is not None and abs(bound) <= FAR else None for bound in (field.minimum, field.maximum)
    )
    if least is not None and most is not None:
        said += ", " + _("from {least} to {most}", least=text.number(least), most=text.number(most))
    elif least is not None:
        said += ", " + _("{least} or more", least=text.number(least))
    if field.max_length is not None and field.type == "string" and not field.pattern:
        said += ", " + _("up to {n} characters", n=field.max_length)
    return said


def _head(contract: Contract, field: Field, short: bool) -> str:
    """What stands before the codes, or all there is where the column has none."""
    if not listed(field):
        what = allowed(field)
    elif short:
        what = _("several of these codes, with | between them") if field.many else _("one of these codes")
    elif field.many:
        what = _("codes of the list {list} (see the guide), with | between them, such as", list=field.codes)
    else:
        what = _("a code of the list {list} (see the guide), such as", list=field.codes)
    return f"{MARK}{needed(contract, field)}, {what}"


def listed(field: Field) -> bool:
    """Whether the codes of this column are a list that can be looked up: organisations are no such list."""
    return field.listed


def row(contract: Contract, codes: Mapping[str, Sequence[str]]) -> list[str]:
    """A cell a column, in the reader's language; `codes` has the codes of each list that may be used now."""
    cells = []
    for field in contract.fields:
        known = codes.get(field.codes, ())
        shown = list(known) if len(known) <= FEW else [field.example if field.example in known else known[0]]
        head = _head(contract, field, len(known) <= FEW)
        cells.append(head + _BEFORE_CODES + _BETWEEN.join(shown) if listed(field) and shown else head)
    return cells


@lru_cache(maxsize=64)
def _heads(contract: Contract, name: str) -> frozenset[str]:
    """What a cell of this column may begin with, in every language that there is."""
    before, field = text.language(), contract.field(name)
    try:
        found = set()
        for language in _LANGUAGES:
            text.use_language(language)
            found |= {_head(contract, field, short) for short in (True, False)}
        return frozenset(found)
    finally:
        text.use_language(before)


def left_out(
    contract: Contract, codes: Mapping[str, Collection[str]]
) -> Callable[[Sequence[str | None], Sequence[str]], bool]:
    """A test of a row, given the column of each cell (None: not the contract's): is it the row of explanations?

    `codes` has the codes of each list, those no longer in use too: a template may be a quarter old.
    """

    def explains(names: Sequence[str | None], cells: Sequence[str]) -> bool:
        filled = [(names[i] if i < len(names) else None, cell.strip()) for i, cell in enumerate(cells) if cell.strip()]
        return bool(filled) and all(name is not None and _one(contract, name, cell, codes) for name, cell in filled)

    return explains


def _one(contract: Contract, name: str, cell: str, codes: Mapping[str, Collection[str]]) -> bool:
    if not cell.startswith(MARK):
        return False
    heads = _heads(contract, name)
    if cell in heads:
        return True
    field = contract.field(name)
    head, _colon, shown = cell.rpartition(_BEFORE_CODES)
    return listed(field) and head in heads and set(shown.split(_BETWEEN)) <= set(codes.get(field.codes, ()))
