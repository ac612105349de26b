"""The command line beside a running dashboard: commands go through its socket, and nothing is opened twice."""

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

from command_line import HEALTH, ROOT, Line, free_port, full
from dashboard.config import Settings
from world import Built, copied


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
    path = full(tmp_path, "SEED-1")
    code, out, _err = beside("check", path, "--dataset", "service_coverage", "--json")
    assert (code, json.loads(out)["notes"]) == (0, [])


def test_submit_through_the_socket(beside: Line, running: Running, tmp_path: Path, built: Built) -> None:
    path = full(tmp_path, "SEED-1", "SEED-5")
    place = ("--dataset", "service_coverage", "--organisation", HEALTH, "--period", "2026-Q1")
    code, out, _err = beside("submit", path, *place, "--accept")
    assert code == 0 and out.startswith("accepted: submission ")
    code, out, _err = beside("submit", path, *place)
    assert code == 0 and "note: These are the same bytes" in out
    code, out, _err = beside("submit", full(tmp_path, "SEED-99", name="bad.csv"), *place)
    assert code == 1 and "“SEED-99” is not on the list" in out and "nothing was kept" in out
    code, _out, err = beside("submit", path, *place[:-1], "2099-Q1")
    assert code == 1 and "has not begun" in err
    code, _out, err = beside("submit", path, "--dataset", "nothing", *place[2:])
    assert code == 1 and "no dataset" in err


def test_the_other_commands_through_the_socket(beside: Line, built: Built) -> None:
    code, out, _err = beside("release")
    assert code == 0 and out.startswith("published: ")
    code, out, _err = beside("expunge", built.sent["Q2 XBA-POLICE"], "--reason", "a name in source")
    assert code == 0 and out.startswith("expunged: service_coverage XBA-POLICE 2026-Q2\n")
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
