"""The command line as an operator has it: exit codes, words, with a running dashboard and without one."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from conftest import Built
from dashboard import cli
from dashboard.commands import COMMANDS
from dashboard.config import Settings
from dashboard.record.house import House, open_house
from world import copied, service, table

ROOT = Path(__file__).resolve().parents[1]
HEALTH = "XAA-HEALTH"
HEADER = "country,service_code,organisation_code,availability,open_to_migrant_women"


@dataclass
class Line:
    """A command line on one data folder; runs in this process, so that its words are caught."""

    data: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        with self.monkeypatch.context() as patch:
            patch.setenv("DASHBOARD_DATA", str(self.data))
            for name in ("HOST", "PORT", "DASHBOARD_URL", "DASHBOARD_STORE"):
                patch.delenv(name, raising=False)
            for name, value in environ.items():
                patch.setenv(name, value)
            self.capsys.readouterr()
            try:
                code = cli.main(list(arguments))
            except SystemExit as end:  # argparse's own way to end
                code = int(end.code or 0)
        said = self.capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(tmp_path / "data", capsys, monkeypatch)


@pytest.fixture
def on_world(built: Built, line: Line) -> Line:
    """A command line on the small world, which no process holds."""
    copied(built.folder, line.data)
    return line


def written(tmp_path: Path, *rows: str, header: str = HEADER) -> str:
    path = tmp_path / "file.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def full(tmp_path: Path, built: Built, *codes: str, name: str = "file.csv") -> str:
    """A file with all columns of the contract."""
    from dashboard.reference import library

    books = library.load()
    rows = [service(HEALTH, code) for code in codes]
    path = tmp_path / name
    path.write_bytes(table(House(Settings(data=tmp_path), books, None, None), "service_coverage", rows))  # type: ignore[arg-type]
    return str(path)


# --- check ---


def test_a_clean_file(line: Line, tmp_path: Path, built: Built) -> None:
    copied(built.folder / "datasets", line.data / "datasets")
    path = full(tmp_path, built, "SEED-1", "SEED-2")
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
        ((path, "--dataset", "contacts"), "Known: members, service_coverage."),
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
    for name in ("check", "submit", "release", "rebuild", "expunge", "invite", "sweep", "audit", "serve", "demo"):
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
    path = full(tmp_path, built, "SEED-1")
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
    path = full(tmp_path, built, "SEED-1", "SEED-99")
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


def test_release_expunge_invite_sweep_and_audit(on_world: Line, built: Built) -> None:
    code, out, _err = on_world("release", "--note", "again")
    assert code == 0 and out.startswith("published: ") and Path(out.split(": ", 1)[1].strip()).is_dir()
    code, out, _err = on_world("expunge", built.sent["Q2 XAA-HEALTH"], "--reason", "a name in source")
    assert (code, out) == (0, "expunged: service_coverage XAA-HEALTH 2026-Q2\n")
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
    path, found = full(tmp_path, built, "SEED-1"), []
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
    path = full(tmp_path, built, "SEED-1")
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


# --- with a running process ---


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Running:
    """A dashboard that really runs on a copy of the world."""

    data: Path
    port: int
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def running(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data, port = tmp_path_factory.mktemp("running") / "d", free_port()
    copied(built.folder, data)
    environ = {**os.environ, "DASHBOARD_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve"], env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    end = time.monotonic() + 90
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("GET", "/healthz")
                assert connection.getresponse().status == 200
                break
        except OSError:
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.1)
    yield Running(data, port, process)
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture
def beside(running: Running, line: Line) -> Line:
    """A command line on the folder of the running dashboard."""
    line.data = running.data
    return line


def test_check_knows_the_organisations_of_the_running_one(beside: Line, tmp_path: Path, built: Built) -> None:
    path = full(tmp_path, built, "SEED-1")
    code, out, _err = beside("check", path, "--dataset", "service_coverage", "--json")
    assert (code, json.loads(out)["notes"]) == (0, [])


def test_submit_through_the_socket(beside: Line, running: Running, tmp_path: Path, built: Built) -> None:
    path = full(tmp_path, built, "SEED-1", "SEED-5")
    place = ("--dataset", "service_coverage", "--organisation", HEALTH, "--period", "2026-Q1")
    code, out, _err = beside("submit", path, *place, "--accept")
    assert code == 0 and out.startswith("accepted: submission ")
    code, out, _err = beside("submit", path, *place)
    assert code == 0 and "note: These are the same bytes" in out
    code, out, _err = beside("submit", full(tmp_path, built, "SEED-99", name="bad.csv"), *place)
    assert code == 1 and "“SEED-99” is not on the list" in out and "nothing was kept" in out
    code, _out, err = beside("submit", path, *place[:-1], "2099-Q1")
    assert code == 1 and "has not begun" in err
    code, _out, err = beside("submit", path, "--dataset", "nothing", *place[2:])
    assert code == 1 and "no dataset" in err


def test_the_other_commands_through_the_socket(beside: Line, built: Built) -> None:
    code, out, _err = beside("release")
    assert code == 0 and out.startswith("published: ")
    code, out, _err = beside("expunge", built.sent["Q2 XBA-POLICE"], "--reason", "a name in source")
    assert (code, out) == (0, "expunged: service_coverage XBA-POLICE 2026-Q2\n")
    code, _out, err = beside("expunge", "nothing", "--reason", "a name in source")
    assert code == 1 and "does not exist" in err
    assert (
        "/invite/" in beside("invite", "a@example.org", "--name", "A", "--role", "member", "--organisation", HEALTH)[1]
    )
    assert beside("sweep") == (0, "lapsed: 0\n", "")
    assert beside("audit", "verify")[0] == 0


def test_rebuild_is_refused_while_it_runs(beside: Line) -> None:
    code, out, err = beside("rebuild")
    assert (code, out) == (1, "") and "Stop it, then rebuild." in err
    assert not list(beside.data.glob("*.damaged-*"))


def test_a_second_dashboard_and_a_port_in_use(beside: Line, running: Running, tmp_path: Path) -> None:
    environ = {**os.environ, "HOST": "127.0.0.1"}
    for folder, port, words in (
        (running.data, free_port(), "is running on the data folder"),
        (tmp_path / "other", running.port, f"Port {running.port} is in use"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "dashboard.cli", "serve"], cwd=ROOT, capture_output=True, text=True, check=False,
            env=environ | {"DASHBOARD_DATA": str(folder), "PORT": str(port)}, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1
    assert beside("sweep")[0] == 0, "the first one is unharmed"


def test_a_process_that_gives_no_answer(line: Line) -> None:
    """It hangs up, or it is no dashboard at all: a sentence, and a hint to look before sending again."""
    line.data.mkdir()

    def answer(server: socket.socket, said: bytes) -> None:
        for _turn in range(2):  # one to see whether somebody is there, one with the command
            connection, _address = server.accept()
            with connection:
                connection.settimeout(1)
                try:
                    if connection.recv(65536):
                        connection.sendall(said)
                except OSError:
                    pass

    for said in (b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<ht>"):
        with socket.socket(socket.AF_UNIX) as server:
            path = Settings(data=line.data).socket
            path.unlink(missing_ok=True)
            server.bind(str(path))
            server.listen()
            thread = Thread(target=answer, args=(server, said))
            thread.start()
            code, _out, err = line("sweep")
            thread.join()
        assert code == 1 and "gave no answer" in err and err.count("\n") == 1
