"""The project as somebody finds it: locks, commands, what set-up says when something is missing. Needs no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from tools import browser, cartesian

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK, re.M | re.I))
HERE = Path(__file__).name
LEFT_BY_TOOLS = re.compile(
    r"(^|/)(\.venv|\.git|data|build|node_modules|__pycache__|[^/]*\.egg-info|\.\w+_cache|\.hypothesis)/"
)


def tree() -> list[Path]:
    """The files that belong to the project: what git keeps or would keep, or, without git, what no tool has left."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode == 0:
        return sorted(ROOT / line for line in told.stdout.splitlines() if (ROOT / line).is_file())
    names = (p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file())
    return sorted(ROOT / name for name in names if not LEFT_BY_TOOLS.search(name) and not name.endswith(".mo"))


TREE = tree()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_the_lock_names_no_registry_and_no_folder() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*--(?!hash=)", LOCK, re.M), "An option in the lock binds it to one machine."


def test_every_pin_has_a_hash() -> None:
    parts = re.split(r"^(?=[a-z0-9._-]+==)", LOCK, flags=re.M | re.I)[1:]
    assert len(parts) == len(PINS)
    assert [part.splitlines()[0] for part in parts if "--hash=sha256:" not in part] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    wanted = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
        "pip",
        "setuptools",
    ]
    names = {canonical(re.split(r"[\s\[<>=!~;]", line)[0]) for line in wanted}
    assert names - {canonical(name) for name in PINS} == set()


def test_what_runs_is_what_is_locked() -> None:
    different = {name: version(name) for name, pin in PINS.items() if version(name) != pin}
    assert different == {}, "Run make setup."


def test_pins_that_are_decisions() -> None:
    assert PINS["duckdb"] == "1.5.5"
    assert "duckdb==1.5.5" in PROJECT["project"]["dependencies"]
    assert tuple(map(int, PINS["dash"].split("."))) >= (4, 4, 1)


def test_each_ruff_rule_and_import_ban_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for rule in PROJECT["tool"]["ruff"]["lint"]["select"]:
        assert re.search(rf'"{rule}",\s+# \w+', text), rule
    assert all(ban["msg"] for ban in PROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"].values())


def test_every_warning_let_through_has_a_reason() -> None:
    lines = PROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"]
    assert lines[0] == "error"
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in lines[1:]:
        before = text[: text.index(line.replace("\\", "\\\\") if line not in text else line)].splitlines()[-2]
        assert before.strip().startswith("#"), line


# --- the tree ---------------------------------------------------------------------------------------------------------

FORBIDDEN = {
    "a path of one machine": r"/(?:work|root|home)/\w|/opt/(?:wheels|pypi)",
    "a registry's host": r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|crates\.io)\b",
    "a content network's host": (
        r"\bcdn\.\w+\.\w+"
        r"|\b(?:unpkg\.com|jsdelivr|cdnjs|googleapis|gstatic\.com|bootstrapcdn)\b"
    ),
    "a key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_tree_is_free_of(what: str) -> None:
    found = [p.relative_to(ROOT).as_posix() for p in TREE if p.name != HERE and re.search(FORBIDDEN[what], read(p))]
    assert found == [], what


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "/root/" + "x"),
        ("a path of one machine", "/opt/" + "wheels"),
        ("a registry's host", "https://pypi." + "org/simple"),
        ("a content network's host", "https://cdn.plot." + "ly/x.js"),
    ],
)
def test_what_is_forbidden_is_seen(what: str, text: str) -> None:
    assert re.search(FORBIDDEN[what], text)


def test_nothing_that_set_up_makes_is_kept() -> None:
    assert [p for p in TREE if {".venv", "data", "node_modules", "__pycache__"} & set(p.relative_to(ROOT).parts)] == []
    assert [p for p in TREE if p.suffix in {".mo", ".duckdb", ".pyc", ".tgz"}] == []


