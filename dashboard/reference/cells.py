"""Cells that leave the house in a CSV: numbers as they are, text that a spreadsheet shows and never runs."""

from __future__ import annotations

from datetime import date

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0")


def safe(value: object) -> str:
    """A value as a CSV cell: text that begins like a formula gets a leading apostrophe (OWASP ASVS 1.2.10).

    Numbers stay numbers, dates are ISO 8601, None and NaN are an empty cell.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_TRIGGERS) else text
