"""What stands in the way of opening a record gets a sentence, and the database stays byte for byte as it was."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dashboard.record import rebuild
from dashboard.record.store import StoreBusy, StoreDamaged
from durability import little_record
from durability.little_record import accept, service_rows, stage

ROOT = Path(__file__).resolve().parents[2]
START = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"


def run(script: str) -> str:
    """What a process of its own says."""
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
    )
    return done.stdout.strip() + done.stderr


def filled(folder: Path, submissions: int = 3, rows: int = 400) -> little_record.Settings:
    store = little_record.open_store(folder)
    for number in range(submissions):
        accept(store, stage(store, service_rows(rows), organisation=f"XAA-{number}"))
    store.audit("filled", by="tester")
    store.close()
    return store.settings


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_second_process_gets_a_sentence(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    said = run(f"""
        from durability.little_record import open_store
        from pathlib import Path
        from dashboard.record.store import StoreError
        try:
            open_store(Path({str(tmp_path)!r}))
        except StoreError as error:
            print(type(error).__name__, error)
    """)
    assert said.startswith(f"StoreBusy The record in {tmp_path} is already open in process {os.getpid()}."), said
    assert "Only one process can hold it" in said and "Traceback" not in said
    assert store.healthy()
    store.close()


def test_another_program_on_the_database_is_named_too(tmp_path: Path) -> None:
    settings = filled(tmp_path)
    script = f"import duckdb; c = duckdb.connect({str(settings.database)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreBusy, match=f"already open in process {other.pid}"):
            little_record.open_store(tmp_path)
        other.communicate(b"\n")
    little_record.open_store(tmp_path).close()


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_cannot_be_written(tmp_path: Path, mode: int) -> None:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode | 0o055)
    try:
        said = run(f"""
            from durability.little_record import open_store
            from pathlib import Path
            from dashboard.record.store import StoreError
            import os
            if os.getuid() == 0:  # root may write everywhere
                os.seteuid(65534)
            try:
                open_store(Path({str(folder)!r}) / "inside")
            except StoreError as error:
                print(type(error).__name__, error)
        """)
    finally:
        folder.chmod(0o700)
    assert said.startswith("StoreUnwritable The data folder") and "Permission denied" in said, said
    assert "DASHBOARD_DATA" in said and "Traceback" not in said


def spoil(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "empty":
        data.clear()
    elif how == "half":
        del data[len(data) // 2 :]
    elif how == "header":
        data[:4096] = random.Random(1).randbytes(4096)
    elif how == "text":
        data[:] = b"not a database\n" * 100
    elif how == "block":
        for place in range(0x6000, len(data), 4096):
            data[place] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["empty", "half", "header", "text", "block", "gone"])
def test_a_damaged_database_is_said_and_left(tmp_path: Path, how: str) -> None:
    settings = filled(tmp_path)
    if how == "gone":
        settings.database.unlink()
    else:
        spoil(settings.database, how)
    before = sorted((p.relative_to(tmp_path), digest(p)) for p in tmp_path.rglob("*") if p.is_file())
    for _again in range(2):
        with pytest.raises(StoreDamaged, match="dashboard rebuild") as caught:
            little_record.open_store(tmp_path)
        assert "It was left as it is" in str(caught.value)
    assert sorted((p.relative_to(tmp_path), digest(p)) for p in tmp_path.rglob("*") if p.is_file()) == before
    report = rebuild.rebuild(settings, little_record.library())
    assert (report.version, report.loads, report.loaded_rows, report.problems) == (6, 3, 1200, [])
    store = little_record.open_store(tmp_path)
    assert store.head().version == 6 and store.verify_audit() == []
    store.close()


def test_single_flipped_bits_are_found_or_do_no_harm(tmp_path: Path) -> None:
    """Each flip either stops the opening or hits a place that no row is in; never a wrong row, never a crash."""
    settings = filled(tmp_path / "good")
    good = little_record.open_store(tmp_path / "good")
    chance, found = random.Random(5), 0
    for turn in range(12):
        folder = tmp_path / f"flip{turn}"
        shutil.copytree(settings.data, folder)
        database = folder / settings.database.name
        data = bytearray(database.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        database.write_bytes(data)
        try:
            store = little_record.open_store(folder)
        except StoreDamaged:
            found += 1
            continue
        assert rebuild.equal(good, store) == []
        store.close()
    good.close()
    assert found > 0


def test_a_log_that_is_damaged_does_not_pass_for_the_truth(tmp_path: Path) -> None:
    said = run(f"""
        import os
        from pathlib import Path
        from durability import little_record
        store = little_record.open_store(Path({str(tmp_path)!r}))
        for _ in range(4):
            little_record.accept(store, little_record.stage(store, little_record.service_rows(50)))
        os._exit(0)  # no checkpoint: what was confirmed is in the write-ahead log only
    """)
    assert said == ""
    wal = tmp_path / "dashboard.duckdb.wal"
    data = bytearray(wal.read_bytes())
    data[len(data) // 2] ^= 0xFF
    wal.write_bytes(data)
    with pytest.raises(StoreDamaged, match="dashboard rebuild"):
        little_record.open_store(tmp_path)


def test_an_old_copy_of_the_database_is_noticed(tmp_path: Path) -> None:
    settings = filled(tmp_path, submissions=1)
    copy = settings.database.read_bytes()
    filled(tmp_path, submissions=1)
    settings.database.write_bytes(copy)
    with pytest.raises(StoreDamaged, match="journal is ahead of the database: version 4 against 2"):
        little_record.open_store(tmp_path)
    assert settings.database.read_bytes() == copy


def test_a_strange_database_is_not_taken_over(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "dashboard.duckdb")) as strange:
        strange.execute("create table mine as select 1 as one")
    before = digest(tmp_path / "dashboard.duckdb")
    with pytest.raises(StoreDamaged, match="not one of this dashboard"):
        little_record.open_store(tmp_path)
    assert digest(tmp_path / "dashboard.duckdb") == before


def test_a_database_of_tomorrow_is_left_to_tomorrow(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    store.read("update head set schema_version = 99")
    store.close()
    with pytest.raises(StoreDamaged, match="newer version of the dashboard"):
        little_record.open_store(tmp_path)


REFUSING = """
    import random, resource, signal
    from pathlib import Path
    from durability import little_record
    from dashboard.record.store import StoreError

    def rows():
        return [dict(country=random.randbytes(20).hex(), service="x", places=n, share=random.random())
                for n in range(20000)]

    def attempt(step):
        try:
            return step() or "done"
        except StoreError as error:
            return f"{type(error).__name__} {error}"

    def limit(size):  # a limit on file size stands for the full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def load():
        little_record.accept(store, little_record.stage(store, rows(), data=random.randbytes(9)))

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = little_record.open_store(Path(%r))
"""


def test_a_disk_that_refuses_a_commit(tmp_path: Path) -> None:
    """Nothing of the refused write is there, everything before it is, and a later one works without a restart."""
    said = run(
        REFUSING % str(tmp_path)
        + """
    load()
    limit(store.settings.database.with_name("dashboard.duckdb.wal").stat().st_size)
    print(attempt(load))
    print(attempt(lambda: little_record.stage(store, rows(), data=bytes(3 * 2**20))))
    print(store.healthy(), store.broken, store.read("select count(*) as n from d_services")[0]["n"])
    limit(resource.RLIM_INFINITY)
    print(attempt(load))
    print(store.read("select count(*) as n from d_services")[0]["n"], store.head().version)
    """
    ).splitlines()
    assert said[0].startswith("StoreUnwritable The database in") and "could not be written" in said[0], said
    assert said[1].startswith("StoreUnwritable The file could not be kept (File too large)"), said
    assert said[2:] == ["True False 20000", "done", "40000 4"]
    store = little_record.open_store(tmp_path)
    assert store.head().version == 4 and store.verify_audit() == []
    store.close()


def test_a_disk_that_refuses_a_checkpoint(tmp_path: Path) -> None:
    """DuckDB gives up for good: the store says so and is broken, so that the process can end; nothing is lost."""
    said = run(
        REFUSING % str(tmp_path)
        + """
    load()
    limit(store.settings.database.stat().st_size)
    print(attempt(store.checkpoint))
    limit(resource.RLIM_INFINITY)
    print(attempt(lambda: str(store.read("select 1"))))
    print(attempt(lambda: store.audit("tried", by="tester")))
    print(store.healthy(), store.broken, attempt(store.close))
    """
    ).splitlines()
    assert [line.split()[0] for line in said[:3]] == ["StoreStopped"] * 3, said
    assert "started anew" in said[0] and said[3] == "False True done"
    store = little_record.open_store(tmp_path)
    assert store.read("select count(*) as n from services_rows") == [{"n": 20000}] and store.healthy()
    store.close()
