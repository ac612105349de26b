"""A small release as a folder, written by hand in the form of the open data, with every status in it. Never by the app.

Two countries, XAA and XBA, and four quarters. XBA reported nothing in 2026-Q2; a service of XAA is small.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CAVEAT = "Reported contacts, not prevalence. A rise may mean better access to help."
TWICE = "A contact is not a woman: one woman may have come several times."
COUNTRIES = {"XAA": "Asterland", "XBA": "Borovia"}
SECTORS = {"health": "Health", "social": "Social services"}
SERVICES = {"S-1": ("Clinics", "health"), "S-2": ("Hotlines <24 h>", "social"), "S-3": ("Shelter", "social")}
QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
NAME = "20261120T101500Z-a1b2c3"
Line = Sequence[object]


def contacts() -> list[Line]:
    """Rows of contacts.csv: each number its own, so that one in a wrong place is seen."""
    rows: list[Line] = []
    count = 1000
    parts = [("_T", "_T", "_T"), ("health", "_T", "_T"), ("social", "_T", "_T"), ("health", "S-1", "_T"),
             ("social", "S-2", "_T"), ("social", "S-3", "_T"), ("social", "_U", "_T"), ("_T", "_T", "XAA"),
             ("_T", "_T", "XBA"), ("_T", "_T", "_U")]  # fmt: skip
    for country in ("XAA", "XBA", "_T"):
        for period in (*QUARTERS, "2025"):
            for part in parts:
                count += 7
                status, said = "value", str(count)
                if country == "XBA" and period == "2026-Q2":
                    if part != ("_T", "_T", "_T"):
                        continue
                    status, said = "not reported", ""
                elif part[1] in ("S-3", "_U") and country != "_T":
                    status, said = "suppressed", ""
                elif part[2] == "_U" and country == "XAA":
                    status, said = "zero", "0"
                elif part == ("health", "_T", "_T") and country == "XAA" and period == "2026-Q1":
                    status = "revision pending"
                names = (_name(COUNTRIES, country, "All countries"), _name(SECTORS, part[0], "All sectors"))
                service = _name({c: n for c, (n, _s) in SERVICES.items()}, part[1], "All services")
                origin = _name(COUNTRIES, part[2], "All countries of origin")
                rows.append((country, names[0], part[0], names[1], part[1], service, part[2], origin, period, said,
                             status, CAVEAT))  # fmt: skip
    return rows


def _name(names: Mapping[str, str], code: str, whole: str) -> str:
    return {"_T": whole, "_U": "Not recorded"}.get(code) or names[code]


def _coverage() -> list[Line]:
    states = {("XAA", "S-1"): "open", ("XAA", "S-2"): "restricted", ("XAA", "S-3"): "", ("XBA", "S-1"): "none",
              ("XBA", "S-2"): "planned", ("XBA", "S-3"): "not_known"}  # fmt: skip
    words = {"open": "Open whatever the status", "restricted": "Exists, with limits", "none": "Not offered",
             "planned": "Planned", "not_known": "Not known", "": ""}  # fmt: skip
    return [
        (c, COUNTRIES[c], "origin" if c == "XAA" else "destination", s, SERVICES[s][0], SERVICES[s][1],
         SECTORS[SERVICES[s][1]], state, words[state], "2026-Q2", "value" if state else "not reported")
        for (c, s), state in states.items()
    ]  # fmt: skip


def _summary() -> list[Line]:
    counts = {"open": (41, 0), "silent": (42, 44), "filled": (17, None), "needed": (9, None), "actions": (51, 53),
              "done": (21, 0), "overdue": (6, 8)}  # fmt: skip
    rows: list[Line] = []
    for measure, (one, other) in counts.items():
        for code, value in (("XAA", one), ("XBA", other), ("_T", 1 + one + (other or 0))):
            status = "not reported" if value is None else "value" if value else "zero"
            rows.append((code, _name(COUNTRIES, code, "All countries"), measure, measure, _said(value), "2026-11-20",
                         status))  # fmt: skip
    return rows


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _measured(name: str) -> list[Line]:
    if name == "surveys":
        return [("XAA", "Asterland", "S-9", "Women who told somebody", "survey", "%", "up", "2025-Q4", "31.25", "", "",
                 "31.25", "", "45", "2028-Q3", "value", "Safety survey", "An estimate from a survey.")]  # fmt: skip
    rows: list[Line] = []
    for country, shift in (("XAA", 0), ("XBA", 5)):
        for n, quarter in enumerate(QUARTERS):
            value = "" if (country, n) == ("XBA", 1) else f"{11.5 + n + shift}"
            status = "value" if value else "not reported"
            if (country, n) == ("XAA", 2):
                status = "not verified"
            rows.append((country, COUNTRIES[country], "P-1", "Share of staff trained", "process", "% of staff", "up",
                         quarter, value, "23" if value else "", "200" if value else "", "10", "12.25" if n == 1 else "",
                         "65", "2028-Q3", status, "Reports", "As reported by the agencies."))  # fmt: skip
            rows.append((country, COUNTRIES[country], "L-1", "Law in force", "legal", "yes/partly/no", "up", quarter,
                         "0.5", "", "", "", "", "1", "2027-Q1", "value", "Law gazette", ""))  # fmt: skip
    return rows


def tables() -> dict[str, tuple[list[str], list[Line], dict[str, str], list[str]]]:
    """Each table: its columns, rows, the columns that hold numbers with their type, its caveats."""
    place = ["country", "country_name"]
    measured = [*place, "indicator", "indicator_name", "kind", "unit", "desired_direction", "period", "value",
                "numerator", "denominator", "baseline", "milestone", "target", "target_period", "status", "source",
                "caveat"]  # fmt: skip
    numbers = dict.fromkeys(("value", "numerator", "denominator", "baseline", "milestone", "target"), "number")
    states = ("actions", "done", "done_on_time", "to_do", "overdue", "blocked", "dropped")
    plan = [(c, COUNTRIES[c], s, s.replace("_", " ").capitalize(), n + shift, "2026-11-20", "value")
            for c, shift in (("XAA", 61), ("XBA", 81)) for n, s in enumerate(states)]  # fmt: skip
    money = [(c, COUNTRIES[c], currency, a, a.capitalize(), _said(value), 3, "2026-Q2",
              "value" if value else "not reported")
             for c, currency, amounts in (("XAA", "XTS", (1260000, 706000, 554000, None, None)),
                                          ("XBA", "XTS", (210000, 140000, 70000, 88000.5, 71000)),
                                          ("XBA", "XXB", (310000, 240000, 80000, 98000, 91000)))
             for a, value in zip(("cost", "committed", "gap", "disbursed", "spent"), amounts, strict=True)]  # fmt: skip
    seats = [("XAA", "Asterland", code, name, group, group.capitalize(), seat, seat, "value")
             for code, name, group, seat in (("GOV", "Ministry of women", "traditional", "filled"),
                                             ("EMB", "Embassies", "additional", "vacant"),
                                             ("UNI", "Unions", "additional", "observer"))]  # fmt: skip
    codes = [("countries", c, n, "", "yes") for c, n in COUNTRIES.items()]
    codes += [("sectors", c, n, "", "yes") for c, n in SECTORS.items()]
    codes += [("services", c, n, "", "yes") for c, (n, _s) in SERVICES.items()]
    codes += [("sides", "origin", "Countries of origin", "", "yes")]
    codes += [("sides", "destination", "Countries of destination", "", "yes")]
    return {
        "contacts": (
            [*place, "sector", "sector_name", "service", "service_name", "origin", "origin_name", "period", "contacts",
             "status", "caveat"],
            contacts(), {"contacts": "integer"}, [CAVEAT, TWICE],
        ),
        "coverage": (
            [*place, "sides", "service", "service_name", "sector", "sector_name", "state", "state_name", "period",
             "status"],
            _coverage(), {}, ["A service that nobody reported on may still exist."],
        ),
        "seats": (
            [*place, "category", "category_name", "group", "group_name", "seat", "seat_name", "status"],
            list(seats), {}, ["A seat says who belongs, not who came."],
        ),
        "summary": (
            [*place, "measure", "measure_name", "value", "day", "status"], _summary(), {"value": "integer"}, [],
        ),
        "plan": (
            [*place, "state", "state_name", "actions", "day", "status"], list(plan), {"actions": "integer"},
            ["A due date is the one agreed last."],
        ),
        "resourcing": (
            [*place, "currency", "amount", "amount_name", "value", "lines", "period", "status"], list(money),
            {"value": "number", "lines": "integer"}, ["From the beginning of the plan."],
        ),
        "indicators": (measured, _measured("indicators"), numbers, ["As reported by the agencies."]),
        "surveys": (measured, _measured("surveys"), numbers, ["An estimate from a survey."]),
        "codes": (["list", "code", "title", "description", "verified"], list(codes), {}, []),
    }  # fmt: skip


def write(releases: Path, name: str = NAME, *, demo: bool = True, without: Sequence[str] = ()) -> Path:
    """Write the release and let `current` lead to it; of the tables `without` only the header. Returns its folder."""
    data = releases / name / "data"
    data.mkdir(parents=True)
    (releases / name / "index.html").write_text("<h1>Summary</h1>")
    listed: list[dict[str, Any]] = []
    for table, (columns, rows, numbers, caveats) in tables().items():
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows([columns, *([] if table in without else rows)])
        (data / f"{table}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
        fields = [{"name": column, "type": numbers.get(column, "string")} for column in columns]
        said = {"name": table, "path": f"{table}.csv", "title": f"Table of {table}", "schema": {"fields": fields}}
        listed.append(said | {"caveats": caveats, "sources": [{"title": f"Reports on {table}"}]})
        hxl = {"name": f"{table}-hxl", "path": f"{table}-hxl.csv", "dialect": {"commentRows": [2]}}
        listed.append(said | hxl)
    package = {"id": name, "title": "The mechanism", "created": "2026-11-20T00:00:00Z", "caveat": CAVEAT,
               "demonstration": demo, "threshold": 11, "resources": listed}  # fmt: skip
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    pointer = releases / "current.tmp"
    os.symlink(name, pointer)
    pointer.replace(releases / "current")
    return releases / name
