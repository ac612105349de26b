"""The scratch database: in memory, touching named files only, refusing uneven shapes, spilling nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.intake.inspection import path
from dashboard.record import scratch
from intake_world import file_of


def test_it_reads_named_files_and_no_other(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("secret\n", encoding="utf-8")
    connection = scratch.open_scratch(["/proc/self/fd/99"])
    for query in (
        f"SELECT * FROM read_csv('{other}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'x.duckdb'}' AS x",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '8GB'",
        f"SET temp_directory = '{tmp_path}'",
    ):
        with pytest.raises(scratch.Refused):
            connection.execute(query)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.csv"]
    connection.close()


def test_cells_are_trimmed_and_blank_records_left_out_but_counted() -> None:
    with file_of(b'a, b ,\n,,\n"x,\ny","",z\n') as source, file_of(b"") as work:
        connection = scratch.open_scratch([path(source), path(work)])
        text = scratch.Text(path(source), ",", 3, columns=[0, None, 1], extra=[2], first_row=7)
        kept = [(7, "a", None, "b", None), (9, "x,\ny", None, None, "z")]
        assert scratch.load_few(connection, text, blank=" \t\n") == kept
        assert connection.execute("SELECT * FROM cells_read ORDER BY row").fetchall() == kept
        assert scratch.load_text(connection, text, path(work), blank=" \t\n") == {
            "f0": scratch.Column(1, 2),
            "f1": scratch.Column(3, 0),
            "f2": scratch.Column(2, 1),
            "x2": scratch.Column(2, 1),
        }
        assert connection.execute("SELECT * FROM cells_read ORDER BY row").fetchall() == kept
        connection.close()


@pytest.mark.parametrize("data", [b"a,b\n1\n", b"a,b\n1,2,3\n", b'a,b\n"1,2\n', b'a,b\n"1"x,2\n'])
@pytest.mark.parametrize("columns", [[0], [0, 1]])
def test_an_uneven_shape_is_refused_even_when_few_columns_are_read(data: bytes, columns: list[int | None]) -> None:
    with file_of(data) as source, file_of(b"") as work:
        connection = scratch.open_scratch([path(source), path(work)])
        text = scratch.Text(path(source), ",", 2, columns=columns, extra=[], first_row=1)
        with pytest.raises(scratch.Refused):
            scratch.load_text(connection, text, path(work), blank="")
        with pytest.raises(scratch.Refused):
            scratch.load_few(connection, text, blank="")
        connection.close()


def test_too_much_is_out_of_memory_and_nothing_spills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connection = scratch.open_scratch(memory="32MB")
    with pytest.raises(duckdb.OutOfMemoryException) as caught:
        connection.execute("CREATE TABLE t AS SELECT repeat('x', 1000) || i AS a FROM range(200000) r(i)")
    assert isinstance(caught.value, scratch.OutOfMemory)
    assert list(tmp_path.iterdir()) == []
    connection.close()


def test_a_child_takes_the_database_that_was_made_before_the_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no thread that a fork would lose, and takes the same limits; who asks again gets a fresh one."""
    monkeypatch.setattr(scratch, "_ready", [])
    scratch.rest()
    made = scratch._ready[0]
    connection = scratch.open_scratch(["/proc/self/fd/99"])
    assert connection is made and scratch._ready == []
    fresh = scratch.open_scratch(["/proc/self/fd/99"])
    assert fresh is not made and settings(connection) == settings(fresh)
    for query in ("SET memory_limit = '8GB'", "SELECT * FROM read_csv('/etc/hostname')"):
        with pytest.raises(scratch.Refused):
            connection.execute(query)
    connection.close()
    fresh.close()


def settings(connection: Any) -> list[tuple[str, str]]:
    """Every setting that a database was opened with."""
    found = connection.execute("SELECT name, value FROM duckdb_settings() ORDER BY name").fetchall()
    assert len(found) > 50
    return found  # type: ignore[no-any-return]


def test_what_is_made_ready_starts_no_thread() -> None:
    """In a process of its own: a thread would be lost by the fork, with whatever it held."""
    count = "import os; from dashboard.record import scratch; scratch.rest(); print(len(os.listdir('/proc/self/task')))"
    assert subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True).stdout == "1\n"
