"""The command line as an operator has it: exit codes, words, where no dashboard runs on the folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import HEALTH, ROOT, Line, full
from dashboard import cli
from dashboard.commands import COMMANDS
from dashboard.config import Settings
from dashboard.record.house import open_house
from dashboard.reference import library
from world import Built, copied

HEADER = "country,service_code,organisation_code,availability,open_to_migrant_women"


def written(tmp_path: Path, *rows: str, header: str = HEADER) -> str:
    path = tmp_path / "file.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


# --- check ---


def test_a_clean_file(line: Line, tmp_path: Path, built: Built) -> None:
    copied(built.folder / "datasets", line.data / "datasets")
    path = full(tmp_path, "SEED-1", "SEED-2")
    code, out, err = line("check", path, "--dataset", "service_coverage", "--organisation", HEALTH)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "note: Organisation codes were not checked: no dashboard is running on this data folder.",
        "clean: 2 rows, 0 problems",
    ]
    assert sorted(p.name for p in line.data.iterdir()) == ["datasets"], "it opens no store and keeps nothing"


def test_a_file_with_problems_names_row_column_and_fix(line: Line, tmp_path: Path, built: Built) -> None:
    path = written(tmp_path, "KHM,SEED-1,KHM-X,availible,", "KHM,SEED-1,KHM-X,planned,")
    code, out, _err = line("check", path, "--dataset", "service_coverage")
    assert code == 1 and not line.data.exists()
    assert "error: Row 2, availability: “availible” is not on the list." in out
    assert "Did you mean “available”?" in out and "problems: 2 rows" in out.splitlines()[-1]


def test_a_file_about_persons_is_screened_out(line: Line, tmp_path: Path) -> None:
    path = written(
        tmp_path, "KHM,SEED-1,KHM-X,planned,Ana", header=HEADER.replace("open_to_migrant_women", "full name")
    )
    code, out, _err = line("check", path, "--dataset", "service_coverage")
    assert code == 1 and "Ana" not in out and "Remove the column “full name”." in out
    assert out.splitlines()[-1].startswith("screened: ")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 a workbook", b'country,service_code\n"unclosed\n', b"\x00" * 99],
    ids=["empty", "a workbook", "unclosed quote", "zeros"],
)  # fmt: skip
def test_an_unreadable_file(line: Line, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    code, out, _err = line("check", str(path), "--dataset", "members")
    if data.startswith(b"country"):  # it has a header, and is read as far as it goes
        assert code == 1
        return
    assert code == 2 and out.splitlines()[-1].startswith("unreadable: 0 rows")


def test_what_cannot_be_checked_at_all(line: Line, tmp_path: Path) -> None:
    """Exit code 1 says that the file has problems; where nothing was checked it is 2."""
    path = written(tmp_path)
    for arguments, words in (
        ((str(tmp_path / "none.csv"), "--dataset", "members"), "cannot be read: No such file"),
        ((str(tmp_path), "--dataset", "members"), "cannot be read: Is a directory"),
        ((path, "--dataset", "contacts"), f"Known: {', '.join(sorted(library.load().contracts))}."),
        ((path, "--dataset", "members", "--period", "summer"), "not a quarter"),
    ):
        code, out, err = line("check", *arguments)
        assert (code, out) == (2, "") and words in err and err.startswith("dashboard: ") and err.count("\n") == 1
    assert line("check", path)[0] == 2, "argparse says which argument is missing"
    code, _out, err = line("check", path, "--dataset", "members", PORT="x")
    assert code == 2 and "PORT is “x”" in err


def test_the_shape_of_json(line: Line, tmp_path: Path) -> None:
    path = written(tmp_path, "KHM,SEED-1,KHM-X,availible,")
    code, out, _err = line("check", path, "--dataset", "service_coverage", "--json")
    answer = json.loads(out)
    assert code == 1 and set(answer) == {"verdict", "rows", "notes", "problems"}
    assert (answer["verdict"], answer["rows"]) == ("problems", 1)
    assert any("were not checked" in note for note in answer["notes"])
    found = [p for p in answer["problems"] if p["code"] == "unknown-code"]
    assert len(found) == 1 and set(found[0]) == {"code", "severity", "row", "column", "value", "message", "fix"}
    problem = found[0]
    assert (problem["severity"], problem["row"], problem["column"]) == ("error", 2, "availability")
    assert problem["value"] == "availible" and problem["message"] and problem["fix"]


def test_the_quarter_decides_which_codes_are_in_use(line: Line, tmp_path: Path) -> None:
    (line.data / "datasets" / "codes").mkdir(parents=True)
    (line.data / "datasets" / "codes" / "countries.csv").write_text(
        "# replaces\ncode,title,source,verified,check_at,valid_to,successor\n"
        "XAA,Asterland,invented,no,nowhere,2026-06-30,XAB\nXAB,Newland,invented,no,nowhere,,\n"
    )
    path = written(tmp_path, "XAA,SEED-1,XAA-X,planned,")
    said = {}
    for period in ("2026-Q2", "2026-Q3"):
        _code, out, _err = line("check", path, "--dataset", "service_coverage", "--period", period, "--json")
        said[period] = [p["code"] for p in json.loads(out)["problems"] if p["column"] == "country"]
    assert said == {"2026-Q2": [], "2026-Q3": ["code-expired"]}


def test_rows_of_another_organisation(line: Line, tmp_path: Path) -> None:
    path = written(tmp_path, "KHM,SEED-1,KHM-OTHER,planned,")
    _code, out, _err = line("check", path, "--dataset", "service_coverage", "--organisation", "KHM-X", "--json")
    assert "other-organisation" in [p["code"] for p in json.loads(out)["problems"]]


def test_the_command_itself(tmp_path: Path) -> None:
    """Once as it is installed, in a process of its own."""
    tool = Path(sys.executable).parent / "dashboard"
    environ = {**os.environ, "DASHBOARD_DATA": str(tmp_path / "data")}
    told = subprocess.run([tool, "--help"], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 0
    for name in (
        "check",
        "submit",
        "release",
        "attack",
        "rebuild",
        "expunge",
        "invite",
        "train",
        "sweep",
        "audit",
        "serve",
        "demo",
    ):
        assert name in told.stdout
    path = tmp_path / "x.csv"
    path.write_bytes(b"")
    done = subprocess.run(
        [tool, "check", path, "--dataset", "members"], env=environ, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout.startswith("error: The file is empty.") and done.stderr == ""


# --- without a running process ---


def test_submit_and_accept(on_world: Line, tmp_path: Path, built: Built) -> None:
    path = full(tmp_path, "SEED-1")
    arguments = ("submit", path, "--dataset", "service_coverage", "--organisation", HEALTH, "--period", "2026-Q1")
    code, out, _err = on_world(*arguments)
    assert code == 0 and out.startswith("submitted: submission ") and "1 rows" in out
    code, out, _err = on_world(*arguments, "--accept")
    assert code == 0 and "accepted: submission" in out and "note: These are the same bytes" in out
    house = open_house(Settings(data=on_world.data, min_free_bytes=0))
    rows = house.store.read("select * from accepted where period = '2026-Q1'")
    house.close()
    assert len(rows) == 1


def test_submit_what_is_refused(on_world: Line, tmp_path: Path, built: Built) -> None:
    path = full(tmp_path, "SEED-1", "SEED-99")
    place = ("--organisation", HEALTH, "--period", "2026-Q1")
    code, out, _err = on_world("submit", path, "--dataset", "service_coverage", *place)
    assert code == 1 and "error: Row 3, service_code: “SEED-99” is not on the list." in out
    assert out.splitlines()[-1] == "problems: nothing was kept"
    for arguments, words in (
        (("--dataset", "nothing", *place), "no dataset"),
        (("--dataset", "service_coverage", "--organisation", "XZZ-X", "--period", "2026-Q1"), "not known"),
        (("--dataset", "service_coverage", "--organisation", HEALTH, "--period", "2099-Q1"), "has not begun"),
        (("--dataset", "service_coverage", "--organisation", HEALTH, "--period", "soon"), "not a quarter"),
    ):
        code, out, err = on_world("submit", path, *arguments)
        assert (code, out) == (1, "") and words in err and err.count("\n") == 1
    code, _out, err = on_world("submit", "none.csv", "--dataset", "service_coverage", *place)
    assert code == 1 and "cannot be read" in err


def test_a_release_step_by_step(on_world: Line) -> None:
    code, out, _err = on_world("release", "--draft")
    state, _colon, one = out.splitlines()[0].partition(": ")
    assert (code, state) == (0, "drafted") and out.splitlines()[-1] == "None could be worked out."
    code, _out, err = on_world("release")
    assert code == 1 and "There is a draft already" in err
    code, out, _err = on_world("attack", one)
    assert code == 0 and out.startswith("hidden counts tried: 0, with 2 releases")
    code, out, _err = on_world("attack", one, "--json")
    assert code == 0 and json.loads(out)["safe"] is True and json.loads(out)["found"] == []
    code, out, _err = on_world("release", "--publish", one, "--note", "Figures of Q3 2026")
    assert code == 0 and out.startswith("published: ") and out.strip().endswith(one)
    code, out, _err = on_world("release", "--list")
    assert code == 0 and [line.split(", ")[0].split("  ") for line in out.splitlines()][0] == [one, "published"]
    code, _out, err = on_world("release", "--withdraw", one)
    assert code == 1 and "Say why" in err
    code, out, _err = on_world("release", "--withdraw", one, "--note", "A mistake.")
    assert (code, out) == (0, f"withdraw: {one}\n")
    two = on_world("release", "--draft")[1].splitlines()[0].partition(": ")[2]
    assert on_world("release", "--drop", two)[:2] == (0, f"drop: {two}\n")
    for name in (two, "nothing"):
        code, _out, err = on_world("attack", name)
        assert code == 1 and ("is not there" in err or "no release" in err)


def test_a_draft_that_gives_somebody_away(on_world: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code says so, the cell is named, and nothing is published."""
    from dashboard.publication import drafting
    from dashboard.publication.attacking import Report

    bad = Report(hidden=4, narrowed=((("XAA", "health", "_T", "_T", "2026-Q2"), ""),))
    monkeypatch.setattr(drafting.attacking, "attack", lambda *_arguments, **_named: bad)
    code, out, _err = on_world("release", "--draft")
    assert code == 1 and out.startswith("refused: ") and "Asterland, Health, Q2 2026: anybody could work it out." in out
    one = out.splitlines()[0].partition(": ")[2]
    code, _out, err = on_world("release", "--publish", one)
    assert code == 1 and "would give somebody away" in err
    assert on_world("release", "--drop", one)[0] == 0
    code, _out, err = on_world("release")
    assert code == 1 and "Nothing was published" in err and "Asterland, Health" in err


