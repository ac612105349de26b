"""Good files of counts and of services as real offices send them, which nobody may take for lists of persons.

Never a test itself, and never holds a person: what looks like one here is a law, an office, a place or a small count.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pollutions import Sheet

from dashboard.reference.contracts import Field

SEED = 20261124
Lists = Mapping[str, Sequence[str]]
Make = Callable[[Sheet, Lists, random.Random], bytes]


def _bound(sheet: Sheet) -> set[str]:
    """Fields of which a rule or another field says what they may hold."""
    ruled = {name for rule in sheet.contract.rules for name in (rule.when, rule.field)}
    return ruled | {name for relation in sheet.contract.relations for name in relation.names}


def _varied(sheet: Sheet) -> list[Field]:
    """Fields of the key that may hold another value without a rule having a say."""
    ruled = _bound(sheet)
    fields = [sheet.contract.field(name) for name in sheet.contract.key if name in sheet.header]
    return [
        f
        for f in fields
        if f.name not in ruled
        and f.name != "country"
        and (f.type == "code" and f.codes not in ("organisations", "disaggregations_allowed", "indicators_reported")
             or f.type == "string" and f.of_country and not f.own)
    ]  # fmt: skip


def grown(sheet: Sheet, lists: Lists, size: int, chance: random.Random) -> Sheet:
    """The sheet with up to `size` rows, each about something else; as many as its key allows."""
    fields = [f for f in _varied(sheet) if f.type == "string" or f.codes in lists]
    key = [sheet.place(name) for name in sheet.contract.key if name in sheet.header]
    rows, seen = list(sheet.rows[:size]), {tuple(row[i] for i in key) for row in sheet.rows}
    for n in range(size * 4):
        if len(rows) >= size or not fields:
            break
        cells = list(chance.choice(sheet.rows))
        for field in fields:
            at = sheet.place(field.name)
            if field.type == "string":
                cells[at] = f"{cells[sheet.place('country')]}-{2020 + n % 7}-{n}"
            elif cells[at]:
                cells[at] = chance.choice(lists[field.codes])
        if tuple(cells[i] for i in key) in seen:
            continue
        seen.add(tuple(cells[i] for i in key))
        rows.append(tuple(cells))
    return replace(sheet, rows=tuple(rows))


def _numbers(sheet: Sheet, chance: random.Random, choice: Sequence[int]) -> Sheet:
    """Other whole counts; a column with decimals or limits of its own stays."""
    fields = [sheet.contract.field(n) for n in sheet.header if n not in _bound(sheet)]
    at = {sheet.place(f.name) for f in fields if f.type == "integer" and not f.minimum}
    return replace(
        sheet,
        rows=tuple(
            tuple(str(chance.choice(choice)) if i in at and c else c for i, c in enumerate(row)) for row in sheet.rows
        ),
    )


def _prose(texts: Sequence[str]) -> Make:
    """Words of an office in every column of words, row after row."""

    def make(sheet: Sheet, lists: Lists, chance: random.Random) -> bytes:
        words = [
            f
            for f in (sheet.contract.field(n) for n in sheet.header)
            if f.type == "string"
            and not (f.codes or f.pattern or f.own or f.defines)
            and f.name not in sheet.contract.key
        ]
        rows = []
        for n, row in enumerate(sheet.rows):
            cells = list(row)
            for f in words:
                at = sheet.place(f.name)
                if cells[at] or (f is words[-1] and sheet.contract.screen == "counts" and n == 0):
                    cells[at] = chance.choice(texts)[: f.max_length or 120].strip()
            rows.append(tuple(cells))
        return replace(sheet, rows=tuple(rows)).text().encode()

    return make


def _shape(change: Callable[[Sheet, Lists, random.Random], Sheet]) -> Make:
    return lambda sheet, lists, chance: change(sheet, lists, chance).text().encode()


def _emptied(sheet: Sheet, lists: Lists, chance: random.Random) -> Sheet:
    """Only what must be there: the columns that are optional and of which no rule speaks are empty."""
    ruled = _bound(sheet)
    keep = {n for n in sheet.header if sheet.contract.field(n).required or n in ruled or n in sheet.contract.key}
    return replace(
        sheet,
        rows=tuple(tuple(c if n in keep else "" for n, c in zip(sheet.header, row, strict=True)) for row in sheet.rows),
    )


def _lines(sheet: Sheet, lists: Lists, chance: random.Random) -> Sheet:
    """The telephone lines of offices and the days of their checks, where the contract has places for them."""
    rows = []
    for n, row in enumerate(sheet.rows):
        cells = list(row)
        for i, name in enumerate(sheet.header):
            field = sheet.contract.field(name)
            if cells[i] and "office_phone" in field.allows:
                cells[i] = chance.choice(("1300", "+999 000 0101", "(999) 555-0134", "1669", "000 000 01"))
            elif cells[i] and field.type == "date" and "due" not in name and "agreed" not in name:
                cells[i] = f"2026-09-{1 + n % 28:02}"
        rows.append(tuple(cells))
    return replace(sheet, rows=tuple(rows))


LAWS = (
    "Law on the Prevention of Domestic Violence, 2005, article 14",
    "Circular 12/2024/TT-BYT of the Ministry of Health",
    "Decree No. 130/2021/ND-CP, section 3 (2)",
    "Prakas No. 242 of 2019 on minimum standards",
    "Republic Act No. 9262, as amended by RA 11210",
    "Convention C190, articles 7 and 9; Recommendation R206",
    "ASEAN Regional Plan of Action 2016-2025, area 3",
    "Ministerial Regulation No. 4 B.E. 2563 (2020)",
    "Standing order 7/2026 of the Commissioner-General",
    "Employment Act 1955 (Act 265), s. 60A",
)
PROSE: dict[str, Sequence[str]] = {
    "laws and circulars": LAWS,
    "one law": LAWS[:1],
    "opening hours": (
        "Open Mon-Fri 08:00-17:00, Sat 9-12",
        "24/7 hotline; office 8.30 am to 4.30 pm",
        "Every day, 24 hours",
    ),
    "web sites of offices": (
        "https://www.health.example.org/services/2026",
        "See www.social-affairs.example.gov.xa/forms",
        "Published at stats.example.org (table 4.2)",
    ),
    "percentages": (
        "62.5% of 40 offices answered",
        "8 of 17 services; 47.1 per cent",
        "Up from 23,5 % in 2024",
        "+3.2 pp",
    ),
    "years and quarters": (
        "Fiscal years 2022-2026",
        "Counted from 2024-Q1 to 2026-Q3",
        "Phase II (2023/24)",
        "By end of 2026",
    ),
    "offices": (
        "Council on Ending Violence against Women",
        "Provincial Department of Labour and Vocational Training",
        "Women's and Children's Protection Unit, National Police",
        "One Stop Crisis Centre, Central Hospital",
        "Legal Aid Bureau; Bar Association",
    ),
    "offices named after somebody": (
        "Records of King Norodam Memorial Hospital",
        "Yearly report of the Saint Theresa Shelter Network",
        "Queen Savita Institute for Child Health",
        "Doctor Wilson Foundation, yearly report",
        "Maria Auxiliadora Sisters' Centre directory",
    ),
    "places": (
        "Northern provinces and the capital",
        "Border districts of Asterland, three bridges",
        "Port of Nordhaven, gate 4",
    ),
    "ages in bands": (
        "Women aged 15-49, national survey",
        "Girls under 18 are counted apart",
        "18 years and above; 60+ too",
    ),
    "help in general": (
        "Survivors of rape receive PEP within 72 hours",
        "She is brought to a safe place without telling her story again",
        "Women whose passports are withheld by the employer get a letter",
        "A victim may be accompanied by her mother or a friend",
        "Her husband is not told that she called",
    ),
    "money": (
        "USD 1,200,000 for three years",
        "THB 35 million committed, 12.4 million spent",
        "Budget line 4.2.1: 250 000",
    ),
    "small numbers": ("3 of 14 provinces", "Two offices, 1 interpreter each", "Only 1 call in the quarter", "n = 7"),
    "large numbers": ("Population 16 946 000 (census 2024)", "About 1200000 workers abroad", "12 345 calls since 2019"),
    "codes of frameworks": (
        "SDG 5.2.1 and 16.1.3",
        "ISO 27001 and CEDAW GR 26",
        "UNSCR 1325; A/RES/73/195",
        "SEED-9, module 4",
    ),
    "Thai": (
        "พระราชบัญญัติคุ้มครองผู้ถูกกระทำด้วยความรุนแรงในครอบครัว พ.ศ. ๒๕๕๐",
        "ศูนย์ช่วยเหลือสังคม เปิด ๒๔ ชั่วโมง",
        "รายงานประจำปี 2568",
    ),
    "Khmer": ("ច្បាប់ស្តីពីការទប់ស្កាត់អំពើហិង្សាក្នុងគ្រួសារ ឆ្នាំ២០០៥", "ក្រសួងកិច្ចការនារី", "របាយការណ៍ប្រចាំត្រីមាសទី៣"),
    "Vietnamese": (
        "Luật Phòng, chống bạo lực gia đình số 13/2022/QH15",
        "Trung tâm công tác xã hội tỉnh",
        "Báo cáo quý III năm 2026",
    ),
    "Arabic": ("قانون العمل رقم ١٢ لسنة ٢٠٠٣", "تقرير وزارة الصحة السنوي ٢٠٢٥", "مكتب المساعدة القانونية"),
    "Lao and Burmese": ("ກົດໝາຍວ່າດ້ວຍການພັດທະນາ ແລະ ປົກປ້ອງແມ່ຍິງ 2004", "အမျိုးသမီးများ ကာကွယ်ရေး ဥပဒေ ၂၀၁၉", "ຂັ້ນແຂວງ"),
    "Indonesian and Filipino": (
        "UU No. 18 Tahun 2017 tentang Pelindungan PMI",
        "Laporan tahunan Dinas Sosial 2025",
        "Batas Pambansa Blg. 22",
    ),
    "training": (
        "200 officers of 12 provinces, 3 days each",
        "Course 4/2026: 35 judges, 18 prosecutors",
        "Module B, second round",
    ),
    "methods": (
        "Counted twice; duplicates removed by month",
        "Estimate, 95% CI 41.2-52.9",
        "Data for July missing",
        "Revised method",
    ),
    "meetings": (
        "Second meeting of 2026, item 4 (b)",
        "Minutes of the 12th session",
        "Agreed by the Technical Working Group on 5 points",
    ),
    "capitals and abbreviations": (
        "MOWA/MOLVT JOINT REPORT Q3",
        "OSCC & PDVP stats",
        "DSWD-NCR; POLO; OWWA",
        "NGO CSW",
    ),
}

SHAPES: dict[str, Make] = {
    "as it is": _shape(lambda s, ls, c: s),
    "one row": _shape(lambda s, ls, c: replace(s, rows=s.rows[:1])),
    "two rows": _shape(lambda s, ls, c: replace(s, rows=s.rows[:2])),
    "each count is one": _shape(lambda s, ls, c: _numbers(s, c, (1,))),
    "ones and twos and nothing": _shape(lambda s, ls, c: _numbers(s, c, (0, 1, 1, 2))),
    "nothing counted": _shape(lambda s, ls, c: _numbers(s, c, (0,))),
    "a small island": _shape(lambda s, ls, c: _numbers(grown(s, ls, 12, c), c, (0, 0, 1, 1, 2, 3))),
    "a large file of small counts": _shape(lambda s, ls, c: _numbers(grown(s, ls, 300, c), c, (0, 1, 1, 1, 2, 5))),
    "a large file": _shape(lambda s, ls, c: _numbers(grown(s, ls, 1200, c), c, range(3, 400))),
    "large counts": _shape(lambda s, ls, c: _numbers(s, c, range(10_000, 900_000, 7))),
    "only what must be": _shape(_emptied),
    "telephone lines and days": _shape(_lines),
    "semicolons and a mark": lambda s, ls, c: ("\ufeff" + s.text(";")).encode(),
    "UTF-16 with tabs": lambda s, ls, c: s.text("\t").encode("utf-16"),
    "hashtags": _shape(lambda s, ls, c: replace(s, rows=(tuple(s.contract.field(n).hxl for n in s.header), *s.rows))),
    **{f"words: {name}": _prose(texts) for name, texts in PROSE.items()},
}


def files(
    sheets: Mapping[str, Sheet], lists: Lists, number: int = 100, seed: int = SEED, shapes: Mapping[str, Make] = SHAPES
) -> list[tuple[str, str, bytes]]:
    """`number` good files, each shape with several datasets: (name, dataset, bytes). 0: each shape with each."""
    pairs = [
        (name, dataset) for name in shapes for dataset in sorted(sheets) if sheets[dataset].says or "words" not in name
    ]
    if number:
        random.Random(seed).shuffle(pairs)
    return [
        (name, dataset, shapes[name](sheets[dataset], lists, random.Random(f"{seed} {name} {dataset}")))
        for name, dataset in pairs[: number or None]
    ]
