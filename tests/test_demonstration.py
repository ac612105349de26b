"""The demonstration: built through the intake, labelled wherever it is shown, and never over somebody's data."""

from __future__ import annotations

import csv
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import cli, demonstration
from dashboard.config import DEMONSTRATION, Settings, from_environment
from dashboard.demonstration import NotADemonstration
from dashboard.protection import policy
from dashboard.record.house import House, open_house
from dashboard.reports import coverage, members
from dashboard.reports import submissions as sent

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's data folder, built once, with nobody in it."""
    data = tmp_path_factory.mktemp("demonstration") / "d"
    demonstration.prepare(Settings(data=data, demo=True, min_free_bytes=0))
    return data


@pytest.fixture(scope="module")
def demo(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of it, open, by the settings that anybody would read for this folder."""
    copy = tmp_path_factory.mktemp("open") / "d"
    shutil.copytree(folder, copy, symlinks=True)
    house = open_house(replace(from_environment({"DASHBOARD_DATA": str(copy)}), min_free_bytes=0))
    yield house
    house.close()


def viewer() -> policy.Viewer:
    return policy.operator(datetime.now(UTC).date())


# --- what is in it ---


def test_every_file_was_sent_and_accepted(demo: House) -> None:
    sent_files = demonstration.files()
    assert len(sent_files) >= 30 and all(path.is_file() for *_place, path in sent_files)
    rows = sent.listing(viewer(), demo)
    assert {row["state"] for row in rows} == {"accepted"}
    assert sorted((r["period"], r["dataset"], r["organisation_code"]) for r in rows) == sorted(
        f[:3] for f in sent_files
    )
    for period in {f[0] for f in sent_files}:
        datasets = [f[1] for f in sent_files if f[0] == period]
        assert datasets == sorted(datasets), "registers before what their members send"
    refused = demo.store.read("select * from audit where action = 'file refused'")
    assert refused == [] and demo.store.verify_audit() == []


def test_invented_figures_stand_beside_fictional_countries_only(demo: House) -> None:
    """User-assigned codes of ISO 3166-1: XAA to XZZ belong to nobody."""
    for name in ("countries", "corridors"):
        for code in demo.library.codes[name].codes:
            places = [code.code] if name == "countries" else [code.attributes["origin"], code.attributes["destination"]]
            assert all(re.fullmatch(r"X[A-Z]{2}", place) for place in places), code.code
    for table in ("d_members", "d_service_coverage"):
        found = demo.store.read(f"select distinct country, left(organisation_code, 3) as place from {table}")
        assert found and all(
            re.fullmatch(r"X[A-Z]{2}", row["country"]) and row["place"] == row["country"] for row in found
        )
    lines = demo.store.read("select distinct contact_line from d_service_coverage where contact_line is not null")
    assert lines and all(row["contact_line"].startswith("+999") for row in lines), "a country code that nobody has"


def test_what_its_readme_promises(demo: House) -> None:
    found = coverage.coverage(viewer(), demo, period="2026-Q3")
    late = demo.store.read("select organisation_name from members_rows where organisation_code = 'XAA-HEALTH' limit 1")
    assert late[0]["organisation_name"] in found.late
    assert set(found.sides["origin"]) & set(found.sides["destination"]) == {"XBC"}, "Ostramar is on both sides"
    states = set(found.matrix.frame.iloc[:, 2:].to_numpy().ravel())
    assert states >= {"open", "restricted", "planned", "none", ""}, "every kind of cell can be seen"
    tavolinia = found.matrix.frame["origin:XAB"]
    assert 1 <= sum(tavolinia != "") <= 6
    after = found.matrix.frame.loc["SEED-8"].iloc[2:]
    assert set(after) <= {"none", "planned", ""}, "legal support after return is missing at every end"
    seats = members.members(viewer(), demo)
    assert len(seats.countries) == 5 and len(seats.gaps) >= 3
    marked = demo.store.read("select distinct organisation_code from members_rows where enforcement_body = 'yes'")
    assert "XBA-POLICE" in {row["organisation_code"] for row in marked}


def test_its_people_are_roles_at_an_address_that_is_nobodys(demo: House) -> None:
    people = demonstration.people()
    assert {p["role"] for p in people if p["sign_in"] == "yes"} == {"member", "agency", "coordinator", "secretariat"}
    assert all(p["email"].endswith("@example.org") and p["sign_in"] in ("yes", "no") for p in people)
    known = {row["organisation_code"] for row in demo.store.read("select distinct organisation_code from members_rows")}
    assert {p["organisation_code"] for p in people} - {""} <= known
    assert demo.store.read("select count(*) as n from credential") == [{"n": 0}], "no password, so no default account"


# --- its label ---


def test_the_label_stays_whoever_opens_the_folder(folder: Path, demo: House) -> None:
    assert (folder / DEMONSTRATION).is_file() and demo.settings.demo
    page = (demo.settings.releases / "current" / "index.html").read_text(encoding="utf-8")
    assert "Demonstration data." in page


def test_a_release_by_the_command_line_is_labelled_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "d"
    shutil.copytree(folder, data, symlinks=True)
    monkeypatch.setenv("DASHBOARD_DATA", str(data))
    assert cli.main(["release"]) == 0
    made = Path(capsys.readouterr().out.removeprefix("published: ").strip())
    assert "Demonstration data." in (made / "index.html").read_text(encoding="utf-8")


# --- where it is built ---


def test_a_second_start_leaves_it_as_it_is(folder: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    demonstration.prepare(Settings(data=folder, demo=True, min_free_bytes=0))
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before
    assert not folder.with_name(folder.name + ".building").exists()


@pytest.fixture
def one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration of one register, so that building it takes a moment."""
    small = tmp_path / "small"
    shutil.copytree(demonstration.DEMO / "codes", small / "codes")
    shutil.copy(demonstration.DEMO / "people.csv", small / "people.csv")
    register = next(path for *_place, path in demonstration.files() if path.stem == "XAA-COORD")
    only = small / register.relative_to(demonstration.DEMO)
    only.parent.mkdir(parents=True)
    shutil.copy(register, only)
    monkeypatch.setattr(demonstration, "DEMO", small)
    return only


def test_an_empty_folder_and_what_an_interrupted_start_left(tmp_path: Path, one_file: Path) -> None:
    data = tmp_path / "d"
    data.mkdir()
    half = tmp_path / "d.building"
    half.mkdir()
    (half / "dashboard.duckdb").write_bytes(b"half")
    demonstration.prepare(Settings(data=data, demo=True, min_free_bytes=0))
    assert (data / DEMONSTRATION).is_file() and not half.exists()
    house = open_house(Settings(data=data, demo=True, min_free_bytes=0))
    assert [row["state"] for row in sent.listing(viewer(), house)] == ["accepted"]
    house.close()


def test_a_file_that_the_intake_refuses_stops_the_building(tmp_path: Path, one_file: Path) -> None:
    with one_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][0] = "XZZ"
    with one_file.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    data = tmp_path / "d"
    with pytest.raises(RuntimeError, match=r"XAA-COORD.csv .*XZZ"):
        demonstration.prepare(Settings(data=data, demo=True, min_free_bytes=0))
    assert not data.exists(), "no half mechanism"


@pytest.mark.parametrize("held", ["dashboard.duckdb", "notes.txt", "journal/2026-11.jsonl"])
def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, one_file: Path, held: str) -> None:
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


def test_it_prints_a_link_for_each_role_and_the_links_work(folder: Path, tmp_path: Path) -> None:
    data, port = tmp_path / "d", free_port()
    shutil.copytree(folder, data, symlinks=True)
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