def test_release_expunge_invite_sweep_and_audit(on_world: Line, built: Built) -> None:
    code, out, _err = on_world("release", "--note", "again")
    assert code == 0 and out.startswith("published: ") and Path(out.split(": ", 1)[1].strip()).is_dir()
    code, out, _err = on_world("expunge", built.sent["Q2 XAA-HEALTH"], "--reason", "a name in source")
    lines = out.splitlines()
    assert code == 0 and lines[0] == "expunged: service_coverage XAA-HEALTH 2026-Q2"
    assert lines[1].startswith("counted in these releases: ") and "What was published stays published" in lines[2]
    code, out, err = on_world("expunge", built.sent["Q2 XAA-HEALTH"], "--reason", "a name in source")
    assert code == 1 and "no submission" in err
    code, out, err = on_world("expunge", built.sent["Q3 XAA-HEALTH"], "--reason", "x")
    assert code == 1 and "500 characters" in err
    code, out, _err = on_world(
        "invite", "new@example.org", "--name", "New", "--role", "agency", "--organisation", HEALTH
    )
    assert code == 0 and "/invite/" in out and out.count("\n") == 1
    code, _out, err = on_world("invite", "new@example.org", "--name", "New", "--role", "secretariat")
    assert code == 1 and err.startswith("dashboard: ")
    assert on_world("sweep") == (0, "lapsed: 0\n", "")
    assert on_world("audit", "verify") == (0, "The audit log is as it was written.\n", "")


