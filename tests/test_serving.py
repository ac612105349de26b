"""The real server: it starts, answers on both its doors, and says in one sentence why it cannot."""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.record.files import Files
from dashboard.web.serving import NotServed, gunicorn_settings, prepare

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
Start = Callable[..., "subprocess.Popen[str]"]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DASHBOARD_") and name not in ("PORT", "HOST")
    }
    return kept | {"HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1"} | more


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the Procfile's command, and stop it when the test is over."""
    running = []

    def run(**more: str) -> subprocess.Popen[str]:
        line = (ROOT / "Procfile").read_text().split(":", 1)[1].split()
        process = subprocess.Popen(
            [str(BIN / line[0]), *line[1:]],
            cwd=ROOT,
            env=environment(**more),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def get(port: int, path: str, patience: float = 40, method: str = "GET") -> tuple[int, str]:
    end = time.monotonic() + patience
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request(method, path, "{}", {"Content-Type": "application/json"})
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def by_socket(path: Path, method: str, url: str, body: str = "{}") -> tuple[int, str]:
    with closing(http.client.HTTPConnection("localhost")) as connection:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        connection.request(method, url, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_the_procfile_serves_on_port_and_socket(start: Start, tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "d"
    data.mkdir(mode=0o700)
    stray = Files(data / "files").put(b"what a killed upload left")
    process = start(PORT=str(port), DASHBOARD_DATA=str(data))
    assert get(port, "/healthz") == (200, "ok\n")
    assert not Files(data / "files").has(stray), "files that nobody needs go at a start"
    assert get(port, "/nowhere")[0] == 404
    assert process.stdout is not None
    line = process.stdout.readline()
    assert f"http://localhost:{port}/setup/" in line or "/setup/" in line
    assert get(port, "/setup/" + line.strip().rsplit("/", 1)[1])[0] == 200

    mode = stat.S_IMODE((data / "dashboard.sock").stat().st_mode)
    assert oct(mode) == "0o600"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(p.stat().st_mode) & 0o077 == 0 for p in data.rglob("*"))
    status, text = by_socket(data / "dashboard.sock", "POST", "/_command/organisations")
    assert status == 200 and json.loads(text) == {"organisations": []}
    assert by_socket(data / "dashboard.sock", "POST", "/_command/rm")[0] == 404
    assert by_socket(data / "dashboard.sock", "POST", "/_command/submit", "{}")[0] == 400
    assert by_socket(data / "dashboard.sock", "POST", "/_command/submit", "[")[0] == 400
    assert get(port, "/_command/organisations", method="POST")[0] == 404

    second = start(PORT=str(free_port()), DASHBOARD_DATA=str(data))
    out, err = second.communicate(timeout=40)
    assert second.returncode == 1 and "running on the data folder" in err and "Traceback" not in err

    began = time.monotonic()
    process.terminate()
    process.wait(timeout=20)
    assert time.monotonic() - began < 8 and process.returncode == 0
    assert not (data / "dashboard.sock").exists()


def test_a_port_in_use(start: Start, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        third = start(PORT=str(port), DASHBOARD_DATA=str(tmp_path / "e"))
        out, err = third.communicate(timeout=40)
    assert third.returncode == 1 and f"Port {port} is in use" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "DASHBOARD_DATA is not set"),
        ({"DASHBOARD_DATA": "/proc/none"}, "cannot be written"),
        ({"DASHBOARD_DATA": "/tmp/d", "PORT": "http"}, "PORT is “http”"),
        ({"DASHBOARD_DATA": "/tmp/" + "long/" * 30}, "too long"),
    ],
)
def test_it_says_in_one_sentence_why_not(start: Start, more: dict[str, str], words: str) -> None:
    process = start(**{"PORT": str(free_port())} | more)
    __, err = process.communicate(timeout=40)
    assert process.returncode == 1
    assert words in err and "Traceback" not in err and err.count("\n") == 1, err


def test_a_database_that_cannot_be_opened_ends_the_start(start: Start, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "dashboard.duckdb").write_bytes(b"not a database" * 1000)
    process = start(PORT=str(free_port()), DASHBOARD_DATA=str(tmp_path / "d"))
    __, err = process.communicate(timeout=40)
    assert process.returncode not in (0, None) and "Traceback" not in err
    assert "dashboard rebuild" in err
    assert (tmp_path / "d" / "dashboard.duckdb").read_bytes() == b"not a database" * 1000


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    with pytest.raises(NotServed, match="cannot be used"):
        prepare(Settings(data=tmp_path, host="192.0.2.1"))


def test_one_process_because_one_process_holds_the_record(tmp_path: Path) -> None:
    told = gunicorn_settings(Settings(data=tmp_path, host="::1", port=81))
    assert (told["workers"], told["threads"], told["preload_app"], told["reload"]) == (1, 32, False, False)
    assert told["bind"] == ["[::1]:81", f"unix:{tmp_path}/dashboard.sock"] and told["umask"] == 0o077
