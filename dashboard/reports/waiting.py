"""What waits for one person: files to send, to mend and to review, actions, her training. Never lists what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dashboard.protection import policy
from dashboard.protection.policy import Reach, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import N_, _, day, n_
from dashboard.reports import action_words, actions, released, reporting, submissions

SOON_DAYS = 30
"""So many days before a training ends, the person is told."""
NAMED = 5
"""So many files or actions of one kind are named one by one; of more, the rest is a number."""


@dataclass(frozen=True)
class Item:
    """One thing to do: what, where it leads (empty: nowhere), until when in words, and whether that day has passed."""

    kind: str
    title: str
    href: str
    until: str = ""
    overdue: bool = False


def waiting(viewer: Viewer, house: House) -> tuple[Item, ...]:
    """Everything that waits for this viewer now, what is overdue first. Asks each door what she may do.

    Kinds: "mend" (returned files), "send" (due or overdue), "finish" (checked, not submitted), "review", "action",
    "release" (a draft to decide on), "training". Raises nothing for a viewer without a role: nothing waits for her.
    """
    if not viewer.valid_grants:
        return ()
    found = [
        *_files(viewer, house),
        *_review(viewer, house),
        *_release(viewer, house),
        *_actions(viewer, house),
        *_training(viewer),
    ]
    return tuple(sorted(found, key=lambda item: not item.overdue))


def _files(viewer: Viewer, house: House) -> list[Item]:
    """What her own organisation owes for the quarter that ended, and what it has begun or has to mend."""
    period = str(periods.last_ended(viewer.today))
    label, found = periods.parse(period).label, []
    for owed in reporting.mine(viewer, house, period=period):
        if owed.state == "missing":
            found.append(
                Item(
                    "send",
                    _("Send {title} for {period}", title=owed.title, period=label),
                    f"/submit?dataset={owed.dataset}&period={period}&organisation={owed.organisation_code}",
                    _("was due on {day}", day=day(owed.due_on))
                    if owed.standing == "missing"
                    else _("due on {day}", day=day(owed.due_on)),
                    owed.standing == "missing",
                )
            )
    if policy.reach(viewer, "send submissions") < Reach.OWN_ORGANISATION:
        return found
    for state, kind, words in (
        ("returned", "mend", N_("Mend {title} for {period}: it was returned with a comment")),
        ("staged", "finish", N_("Submit {title} for {period}: it was checked and not handed in")),
    ):
        rows = [
            row
            for row in submissions.listing(viewer, house, state)
            if row["organisation_code"] == viewer.organisation_code and not _replaced(house, row)
        ]
        found += [
            Item(
                kind,
                _(words, title=row["title"], period=periods.parse(row["period"]).label),
                f"/submission/{row['submission_id']}",
                _("since {day}", day=day(row["state_at"])),
            )
            for row in rows[:NAMED]
        ]
    return found


def _replaced(house: House, row: dict[str, object]) -> bool:
    """Whether a later file for the same place was handed in since: then this one waits for nobody."""
    return bool(
        house.store.read(
            "select 1 as yes from submission_now where dataset = $dataset and organisation_code = $organisation"
            " and period = $period and submission_id <> $id and state in ('submitted', 'accepted')"
            " and state_version > $version limit 1",
            dataset=row["dataset"],
            organisation=row["organisation_code"],
            period=row["period"],
            id=row["submission_id"],
            version=row["state_version"],
        )
    )


def _review(viewer: Viewer, house: House) -> list[Item]:
    """Files that she may review, the oldest first."""
    if policy.reach(viewer, "review submissions") < Reach.OWN_ORGANISATION:
        return []
    scope = policy.scope(viewer, "review submissions")
    rows = [
        row
        for row in submissions.listing(viewer, house, "submitted")
        if scope.holds(row["organisation_code"], row["country"])
    ]
    rows.sort(key=lambda row: row["state_at"])
    found = [
        Item(
            "review",
            _(
                "Review {title} of {organisation}, {period}",
                title=row["title"],
                organisation=row["organisation"],
                period=periods.parse(row["period"]).label,
            ),
            f"/submission/{row['submission_id']}",
            _("since {day}", day=day(row["state_at"])),
        )
        for row in rows[:NAMED]
    ]
    if len(rows) > NAMED:
        more = len(rows) - NAMED
        found.append(
            Item(
                "review",
                n_("Review {count} more file", "Review {count} more files", more),
                "/submissions?state=submitted",
            )
        )
    return found


def _release(viewer: Viewer, house: House) -> list[Item]:
    """A draft of a release that nobody has decided on."""
    if not policy.may(viewer, "release").allowed:
        return []
    return [
        Item(
            "release",
            _("Publish the draft of a release, or drop it"),
            "/releases",
            _("since {day}", day=day(row["drafted_at"])),
        )
        for row in released.listing(house)
        if row["state"] in released.UNDECIDED
    ]


def _actions(viewer: Viewer, house: House) -> list[Item]:
    """Open actions that her own organisation leads and that are late, to be looked at again or due soon."""
    soon = viewer.today + timedelta(days=SOON_DAYS)
    rows = [row for row in actions.waiting(viewer, house) if row["due_on"] <= soon]
    found = [
        Item("action", row["title"], f"/actions?action={row['action_code']}", _until(row), row["days_overdue"] > 0)
        for row in rows[:NAMED]
    ]
    if len(rows) > NAMED:
        more = len(rows) - NAMED
        found.append(Item("action", n_("{count} more action", "{count} more actions", more), "/actions"))
    return found


def _until(row: Mapping[str, Any]) -> str:
    """When an action is due, or was; of one that nobody is to hurry, its warning in place of the day that passed."""
    if row["apart"]:
        return _(action_words.AGAIN)
    if row["days_overdue"]:
        return _("was due on {day}", day=day(row["due_on"]))
    return _("due on {day}", day=day(row["due_on"]))


def _training(viewer: Viewer) -> list[Item]:
    """Her training on contact counts, when it ends soon or has ended."""
    until = viewer.training_until
    if until is None or until > viewer.today + timedelta(days=SOON_DAYS):
        return []
    over = until < viewer.today
    return [
        Item(
            "training",
            _("Renew your training on contact counts: ask the secretariat for the next one"),
            "",
            _("ended on {day}", day=day(until)) if over else _("valid until {day}", day=day(until)),
            over,
        )
    ]
