"""The links at the head of every page, for one viewer. Never decides who may follow them."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.protection.policy import Viewer
from dashboard.reference.text import _
from dashboard.web import guard


@dataclass(frozen=True)
class Item:
    """A label in the reader's language and the address it leads to. `dash` says that Dash draws the page there."""

    label: str
    path: str
    dash: bool = False

    def holds(self, path: str) -> bool:
        """Whether a page is one of those that this one lists: /indicator/P-CAP-1 of /indicators."""
        return self.path != "/" and path.startswith((f"{self.path}/", f"{self.path[:-1]}/"))


def items(viewer: Viewer) -> list[Item]:
    """What the viewer can open, in the order that the pages chose."""
    registered = guard.registry()
    found = [(p.order, p.nav, p.path, True, p.permission) for p in registered.pages if p.nav]
    found += [(r.order, r.nav, r.rule, False, r.permission) for r in registered.routes if r.nav]
    return [
        Item(_(label), path, dash)
        for __, label, path, dash, permission in sorted(found, key=lambda item: (item[0], item[2]))
        if guard.admitted(viewer, permission)
    ]
