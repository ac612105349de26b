"""Turn a figure dict into an SVG on the server, without a browser. Never lets a link, a script or an image through."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

from mirage.engine import MirageEngine

from dashboard.charts.template import FONT
from dashboard.charts.thin import thin

DRAWINGS = 25
"""Drawings after which the engine is dropped: it keeps about a megabyte of each."""

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    {
        "svg",
        "g",
        "defs",
        "clipPath",
        "path",
        "rect",
        "line",
        "circle",
        "polygon",
        "polyline",
        "ellipse",
        "text",
        "tspan",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
    }
)
_ATTRIBUTES = frozenset(
    {
        "id",
        "style",
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "width",
        "height",
        "points",
        "transform",
        "viewBox",
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "opacity",
        "text-anchor",
        "clip-path",
        "offset",
        "stop-color",
        "stop-opacity",
        "patternUnits",
        "patternTransform",
        "gradientUnits",
        "clipPathUnits",
        "preserveAspectRatio",
    }
)
_REFERENCE = re.compile(r"""url\(\s*["']?#?([^"')]*)["']?\s*\)""")
_DANGEROUS = re.compile(r"url\(\s*[\"']?(?!#)|expression|javascript:|@import|image-set|[<>\\]", re.IGNORECASE)


class NotDrawn(Exception):
    """The figure cannot be drawn; the text says why."""


class _Artist:
    """The engine, which belongs to one thread and is made anew every DRAWINGS drawings."""

    def __init__(self) -> None:
        self.engine: MirageEngine | None = None
        self.drawings = 0

    def draw(self, figure: dict[str, Any], width: int, height: int) -> str:
        if self.engine is None or self.drawings >= DRAWINGS:
            self.engine, self.drawings = None, 0  # gone before the next one comes, so that there are never two
            self.engine = MirageEngine()
        self.drawings += 1
        drawn: str = self.engine.render_svg(figure["data"], figure.get("layout", {}), width=width, height=height)
        return drawn


_artist = _Artist()
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="svg")


def draw(figure: dict[str, Any], *, width: int, height: int, title: str, description: str) -> str:
    """The figure as an SVG element of this size in pixels, with `title` and `description` for screen readers.

    The same figure gives the same text, and its ids are its own, so that several may stand on one page.
    Raises NotDrawn.
    """
    try:
        drawn = _thread.submit(_artist.draw, figure, width, height).result()
        root = ElementTree.fromstring(drawn) if "<!" not in drawn else None
    except Exception as error:
        raise NotDrawn(f"The chart “{title}” could not be drawn: {type(error).__name__}.") from error
    if root is None:
        raise NotDrawn(f"The chart “{title}” holds a declaration that no drawing needs.")
    named = json.dumps([figure, width, height, title], sort_keys=True, default=str)
    prefix = f"c{hashlib.sha256(named.encode()).hexdigest()[:8]}"
    clean = _clean(root)
    _rename(clean, prefix)
    for name in list(clean.attrib):
        if name in ("style", "id"):
            del clean.attrib[name]
    thin(clean)
    clean.attrib |= {
        "font-family": FONT,
        "width": str(width),
        "height": str(height),
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
    }
    for position, (tag, words) in enumerate((("title", title), ("desc", description))):
        said = ElementTree.Element(tag, {"id": f"{prefix}-{tag}"})
        said.text = words
        clean.insert(position, said)
    clean.set("xmlns", _SVG)
    return ElementTree.tostring(clean, encoding="unicode")


def _clean(element: ElementTree.Element) -> ElementTree.Element:
    """A copy that holds only shapes and text; a link leaves its text behind."""
    made = ElementTree.Element(_tag(element))
    made.text, made.tail = element.text, element.tail
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and not _DANGEROUS.search(value):
            made.set(name, value)
    _adopt(made, element)
    return made


def _adopt(made: ElementTree.Element, element: ElementTree.Element) -> None:
    for child in element:
        if _tag(child) in _ELEMENTS:
            made.append(_clean(child))
        elif _tag(child) == "a":
            _say(made, child.text)
            _adopt(made, child)
            _say(made, child.tail)
        else:
            _say(made, child.tail)


def _say(made: ElementTree.Element, text: str | None) -> None:
    """Add text behind what is there already."""
    if text and len(made):
        made[-1].tail = (made[-1].tail or "") + text
    elif text:
        made.text = (made.text or "") + text


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Give every id a name of this drawing, in the order in which they come, and follow it in references.

    Of several elements with one id, which Plotly makes, a reference means the first: the others lose theirs.
    """
    names: dict[str, str] = {}
    for element in root.iter():
        former = element.attrib.pop("id", None)
        if former is not None and former not in names:
            names[former] = f"{prefix}-{len(names)}"
            element.set("id", names[former])
    for element in root.iter():
        for name, value in element.attrib.items():
            if "url(" in value:
                element.set(name, _REFERENCE.sub(lambda found: f"url(#{names.get(found[1], prefix)})", value))
