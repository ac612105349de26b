"""Words, numbers and dates in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from dashboard.reference import text
from dashboard.reference.text import N_, _, n_


@pytest.fixture
def in_language():
    yield text.use_language
    text.use_language("en")


def test_fills_placeholders():
    assert _("Row {row}: “{value}”", row=3, value="x") == "Row 3: “x”"


def test_a_text_without_values_keeps_its_braces():
    assert _(N_("Row {row}")) == "Row {row}"


@pytest.mark.parametrize(("count", "expected"), [(1, "1 row"), (0, "0 rows"), (1234, "1,234 rows")])
def test_chooses_the_form_for_a_count(count, expected):
    assert n_("{count} row", "{count} rows", count) == expected


def test_numbers_and_shares():
    assert (text.number(1234567), text.number(1234.5, 1), text.number(0)) == ("1,234,567", "1,234.5", "0")
    assert text.percent(0.615) in ("61%", "62%")


def test_days_and_moments():
    assert text.day(date(2026, 6, 30)) == "30 June 2026"
    assert text.moment(datetime(2026, 6, 30, 14, 5, tzinfo=UTC)) == "30 June 2026, 14:05 UTC"


@pytest.mark.parametrize(
    ("items", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_as_words(items, expected):
    assert text.words(items) == expected


def test_numbers_follow_the_language_and_unknown_catalogues_fall_back(in_language):
    in_language("id")
    assert text.language() == "id"
    assert text.number(1234.5, 1) == "1.234,5"
    assert _("Not a sentence of any catalogue") == "Not a sentence of any catalogue"


@pytest.fixture
def indonesian(tmp_path, monkeypatch, in_language):
    catalogue = Catalog(locale="id")
    catalogue.add("Row {row}", "Baris {row}")
    catalogue.add(("{count} row", "{count} rows"), ("{count} baris", "{count} baris"))
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "dashboard.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(text, "LOCALES", tmp_path)
    text._catalogue.cache_clear()
    in_language("id")
    yield
    text._catalogue.cache_clear()


def test_a_catalogue_speaks_and_an_empty_text_is_not_its_header(indonesian):
    assert _("Row {row}", row=3) == "Baris 3"
    assert n_("{count} row", "{count} rows", 1234) == "1.234 baris"
    assert _("") == ""
