"""A draft is published as it was attacked or not at all; who may not release learns nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.intake import submissions
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Grant, Refused
from dashboard.publication import contacts, draft, drafting, folders, ledger, listing, publishing, release, withdrawing
from dashboard.publication.attacking import attack
from dashboard.reports import released
from test_help_lines import replaced
from test_release import current, files
from world import PEOPLE, World

SECRET = "+999 000 0101"


def drafted(world: World) -> str:
    return release.draft(world.operator, world.house)


def state(world: World, release_id: str) -> str:
    return str(release.find(world.operator, world.house, release_id)["state"])


def test_a_draft_is_not_public_until_it_is_published(world: World) -> None:
    before, releases = current(world), world.house.settings.releases
    release_id = drafted(world)
    assert state(world, release_id) == "drafted" and current(world) == before
    assert not (releases / release_id).exists() and (releases / "drafts" / release_id / "index.html").is_file()
    folder = release.publish_draft(world.operator, world.house, release_id, note="Figures of Q3 2026, in June 2026")
    assert folder == current(world) == releases / release_id and state(world, release_id) == "published"
    assert not list((releases / "drafts").iterdir())
    row = release.find(world.operator, world.house, release_id)
    assert row["sha256"] == released.digest(folder) and row["note"] == "Figures of Q3 2026, in June 2026"
    logged = world.house.store.read("select action, subject from audit where subject = $id order by seq", id=release_id)
    assert [entry["action"] for entry in logged] == ["release begun", "release drafted", "released"]
    assert world.house.store.verify_audit() == []


def test_a_draft_is_dropped_and_nothing_is_left(world: World) -> None:
    before, release_id = current(world), drafted(world)
    release.drop(world.operator, world.house, release_id)
    assert state(world, release_id) == "dropped" and current(world) == before
    assert not list((world.house.settings.releases / "drafts").iterdir())
    for step in (release.drop, release.publish_draft):
        with pytest.raises(NotPossible, match="no such draft"):
            step(world.operator, world.house, release_id)


def test_one_draft_at_a_time(world: World) -> None:
    release_id = drafted(world)
    for door in (release.start, release.draft, release.publish):
        with pytest.raises(NotPossible, match="There is a draft already"):
            door(world.operator, world.house)
    release.drop(world.operator, world.house, release_id)
    assert release.publish(world.operator, world.house) == current(world)


# --- what a draft must still be ---


def changed(world: World, release_id: str, folder: Path) -> None:
    (folder / "index.html").write_text("another page")


def added(world: World, release_id: str, folder: Path) -> None:
    (folder / "data" / "more.csv").write_text("country\r\n")


def missing(world: World, release_id: str, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def line_gone(world: World, release_id: str, folder: Path) -> None:
    replaced(world)


def expunged(world: World, release_id: str, folder: Path) -> None:
    submissions.expunge(world.operator, world.house, world.sent["Q2 XBA-POLICE"], "a name")


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (changed, "not those that were attacked"),
        (added, "not those that were attacked"),
        (missing, "missing"),
        (line_gone, "help line"),
        (expunged, "removed for ever"),
    ],
)
def test_what_is_not_as_it_was_attacked_is_not_published(
    world: World, happens: Callable[[World, str, Path], None], why: str
) -> None:
    before, release_id = current(world), drafted(world)
    happens(world, release_id, world.house.settings.releases / "drafts" / release_id)
    with pytest.raises(NotPossible, match=why):
        release.publish_draft(world.operator, world.house, release_id)
    assert current(world) == before and state(world, release_id) == "drafted"
    release.drop(world.operator, world.house, release_id)
    assert release.publish(world.operator, world.house) == current(world)


def test_a_draft_does_not_wait_for_ever(world: World) -> None:
    release_id = drafted(world)
    later = replace(world.operator, today=world.operator.today + timedelta(days=publishing.DRAFT_DAYS + 1))
    with pytest.raises(NotPossible, match="older than 14 days"):
        release.publish_draft(later, world.house, release_id)
    assert release.publish_draft(replace(later, today=later.today - timedelta(days=1)), world.house, release_id)


def test_what_was_expunged_takes_the_draft_along(world: World) -> None:
    """The counts of a file that had to go are in no file that waits."""
    release_id = drafted(world)
    expunged(world, release_id, Path())
    assert withdrawing.follow(world.house) == ""
    assert state(world, release_id) == "dropped" and not list((world.house.settings.releases / "drafts").iterdir())


def refused(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A draft whose pages say otherwise than its tables, which the attack finds."""
    made = draft.site.files
    with monkeypatch.context() as patch:
        patch.setattr(
            draft.site, "files", lambda c: made(c) | {"more.html": '<td data-contacts="XAA|_T|_T|_T|2026-Q2">7</td>'}
        )
        return drafted(world)


