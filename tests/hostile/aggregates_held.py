"""Twenty more shapes of good files, written after the screen was mended for the first hundred. Never a test itself."""

from __future__ import annotations

from dataclasses import replace

from aggregates import Make, _numbers, _prose, _shape, grown

SEED = 7_2026

SHAPES: dict[str, Make] = {
    "three rows of ones": _shape(lambda s, ls, c: _numbers(replace(s, rows=s.rows[:3]), c, (1,))),
    "fifty rows of ones": _shape(lambda s, ls, c: _numbers(grown(s, ls, 50, c), c, (1,))),
    "ten rows, mostly nothing": _shape(lambda s, ls, c: _numbers(grown(s, ls, 10, c), c, (0, 0, 0, 1))),
    "six hundred rows": _shape(lambda s, ls, c: _numbers(grown(s, ls, 600, c), c, range(60))),
    "strokes": lambda s, ls, c: s.text("|").encode(),
    "windows-874": lambda s, ls, c: s.text().encode("utf-8-sig"),
    "words: orders": _prose(
        ("Order No. 45/KH of 2021", "Res. 2 (2024), annex B", "Cabinet decision 118/2568", "Directive 09/CT-TTg")
    ),
    "words: times": _prose(("Weekdays 7:30-16:30; closed on holidays", "From 0800 to 2000 hrs", "Two evenings a week")),
    "words: what changes for her": _prose(
        (
            "She hears her rights in her own language before she leaves",
            "She need not pay for a medical report",
            "No woman waits longer than 24 hours for a bed",
            "Her employer cannot keep her passport",
            "Her child, if under 6, stays with her",
        )
    ),
    "words: survey": _prose(
        (
            "Women 15 to 64 who ever had a partner",
            "Respondents aged 18+; n=4,021",
            "Age 15-49, weighted",
            "Every 5 years",
        )
    ),
    "words: officers": _prose(
        ("12 officers trained, 9 of them women", "34 judges; 3 courts", "Desk staffed by two officers")
    ),
    "words: capitals": _prose(("SOCIAL WELFARE OFFICE - DISTRICT 4", "POLICE WOMEN'S DESK (12 STATIONS)")),
    "words: sums": _prose(("1,250,000 riel per bed", "Rp 2.500.000.000 in the 2026 budget", "0.4% of GDP", "EUR 12 m")),
    "words: streets of offices": _prose(("Second floor, Ministry building", "Moved to the old court house in May")),
    "words: Portuguese": _prose(("Lei n.º 7/2010, contra a violência doméstica", "Relatório do 3.º trimestre de 2026")),
    "words: Nepali and Bengali": _prose(
        ("घरेलु हिंसा (कसूर र सजाय) ऐन, २०६६", "পারিবারিক সহিংসতা আইন, ২০১০", "वार्षिक प्रतिवेदन")
    ),
    "words: Chinese and Korean": _prose(("反家庭暴力法（2016年）", "성폭력방지법 제18조", "第三季度报告")),
    "words: women's organisations": _prose(
        ("Sisters' Circle of Lake Mara", "Mothers for Safe Migration", "Lotus Women's League")
    ),
    "words: footnotes": _prose(
        ("See note 3; method changed in 2025-Q2", "As in table A.12, rows 4-9", "[provisional]", "* revised")
    ),
    "words: courts": _prose(("Supreme Court, case no. 14/2023 on protection orders", "Labour Court ruling of 2022")),
}
