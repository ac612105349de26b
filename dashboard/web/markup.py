"""Turn Dash's HTML components into text, so that a table is one component in the browser. Never takes text unescaped.

In the browser every component asks at every change whether it is meant: a table of a thousand of them takes seconds to
redraw. `assets/dashboard.js` puts the text in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup, escape

_NAMES = {"className": "class", "colSpan": "colspan", "rowSpan": "rowspan", "htmlFor": "for", "tabIndex": "tabindex"}
_EMPTY = frozenset({"br", "hr", "img", "wbr"})
_FREE = ("data-", "aria-")
"""How attributes begin that any component may have."""
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
    said: list[str] = []
    _write(part, otherwise, said)
    return Markup("".join(said))


def _write(part: Any, otherwise: Callable[[Component], Markup | None], said: list[str]) -> None:
    """Add the pieces of a part; a large table is ten thousand of them, so each is made once and joined at the end."""
    if part is None:
        return
    if isinstance(part, (list, tuple)):
        for one in part:
            _write(one, otherwise, said)
        return
    if not isinstance(part, Component):
        said.append(str(escape(part)))
        return
    if (given := otherwise(part)) is not None:
        said.append(str(given))
        return
    if part._namespace != "dash_html_components" or isinstance(getattr(part, "id", None), dict):
        raise ValueError(f"{part._type} is drawn by a script; only plain HTML can stand in a table.")
    name = part._type.lower()
    said.append(f"<{name}")
    for key, value in _props(part):
        if value is not None and value is not False:
            said.append(f' {_NAMES.get(key, key)}="{"" if value is True else escape(value)}"')
    said.append(">")
    if name not in _EMPTY:
        _write(getattr(part, "children", None), otherwise, said)
        said.append(f"</{name}>")


def _props(part: Component) -> Iterator[tuple[str, Any]]:
    """What was said of a component, in the order of its documentation, then what a script or a screen reader is told.

    As `to_plotly_json` gives it, which looks up all of forty names in each of ten thousand components.
    """
    held = vars(part)
    for name in part._prop_names:
        if name in held and name not in _OTHERS:
            yield name, held[name]
    for name, value in held.items():
        if name.startswith(_FREE):
            yield name, value
