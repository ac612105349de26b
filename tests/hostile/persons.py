"""A hundred files about persons as tired officers send them by mistake where counts were asked for.

Never a test itself. Forty are lists from other systems; sixty are good files with persons somewhere in them.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from aggregates import grown
from persons_words import LISTS, OTHER_SCRIPTS, digits, person
from pollutions import Sheet

SEED = 20261124
AMONG = 200

Lists = Mapping[str, Sequence[str]]
Make = Callable[[Sheet, Lists, random.Random], bytes]


def _csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def _list(header: str, row: str) -> Make:
    """A list of 3 to 60 persons; the first cell of "1" counts them."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        rows = [row.format(**person(chance)).split("|") for _n in range(chance.choice((3, 12, 60)))]
        rows = [[str(n), *cells[1:]] if cells[0] == "1" else cells for n, cells in enumerate(rows, 1)]
        return _csv([header.split("|"), *rows], chance.choice(",,;\t"))

    return make


def _cell(text: str, among: int = AMONG, where: str = "words") -> Make:
    """One cell with a person in it, among good rows; `where`: words, code, own, figure, many or period."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        big = grown(sheet, lists, among, chance)
        field = next((f for f in (big.contract.field(n) for n in big.header) if _is(f, where)), sheet.words)
        row = chance.randrange(len(big.rows))
        return big.put(field, text.format(**person(chance)), row).text().encode()

    return make


def _is(field: object, where: str) -> bool:
    kind, many = getattr(field, "type", ""), getattr(field, "many", False)
    return {
        "code": kind == "code" and not many and getattr(field, "name", "") != "country",
        "own": getattr(field, "own", False),
        "figure": kind in ("integer", "number", "date"),
        "many": many,
        "period": kind == "period",
    }.get(where, False)


def _column(header: str, cell: str) -> Make:
    """A column more than the template has."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        big = grown(sheet, lists, chance.choice((8, 40)), chance)
        rows = [[*row, cell.format(**person(chance))] for row in big.rows]
        return _csv([[*big.header, header], *rows])

    return make


def _each(cell: str, count: str = "1") -> Make:
    """One row for each person: the same codes, a count of one, and who it is in the column of words."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        rows = []
        for _n in range(40):
            cells = list(chance.choice(sheet.rows))
            if sheet.counts:
                cells[sheet.place(sheet.measured.name)] = count
            cells[sheet.place(sheet.words.name)] = cell.format(**person(chance))
            rows.append(cells)
        return _csv([sheet.header, *rows])

    return make


def _above(*lines: str) -> Make:
    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        someone = person(chance)
        return _csv([[line.format(**someone)] for line in lines]) + sheet.text().encode()

    return make


def _below(line: str) -> Make:
    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        cells = [line.format(**person(chance)), *([""] * (len(sheet.header) - 1))]
        return replace(grown(sheet, lists, 60, chance), rows=(*sheet.rows, tuple(cells))).text().encode()

    return make


def _headed(text: str) -> Make:
    """A header cell that somebody wrote into."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        name, someone = sheet.words.name, person(chance)
        return sheet.text(header=[text.format(old=n, **someone) if n == name else n for n in sheet.header]).encode()

    return make


