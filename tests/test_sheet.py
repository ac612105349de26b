"""Lighter drawings that look the same, and drawings that leave the page with their words."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from dashboard.charts import coverage, sheet, svg
from dashboard.charts.thin import thin
from test_charts import counts

NS = "{http://www.w3.org/2000/svg}"


def drawn() -> str:
    return svg.draw(
        coverage.services_by_country(counts()), width=600, height=300, title="Services", description="Five."
    )


def test_it_weighs_less_than_half(monkeypatch: pytest.MonkeyPatch) -> None:
    light = drawn()
    monkeypatch.setattr(svg, "thin", lambda _root: None)
    heavy = drawn()
    assert len(light) < len(heavy) / 2
    shapes = [[element.tag for element in ElementTree.fromstring(text).iter() if element.tag != f"{NS}g"]
              for text in (light, heavy)]  # fmt: skip
    for tag in ("text", "rect", "circle"):
        assert shapes[0].count(f"{NS}{tag}") >= shapes[1].count(f"{NS}{tag}") - shapes[1].count(f"{NS}clipPath"), tag
    assert "".join(ElementTree.fromstring(light).itertext()) == "".join(ElementTree.fromstring(heavy).itertext())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<g><g transform="translate(0,0)"><path d="M1.23456,2V3"/></g></g>', '<path d="M1.23,2V3" />'),
        (
            '<path style="fill: rgb(1, 2, 255); opacity: 1"/><rect style="opacity: 0.5"/>',
            '<rect style="opacity:0.5" />',
        ),
        ('<g style="opacity: 0.3"><text>a</text></g>', '<g style="opacity:0.3"><text>a</text></g>'),
        ('<defs><clipPath id="c"><rect/></clipPath></defs><text>a</text>', "<text>a</text>"),
        ('<text x="0" y="0" transform="translate(3,4)">a</text>', '<text transform="translate(3,4)">a</text>'),
    ],
)
def test_what_a_browser_supposes_is_not_said(before: str, after: str) -> None:
    root = ElementTree.fromstring(f"<svg>{before}</svg>")
    thin(root)
    assert ElementTree.tostring(root, encoding="unicode") == f"<svg>{after}</svg>"


def test_a_sheet_has_the_title_above_and_the_notes_below() -> None:
    made = sheet.sheet(
        drawn(), title="Ketterlund has most", subtitle="services", notes=["As reported. " * 20, "Source: x."]
    )
    root = ElementTree.fromstring(made)
    words = [("".join(e.itertext()), float(e.get("y") or 0)) for e in root if e.tag == f"{NS}text"]
    assert [said for said, _y in words][:2] == ["Ketterlund has most", "services"] and words[-1][0] == "Source: x."
    group = next(e for e in root if e.tag == f"{NS}g")
    head = float(str(group.get("transform")).split(",")[1].rstrip(")"))
    assert words[1][1] < head and words[2][1] > head + 300, "nothing is written over the drawing"
    assert words[-1][1] < float(root.get("height") or 0)
    assert root[0].text == "Services" and root.get("aria-labelledby"), "for those who do not see it"
    assert made.startswith("<?xml")
