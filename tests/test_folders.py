"""Where releases lie: each where its state says, nothing half, and `current` on what was published last."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.publication import folders, sources
from dashboard.reports import released

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXTS = {"index.html": "<p>page</p>", "data/contacts.csv": "country\r\n", "data/more/one.csv": "x"}


def row(name: str, state: str, published_in: int | None = None, note: str = "") -> dict[str, Any]:
    return {
        "folder": name, "state": state, "published_in": published_in, "published_at": NOW if published_in else None,
        "recorded_at": NOW, "withdrawn_note": note,
    }  # fmt: skip


def made(releases: Path, name: str, state: str) -> Path:
    folder = folders.place(releases, name, state)
    folder.parent.mkdir(parents=True, exist_ok=True)
    sources.keep(folder, NOW.date(), [])
    folders.write(folder, TEXTS | {"index.html": name})
    return folder


def names(releases: Path) -> list[str]:
    return sorted(p.relative_to(releases).as_posix() for p in releases.glob("*")) + sorted(
        p.relative_to(releases).as_posix() for p in releases.glob("*/*") if p.parent.name in ("drafts", "withdrawn")
    )


def test_a_folder_is_written_whole_with_the_hash_of_what_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "drafts" / "one"
    digest = folders.write(folder, TEXTS)
    assert digest == released.digest(folder) and len(digest) == 64
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == set(TEXTS)
    assert not list(tmp_path.rglob("*.tmp"))
    (folder / "data" / "contacts.csv").write_text("country\r\n ")
    assert released.digest(folder) != digest
    (folder / "data" / "contacts.csv").write_text("country\r\n")
    (folder / "data" / "contacts.csv").rename(folder / "data" / "contact.csv")
    assert released.digest(folder) != digest, "a name is part of it"
    assert released.digest(tmp_path / "nowhere") == ""


@pytest.mark.parametrize("state", ["drafted", "refused", "published", "withdrawn"])
@pytest.mark.parametrize("lies", ["drafted", "published", "withdrawn"])
def test_each_lies_where_its_state_says(tmp_path: Path, state: str, lies: str) -> None:
    """However a step was interrupted between the record and the folder: the record is right."""
    made(tmp_path, "one", lies)
    folders.settle(tmp_path, [row("one", state, None if state in folders.DRAFTS else 7, "a mistake")])
    where = folders.place(tmp_path, "one", state)
    assert (where / "index.html").read_text() == "one" and sources.beside(where).is_file()
    others = {folders.place(tmp_path, "one", s) for s in ("drafted", "published", "withdrawn")} - {where}
    assert not any(other.exists() or sources.beside(other).exists() for other in others)
    assert folders.leads(tmp_path, "one") == (state == "published")
    note = tmp_path / "withdrawn" / "one.json"
    assert note.exists() == (state == "withdrawn")
    if state == "withdrawn":
        said = {"day": "2026-11-20", "withdrawn_on": "2026-11-20", "note": "a mistake"}
        assert json.loads(note.read_text()) == said


def test_what_no_row_names_and_what_is_half_is_gone_and_what_is_made_stays(tmp_path: Path) -> None:
    made(tmp_path, "lost", "drafted")
    made(tmp_path, "dropped", "drafted")
    made(tmp_path, "making", "drafted")
    for half in (tmp_path / "three.tmp", tmp_path / "drafts" / "half.tmp", tmp_path / "drafts" / "making.tmp"):
        half.mkdir()
        (half / "index.html").write_text("half")
    (tmp_path / "current.tmp").symlink_to("nowhere")
    folders.settle(tmp_path, [row("dropped", "dropped")], frozenset({"making"}))
    assert names(tmp_path) == ["drafts", "drafts/making", "drafts/making.sources.json", "drafts/making.tmp"]
    folders.settle(tmp_path, [row("dropped", "dropped")])
    assert names(tmp_path) == ["drafts"]


def test_current_leads_to_what_was_published_last_and_stands(tmp_path: Path) -> None:
    for name, state in (("one", "published"), ("two", "published"), ("three", "drafted")):
        made(tmp_path, name, state)
    rows = [row("one", "published", 3), row("two", "published", 9), row("three", "drafted")]
    folders.settle(tmp_path, rows)
    assert folders.leads(tmp_path, "two") and (tmp_path / "current").is_symlink()
    folders.settle(tmp_path, [rows[0], row("two", "withdrawn", 9), rows[2]])
    assert folders.leads(tmp_path, "one")
    folders.settle(tmp_path, [row("one", "withdrawn", 3), row("two", "withdrawn", 9), rows[2]])
    assert not (tmp_path / "current").exists() and not (tmp_path / "current").is_symlink()


def test_a_folder_that_is_missing_is_not_led_to(tmp_path: Path) -> None:
    made(tmp_path, "one", "published")
    folders.settle(tmp_path, [row("one", "published", 3)])
    folders.settle(tmp_path, [row("one", "published", 3), row("two", "published", 9)])
    assert folders.leads(tmp_path, "one")


def test_before_anything_was_published_what_lies_there_is_left(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("somewhere")
    folders.settle(tmp_path, [])
    assert (tmp_path / "current").is_symlink()
