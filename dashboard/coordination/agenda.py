"""The write door for a meeting's agenda: lines added, worded, moved, left out. Never draws what they are about.

A line's `note` is what the meeting said about it, in the words of the minutes.
"""

from __future__ import annotations

from collections.abc import Iterable

from uuid_utils import uuid7

from dashboard.coordination import together
from dashboard.coordination.notes import fitting, screened, tidy
from dashboard.coordination.together import Topic
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.record.transaction import Row, Write
from dashboard.reference.text import N_, _, number

SUBJECTS = {
    "": N_("Nothing that the dashboard shows"),
    "attendance": N_("Who is here"),
    "plan": N_("Where the plan stands"),
    "overdue": N_("Actions that are late"),
    "reports": N_("Who has not reported"),
    "coverage": N_("Which services are missing"),
    "seats": N_("Which seats are vacant"),
    "decisions": N_("Decisions that no action follows"),
    "agreed": N_("What this meeting decided"),
}
"""What a line may be about; besides these, `indicator:<code>` is about the figure of an indicator."""
INDICATOR = "indicator:"
TITLE, NOTE = (3, 120), 2000
MINUTES = 240
MOST = 40
"""So many lines an agenda has at most: no meeting gets through more."""

_LINE = (
    "select * from agenda_item where item_id = $id qualify row_number() over (partition by item_id order by version"
    " desc) = 1"
)
_LINES = (
    "select * from agenda_item where meeting_id = $meeting and version <= $version"
    " qualify row_number() over (partition by item_id order by version desc) = 1"
)
_MISSING = N_("This line is not on the agenda any more. Load the page again.")


def put(viewer: Viewer, write: Write, meeting_id: str, topics: Iterable[Topic]) -> list[str]:
    """Add lines at the end of an agenda, within an open write; returns their ids. Raises NotPossible."""
    standing = [row for row in _standing(write, meeting_id)]
    place = max((row["place"] for row in standing), default=0)
    rows: list[Row] = []
    for topic in topics:
        place += 1
        rows.append(
            {
                "item_id": str(uuid7()),
                "meeting_id": meeting_id,
                "place": place,
                "title": fitting(topic.title, *TITLE, name=N_("the words of a line of the agenda")),
                "subject": topic.subject,
                "minutes": _minutes(topic.minutes),
                "by_account": viewer.account_id,
            }
        )
    if len(standing) + len(rows) > MOST:
        raise NotPossible(_("An agenda has at most {count} lines. Leave one out before you add another.", count=MOST))
    write.add("agenda_item", *rows)
    return [row["item_id"] for row in rows]


def add(viewer: Viewer, house: House, meeting_id: str, topic: Topic) -> str:
    """Put a line at the end of the agenda; returns its id. Raises policy.Refused and NotPossible."""
    _fits(house, topic.subject)
    with house.store.write("coordination", by=viewer.account_id) as write:
        together.open_meeting(viewer, write, meeting_id)
        if topic.subject and any(row["subject"] == topic.subject for row in _standing(write, meeting_id)):
            raise NotPossible(_("This stands on the agenda already."))
        [item_id] = put(viewer, write, meeting_id, [topic])
        house.store.audit("agenda line added", by=viewer.account_id, subject=meeting_id)
        return item_id


def word(
    viewer: Viewer, house: House, item_id: str, *, title: str, minutes: int | None = None, knowing: int | None = None
) -> None:
    """Word a line anew, or give it more or less time. Raises policy.Refused, NotPossible and Newer."""
    title = fitting(title, *TITLE, name=N_("the words of a line of the agenda"))
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = _open(viewer, write, item_id)
        new = {"title": title, "minutes": row["minutes"] if minutes is None else _minutes(minutes)}
        if all(row[name] == value for name, value in new.items()):
            raise NotPossible(_("Nothing was changed."))
        together.nothing_newer(write, row, knowing, f"{row['title']} ({row['minutes']})")
        write.add("agenda_item", together.bare(row) | new | {"by_account": viewer.account_id})
        house.store.audit("agenda line worded", by=viewer.account_id, subject=row["meeting_id"])


