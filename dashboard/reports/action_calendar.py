"""The due dates of actions as an iCalendar file (RFC 5545), for whoever may see them. Never holds a note or a person.

Each open action is a whole day that keeps no time busy. One that was closed before its day stands in the file as
cancelled, so that a calendar which took it earlier lets it go.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from dashboard.coordination.standing import STATES
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reports import action_words, actions
from dashboard.reports.actions import Action

FOLD = 75
"""Bytes that a line may have, without its end (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def address(**asked: str) -> str:
    """Where the file is, for an organisation or a country; empty ones are left out."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return "/actions.ics" + (f"?{query}" if query else "")


def calendar(viewer: Viewer, house: House, base: str, *, organisation: str = "", country: str = "") -> str:
    """The actions that an organisation leads or supports, or those of a country, or all that the viewer may see.

    `base` is where links lead, without a slash at its end. Empty where there is no such action: a calendar without an
    entry is no valid one. Raises policy.Refused.
    """
    found = actions.actions(viewer, house, country=country)
    chosen = [a for a in found.rows if organisation in ("", a.lead, *a.support)]
    shown = [a for a in chosen if not a.closed or a.due_on >= viewer.today]
    if not shown:
        return ""
    names = [a.lead_name for a in shown if a.lead == organisation] or [organisation]
    title = _("Actions: {whose}", whose=names[0]) if organisation else _("Actions agreed by the mechanism")
    if house.settings.demo:
        title = _("{title} (demonstration data)", title=title)
    made = found.table.as_of.recorded_at or datetime.min.replace(tzinfo=UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Coordination dashboard//Actions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
        *(line for action in shown for line in _event(action, base, made, house.settings.demo)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(found: Action, base: str, made: datetime, demo: bool) -> Iterable[str]:
    link = f"{base}/actions?action={quote(found.action_code)}"
    told = [
        *([_("Demonstration data.")] if demo else []),
        *([f"{_(action_words.RESTRICTS)}."] if found.restricts else []),
        found.changes_for_survivor,
        _("Leads: {lead}.", lead=found.lead_name),
        *([_("Supports: {names}.", names="; ".join(found.support_names))] if found.support else []),
        _("State: {state}.", state=_(STATES[found.state])),
        link,
    ]
    host = base.split("://")[-1].split(":")[0].split("/")[0]
    return (
        "BEGIN:VEVENT",
        f"UID:{found.action_code}@{host}",
        f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{found.changes}",
        f"DTSTART;VALUE=DATE:{found.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{found.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(_('Due: {title}', title=found.title))}",
        f"DESCRIPTION:{escaped(chr(10).join(told))}",
        f"CATEGORIES:{escaped(found.country_name)}",
        f"URL:{link}",
        f"STATUS:{'CANCELLED' if found.closed else 'CONFIRMED'}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def escaped(text: str) -> str:
    """A value of the type TEXT (RFC 5545, 3.3.11); other control characters are left out (3.1)."""
    plain = "".join(c for c in text if c in "\n\t" or (c >= " " and c != "\x7f"))
    return plain.translate(_ESCAPED)


def folded(line: str) -> str:
    """The line in pieces of at most FOLD bytes, none of which cuts a character; each but the first after a blank."""
    pieces, piece, size = [], "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + length
    return "\r\n".join([*pieces, piece])
