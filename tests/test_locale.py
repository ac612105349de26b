"""Every sentence that a person sees can be translated, and the catalogue holds it. Never judges a wording."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from tools import words

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for room in ("dashboard", "pages") for path in (ROOT / room).rglob("*.py"))
DRAWN = [
    path for path in CODE if path.is_relative_to(ROOT / "pages") or path.is_relative_to(ROOT / "dashboard" / "web")
]
TEMPLATES = sorted((ROOT / "dashboard").rglob("*.html"))
TRANSLATIONS = sorted(words.LOCALE.glob("*/LC_MESSAGES/dashboard.po"))
# What a person sees of these is not the string itself: names for machines, and the way an element looks.
NOT_SEEN = {
    "id",
    "className",
    "class_name",
    "href",
    "src",
    "type",
    "name",
    "role",
    "value",
    "lang",
    "rel",
    "target",
    "htmlFor",
    "method",
    "action",
    "style",
    "key",
    "scope",
    "inputMode",
    "autoComplete",
    "accept",
    "path",
    "color",
    "size",
}
SEEN = {"children", "title", "label", "placeholder", "alt", "aria-label", "caption"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def wordy(text: str) -> bool:
    """Whether a text has words; a name in capitals, such as SHA-256, is the same in every language."""
    return bool(re.search(r"[a-z]{2}", text))


def test_the_catalogue_is_in_step() -> None:
    assert words.out_of_step() == [], "Sentences changed: run `make words` and commit dashboard/locale."


def test_the_catalogue_keeps_no_day_and_no_line() -> None:
    text = words.TEMPLATE.read_text(encoding="utf-8")
    assert "Creation-Date" not in text
    assert not re.search(r"^#: .*:\d+", text, re.M)


@pytest.mark.parametrize("path", TRANSLATIONS, ids=name)
def test_a_translation_fills_the_same_gaps(path: Path) -> None:
    def gaps(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}

    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        sources = message.id if isinstance(message.id, list | tuple) else (message.id,)
        if message.id and "{" in "".join(sources):
            known = set().union(*(gaps(source) for source in sources)) | {"count"}
            for form in filter(None, forms):
                assert gaps(str(form)) <= known, f"{message.id!r} is rendered as {form!r}"


def test_english_is_complete() -> None:
    with (words.LOCALE / "en" / "LC_MESSAGES" / "dashboard.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    empty = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert empty == []


def glued_sentences(source: str) -> list[int]:
    """The lines on which `_`, `n_` or `N_` is given a text that was put together: no catalogue can hold it."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "n_", "N_")
        for text in node.args[: 2 if node.func.id == "n_" else 1]
        if isinstance(text, ast.JoinedStr | ast.BinOp)
        or (isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr == "format")
    ]


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_sentence_is_marked_whole(path: Path) -> None:
    assert glued_sentences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('_("Row {row}", row=3)', []),
        ("_(title)", []),
        ('_(f"Row {row}")', [1]),
        ('_("Row " + row)', [1]),
        ('n_("{count} row", f"{count} rows", 2)', [1]),
        ('N_("Row {}".format(row))', [1]),
    ],
)
def test_a_glued_sentence_is_seen(source: str, lines: list[int]) -> None:
    assert glued_sentences(source) == lines


def bare_words(source: str) -> list[tuple[int, str]]:
    """(line, text) of words handed to a Dash component as they stand, without `_`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("html", "dcc", "dbc")
        ):
            continue
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in SEEN and k.arg not in NOT_SEEN)]
        texts = [t for g in given for t in (g.elts if isinstance(g, ast.List | ast.Tuple) else [g])]
        for text in texts:
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            found += [
                (part.lineno, part.value)
                for part in parts
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and wordy(part.value)
            ]
    return found


@pytest.mark.parametrize("path", DRAWN, ids=name)
def test_a_page_shows_only_marked_words(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('html.P("Hello there")', ["Hello there"]),
        ('html.P(_("Hello there"))', []),
        ('html.P(["Hi you", x])', ["Hi you"]),
        ('html.P(f"{n} rows")', [" rows"]),
        ('html.P("·")', []),
        ('html.Div(id="results")', []),
        ('dbc.Input(placeholder="Your name")', ["Your name"]),
    ],
)
def test_bare_words_are_seen(source: str, texts: list[str]) -> None:
    assert [text for _, text in bare_words(source)] == texts


def template_words(source: str) -> list[str]:
    """The words that stand in a template outside {{ }}, tags, comments and styles."""
    kept = "".join(
        value if kind == "data" else "\N{OBJECT REPLACEMENT CHARACTER}"
        for _, kind, value in Environment().lex(source)
        if kind == "data" or kind == "variable_begin"
    )
    for hidden in (r"<!--.*?-->", r"<(style|script|code|svg)\b.*?</\1>", r"<!doctype[^>]*>", r"<[^>]*>", r"&\w+;"):
        kept = re.sub(hidden, "\n", kept, flags=re.S | re.I)
    return [line.strip() for line in kept.splitlines() if wordy(line)]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_shows_only_marked_words(path: Path) -> None:
    assert template_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p class="lead {% if x %}wide{% endif %}">{{ _("Hello") }}</p>', []),
        ("<style>p { color: red }</style>{# note #}<br>", []),
    ],
)
def test_template_words_are_seen(source: str, found: list[str]) -> None:
    assert template_words(source) == found