def test_templates_and_views_travel_with_the_package() -> None:
    shipped = set(PROJECT["tool"]["setuptools"]["package-data"]["*"])
    kinds = {f"*{p.suffix}" for p in TREE if p.is_relative_to(ROOT / "dashboard") and p.suffix != ".py"}
    assert kinds - shipped == set()


# --- set-up -----------------------------------------------------------------------------------------------------------


def place(tmp_path: Path) -> Path:
    """A folder with what `make setup` needs, and nothing installed."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".ci").symlink_to(ROOT / ".ci")
    return tmp_path


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "PIP_"))}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=100,
    )


def test_a_python_too_old_is_a_sentence(tmp_path: Path) -> None:
    done = make(place(tmp_path), "setup", "PYTHON=")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_network_is_a_sentence_and_the_next_try_goes_on(tmp_path: Path) -> None:
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
    }
    done = make(place(tmp_path), "setup", f"PYTHON={sys.executable}", **nowhere)
    assert done.returncode != 0
    assert "run the same command again" in done.stderr
    assert not (tmp_path / ".venv" / ".packages").exists()


def test_a_second_run_has_nothing_to_do() -> None:
    asked = make(ROOT, "--question", "setup")
    assert asked.returncode == 0, "make setup would do something; run it."


def test_help_names_every_target() -> None:
    said = make(ROOT).stdout
    for target in ("run", "test", "test-long", "check", "words"):
        assert f"make {target} " in said


# --- continuous integration -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "code"),
    [
        ("===== 12 passed in 3.21s =====", 0),
        ("===== 1 failed, 11 passed in 61.02s (0:01:01) =====", 1),
        ("2 passed, 1 deselected in 0.10s", 0),
        ("", 2),
    ],
)
def test_ci_ends_with_the_closing_line_and_the_right_code(tmp_path: Path, closing: str, code: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text(f"test:\n\t@echo before\n\t@echo '{closing}'\n\t@echo after\n\t@exit {code}\n")
    done = subprocess.run(
        [tmp_path / ".ci" / "run"],
        env=os.environ | {"CI": "true"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    last = done.stdout.rstrip().splitlines()[-1]
    assert bool(done.returncode) is bool(code)
    assert last == closing or (not closing and "ended with code" in last)


# --- the smaller bundle -----------------------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cartesian, "TARGET", tmp_path / "share" / "plotly-cartesian.min.js")
    monkeypatch.setattr(cartesian, "VERSION_NOTE", tmp_path / "share" / "plotly-cartesian.min.version")
    return tmp_path


def client(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an npm of our own on the path, and nothing else."""
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_bundle_in_use_has_its_integrity_kept() -> None:
    assert cartesian.version() in cartesian.INTEGRITY


def test_no_npm_is_one_line(bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(bundle))
    cartesian.main()
    assert capsys.readouterr().out.splitlines() == [
        "Plotly's smaller bundle is left out: npm is not installed. Pages load a larger one and work the same."
    ]


def test_no_registry_is_one_line(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client(bundle, "echo trouble >&2; exit 1", monkeypatch)
    cartesian.main()
    said = capsys.readouterr()
    assert "npm could not fetch it" in said.out and said.err == ""


def test_a_changed_archive_is_not_used(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client(bundle, 'while [ "$1" != --pack-destination ]; do shift; done; echo other > "$2/plotly.tgz"', monkeypatch)
    with pytest.raises(cartesian.NoBundle, match="not what we know it to be"):
        cartesian.install()
    assert not cartesian.TARGET.exists()


# --- the tests' browser -----------------------------------------------------------------------------------------------


def test_a_browser_is_found_by_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHBOARD_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() is None
    for name in reversed(browser.NAMES):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert browser.find() == str(tmp_path / name)


def test_a_browser_that_is_named_and_missing_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_CHROMIUM", "/nowhere/chromium")
    assert browser.find() is None


def test_no_browser_fails_with_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "tools" / "browser.py", "--install"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
