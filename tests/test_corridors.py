"""What corridors answer: a link is as good as its worse end, an agreement is what was registered, silence is no no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from coverage_world import dated, rich_world
from dashboard.protection.policy import Viewer
from dashboard.reference.table import Status
from dashboard.reports import agreements, corridor, corridors, coverage
from world import World, send, table

HELD: dict[str, Any] = {
    "country": "XAA",
    "agreement_code": "XAA-AGR-1",
    "organisation_code": "XAA-COORD",
    "corridor": "XAA-XBA",
    "title": "Memorandum on household work",
    "parties": "Ministries of labour",
    "kind": "memorandum",
    "status": "in_force",
    "signed_on": "2024-03-01",
    "clause_violence": "yes",
    "clause_return": "no",
    "embassy_on_arrival": "partly",
    "restricts_work_or_migration": "no",
    "review_state": "planned",
    "source": "Treaty register",
    "verified": "yes",
    "checked_on": "2026-09-01",
}
OLD = HELD | {
    "agreement_code": "XAA-AGR-0",
    "title": "Former memorandum",
    "status": "expired",
    "clause_violence": "no",
    "in_force_until": "2024-02-28",
    "verified": "no",
    "checked_on": "",
}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = rich_world(tmp_path_factory.mktemp("corridors") / "data")
    made.sent["before"] = str(made.house.store.head().version)
    send(made, "agreements", "XAA-COORD", "2026-Q3", table(made.house, "agreements", [OLD, HELD]))
    yield made
    made.house.close()


def member(world: World) -> Viewer:
    return dated(world.viewer("member"))


@pytest.mark.parametrize(
    ("origin", "destination", "found"),
    [
        ("open", "open", "open"),
        ("open", "restricted", "restricted"),
        ("restricted", "restricted", "restricted"),
        ("open", "none", "none"),
        ("planned", "open", "none"),
        ("none", "", "none"),
        ("open", "", "not_known"),
        ("not_known", "restricted", "not_known"),
        ("", "", "not_known"),
    ],
)
def test_a_link_is_as_good_as_its_worse_end(origin: str, destination: str, found: str) -> None:
    assert corridors.link(origin, destination) == found == corridors.link(destination, origin)


def test_every_link_is_named_and_explained() -> None:
    assert set(corridors.LINKS) == set(corridors.LINK_MEANINGS) <= set(coverage.STATES)


def test_all_corridors_the_weakest_first(linked: World) -> None:
    found = corridors.corridors(member(linked), linked.house)
    assert [line.corridor.code for line in found.lines] == ["XBA-XCA", "XAA-XBA"], "the closed one is gone"
    line = found.at("XAA", "XBA")
    assert line is not None
    said = {code: link for code, link in line.links.items() if link != "not_known"}
    assert said == {"SEED-1": "restricted", "SEED-3": "none", "SEED-9": "open"}
    assert sum(line.count(name) for name in corridors.LINKS) == found.services == len(line.links)
    assert found.gaps.frame.iloc[0]["none"] == max(found.gaps.frame["none"])
    assert all(sum(row[name] for name in corridors.LINKS) == 2 for row in found.gaps.frame.to_dict("records"))
    assert found.at("XCA", "XAA") is None


def test_a_country_chooses_its_corridors_and_an_unknown_one_none(linked: World) -> None:
    only = corridors.corridors(member(linked), linked.house, country="XCA")
    assert [line.corridor.code for line in only.lines] == ["XBA-XCA"]
    assert len(corridors.corridors(member(linked), linked.house, country="XQQ", period="never").lines) == 2


def test_the_agreement_that_holds_speaks_for_the_corridor(linked: World) -> None:
    found = corridors.corridors(member(linked), linked.house)
    row = found.table.frame.loc["XAA-XBA"]
    assert (row["agreement"], row["violence"]) == ("In force", "Yes")
    assert found.table.frame.loc["XBA-XCA", "agreement"] == "None registered"
    assert found.table.statuses.loc["XBA-XCA", "violence"] == Status.NOT_APPLICABLE
    assert "On 1 an agreement is in force, 1 of them with a clause on violence" in found.answer
    assert found.table.statuses.loc["XAA-XBA", "flow"] == Status.NOT_REPORTED, "no figure has a source"


def test_before_it_was_registered_there_was_none(linked: World) -> None:
    then = corridors.corridors(member(linked), linked.house, version=int(linked.sent["before"]))
    assert "No agreement in force is registered." in then.answer


def test_one_corridor_says_what_both_texts_say(linked: World) -> None:
    who = member(linked)
    chosen = corridor.known(linked.house, who, "XAA", "XBA")
    assert chosen is not None
    found = corridor.corridor(who, linked.house, chosen)
    assert [a.code for a in found.agreements] == ["XAA-AGR-1", "XAA-AGR-0"], "the one in force first"
    assert found.clauses is not None
    assert found.clauses.frame.loc["clause_violence"].tolist()[1:] == ["yes", "no"]
    assert found.clauses.frame.loc["clause_complaint"].tolist()[1:] == ["not_verified"] * 2
    assert found.clauses.statuses.loc["clause_complaint", "XAA-AGR-1"] == Status.NOT_VERIFIED
    assert agreements.state_words(linked.house, found.agreements[1]) == "Expired (not verified)"
    assert found.embassies == (
        "On arrival: partly (Memorandum on household work).",
        "On return: not reported (Memorandum on household work).",
    )
    links = found.services.cells("link")[0]
    order = ["none", "not_known", "restricted", "open"]
    places = [order.index(link.removeprefix(corridor.LINK)) for link in links]
    assert places == sorted(places), "the broken ones first"
    assert found.answer.startswith("An agreement is in force; on violence and harassment its text says: yes.")


def test_what_is_not_tracked_is_no_corridor(linked: World) -> None:
    assert corridor.known(linked.house, member(linked), "XBA", "XAA") is None
    assert corridor.known(linked.house, member(linked), "XCA", "XAA") is None, "closed since March"


def test_an_enforcement_body_reads_what_was_published(linked: World) -> None:
    found = corridors.corridors(dated(linked.viewer("enforcement")), linked.house)
    assert found.lines and all(line.agreement is None for line in found.lines), "it was registered after the release"
