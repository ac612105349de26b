"""Tables travel as text: everything that comes from data is escaped, and what needs a script is refused."""

from __future__ import annotations

import pytest
from dash import dcc, html

from dashboard.web import markup
from test_figure import parts, words


def test_text_and_attributes_are_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    said = str(markup.markup(html.Td(evil, title=evil, className="number", **{"aria-label": evil})))
    assert "<script" not in said and said.count("&lt;script&gt;") == 3 and said.endswith("&lt;/script&gt;</td>")


def test_attributes_have_the_names_of_html() -> None:
    head = html.Th(["A", None, html.Br(), 7], scope="col", colSpan=3, tabIndex=0, hidden=False, key="k", n_clicks=2)
    assert str(markup.markup(head)) == '<th colspan="3" scope="col" tabindex="0">A<br>7</th>'


def test_the_place_is_another_one_for_another_text() -> None:
    """So React puts a fresh element there, and nothing of the former table stays in it."""
    one, two = (markup.whole(html.Table(html.Tbody(html.Tr(html.Td(text))))) for text in ("1", "2"))
    assert one.key != two.key and one.key == markup.whole(html.Table(html.Tbody(html.Tr(html.Td("1"))))).key
    assert words(one) == ["1"] and any(isinstance(part, html.Td) for part in parts(two))


@pytest.mark.parametrize("part", [dcc.Link("a", href="/"), html.Td(id={"type": "filter", "name": "x"})])
def test_what_needs_a_script_cannot_stand_in_it(part: object) -> None:
    with pytest.raises(ValueError, match="drawn by a script"):
        markup.markup(html.Tr([part]))
