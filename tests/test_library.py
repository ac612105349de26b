"""The library: our files and a deployment's overlay in one value."""

from __future__ import annotations

import json

import pytest

from dashboard.reference import library


@pytest.fixture
def overlay(tmp_path):
    def overlay(**files):
        for place, body in files.items():
            path = tmp_path / place.replace("__", "/").replace("_csv", ".csv").replace("_json", ".json").replace(
                "_toml", ".toml"
            )
            path.parent.mkdir(exist_ok=True)
            path.write_text(body, encoding="utf-8")
        return tmp_path

    return overlay


def test_without_overlay_or_with_a_folder_that_is_not_there_it_is_ours(tmp_path):
    assert library.load() == library.load(tmp_path / "nowhere")


def test_an_overlay_sets_the_display_name_of_a_territory_and_touches_nothing_else(overlay):
    ours = library.load()
    found = library.load(overlay(codes__countries_csv="code,title,source,verified\nHKG,Hong Kong,The deployment,yes\n"))
    assert (ours.title("countries", "HKG"), found.title("countries", "HKG")) == ("Hong Kong SAR, China", "Hong Kong")
    assert [c.code for c in found.codes["countries"].codes] == [c.code for c in ours.codes["countries"].codes]
    assert found.codes["services"] == ours.codes["services"]


def test_an_overlay_narrows_the_corridors(overlay):
    found = library.load(
        overlay(
            codes__corridors_csv="# replaces\ncode,title,source,verified,origin,destination\n"
            "KHM-THA,Ours,S,yes,KHM,THA\n"
        )
    )
    assert [c.code for c in found.codes["corridors"].codes] == ["KHM-THA"]


def test_an_overlay_imports_a_framework_and_makes_it_the_default(overlay):
    head = "code,title,source,verified"
    found = library.load(
        overlay(
            codes__services_csv=f"{head},framework,sector,sort\n16E-1,As printed,page 9,yes,SF-16E-2019,health,1\n",
            codes__service_frameworks_csv=f"{head},default\n"
            "SEED-2020,Guidance note,S,yes,\nSF-16E-2019,16 Essentials,S,yes,yes\n",
        )
    )
    assert [c.code for c in found.codes["services"].where(framework="SF-16E-2019")] == ["16E-1"]
    assert [c.code for c in found.codes["service_frameworks"].where(default="yes")] == ["SF-16E-2019"]


def test_an_overlay_replaces_a_contract_whole(overlay):
    raw = library.load().contracts["members"].to_json() | {"title": "Who sits with us"}
    found = library.load(overlay(schemas__members_json=json.dumps(raw)))
    assert found.contracts["members"].title == "Who sits with us"
    assert found.contracts["members"].hash != library.load().contracts["members"].hash


def test_a_field_whose_list_is_missing_stops_the_start(overlay):
    raw = library.load().contracts["members"].to_json()
    raw["fields"][0]["codes"] = "planets"
    with pytest.raises(ValueError, match="Dataset members: country names the list planets, not found"):
        library.load(overlay(schemas__members_json=json.dumps(raw)))


def test_an_indicator_whose_caveat_has_no_words_stops_the_start(overlay):
    body = (library.DATASETS / "indicators" / "P-COO-1.toml").read_text(encoding="utf-8")
    changed = body.replace("seat-is-not-attendance", "take-care")
    assert changed != body
    with pytest.raises(ValueError, match="P-COO-1: the caveat take-care"):
        library.load(overlay(**{"indicators__P-COO-1_toml": changed}))


def test_an_unknown_list_or_code_reads_as_the_code():
    ours = library.load()
    assert (ours.title("planets", "X"), ours.title("countries", "XXX")) == ("X", "XXX")


@pytest.mark.parametrize(
    ("code", "says"),
    [("P-NONE-1", "and there is no such indicator"), ("SPOT-4.1", "a count of reports too")],
)
def test_what_a_count_is_read_beside_is_there_and_counts_no_reports(overlay, code, says):
    body = (library.DATASETS / "indicators" / "P-REF-1.toml").read_text(encoding="utf-8").replace("P-SVC-3", code)
    with pytest.raises(ValueError, match=f"P-REF-1: read_beside names {code}.*{says}"):
        library.load(overlay(**{"indicators__P-REF-1_toml": body}))


def test_every_count_of_reports_says_what_it_is_read_beside():
    """Few reports are looked into (R69)."""
    counts = [i for i in library.load().indicators.values() if i.administrative]
    assert counts and all("SDG-16.3.1" in i.read_beside and "P-SVC-3" in i.read_beside for i in counts)