def note(viewer: Viewer, house: House, item_id: str, words: str, *, saw: str | None = None) -> str:
    """Keep what the meeting said about a line, in place of what stood there; returns it as it is kept.

    `saw` is what the page showed there; None asks for no comparison. What stands there already may be sent again.
    Raises policy.Refused, NotPossible, and Newer where somebody else wrote something else in between.
    """
    words = screened(tidy_lines(words))
    if len(words) > NOTE:
        raise NotPossible(
            _("Write at most {most} characters; yours are {count}.", most=number(NOTE), count=number(len(words)))
        )
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = _open(viewer, write, item_id, together.RUNNING)
        if saw is not None and row["note"] not in (tidy_lines(saw), words):
            raise together.newer(write, row, row["note"])
        write.add("agenda_item", together.bare(row) | {"note": words, "by_account": viewer.account_id})
        house.store.audit("agenda line noted", by=viewer.account_id, subject=row["meeting_id"])
        return words


def move(viewer: Viewer, house: House, item_id: str, *, up: bool) -> None:
    """Let a line change places with the one before or after it. Raises policy.Refused and NotPossible."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = _open(viewer, write, item_id)
        lines = _standing(write, row["meeting_id"])
        at = [line["item_id"] for line in lines].index(item_id)
        other = at - 1 if up else at + 1
        if not 0 <= other < len(lines):
            raise NotPossible(_("This line is first already.") if up else _("This line is last already."))
        lines[at], lines[other] = lines[other], lines[at]
        for place, line in enumerate(lines, start=1):
            if line["place"] != place:
                write.add("agenda_item", together.bare(line) | {"place": place, "by_account": viewer.account_id})
        house.store.audit("agenda line moved", by=viewer.account_id, subject=row["meeting_id"])


def leave_out(viewer: Viewer, house: House, item_id: str) -> None:
    """Take a line off the agenda; its row stays. Refused where something was decided or noted under it."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = _open(viewer, write, item_id)
        decided = write.read("select 1 as yes from decision_now where item_id = $id and not withdrawn", id=item_id)
        if decided or row["note"]:
            raise NotPossible(_("Something was decided or written under this line, so it stays on the agenda."))
        write.add("agenda_item", together.bare(row) | {"removed": True, "by_account": viewer.account_id})
        house.store.audit("agenda line left out", by=viewer.account_id, subject=row["meeting_id"])


def tidy_lines(words: str) -> str:
    """The text with its lines kept, each without blanks at its ends and none empty."""
    return "\n".join(filter(None, (tidy(line) for line in words.splitlines())))


def _open(viewer: Viewer, write: Write, item_id: str, *states: str) -> Row:
    """A line of a meeting that the viewer may change. Raises policy.Refused and NotPossible."""
    row = together.line(write, _LINE, item_id, _(_MISSING))
    together.open_meeting(viewer, write, row["meeting_id"], *states)
    if row["removed"]:
        raise NotPossible(_(_MISSING))
    return row


def _standing(write: Write, meeting_id: str) -> list[Row]:
    rows = write.read(_LINES, meeting=meeting_id, version=write.version)
    return sorted((row for row in rows if not row["removed"]), key=lambda row: (row["place"], row["item_id"]))


def _fits(house: House, subject: str) -> None:
    known = subject in SUBJECTS or subject.removeprefix(INDICATOR) in house.library.indicators
    if not known or (subject not in SUBJECTS and not subject.startswith(INDICATOR)):
        raise NotPossible(_("“{subject}” is nothing that a line can be about.", subject=subject[:40]))


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= MINUTES:
        raise NotPossible(_("Give a line 1 to {most} minutes.", most=MINUTES))
    return minutes
