"""The SVG on the server: what is drawn, what is stripped, and that it neither leaks nor mixes threads up."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.charts import coverage, svg
from test_charts import counts

NS = "{http://www.w3.org/2000/svg}"


def bar(label: str, **trace: Any) -> dict[str, Any]:
    return {"data": [{"type": "bar", "x": [label], "y": [3], **trace}], "layout": {}}


def draw(figure: dict[str, Any], title: str = "Services", description: str = "Five are open.") -> str:
    return svg.draw(figure, width=600, height=300, title=title, description=description)


def test_it_has_the_size_the_words_and_the_numbers() -> None:
    root = ElementTree.fromstring(draw(coverage.services_by_country(counts())))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("600", "300", "0 0 600 300")
    title, desc = root[0], root[1]
    assert (title.tag, title.text, desc.text) == (f"{NS}title", "Services", "Five are open.")
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    said = "".join(root.itertext())
    for words in ("Arvenia", "Belmora", "Countries of origin", "Not available"):
        assert words in said


@pytest.mark.parametrize(
    "label",
    [
        '<a href="javascript:alert(1)">press</a>',
        '<a href="https://example.org/">press</a>',
        "<span style='background:url(https://example.org/x)'>press</span>",
        "<script>alert(1)</script>press",
    ],
)
def test_no_link_and_no_script_comes_through(label: str) -> None:
    drawn = draw(bar(label, text=[label], name=label, showlegend=True))
    assert "press" in drawn
    assert not re.search(r"<a\b|<script|href|javascript:|https?://(?!www\.w3\.org/2000/svg)|\son\w+=", drawn)


def test_only_the_list_of_elements_comes_through() -> None:
    held = (
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>x</p></foreignObject><image href="u"/>'
        '<g onclick="y"><style>*{}</style><text>kept<a href="z">this</a>too</text></g></svg>'
    )
    clean = svg._clean(ElementTree.fromstring(held))
    assert ElementTree.tostring(clean, encoding="unicode") == "<svg><g><text>keptthistoo</text></g></svg>"


def test_ids_are_its_own_and_references_follow() -> None:
    one, other = draw(coverage.services_by_country(counts())), draw(bar("x"))
    ids = [set(re.findall(r'\bid="([^"]+)"', text)) for text in (one, other)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    assert len(re.findall(r'\bid="', one)) == len(ids[0])
    assert set(re.findall(r"url\(#([^)]+)\)", one)) <= ids[0]


def test_the_same_figure_is_the_same_text_in_every_thread() -> None:
    figure = coverage.services_by_country(counts())
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _n: draw(figure), range(6)))) == 1


def test_the_engine_goes_before_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Engine:
        def __init__(self) -> None:
            made.append(self)

        def render_svg(self, *_figure: object, **_size: object) -> str:
            return '<svg xmlns="http://www.w3.org/2000/svg"/>'

    monkeypatch.setattr(svg, "MirageEngine", Engine)
    monkeypatch.setattr(svg, "_artist", svg._Artist())
    for _n in range(svg.DRAWINGS * 2 + 1):
        draw(bar("x"))
    assert len(made) == 3


def test_what_cannot_be_drawn_is_said_in_a_sentence() -> None:
    with pytest.raises(svg.NotDrawn, match="“Services” could not be drawn"):
        draw({"data": [{"type": "bar", "x": [object()]}], "layout": {}})
