"""A release is taken back with a note, and what is public follows the record: same figures, same ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.intake import submissions
from dashboard.people.errors import NotPossible
from dashboard.publication import draft, ledger, listing, publishing, read_back, release, withdrawing
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reference import text
from dashboard.reports import marts, released
from dashboard.web import former_releases, releases
from test_help_lines import replaced
from test_release import current, page
from world import World

WHY = "A service was counted under the wrong sector."


def states(world: World) -> dict[str, str]:
    return {row["release_id"]: row["state"] for row in released.listing(world.house)}


def test_the_only_release_goes_and_its_note_stays(world: World) -> None:
    releases, first = world.house.settings.releases, current(world)
    assert release.withdraw(world.operator, world.house, first.name, WHY) == ""
    assert not (releases / "current").exists() and not (releases / first.name).exists()
    assert (releases / "withdrawn" / first.name / "index.html").is_file(), "the ledger needs what was read once"
    told = json.loads((releases / "withdrawn" / f"{first.name}.json").read_text())
    assert told["note"] == WHY and set(told) == {"day", "withdrawn_on", "note"}
    assert released.standing(world.house) is None and marts.published_on(world.house) is None
    assert [row["folder"] for row in ledger.published(world.house)] == [first.name]
    logged = world.house.store.read("select action, by_account from audit where action = 'release withdrawn'")
    assert logged == [{"action": "release withdrawn", "by_account": "operator"}]
    for again in (first.name, "nothing"):
        with pytest.raises(NotPossible, match="not public"):
            release.withdraw(world.operator, world.house, again, WHY)


@pytest.mark.parametrize(("note", "why"), [("", "Say why"), ("   ", "Say why"), ("It was 7", "no number but")])
def test_a_withdrawal_says_why(world: World, note: str, why: str) -> None:
    first = current(world)
    with pytest.raises(NotPossible, match=why):
        release.withdraw(world.operator, world.house, first.name, note)
    assert current(world) == first


def test_the_one_before_takes_its_place_with_its_own_figures(world: World) -> None:
    first = current(world)
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    second = release.publish(world.operator, world.house)
    assert release.withdraw(world.operator, world.house, second.name, WHY) == ""
    third = current(world)
    assert third not in (first, second), "published anew, so that it can say that another was withdrawn"
    row = released.standing(world.house)
    assert row and (row["folder"], row["note"]) == (third.name, withdrawing.RELEASE_WITHDRAWN)
    of_first = release.find(world.operator, world.house, first.name)
    assert (row["as_of_version"], row["figures_on"]) == (of_first["as_of_version"], of_first["figures_on"])
    assert read_back.equal(read_back.read(first).rows, read_back.read(third).rows)
    assert withdrawing.follow(world.house) == "" and current(world) == third, "once is enough"
    assert states(world) == {first.name: "published", second.name: "withdrawn", third.name: "published"}


def test_what_is_published_again_says_whose_figures_it_has_and_names_nobody_who_did_not_act(world: World) -> None:
    secretariat = world.viewer("secretariat")
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    first = release.publish(secretariat, world.house)
    assert "published again" not in page(first)
    replaced(world)
    second = release.publish(secretariat, world.house)
    release.withdraw(secretariat, world.house, second.name, WHY)
    third, of = current(world), released.listing(world.house)
    day = text.day(ledger.published_on(next(row for row in of if row["folder"] == first.name)))
    now = text.day(ledger.published_on(next(row for row in of if row["folder"] == third.name)))
    for name in ("index.html", "data/index.html", "data/methodology.html"):
        said = (third / name).read_text(encoding="utf-8")
        assert f"These are the figures of {day}, published again on {now}." in said and "Published " not in said, name
    changes = (third / "data" / "changelog.html").read_text(encoding="utf-8")
    assert changes.count(f"the figures of {day}, published again") == 1, "of this release, and of none before it"
    listed = listing.releases(secretariat, world.house)
    assert listed.standing and listed.standing == next(one for one in listed.former if one.release_id == third.name)
    name = world.house.store.read("select name from account_now where account_id = $id", id=secretariat.account_id)
    assert listed.standing.by == name[0]["name"] and listed.standing.renewed is not None
    assert "(published again by itself on " in releases.answer(listed)
    shown = json.dumps(former_releases.former(listed.former, listed.standing), default=lambda c: c.to_plotly_json())
    assert f"on {now}, the same figures, by the dashboard itself" in shown and "Operator" not in shown.split(WHY)[0]


def test_who_publishes_the_same_figures_again_is_named(world: World) -> None:
    """Nothing moved in the record since: the draft says of which day its figures are, as every list will."""
    secretariat = world.viewer("secretariat")
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    first = release.publish(world.operator, world.house)
    again = release.publish(secretariat, world.house)
    found = {row["folder"]: row for row in released.listing(world.house)}
    day, now = (text.day(ledger.published_on(found[one.name])) for one in (first, again))
    assert f"These are the figures of {day}, published again on {now}." in page(again)
    assert "published again" not in page(first)
    listed = listing.releases(secretariat, world.house)
    assert listed.standing and listed.standing.renewed_by
    assert f"(published again on {now})" in releases.answer(listed)
    shown = json.dumps(former_releases.former(listed.former, listed.standing), default=lambda c: c.to_plotly_json())
    assert f"on {now}, the same figures, by {listed.standing.renewed_by}" in shown and "itself" not in shown
    name = world.house.store.read("select name from account_now where account_id = $id", id=secretariat.account_id)
    assert listed.standing.renewed_by == name[0]["name"]


def test_what_was_published_again_goes_together(world: World) -> None:
    """The same figures under another name are the same release."""
    first = current(world)
    replaced(world)
    assert withdrawing.follow(world.house) == ""
    second = current(world)
    assert second != first
    release.withdraw(world.operator, world.house, second.name, WHY)
    assert set(states(world).values()) == {"withdrawn"} and not (first.parent / "current").exists()


def test_a_release_from_before_its_day_was_kept_goes_with_what_was_published_again_of_it(world: World) -> None:
    """Its row does not say of which day its figures are: they are of the day on which it was published."""
    first = current(world)
    row = release.find(world.operator, world.house, first.name)
    with world.house.store.write("published", by="operator") as write:
        write.add("release", publishing.step(row) | {"figures_on": None, "by_account": "operator"})
    replaced(world)
    assert withdrawing.follow(world.house) == ""
    second = current(world)
    assert second != first and len(ledger.entries(world.operator, world.house)) == 1
    (one,) = listing.releases(world.operator, world.house).former
    assert one.release_id == second.name and one.renewed is not None
    release.withdraw(world.operator, world.house, second.name, WHY)
    assert set(states(world).values()) == {"withdrawn"}, "else the same figures would still be public"


def test_an_older_one_is_withdrawn_and_the_newest_says_so(world: World) -> None:
    first = current(world)
    replaced(world)
    second = release.publish(world.operator, world.house)
    release.withdraw(world.operator, world.house, first.name, WHY)
    assert current(world) not in (first, second)
    assert [one.withdrawn for one in ledger.former(world.house)] == [None, None, WHY]


def test_figures_that_come_out_otherwise_are_not_published_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current(world)
    replaced(world)
    made = draft.site.files
    one = "country,sector,service,origin,period,contacts,status\r\nXAA,_T,_T,_T,2026-Q2,40,value\r\n"
    monkeypatch.setattr(draft.site, "files", lambda c: made(c) | {"data/contacts.csv": one})
    assert "not what was published before" in withdrawing.follow(world.house)
    assert current(world) == before and len(states(world)) == 1
    monkeypatch.setattr(draft.site, "files", made)
    assert withdrawing.follow(world.house) == "" and current(world) != before
    assert not list((before.parent / "drafts").iterdir()), "and what was half done is gone"


def test_a_former_release_that_is_lost_stops_the_next(world: World) -> None:
    """Without it nobody could say whether a new one gives somebody away."""
    first = current(world)
    (first / "index.html").write_text(page(first) + " ")
    with pytest.raises(NotPossible, match="missing or was changed"):
        release.publish(world.operator, world.house)
    assert current(world) == first


def test_a_rebuilt_record_knows_every_release(world: World) -> None:
    first = current(world)
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    second = release.publish(world.operator, world.house)
    release.withdraw(world.operator, world.house, second.name, WHY)
    waiting = release.draft(world.operator, world.house)
    before: list[Any] = [dict(row) for row in released.listing(world.house)]
    settings = world.house.settings
    world.house.close()
    assert rebuild.rebuild(settings).problems == []
    house = open_house(settings)
    try:
        assert list(released.listing(house)) == before
        assert withdrawing.follow(house) == "" and release.publish_draft(world.operator, house, waiting).is_dir()
        assert first.is_dir()
    finally:
        house.close()
