"""A page that Dash will draw, as HTML for the first answer: it is read, and its filters work, before a script is there.

Never holds what Dash's own drawing will not show. Charts are drawn on the server from the same figures, each once.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any
from xml.etree import ElementTree

from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.charts import svg
from dashboard.web import filters
from dashboard.web.markup import markup

WIDTHS = {"wide": 1200, "narrow": 344}
"""Pixels that a chart is drawn at: for a laptop, and for a phone. The style shows one of them."""
KEPT = 256
WAITING = 2
"""So many may wait for a drawing; who comes then reads the page without it, and Dash brings the chart."""
_SVG = "{http://www.w3.org/2000/svg}"

_drawn: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()
_places = threading.BoundedSemaphore(WAITING)


def paint(page: Any) -> Markup:
    """The components of a page as HTML; a select keeps its name, so that a form around it works by itself."""
    return markup(page, _by_script)


def _by_script(part: Component) -> Markup | None:
    """What a script of Dash would draw; None for what is plain HTML."""
    described: Any = part.to_plotly_json
    said = described()["props"]
    if "data-html" in said:
        return Markup('<div class="whole">{}</div>').format(Markup(said["data-html"]))  # escaped by `markup` itself
    kind = part._type
    if kind == "Graph":
        return _chart(said["figure"])
    if kind == "Select":
        return _select(said)
    return None


def _select(said: dict[str, Any]) -> Markup:
    name = said["id"]["name"]
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            option["value"], Markup(" selected") if option["value"] == said["value"] else "", option["label"]
        )
        for option in said["options"]
    )
    return Markup('<select class="form-select" id="{}" name="{}">{}</select>').format(filters.dom(name), name, options)


def _chart(figure: dict[str, Any]) -> Markup:
    """The figure at each width, in a frame as high as Dash's; the frame around both has the words for it."""
    height = int(figure["layout"]["height"])
    made = Markup("").join(
        Markup('<div class="first-chart {}">{}</div>').format(name, Markup(_picture(figure, width, height)))
        for name, width in WIDTHS.items()
    )
    return Markup('<div style="min-height:{}px">{}</div>').format(height, made)


def _picture(figure: dict[str, Any], width: int, height: int) -> str:
    """The drawing, from those that were made before where it can be; "" where too many wait or it cannot be drawn."""
    key = hashlib.sha256(json.dumps([figure, width, height], sort_keys=True, default=str).encode()).hexdigest()
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    if not _places.acquire(blocking=False):
        return ""
    try:
        made = _silent(svg.draw(figure, width=width, height=height, title="", description=""))
    except svg.NotDrawn:
        return ""
    finally:
        _places.release()
    with _lock:
        _drawn[key] = made
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return made


def _silent(drawn: str) -> str:
    """A drawing without words of its own: the frame around it says what it shows."""
    ElementTree.register_namespace("", _SVG.strip("{}"))
    root = ElementTree.fromstring(drawn)
    for name in ("role", "aria-labelledby"):
        root.attrib.pop(name, None)
    root.set("aria-hidden", "true")
    for child in [child for child in root if child.tag in (f"{_SVG}title", f"{_SVG}desc")]:
        root.remove(child)
    return ElementTree.tostring(root, encoding="unicode")
