"""Twenty more files about persons, in other spellings and shapes, written after the screen was mended for the first.

Never a test itself; the screen is not to be mended by these without writing others.
"""

from __future__ import annotations

from persons import Make, _above, _below, _cell, _column, _each, _headed, _list

SEED = 7_2026

CASES: dict[str, Make] = {
    "list: repatriation": _list("Sr|Returnee|Village|Date of arrival|Remarks", "1|{turned}|Nowhere|{dotted}|{story}"),
    "list: helpline sheet": _list("When|Who called|From|What she said", "{dmy} {clock}|{given}|Nowhere|{story}"),
    "list: nurses' book, Thai": _list("ที่|ชื่อ นามสกุล|อายุ(ปี)|อาการ", "1|{Thai}|{age}|ช้ำ"),
    "list: shelter, Filipino": _list("Blg|Pangalan|Edad|Tirahan|Petsa", "1|{name}|{age}|{address}|{dmy}"),
    "list: interpreters": _list("Interpreter|Language|Rate|Reach her at", "{name}|khm|{money}|{phone}"),
    "list: survey in numbers": _list("ID|Q1|Q2|Q3|Q4|AGE|EDU|WT", "{uuid}|1|{score}|2|{score}|{age}|3|1.0{score}"),
    "list: passports in a safe": _list("Seq|Document|Holder", "1|{passport}|{turned}"),
    "column: name (as in ID)": _column("Name (as in ID)", "{name}"),
    "column: years": _column("yrs", "{age}"),
    "column: notes of the worker": _column("caseworker notes", "{story}"),
    "each with name and village": _each("{given} from Nowhere village"),
    "each with initials and a day": _each("{initials} {seen}"),
    "cell: Mr and a number": _cell("Contact Mr. {family} on {phone}"),
    "cell: a woman's story": _cell("A Nepali woman, 27, was locked in a flat by her sponsor for two months"),
    "cell: name with binti": _cell("{given} binti {family}"),
    "cell: Viber": _cell("Viber: +999-12-{age}5-4433"),
    "cell: UNHCR number": _cell("registered as 999-26C00{age}1"),
    "above the header": _above("Quarterly list of survivors, compiled by Mrs {family}", "{email}"),
    "below the table": _below("* {given} ({age} y/o) has asked us not to call her husband"),
    "in a header cell": _headed("{old} - {email}"),
}