def test_expunge_says_who_else_holds_the_bytes(on_world: Line, tmp_path: Path, built: Built) -> None:
    path, found = full(tmp_path, "SEED-1"), []
    for period in ("2025-Q4", "2026-Q1"):
        arguments = ("--dataset", "service_coverage", "--organisation", HEALTH, "--period", period)
        found.append(on_world("submit", path, *arguments)[1].split()[2].strip(","))
    _code, out, _err = on_world("expunge", found[0], "--reason", "a name in source")
    assert f"the same bytes are held by another submission: {found[1]}" in out


def test_a_log_that_was_changed_is_told(on_world: Line) -> None:
    house = open_house(Settings(data=on_world.data, min_free_bytes=0))
    house.store._cursor().execute("update audit set action = 'nothing' where seq = 2")
    house.close()
    code, out, _err = on_world("audit", "verify")
    assert code == 1 and out and "as it was written" not in out


def test_rebuild_says_what_came_back(on_world: Line) -> None:
    before = open_house(Settings(data=on_world.data, min_free_bytes=0))
    rows = before.store.read("select * from service_coverage_rows order by all")
    before.close()
    code, out, err = on_world("rebuild")
    assert code == 0 and err == ""
    assert out.splitlines()[0].startswith("rebuilt: version ") and "4 files with 10 rows" in out
    assert any(said.startswith("set aside: dashboard.duckdb.damaged-") for said in out.splitlines())
    after = open_house(Settings(data=on_world.data, min_free_bytes=0))
    assert after.store.read("select * from service_coverage_rows order by all") == rows
    after.close()


