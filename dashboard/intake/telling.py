"""Words in a cell that tell of one person: a name after a title, an age, a story, where she lives, a case's number.

Looks for the shape of a sentence, never for a name on a list. What is said of women in general passes: laws, bands of
ages, what a service does. Never keeps or repeats what it recognised.
"""

from __future__ import annotations

import re

_BIG = r"[^\W\d_a-zß-öø-ÿ]"  # a capital letter, or one of a script that has none
_NAMED = re.compile(
    # Titles, then a capital; “MS Excel” is none.
    rf"(?<![\w.])(?:(?i:mrs?|ms|miss|mdm|mme|mlle|srta|sra)\.?\s+(?!Excel|Word|Office|Access|Teams|Windows)"
    rf"|(?:Gng|Bb|Ny|Nn|Pn|Sdri|Sdr|Frau|Signora|Doña|Daw|Cik|Puan)\.?\s+){_BIG}"
    r"|นางสาว\s?[ก-๛]|น\.ส\.|ด\.ญ\.|นาง\s[ก-๛]|លោកស្រី|អ្នកស្រី|កញ្ញា|ဒေါ်(?!လာ)|ນາງ\s|श्रीमती|सुश्री"
    r"|মোছা[ঃ:.]|জনাবা|السيدة|الآنسة"
    r"|محترمہ|திருமதி|මහත්මිය|මෙනවිය|[\u4e00-\u9fff](?:女士|小姐)|[가-힣]{2,4} ?씨(?![가-힣])|[Гг]-жа\s"
    r"|[Гг]ражданка\s"
    rf"|(?<!\w)(?:[Bb]à|[Cc]ô|[Cc]hị|[Ôô]ng)\s+{_BIG}\w+\s+{_BIG}"
    rf"|{_BIG}\w{{0,40}}\s+(?i:binti|binte|bte|bint|bin|d/o|s/o|w/o|a/p)\s+{_BIG}\w+"
)
_AGED = re.compile(
    r"(?<![\d.,])\d{1,2}[ -]?(?:years?|yrs?|y)[ -]?o(?:ld)?\b|(?<![\d.,])\d{1,2} ?(?:yo|y/o|tuổi|anyos|岁"
    r"|歲|歳|세)(?!\w)"
    r"|(?<!\w)(?:aged?|umur|usia|berusia|edad|âge|âgée|idade|alter|возраст)(?: of|:|=| is)?\s*\d{1,2}(?!\d)"
    r"|(?:อายุ|អាយុ|ອາຍຸ|အသက်|বয়স|उम्र|उमेर|عمرها|العمر|عمر|වයස)\s*[:=]?\s*\d{1,2}(?!\d)"
    r"|(?:^|[,;(]\s?)\d{2} ?(?:yrs?|years?)\s*,\s*[^\W\d]"
    r"|(?<![\w./-])\d{2}F(?![\w/-])|(?<![\w./-])\d{2}\s?/\s?[FM](?![\w/-])"
    r"|(?<![\d.])\d{2},\s?[FM](?![\w/-])"
    r"|(?<![\w/-])[FM]\s?[/,]\s?\d{2}(?![\d./%-])|(?<!\w)(?:female|woman|girl),\s?\d{2}(?![\d.%-])",
    re.IGNORECASE,
)
# An age with one of these before or behind it is the edge of a band, which is said of many.
_BAND_BEFORE = re.compile(
    r"(?:under|over|above|below|from|to|until|than|least|most|between|and|or|minimum|maximum|age of|by"
    r"|[-–~<>≥≤]|dưới|trên"
    r"|từ|đến|hơn|di bawah|di atas|ต่ำกว่า|มากกว่า|กว่า|ក្រោម|លើ)\s*$",
    re.IGNORECASE,
)
_BAND_BEHIND = re.compile(
    r"\s*(?:of age|years?|yrs?|old|tuổi|tahun|anyos|ปี|ឆ្នាំ|ປີ|နှစ်|[-\s])*\s*(?:[-–~+<>%]|(?:to|and|or"
    r"|plus|upwards)\b|trở|đến"
    r"|ke atas|hingga|ขึ้นไป|ถึง|ឡើង|ຂຶ້ນ|以上|以下|이상|미만)",
    re.IGNORECASE,
)
_BESIDE = 80
"""Letters before and behind an age in which a band would be told."""
_HURT = (
    r"(?:rap(?:ed|es)|beaten|beats?|slapp?(?:ed|s)|kick(?:ed|s)|hits?|punch(?:ed|es)|burn(?:ed|t)|stabbed"
    r"|strangled|choked"
    r"|assaulted|molested|abused|harassed|locked|confined|threaten(?:ed|s)|trafficked|sold|forced"
    r"|abandoned|dragged|tortured"
    r"|starved|drugged|impregnated|tricked|cheated)"
)
_WHO = r"(?:client|survivor|victim|patient|complainant|caller|respondent)"
_KIN = (
    r"(?:husband|wife|employer|boss|agent|boyfriend|partner|father|step-?father|mother|brother|uncle"
    r"|cousin|madam|supervisor"
    r"|landlord|sponsor|neighbou?r|recruiter|son|in[- ]law)"
)
_TOLD = re.compile(
    rf"\b{_HURT}\s+(?:her|him|me)\b"
    rf"|(?:^|[.;!?]\s*){_HURT}\s+(?:\w+\s+)?(?:by|at|in|on)\b"
    rf"|(?:^|[.;!?]\s*|\b{_WHO}\s+)(?:she\s+)?(?:was|had been|has been|got)\s+(?:\w+\s+)?{_HURT}\b"
    rf"|(?:^|[.;!?]\s*|\b{_WHO}\s+)(?:she\s+)?(?:says|said(?! by\b)|told(?! by\b)"
    rf"|stated(?! (?:by|in)\b)|alleges|alleged|claims|claimed"
    rf"|disclosed|cried|ran away|ran"
    r"|escaped|fled|came (?:from|to|with|in)|arrived|gave birth|wants to go|lives (?:with|at|near|in)"
    r"|does not want)\b"
    r"|\b(?:escaped|ran away|run away|fled|rescued)\s+from\s+(?:her|his)\b"
    r"|\b(?:mother|wife|widow|father) of (?:\d|two|three|four|five|six)\b"
    r"|\b(?:her|his) (?:two|three|four|five|\d)\s(?:\w+\s)?(?:children|kids|sons|daughters)\b"
    rf"|\b(?:her|his|the) (?:\w+ ){{0,2}}{_KIN} (?:has |had |is the )?(?:{_HURT}|perpetrator|took her"
    rf"|took away|kept her"
    r"|withheld her|drinks)\b",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:house|flat|apt|apartment)\s*(?:(?:no|nr|number|#)\.?\s*)?\d{1,5}[a-z]?,\s*[^\W\d]"
    r"|\bhouse (?:no|number|#)\.?\s*\d"
    r"|\bRT\s?\.?\s?\d{1,3}\s?/\s?RW|\d{1,6}/\d{1,6}\s+(?:moo|m\.|หมู่|ม\.)\s?\d|\b(?:lives|resides|residing"
    r"|dwells) (?:at|with|near)\b"
    r"|บ้านเลขที่\s?\d|ផ្ទះ(?:លេខ)?\s?\d|ເຮືອນເລກທີ|số nhà\s?\d|(?<!\w)kampung \w+,? RT\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    rf"\b(?:case|{_WHO}|incident|complaint|docket|fir|mrn|hn|registration)(?:'s)?\s*(?:file\s*|card\s*)?"
    r"(?:no|nr|number|num|ref|reference|id|code|#)\.?\s*[:#]?\s*[a-z]{0,6}[-/ ]?\d"
    r"|(?<!\d)\d{3}-\d\dC\d{5}(?!\d)|(?<![0-9a-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])",
    re.IGNORECASE,
)
_COURT = re.compile(r"court|tribunal|judge?ment|ruling|\bv\.|constitutional", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@/])@[^\W\d_][\w.]{2,}")

# What SQL asks first: wider than all of the above.
SUSPECT = (
    r"(?i:\b(?:mrs?|ms|miss|mdm|mme|mlle|srta|sra|gng|bb|ny|nn|pn|sdri?|frau|signora|do.{1,2}a|daw|cik"
    r"|puan)\b"
    r"|\b(?:binti|binte|bte|bint|bin|d/o|s/o|w/o|a/p)\b|\bch.{1,3}\p{Z}\p{Lu}|\bb.{1,2}\p{Z}\p{Lu}"
    r"|\bc.{1,2}\p{Z}\p{Lu}"
    r"|(?:^|[^\p{L}]).{1,2}ng\p{Z}\p{Lu}|นางสาว|น\.ส\.|ด\.ญ\.|นาง\p{Z}|លោកស្រី|អ្នកស្រី|កញ្ញា|ဒေါ်|ນາງ"
    r"|श्रीमती|सुश्री|মোছা|জনাবা"
    r"|السيدة|الآنسة|محترمہ|திருமதி|මහත්මිය|මෙනවිය|女士|小姐|씨|г-жа|гражданка"
    r"|\p{Nd}[\p{Z}\p{Pd}]?(?:years?|yrs?|y)|\p{Nd}\p{Z}?(?:tu|an|岁|歲|歳|세)|(?:age|umur|usia|edad|âge"
    r"|idade|alter|возраст)"
    r"|อายุ|អាយុ|ອາຍຸ|အသက်|বয়|उम्र|उमेर|عمر|වයස|\p{Nd}{2}[\p{Z},/]{0,3}[fm]|[fm][\p{Z},/]{1,3}\p{Nd}{2}"
    r"|(?:female|woman|girl),"
    r"|rape|beat|slap|kick|hit|punch|burn|stab|strangl|chok|assault|molest|abuse|harass|lock|confine"
    r"|threat|traffick|sold|force"
    r"|abandon|drag|tortur|starv|drug|impregn|trick|cheat|client|survivor|victim|patient|complainant"
    r"|caller|respondent|she"
    r"|escaped|away|fled|rescued|says|said|told|state|allege|claim|disclos|cried|ran|came|arrived|birth"
    r"|wants|lives|does|of\p{Z}"
    r"|her\p{Z}|his\p{Z}|husband|wife|employer|house|flat|apt|apartment|\bRT|moo|m\.|หมู่|ม\.|resid"
    r"|dwells|บ้านเลขที่|ផ្ទះ"
    r"|ເຮືອນເລກທີ|s.{1,3}\p{Z}nh|kampung|case|incident|complaint|docket|fir|mrn|hn|registration"
    r"|[0-9a-f]{8}-|\p{Nd}c\p{Nd})|@[\p{L}]"
)


def _age(text: str) -> bool:
    return any(
        not _BAND_BEFORE.search(text[max(found.start() - _BESIDE, 0) : found.start()])
        and not _BAND_BEHIND.match(text[found.end() : found.end() + _BESIDE])
        for found in _AGED.finditer(text)
    )


def of_a_person(text: str) -> str | None:
    """The problem code of what the words of a cell (digits as 0-9, composed letters) tell of one person, or None."""
    if _HANDLE.search(text):
        return "cell-profile"
    if _NAMED.search(text):
        return "cell-name"
    if _TOLD.search(text):
        return "cell-story"
    if _age(text):
        return "cell-age"
    if _LIVES.search(text):
        return "cell-address"
    if _CASE.search(text) and not _COURT.search(text):
        return "cell-case"
    return None
