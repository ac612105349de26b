"""Who may do what: every cell of the table under every cap, and what holds for all viewers that can be thought of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.protection import policy
from dashboard.protection.policy import (
    PUBLIC,
    Grant,
    Reach,
    Refused,
    Scope,
    Viewer,
    may,
    operator,
    reach,
    require,
    scope,
)

TODAY = date(2026, 10, 1)
LETTERS = {"-": Reach.NONE, "R": Reach.RELEASE, "O": Reach.OWN_ORGANISATION, "C": Reach.OWN_COUNTRY, "A": Reach.ALL}
CAPS = ("trained", "trained, enforcement", "untrained", "untrained, enforcement")

# Public, member, agency, coordinator, secretariat, under each of CAPS. Written by hand from the design, not computed.
EXPECTED = """
read summary        | RRRRR | RRRRR | RRRRR | RRRRR
read dictionary     | AAAAA | AAAAA | AAAAA | AAAAA
sign in             | AAAAA | AAAAA | AAAAA | AAAAA
sign out            | AAAAA | AAAAA | AAAAA | AAAAA
change own password | -AAAA | -AAAA | -AAAA | -AAAA
follow changes      | -AAAA | -AAAA | -AAAA | -AAAA
view contacts       | ROOCA | ROOOO | RRRRR | RRRRR
view coverage       | RAAAA | ROOOO | RAAAA | ROOOO
view contact lines  | -AAAA | ----- | -AAAA | -----
view actions        | -AAAA | -OOOO | -AAAA | -OOOO
change actions      | -OOCA | -OOOO | -OOCA | -OOOO
view submissions    | -OOCA | -OOOO | -OOCA | -OOOO
send submissions    | --OCA | --OOO | --OCA | --OOO
review submissions  | ---CA | ---OO | ---CA | ---OO
accept contacts     | ---CA | ---OO | ----- | -----
release             | ----A | ----- | ----A | -----
manage people       | ----A | ----- | ----A | -----
view audit          | ----A | ----- | ----A | -----
expunge             | ----A | ----- | ----A | -----
"""
CELLS = [
    (action.strip(), role, cap, LETTERS[letter])
    for action, *columns in (line.split("|") for line in EXPECTED.strip().splitlines())
    for cap, letters in zip(CAPS, columns, strict=True)
    for role, letter in zip(policy.ROLES, letters.strip(), strict=True)
]


def person(
    *grants: Grant,
    enforcement: bool = False,
    trained: bool = True,
    organisation: str = "XAA-HEALTH",
    country: str = "XAA",
    today: date = TODAY,
) -> Viewer:
    return Viewer("a1", "Ana", organisation, country, grants, enforcement, today if trained else None, today)


def holder(role: str, cap: str) -> Viewer:
    if role == "public":
        return PUBLIC
    return person(Grant(role), enforcement="enforcement" in cap, trained="untrained" not in cap)


@pytest.mark.parametrize(("action", "role", "cap", "expected"), CELLS)
def test_every_cell(action: str, role: str, cap: str, expected: Reach) -> None:
    viewer = holder(role, cap)
    assert reach(viewer, action) is expected
    decision = may(viewer, action)
    assert decision.allowed is (expected > Reach.NONE)
    assert bool(decision.reason) is not decision.allowed


@pytest.mark.parametrize(("action", "role", "cap", "expected"), CELLS)
def test_a_cell_selects_its_rows_and_no_others(action: str, role: str, cap: str, expected: Reach) -> None:
    viewer = holder(role, cap)
    rows = {"own": ("XAA-HEALTH", "XAA"), "neighbour": ("XAA-SHELTER", "XAA"), "far": ("XBB-HEALTH", "XBB")}
    got = {name for name, (organisation, country) in rows.items() if may(viewer, action, organisation, country)}
    wanted = {Reach.OWN_ORGANISATION: {"own"}, Reach.OWN_COUNTRY: {"own", "neighbour"}, Reach.ALL: set(rows)}
    assert got == wanted.get(expected, set())
    selected = scope(viewer, action)
    assert {name for name, where in rows.items() if selected.holds(*where)} == got
    assert bool(selected) is (expected >= Reach.OWN_ORGANISATION)


def test_the_hand_written_table_covers_the_registry() -> None:
    assert {cell[0] for cell in CELLS} == set(policy.ACTIONS) == set(policy.POLICY) == set(policy.LIMITS)
    assert len(CELLS) == len(policy.ACTIONS) * len(policy.ROLES) * len(CAPS)
    assert all(set(row) == set(policy.ROLES) for row in policy.POLICY.values())
    assert all(set(row) == set(policy.CAPS) for row in policy.LIMITS.values())


@pytest.mark.parametrize("viewer", [PUBLIC, person(Grant("secretariat")), operator(TODAY)])
@pytest.mark.parametrize("action", ["", "see all", "View coverage", "expunge "])
def test_an_unknown_action_is_refused_with_a_reason(viewer: Viewer, action: str) -> None:
    assert reach(viewer, action) is Reach.NONE and scope(viewer, action) == Scope()
    assert not may(viewer, action) and f"“{action}”" in may(viewer, action).reason
    with pytest.raises(Refused, match="not on the list"):
        require(viewer, action, "XAA-HEALTH", "XAA")


def test_an_unknown_role_gives_nothing() -> None:
    for role in ("chief", "public", "", "Secretariat"):
        viewer = person(Grant(role))
        assert viewer.roles == frozenset()
        assert all(reach(viewer, action) is reach(PUBLIC, action) for action in policy.ACTIONS)


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (None, TODAY, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
        (date(2027, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_a_grant_counts_within_its_dates_only(start: date | None, end: date | None, counts: bool) -> None:
    viewer = person(Grant("secretariat", valid_from=start, valid_to=end))
    assert (reach(viewer, "expunge") is Reach.ALL) is counts
    assert viewer.roles == (frozenset({"secretariat"}) if counts else frozenset())
    if not counts:
        assert "no role today" in may(viewer, "expunge").reason


def test_training_counts_to_its_last_day() -> None:
    viewer = replace(person(Grant("coordinator")), training_until=TODAY)
    assert reach(viewer, "view contacts") is Reach.OWN_COUNTRY
    assert reach(replace(viewer, today=TODAY + timedelta(days=1)), "view contacts") is Reach.RELEASE


def test_the_widest_grant_wins_and_scopes_are_united() -> None:
    viewer = person(Grant("agency", "XBB-LEGAL"), Grant("coordinator", country="XAB"), Grant("member", "XAA-UNION"))
    assert reach(viewer, "send submissions") is Reach.OWN_COUNTRY
    # The member's organisation is not among those that she may send for, though she may see its files.
    assert scope(viewer, "send submissions") == Scope(False, frozenset({"XBB-LEGAL", "XAA-HEALTH"}), frozenset({"XAB"}))
    assert "XAA-UNION" in scope(viewer, "view submissions").organisations
    assert not may(viewer, "send submissions", "XAA-UNION", "XAA")
    assert scope(person(*viewer.grants, Grant("secretariat")), "send submissions") == Scope(everything=True)


def test_a_place_that_is_not_known_gives_less_and_never_all() -> None:
    nowhere = person(Grant("coordinator"), organisation="", country="")
    assert reach(nowhere, "view submissions") is Reach.NONE and not scope(nowhere, "view submissions")
    assert reach(person(Grant("coordinator"), country=""), "review submissions") is Reach.OWN_ORGANISATION
    assert reach(person(Grant("agency"), organisation=""), "view contacts") is Reach.RELEASE
    for blank in ("", None):
        assert not may(nowhere, "view submissions", "", blank)
        assert not may(person(Grant("agency")), "view submissions", "", blank)


def test_another_organisations_grant_does_not_open_its_figures_to_an_enforcer() -> None:
    viewer = person(Grant("agency", "XAA-SHELTER"), Grant("agency"), organisation="XAA-POLICE", enforcement=True)
    assert may(viewer, "view submissions", "XAA-POLICE", "XAA")
    assert not may(viewer, "view submissions", "XAA-SHELTER", "XAA")
    assert scope(viewer, "view contacts").organisations == {"XAA-POLICE"}


def test_an_empty_scope_selects_nothing() -> None:
    assert not Scope() and not Scope().holds("", "") and not Scope().holds() and not Scope().holds("X", "Y")


def test_the_operator_reaches_what_the_secretariat_reaches_untrained() -> None:
    me = operator(TODAY)
    assert me.account_id == "operator" and me.signed_in
    untrained = holder("secretariat", "untrained")
    assert all(reach(me, action) is reach(untrained, action) for action in policy.ACTIONS)


@pytest.mark.parametrize(
    ("viewer", "action", "place", "words"),
    [
        (PUBLIC, "view submissions", (), "Sign in first"),
        (PUBLIC, "view coverage", ("XAA-HEALTH", "XAA"), "Sign in first"),
        (person(Grant("agency")), "manage people", (), "the secretariat"),
        (person(Grant("member")), "send submissions", (), "agencies, coordinators and the secretariat"),
        (person(Grant("agency")), "view submissions", ("XBB-HEALTH", "XBB"), "own organisation only"),
        (person(Grant("coordinator")), "review submissions", ("XBB-HEALTH", "XBB"), "own country only"),
        (person(Grant("coordinator"), trained=False), "accept contacts", (), "valid training"),
        (person(Grant("secretariat"), trained=False), "view contacts", ("XAA-HEALTH", "XAA"), "valid training"),
        (person(Grant("secretariat"), enforcement=True), "release", (), "enforcement body"),
        (person(Grant("member"), enforcement=True), "view coverage", ("XBB-HEALTH", "XBB"), "enforcement body"),
        (person(Grant("member"), enforcement=True), "manage people", (), "the secretariat"),
    ],
)
def test_reasons_are_plain_words(viewer: Viewer, action: str, place: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused) as refused:
        require(viewer, action, *place)
    assert words in refused.value.reason == str(refused.value) and refused.value.reason.endswith(".")


places = st.sampled_from(["", "XAA-HEALTH", "XAA-POLICE", "XBB-LEGAL"])
countries = st.sampled_from(["", "XAA", "XBB"])
days = st.none() | st.integers(-2, 2).map(lambda n: TODAY + timedelta(days=n))
grants = st.builds(Grant, st.sampled_from([*policy.ROLES, "chief"]), places, countries, days, days)
viewers = st.builds(
    Viewer,
    st.sampled_from(["", "a1", "a2"]),
    st.just("Ana"),
    places,
    countries,
    st.lists(grants, max_size=4).map(tuple),
    st.booleans(),
    days,
    st.just(TODAY),
)
actions = st.sampled_from(sorted(policy.ACTIONS))
rows = st.tuples(places, countries)


def uncapped(viewer: Viewer) -> Viewer:
    return replace(viewer, enforcement=False, training_until=TODAY)


@given(viewers, actions, rows)
def test_caps_never_raise_anything(viewer: Viewer, action: str, row: tuple[str, str]) -> None:
    for lower in (
        viewer,
        replace(viewer, enforcement=True),
        replace(viewer, training_until=None),
        replace(viewer, enforcement=True, training_until=None),
    ):
        for higher in (uncapped(viewer), replace(lower, enforcement=False), replace(lower, training_until=TODAY)):
            assert reach(lower, action) <= reach(higher, action)
            assert not scope(lower, action).holds(*row) or scope(higher, action).holds(*row)
            assert not may(lower, action, *row) or may(higher, action, *row)
            assert not may(lower, action) or may(higher, action)


@given(viewers, actions, grants, rows)
def test_a_further_grant_never_takes_away(viewer: Viewer, action: str, more: Grant, row: tuple[str, str]) -> None:
    richer = replace(viewer, grants=(*viewer.grants, more))
    alone = replace(viewer, grants=(more,))
    assert reach(richer, action) == max(reach(viewer, action), reach(alone, action))
    assert scope(richer, action).holds(*row) == (scope(viewer, action).holds(*row) or scope(alone, action).holds(*row))


@given(viewers, actions)
def test_what_does_not_count_today_changes_nothing(viewer: Viewer, action: str) -> None:
    valid = replace(viewer, grants=viewer.valid_grants)
    assert (reach(viewer, action), scope(viewer, action)) == (reach(valid, action), scope(valid, action))


@given(viewers, actions)
def test_who_is_signed_out_is_the_public(viewer: Viewer, action: str) -> None:
    out = replace(viewer, account_id="")
    assert (reach(out, action), scope(out, action)) == (reach(PUBLIC, action), scope(PUBLIC, action))


@given(viewers, actions, rows)
def test_nobody_below_all_reaches_what_has_no_place(viewer: Viewer, action: str, row: tuple[str, str]) -> None:
    selected = scope(viewer, action)
    assert selected.everything or "" not in selected.organisations | selected.countries
    assert selected.everything is (reach(viewer, action) is Reach.ALL)
    assert bool(may(viewer, action, *row)) is selected.holds(*row)
    assert may(viewer, action, *row).reason.endswith(".") or may(viewer, action, *row).allowed
