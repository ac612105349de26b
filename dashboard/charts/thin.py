"""Make a drawing light: nothing that is drawn is lost, what a browser supposes anyway is not said. Never adds a shape.

Plotly says the font, the opacity and fifteen decimals of every mark; on a phone's line that is three quarters of it.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SUPPOSED = {
    "opacity": ("1",),
    "fill-opacity": ("1",),
    "stroke-opacity": ("1",),
    "stroke-width": ("1px", "1"),
    "vector-effect": ("none",),
    "white-space": ("pre",),
    "shape-rendering": ("auto",),
    "pointer-events": ("all", "none"),
    "cursor": ("default", "pointer"),
    "font-weight": ("normal", "400"),
    "font-style": ("normal",),
    "font-variant": ("normal",),
    "text-transform": ("none",),
    "text-decoration-line": ("none",),
    "text-shadow": ("none", "auto"),
}
_EVERYWHERE = ("font-family",)
"""Said once, of the whole drawing."""
_NUMBERS = (
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
    "width",
    "height",
    "transform",
    "points",
    "dx",
    "dy",
)
_LONG = re.compile(r"-?\d+\.\d{2,}(?!\d)")
_RGB = re.compile(r"rgba?\(\s*(\d+),\s*(\d+),\s*(\d+)(?:,\s*1(?:\.0)?)?\s*\)")
_NOWHERE = re.compile(r"\s*(?:translate\(\s*0(?:px)?(?:[,\s]+0(?:px)?)?\s*\)|scale\(\s*1(?:[,\s]+1)?\s*\))?\s*")


def thin(root: ElementTree.Element) -> None:
    """Lighten a cleaned drawing whose references are already its own, in place; words and shapes stay as they are."""
    for element in root.iter():
        _say_less(element)
    referred = set(re.findall(r"url\(#([^)]+)\)", ElementTree.tostring(root, encoding="unicode")))
    for element in root.iter():
        if element.get("id") and element.get("id") not in referred and _tag(element) not in ("svg", "title", "desc"):
            del element.attrib["id"]
    _prune(root)
    _unwrap(root)


def _say_less(element: ElementTree.Element) -> None:
    if style := element.attrib.pop("style", ""):
        said = [part.split(":", 1) for part in style.split(";") if ":" in part]
        kept = {name.strip(): _colours(value.strip()) for name, value in said}
        short = ";".join(f"{n}:{v}" for n, v in kept.items() if n not in _EVERYWHERE and v not in _SUPPOSED.get(n, ()))
        if short:
            element.set("style", short)
    for name, value in list(element.attrib.items()):
        if name in _NUMBERS:
            element.set(name, _LONG.sub(lambda found: _number(float(found[0])), value))
        elif name in ("fill", "stroke"):
            element.set(name, _colours(value))
        elif value in _SUPPOSED.get(name, ()):
            del element.attrib[name]
    for name in ("transform", "patternTransform"):
        if name in element.attrib and _NOWHERE.fullmatch(element.attrib[name]):
            del element.attrib[name]
    if _tag(element) == "text" and element.get("transform"):
        for name in ("x", "y"):
            if element.get(name) == "0":
                del element.attrib[name]


def _prune(element: ElementTree.Element) -> bool:
    """Drop what draws nothing; whether anything is left of the element itself."""
    for child in list(element):
        if not _prune(child):
            element.remove(child)
    tag = _tag(element)
    if tag == "clipPath" or tag == "pattern":
        return bool(element.get("id"))
    if tag == "path":
        return bool(element.get("d", "").replace("M0,0", "").strip())
    return tag not in ("g", "defs", "text", "tspan") or len(element) > 0 or bool((element.text or "").strip())


def _unwrap(element: ElementTree.Element) -> None:
    """A group that says nothing of those in it gives them to the one above."""
    made: list[ElementTree.Element] = []
    for child in list(element):
        _unwrap(child)
        made += list(child) if _tag(child) == "g" and not child.attrib else [child]
        element.remove(child)
    element.extend(made)


def _colours(value: str) -> str:
    return _RGB.sub(lambda c: "#" + "".join(f"{int(part):02x}" for part in c.groups()), value)


def _number(value: float) -> str:
    """To a hundredth of a pixel, without zeros at the end."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
