"""One screen of meeting mode as parts of HTML, each with a digest: a browser asks for what it does not have yet.

Forty people look at the same screen: what does not depend on the person is made once. Never holds a token or a name of
whoever looks.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from dashboard.coordination import attendance, decisions
from dashboard.coordination.agenda import NOTE
from dashboard.coordination.seats import seats
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import language
from dashboard.reports import actions, meetings, moments
from dashboard.reports.meetings import Detail, Line
from dashboard.web import first, meeting_figures

PARTS = ("bar", "topic", "attendance", "note", "decisions", "decide", "end")
"""The parts of a screen, from top to bottom. One that a screen does not have is empty."""
KEPT = 128
_UNDRAWN = '<div class="first-chart wide"></div>'


@dataclass(frozen=True)
class Screen:
    """One line of an agenda on a screen: the parts by name, each (digest, HTML). An empty digest is asked for again."""

    item_id: str
    parts: Mapping[str, tuple[str, Markup]]

    def unknown(self, known: set[str]) -> dict[str, dict[str, str]]:
        """The parts whose digest is not among `known`, as they travel."""
        return {
            name: {"digest": digest, "html": said}
            for name, (digest, said) in self.parts.items()
            if not digest or f"{name}-{digest}" not in known
        }


_made: OrderedDict[Hashable, Screen] = OrderedDict()
_locks: dict[Hashable, threading.Lock] = {}
_guard = threading.Lock()


def screen(viewer: Viewer, house: House, meeting_id: str, item_id: str = "") -> Screen:
    """The screen of a line, or of the first one where the agenda has no such line. Raises policy.Refused."""
    policy.require(viewer, "view actions")
    head = house.store.head()
    item_id = meetings.item(house, meeting_id, item_id)  # what is no line is kept once
    moved = (head.coordination, head.figures, head.intake, head.published)
    key = (house.settings.data, meeting_id, item_id, *moved, language(), _sight(viewer))
    with _guard:
        if key in _made:
            _made.move_to_end(key)
            return _made[key]
        lock = _locks.setdefault(key, threading.Lock())
    with lock:  # the others wait for the one that makes it
        with _guard:
            if key in _made:
                return _made[key]
        try:
            made = _screen(viewer, house, meetings.meeting(viewer, house, meeting_id), item_id)
            with _guard:
                if all(digest for digest, _said in made.parts.values()):
                    _made[key] = made
                while len(_made) > KEPT:
                    _made.popitem(last=False)
        finally:
            with _guard:
                _locks.pop(key, None)
    return made


def _sight(viewer: Viewer) -> Hashable:
    """What a screen depends on of who looks: her day, her caps and the reach of what she reads; never who she is."""
    reads = ("view actions", "view coverage", "view contacts", "view contact lines")
    change = policy.scope(viewer, "change actions")
    return (
        viewer.today,
        viewer.caps,
        tuple((policy.scope(viewer, action), policy.reach(viewer, action)) for action in reads),
        change.everything,
        change.countries,
    )


def _screen(viewer: Viewer, house: House, detail: Detail, item_id: str) -> Screen:
    line = next((one for one in detail.lines if one.item_id == item_id), detail.lines[0] if detail.lines else None)
    found = detail.meeting
    then = moments.moment(viewer, house, found.key)
    seen = moments.seen_on(viewer, then)
    meeting_id = found.meeting_id
    shown = meeting_figures.shown(seen, house, then, found.country, line.subject, meeting_id) if line else None
    named: dict[str, Any] = {
        "detail": detail,
        "meeting": found,
        "line": line,
        "shown": shown,
        "figure": first.paint(shown.figure) if shown and shown.figure is not None else "",
        "states": attendance.STATES,
        "attended": meetings.attended(detail),
        "counted": meetings.counted(
            len(detail.decisions), sum(not (one.action_code or one.since) for one in detail.decisions)
        ),
        "attendance_words": meetings.attendance_words,
        "standings": meetings.STANDINGS,
        "may": found.may_change and not found.withdrawn,
        "may_write": found.may_change and found.running and not found.withdrawn,
        "longest": NOTE,
        "text_longest": decisions.TEXT[1],
        **_offered(viewer, house, detail, line),
    }
    parts = {name: _part(name, named) for name in PARTS}
    return Screen(line.item_id if line else "", parts)


def _offered(viewer: Viewer, house: House, detail: Detail, line: Line | None) -> dict[str, Any]:
    """What can be chosen in the forms: who is bound, who leads, and the open actions that may follow."""
    found = detail.meeting
    if not (found.may_change and line):
        return {"bodies": [], "leads": [], "follows": []}
    open_ones = actions.actions(viewer, house, country=found.country, state=actions.UNFINISHED).rows
    listed = seats(house.store.read, house.store.head().version)
    bodies = [s for s in listed.values() if s.organisation_code.startswith(f"{found.country}-")]
    others = [s for s in listed.values() if s not in bodies]
    return {"bodies": bodies, "leads": [*bodies, *others], "follows": open_ones}


def _part(name: str, named: Mapping[str, Any]) -> tuple[str, Markup]:
    template = current_app.jinja_env.get_template("meeting_parts.html")
    said = Markup(template.render(part=name, **named).strip())  # escaped there, as every template is
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    return ("" if _UNDRAWN in said else digest), said
