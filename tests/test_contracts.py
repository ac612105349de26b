"""Contracts as values: what parse reads, and every fault that it refuses with a sentence."""

from __future__ import annotations

import json

import pytest

from dashboard.reference import contracts, library

SCHEMA = {
    "title": "Visits",
    "description": "Visits to offices",
    "primaryKey": ["office"],
    "dashboard": {
        "row": "One row per office.",
        "kind": "process",
        "screen": "register",
        "frequency": "quarterly",
        "submitters": ["agency"],
        "rules": [
            {
                "when": "line",
                "values": ["*"],
                "field": "checked",
                "then": "required",
                "problem": "value-missing",
                "words": "Because.",
            }
        ],
    },
    "fields": [
        {
            "name": "office",
            "title": "Office",
            "description": "Which",
            "type": "string",
            "hxl": "#org+code",
            "own": True,
            "constraints": {"required": True, "maxLength": 24},
        },
        {
            "name": "line",
            "title": "Line",
            "description": "Phone",
            "type": "string",
            "hxl": "#contact",
            "allows": ["office_phone"],
            "pattern_words": "digits",
            "constraints": {"pattern": "^[0-9]+$"},
        },
        {"name": "checked", "title": "Checked", "description": "When", "type": "date", "hxl": "#date"},
        {
            "name": "quarter",
            "title": "Quarter",
            "description": "When",
            "type": "string",
            "format": "quarter",
            "hxl": "#period",
        },
        {
            "name": "state",
            "title": "State",
            "description": "How",
            "type": "string",
            "codes": "states",
            "many": True,
            "hxl": "#status",
            "requirements": ["R18"],
        },
        {
            "name": "visits",
            "title": "Visits",
            "description": "How many",
            "type": "integer",
            "hxl": "#reached",
            "example": 12,
            "constraints": {"minimum": 0},
        },
    ],
}


def schema(**changes):
    """The schema above as text, after `changes`: (place, value) pairs, a dot between the keys of a place."""
    raw = json.loads(json.dumps(SCHEMA))
    for place, value in changes.items():
        *keys, last = [int(k) if k.isdigit() else k for k in place.split("__")]
        target = raw
        for key in keys:
            target = target[key]
        target[last] = value
    return json.dumps(raw)


def test_reads_every_part():
    contract = contracts.parse("visits", schema())
    assert (contract.name, contract.key, contract.kind, contract.screen) == (
        "visits",
        ("office",),
        "process",
        "register",
    )
    assert contract.header == ("office", "line", "checked", "quarter", "state", "visits")
    assert [f.type for f in contract.fields] == ["string", "string", "date", "period", "code", "integer"]
    office, line, state, visits = (contract.field(n) for n in ("office", "line", "state", "visits"))
    assert (office.own, office.required, office.max_length) == (True, True, 24)
    assert (line.allows, line.pattern) == (frozenset({"office_phone"}), "^[0-9]+$")
    assert (state.codes, state.many, state.requirements) == ("states", True, ("R18",))
    assert (visits.minimum, visits.example) == (0, "12")
    with pytest.raises(KeyError):
        contract.field("name")


def test_a_quarterly_dataset_is_due_and_expected_as_its_schema_says():
    contract = contracts.parse("visits", schema())
    assert (contract.quarterly, contract.due_days, contract.expected_from) == (True, 30, "habit")
    contract = contracts.parse("visits", schema(dashboard__due_days=45, dashboard__expected_from="register"))
    assert (contract.due_days, contract.expected_from) == (45, "register")
    assert not contracts.parse("visits", schema(dashboard__frequency="yearly")).quarterly


def test_a_rule_may_speak_of_any_filled_cell():
    (rule,) = contracts.parse("visits", schema()).rules
    assert rule.any_value
    (named,) = contracts.parse("visits", schema(dashboard__rules__0__values=["1", "2"])).rules
    assert not named.any_value and named.values == {"1", "2"}


FITS = {"kind": "at_most", "fields": ["visits", "visits"], "words": "w"}


@pytest.mark.parametrize(
    ("relation", "says"),
    [
        ({"kind": "roughly"}, "roughly is no relation"),
        ({"fields": ["visits", "calls"]}, "a relation names calls, which is no field"),
        ({"fields": ["visits"]}, "a relation at_most names 1 fields"),
        ({"kind": "parts", "fields": ["visits"]}, "a relation parts needs a split"),
        ({"split": ["line"]}, "no other has one"),
        ({"when": "line"}, "a relation needs values"),
        ({"values": ["1"]}, "a relation needs values where it names a field of when, and only there"),
    ],
)
def test_a_relation_that_cannot_be_checked_stops_the_start(relation, says):
    assert contracts.parse("visits", schema(dashboard__relations=[FITS])).relations[0].names == {"visits"}
    with pytest.raises(ValueError, match=says):
        contracts.parse("visits", schema(dashboard__relations=[FITS | relation]))


def test_the_source_reads_back_to_the_same_contract():
    contract = contracts.parse("visits", schema())
    assert contracts.parse("visits", json.dumps(contract.to_json())).hash == contract.hash


