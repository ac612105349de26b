"""Draft and attack a release in a thread of the process, one at a time, and say how far it is. Never publishes one.

It goes on when nobody watches. When the process ends before it is done nothing of it is left: the record first hears of
a draft when the attack's report is there, and what no row names is removed.
"""

from __future__ import annotations

import json
import logging
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.charts import svg
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.protection.suppress import NotProtectable
from dashboard.publication import attacking, folders
from dashboard.publication import draft as making
from dashboard.publication.attacking import Report
from dashboard.record.errors import StoreError
from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reference.text import N_, _
from dashboard.reports import released

log = logging.getLogger("dashboard")

STAGES = {
    "gather": (N_("Gathering what was accepted"), 2),
    "protect": (N_("Hiding small counts, and what would give them away"), 30),
    "write": (N_("Writing the pages and tables"), 10),
    "read": (N_("Reading the files back, as the public can"), 3),
    "attack": (N_("Trying to work out every hidden figure from outside"), 25),
    "insiders": (N_("The same as each organisation that knows its own figures"), 30),
}
"""What is done, in this order, each with about how much of the time it takes."""


@dataclass(frozen=True)
class Progress:
    """How far a draft is: its stage (one of STAGES), how much of the whole is done (0 to 1), and what became of it.

    `failed` says why it could not be made; empty while it runs and when it is there.
    """

    release_id: str
    started_at: datetime
    by_account: str
    stage: str = "gather"
    share: float = 0.0
    running: bool = True
    failed: str = ""

    @property
    def words(self) -> str:
        """What is being done, for people."""
        return _(STAGES[self.stage][0])


class Desk:
    """Where drafts of one record are made.

    `shelf` is held by whoever moves folders or says what became of them, `queue` by who publishes in one go. Of more
    organisations than `insiders` a sample attacks a draft from inside; the report says so. `undone` is what could not
    be brought in line with the record when it was tried last: whoever looks next reads it.
    """

    def __init__(self) -> None:
        self.shelf, self.queue = threading.RLock(), threading.Lock()
        self.insiders = attacking.EVERYBODY
        self.undone = ""
        self._turn = threading.Lock()
        self._progress: Progress | None = None

    @property
    def progress(self) -> Progress | None:
        return self._progress

    @property
    def under_way(self) -> frozenset[str]:
        """The drafts that no row names yet, and that are no leftovers."""
        now = self._progress
        return frozenset({now.release_id} if now and now.running else ())

    def begin(self, viewer: Viewer, house: House, *, wait: bool) -> Progress:
        """Take the turn. Raises NotPossible while another draft is made (unless it may `wait`) or is undecided."""
        if not self._turn.acquire(blocking=wait):
            raise NotPossible(_("A release is being prepared already. Wait until it is done."))
        try:
            undecided(house)
            made = Progress(making.new_id(house), house.store.clock(), viewer.account_id)
        except BaseException:
            self._turn.release()
            raise
        self._progress = made
        return made

    def tell(self, stage: str, done: int, total: int) -> None:
        names = list(STAGES)
        before = sum(STAGES[name][1] for name in names[: names.index(stage)])
        share = (before + STAGES[stage][1] * (done / total if total else 1)) / sum(part for _n, part in STAGES.values())
        if self._progress is not None:
            self._progress = replace(self._progress, stage=stage, share=share)

    def end(self, failed: str = "") -> None:
        if self._progress is not None:
            self._progress = replace(self._progress, running=False, failed=failed)
        self._turn.release()


_desks: WeakKeyDictionary[Store, Desk] = WeakKeyDictionary()
_desks_lock = threading.Lock()


def desk(house: House) -> Desk:
    """The one of this record."""
    with _desks_lock:
        return _desks.setdefault(house.store, Desk())


def undecided(house: House) -> None:
    """Pass, or raise NotPossible when a draft is there that nobody has decided on."""
    if any(row["state"] in released.UNDECIDED for row in released.listing(house)):
        raise NotPossible(_("There is a draft already. Publish it or drop it, then prepare a new one."))