def _tagged(text: str) -> Make:
    """The row of hashtags holds a person."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        tags = [sheet.contract.field(name).hxl for name in sheet.header]
        tags[-1] = text.format(**person(chance))
        return replace(sheet, rows=(tuple(tags), *sheet.rows)).text().encode()

    return make


def _utf16(make: Make) -> Make:
    return lambda sheet, lists, chance: make(sheet, lists, chance).decode().encode("utf-16")


INSIDE: dict[str, Make] = {
    # A column too many.
    "column survivor_name": _column("survivor_name", "{name}"),
    "column Initials": _column("Initials", "{initials}"),
    "column of ages": _column("Client's age", "{age}"),
    "column of telephones": _column("Mob. No", "{phone}"),
    "column in Khmer": _column("ឈ្មោះ", "{Khmer}"),
    "column in Thai": _column("ชื่อ", "{Thai}"),
    "column in Vietnamese": _column("Họ tên", "{Vietnamese}"),
    "column of references": _column("Case ref", "{case}"),
    "column of remarks": _column("Remarks", "{story}"),
    "column without a name": _column("", "{name}"),
    "column of birthdays": _column("D.O.B", "{dmy}"),
    "column of nationality": _column("nationality", "{nation}"),
    "column of husbands": _column("Name of spouse", "{name}"),
    "column of positions": _column("GPS", "{lat} {lon}"),
    # One row for each.
    "each with initials": _each("{initials}"),
    "each with a name": _each("{name}"),
    "each with a case": _each("{case}"),
    "each with a story": _each("{story}"),
    "each with age and nation": _each("{age} yrs, {nation}"),
    "each with a short date": _each("{seen}"),
    "each with letters and digits": _each("{uuid}"),
    "each with a name in Khmer": _each("{Khmer} {initials}"),
    "each with a count of nothing": _each("{turned}", "0"),
    # One cell among two hundred rows.
    "e-mail": _cell("ask {email}"),
    "e-mail in wide letters": _cell("{given}＠example．org"),
    "e-mail spelt out": _cell("{given} (at) example (dot) org"),
    "telephone": _cell("call {phone}"),
    "telephone with a country": _cell("+999 (0)12-345-678"),
    "telephone in Thai digits": _cell("โทร " + digits("07700 900123", "๐")),
    "telephone in Arabic digits": _cell(digits("07700900123", "٠")),
    "telephone in Khmer digits": _cell("ទូរស័ព្ទ " + digits("07700 900 123", "០")),
    "messenger": _cell("WhatsApp {phone}"),
    "passport": _cell("holder of {passport}"),
    "passport with a word": _cell("PP no. {passport}"),
    "identity number": _cell("ID {identity}"),
    "coordinates": _cell("{lat}, {lon}"),
    "coordinates in degrees": _cell("11°33'22\"N 104°55'11\"E"),
    "page on a social network": _cell("{profile}"),
    "a handle": _cell("IG @{given}_{family}"),
    "bank account": _cell("GB00 NWBK 0000 0000 0000 00"),
    "date in words": _cell("interviewed on 3 August 2026"),
    "date with strokes": _cell("interviewed {dmy}"),
    "Ms": _cell("Interview with Ms {name}"),
    "title in Thai": _cell("สัมภาษณ์ " + OTHER_SCRIPTS["Thai"]),
    "bà": _cell("Phỏng vấn bà " + OTHER_SCRIPTS["Vietnamese"]),
    "initials, age and sex": _cell("{initials}, {age}, F"),
    "age and nation": _cell("{nation} woman, {age} years old"),
    "story": _cell("{story}"),
    "address": _cell("lives at {address}"),
    "case number": _cell("see case file no. {case}"),
    "two lines in one cell": _cell("Directory of services\n{name}, tel {phone}"),
    "name as a code": _cell("{name}", where="code"),
    "passport among codes": _cell("{passport}", where="many"),
    "telephone as a figure": _cell("07700900123", where="figure"),
    "e-mail as the organisation": _cell("{email}", where="own"),
    # Above, below, and in the rows that are no rows.
    "who prepared it": _above("Prepared by: Ms {name}, tel. {phone}", ""),
    "a list in the last row": _below("Note: {name} ({age}) went home on {seen}, tel {phone}"),
    "in the header": _headed("{old} (ask {name}, {phone})"),
    "in the row of hashtags": _tagged("#affected+name {email}"),
    "in UTF-16": _utf16(_cell("Interview with Mrs {name}, {phone}")),
}

CASES: dict[str, Make] = {
    **{f"list: {name}": _list(*columns) for name, columns in LISTS.items()},
    **{f"inside: {name}": make for name, make in INSIDE.items()},
}


def files(
    sheets: Mapping[str, Sheet], lists: Lists, cases: Mapping[str, Make] = CASES, seed: int = SEED, turn: int = 0
) -> list[tuple[str, str, bytes]]:
    """One file for each case, the datasets in turn: (name, dataset, bytes). The same seed gives the same files."""
    names, found = sorted(sheets), []
    for n, (name, make) in enumerate(cases.items()):
        dataset = names[(n + turn) % len(names)]
        found.append((name, dataset, make(sheets[dataset], lists, random.Random(f"{seed} {name} {dataset}"))))
    return found
