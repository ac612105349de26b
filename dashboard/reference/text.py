"""Put words, numbers and dates before people, in their language. Never holds a text of its own."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

LOCALES = Path(__file__).resolve().parent.parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("dashboard", LOCALES, [language], fallback=True)


def use_language(language: str) -> None:
    """Speak `language` (a locale code such as "en") for the rest of this request."""
    _language.set(language)


def language() -> str:
    """The locale code in use."""
    return _language.get()


def _(message: str, **values: object) -> str:
    """The sentence in the reader's language, with {placeholders} filled from `values`."""
    text = _catalogue(_language.get()).gettext(message) if message else ""
    return text.format(**values) if values else text


def n_(one: str, many: str, count: int, **values: object) -> str:
    """As `_`, choosing the form for `count`, which also fills {count}."""
    text = _catalogue(_language.get()).ngettext(one, many, count)
    return text.format(count=number(count), **values)


def N_(message: str) -> str:
    """Mark a sentence for the catalogue where it is declared; `_` translates it where it is shown."""
    return message


def number(value: float, digits: int = 0) -> str:
    """A number with the language's separators: 1234.5 with one digit is 1,234.5 in English."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_language.get())


def percent(share: float) -> str:
    """A share between 0 and 1 as a percentage without decimals."""
    return format_percent(share, locale=_language.get())


def day(value: date) -> str:
    """A date as people write it: 30 June 2026."""
    return format_date(value, format="d MMMM y", locale=_language.get())


def moment(value: datetime) -> str:
    """A moment to the minute, in UTC and saying so: 30 June 2026, 14:05 UTC."""
    return format_datetime(value, "d MMMM y, HH:mm 'UTC'", locale=_language.get())


def words(items: list[str], last: str = "") -> str:
    """A list as words: "a, b and c". `last` replaces "and"."""
    joint = last or _("and")
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {joint} {items[-1]}" if items else ""
