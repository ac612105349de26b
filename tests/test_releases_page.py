"""/releases as the secretariat reads it in each state; closed to everybody else, by page, callback and address."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from contacts_world import DATASET
from dashboard.intake import submissions
from dashboard.people import organisations
from dashboard.publication import drafting, listing, release
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reports import released
from dashboard.web import releases
from release_world import LAST, ORGANISATIONS, file, rows_of, truth
from test_indicator_pages import Browsers
from world import PEOPLE, World, send, table

OTHERS = tuple(name for name in ("anonymous", *PEOPLE) if name != "secretariat")
NUMBER = re.compile(r"(?<![\w.\-])\d{1,3}(?:,\d{3})*(?![\w\-])")


@pytest.fixture
def seen(releasing: World) -> Iterator[tuple[World, Browsers]]:
    yield releasing, Browsers(releasing)


def drawn(browsers: Browsers, name: str = "secretariat") -> str:
    return browsers.page(name, "/releases")


def outputs(browsers: Browsers, part: str) -> str:
    return next(o for o in browsers.app.callback_map if part in o)


def click(browsers: Browsers, name: str, step: str, release_id: str = "", note: str = "") -> tuple[int, str]:
    output = outputs(browsers, "releases-results")
    identity = {"type": "release", "step": step, "id": release_id}
    asked = {"type": "release-note", "id": release_id}
    names = [part.rpartition(".") for part in output.strip(".").split("...")]
    clicked = f"{json.dumps(identity, sort_keys=True, separators=(',', ':'))}.n_clicks"
    return browsers.post(
        name,
        {
            "output": output,
            "outputs": [{"id": one, "property": prop} for one, _dot, prop in names],
            "changedPropIds": [clicked],
            "inputs": [
                [{"id": identity, "property": "n_clicks", "value": 1}],
            ],
            "state": [
                [{"id": asked, "property": "value", "value": note}],
                [{"id": asked, "property": "id", "value": asked}],
            ],
        },
    )


def wait(world: World) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        now = release.progress(world.operator, world.house)
        if now is not None and not now.running:
            return now.release_id
        time.sleep(0.05)
    raise AssertionError("no end")


def states(world: World) -> dict[str, str]:
    return {row["release_id"]: row["state"] for row in released.listing(world.house)}


def test_from_a_draft_to_the_public_and_back(seen: tuple[World, Browsers]) -> None:
    world, browsers = seen
    assert "Prepare a draft" in drawn(browsers) and "37 files of" in drawn(browsers)
    status, text = click(browsers, "secretariat", "start")
    assert status == 200 and "The draft is being prepared" in text
    one = wait(world)
    text = drawn(browsers)
    for said in (
        "waits for your decision",
        "It was tried, and nobody could",
        "4. Your decision",
        "Yes, publish it now",
    ):
        assert said in text
    status, text = click(browsers, "secretariat", "publish", one, "There were 7")
    assert status == 200 and "no number but a year" in text and states(world)[one] == "drafted"
    status, text = click(browsers, "secretariat", "publish", one, "Figures of Q2 2026")
    assert status == 200 and "Everybody reads it now" in text and states(world)[one] == "published"
    file(world, "XAA-ONE", LAST, SEED_9=999)
    assert "Contacts of quarters that are public already: XAA-ONE office, Q2 2026" in drawn(browsers)
    two = release.draft(world.operator, world.house)
    text = drawn(browsers)
    assert "3. What changes against what is public now" in text and "Prepare a draft" not in text
    status, text = click(browsers, "secretariat", "drop", two)
    assert status == 200 and "It was never public" in text and states(world)[two] == "dropped"
    status, text = click(browsers, "secretariat", "withdraw", one, "")
    assert "Say why" in text and states(world)[one] == "published"
    status, text = click(browsers, "secretariat", "withdraw", one, "A mistake.")
    assert status == 200 and "Its note takes its place" in text and states(world)[one] == "withdrawn"
    assert click(browsers, "secretariat", "leap", one)[1].count("There is no such step") == 1


def test_what_could_not_be_done_stands_there_whatever_became_of_the_answer(seen: tuple[World, Browsers]) -> None:
    world, browsers = seen
    folder = release.publish(world.operator, world.house)
    assert "Look again" not in drawn(browsers)
    away = folder.rename(folder.with_name("away"))
    assert "is missing" in release.follow(world.house)
    assert "Look again" in drawn(browsers) and "Bring it back from a backup" in drawn(browsers)
    away.rename(folder)
    assert release.follow(world.house) == "" and "Look again" not in drawn(browsers)


def test_nobody_else_reads_or_takes_a_step(seen: tuple[World, Browsers]) -> None:
    world, browsers = seen
    one = release.draft(world.operator, world.house)
    before = states(world)
    for name in OTHERS:
        text = drawn(browsers, name)
        assert one not in text and "Your decision" not in text and "Prepare a draft" not in text
        for step in ("start", "publish", "drop", "withdraw"):
            status, text = click(browsers, name, step, one, "A mistake.")
            assert status in (400, 401, 403) and one not in text, (name, step)
        for path in ("", "index.html", "data/contacts.csv"):
            answer = browsers.client(name).get(f"/releases/{one}/preview/{path}")
            assert answer.status_code in (302, 401, 403), (name, path)
        for path in (f"/release/{one}/", f"/drafts/{one}/index.html", f"/drafts/{one}/data/contacts.csv"):
            assert browsers.client(name).get(path).status_code == 404, (name, path)
    assert states(world) == before
    navigation = browsers.client("member").get("/overview").text
    assert "/releases" not in navigation and "/releases" in browsers.client("secretariat").get("/overview").text


def test_a_draft_is_looked_at_as_everybody_will_see_it(seen: tuple[World, Browsers]) -> None:
    world, browsers = seen
    one = release.draft(world.operator, world.house)
    folder, client = world.house.settings.releases / "drafts" / one, browsers.client("secretariat")
    assert client.get(f"/releases/{one}/preview").headers["Location"].endswith(f"/releases/{one}/preview/")
    for path, name in (("", "index.html"), ("data/contacts.csv", "data/contacts.csv"), ("leave.js", "leave.js")):
        answer = client.get(f"/releases/{one}/preview/{path}")
        assert (answer.status_code, answer.data) == (200, (folder / name).read_bytes())
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("../x", "..%2f..%2fsecret", "nothing.html", "data", f"../{one}.sources.json"):
        assert client.get(f"/releases/{one}/preview/{path}").status_code == 404, path
    assert client.get("/releases/nothing/preview/").status_code == 404
    release.publish_draft(world.operator, world.house, one)
    assert client.get(f"/releases/{one}/preview/").status_code == 404, "it has another address now"


def test_every_count_on_the_page_is_a_cell(seen: tuple[World, Browsers]) -> None:
    """Also for somebody whose training would show her more: nothing here is what the record holds unprotected."""
    world, browsers = seen
    release.publish(world.operator, world.house)
    file(world, "XAA-ONE", LAST, SEED_9=999)
    one = release.draft(world.operator, world.house)
    cells = released.cells(world.house.settings.releases / "drafts" / one)
    said = {count for count, _status in cells.values() if count is not None}
    stood = released.release(world.house)
    assert stood
    said |= {count for count, _status in stood.cells.values() if count is not None}
    unsaid = {count for count in truth(world).values() if count > 100} - said
    assert len(unsaid) > 20, "there is enough that must not stand there"
    for name in ("secretariat", "trained secretariat"):
        numbers = {int(found.replace(",", "")) for found in NUMBER.findall(drawn(browsers, name))}
        assert not numbers & unsaid
        assert numbers & said


def test_the_newest_quarter_comes_first_and_a_year_without_a_total_says_so(world: World) -> None:
    whole = ("_T", "_T", "_T")
    quarters = [f"2025-Q{n}" for n in range(1, 5)] + ["2026-Q1", "2026-Q2"]
    said: dict[released.Key, released.Cell] = {("XAA", *whole, q): (40, Status.VALUE) for q in quarters}
    said |= {("XAA", *whole, "2025"): (160, Status.VALUE), ("XBA", *whole, "2026-Q2"): (41, Status.VALUE)}
    table = listing._totals(world.house, {"as_of_version": 1, "drafted_at": None}, said)
    titles = [column.title for column in table.columns]
    assert titles[1:] == ["Q2 2026", "Q1 2026", "Q4 2025", "Q3 2025", "Q2 2025", "2025"]
    assert list(table.statuses.loc["XBA"])[1:] == [Status.VALUE, *[Status.NOT_REPORTED] * 4, Status.NO_YEAR]
    said_of = dict((words, mark.words) for mark, words in releases._meanings(11))
    assert "no total" in said_of.values(), "and the key explains it"


def test_of_a_refused_draft_nothing_but_names(seen: tuple[World, Browsers], monkeypatch: pytest.MonkeyPatch) -> None:
    world, browsers = seen
    key = ("XAA", "social", "SEED-10", "_T", LAST)
    made = drafting.attacking.attack

    def narrowed(*arguments: Any, **named: Any) -> Any:
        report = made(*arguments, **named)
        return type(report)(hidden=report.hidden, narrowed=((key, ""), (key, "XAA-ONE")))

    monkeypatch.setattr(drafting.attacking, "attack", narrowed)
    one = release.draft(world.operator, world.house)
    text = drawn(browsers)
    assert "This draft cannot be published" in text and "Drop this draft" in text and "Yes, publish" not in text
    assert "Crisis centres, including safe shelter (Social services), Q2 2026: anybody could work it out." in text
    assert "XAA-ONE, which knows its own figures, could work it out." in text
    found = listing.releases(world.operator, world.house).draft
    assert found and found.totals is None and found.changes == ()
    assert browsers.client("secretariat").get(f"/releases/{one}/preview/").status_code == 404
    status, said = click(browsers, "secretariat", "publish", one)
    assert status == 200 and "would give somebody away" in said and states(world)[one] == "refused"


def test_a_draft_waits_on_the_overview_of_whoever_decides(seen: tuple[World, Browsers]) -> None:
    world, browsers = seen
    words = "Publish the draft of a release, or drop it"
    assert words not in browsers.page("secretariat", "/overview")
    release.draft(world.operator, world.house)
    assert words in browsers.page("secretariat", "/overview")
    assert words not in browsers.page("coordinator", "/overview")


def test_what_became_of_a_release_is_said_to_whoever_has_the_page_open() -> None:
    """From the record, whatever became of the answer to a click; figures that are published again are no news."""
    from pages.releases import _became

    def said(old: dict[str, str], new: dict[str, str]) -> str:
        return str(_became([1, False, 1, old], [2, False, 1, new]))

    assert "'Withdrawn'" in said({"a": "published", "b": "published"}, {"a": "withdrawn", "c": "published"})
    assert "'Published'" in said({"a": "drafted"}, {"a": "published"})
    assert "'Dropped'" in said({"a": "drafted"}, {}) and "'Dropped'" in said({"a": "refused"}, {})
    assert said({"a": "published"}, {"b": "published"}) == said({}, {"b": "published"}) == said({"a": "x"}, {"a": "x"})
    assert str(_became(None, [2, False, 1, {}])) == said({}, {})


def test_contacts_that_were_returned_are_not_said_to_have_not_come(releasing: World) -> None:
    viewer, house = releasing.viewer("secretariat"), releasing.house
    quarter = periods.last_ended(viewer.today)
    before = [said for said in listing._since(viewer, house, None) if quarter.label in said]
    assert len(before) == 1 and "have not come from: " in before[0]
    named = organisations.told_apart(house, ORGANISATIONS[0])
    rows = table(house, DATASET, rows_of(ORGANISATIONS[0], str(quarter)))
    sent = send(releasing, DATASET, ORGANISATIONS[0], str(quarter), rows, accept=False)
    submissions.send_back(releasing.viewer("trained secretariat"), house, sent, "Mend row 3.")
    missing, returned = (said for said in listing._since(viewer, house, None) if quarter.label in said)
    assert "have not come from: " in missing and named not in missing
    assert returned == f"Contacts for {quarter.label} were returned to be mended, to: {named}."
