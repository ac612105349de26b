"""Let the demonstration happen: each step at its moment, through the door that a person would use. Never around one.

Two files are checked at a time, since that is what takes long; what is written is written in the order of the story.
"""

from __future__ import annotations

import io
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.coordination import actions
from dashboard.demonstration import committee
from dashboard.demonstration.story import File, Step
from dashboard.intake import submissions
from dashboard.people import accounts, links, organisations, roster
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.record.house import House

AHEAD = 4
"""How many files may be on their way through the check, or wait behind it, while the story goes on."""


class Clock:
    """The time that the record is told: what the story says, moved on by hand. Give it to `open_house`."""

    def __init__(self, begin: datetime) -> None:
        self.now = begin

    def __call__(self) -> datetime:
        return self.now


class InItsTurn:
    """A file that is checked at once, and handed over to be kept only when its turn has come.

    `submissions.stage` takes it as an upload: the check uses its descriptor, what is kept is read from it.
    """

    def __init__(self, data: bytes) -> None:
        self._file = os.fdopen(os.memfd_create("demonstration", os.MFD_CLOEXEC), "w+b")
        self._file.write(data)
        self._file.flush()
        self.turn = threading.Event()

    def fileno(self) -> int:
        return self._file.fileno()

    def flush(self) -> None:
        self._file.flush()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def read(self) -> bytes:
        self.turn.wait()
        self._file.seek(0)
        return self._file.read()

    def close(self) -> None:
        self.turn.set()
        self._file.close()


@dataclass
class Kept:
    """What became of a file that was sent: its submission, who sent it, whether it was accepted."""

    submission_id: str
    sender: str
    accepted: bool = False


class Mechanism:
    """The house while it is being lived in: who has an account, which file became which submission."""

    def __init__(self, house: House, clock: Clock) -> None:
        self.house, self.clock = house, clock
        self.kept: dict[int, Kept] = {}
        self._pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="check")
        self._ahead: dict[int, tuple[InItsTurn, str, Future[submissions.Received]]] = {}

    @property
    def accepted(self) -> int:
        return sum(kept.accepted for kept in self.kept.values())

    @contextmanager
    def open(self) -> Iterator[Mechanism]:
        """Ends the threads, whatever became of the story."""
        try:
            yield self
        finally:
            for upload, _sender, _future in self._ahead.values():
                upload.close()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def live(self, steps: list[Step], said: Callable[[Step], None] = lambda _step: None) -> None:
        """Take all steps. Raises RuntimeError naming the file that the intake did not take."""
        for number, step in enumerate(steps):
            self._look_ahead(steps, number)
            self.clock.now = max(self.clock.now, step.at)
            said(step)
            _DOORS[step.what](self, step)

    # Who does it

    def account(self, email: str) -> str:
        return roster.roster(self.house).by_email[email].account_id

    def viewer(self, account_id: str, day: date | None = None) -> Viewer:
        found = roster.roster(self.house).accounts[account_id]
        return roster.viewer(self.house, found, day or self.clock.now.date())

    def secretariat(self) -> Viewer:
        return next(self._of(lambda a: a.holds(roster.SECRETARIAT, self.clock.now.date())))

    def _of(self, wanted: Callable[[roster.Account], bool], day: date | None = None) -> Iterator[Viewer]:
        for account in roster.roster(self.house).accounts.values():
            if wanted(account) and not account.disabled:
                yield self.viewer(account.account_id, day)

    def candidates(self, organisation_code: str, country: str, day: date | None = None) -> Iterator[Viewer]:
        """Who may do something for an organisation, those who are nearest to it first."""
        grants = {
            "agency": {"organisation_code": organisation_code},
            "coordinator": {"country": country},
            "secretariat": {},
        }
        for role, place in grants.items():
            yield from self._of(
                lambda a, role=role, place=place: any(  # type: ignore[misc]
                    g.role == role and all(getattr(g, name) == value for name, value in place.items()) for g in a.grants
                ),
                day,
            )

    # Files

    def _look_ahead(self, steps: list[Step], number: int) -> None:
        """Begin with the check of the next files, up to where people or registers change."""
        for step in itertools.islice(steps, number, None):
            file = step.file
            if step.what == "refuse" and step is not steps[number]:
                return  # that it was refused is written at once
            if step.what in ("send", "refuse") and file is not None and id(file) not in self._ahead:
                if len(self._ahead) >= AHEAD:
                    return
                self.begin(file, step.at)
            elif step.what in ("invite", "train") or (
                step.what == "accept" and file is not None and file.dataset == "members"
            ):
                return

    def begin(self, file: File, at: datetime) -> None:
        """Have a file checked that will be sent at a moment; nothing is kept of it before `received`."""
        upload, day = InItsTurn(file.data()), max(self.clock.now, at).date()
        country = organisations.country_of(self.house, file.organisation_code)
        sender = next(
            viewer
            for viewer in self.candidates(file.organisation_code, country, day)
            if submissions.may_send(viewer, self.house, file.dataset, file.organisation_code, country)
        )
        future = self._pool.submit(
            submissions.stage,
            sender,
            self.house,
            upload,
            dataset=file.dataset,
            organisation_code=file.organisation_code,
            period=file.period,
            now=max(self.clock.now, at),
        )
        self._ahead[id(file)] = (upload, sender.account_id, future)

    def received(self, file: File) -> submissions.Received:
        """Let a file be kept, now that it is its turn."""
        upload, sender, future = self._ahead[id(file)]
        upload.turn.set()
        try:
            received = future.result()
        finally:
            del self._ahead[id(file)]
            upload.close()
        if received.submission_id:
            self.kept[id(file)] = Kept(received.submission_id, sender)
        return received

    def reviewed(self, file: File, door: Callable[[Viewer], None]) -> None:
        """Let the country's coordinator review a file, or the secretariat; its sender only when nobody else may."""
        kept, country = self.kept[id(file)], organisations.country_of(self.house, file.organisation_code)
        reviewers = [v for v in self.candidates(file.organisation_code, country) if not v.roles <= {"agency"}]
        for viewer in sorted(reviewers, key=lambda v: v.account_id == kept.sender):
            try:
                return door(viewer)
            except policy.Refused:
                continue
        raise RuntimeError(f"Nobody may review the file on {file.name}.")