def test_rebuild_of_nothing_and_of_what_is_missing(on_world: Line, line: Line, tmp_path: Path) -> None:
    empty = Line(tmp_path / "empty", line.capsys, line.monkeypatch)
    code, _out, err = empty("rebuild")
    assert code == 1 and "nothing to rebuild from" in err
    next(on_world.data.glob("files/??/*.parquet")).unlink()
    code, out, err = on_world("rebuild")
    assert code == 1 and "rebuilt: " in out and "not brought back: " in err and "missing" in err


def test_a_record_that_another_process_holds(on_world: Line) -> None:
    """No socket, since it is a command that works on it just now: a sentence with the process, no lock error."""
    house = open_house(Settings(data=on_world.data, min_free_bytes=0))
    environ = {**os.environ, "DASHBOARD_DATA": str(on_world.data)}
    for arguments in (["sweep"], ["rebuild"], ["release"]):
        done = subprocess.run(
            [sys.executable, "-m", "dashboard.cli", *arguments], env=environ, cwd=ROOT, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
        assert f"process {os.getpid()}" in done.stderr and "lock" not in done.stderr.lower()
    house.close()


def test_a_folder_that_cannot_be_used(line: Line) -> None:
    blocked = Line(Path("/proc/nothing"), line.capsys, line.monkeypatch)
    for arguments in (("sweep",), ("rebuild",), ("serve",)):
        code, _out, err = blocked(*arguments)
        assert code == 1 and "cannot be written" in err and err.count("\n") == 1
    damaged = Line(line.data, line.capsys, line.monkeypatch)
    line.data.mkdir()
    (line.data / "dashboard.duckdb").write_bytes(b"not a database" * 1000)
    code, _out, err = damaged("sweep")
    assert code == 1 and "rebuild" in err
    assert (line.data / "dashboard.duckdb").read_bytes() == b"not a database" * 1000, "never overwritten"


def test_a_nearly_full_disk(on_world: Line, tmp_path: Path, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "min_free_bytes", 2**62)
    from dataclasses import replace

    from dashboard import config

    real = config.from_environment
    monkeypatch.setattr(cli, "from_environment", lambda *a, **k: replace(real(*a, **k), min_free_bytes=2**62))
    path = full(tmp_path, "SEED-1")
    place = ("--dataset", "service_coverage", "--organisation", HEALTH, "--period", "2026-Q1")
    code, _out, err = on_world("submit", path, *place)
    assert code == 1 and "nearly full" in err
    code, _out, err = on_world("release")
    assert code == 1 and "nearly full" in err and err.count("\n") == 1


def test_every_command_has_its_line() -> None:
    """What the running process can do, the command line can ask; `check` asks for the organisations by itself."""
    source = Path(cli.__file__).read_text(encoding="utf-8")
    unasked = {name for name in COMMANDS if f'"{name}"' not in source and f"'{name}'" not in source}
    assert unasked == {"setup"}, "made by the server when it starts"