def test_what_the_attack_refused_is_never_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before, release_id = current(world), refused(world, monkeypatch)
    assert state(world, release_id) == "refused"
    row = release.find(world.operator, world.house, release_id)
    report = release.report(row)
    assert not report.safe and report.faults == ("more.html shows XAA|_T|_T|_T|2026-Q2, which the tables do not hold.",)
    with pytest.raises(NotPossible, match="would give somebody away"):
        release.publish_draft(world.operator, world.house, release_id)
    with pytest.raises(NotPossible, match="shown to nobody"):
        publishing.draft_folder(world.operator, world.house, release_id)
    assert current(world) == before
    made = draft.site.files
    release.drop(world.operator, world.house, release_id)
    monkeypatch.setattr(
        draft.site, "files", lambda c: made(c) | {"more.html": '<td data-contacts="XAA|_T|_T|_T|2026-Q2">7</td>'}
    )
    with pytest.raises(NotPossible, match="Nothing was published.*more.html"):
        release.publish(world.operator, world.house)
    assert current(world) == before and not list((world.house.settings.releases / "drafts").iterdir())


# --- words ---


@pytest.mark.parametrize("note", ["", "Figures of Q3 2026", "As of June 2026", "Corrected in Q1", "Before 2027"])
def test_a_note_that_everybody_may_read(note: str) -> None:
    assert publishing.public_note(f"  {note} ") == note


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("It was 7 and not 12", "no number but"),
        ("There were 1,240 contacts in Q3 2026", "no number but"),
        ("20261", "no number but"),
        ("As of 30 June 2026", "no number but"),
        ("x" * 201, "at most 200"),
        ("Write to maria.lopez@example.org", "e-mail"),
    ],
)
def test_a_note_that_nobody_may_read(note: str, why: str) -> None:
    with pytest.raises(NotPossible, match=why):
        publishing.public_note(note)


def test_a_note_is_looked_at_before_anything_is_made(world: World) -> None:
    rows = len(released.listing(world.house))
    with pytest.raises(NotPossible, match="no number but"):
        release.publish(world.operator, world.house, note="7 women")
    assert len(released.listing(world.house)) == rows


# --- who ---


def doors(world: World, release_id: str) -> dict[str, Callable[[policy.Viewer], Any]]:
    house, folder = world.house, world.house.settings.releases / "drafts" / release_id
    return {
        "start": lambda v: release.start(v, house),
        "make": lambda v: drafting.make(v, house),
        "draft": lambda v: release.draft(v, house),
        "publish": lambda v: release.publish(v, house),
        "progress": lambda v: release.progress(v, house),
        "publish draft": lambda v: release.publish_draft(v, house, release_id),
        "drop": lambda v: release.drop(v, house, release_id),
        "withdraw": lambda v: release.withdraw(v, house, current(world).name, "wrong"),
        "find": lambda v: release.find(v, house, release_id),
        "listed": lambda v: release.listed(v, house),
        "attack": lambda v: release.attack(v, house, release_id),
        "attack of a folder": lambda v: attack(v, house, folder, former=[]),
        "page": lambda v: listing.releases(v, house),
        "preview": lambda v: publishing.draft_folder(v, house, release_id),
        "contributions": lambda v: contacts.contributions(v, house, 99, date(2026, 11, 1)),
        "inside": lambda v: contacts.inside(v, house, 99, date(2026, 11, 1), [], pd.DataFrame()),
        "protected": lambda v: contacts.protected(v, house, 99, date(2026, 11, 1), []),
        "ledger": lambda v: ledger.entries(v, house),
        "counting": lambda v: ledger.counting(v, house, world.sent["Q2 XAA-HEALTH"]),
    }


def test_nobody_but_the_secretariat(world: World) -> None:
    release_id = drafted(world)
    before = {p: p.read_bytes() for p in world.house.settings.releases.rglob("*") if p.is_file()}
    version = world.house.store.head().version
    capped = replace(world.viewer("secretariat"), enforcement=True)
    ended = replace(world.viewer("secretariat"), grants=(Grant("secretariat", valid_to=date(2020, 1, 1)),))
    viewers = [world.viewer(name) for name in ("anonymous", *PEOPLE) if name != "secretariat"]
    for viewer in (*viewers, capped, ended):
        for name, door in doors(world, release_id).items():
            with pytest.raises(Refused):
                door(viewer)
                pytest.fail(f"{viewer.name} came through {name}")
    assert {p: p.read_bytes() for p in world.house.settings.releases.rglob("*") if p.is_file()} == before
    assert world.house.store.head().version == version
    assert release.publish_draft(world.viewer("secretariat"), world.house, release_id).is_dir()


def test_former_releases_are_not_touched(world: World) -> None:
    first = current(world)
    before = files(first)
    release.publish(world.operator, world.house)
    assert files(first) == before and first != current(world)
    assert folders.leads(world.house.settings.releases, current(world).name)
