"""Gather every sentence that a person sees into `dashboard/locale`. Never translates, never drops a translation."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dashboard.reference import library

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "dashboard" / "locale"
TEMPLATE = LOCALE / "dashboard.pot"
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2), "gettext": None, "ngettext": (1, 2)}
# Lines that would differ with the day, the machine or the version of a tool; a catalogue changes with its words only.
_FLEETING = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
    re.M,
)

COMMENT = (
    "# Sentences that people see. Made by `make words`; a translation goes into <language>/LC_MESSAGES/dashboard.po."
)

Found = tuple[str, str | tuple[str, ...], list[str]]


def _in_code() -> Iterator[Found]:
    """(file, sentence or forms, notes) of each `_`, `n_` and `N_` in Python files and templates."""
    for folder, ending, method in (
        (ROOT / "dashboard", "py", "python"),
        (ROOT / "pages", "py", "python"),
        (ROOT / "dashboard", "html", "jinja2"),
        (ROOT / "dashboard", "txt", "jinja2"),
    ):
        for path in sorted(folder.rglob(f"*.{ending}")):
            name = path.relative_to(ROOT).as_posix()
            for _line, message, notes, _context in extract_from_file(method, path, KEYWORDS, ("For translators:",)):
                yield name, message, notes


def _in_knowledge() -> Iterator[Found]:
    """(file, sentence, notes) of the words in schemas, indicators, code lists and the public summary's own."""
    known = library.load()
    for name, contract in known.contracts.items():
        texts = [contract.title, contract.description, contract.row, contract.frequency]
        texts += [rule.words for rule in contract.rules]
        texts += [text for f in contract.fields for text in (f.title, f.description, f.pattern_words)]
        texts += [contract.register.get("question", "")]
        forms = [contract.register.get("counted", ()), contract.register.get("across", ())[1:]]
        yield from ((f"datasets/schemas/{name}.json", text, []) for text in texts)
        yield from ((f"datasets/schemas/{name}.json", (one, many), []) for one, many in filter(None, forms))
    for code, indicator in known.indicators.items():
        texts = [indicator.title, indicator.definition, indicator.numerator, indicator.denominator]
        texts += [indicator.unit_measure, indicator.population, indicator.note, indicator.owner]
        texts += indicator.disaggregation
        yield from ((f"datasets/indicators/{code}.toml", text, []) for text in texts)
    for name, codes in known.codes.items():
        texts = [text for code in codes.codes for text in (code.title, code.description)]
        yield from ((f"datasets/codes/{name}.csv", text, []) for text in texts)
    yield from (("datasets/requirements.csv", one.title, []) for one in known.requirements)
    yield from (("datasets/safeguards.toml", one.title, []) for one in known.safeguards)
    yield from (("datasets/publication.toml", text, []) for text in known.programme.texts)


def template(found: list[Found]) -> Catalog:
    """Every sentence, without translations, in an order that moving code about does not change."""
    catalog = Catalog(project="coordination-dashboard", version="1", charset="utf-8", fuzzy=False)
    catalog.header_comment = COMMENT
    for name, message, notes in found:
        if any([message] if isinstance(message, str) else message):
            catalog.add(message, locations=[(name, 0)], auto_comments=notes)
    return catalog


def _text(catalog: Catalog) -> str:
    out = BytesIO()
    write_po(out, catalog, width=120, include_lineno=False, sort_output=True)
    return _FLEETING.sub("", out.getvalue().decode())


def _translation(path: Path, found: list[Found]) -> Catalog:
    """The catalogue of one language, brought into step. An English sentence stands for itself until reworded."""
    language = path.parent.parent.name
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.header_comment = COMMENT
    catalog.update(template(found), no_fuzzy_matching=True, update_header_comment=False)
    if language == "en":
        catalog.obsolete.clear()
        for message in catalog:
            if message.id and not any(message.string if isinstance(message.string, tuple) else [message.string]):
                message.string = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    return catalog


def gathered() -> dict[Path, Catalog]:
    """What each file of `dashboard/locale` ought to hold now."""
    found = [*_in_code(), *_in_knowledge()]
    files = sorted(LOCALE.glob("*/LC_MESSAGES/dashboard.po"))
    return {TEMPLATE: template(found)} | {path: _translation(path, found) for path in files}


def out_of_step() -> list[str]:
    """The files of `dashboard/locale` that do not hold what they ought to; empty when all is well."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, catalog in gathered().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != _text(catalog)
    ]


def compile_all() -> None:
    """Write the binary form that gettext reads, beside each translation."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/dashboard.po")):
        with path.open("rb") as file, path.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_po(file, locale=path.parent.parent.name))


def main() -> None:
    if "--compile" not in sys.argv:
        english = LOCALE / "en" / "LC_MESSAGES" / "dashboard.po"
        if not english.is_file():
            english.parent.mkdir(parents=True, exist_ok=True)
            english.write_text(_text(Catalog(locale="en", project="coordination-dashboard", version="1", fuzzy=False)))
        for path, catalog in gathered().items():
            path.write_text(_text(catalog), encoding="utf-8")
    compile_all()


if __name__ == "__main__":
    main()