# The doors, one for each kind of step


def _invite(mechanism: Mechanism, step: Step) -> None:
    row, now = step.row, mechanism.clock.now
    first = row["role"] == roster.SECRETARIAT
    links.invite(
        policy.operator(now.date()) if first else mechanism.secretariat(),
        mechanism.house,
        email=row["email"],
        name=row["name"],
        role=row["role"],
        organisation_code=row["organisation_code"],
        country=row["country"],
        now=now,
    )


def _train(mechanism: Mechanism, step: Step) -> None:
    day = date.fromisoformat(step.row["day"])
    accounts.record_training(
        mechanism.secretariat(),
        mechanism.house,
        mechanism.account(step.row["email"]),
        completed_on=day,
        undertaking_on=day,
    )


def _send(mechanism: Mechanism, step: Step) -> None:
    file = _file(step)
    received = mechanism.received(file)
    if not received.submission_id:
        said = "; ".join(f"{p.message} {p.fix}" for p in received.outcome.problems[:5])
        raise RuntimeError(f"The file on {file.name} was refused: {said}")
    sender = mechanism.viewer(mechanism.kept[id(file)].sender)
    submissions.submit(sender, mechanism.house, received.submission_id)


def _file(step: Step) -> File:
    assert step.file is not None, step.what
    return step.file


def _refuse(mechanism: Mechanism, step: Step) -> None:
    if mechanism.received(_file(step)).submission_id:
        raise RuntimeError(f"The file on {_file(step).name} was to be refused and was taken.")


def _accept(mechanism: Mechanism, step: Step) -> None:
    kept = mechanism.kept[id(step.file)]
    mechanism.reviewed(_file(step), lambda viewer: submissions.accept(viewer, mechanism.house, kept.submission_id))
    kept.accepted = True


def _return(mechanism: Mechanism, step: Step) -> None:
    submission_id = mechanism.kept[id(step.file)].submission_id
    mechanism.reviewed(
        _file(step), lambda viewer: submissions.send_back(viewer, mechanism.house, submission_id, step.comment)
    )


def _withdraw(mechanism: Mechanism, step: Step) -> None:
    kept = mechanism.kept[id(step.file)]

    def door(viewer: Viewer) -> None:
        submissions.withdraw(viewer, mechanism.house, kept.submission_id, step.comment)

    if kept.accepted:
        mechanism.reviewed(_file(step), door)
    else:
        door(mechanism.viewer(kept.sender))


def _change(mechanism: Mechanism, step: Step) -> None:
    row, country = step.row, step.row["action_code"][:3]
    who = (
        mechanism.viewer(mechanism.account(row["by"]))
        if row["by"]
        else next(v for v in mechanism.candidates("", country) if policy.may(v, "change actions", country=country))
    )
    due_on = date.fromisoformat(row["due"]) if row["due"] else None
    said = {name: row[name] for name in ("note", "evidence")}
    actions.change(who, mechanism.house, row["action_code"], state=row["state"] or None, due_on=due_on, **said)


def _release(mechanism: Mechanism, step: Step) -> None:
    release.publish(mechanism.secretariat(), mechanism.house, note=step.row["note"])


_DOORS: dict[str, Callable[[Mechanism, Step], None]] = {
    "invite": _invite,
    "train": _train,
    "send": _send,
    "refuse": _refuse,
    "accept": _accept,
    "return": _return,
    "withdraw": _withdraw,
    "change": _change,
    "meet": committee.meet,
    "plan": committee.plan,
    "follow": committee.follow,
    "release": _release,
}
