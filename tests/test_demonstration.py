"""The demonstration: built through the intake, labelled wherever it is shown, and never over somebody's data."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dashboard import cli, demonstration
from dashboard.config import DEMONSTRATION, Settings
from dashboard.demonstration import NotADemonstration, knowledge
from dashboard.protection import policy
from dashboard.record.house import House, open_house
from dashboard.reports import submissions as sent
from demonstration_world import viewer

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 10, 20), date(2027, 3, 31)], ids=str)
def test_it_can_be_built_on_the_first_day_of_a_quarter_and_on_the_last(tmp_path: Path, today: date) -> None:
    settings = Settings(data=tmp_path / "d", demo=True, min_free_bytes=0)
    demonstration.prepare(settings, today=today)
    house = open_house(settings)
    try:
        states = Counter(row["state"] for row in sent.listing(policy.operator(today), house, most=1000))
        last = house.store.read("select max(recorded_at) as at from step")[0]["at"]
    finally:
        house.close()
    assert states["submitted"] == 5 and states["returned"] == 6 and states["withdrawn"] == 2 and last.date() < today


# --- its label ---


def test_the_label_stays_whoever_opens_the_folder(demonstration_folder: Path, demo: House) -> None:
    assert (demonstration_folder / DEMONSTRATION).is_file() and demo.settings.demo
    page = (demo.settings.releases / "current" / "index.html").read_text(encoding="utf-8")
    assert "Demonstration data." in page


def test_a_release_by_the_command_line_is_labelled_too(
    demonstration_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "d"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    monkeypatch.setenv("DASHBOARD_DATA", str(data))
    assert cli.main(["release"]) == 0
    made = Path(capsys.readouterr().out.removeprefix("published: ").strip())
    assert "Demonstration data." in (made / "index.html").read_text(encoding="utf-8")


# --- where it is built ---


def test_a_second_start_leaves_it_as_it_is(demonstration_folder: Path) -> None:
    folder = demonstration_folder
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    demonstration.prepare(Settings(data=folder, demo=True, min_free_bytes=0))
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before
    assert not folder.with_name(folder.name + ".building").exists()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Knowledge of a demonstration of one register, so that building it takes a moment."""
    made = tmp_path / "small"
    shutil.copytree(knowledge.DEMO / "codes", made / "codes")
    for name in knowledge.FILES:
        header, *lines = (knowledge.DEMO / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = {"people": ("secretariat",), "members": ("XAD,",), "sending": ("XAD-COORD,members",)}.get(name, ())
        (made / f"{name}.csv").write_text(
            header + "".join(line for line in lines if kept and line.startswith(kept)), encoding="utf-8"
        )
    monkeypatch.setattr(demonstration, "DEMO", made)
    return made


def test_an_empty_folder_and_what_an_interrupted_start_left(tmp_path: Path, small: Path) -> None:
    data = tmp_path / "d"
    data.mkdir()
    half = tmp_path / "d.building"
    half.mkdir()
    (half / "dashboard.duckdb").write_bytes(b"half")
    demonstration.prepare(Settings(data=data, demo=True, min_free_bytes=0))
    assert (data / DEMONSTRATION).is_file() and not half.exists()
    house = open_house(Settings(data=data, demo=True, min_free_bytes=0))
    assert [row["state"] for row in sent.listing(viewer(), house)] == ["accepted", "accepted"]
    house.close()


def test_a_file_that_the_intake_refuses_stops_the_building(tmp_path: Path, small: Path) -> None:
    text = (small / "members.csv").read_text(encoding="utf-8")
    (small / "members.csv").write_text(text.replace("GOV-HEA", "GOV-HEE"), encoding="utf-8")
    data = tmp_path / "d"
    with pytest.raises(RuntimeError, match=r"members of XAD-COORD .*GOV-HEE"):
        demonstration.prepare(Settings(data=data, demo=True, min_free_bytes=0))
    assert not data.exists(), "no half mechanism"


def test_a_file_that_was_to_be_refused_and_was_not_stops_it_too(tmp_path: Path, small: Path) -> None:
    with (small / "story.csv").open("a", encoding="utf-8") as file:
        file.write("XAD-COORD,members,6,refused,,2,sector=social where organisation_code=XAD-HEALTH,\n")
    with pytest.raises(RuntimeError, match="was to be refused and was taken"):
        demonstration.prepare(Settings(data=tmp_path / "d", demo=True, min_free_bytes=0))


def test_more_observations_are_built_in_the_same_way(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DASHBOARD_DATA", str(tmp_path / "d"))
    assert cli.parser().parse_args(["demo", "--observations", "5000"]).observations == 5000
    assert demonstration.main(["--observations", "5000"]) == 0
    house = open_house(Settings(data=tmp_path / "d", demo=True, min_free_bytes=0))
    found = house.store.read("select count(*) as n, count(distinct submission_id) as files from service_contacts_rows")
    house.close()
    assert found == [{"n": 5000, "files": 10}] and "rows of contacts so far" in capsys.readouterr().out
    assert demonstration.main(["--observations", "6000"]) == 0 and "already" in capsys.readouterr().out
    monkeypatch.setenv("DASHBOARD_DATA", str(tmp_path / "other"))
    assert demonstration.main(["--observations", "1000000000"]) == 1
    assert "at most" in (said := capsys.readouterr().err) and said.count("\n") == 1
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("held", ["dashboard.duckdb", "notes.txt", "journal/2026-11.jsonl"])
def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, small: Path, held: str) -> None:
    path = tmp_path / "d" / held
    path.parent.mkdir(parents=True)
    path.write_bytes(b"somebody's")
    with pytest.raises(NotADemonstration, match="left as it is"):
        demonstration.prepare(Settings(data=tmp_path / "d", demo=True, min_free_bytes=0))
    assert [p for p in (tmp_path / "d").rglob("*") if p.is_file()] == [path] and path.read_bytes() == b"somebody's"


# --- running ---


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def get(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""


def test_it_prints_a_link_for_each_role_and_the_links_work(demonstration_folder: Path, tmp_path: Path) -> None:
    data, port = tmp_path / "d", free_port()
    shutil.copytree(demonstration_folder, data, symlinks=True)
    environ = {**os.environ, "DASHBOARD_DATA": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environ.pop("HOST", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "demo"], cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines, end = [], time.monotonic() + 90
        while not any("Stop with" in line for line in lines) and time.monotonic() < end and process.poll() is None:
            lines.append(process.stdout.readline())
        links = re.findall(rf"^sign in as (\w+): http://localhost:{port}(/demo-sign-in/\S+)", "".join(lines), re.M)
        assert [role for role, _path in links] == [p["role"] for p in demonstration.people() if p["sign_in"] == "yes"]
        assert "   (Demonstration coordinator of Norwenna)\n" in "".join(lines)
        assert f"Demonstration data at http://localhost:{port}" in "".join(lines)
        assert len({path for _role, path in links}) == len(links)
        for _role, path in links:
            status, to = get(port, path)
            assert status in (302, 303) and "sign-in" not in to
        assert get(port, "/demo-sign-in/wrong")[0] == 404

        second = subprocess.run(
            [sys.executable, "-m", "dashboard.cli", "demo"], cwd=ROOT, capture_output=True, text=True, check=False,
            env=environ | {"DASHBOARD_DATA": str(tmp_path / "other")}, timeout=60,
        )  # fmt: skip
        assert second.returncode == 1 and f"Port {port} is in use" in second.stderr
        assert "Building" not in second.stdout, "said before the building, not after it"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_somebodys_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "demo"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DASHBOARD_DATA": str(tmp_path), "PORT": str(free_port())}, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "does not hold a demonstration" in done.stderr
    assert (tmp_path / "notes.txt").read_text() == "mine"
