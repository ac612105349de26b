"""Good files of the demonstration, each polluted in more than fifty ways, sent as a browser sends them.

Each gets the verdict that it should, in time; and whatever is taken holds the very same figures.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import dash
import pandas as pd
import pytest
from flask.testing import FlaskClient
from pollutions import CLEAN, POLLUTIONS, Sheet
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from dashboard.config import from_environment
from dashboard.factory import create_app
from dashboard.intake import nursery
from dashboard.record.house import House, open_house
from web_world import csrf, everywhere, sign_in

DATASETS = (
    "action_updates", "actions", "agreements", "budget_execution", "indicator_values", "members", "milestones",
    "protocols", "referrals", "service_contacts", "service_coverage", "training_sessions",
)  # fmt: skip
"""What is sent quarter by quarter, what else the mechanism rests on, and two of the other registers, made alike."""
HANG = 2.0
"""Seconds of the processor within which an answer must be there: what hangs takes them beside other tests, too."""
ASLEEP = 10.0
"""Seconds by the clock, which a busy machine makes long; an answer that only waits would take more."""


@dataclass(frozen=True)
class Answered:
    """How long one answer took: seconds of the processor here and in the children, and by the clock."""

    worked: float
    clock: float
    dataset: str


def worked() -> float:
    """Seconds of the processor that this process has taken, and all children of its nurseries that have ended."""
    seconds, tick = time.process_time(), os.sysconf("SC_CLK_TCK")
    for each in nursery._idle:
        fields = Path(f"/proc/{each.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        seconds += (int(fields[13]) + int(fields[14])) / tick
    return seconds


@dataclass
class Office:
    """A demonstration of one's own, and somebody who may send every file; `answers` tell how long each took."""

    house: House
    app: dash.Dash
    client: FlaskClient
    answers: list[Answered] = field(default_factory=list)

    def good(self, dataset: str) -> tuple[Sheet, str, str]:
        """An accepted file of this dataset as a sheet, with the organisation and the quarter that it is for."""
        (found,) = self.house.store.read(
            "select sha256, organisation_code, period from submission_now where dataset = $dataset"
            " and state = 'accepted' and row_count between 1 and 60 order by row_count desc, sha256 limit 1",
            dataset=dataset,
        )
        text = self.house.files.bytes(found["sha256"]).decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        contract = self.house.library.contracts[dataset]
        filled = [tuple(row) for row in rows if not row[0].startswith("#")]
        return Sheet(contract, tuple(header), tuple(filled)), found["organisation_code"], found["period"]

    def send(self, data: bytes, dataset: str, organisation: str, period: str) -> tuple[int, dict[str, Any]]:
        """Status and answer of POST /submissions."""
        form = {"dataset": dataset, "organisation": organisation, "period": period}
        file = FileStorage(io.BytesIO(data), "report.csv", "file")
        boundary, body = encode_multipart({**form, "file": file})  # a client's own way leaves temporary files open
        before, started = worked(), time.monotonic()
        answer = self.client.post(
            "/submissions",
            data=body,
            content_type=f'multipart/form-data; boundary="{boundary}"',
            headers={**csrf(self.client, "/submit"), "Accept": "application/json"},
        )
        self.answers.append(Answered(worked() - before, time.monotonic() - started, dataset))
        return answer.status_code, answer.get_json()

    def rows(self, submission_id: str) -> pd.DataFrame:
        """What is kept of a file, without the numbers of the rows."""
        (found,) = self.house.store.read("select * from submission_now where submission_id = $id", id=submission_id)
        path = self.house.files.parquet(found["sha256"], found["contract_hash"])
        frame = self.house.store.frame("select * from read_parquet($path) order by row_number", path=str(path))
        return frame.drop(columns="row_number")


@pytest.fixture(scope="module")
def office(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    copy = tmp_path_factory.mktemp("polluted") / "d"
    shutil.copytree(demonstration_folder, copy, symlinks=True)
    settings = replace(from_environment({"DASHBOARD_DATA": str(copy)}), min_free_bytes=0)
    house = open_house(settings)
    app = create_app(settings, house=house)
    everywhere(house)
    client = app.server.test_client()
    sign_in(client, "all@example.org")
    yield Office(house, app, client)
    house.close()


def test_there_are_enough() -> None:
    """Twelve templates and fifty pollutions, of which each does something else."""
    assert len(POLLUTIONS) >= 50
    assert len(DATASETS) * len(POLLUTIONS) >= 500


OFTEN = ("indicator_values", "members", "service_contacts", "service_coverage")
"""The others differ in their columns, not in how they are read."""


@pytest.mark.parametrize(
    "dataset", [pytest.param(name, marks=() if name in OFTEN else pytest.mark.long) for name in DATASETS]
)
def test_each_polluted_file_gets_its_verdict(office: Office, dataset: str) -> None:
    sheet, organisation, period = office.good(dataset)
    status, answer = office.send(sheet.text().encode(), dataset, organisation, period)
    assert status == 201, answer
    good, wrong = office.rows(answer["submission"]), []
    for name, pollution in POLLUTIONS.items():
        expected = pollution.expect(sheet)
        status, answer = office.send(pollution.make(sheet), dataset, organisation, period)
        errors = {p["code"] for p in answer["problems"] if p["severity"] == "error"}
        if expected == CLEAN:
            if status != 201 or errors:
                wrong.append((name, expected, answer))
            elif not same(office.rows(answer["submission"]), good, sheet):
                wrong.append((name, "other figures are kept", answer))
        elif status != 422 or answer["submission"] or not errors & expected:
            wrong.append((name, expected, answer))
        for found in answer["problems"]:
            if not found["message"] or not found["fix"] or "Traceback" in str(found):
                wrong.append((name, "a sentence", found))
    assert not wrong
    assert not [one for one in office.answers if one.worked > HANG or one.clock > ASLEEP]


def same(kept: pd.DataFrame, good: pd.DataFrame, sheet: Sheet) -> bool:
    """Whether the same is kept; in the column of words another word may stand, for that is what was tried."""
    columns = [name for name in good.columns if name != sheet.words.name]
    return bool(kept[columns].equals(good[columns]))


def test_that_work_in_a_child_would_be_seen(office: Office) -> None:
    sheet, organisation, period = office.good("service_contacts")
    many = replace(sheet, rows=sheet.rows * (100_000 // len(sheet.rows)))
    for one in (sheet, many):
        office.send(one.text().encode(), "service_contacts", organisation, period)
    small, large = office.answers[-2:]
    assert large.worked > small.worked + 0.1


def test_that_other_figures_would_be_seen(office: Office) -> None:
    sheet, organisation, period = office.good("service_contacts")
    first, second = (
        office.send(one.text().encode(), "service_contacts", organisation, period)[1]["submission"]
        for one in (sheet, sheet.figure("4321"))
    )
    assert not same(office.rows(first), office.rows(second), sheet)
