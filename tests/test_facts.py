"""Facts that ship: read in a contract's form, laid over by a deployment, and never of a country that is not tracked."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from dashboard.reference import facts, library
from dashboard.reference.library import DATASETS

OURS = library.load()
HEAD = "country,instrument_code,status,status_date,source,verified,note"
GOOD = f"{HEAD}\nKHM,CEDAW,ratified,1992-10-15,The depositary,yes,\nKHM,C190,not_verified,,Nobody looked,no,\n"


def read(tmp_path: Path, *texts: str) -> tuple[facts.Fact, ...]:
    paths = []
    for number, text in enumerate(texts):
        (tmp_path / str(number)).mkdir(exist_ok=True)
        paths.append(tmp_path / str(number) / "ratifications.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return facts.read(paths, OURS.contracts, OURS.codes)["ratifications"]


def test_a_row_has_every_column_of_its_contract_but_the_senders(tmp_path: Path) -> None:
    first, second = read(tmp_path, GOOD)
    assert tuple(first) == tuple(f.name for f in OURS.contracts["ratifications"].fields if not f.own)
    assert (first["status_date"], first["territory"], second["status"]) == ("1992-10-15", "", "not_verified")


def test_a_deployment_lays_its_rows_over_ours_or_replaces_them(tmp_path: Path) -> None:
    theirs = f"{HEAD}\nKHM,C190,ratified,2026-05-01,The depositary,yes,\nLAO,C190,not_ratified,,The depositary,yes,\n"
    found = read(tmp_path, GOOD, theirs)
    assert [(f["country"], f["instrument_code"], f["status"]) for f in found] == [
        ("KHM", "CEDAW", "ratified"),
        ("KHM", "C190", "ratified"),
        ("LAO", "C190", "not_ratified"),
    ]
    assert [f["country"] for f in read(tmp_path, GOOD, f"# replaces\n{theirs}")] == ["KHM", "LAO"]


def test_what_is_not_tracked_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}\nFRA,CEDAW,ratified,,S,yes,\nKHM,C999,ratified,,S,yes,\n") == ()
    assert library.load(DATASETS / "demo").facts["ratifications"] == (), "no real country beside invented figures"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("note", "remark"), "line 1: remark is no column of ratifications"),
        (GOOD.replace("verified,note", "note"), "line 1: the header lacks verified"),
        (GOOD.replace("yes,\n", "yes\n"), "line 2: the row has more or fewer cells"),
        (GOOD.replace("not_verified", "perhaps"), "line 3: perhaps is not on the list ratification_states"),
        (GOOD.replace("Nobody looked", ""), "line 3: source is empty"),
        (GOOD.replace("C190", "CEDAW"), "line 3: KHM, CEDAW stands twice"),
        (f"# replaces\n{GOOD}".replace("C190", "CEDAW"), "line 4: KHM, CEDAW stands twice"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"facts/ratifications.csv, {says}"):
        read(tmp_path, text)


def test_a_file_without_a_dataset_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "weather.csv").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match="there is no dataset weather"):
        facts.read([tmp_path / "weather.csv"], OURS.contracts, OURS.codes)


def test_of_what_ships_every_row_is_read_and_nothing_unverified_looks_like_a_fact() -> None:
    with (DATASETS / "facts" / "ratifications.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(OURS.facts["ratifications"])
    for fact in OURS.facts["ratifications"]:
        assert fact["source"] and (fact["verified"] == "yes") is (fact["status"] == "ratified")
        assert fact["verified"] == "yes" or not fact["status_date"]
        assert not {"from memory", "not researched"} & {fact["source"], fact["note"]}
    verified = Counter(f["instrument_code"] for f in OURS.facts["ratifications"] if f["verified"] == "yes")
    assert verified["CEDAW"] == 21 and verified["C97"] == 1
    (sabah,) = [f for f in OURS.facts["ratifications"] if f["territory"]]
    assert (sabah["country"], sabah["instrument_code"], sabah["territory"]) == ("MYS", "C97", "Sabah")