def test_the_hash_moves_with_meaning_and_not_with_layout():
    first = contracts.parse("visits", schema())
    assert contracts.parse("visits", json.dumps(json.loads(schema()), indent=8)).hash == first.hash
    assert contracts.parse("visits", schema(fields__1__constraints={})).hash != first.hash


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("primaryKey", ["place"], "the key names place"),
        ("fields__0__type", "text", "office has the unknown type text"),
        ("dashboard__rules__0__field", "verified", "a rule names verified or line"),
        ("dashboard__rules__0__then", "filled", "a rule on checked has the unknown effect filled"),
        ("dashboard__rules__0__then", "in", "a rule on checked allows nothing"),
        ("dashboard__kind", "figures", "figures is no kind"),
        ("dashboard__screen", "none", "none is no screen"),
        ("dashboard__due_days", -1, "-1 is no number of days"),
        ("dashboard__due_days", "soon", "soon is no number of days"),
        ("dashboard__expected_from", "all", "all says of nobody that a file is expected"),
        ("fields__1__name", "office", "a field stands twice"),
        ("fields__1__constraints__pattern", "^[0-9", "line has a pattern that cannot be read"),
        ("fields__1__pattern_words", "", "line has a pattern but no words"),
        ("fields__4__codes", "", "state holds several values but names no code list"),
    ],
)
def test_a_fault_is_named_with_its_dataset(place, value, says):
    with pytest.raises(ValueError, match=f"Dataset visits: .*{says}"):
        contracts.parse("visits", schema(**{place: value}))


def test_an_administrative_count_has_no_desired_direction():
    raw = json.loads(schema(dashboard__kind="administrative"))
    raw["dashboard"]["desired_direction"] = "down"
    with pytest.raises(ValueError, match="desired_direction must be none"):
        contracts.parse("visits", json.dumps(raw))


def test_a_later_file_replaces_the_former(tmp_path):
    for folder, title in (("ours", "Ours"), ("theirs", "Theirs")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "visits.json").write_text(schema(title=title), encoding="utf-8")
    paths = [tmp_path / folder / "visits.json" for folder in ("ours", "theirs")]
    assert contracts.read(paths)["visits"].title == "Theirs"


# What a deployment allows


COUNTS = json.dumps(
    {
        "title": "Counts",
        "description": "Counts",
        "primaryKey": ["place", "age", "form"],
        "dashboard": {
            "row": "One row per place.",
            "kind": "administrative",
            "screen": "counts",
            "frequency": "quarterly",
            "submitters": ["agency"],
            "rules": [
                {"when": "age", "values": ["*"], "field": "form", "then": "required", "problem": "p", "words": "w"},
                {
                    "when": "place",
                    "kinds": ["survey"],
                    "field": "form",
                    "then": "required",
                    "problem": "p",
                    "words": "w",
                },
            ],
        },
        "fields": [
            {"name": "place", "title": "Place", "description": "d", "type": "string", "hxl": "#a"},
            {"name": "age", "title": "Age", "description": "d", "type": "string", "hxl": "#b", "disaggregation": "age"},
            {
                "name": "form",
                "title": "Form",
                "description": "d",
                "type": "string",
                "hxl": "#c",
                "disaggregation": "form",
            },
        ],
    }
)


def test_a_breakdown_that_is_not_allowed_is_no_column():
    """R7: each is off unless allowed; the key and the rules lose it too."""
    found = contracts.parse("counts", contracts.settled(COUNTS, {"form"}, {"survey": ["S-2", "S-1"]}))
    assert (found.header, found.key) == (("place", "form"), ("place", "form"))
    assert [(r.when, sorted(r.values)) for r in found.rules] == [("place", ["S-1", "S-2"])]
    whole = contracts.parse("counts", contracts.settled(COUNTS, {"form", "age"}, {}))
    assert whole.header == ("place", "age", "form") and [r.when for r in whole.rules] == ["age"]
    assert found.hash != whole.hash and contracts.parse("counts", found.source).header == found.header


def test_relations_lose_what_is_not_allowed_and_know_kinds_of_indicators():
    raw = json.loads(COUNTS)
    aged = {"kind": "differ", "fields": ["place", "age"], "words": "w"}
    kind = {"kind": "differ", "fields": ["place", "form"], "words": "w", "when": "place", "kinds": ["share"]}
    raw["dashboard"]["relations"] = [aged, kind]
    text = json.dumps(raw)
    (found,) = contracts.parse("c", contracts.settled(text, {"form"}, {"share": ["S-2"]})).relations
    assert (found.fields, found.values) == (("place", "form"), {"S-2"})
    (found,) = contracts.parse("c", contracts.settled(text, {"form", "age"}, {})).relations
    assert found.fields == ("place", "age"), "of no indicator nothing is asked"


def test_what_depends_on_nothing_is_left_as_it_stands():
    plain = json.dumps({**json.loads(COUNTS), "fields": [], "dashboard": {"rules": []}}, indent=7)
    assert contracts.settled(plain, (), {}) == plain


def test_the_counts_are_broken_down_by_what_is_allowed_and_by_nothing_else():
    ours = library.load()
    allowed = {c.code for c in ours.codes["disaggregations_allowed"].codes}
    named = {f.disaggregation for c in ours.contracts.values() for f in c.fields} - {""}
    assert {"origin", "form_of_violence", "stage", "channel"} == named <= allowed
    assert not {"age_band", "disability", "migration_status", "religion", "sogi", "hiv"} & allowed
    assert "age_band" not in ours.contracts["service_contacts"].header