def start(viewer: Viewer, house: House) -> str:
    """Begin to draft a release; returns its id at once. Raises policy.Refused and NotPossible."""
    policy.require(viewer, "release")
    where = desk(house)
    made = where.begin(viewer, house, wait=False)
    try:
        house.store.audit("release begun", by=viewer.account_id, subject=made.release_id)
        threading.Thread(target=_run, args=(viewer, house, made, where), name="release", daemon=True).start()
    except BaseException:
        where.end()
        raise
    return made.release_id


def make(viewer: Viewer, house: House) -> str:
    """The same, and return when it is done.

    Raises policy.Refused, and NotPossible or StoreError saying why it could not be made.
    """
    policy.require(viewer, "release")
    where = desk(house)
    made = where.begin(viewer, house, wait=True)
    try:
        house.store.audit("release begun", by=viewer.account_id, subject=made.release_id)
    except BaseException:
        where.end()
        raise
    if (error := _run(viewer, house, made, where)) is not None:
        raise error
    return made.release_id


def progress(viewer: Viewer, house: House) -> Progress | None:
    """How far the draft is that was begun last in this process; None when none was. Raises policy.Refused."""
    policy.require(viewer, "release")
    return desk(house).progress


def _run(viewer: Viewer, house: House, made: Progress, where: Desk) -> Exception | None:
    """Draft, attack and record; returns why it failed, as an error that is a sentence, or None."""
    failed: Exception | None = None
    try:
        _record(viewer, house, where, *_drafted(viewer, house, made, where))
    except (NotPossible, StoreError) as error:
        failed = error
    except svg.NotDrawn as error:
        failed = NotPossible(str(error))
    except Exception as error:  # what is in it may be a count, so nobody reads more than its kind
        log.error("%s in a draft\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        said = _("The draft could not be made ({reason}). Nothing was published.", reason=type(error).__name__)
        failed = NotPossible(said)
    finally:
        where.end("" if failed is None else str(failed))
        if failed is not None:
            _clear(house, where)
    return failed


def _drafted(viewer: Viewer, house: House, made: Progress, where: Desk) -> tuple[dict[str, Any], Report]:
    try:
        found = making.draft(viewer, house, made.release_id, where.tell)
    except NotProtectable as error:  # nothing is written; the cells are named like those that the attack finds
        row = {"release_id": made.release_id, "folder": made.release_id, "sha256": "", "figures_on": viewer.today}
        row["as_of_version"] = making.newest(house)
        return row | {"told": {}}, Report(narrowed=tuple((attacking.key(k), "") for k in error.keys[: attacking.SHOWN]))
    report = attacking.attack(
        viewer,
        house,
        found.folder,
        former=found.former,
        inside=found.inside,
        most=where.insiders,
        progress=where.tell,
    )
    return found.row | {"told": found.told}, report


def _record(viewer: Viewer, house: House, where: Desk, row: dict[str, Any], report: Report) -> None:
    state = "drafted" if report.safe else "refused"
    told = row["told"] | {"attack": report.as_json()}
    with where.shelf, house.store.write("published", by=viewer.account_id) as write:
        kept = {"by_account": viewer.account_id, "state": state, "told": json.dumps(told)}
        write.add("release", row | kept)
        house.store.audit(
            f"release {state}",
            by=viewer.account_id,
            subject=row["release_id"],
            detail={
                "sha256": row["sha256"],
                "hidden": report.hidden,
                "narrowed": len(report.narrowed),
                "differences": len(report.differences),
                "faults": len(report.faults),
                "seconds": report.seconds,
            },
        )


def _clear(house: House, where: Desk) -> None:
    """Remove what a failed draft left."""
    with suppress(Exception), where.shelf:  # else the next step, or the next start, removes it
        folders.settle(house.settings.releases, released.listing(house), where.under_way)
