"""A page as it first comes: the same as Dash will draw, with choices that work by themselves and charts as pictures."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from dash import dcc, html

from dashboard.charts import rows, svg
from dashboard.charts.rows import Row
from dashboard.reference.table import Status
from dashboard.web import filters, first, markup


def chart(value: float = 40.0) -> dict[str, Any]:
    return rows.bars([Row("A <b>", value, Status.VALUE, str(int(value)))], words="things")


def test_a_select_is_named_and_keeps_its_choice() -> None:
    drawn = first.paint(html.Form(filters.select("country", "Country", [("", "All"), ("XAA", "A & <b>")], "XAA")))
    named = "{&#34;name&#34;:&#34;country&#34;,&#34;type&#34;:&#34;filter&#34;}"
    assert f'<form><div class="filter" data-default=""><label for="{named}">' in drawn
    assert ' name="country">' in drawn and '<option value="XAA" selected>A &amp; &lt;b&gt;</option>' in drawn
    assert drawn.count("selected") == 1


def test_a_table_that_is_text_is_put_in_its_place() -> None:
    table = markup.whole(html.Table(html.Tr(html.Td("<script>1</script>"))))
    drawn = first.paint(html.Div(table))
    assert "<td>&lt;script&gt;1&lt;/script&gt;</td>" in drawn and "data-html" not in drawn


def test_a_chart_is_a_picture_at_two_widths_without_words_of_its_own() -> None:
    drawn = first.paint(dcc.Graph(figure=chart()))
    assert [*re.findall(r'class="first-chart (\w+)"', drawn)] == ["wide", "narrow"]
    assert drawn.count("<svg") == 2 and drawn.count('aria-hidden="true"') == 2
    assert "<title" not in drawn and "<desc" not in drawn and 'role="img"' not in drawn
    assert ">40<" in drawn and "A &lt;b&gt;" in drawn
    assert f"min-height:{chart()['layout']['height']}px" in drawn


def test_a_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first.paint(dcc.Graph(figure=chart(41.0)))
    monkeypatch.setattr(svg, "draw", lambda *_a, **_n: pytest.fail("drawn again"))
    assert first.paint(dcc.Graph(figure=chart(41.0))).count("<svg") == 2


def test_what_cannot_be_drawn_leaves_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_a: Any, **_n: Any) -> str:
        raise svg.NotDrawn("no")

    monkeypatch.setattr(svg, "draw", refuse)
    drawn = first.paint(dcc.Graph(figure=chart(42.0)))
    assert "<svg" not in drawn and "min-height" in drawn


def test_nobody_waits_behind_many(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_a: Any, **_n: Any) -> str:
        begun.release()
        go_on.wait(20)
        raise svg.NotDrawn("late")

    monkeypatch.setattr(svg, "draw", slow)
    others = [
        threading.Thread(target=first.paint, args=(dcc.Graph(figure=chart(50.0 + n)),)) for n in range(first.WAITING)
    ]
    for other in others:
        other.start()
    for _other in others:
        assert begun.acquire(timeout=20)
    assert "<svg" not in first.paint(dcc.Graph(figure=chart(60.0))), "the page comes at once, without its chart"
    go_on.set()
    for other in others:
        other.join(20)


def test_the_oldest_pictures_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "KEPT", 3)
    monkeypatch.setattr(svg, "draw", lambda *_a, **_n: '<svg xmlns="http://www.w3.org/2000/svg"/>')
    for n in range(5):
        first.paint(dcc.Graph(figure=chart(70.0 + n)))
    assert len(first._drawn) == 3


def test_a_component_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="drawn by a script"):
        first.paint(html.Div(dcc.Input(id="x")))
