"""The order of the demonstration's story: the same at every building, whole on every day, and every file in form."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest

from dashboard.demonstration import knowledge, observations, story
from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.knowledge import Knowledge
from dashboard.reference import library
from test_almanac import DAYS

SHOWN, KNOWN = library.load(knowledge.DEMO), knowledge.read()


def told(today: date, known: Knowledge = KNOWN) -> list[story.Step]:
    return story.steps(known, Almanac(today), SHOWN)


def fingerprint(today: date) -> str:
    digest = hashlib.sha256()
    for step in told(today):
        digest.update(f"{step.at} {step.what} {sorted(step.row.items())} {step.comment}".encode())
        digest.update(step.file.data() if step.file else b"")
    return digest.hexdigest()


def test_the_same_day_tells_the_same_story_to_the_last_byte() -> None:
    program = "import test_story, datetime; print(test_story.fingerprint(datetime.date(2026, 11, 23)))"
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == fingerprint(date(2026, 11, 23)) != fingerprint(date(2026, 11, 24))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_on_every_day_all_of_it_has_happened(today: date) -> None:
    steps = told(today)
    whole = told(date(2026, 11, 23))
    assert Counter((s.what, s.file and s.file.dataset) for s in steps) == Counter(
        (s.what, s.file and s.file.dataset) for s in whole
    )
    midnight = datetime.combine(today, datetime.min.time(), steps[0].at.tzinfo)
    assert all(one.at <= two.at for one, two in zip(steps, steps[1:], strict=False)) and steps[-1].at < midnight
    last = Almanac(today).period(12)
    assert {s.file.period for s in steps if s.file and s.file.dataset == "service_contacts"} == {
        str(last.shifted(-n)) for n in range(12)
    }
    order: dict[int, list[str]] = {}
    for step in steps:
        order.setdefault(id(step.file), []).append(step.what)
    del order[id(None)]
    assert {tuple(v) for v in order.values()} == {
        ("send", "accept"),
        ("send", "return"),
        ("send", "withdraw"),
        ("send", "accept", "withdraw"),
        ("send",),
        ("refuse",),
    }


def test_the_first_steps_are_invitations_and_the_secretariats_is_first() -> None:
    steps = told(date(2026, 11, 23))
    assert steps[0].what == "invite" and steps[0].row["role"] == "secretariat"
    assert sum(s.what == "invite" for s in steps) == len(KNOWN["people"])


def changed(name: str, **cells: str) -> Knowledge:
    """The knowledge with other cells in the first line of one file."""
    first, *rest = KNOWN[name]
    return replace(KNOWN, rows={**KNOWN.rows, name: ({**first, **cells}, *rest)})


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("story", {"quarter": "13"}, "sending.csv does not name"),
        ("story", {"what": "eaten"}, "eaten"),
        ("releases", {"day": "3"}, "no day before"),
        ("sending", {"organisation_code": "XZZ-COORD"}, "nothing to say"),
    ],
)
def test_a_slip_in_the_knowledge_files_is_a_sentence(name: str, cells: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        told(date(2026, 11, 23), changed(name, **cells))


# Any size


@pytest.mark.parametrize("wanted", [20_000, 100_003, 10_000_000])
def test_more_observations_come_to_the_number_that_was_asked_for(wanted: int) -> None:
    almanac, steps = Almanac(date(2026, 11, 23)), told(date(2026, 11, 23))
    more = observations.steps(KNOWN, almanac, SHOWN, steps, wanted)
    accepted = [s.file for s in [*steps, *more] if s.what == "accept" and s.file]
    counted = [file for file in accepted if file.dataset == "service_contacts"]
    assert sum(file.rows for file in counted) == wanted
    assert max(file.rows for file in counted) <= observations.LARGEST
    mine = {(file.organisation_code, file.period) for file in (s.file for s in more) if file}
    theirs = {(f.organisation_code, f.period) for f in (s.file for s in steps) if f and f.dataset == "service_contacts"}
    assert 2 * len(mine) == len(more) and not {code for code, _p in mine} & {code for code, _p in theirs}


def test_each_observation_is_another_combination_in_its_contracts_words() -> None:
    almanac, steps = Almanac(date(2026, 11, 23)), told(date(2026, 11, 23))
    file = observations.steps(KNOWN, almanac, SHOWN, steps, 10_000_000)[0].file
    assert file is not None and file.rows > 20_000
    lines = file.data().decode().splitlines()
    assert len(lines) == file.rows + 1
    assert len({line.rpartition(",")[0] for line in lines}) == len(lines), "each key once"
    assert len({line.rpartition(",")[2] for line in lines[1:]}) == 40


def test_too_few_are_none_and_too_many_are_a_sentence() -> None:
    almanac, steps = Almanac(date(2026, 11, 23)), told(date(2026, 11, 23))
    assert observations.steps(KNOWN, almanac, SHOWN, steps, 100) == []
    with pytest.raises(ValueError, match="at most"):
        observations.steps(KNOWN, almanac, SHOWN, steps, 10**9)


def test_whom_a_decision_binds_sits_in_a_register_that_came_before_it_on_every_day() -> None:
    """The last register of all may come later than a meeting, where the last quarter ended only days ago."""
    early = {row["organisation_code"] for row in KNOWN["members"] if int(row["first"] or 1) <= 9 and not row["last"]}
    bound = {code for row in KNOWN["decisions"] for code in row["bound"].split("|") if code}
    assert bound and bound <= early, bound - early
    held = {(row["country"], day) for row in KNOWN["meetings"] if not row["planned"] for day in row["days"].split("|")}
    assert {(row["country"], row["days"]) for row in KNOWN["decisions"]} <= held
    agreed = {row["action_code"]: int(row["agreed"]) for row in KNOWN["actions"]}
    for row in KNOWN["decisions"]:
        if row["follows"]:
            assert agreed[row["follows"]] < int(row["named"] or row["days"]) - 10, row["text"]
