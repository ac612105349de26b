"""What changed in a country between two moments: figures, actions, reports, seats. Never judges, never counts anew.

Each part asks the reports that the pages ask, once as things stood and once as they stand, for the same viewer: so no
change can show what neither end would. A count of contacts is said with its caveat before it, and without a direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, day, n_
from dashboard.reports import actions, indicators, moments, places, since_actions, since_figures, since_reports
from dashboard.reports.moments import Moment
from dashboard.reports.since_ends import Change, Ends

QUARTER_DAYS = 91
"""Where no meeting was held, what changed is told against so many days before."""

SUBJECTS = {
    "figures": N_("Figures"),
    "actions": N_("Actions"),
    "reports": N_("Reports"),
    "seats": N_("Seats"),
}
"""What changes are of, in the order in which they are told."""
SOURCE = N_("The record of the mechanism, as it stood at both moments")
PART = N_("You see what was published, and your own organisation's reports and actions.")


@dataclass(frozen=True)
class Since:
    """One answer: what changed, each change with both ends and as a sentence, and all of them as a table.

    `former` is the earlier moment and `then` the later one; `exchanged` says that they were asked for the other way
    round. `told` is what a viewer must know who sees a part.
    """

    country: str
    country_name: str
    former: Moment
    then: Moment
    exchanged: bool
    changes: tuple[Change, ...]
    table: Table
    answer: str
    told: tuple[str, ...]

    def sentences(self, subject: str) -> tuple[str, ...]:
        """What changed of one of SUBJECTS, a sentence each."""
        return tuple(change.said for change in self.changes if change.subject == subject)

    @property
    def text(self) -> str:
        """All of it as plain text, for minutes or a letter."""
        parts = [self.answer, *self.told]
        for subject, title in SUBJECTS.items():
            said = self.sentences(subject)
            parts += ["", _(title), *(f"- {one}" for one in said or (_("Nothing changed."),))]
        return "\n".join(parts) + "\n"


def address(country: str, earlier: str = "", later: str = "") -> str:
    """Where the page is, for a country and two moments; empty ones are left out."""
    asked = {"country": country, "from_moment": earlier, "as_of": later}
    return "/since?" + urlencode({name: value for name, value in asked.items() if value})


def choices(viewer: Viewer, house: House) -> list[tuple[str, str]]:
    """The countries that have a figure or an action that she may read, as (code, name), by name."""
    found = dict(indicators.countries(viewer, house)) | dict(actions.choices(viewer, house)[0])
    return sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def former(viewer: Viewer, house: House, then: Moment, country: str) -> Moment:
    """The last meeting of a country before a moment; where there was none, a quarter of a year before it."""
    held = house.store.read(
        "select meeting_id from meeting_now where not withdrawn and country = $country and held_on < $day"
        " and as_of_version > 0 and version <= $version order by held_on desc, meeting_id desc limit 1",
        country=country,
        day=then.day,
        version=house.store.head().version if then.version is None else then.version,
    )
    now = replace(viewer, today=then.day)
    if held:
        found = moments.moment(now, house, f"meeting:{held[0]['meeting_id']}")
        if found.past:
            return found
    return moments.moment(now, house, (then.day - timedelta(days=QUARTER_DAYS)).isoformat())


def since(viewer: Viewer, house: House, *, country: str = "", earlier: str = "", later: str = "") -> Since:
    """What changed in a country from one moment to another, by their keys (see moments.moment).

    Without an earlier one it is the last meeting before the later one, without a later one that is now. A country that
    there is not counts as none chosen. `viewer` is as of today. Raises policy.Refused.
    """
    country = places.usual(viewer, house, [code for code, _name in choices(viewer, house)], country)
    then = moments.moment(viewer, house, later)
    before = moments.moment(viewer, house, earlier) if earlier else moments.Moment("", "", None, viewer.today)
    if not before.past:
        before = former(viewer, house, then, country)
    head = house.store.head().version
    exchanged = _version(before, head) > _version(then, head)
    if exchanged:
        before, then = then, before
    ends = Ends(house, country, moments.seen_on(viewer, before), before, moments.seen_on(viewer, then), then)
    changes = tuple(
        change
        for part in (since_figures.figures, since_actions.changed, since_reports.reports, since_reports.seats)
        for change in part(ends)
    )
    name = house.library.title("countries", country)
    return Since(
        country=country,
        country_name=name,
        former=before,
        then=then,
        exchanged=exchanged,
        changes=changes,
        table=_table(name, ends, changes),
        answer=_answer(name, ends, changes),
        told=told(viewer),
    )


def _version(moment: Moment, head: int) -> int:
    return head if moment.version is None else moment.version


def told(viewer: Viewer) -> tuple[str, ...]:
    """What must be known by whoever sees a part only: that nothing changed there says nothing of others'."""
    if all(policy.scope(viewer, action).everything for action in ("view coverage", "view actions")):
        return ()
    return (_(PART),)


def words(moment: Moment) -> str:
    """A moment as a sentence names it: the day, and the meeting where it is one."""
    if not moment.past:
        return _("today")
    words = _("the meeting of {day}") if moment.key.startswith("meeting:") else "{day}"
    return words.format(day=day(moment.day))


def _answer(name: str, ends: Ends, changes: Iterable[Change]) -> str:
    found = [change.subject for change in changes]
    counts = {subject: found.count(subject) for subject in SUBJECTS}
    said = [
        n_("{count} figure moved", "{count} figures moved", counts["figures"]),
        n_("{count} action changed", "{count} actions changed", counts["actions"]),
        n_("{count} change of reports", "{count} changes of reports", counts["reports"]),
        n_("{count} change of seats", "{count} changes of seats", counts["seats"]),
    ]
    return _(
        "{country}, from {former} to {then}: {said}.",
        country=name,
        former=words(ends.before),
        then=words(ends.then),
        said="; ".join(said),
    )


def _table(name: str, ends: Ends, changes: tuple[Change, ...]) -> Table:
    columns = (
        Column("subject", _("Of what")),
        Column("what", _("What")),
        Column("before", _("Before ({moment})", moment=words(ends.before))),
        Column("now", _("After ({moment})", moment=words(ends.then))),
        Column("why", _("What was said of it")),
        Column("caveat", _("Caveat")),
    )
    rows = [(_(SUBJECTS[c.subject]), c.what, c.before, c.now, c.why, c.caveat) for c in changes]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(
        title=_("What changed: {country}", country=name),
        columns=columns,
        frame=frame,
        statuses=frame.map(lambda _value: Status.VALUE),
        as_of=since_actions.as_of(ends),
        caveats=tuple(dict.fromkeys(c.caveat for c in changes if c.caveat)),
        source=_(SOURCE),
    )
