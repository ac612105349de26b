"""A draft is made in a thread, one at a time, says how far it is, and leaves nothing when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashboard.coordination import meetings
from dashboard.people.errors import NotPossible
from dashboard.protection.suppress import NotProtectable
from dashboard.publication import contacts, draft, drafting, ledger, release, withdrawing
from dashboard.publication.drafting import STAGES, Progress
from dashboard.record.errors import StoreUnwritable
from dashboard.reports import released
from test_help_lines import replaced
from test_release import current, page
from world import World


def finished(world: World, seconds: float = 60) -> Progress:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = release.progress(world.operator, world.house)
        if now is not None and not now.running:
            return now
        time.sleep(0.01)
    raise AssertionError("The draft did not come to an end.")


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """A draft that waits before it is written: (it has come so far, let it go on)."""
    reached, go = threading.Event(), threading.Event()
    made = draft.site.files

    def wait(found: Any) -> dict[str, str]:
        reached.set()
        assert go.wait(60)
        return made(found)

    with monkeypatch.context() as patch:
        patch.setattr(draft.site, "files", wait)
        try:
            yield reached, go
        finally:
            go.set()


def drafts(world: World) -> list[str]:
    folder = world.house.settings.releases / "drafts"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_it_runs_while_nobody_watches_and_is_there_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert release.progress(world.operator, world.house) is None
    with held(monkeypatch) as (reached, go):
        release_id = release.start(world.operator, world.house)
        assert reached.wait(30)
        now = release.progress(world.operator, world.house)
        assert now and now.running and (now.release_id, now.stage) == (release_id, "write") and 0 < now.share < 1
        assert now.words == "Writing the pages and tables"
        assert not [row for row in released.listing(world.house) if row["release_id"] == release_id]
        go.set()
    done = finished(world)
    assert (done.failed, done.stage, done.running) == ("", "insiders", False)
    assert release.find(world.operator, world.house, release_id)["state"] == "drafted"
    assert drafts(world) == [release_id, f"{release_id}.sources.json"]


def test_it_tells_of_what_was_changed_on_a_page_too(world: World) -> None:
    """An action that somebody calls done, a meeting that was held: no file came, and yet the record has moved."""
    day = world.operator.today
    meetings.hold(world.operator, world.house, country="XAA", title="Quarterly", held_on=day)
    head = world.house.store.head()
    assert head.coordination > head.figures, "the record moved after the last file"
    made = release.draft(world.operator, world.house)
    assert release.find(world.operator, world.house, made)["as_of_version"] == head.coordination


def test_one_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(monkeypatch) as (reached, _go):
        release.start(world.operator, world.house)
        assert reached.wait(30)
        with pytest.raises(NotPossible, match="being prepared already"):
            release.start(world.operator, world.house)
    finished(world)
    with pytest.raises(NotPossible, match="There is a draft already"):
        release.start(world.operator, world.house)


def test_a_help_line_goes_while_a_draft_is_made_and_the_draft_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong number waits for no draft; and what brings folders in line leaves the one alone that is being written."""
    with held(monkeypatch) as (reached, go):
        release_id = release.start(world.operator, world.house)
        assert reached.wait(30)
        replaced(world)
        with monkeypatch.context() as patch:
            patch.setattr(draft.site, "files", _then(go, draft.site.files))
            assert withdrawing.follow(world.house) == ""
        assert "+999 000 0101" not in page(current(world))
    assert finished(world).failed == ""
    assert release.find(world.operator, world.house, release_id)["state"] == "drafted"
    with pytest.raises(NotPossible, match="help line"):
        release.publish_draft(world.operator, world.house, release_id)


def _then(go: threading.Event, made: Callable[[Any], dict[str, str]]) -> Callable[[Any], dict[str, str]]:
    def on(found: Any) -> dict[str, str]:
        go.set()
        return made(found)

    return on


@pytest.mark.parametrize(
    ("raised", "said", "kind"),
    [
        (StoreUnwritable("The disk is full."), "The disk is full.", StoreUnwritable),
        (NotPossible("Not today."), "Not today.", NotPossible),
        (ValueError("XAA had 7 contacts"), "The draft could not be made (ValueError).", NotPossible),
    ],
)  # fmt: skip
def test_what_fails_says_why_and_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str, kind: type[Exception]
) -> None:
    before, rows = current(world), len(released.listing(world.house))

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise raised

    monkeypatch.setattr(draft.folders, "write", fail)
    release.start(world.operator, world.house)
    assert finished(world).failed.startswith(said)
    with pytest.raises(kind, match="."):
        release.draft(world.operator, world.house)
    monkeypatch.undo()
    assert current(world) == before and len(released.listing(world.house)) == rows and drafts(world) == []
    assert release.draft(world.operator, world.house), "and the next one can be made"


def test_what_cannot_be_protected_is_named_and_nothing_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_named: Any) -> None:
        raise NotProtectable([("XAA", "health", "_T", "_T", "2026-Q2")])

    monkeypatch.setattr(contacts, "protect", fail)
    release_id = release.draft(world.operator, world.house)
    row = release.find(world.operator, world.house, release_id)
    assert row["state"] == "refused" and drafts(world) == []
    assert release.narrowed(world.house, release.report(row)) == [
        "Asterland, Health, Q2 2026: anybody could work it out."
    ]
    release.drop(world.operator, world.house, release_id)


def test_every_stage_has_its_part(world: World) -> None:
    told: list[float] = []
    where = drafting.desk(world.house)
    now = where.begin(world.operator, world.house, wait=False)
    for stage in STAGES:
        for done in range(5):
            where.tell(stage, done, 4)
            found = where.progress
            assert found
            told.append(found.share)
    where.end()
    assert told == sorted(told) and told[-1] == pytest.approx(1.0) and now.share == 0.0
    assert ledger.former(world.house), "the small world has a release already"
