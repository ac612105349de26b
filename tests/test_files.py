"""Files by their hash: whole or not at all, private, and gone when they are deleted."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest

from dashboard.record import folder
from dashboard.record.errors import StoreUnwritable
from dashboard.record.files import Files
from dashboard.record.journal import Journal

SHA = hashlib.sha256(b"one,two\n").hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_bytes_come_back(files: Files) -> None:
    assert files.put(b"one,two\n") == files.put(io.BytesIO(b"one,two\n")) == SHA
    assert files.has(SHA) and files.bytes(SHA) == b"one,two\n"
    path = files.folder / SHA[:2] / SHA
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == [SHA]


def test_a_memfd_wherever_it_stands(files: Files) -> None:
    with os.fdopen(os.memfd_create("upload"), "w+b") as upload:
        upload.write(b"one,two\n")
        assert files.put(upload) == SHA


def test_a_changed_file_is_noticed_and_mended_by_sending_it_again(files: Files) -> None:
    files.put(b"one,two\n")
    (files.folder / SHA[:2] / SHA).write_bytes(b"one,twO\n")
    with pytest.raises(ValueError, match="no longer what was sent"):
        files.bytes(SHA)
    files.put(b"one,two\n")
    assert files.bytes(SHA) == b"one,two\n"


@pytest.mark.parametrize("name", ["../secret", "", SHA.upper(), SHA + "/..", SHA[:-1]])
def test_only_hashes_are_names(files: Files, name: str) -> None:
    for ask in (files.bytes, files.has, files.delete):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)
    with pytest.raises(ValueError, match="SHA-256"):
        files.parquet(SHA, name)


def test_delete_and_sweep(files: Files) -> None:
    kept, gone = files.put(b"kept"), files.put(b"gone")
    for sha256 in (kept, gone):
        files.put_parquet(sha256, SHA, b"rows")
    (files.folder / kept[:2] / ".half.tmp").write_bytes(b"half")
    assert files.sweep({kept}) == {gone}
    assert sorted(p.name for p in files.folder.glob("??/*")) == sorted([kept, f"{kept}.{SHA}.parquet"])
    files.delete(kept)
    files.delete(kept)
    assert not list(files.folder.glob("??/*"))


def test_a_file_that_is_written_while_others_are_swept_is_kept(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are put there before the record is locked, so the sweep of another upload may come in between."""
    replace = os.replace

    def swept(source: Path, target: Path) -> None:
        Files(files.folder).sweep(set()) if another else files.sweep(set())
        replace(source, target)

    monkeypatch.setattr(folder.os, "replace", swept)
    another = False
    assert files.put(b"one,two\n") == SHA and files.bytes(SHA) == b"one,two\n"
    another = True  # what another process left half written goes
    with pytest.raises(StoreUnwritable):
        files.put(b"three,four\n")


def test_no_half_file_when_the_disk_refuses(files: Files) -> None:
    (files.folder / SHA[:2]).write_bytes(b"in the way")
    with pytest.raises(StoreUnwritable, match="could not be kept.*Nothing was recorded"):
        files.put(b"one,two\n")
    assert not files.has(SHA)


def test_what_is_begun_anew_when_it_is_interrupted_waits_for_the_disk_once(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _descriptor: waited.append("one"))
    monkeypatch.setattr(os, "sync", lambda: waited.append("all"))
    monkeypatch.setattr(folder, "_waits", True)  # as everywhere but in these tests
    line = {"version": 1, "recorded_at": "2026-05-01T10:00:00Z"}
    with folder.waiting_once():
        files.put(b"one")
        Journal(tmp_path).append([line])
        assert waited == []
    assert waited == ["all"]
    files.put(b"two")
    Journal(tmp_path).append([line])
    assert waited.count("one") >= 4, "file and folder, line and whatever else: each by itself again"
    with pytest.raises(OSError, match="full"), folder.waiting_once():
        raise OSError("full")
    before = len(waited)
    files.put(b"three")
    assert len(waited) > before
