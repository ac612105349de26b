"""Turn Dash's HTML components into text, so that a table is one component in the browser. Never takes text unescaped.

In the browser every component asks at every change whether it is meant: a table of a thousand of them takes seconds to
redraw. `assets/dashboard.js` puts the text in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup, escape

_NAMES = {"className": "class", "colSpan": "colspan", "rowSpan": "rowspan", "htmlFor": "for", "tabIndex": "tabindex"}
_EMPTY = frozenset({"br", "hr", "img", "wbr"})
_OTHERS = frozenset({"children", "key", "n_clicks", "disable_n_clicks", "setProps"})


def whole(component: Component) -> html.Div:
    """A place that holds the component as text."""
    return place(markup(component))


def place(said: Markup) -> html.Div:
    """A place that holds this HTML, which is escaped already. Other text is another place, so that nothing of the
    former stays."""
    text = str(said)
    attributes: dict[str, Any] = {"data-html": text}
    return html.Div(key=hashlib.sha256(text.encode()).hexdigest()[:16], className="whole", **attributes)


def markup(part: Any, otherwise: Callable[[Component], Markup | None] = lambda _part: None) -> Markup:
    """Components of `dash.html`, texts, numbers and lists of them as HTML.

    `otherwise` is asked first and may give a component another form. Raises ValueError for a component that would need
    a script of its own and has none.
    """
    if part is None:
        return Markup("")
    if isinstance(part, (list, tuple)):
        return Markup("").join(markup(one, otherwise) for one in part)
    if not isinstance(part, Component):
        return escape(part)
    if (given := otherwise(part)) is not None:
        return given
    if part._namespace != "dash_html_components" or isinstance(getattr(part, "id", None), dict):
        raise ValueError(f"{part._type} is drawn by a script; only plain HTML can stand in a table.")
    name = part._type.lower()
    said = Markup("").join(_attribute(key, value) for key, value in _props(part).items())
    if name in _EMPTY:
        return Markup("<{0}{1}>").format(Markup(name), said)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), said, markup(getattr(part, "children", None), otherwise))


def _props(part: Component) -> dict[str, Any]:
    described: Any = part.to_plotly_json
    return dict(described()["props"])


def _attribute(name: str, value: Any) -> Markup:
    if name in _OTHERS or value is None or value is False:
        return Markup("")
    return Markup(' {}="{}"').format(Markup(_NAMES.get(name, name)), "" if value is True else value)
