"""A guess that is right and a guess that is wrong are answered alike: so nobody without a training finds a count."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from flask_login import login_user
from plotly.utils import PlotlyJSONEncoder

import contacts_world
from contacts_world import COORD, DATASET, FILES, HEALTH, Q2
from dashboard.factory import create_app
from dashboard.intake import submissions
from dashboard.reports import submissions as sent
from indicator_world import goal
from test_counts import COUNTED, OTHER, _Seen, figure
from world import World, send, table

TRUTH = FILES[(HEALTH, Q2)]
GUESSERS = ("agency", "coordinator", "expired agency", "secretariat")


@pytest.fixture
def counting(world: World) -> World:
    contacts_world.fill(world)
    return world


def guessed(world: World, name: str, rows: list[dict[str, str]], dataset: str = DATASET) -> submissions.Received:
    data = table(world.house, dataset, rows)
    return submissions.stage(
        world.viewer(name), world.house, data, dataset=dataset, organisation_code=HEALTH, period=Q2
    )


def page(world: World, name: str, submission_id: str) -> str:
    """All that is known of a submission, without what differs between any two: ids, moments, hash and size."""
    detail = sent.detail(world.viewer(name), world.house, submission_id)
    said = json.dumps([detail.preview, detail.notes, sorted(detail.may), detail.withheld], default=vars)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", said)


@pytest.mark.parametrize("name", GUESSERS)
def test_a_right_guess_reads_like_a_wrong_one(counting: World, name: str) -> None:
    wrong = [row | {"contacts": str(int(row["contacts"]) + 1)} for row in TRUTH]
    part = [TRUTH[0], *wrong[1:]]
    pages = {}
    for what, rows in (("right", TRUTH), ("part", part), ("wrong", wrong)):
        received = guessed(counting, name, rows)
        assert received.submission_id and received.notes == ()
        pages[what] = page(counting, name, received.submission_id)
    assert pages["right"] == pages["part"] == pages["wrong"]
    assert "health" not in pages["right"] and "hotline" not in pages["right"], "not even which combinations are there"


@pytest.mark.parametrize("name", ["agency", "coordinator"])
def test_a_guess_of_referrals_reads_like_any_other(counting: World, name: str) -> None:
    """A dataset of contacts that no door knows by its name; its own warning is about the guess alone."""
    path = {
        "country": "XAA", "organisation_code": HEALTH, "from_sector": "health", "to_sector": "social",
        "referral_type": "arranged", "agreement": "yes", "migrant_organisation": "no",
    }  # fmt: skip
    true = [path | {"referrals": "40", "accepted": "31"}, path | {"to_sector": "civil_society", "referrals": "7"}]
    send(counting, "referrals", HEALTH, Q2, table(counting.house, "referrals", true), by="trained secretariat")
    pages = set()
    for rows in (true, [true[0] | {"referrals": "41"}, true[1]], [true[0] | {"accepted": "30"}, true[1]]):
        received = guessed(counting, name, rows, "referrals")
        assert received.submission_id and received.notes == () and received.warnings == ()
        pages.add(page(counting, name, received.submission_id))
    assert len(pages) == 1 and "40" not in pages.pop()


def test_the_trained_see_what_changes_and_that_bytes_are_here(counting: World) -> None:
    received = guessed(counting, "trained agency", TRUTH)
    assert received.submission_id == counting.sent[f"contacts {HEALTH} {Q2}"] and "same bytes" in received.notes[0]
    changed = guessed(counting, "trained agency", [TRUTH[0] | {"contacts": "25"}, *TRUTH[1:]])
    preview = sent.detail(counting.viewer("trained agency"), counting.house, changed.submission_id).preview
    assert preview and (preview.changed, preview.unchanged) == (1, 3)
    assert preview.rows[0].cells == (("Contacts", "24", "25"),)


def test_one_who_sent_it_hears_that_it_is_here(counting: World) -> None:
    """Her own file she knows, so the same bytes of hers are one submission, as ever."""
    rows = [row | {"contacts": "901"} for row in TRUTH]
    first = guessed(counting, "agency", rows)
    again = guessed(counting, "agency", rows)
    assert again.submission_id == first.submission_id and again.notes


def test_bytes_that_two_sent_stay_for_the_other(counting: World) -> None:
    """A guess that lapses or is expunged takes nothing from the accepted file of the same bytes."""
    received = guessed(counting, "agency", TRUTH)
    kept = counting.sent[f"contacts {HEALTH} {Q2}"]
    assert received.submission_id != kept
    submissions.expunge(counting.operator, counting.house, received.submission_id, "A guess that nobody asked for.")
    row = submissions.find(counting.operator, counting.house, kept)
    assert counting.house.files.parquet(row["sha256"], row["contract_hash"]).is_file()
    assert sent.detail(counting.viewer("trained secretariat"), counting.house, kept).preview


# --- through the page and the door, and for figures of indicators ---


ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
SENT = {
    DATASET: (HEALTH, [TRUTH[0], TRUTH[1] | {"contacts": "38"}, *TRUTH[2:]], TRUTH),
    "indicator_values": (HEALTH, *([figure(OTHER, 5), figure(COUNTED, n)] for n in (813, 812))),
    "milestones": (
        COORD,
        *([goal(COORD, OTHER, "target", "2027-Q4", 80), goal(COORD, COUNTED, "baseline", "2024-Q4", n)]
          for n in (813, 812)),
    ),
}  # fmt: skip
"""By dataset: whose file, a wrong guess, and what is accepted."""
CASES = [
    (name, dataset)
    for name in ("agency", "coordinator")
    for dataset in SENT
    if (name, dataset) != ("agency", "milestones")
]


def accepted(world: World, dataset: str) -> str:
    organisation, _wrong, right = SENT[dataset]
    if dataset == DATASET:
        return world.sent[f"contacts {HEALTH} {Q2}"]
    return send(world, dataset, organisation, Q2, table(world.house, dataset, right), by="trained secretariat")


def alike(said: str) -> str:
    """What was answered without what differs between any two files: ids, moments, versions and hashes.

    The key of a part is a hash of its text, a moment and all; the text itself stands beside it and is compared.
    """
    said = re.sub(r"\b[0-9a-f]{64}\b|\d{1,2} \w+ 20\d\d, \d\d:\d\d(:\d\d)?", "", ID.sub("id", said))
    said = re.sub(r'"key": ?"[0-9a-f]{16}"', "", said)
    return re.sub(r'("data": \[)\d+', r"\1", said)


def browser(world: World, name: str) -> FlaskClient:
    """Somebody's browser, signed in."""
    demo = replace(world.house, settings=replace(world.house.settings, demo=True))
    client: FlaskClient = create_app(demo.settings, {"token": world.email(name)}, house=demo).server.test_client()
    client.get("/demo-sign-in/token", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    client.get("/dictionary")
    return client


def posted(world: World, client: FlaskClient, dataset: str, rows: list[dict[str, str]], accept: str) -> tuple[str, str]:
    """The whole answer of POST /submissions, and the id of the submission in it."""
    cookie = client.get_cookie("_csrf_token")
    assert cookie
    answer = client.post(
        "/submissions",
        data={
            "dataset": dataset, "organisation": SENT[dataset][0], "period": Q2, "csrf_token": cookie.value,
            "file": (io.BytesIO(table(world.house, dataset, rows)), "file.csv"),
        },
        headers={"Accept": accept, "X-CSRFToken": cookie.value},
    )  # fmt: skip
    said = f"{answer.status_code} {answer.headers.get('Location')} {answer.text}"
    found = ID.search(said)
    assert found, said
    return said, found.group()


def drawn(world: World, client: FlaskClient, name: str, submission_id: str) -> str:
    """The page of a submission as it goes to the browser."""
    from pages import submission

    with client.application.test_request_context():
        login_user(_Seen(world.viewer(name)))
        return json.dumps(submission.results(submission_id), cls=PlotlyJSONEncoder)


@pytest.mark.parametrize(("name", "dataset"), CASES)
def test_a_guess_is_answered_alike_at_the_door_and_on_its_page(counting: World, name: str, dataset: str) -> None:
    kept, client = accepted(counting, dataset), browser(counting, name)
    answers, pages, found = [], [], set()
    for rows in SENT[dataset][1:]:
        answer, one = posted(counting, client, dataset, rows, "application/json")
        again, same = posted(counting, client, dataset, rows, "text/html")
        assert one == same, "her own file"
        answers.append((alike(answer), alike(again)))
        pages.append((page(counting, name, one), alike(drawn(counting, client, name, one))))
        found.add(one)
    assert answers[0] == answers[1] and pages[0] == pages[1]
    assert len(found - {kept}) == 2 and "here already" not in answers[1][0]
    assert "every row is as it was" not in pages[1][1], "that would be said of rows that she may not see"


@pytest.mark.parametrize(("name", "dataset"), CASES)
def test_the_trained_are_told_the_difference(counting: World, name: str, dataset: str) -> None:
    accepted(counting, dataset)
    name = f"trained {name}"
    client = browser(counting, name)
    wrong, one = posted(counting, client, dataset, SENT[dataset][1], "application/json")
    right, _two = posted(counting, client, dataset, SENT[dataset][2], "application/json")
    assert "here already" in right and "here already" not in wrong
    changed = drawn(counting, client, name, one)
    assert "1 changed" in changed and "not released yet" not in changed
    preview = sent.detail(counting.viewer(name), counting.house, one).preview
    assert preview and preview.changed == 1


# --- two submissions of the same bytes ---


def state(world: World, submission_id: str) -> str:
    return str(submissions.find(world.operator, world.house, submission_id)["state"])


def test_the_true_file_moves_no_guess_of_somebody_else(counting: World) -> None:
    """Else a guesser would see which of her files is handed in, or comes back, when the true one is sent."""
    rows = [row | {"contacts": "901"} for row in TRUTH]
    staged, gone = (guessed(counting, "agency", each).submission_id for each in (rows, rows[:2]))
    submissions.withdraw(counting.viewer("agency"), counting.house, gone, "Only a guess.")
    for guess, each in ((staged, rows), (gone, rows[:2])):
        before = page(counting, "agency", guess)
        true = guessed(counting, "trained agency", each)
        assert true.submission_id != guess and true.notes == ()
        submissions.submit(counting.viewer("trained agency"), counting.house, true.submission_id)
        assert page(counting, "agency", guess) == before
        again = guessed(counting, "trained coordinator", each)
        assert again.submission_id == true.submission_id and "waiting for review" in again.notes[0]
    assert (state(counting, staged), state(counting, gone)) == ("staged", "withdrawn")


def test_the_one_that_counts_is_found_among_many(counting: World) -> None:
    """Whatever was staged since: who may know it hears that these bytes are accepted."""
    for name in ("agency", "coordinator", "secretariat"):
        guessed(counting, name, TRUTH)
    found = guessed(counting, "trained coordinator", TRUTH)
    assert found.submission_id == counting.sent[f"contacts {HEALTH} {Q2}"] and "(accepted)" in found.notes[0]


def test_a_guess_that_lapses_takes_nothing_from_the_file_that_counts(counting: World) -> None:
    kept, later = counting.sent[f"contacts {HEALTH} {Q2}"], datetime.now(UTC) + timedelta(days=400)
    guess, other = (guessed(counting, "agency", rows).submission_id for rows in (TRUTH, TRUTH[:1]))
    submissions.sweep(counting.operator, counting.house, now=later)
    assert state(counting, guess) == state(counting, other) == "lapsed"
    row, gone = (submissions.find(counting.operator, counting.house, one) for one in (kept, other))
    files = counting.house.files
    assert files.bytes(row["sha256"]) and files.parquet(row["sha256"], row["contract_hash"]).is_file()
    assert not files.has(gone["sha256"])
    assert page(counting, "agency", guess) == page(counting, "agency", other)


def test_a_guess_that_was_returned_long_ago_has_no_rows_any_more(counting: World) -> None:
    """The bytes of a wrong one go with the sweep, those of a right one stay for the accepted file: both read alike."""
    wrong = [row | {"contacts": str(int(row["contacts"]) + 1)} for row in TRUTH]
    guesses = [guessed(counting, "agency", rows).submission_id for rows in (TRUTH, wrong)]
    for guess in guesses:
        submissions.submit(counting.viewer("agency"), counting.house, guess)
        submissions.send_back(counting.viewer("coordinator"), counting.house, guess, "Please look again.")
    pages = [page(counting, "agency", guess) for guess in guesses]
    assert pages[0] == pages[1] and "no longer here" not in pages[0]
    counting.house = replace(counting.house, settings=replace(counting.house.settings, staged_days=0))
    submissions.sweep(counting.operator, counting.house)
    rows = [submissions.find(counting.operator, counting.house, guess) for guess in guesses]
    assert [counting.house.files.has(row["sha256"]) for row in rows] == [True, False]
    pages = [page(counting, "agency", guess) for guess in guesses]
    assert pages[0] == pages[1] and "no longer here" in pages[0]
