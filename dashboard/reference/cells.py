"""Cells that leave the house in a CSV: numbers as they are, text that a spreadsheet shows and never runs."""

from __future__ import annotations

import re
from datetime import date

# The last four are the wide forms of the first, which East Asian spreadsheets take for the same.
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")


def _runs(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula; a plain number with a sign is none."""
    return text.lstrip(" \n").startswith(_TRIGGERS) and not _NUMBER.fullmatch(text)


def safe(value: object) -> str:
    """A value as a CSV cell: text that begins like a formula gets a leading apostrophe (OWASP ASVS 1.2.10).

    Numbers stay numbers, dates are ISO 8601, None and NaN are an empty cell.
    """
    if _gap(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and _runs(text) else text


def bare(cell: str) -> str:
    """A cell without the apostrophe that `safe` put before it, so that what left the house comes back as it was."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _gap(value: object) -> bool:
    """None and what pandas puts in its place. Asked without pandas, which the child that checks files never loads."""
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas' NA refuses to be compared
        return True
