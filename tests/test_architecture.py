"""The house stands as its picture says: rooms, sizes, first sentences, no shortcuts. Never runs the application."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    [*ROOT.glob("*.py"), *(p for room in ("dashboard", "pages", ".ci") for p in (ROOT / room).rglob("*.py"))]
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
WRITTEN = sorted(
    path
    for room in ("dashboard", "pages", "assets", ".ci", "tests", "datasets")
    for path in (ROOT / room).rglob("*")
    if path.suffix in {".py", ".sql", ".html", ".css", ".js", ".toml", ".md", ".json"}
    and "__pycache__" not in path.parts
)
# The room that makes tables, and the modules that turn a contract's rules into questions. Their names come out of
# datasets/schemas, where they are checked; values are bound there too.
SQL_MAKERS = (
    "dashboard/record/",
    "dashboard/intake/beside.py",
    "dashboard/intake/check.py",
    "dashboard/intake/conditions.py",
    "dashboard/intake/different.py",
    "dashboard/intake/inspection.py",
    "dashboard/intake/relations.py",
    "dashboard/intake/screen.py",
)
# The one name that a question may leave open: the view of a contract's rows.
CONTRACT_VIEW = re.compile(r"\{(contract\.name|dataset)\}(?=_rows\b)")
SQL = re.compile(
    r"\b(select\b.+\bfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+(table|view|or)|drop\s+)\b",
    re.I | re.S,
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    # The look is one file on purpose: its colours, sizes and spaces are named once, at its top.
    most = 600 if path.suffix == ".css" else 400
    assert 1 <= lines <= most, f"{name(path)} has {lines} lines: split it by subject."


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=name)
def test_a_module_says_what_it_is_for_in_its_first_sentence(path: Path) -> None:
    words = ast.get_docstring(tree(path)) or ""
    assert re.match(r"\S.*\w.*[.?:]", words.partition("\n")[0]), f"{name(path)} begins with: {words[:60]!r}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py" and p.parent.name != "pages"], ids=name)
def test_a_module_says_what_it_never_does(path: Path) -> None:
    words = ast.get_docstring(tree(path)) or ""
    said = re.search(r"\b(never|not|no|nothing|only|nobody|none)\b", words, re.I)
    assert said, f"The docstring of {name(path)} does not say what it never does."


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_shortcut_that_trusts_a_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in ("dangerously_allow", "dangerously_set", "| safe", "unsafe-eval"):
        assert word not in text, f"{name(path)} has {word}."


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("*.html")), ids=name)
def test_templates_escape_everything(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"autoescape\s+false", text)
    assert not re.search(r"\son[a-z]+\s*=", text), "An event handler in the page would be stopped by our own policy."
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>\s*\S", text), "A script in the page would be stopped too."


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_chart_stands_in_its_figure(path: Path) -> None:
    bare = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute | ast.Name) and getattr(node, "attr", getattr(node, "id", "")) == "Graph"
    ]
    assert not bare or name(path) == "dashboard/web/figure.py", f"{name(path)}, lines {bare}"


def _glued(node: ast.AST) -> str | None:
    """The constant words of an SQL text that is put together from values, or None."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        rest = CONTRACT_VIEW.sub("", ast.unparse(node))
        return " ".join(parts) if "{" in rest else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        return str(node.left.value)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    ):
        return str(node.func.value.value)
    return None


def glued_sql(source: str) -> list[int]:
    """The lines on which a text that reads as SQL is put together from values."""
    found = ((node, _glued(node)) for node in ast.walk(ast.parse(source)))
    return [getattr(node, "lineno", 0) for node, words in found if words and SQL.search(words)]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_sql_is_never_glued_together(path: Path) -> None:
    lines = [] if name(path).startswith(SQL_MAKERS) else glued_sql(path.read_text(encoding="utf-8"))
    assert not lines, f"{name(path)}, lines {lines}: bind a parameter, or let the record room make the text."


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ('f"select * from t where a = {a}"', True),
        ('"select * from t where a = %s" % a', True),
        ('"delete from {}".format(t)', True),
        ('"select * from t where a = $a"', False),
        ('f"Select a file from {place}"', True),
        ('f"select * from {dataset}_rows where since <= $version"', False),
        ('f"select * from {dataset}_rows where a = {a}"', True),
        ('f"{count} rows"', False),
    ],
)
def test_glued_sql_is_seen(source: str, caught: bool) -> None:
    assert bool(glued_sql(source)) is caught


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("*.sql")), ids=name)
def test_a_view_says_what_one_row_is(path: Path) -> None:
    assert re.match(r"-- One row per .+", path.read_text(encoding="utf-8")), name(path)


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py"], ids=name)
def test_nothing_is_a_bag_of_leftovers(path: Path) -> None:
    assert not {"utils", "helpers", "misc", "common"} & set(path.with_suffix("").parts[-2:]), (
        f"Name what {name(path)} is."
    )
