"""What the doors of a meeting share: which meeting it is, who may change it, who was first. Never merges two texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.transaction import Row, Write
from dashboard.reference import text
from dashboard.reference.text import _

PLANNED, RUNNING, CLOSED = "planned", "running", "closed"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Topic:
    """One line of an agenda before it is kept: its words, what it is about (see `agenda.SUBJECTS`), how long."""

    title: str
    subject: str = ""
    minutes: int = 10


class Newer(NotPossible):
    """Somebody else changed the same line after the page was drawn: `theirs` is how it stands now, since `version`.

    Nothing was saved and nothing was merged; whoever typed still has what she typed.
    """

    def __init__(self, sentence: str, theirs: str, version: int) -> None:
        super().__init__(sentence)
        self.theirs, self.version = theirs, version


def state_of(row: Row) -> str:
    """The state of a meeting's row; one that was only recorded as held is closed."""
    return str(row["state"] or CLOSED)


def meeting(viewer: Viewer, write: Write, meeting_id: str) -> Row:
    """The meeting as it stands, without its stamp, for who may change it. Raises policy.Refused.

    A meeting that is not there and one of another country are answered in the same words.
    """
    policy.require(viewer, "change actions")
    rows = write.read("select * exclude (version, recorded_at) from meeting_now where meeting_id = $id", id=meeting_id)
    if not rows or not policy.may(viewer, "change actions", country=rows[0]["country"]).allowed:
        raise policy.Refused(_("This meeting does not exist, or it is not yours to change."))
    return rows[0]


def open_meeting(viewer: Viewer, write: Write, meeting_id: str, *states: str) -> Row:
    """The same while it can be changed: in one of `states` (none: planned or running). Raises NotPossible."""
    found = meeting(viewer, write, meeting_id)
    if found["withdrawn"]:
        raise NotPossible(_("This meeting was withdrawn. Bring it back before you change it."))
    if state_of(found) == CLOSED:
        raise NotPossible(_("This meeting is closed: it shows for ever what was known and agreed then."))
    if states and state_of(found) not in states:
        raise NotPossible(
            _("This meeting has not begun. Start it first.")
            if state_of(found) == PLANNED
            else _("This meeting has begun already.")
        )
    return found


def line(write: Write, sql: str, line_id: str, missing: str) -> Row:
    """The one row that `sql` finds for $id, or NotPossible with `missing`."""
    rows = write.read(sql, id=line_id)
    if not rows:
        raise NotPossible(missing)
    return rows[0]


def nothing_newer(write: Write, row: Row, knowing: int | None, theirs: str) -> None:
    """Pass while the row is the one that the page showed: `knowing` is its version, None asks for no comparison.

    Raises Newer with `theirs`, the words that stand there now.
    """
    if knowing is not None and knowing != row["version"]:
        raise newer(write, row, theirs)


def newer(write: Write, row: Row, theirs: str) -> Newer:
    """What whoever came second is told: who was first, when, and how it stands now."""
    named = write.read("select name from account_now where account_id = $id", id=row["by_account"])
    return Newer(
        _(
            "{who} changed this on {when}, after your screen showed it. Nothing was merged: below stands what holds"
            " now, and what you typed is still in its field. Save again to put yours in its place.",
            who=named[0]["name"] if named else row["by_account"],
            when=text.moment(row["recorded_at"]),
        ),
        theirs,
        int(row["version"]),
    )


def bare(row: Row) -> Row:
    """A row without its stamp, ready to be added again with what changed."""
    return {name: value for name, value in row.items() if name not in ("version", "recorded_at")}


def own_id(sent: str) -> str:
    """An id that a browser made, so that what it sends twice is kept once; empty for what is none."""
    return sent if _ID.fullmatch(sent) else ""
