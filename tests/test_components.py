"""The small parts: their words, their roles, and what they refuse."""

from __future__ import annotations

import pandas as pd
import pytest
from dash import html

from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.web import components, filters, tables
from test_figure import parts, words


def test_a_page_begins_with_its_question_and_the_answer() -> None:
    head = components.page_head("Who is missing?", "Three are.")
    assert words(head) == ["Who is missing?", "Three are."]
    assert head.children[0].tabIndex == -1
    assert len(components.page_head("Who?").children) == 1


@pytest.mark.parametrize("kind", sorted(components.KINDS))
def test_a_notice_says_its_kind_in_a_word(kind: str) -> None:
    said = words(components.notice(kind, "Title", "Body"))
    assert said[0] == components.KINDS[kind] and said[-2:] == ["Title", "Body"]


def test_a_notice_of_no_known_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        components.notice("fun", "Title", "Body")


def test_an_empty_page_says_what_to_do() -> None:
    assert parts(components.empty("Nothing yet.", "Send a file.", "/submit"))[-2].href == "/submit"
    assert not [p for p in parts(components.empty("Nothing yet.", "Wait.", "")) if isinstance(p, html.A)]


def test_a_filter_has_a_label_and_takes_only_what_is_on_its_list() -> None:
    options = [("", "All countries"), ("XAA", "Arvenia")]
    shown = filters.select("country", "Country", options, "XAA")
    label, select = shown.children
    assert label.htmlFor == '{"name":"country","type":"filter"}'
    assert (select.id, select.value) == ({"type": "filter", "name": "country"}, "XAA")
    assert filters.select("country", "Country", options, "<script>").children[1].value == ""
    assert filters.select("country", "Country", options).children[1].placeholder == "All countries"
    assert filters.select("country", "Country", []).children[1].value == ""


def test_what_an_address_asked_for_in_vain_is_said_with_what_is_shown() -> None:
    options = [("2026-Q4", "Q4 2026"), ("2026-Q3", "Q3 2026")]
    shown = filters.select("period", "Quarter", options, "2020-Q1", "2026-Q3")
    assert words(shown)[-1] == "“Q1 2020” is not on this list. Shown instead: Q3 2026."
    assert shown.children[1].value == "2026-Q3", "the default, which is not the first"
    long = filters.select("country", "Country", [("XAA", "Arvenia")], "x" * 200)
    assert f"“{'x' * filters.ASKED}” is not on this list." in words(long)[-1]
    for value in ("", "2026-Q4"):
        assert len(filters.select("period", "Quarter", options, value, "2026-Q3").children) == 2


def test_a_filter_knows_what_it_is_set_back_to() -> None:
    options = [("2026-Q4", "Q4 2026"), ("2026-Q3", "Q3 2026")]
    chosen = filters.select("period", "Quarter", options, "2026-Q4", "2026-Q3")
    assert (chosen.children[1].value, getattr(chosen, "data-default")) == ("2026-Q4", "2026-Q3")
    assert getattr(filters.select("period", "Quarter", options), "data-default") == "2026-Q4"


def test_the_filters_can_be_cleared() -> None:
    assert [p.href for p in parts(filters.row([])) if isinstance(p, html.A)] == ["?"]


def test_a_table_aligns_numbers_marks_statuses_and_names_its_rows() -> None:
    columns = (Column("organisation", "Organisation"), Column("contacts", "Contacts", numeric=True))
    frame = pd.DataFrame(
        [("A", 1234.0), ("B", 0.0), ("C", 99.0), ("D", 12.5), ("E", None)], columns=["organisation", "contacts"]
    )
    statuses = pd.DataFrame(
        [
            (Status.VALUE, s)
            for s in (Status.VALUE, Status.ZERO, Status.SUPPRESSED, Status.NOT_VERIFIED, Status.NOT_COLLECTED)
        ],
        columns=["organisation", "contacts"],
    )
    table = Table("Contacts", columns, frame, statuses, AsOf(1, None), ("Reported, not prevalence.",))
    shown = tables.grid(table)
    rows = [p for p in parts(shown) if isinstance(p, html.Tr)][1:]
    assert [words(row) for row in rows] == [
        ["A", "1,234"],
        ["B", "0"],
        ["C", "hidden to protect people"],
        ["D", "12.5", " ", "not verified"],
        ["E", "not collected"],
    ]
    assert all(row.children[0].scope == "row" and row.children[1].className == "number" for row in rows)
    assert "99" not in " ".join(words(tables.data_table(table, figure_id="t")))


def test_records_say_every_column_of_every_row() -> None:
    columns = (Column("name", "Provider"), Column("hours", "Hours"))
    frame = pd.DataFrame([("Centre", "Day and night")], columns=["name", "hours"])
    table = Table("Who", columns, frame, frame.map(lambda _v: Status.VALUE), AsOf(1, None))
    assert words(tables.records(table)) == ["1 entry", "Centre", "Hours", "Day and night"]
