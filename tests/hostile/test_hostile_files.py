"""Files that were made, or broken, to hurt: none raises, each gets a verdict and a sentence, in the child's limits."""

from __future__ import annotations

import codecs
import random
import time

import pytest

from dashboard.intake import worker
from dashboard.intake.problems import PROBLEMS, Problem
from intake_world import GOOD, HEADER, csv_of, inspected, request, row

HANG = 4.0
"""Seconds of the processor: on a machine that does nothing else none takes half of it."""
chance = random.Random(7)
WIDE = ",".join(["x"] * 100_000)

HOSTILE: dict[str, bytes] = {
    "one byte": b"x",
    "one quotation mark": b'"',
    "quotation marks only": b'"' * 100_001,
    "commas only": b"," * 1_000_000,
    "line ends only": b"\n" * 1_000_000,
    "carriage returns only": b"\r" * 100_000,
    "spaces only": b" " * 100_000,
    "zero bytes only": b"\0" * 100_000,
    "byte order mark only": codecs.BOM_UTF8,
    "byte order marks only": codecs.BOM_UTF8 * 1000,
    "half of a UTF-16 letter": codecs.BOM_UTF16_LE + b"a",
    "UTF-16 surrogate alone": codecs.BOM_UTF16_LE + b"\x00\xd8" * 50,
    "UTF-32": csv_of(GOOD).decode().encode("utf-32"),
    "UTF-7": csv_of(GOOD).decode().encode("utf-7"),
    "EBCDIC": csv_of(GOOD).decode().encode("cp500"),
    "random bytes": chance.randbytes(300_000),
    "random printable": bytes(chance.randrange(32, 127) for _ in range(100_000)),
    "random of CSV's own signs": bytes(chance.choice(b"\",;\t\n\r =+-@'a1\0") for _ in range(50_000)),
    "random after a good header": csv_of(GOOD) + bytes(chance.choice(b'",;\n a1') for _ in range(50_000)),
    "header of 100,000 columns": (WIDE + "\n" + WIDE + "\n").encode(),
    "header and 100,000 columns": (HEADER + "," + WIDE + "\n").encode(),
    "header ten thousand times": ((HEADER + "\n") * 10_000).encode(),
    "header in one quoted cell": f'"{HEADER}"\n"{GOOD}"\n'.encode(),
    "header with line breaks": csv_of(GOOD, header=HEADER.replace("contacts", '"con\ntacts"')),
    "header only, open": (HEADER + ',"').encode(),
    "a cell of 10 MB": csv_of(GOOD, row(service="shelter", note="x" * 10_000_000)),
    "a quoted cell of 10 MB in lines": csv_of(GOOD, row(service="shelter", note="x\n" * 5_000_000)),
    "an open quotation mark in every row": csv_of(*[GOOD.replace("Circular", '"Circular')] * 3_000),
    "quotation marks that pair across rows": csv_of(*[GOOD + '"'] * 3_001),
    "escaped quotation marks without end": csv_of('"' + '""\n' * 200_000),
    "every row too short": csv_of(*["a"] * 30_000),
    "every row too long": csv_of(*[GOOD + ",x"] * 30_000),
    "nested quotation marks": csv_of(row(note='"' * 1001)),
    "SQL in a cell": csv_of(row(note="'); DROP TABLE cells_read; --", service="' OR 1=1 --")),
    "SQL in a header": csv_of(GOOD + ",x", header=HEADER + ',"x\'); DROP VIEW cells; --"'),
    "format signs": csv_of(row(service="{0.__class__}", note="%s%n%x {row} {{}}")),
    "markup": csv_of(row(service="<script>alert(1)</script>", note="<img src=x onerror=alert(1)>")),
    "formulas in every column": csv_of(",".join(["=cmd|' /C calc'!A0"] * 14)),
    "numbers beyond all": csv_of(row(contacts="9" * 400, share="1e309"), row(contacts="-0", share="nan")),
    "digits of every script": csv_of(row(contacts="१२๓٤5", share="०.५")),
    "letters that turn the line": csv_of(row(note="\u202eabc\u2066\u2069", service="he\u200balth")),
    "combining marks": csv_of(row(note="a" + "\u0301" * 50_000)),
    "control characters": csv_of(row(note="".join(map(chr, range(1, 32))).replace("\n", "").replace("\r", ""))),
    "line separators of Unicode": csv_of(row(note="a\u2028b\u2029c\x85d\x0be\x0cf")),
    "vertical rows": HEADER.replace(",", "\n").encode(),
    "another separator in each row": "\n".join([HEADER, GOOD.replace(",", ";"), GOOD.replace(",", "\t")]).encode(),
    "separator line without one": b"sep=\n" + csv_of(GOOD),
    "separator line twice": b"sep=,\nsep=,\n" + csv_of(GOOD),
    "HXL row three times": csv_of(*["#country,#org,#service"] * 3, GOOD),
    "gzip bomb's head": b"\x1f\x8b\x08\x00" + b"\0" * 1000,
    "zip bomb's head": b"PK\x03\x04" + b"\0" * 1000,
    "two good files in one": csv_of(GOOD) + csv_of(GOOD),
    "names of files": csv_of(row(note="/etc/passwd", service="../../../../etc/shadow")),
    "a path as content": b"/etc/passwd\n",
    "dates in the place of all": csv_of(",".join(["2026-06-30"] * 14)),
    "as wide as a spreadsheet": "\n".join([HEADER + "," * 16_000, *[GOOD + "," * 16_000] * 20]).encode(),
    "rows of separators above the header": ("," * 900_000 + "\n").encode() * 6 + csv_of(GOOD),
    "rows of cells without a header": ("x," * 450_000 + "\n").encode() * 3,
    "quotation marks that open anew in every row": csv_of(*['a","c'] * 400_000),
    "blanks between numbers": csv_of(row(service="shelter", note="1.111" + " " * 900 + "x")),
    "links between numbers": csv_of(row(service="shelter", note="1.111" + "http://a " * 110 + "x")),
    "blanks between codes": csv_of(row(languages="eng" + " " * 100_000 + "khm")),
    "ages of nobody without end": csv_of(row(service="shelter", note="under 20 yo, " * 60_000)),
    "marks upon marks": csv_of(row(note="a" + "\u0301\u0323" * 200_000)),
    "a link without end": csv_of(row(note="maps." * 180_000)),
    "an address without end": csv_of(row(note="[at]" * 200_000)),
    "capitals without end": csv_of(row(note="A" * 900_000)),
    "digits without end": csv_of(row(note="1" * 900_000)),
    "a period far away": csv_of(row(period="9999-Q4"), row(period="0000-Q1")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_raises_or_hangs_and_each_gets_a_sentence(name: str) -> None:
    """Of the processor, for beside other tests the clock says little; what hangs takes minutes of it."""
    started = time.process_time()
    found = inspected(HOSTILE[name])
    assert time.process_time() - started < HANG
    assert found.verdict in ("clean", "problems", "screened", "unreadable")
    assert (found.verdict == "clean") == (not found.problems)
    told(found.problems)


@pytest.mark.parametrize(
    "name",
    [
        "random bytes",
        "header of 100,000 columns",
        "random after a good header",
        "every row too short",
        "escaped quotation marks without end",
        "line ends only",
        "numbers beyond all",
    ],
)
def test_the_child_ends_with_a_verdict_too(name: str) -> None:
    outcome = worker.check_file(HOSTILE[name], request(marked=True))
    assert outcome.verdict in ("problems", "screened", "unreadable")
    assert outcome.seconds < 60
    assert "check-failed" not in {p.code for p in outcome.problems}
    told(outcome.problems)


def told(problems: list[Problem]) -> None:
    for problem in problems:
        assert problem.code in PROBLEMS and problem.message and problem.fix
        assert len(problem.message) < 700 and "Traceback" not in problem.message
        assert problem.message.isprintable() and problem.fix.isprintable()


def test_seeded_damage_of_a_good_file_never_raises() -> None:
    """A byte changed, cut or doubled anywhere: found or harmless, and rows stay within the file."""
    good = csv_of(*[row(contacts=str(i + 20), service=s) for i, s in enumerate(("health", "shelter", "helpline"))])
    for _ in range(25):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(data))
            how = chance.randrange(3)
            if how == 0:
                data[place] = chance.choice(b'",;\n\r\0\xff\xe9=x')
            elif how == 1:
                del data[place : place + chance.randrange(1, 30)]
            else:
                data[place:place] = data[place : place + chance.randrange(1, 30)]
        found = inspected(bytes(data))
        told(found.problems)
        assert all(p.row is None or 1 <= p.row <= data.count(b"\n") + data.count(b"\r") + 2 for p in found.problems)
