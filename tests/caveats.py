"""Look through everything that a release says for a count of contacts without its caveat. Never knows how it was made.

R67: the caveat is fixed to each administrative figure. R68: no colour judges it. R69, R70: what it does not say.
"""

from __future__ import annotations

import colorsys
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from public_world import CAVEAT

_BLOCKS = (
    "p",
    "li",
    "dd",
    "dt",
    "caption",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "summary",
    "title",
    "desc",
    "text",
    "td",
    "th",
)
_COUNTED = re.compile(
    r"\d[\d,.\u202f ]*\s*(?:reported )?(?:contacts?|reports?|cases|survivors|victims)\b", re.IGNORECASE
)
_JUDGED = re.compile(
    r"prevalence|prevalent|incidence|violence (?:has |have |is )?(?:rose|risen|rising|fell|fallen|falling|increas"
    r"|decreas|declin|went up|went down|grew|grown)|(?:rise|fall|increase|decrease|growth|decline) (?:in|of) violence",
    re.IGNORECASE,
)
# What explains why a rise in reports is no rise in violence, and what codes mean, holds no count.
_WITHOUT_COUNTS = ("data/methodology.html", "data/codes.csv", "data/codes-hxl.csv")
SVG = "{http://www.w3.org/2000/svg}"


class _Blocks(HTMLParser):
    """The text of each block, and of each table all of it, with whether it holds a published count of contacts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks: list[tuple[str, str]] = []
        self.tables: list[tuple[bool, str, str]] = []
        self._open: list[tuple[str, list[str]]] = []
        self._table: list[Any] | None = None
        self._skip = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("style", "script"):
            self._skip += 1
        if tag == "table":
            self._table = [False, "", []]
        if self._table is not None and "data-contacts" in said:
            self._table[0] = True
        if tag in _BLOCKS:
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._skip -= 1
        if self._open and tag == self._open[-1][0]:
            name, parts = self._open.pop()
            words = " ".join(" ".join(parts).split())
            self.blocks.append((name, words))
            if self._table is not None and name == "caption":
                self._table[1] = words
        if tag == "table" and self._table is not None:
            self.tables.append((self._table[0], self._table[1], " ".join(self._table[2])))
            self._table = None

    def handle_data(self, data: str) -> None:
        if not self._skip:
            for _tag, parts in self._open:
                parts.append(data)
            if self._table is not None:
                self._table[2].append(data)


def faults(files: Mapping[str, str]) -> list[str]:
    """What is wrong, each as a sentence that names the file; empty where the caveat is with every count."""
    found: list[str] = []
    for name, text in files.items():
        kind = name.rpartition(".")[2]
        if kind == "html":
            found += _html(name, text)
        elif kind == "svg":
            found += _svg(name, text)
        elif kind == "csv":
            found += _csv(name, text)
        elif kind == "json":
            found += _json(name, text)
        if name not in _WITHOUT_COUNTS:
            found += [f"{name}: “{said[0]}”" for said in _JUDGED.finditer(_without(text, kind))]
    return found


def _without(text: str, kind: str) -> str:
    """A file without the caveat itself, and of pages without what styles them."""
    if kind in ("html", "svg"):
        text = " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL).split())
    return text.replace(CAVEAT, "")


def _html(name: str, text: str) -> Iterator[str]:
    read = _Blocks(text)
    for tag, words in read.blocks:
        if _COUNTED.search(words) and CAVEAT not in words:
            yield f"{name}: <{tag}> “{words[:80]}” has a count without the caveat"
    for counts, caption, _words in read.tables:
        if counts and CAVEAT not in caption:
            yield f"{name}: the table “{caption[:60]}” has no caveat in its caption"
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        yield from _svg(name, drawn)
    # Nothing of a count, its mark or its table may carry a colour that judges.
    for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL):
        for rule, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
            if re.search("contacts|stub|why", rule):
                yield from (f"{name}: {rule.strip()} is {colour}" for colour in _judging(body))


def _svg(name: str, text: str) -> Iterator[str]:
    root = ElementTree.fromstring(text)
    title, description = (root.findtext(f"{SVG}{tag}") or "" for tag in ("title", "desc"))
    if "contacts" not in title.lower():
        return
    if CAVEAT not in description:
        yield f"{name}: the chart “{title}” has no caveat in its description"
    written = " ".join(" ".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    if CAVEAT not in " ".join(written.split()):
        yield f"{name}: the chart “{title}” has no caveat written into it"
    yield from (f"{name}: the chart “{title}” is drawn in {colour}" for colour in _judging(text))


def _csv(name: str, text: str) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if "contacts" not in rows[0]:
        return
    place = rows[0].index("caveat") if "caveat" in rows[0] else -1
    for number, row in enumerate(rows[1:], 2):
        if row[0].startswith("#"):
            continue
        if place < 0 or row[place] != CAVEAT:
            yield f"{name}: row {number} has no caveat"


def _json(name: str, text: str) -> Iterator[str]:
    package = json.loads(text)
    for resource in package.get("resources", []):
        if "contacts" in resource["name"]:
            if CAVEAT not in resource.get("caveats", []) or CAVEAT not in resource.get("description", ""):
                yield f"{name}: {resource['name']} has no caveat"
    if package.get("caveat") != CAVEAT:
        yield f"{name}: the package has no caveat"


def _judging(text: str) -> list[str]:
    """Colours that say good or bad: red and green in any tone that can be told from grey."""
    found = []
    for colour in re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", text):
        digits = colour[1:] if len(colour) == 7 else "".join(d * 2 for d in colour[1:])
        red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
        hue, _light, full = colorsys.rgb_to_hls(red, green, blue)
        if full > 0.25 and (hue < 25 / 360 or hue > 335 / 360 or 75 / 360 < hue < 165 / 360):
            found.append(colour)
    return found + re.findall(r"\b(?:red|green|crimson|lime|tomato)\b(?!-)", re.sub(r"var\([^)]*\)", "", text))
