"""A drawing as a sheet of its own, with its title above and what must be known of it below. Never changes the drawing.

Taken out of its page, a chart would leave its caveat behind; here it is written into the picture.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from xml.etree import ElementTree

from dashboard.charts.template import COLOURS

_SVG = "http://www.w3.org/2000/svg"
_EDGE = 16
_HEAD, _NOTE = 20, 14
"""Sizes of the letters of the title and of the notes, in pixels."""


def sheet(drawn: str, *, title: str, subtitle: str, notes: Sequence[str]) -> str:
    """What `svg.draw` gave, as the text of an SVG file; `notes` stand below it, each in lines of its own."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(drawn)
    width, height = (int(root.get(name) or 0) for name in ("width", "height"))
    words = [child for child in root if _tag(child) in ("title", "desc")]
    shapes = [child for child in root if child not in words]
    above = [(line, _HEAD, "650", COLOURS["text"]) for line in _lines(title, width, _HEAD)]
    above += [(line, _NOTE, "400", COLOURS["muted"]) for line in _lines(subtitle, width, _NOTE)]
    below = [(line, _NOTE, "400", COLOURS["muted"]) for note in notes for line in _lines(note, width, _NOTE)]
    head, foot = _height(above), _height(below)
    whole, wide = height + head + foot, width + 2 * _EDGE
    made = ElementTree.Element(root.tag, dict(root.attrib) | {"viewBox": f"0 0 {wide} {whole}"})
    made.set("width", str(wide))
    made.set("height", str(whole))
    made.extend(words)
    paper = {"width": str(wide), "height": str(whole), "fill": COLOURS["surface"]}
    ElementTree.SubElement(made, f"{{{_SVG}}}rect", paper)
    _write(made, above, 0)
    inner = ElementTree.SubElement(made, f"{{{_SVG}}}g", {"transform": f"translate({_EDGE},{head})"})
    inner.extend(shapes)
    _write(made, below, head + height)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(made, encoding="unicode") + "\n"


_Written = list[tuple[str, int, str, str]]


def _lines(words: str, width: int, size: int) -> list[str]:
    return textwrap.wrap(words, max(24, int(width / (size * 0.54))))


def _height(lines: _Written) -> int:
    return int(sum(size * 1.4 for _words, size, _weight, _colour in lines)) + (2 * _EDGE if lines else 0)


def _write(made: ElementTree.Element, lines: _Written, top: float) -> None:
    y = top + _EDGE
    for words, size, weight, colour in lines:
        y += size * 1.4
        place = {"x": str(_EDGE), "y": f"{y - size * 0.4:.1f}", "font-size": str(size), "font-weight": weight}
        ElementTree.SubElement(made, f"{{{_SVG}}}text", place | {"fill": colour}).text = words


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
