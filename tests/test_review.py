"""Several files reviewed in one go: what the list says of each, and that each passes its door by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from contacts_world import DATASET, HEALTH, Q2, contact, counted
from dashboard.factory import create_app
from dashboard.intake import remarks, reviewing, submissions
from dashboard.intake.reviewing import Choice
from dashboard.intake.submissions import NotPossible
from dashboard.protection.policy import Refused
from dashboard.reports import preview as difference
from dashboard.reports import review
from dashboard.reports import submissions as sent
from submission_world import POLICE, csv_of, stage, staged, state, steps
from world import World, send

Q1, WAITS = "2026-Q1", "Q3 XAA-HEALTH"


def waiting(world: World, *codes: str, period: str = Q1) -> str:
    found = staged(world, *(codes or ("SEED-1",)), period=period)
    submissions.submit(world.operator, world.house, found)
    return found


def choices(world: World, name: str) -> list[Choice]:
    """All that waits for somebody, as she saw it."""
    return [
        Choice(one.row["submission_id"], one.row["state_version"], one.newer)
        for one in review.queue(world.viewer(name), world.house).files
    ]


# --- the list ---


def test_each_file_in_one_line(world: World) -> None:
    first = waiting(world, "SEED-1")
    again = waiting(world, "SEED-1", "SEED-2", period="2025-Q4")
    submissions.send_back(world.operator, world.house, again, "Please mend row 2.")
    stage(world, csv_of(world, HEALTH, "SEED-1", "SEED-2"), period="2025-Q4")
    submissions.submit(world.operator, world.house, again)
    found = review.queue(world.viewer("coordinator"), world.house)
    assert [one.row["submission_id"] for one in found.files] == [world.sent[WAITS], first, again], "the oldest first"
    assert found.total == 3 and [one.first for one in found.files] == [True, True, False]
    changes = [(p.against, p.added, p.changed, p.removed, p.rows) for p in (one.preview for one in found.files)]
    assert changes == [("2026-Q2", 1, 1, 0, ()), ("", 1, 0, 0, ()), ("", 2, 0, 0, ())]
    today = datetime.now(UTC).date()
    due = ("2026-10-30", "2026-04-30", "2026-01-30")
    assert [one.late for one in found.files] == [today.isoformat() > day for day in due]
    assert all(one.cannot == "" and one.newer == "" for one in found.files)


def test_what_waits_for_whom(world: World) -> None:
    police = stage(world, csv_of(world, POLICE, "SEED-1"), POLICE, Q1).submission_id
    submissions.submit(world.operator, world.house, police)
    mine = {"coordinator": [world.sent[WAITS]], "foreign coordinator": [police], "agency": [], "member": []}
    for name, expected in {**mine, "secretariat": [world.sent[WAITS], police], "enforcement": []}.items():
        found = review.queue(world.viewer(name), world.house)
        assert [one.row["submission_id"] for one in found.files] == expected, name
        assert review.reviews(world.viewer(name)) is (name in ("coordinator", "foreign coordinator", "secretariat"))
    with pytest.raises(Refused):
        review.queue(world.viewer("anonymous"), world.house)


def test_a_preview_is_made_once_for_a_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = difference.preview

    def counting(viewer, house, row, most=None):  # type: ignore[no-untyped-def]
        made.append(row["submission_id"])
        return real(viewer, house, row, most)

    monkeypatch.setattr(review, "preview", counting)
    one, coordinator = waiting(world), world.viewer("coordinator")
    first = review.queue(coordinator, world.house)
    assert review.queue(coordinator, world.house) == first and sorted(made) == sorted([world.sent[WAITS], one])
    remarks.remark(coordinator, world.house, one, None, "", "Look again, please.")
    review.queue(coordinator, world.house)
    assert len(made) == 2, "a comment changes no figure"
    send(world, "service_coverage", HEALTH, Q1, csv_of(world, HEALTH, "SEED-2"))
    found = review.queue(coordinator, world.house).files
    assert len(made) == 4 and found[1].preview.removed == 1 and found[1].newer and not found[1].clean


def test_at_most_fifty_and_the_rest_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(world)
    monkeypatch.setattr(review, "MOST", 1)
    found = review.queue(world.viewer("coordinator"), world.house)
    assert (len(found.files), found.total, len(found.known)) == (1, 2, 2)


# --- several at once ---


def test_each_passes_its_door_by_itself(world: World) -> None:
    """One was taken back, one was corrected, one moved since: the others are accepted all the same."""
    coordinator, house = world.viewer("coordinator"), world.house
    gone, old, moved = waiting(world), waiting(world, period="2025-Q4"), waiting(world, period="2025-Q3")
    chosen = choices(world, "coordinator")
    submissions.withdraw(world.viewer("agency"), house, gone, "Sent too early.")
    send(world, "service_coverage", HEALTH, "2025-Q4", csv_of(world, HEALTH, "SEED-2"))
    submissions.withdraw(world.viewer("agency"), house, moved, "Sent too early.")
    submissions.restore(world.viewer("agency"), house, moved, "")
    submissions.submit(world.viewer("agency"), house, moved)
    done = {one.submission_id: one.why for one in reviewing.accept(coordinator, house, chosen)}
    assert done[world.sent[WAITS]] == "" and state(world, world.sent[WAITS]) == "accepted"
    assert "“Withdrawn”" in done[gone] and "Nothing was merged" in done[old] and "another step" in done[moved]
    assert (state(world, old), state(world, moved)) == ("submitted", "submitted")
    again = {one.submission_id: one.why for one in reviewing.accept(coordinator, house, choices(world, "coordinator"))}
    assert again == {old: "", moved: ""}, "now she saw the newer file, and the step"


def test_returned_with_one_comment(world: World) -> None:
    one, coordinator = waiting(world), world.viewer("coordinator")
    chosen = choices(world, "coordinator")
    assert all("500 characters" in done.why for done in reviewing.send_back(coordinator, world.house, chosen, ""))
    assert [done.why for done in reviewing.send_back(coordinator, world.house, chosen, "Which districts?")] == ["", ""]
    assert submissions.find(coordinator, world.house, one)["comment"] == "Which districts?"


def test_nothing_chosen_and_too_much(world: World) -> None:
    with pytest.raises(NotPossible, match="No file was chosen"):
        reviewing.accept(world.operator, world.house, [])
    with pytest.raises(NotPossible, match="up to 50"):
        reviewing.accept(world.operator, world.house, [Choice(str(n), n) for n in range(51)])
    again = choices(world, "coordinator") * 2
    assert len(reviewing.accept(world.operator, world.house, again)) == 1, "chosen twice is chosen once"


def test_who_may_not_review_gets_none_accepted(world: World) -> None:
    chosen = choices(world, "coordinator")
    for name in ("agency", "member", "foreign coordinator", "enforcement"):
        (done,) = reviewing.accept(world.viewer(name), world.house, chosen)
        assert done.why and state(world, world.sent[WAITS]) == "submitted", name


def test_the_untrained_is_told_before_and_accepts_the_others(counting: World) -> None:
    held = counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 500)], accept=False)
    files = review.queue(counting.viewer("coordinator"), counting.house).files
    told = {one.row["submission_id"]: one for one in files}
    assert "counts contacts" in told[held].cannot and not told[held].clean and told[held].preview.withheld == 1
    assert told[counting.sent[WAITS]].clean
    chosen = choices(counting, "coordinator")
    done = {d.submission_id: d.why for d in reviewing.accept(counting.viewer("coordinator"), counting.house, chosen)}
    assert done[counting.sent[WAITS]] == "" and "counts contacts" in done[held]
    trained = review.queue(counting.viewer("trained coordinator"), counting.house).files
    assert [one.cannot for one in trained] == [""] and trained[0].preview.removed == 4


def test_a_guess_that_waits_reads_like_a_wrong_one(counting: World) -> None:
    """Also on this list nothing tells an untrained reviewer whether the figures are the accepted ones."""
    from contacts_world import FILES

    right = FILES[(HEALTH, Q2)]
    lines = []
    for rows in (right, [row | {"contacts": str(int(row["contacts"]) + 1)} for row in right]):
        data = _table(counting, rows)
        guess = submissions.stage(
            counting.viewer("coordinator"), counting.house, data, dataset=DATASET, organisation_code=HEALTH, period=Q2
        ).submission_id
        submissions.submit(counting.viewer("coordinator"), counting.house, guess)
        files = review.queue(counting.viewer("coordinator"), counting.house).files
        one = next(one for one in files if one.row["submission_id"] == guess)
        lines.append((one.preview, one.warnings, one.cannot, one.clean, one.newer))
        submissions.withdraw(counting.viewer("coordinator"), counting.house, guess, "Only a guess.")
    assert lines[0] == lines[1]


def _table(world: World, rows: list[dict[str, str]]) -> bytes:
    from world import table

    return table(world.house, DATASET, rows)


# --- what an agency does next ---


def test_her_own_drafts_stand_first_with_what_to_do(world: World) -> None:
    agency, house = world.viewer("agency"), world.house
    back, draft = waiting(world, "SEED-1", "SEED-2"), staged(world, period="2025-Q4")
    remarks.remark(world.viewer("coordinator"), house, back, 3, "", "Closed in June?")
    submissions.send_back(world.viewer("coordinator"), house, back, "")
    rows = sent.listing(agency, house)
    assert {row["submission_id"] for row in rows[:2]} == {back, draft} and [row["own"] for row in rows].count(True) == 2
    said = {row["submission_id"]: sent.next_step(agency, house, row) for row in rows}
    assert said[back] == "Returned: mend row 3, send it again." and said[draft].startswith("Submit it")
    assert {words for found, words in said.items() if found not in (back, draft)} == {""}
    member = sent.listing(world.viewer("member"), house)
    assert {sent.next_step(world.viewer("member"), house, row) for row in member} == {""}
    waiting(world, "SEED-3")
    later = {row["submission_id"]: row["own"] for row in sent.listing(agency, house)}
    assert later[back] is False, "a later file took its place"


# --- over the web ---


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    house = replace(world.house, settings=replace(world.house.settings, demo=True))
    app = create_app(house.settings, {name: world.email(name) for name in ("coordinator", "agency")}, house=house)
    yield app.server.test_client()


def post(client: FlaskClient, name: str, **form: object) -> tuple[int, str]:
    client.get(f"/demo-sign-in/{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    client.get("/dictionary")
    cookie = client.get_cookie("_csrf_token")
    assert cookie
    answer = client.post("/submissions/review", data={"csrf_token": cookie.value, **form})
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


def test_over_the_web(world: World, client: FlaskClient) -> None:
    found = waiting(world)
    chosen = [f"{c.submission_id}:{c.seen}:{c.knowing}" for c in choices(world, "coordinator")]
    assert post(client, "agency", step="accept", file=chosen)[0] == 403
    post(client, "coordinator", step="accept")
    assert client.post("/submissions/review", data={"step": "accept", "file": chosen}).status_code == 400, "no token"
    for sent_wrongly in (["x"], [f"{found}:"], [f"{found}:²:"], [f"{found}:{'9' * 19}:"], []):
        status, text = post(client, "coordinator", step="accept", file=sent_wrongly)
        assert status == 409 and "<h1" in text
    assert post(client, "coordinator", step="expunge", file=chosen)[0] == 409
    assert steps(world, found) == ["staged", "submitted"]
    submissions.withdraw(world.viewer("agency"), world.house, found, "Sent too early.")
    status, text = post(client, "coordinator", step="accept", file=chosen)
    assert status == 200 and "1 of 2 files were accepted" in text and "Not accepted." in text
    assert "XAA-HEALTH office, Q1 2026" in text
    status, text = post(client, "coordinator", step="accept", file=["another:1:"])
    assert status == 200 and "A file that is not yours to see" in text
