"""One look for every chart, from the values of assets/dashboard.css. Never draws, and never takes text unescaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The colour roles of assets/dashboard.css (`--name`), which a test compares with these.
COLOURS = {
    "surface": "#ffffff",
    "text": "#1d232b",
    "muted": "#545d69",
    "line": "#d8d4cb",
    "accent": "#17525a",
    "origin": "#9c4a06",
    "destination": "#0b5fa5",
    "fill-open": "#17525a",
    "fill-restricted": "#8db9bb",
    "fill-planned": "#dcebea",
    "fill-none": "#ffffff",
    "fill-not_known": "#cfcac0",
    "fill-not_reported": "#f4f2ec",
    "fill-ink": "#4a5260",
}
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Bengali", "Noto Sans Devanagari", '
    '"Noto Sans Khmer", "Noto Sans Lao", "Noto Sans Myanmar", "Noto Sans Sinhala", "Noto Sans Tamil", '
    '"Noto Sans Thai", "Nirmala UI", "Leelawadee UI", "Myanmar Text", Arial, sans-serif'
)
SIZE = 15
"""Size of a chart's text in pixels; nothing in a chart is smaller than two less."""


@dataclass(frozen=True)
class Fill:
    """How a part of a bar is filled, so that it is told apart in black and white too: tone first, then a pattern."""

    colour: str
    text: str
    pattern: str = ""
    ink: str = ""

    def marker(self) -> dict[str, Any]:
        """The `marker` of a Plotly bar."""
        pattern = {
            "shape": self.pattern,
            "fgcolor": self.ink,
            "bgcolor": self.colour,
            "size": 7,
            "solidity": 0.18,
            "fillmode": "overlay",
        }
        return {
            "color": self.colour,
            "line": {"color": COLOURS["fill-ink"], "width": 1},
            **({"pattern": pattern} if self.pattern else {}),
        }


_DARK, _LIGHT = COLOURS["text"], COLOURS["surface"]

# Names are those of the columns that count a state. What is best is darkest; silence is dots on paper. No hatching:
# that is kept for what is hidden to protect people.
FILLS = {
    "open": Fill(COLOURS["fill-open"], _LIGHT),
    "restricted": Fill(COLOURS["fill-restricted"], _DARK, "|", "#5f9497"),
    "planned": Fill(COLOURS["fill-planned"], _DARK, "-", "#7fa6a7"),
    "none": Fill(COLOURS["fill-none"], _DARK),
    "not_known": Fill(COLOURS["fill-not_known"], _DARK),
    "not_reported": Fill(COLOURS["fill-not_reported"], _DARK, ".", "#c9c4b8"),
}
FILLS |= {"done": FILLS["open"], "to_do": FILLS["planned"], "dropped": FILLS["none"]}
FILLS |= {"filled": FILLS["open"], "observer": FILLS["restricted"], "vacant": FILLS["planned"]}
FILLS |= {"spent": FILLS["open"], "paid_out": FILLS["restricted"], "committed": FILLS["planned"], "gap": FILLS["none"]}
# Of contacts: a tone that says neither good nor bad, a lighter one while a revision is held back, hatching for hidden.
NEUTRAL = Fill(COLOURS["fill-ink"], _LIGHT)
PENDING = Fill(COLOURS["fill-not_known"], _DARK)
HIDDEN = Fill(COLOURS["surface"], _DARK, "/", COLOURS["muted"])
CONTACTS = {"contacts": NEUTRAL, "pending": PENDING, "hidden": HIDDEN}
GREY = Fill("#e3dfd6", _DARK)
"""The fill of whatever has none of its own."""


def plain(text: object) -> str:
    """Text as a chart may hold it: Plotly reads tags and TeX in every text, so none may come from data."""
    escaped = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("$", "&#36;").replace("%{", "%&#123;")


def layout(**own: Any) -> dict[str, Any]:
    """The layout that all charts share, with `own` on top. Dragging is off, so that a finger scrolls the page."""
    axis = {
        "automargin": True,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "linecolor": COLOURS["line"],
        "gridcolor": COLOURS["line"],
        "tickfont": {"size": SIZE, "color": COLOURS["text"]},
    }
    return {
        "template": {"layout": {"xaxis": axis, "yaxis": axis}},
        "font": {"family": FONT, "size": SIZE, "color": COLOURS["text"]},
        "paper_bgcolor": COLOURS["surface"],
        "plot_bgcolor": COLOURS["surface"],
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"bgcolor": COLOURS["surface"], "bordercolor": COLOURS["muted"], "font": {"size": SIZE}},
        "dragmode": False,
        "autosize": True,
        **own,
    }
