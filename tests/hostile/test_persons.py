"""A hundred files about persons are screened out and leave nothing; a hundred good files are taken. Never mocks."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aggregates
import aggregates_held
import persons
import persons_held
import pytest
from pollutions import Sheet
from test_polluted import DATASETS

from dashboard.config import from_environment
from dashboard.intake import submissions
from dashboard.intake.submissions import Received
from dashboard.record.house import House, open_house
from demonstration_world import viewer


@dataclass
class Post:
    """A demonstration of one's own, a good file of each dataset, and the codes of its lists."""

    house: House
    sheets: dict[str, Sheet]
    places: dict[str, tuple[str, str]]
    lists: dict[str, tuple[str, ...]]

    def send(self, dataset: str, data: bytes) -> Received:
        organisation, period = self.places[dataset]
        return submissions.stage(
            viewer(), self.house, data, dataset=dataset, organisation_code=organisation, period=period, marked=True
        )

    def kept(self) -> tuple[int, list[str]]:
        """What would be more if anything of a file were kept."""
        (found,) = self.house.store.read("select count(*) as n from submission")
        folder = self.house.settings.data / "files"
        return found["n"], sorted(str(path) for path in folder.rglob("*") if path.is_file())


def post(house: House, datasets: Sequence[str]) -> Post:
    sheets, places = {}, {}
    for dataset in datasets:
        found = house.store.read(
            "select sha256, organisation_code, period from submission_now where dataset = $dataset"
            " and state = 'accepted' and row_count between 4 and 60 order by row_count desc, sha256 limit 1",
            dataset=dataset,
        )
        if not found:  # the demonstration tells nothing of this dataset
            continue
        text = house.files.bytes(found[0]["sha256"]).decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        sheets[dataset] = Sheet(
            house.library.contracts[dataset], tuple(header), tuple(tuple(r) for r in rows if not r[0].startswith("#"))
        )
        places[dataset] = (found[0]["organisation_code"], found[0]["period"])
    assert len(sheets) >= 6
    lists = {name: tuple(code.code for code in listed.codes) for name, listed in house.library.codes.items()}
    return Post(house, sheets, places, lists)


@pytest.fixture(scope="module")
def office(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    copy = tmp_path_factory.mktemp("persons") / "d"
    shutil.copytree(demonstration_folder, copy, symlinks=True)
    house = open_house(replace(from_environment({"DASHBOARD_DATA": str(copy)}), min_free_bytes=0))
    yield post(house, DATASETS)
    house.close()


Told = dict[str, list[str]]


def about_persons(office: Post, sent: Sequence[tuple[str, str, bytes]]) -> Told:
    """Those that were taken, and those that were refused without being screened out, with what was said."""
    found: Told = {"taken": [], "refused for something else": []}
    for name, dataset, data in sent:
        received = office.send(dataset, data)
        outcome, line = received.outcome, f"{dataset}: {name}"
        codes = sorted({p.code for p in outcome.problems})
        if received.submission_id or outcome.verdict == "clean":
            found["taken"].append(line)
        elif outcome.verdict != "screened":
            found["refused for something else"].append(f"{line} {codes}")
        assert outcome.marked is None or outcome.verdict != "screened"
    return found


def aggregate(office: Post, sent: Sequence[tuple[str, str, bytes]]) -> Told:
    """Good files that were refused: as being about persons, or for something else."""
    found: Told = {"screened": [], "refused": []}
    for name, dataset, data in sent:
        received = office.send(dataset, data)
        if not received.submission_id:
            errors = [(p.code, p.row, p.column) for p in received.outcome.problems if p.severity == "error"]
            what = "screened" if received.outcome.verdict == "screened" else "refused"
            found[what].append(f"{dataset}: {name} {errors[:4]}")
    return found


def test_there_are_a_hundred_of_each(office: Post) -> None:
    assert len(persons.CASES) == 100
    assert len({data for _n, _d, data in persons.files(office.sheets, office.lists)}) == 100
    assert len(aggregates.files(office.sheets, office.lists)) == 100


def test_a_hundred_files_about_persons_are_screened_out_and_leave_nothing(office: Post) -> None:
    before = office.kept()
    found = about_persons(office, persons.files(office.sheets, office.lists))
    assert not any(found.values()), found
    assert office.kept() == before


def test_of_a_hundred_good_files_one_at_most_is_taken_for_persons(office: Post) -> None:
    found: Mapping[str, list[str]] = aggregate(office, aggregates.files(office.sheets, office.lists))
    assert len(found["screened"]) <= 1 and not found["refused"], found


def test_twenty_more_of_each_that_were_written_afterwards(office: Post) -> None:
    cases, shapes = persons_held.CASES, aggregates_held.SHAPES
    told = about_persons(office, persons.files(office.sheets, office.lists, cases, persons_held.SEED))
    good = aggregate(office, aggregates.files(office.sheets, office.lists, 20, aggregates_held.SEED, shapes))
    assert not any(told.values()) and not any(good.values()), (told, good)
