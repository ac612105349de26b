"""One-time links: what they open, how often, how long; and that none of them is ever kept."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from dashboard.config import Settings
from dashboard.people import accounts, links, roster, sessions
from dashboard.people.errors import LinkRefused, NotPossible, PasswordRefused
from dashboard.protection import policy
from dashboard.protection.policy import PUBLIC, Grant, Refused, Viewer
from dashboard.record.house import House
from people_world import (
    ACTOR,
    HERE,
    OTHER,
    PASSWORD,
    START,
    account_id_of,
    chief,
    invite,
    later,
    log,
    person,
    register,
)
from people_world import member as row


def test_the_first_account_is_the_secretariat(house: House) -> None:
    token = links.setup_link(ACTOR, house, now=START)
    found = links.link(PUBLIC, house, token, now=START)
    assert found is not None and (found.kind, found.account_id, found.email) == ("setup", "", "")
    account_id = links.redeem(
        PUBLIC, house, token, name="Ana", email=" Ana@Example.org ", password=PASSWORD, now=later(minutes=29)
    )
    session = sessions.sign_in(PUBLIC, house, "ana@example.org", PASSWORD, HERE, later(minutes=30))
    viewer = sessions.viewer_of(house, session, later(minutes=30), True)
    assert viewer is not None and viewer.account_id == account_id and viewer.roles == {"secretariat"}
    assert policy.may(viewer, "manage people") and not viewer.enforcement
    with pytest.raises(NotPossible, match="accounts already"):
        links.setup_link(ACTOR, house, now=later(hours=1))


def test_a_setup_link_ends_with_time_with_the_next_one_and_with_the_first_account(house: House) -> None:
    first = links.setup_link(ACTOR, house, now=START)
    assert links.link(PUBLIC, house, first, now=later(minutes=30)) is None
    second = links.setup_link(ACTOR, house, now=START)
    assert links.link(PUBLIC, house, first, now=START) is None
    assert links.link(PUBLIC, house, second, now=START) is not None
    person(house)
    assert links.link(PUBLIC, house, second, now=START) is None
    with pytest.raises(LinkRefused):
        links.redeem(PUBLIC, house, second, name="Eve", email="eve@example.org", password=PASSWORD, now=START)


def test_an_invitation_binds_account_address_and_role(house: House) -> None:
    token = invite(house, valid_to=date(2026, 12, 31), country="KHM")
    found = links.link(PUBLIC, house, token, now=START)
    assert found is not None and (found.kind, found.email, found.organisation_code) == (
        "invite",
        "agency@example.org",
        "XAA-HEALTH",
    )
    account_id = links.redeem(PUBLIC, house, token, name="", email="evil@example.org", password=PASSWORD, now=START)
    account = roster.account(house, account_id)
    assert account is not None and (account.email, account.name) == ("agency@example.org", "The agency")
    assert account.grants == (Grant("agency", "XAA-HEALTH", "KHM", None, date(2026, 12, 31)),)
    assert accounts.by_email(PUBLIC, house, "evil@example.org") is None


def test_who_is_invited_may_write_her_own_name(house: House) -> None:
    account_id = links.redeem(PUBLIC, house, invite(house), name="  Maria   Xuereb ", password=PASSWORD, now=START)
    account = roster.account(house, account_id)
    assert account is not None and account.name == "Maria Xuereb"


@pytest.mark.parametrize(("kind", "hours"), [("invite", 72), ("reset", 1)])
def test_links_end_in_time_to_the_second(house: House, kind: str, hours: float) -> None:
    token = invite(house) if kind == "invite" else links.reset(ACTOR, house, person(house), now=START)
    last, over = later(hours=hours, seconds=-1), later(hours=hours)
    found = links.link(PUBLIC, house, token, now=last)
    assert found is not None and found.kind == kind and links.link(PUBLIC, house, token, now=over) is None
    with pytest.raises(LinkRefused, match="out of date"):
        links.redeem(PUBLIC, house, token, password=PASSWORD, now=over)
    assert links.redeem(PUBLIC, house, token, password=OTHER, now=last)


def test_a_link_works_once(house: House) -> None:
    token = invite(house)
    links.redeem(PUBLIC, house, token, password=PASSWORD, now=START)
    assert links.link(PUBLIC, house, token, now=START) is None
    with pytest.raises(LinkRefused):
        links.redeem(PUBLIC, house, token, password=OTHER, now=START)
    assert sessions.sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START)


@pytest.mark.parametrize("kind", ["setup", "invite"])
def test_redeemed_by_many_at_the_same_moment_it_counts_once(house: House, kind: str) -> None:
    token = invite(house) if kind == "invite" else links.setup_link(ACTOR, house, now=START)
    start, won, lost = threading.Barrier(6), list[str](), list[str]()

    def go(n: int) -> None:
        start.wait()
        try:
            won.append(
                links.redeem(
                    PUBLIC,
                    house,
                    token,
                    name=f"N{n}",
                    email=f"n{n}@example.org",
                    password=f"{OTHER} number {n}",
                    now=START,
                )
            )
        except LinkRefused as error:
            lost.append(str(error))

    threads = [threading.Thread(target=go, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert len(house.store.read("select * from credential")) == 1
    assert len(house.store.read("select * from account_now")) == 1
    assert log(house).count("link used") == 1


def test_a_password_that_is_refused_leaves_the_link_as_it_was(house: House) -> None:
    token = invite(house)
    version = house.store.head().version
    for bad in ("short", "password1234", "agency@example.org", "x" * 129):
        with pytest.raises(PasswordRefused):
            links.redeem(PUBLIC, house, token, password=bad, now=START)
    assert house.store.head().version == version
    assert links.redeem(PUBLIC, house, token, password=PASSWORD, now=START)


def test_a_new_password_ends_the_old_one_and_every_link_before(house: House) -> None:
    account_id = person(house)
    first = links.reset(ACTOR, house, account_id, now=START)
    second = links.reset(ACTOR, house, account_id, now=START)
    assert links.link(PUBLIC, house, first, now=START) is None
    links.redeem(PUBLIC, house, second, password=OTHER, now=START)
    assert sessions.sign_in(PUBLIC, house, "agency@example.org", OTHER, HERE, START)
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START)


def test_who_never_chose_a_password_is_invited_again(house: House) -> None:
    first = invite(house)
    again = links.reset(ACTOR, house, account_id_of(house, "agency"), now=START)
    found = links.link(PUBLIC, house, again, now=later(hours=71))
    assert found is not None and found.kind == "invite" and links.link(PUBLIC, house, first, now=START) is None


def test_a_closed_account_has_no_link(house: House) -> None:
    account_id = person(house)
    token = links.reset(ACTOR, house, account_id, now=START)
    accounts.disable(ACTOR, house, account_id)
    assert links.link(PUBLIC, house, token, now=START) is None
    with pytest.raises(NotPossible, match="closed"):
        links.reset(ACTOR, house, account_id, now=START)
    accounts.enable(ACTOR, house, account_id)
    assert links.link(PUBLIC, house, token, now=START) is None


def test_only_the_secretariat_makes_links(house: House) -> None:
    account_id = person(house, "coordinator", "coordinator", "XAA-COORD", country="KHM")
    register(house, row("XAA-COORD"))
    me = roster.viewer(house, roster.roster(house).accounts[account_id], START.date())
    assert me.roles == {"coordinator"}
    before = house.store.head().version
    for viewer in (PUBLIC, me):
        for door in (
            lambda v: links.setup_link(v, house, now=START),
            lambda v: links.invite(v, house, email="x@example.org", name="X", role="secretariat", now=START),
            lambda v: links.reset(v, house, account_id, now=START),
        ):
            with pytest.raises(Refused):
                door(viewer)
    assert house.store.head().version == before
    assert links.invite(chief(house), house, email="x@example.org", name="X", role="secretariat", now=START)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "agency"}, "name@example.org"),
        ({"email": "a@b@c.org"}, "name@example.org"),
        ({"email": "a b@c.org"}, "name@example.org"),
        ({"email": "x" * 250 + "@c.org"}, "name@example.org"),
        ({"email": ""}, "name@example.org"),
        ({"email": "a\n@c.org"}, "name@example.org"),
        ({"name": " "}, "120 characters"),
        ({"name": "x" * 121}, "120 characters"),
        ({"name": "a\u202eb"}, "120 characters"),
        ({"role": "chief"}, "no role “chief”"),
        ({"role": "public"}, "no role “public”"),
        ({"organisation_code": ""}, "acts for an organisation"),
        ({"organisation_code": "HEALTH"}, "KHM-POLICE"),
        ({"country": "ZZZ"}, "not on the list of countries"),
        ({"role": "coordinator", "organisation_code": ""}, "acts for a country"),
        ({"email": "TAKEN@example.org"}, "an account with this address already"),
    ],
)
def test_invitations_that_make_no_sense_get_a_sentence(house: House, change: dict[str, str], words: str) -> None:
    invite(house, "taken")
    before = house.store.head().version
    asked = {"email": "new@example.org", "name": "New", "role": "agency", "organisation_code": "XAA-HEALTH"} | change
    with pytest.raises(NotPossible, match=words) as said:
        links.invite(ACTOR, house, now=START, **asked)
    assert str(said.value).endswith(".") and house.store.head().version == before


def test_a_coordinators_country_comes_from_the_register_when_it_is_not_said(house: House) -> None:
    register(house, row("KHM-COORD", country="KHM"))
    person(house, "coordinator", "coordinator", "KHM-COORD")
    assert house.store.read("select country from grant_now")[0]["country"] == "KHM"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\udcff", "é" * 1000, "' or 1=1 --"])
def test_tokens_that_were_never_made(house: House, token: str) -> None:
    invite(house)
    assert links.link(PUBLIC, house, token, now=START) is None
    with pytest.raises(LinkRefused, match="used already"):
        links.redeem(PUBLIC, house, token, password=PASSWORD, now=START)


def test_tokens_and_passwords_are_written_nowhere(house: House, settings: Settings) -> None:
    tokens = [links.setup_link(ACTOR, house, now=START), invite(house)]
    account_id = links.redeem(PUBLIC, house, tokens[1], password=PASSWORD, now=START)
    tokens.append(links.reset(ACTOR, house, account_id, now=START))
    tokens.append(sessions.sign_in(PUBLIC, house, "agency@example.org", PASSWORD, HERE, START))
    assert all(len(token) >= 43 for token in tokens) and len(set(tokens)) == 4
    house.store.checkpoint()
    for path in (p for p in settings.data.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for secret in (*tokens, PASSWORD):
            assert secret.encode() not in data, path.name


def test_the_log_knows_who_did_what_and_no_address(house: House) -> None:
    links.setup_link(ACTOR, house, now=START)
    account_id = person(house)
    links.redeem(PUBLIC, house, links.reset(ACTOR, house, account_id, now=START), password=OTHER, now=START)
    entries = house.store.read("select * from audit order by seq")
    assert [(e["action"], e["by_account"], e["subject"]) for e in entries] == [
        ("setup link made", "operator", ""),
        ("invited", "operator", account_id),
        ("link used", account_id, account_id),
        ("link made", "operator", account_id),
        ("link used", account_id, account_id),
    ]
    assert not any(word in str(entries) for word in ("@", "The agency", PASSWORD, OTHER))
    assert house.store.verify_audit() == []


def test_looking_at_a_link_needs_no_right_and_changes_nothing(house: House) -> None:
    token = invite(house)
    stranger = Viewer("a9", "Eve", "", "", (), True, None, START.date())
    before = house.store.head().version
    for viewer in (PUBLIC, stranger):
        assert links.link(viewer, house, token, now=START) is not None
    assert house.store.head().version == before
