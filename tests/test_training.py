"""A training on contact counts: how it is recorded, until when it opens, and what it lets somebody accept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from command_line import Line
from contacts_world import DATASET, HEALTH, Q1, Q2, counted
from dashboard.commands import COMMANDS
from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.people import accounts, roster
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused, Viewer
from dashboard.record.house import open_house
from dashboard.reference.table import Status
from dashboard.reports import contacts
from world import PEOPLE, Built, World, contact, copied, table, train

TODAY = datetime.now(UTC).date()


def viewer_on(world: World, name: str, day: date) -> Viewer:
    """The person as the record knows her, on a day."""
    account = roster.account(world.house, world.people[name])
    assert account
    return roster.viewer(world.house, account, day)


def opened(world: World, name: str, day: date) -> bool:
    """Whether she reads her organisation's contacts on that day; if not, there is no number in the answer."""
    found = contacts.totals(viewer_on(world, name, day), world.house, country="XAA")
    seen = {status for _value, status in found.values()}
    if seen == {Status.NOT_RELEASED}:
        assert {value for value, _status in found.values()} == {None}
        return False
    assert found == {Q1: (40, Status.VALUE), Q2: (69, Status.VALUE)}
    return True


# --- from when, until when ---


@pytest.mark.parametrize(
    ("completed", "last"),
    [
        (date(2026, 5, 1), date(2027, 5, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_last_day_counts_and_the_next_does_not(counting: World, completed: date, last: date) -> None:
    train(counting, "agency", completed)
    assert opened(counting, "agency", last)
    assert not opened(counting, "agency", last + timedelta(days=1))
    assert not opened(counting, "expired agency", TODAY), "hers ended a month ago"


def test_the_newest_training_counts(counting: World) -> None:
    train(counting, "agency", date(2024, 3, 1))
    newest = train(counting, "agency", date(2025, 12, 1))
    train(counting, "agency", date(2025, 3, 1))
    assert opened(counting, "agency", date(2026, 12, 1)) and not opened(counting, "agency", date(2026, 12, 2))
    accounts.revoke_training(counting.operator, counting.house, newest)
    assert opened(counting, "agency", date(2026, 3, 1)) and not opened(counting, "agency", date(2026, 3, 2))


def test_taken_back_it_opens_nothing(counting: World) -> None:
    found = train(counting, "agency")
    assert opened(counting, "agency", TODAY)
    accounts.revoke_training(counting.operator, counting.house, found)
    assert not opened(counting, "agency", TODAY)


@pytest.mark.parametrize("missing", ["completed_on", "undertaking_on"])
def test_without_its_undertaking_it_opens_nothing(counting: World, missing: str) -> None:
    """However it came into the record, as from another system: both days are needed."""
    row = {"training_id": "t", "account_id": counting.people["agency"], "completed_on": TODAY, "undertaking_on": TODAY}
    with counting.house.store.write("people", by="operator") as write:
        write.add("training", row | {missing: None})
    assert not opened(counting, "agency", TODAY)


def test_a_day_to_come_is_not_recorded(counting: World) -> None:
    for days in ((1, 0), (0, 1)):
        with pytest.raises(NotPossible, match="have passed"):
            accounts.record_training(
                counting.operator, counting.house, counting.people["agency"],
                completed_on=TODAY + timedelta(days=days[0]), undertaking_on=TODAY + timedelta(days=days[1]),
            )  # fmt: skip
    assert not opened(counting, "agency", TODAY)


def test_a_training_opens_no_more_than_the_role_reaches(counting: World) -> None:
    """A member's is her organisation, an enforcement body's its own, and no role, no contacts."""
    for name in ("member", "enforcement", "secretariat"):
        train(counting, name)
    house = counting.house
    assert opened(counting, "member", TODAY)
    everywhere = contacts.totals(counting.viewer("secretariat"), house, country="")
    assert everywhere == {Q1: (45, Status.VALUE), Q2: (85, Status.VALUE)}
    assert contacts.totals(counting.viewer("enforcement"), house, country="XAA") == {}
    assert contacts.totals(counting.viewer("enforcement"), house, country="XBA") == {Q2: (16, Status.VALUE)}
    without = replace(counting.viewer("secretariat"), grants=())
    with pytest.raises(Refused):
        contacts.totals(without, house, country="")


# --- accepting ---


def waiting(world: World, count: int = 12) -> str:
    return counted(world, HEALTH, "2026-Q3", [contact(HEALTH, "health", count)], accept=False)


def test_who_accepts_contacts(counting: World) -> None:
    """A reviewer of the place, trained, on a day on which that holds; nobody else, and an agency never."""
    found = waiting(counting)
    refused = ["anonymous", *PEOPLE, "trained agency", "trained enforcement", "expired agency"]
    for viewer in [counting.operator, *map(counting.viewer, refused)]:
        with pytest.raises(Refused):
            submissions.accept(viewer, counting.house, found)
    reviewer = counting.viewer("trained coordinator")
    until = reviewer.training_until
    assert until
    with pytest.raises(Refused, match="counts contacts of survivors.*training"):
        submissions.accept(replace(reviewer, today=until + timedelta(days=1)), counting.house, found)
    submissions.accept(replace(reviewer, today=until), counting.house, found)
    assert contacts.totals(reviewer, counting.house, country="XAA")["2026-Q3"] == (12, Status.VALUE)


def test_sending_returning_and_taking_back_need_no_training(counting: World) -> None:
    """Agencies send counts that they hold anyway; what is wrong can be returned by any reviewer."""
    agency, coordinator, house = counting.viewer("agency"), counting.viewer("coordinator"), counting.house
    data = table(house, DATASET, [contact(HEALTH, "health", 12)])
    found = submissions.stage(
        agency, house, data, dataset=DATASET, organisation_code=HEALTH, period="2026-Q3"
    ).submission_id
    submissions.submit(agency, house, found)
    submissions.send_back(coordinator, house, found, "Please look at the row of health again.")
    submissions.withdraw(agency, house, found, "sent by mistake")


# --- the command ---


def test_the_command_records_and_says_until_when(counting: World) -> None:
    answer = COMMANDS["train"](
        counting.operator,
        counting.house,
        {"email": "Agency@example.org ", "completed": "2026-05-01", "undertaking": "2026-05-02"},
    )
    assert answer == {"people": [{"name": "Agency", "email": "agency@example.org", "until": "2027-05-01"}]}
    assert opened(counting, "agency", date(2027, 5, 1))
    listed = COMMANDS["train"](counting.operator, counting.house, {})["people"]
    assert {p["email"] for p in listed} == {
        "agency@example.org", "trained.agency@example.org", "trained.coordinator@example.org",
        "trained.enforcement@example.org", "trained.secretariat@example.org", "expired.agency@example.org",
    }  # fmt: skip
    log = counting.house.store.read("select action, subject from audit order by seq desc limit 1")
    assert log == [{"action": "training recorded", "subject": counting.people["agency"]}]


def test_only_who_manages_people_records_or_lists(counting: World) -> None:
    for name in ("anonymous", "member", "agency", "coordinator", "enforcement", "trained coordinator"):
        for payload in ({}, {"email": "agency@example.org", "completed": "2026-05-01", "undertaking": "2026-05-01"}):
            with pytest.raises(Refused):
                COMMANDS["train"](counting.viewer(name), counting.house, payload)
    assert not opened(counting, "agency", TODAY)


def test_train_on_the_command_line(on_world: Line) -> None:
    days = ("--completed", "2026-05-01", "--undertaking", "2026-05-02")
    code, out, _err = on_world("train", "agency@example.org", *days)
    assert (code, out) == (0, "trained: agency@example.org (Agency), last valid day 2027-05-01\n")
    assert on_world("train", "coordinator@example.org", "--completed", "2020-05-01", "--undertaking", "2020-05-01")[
        1
    ] == ("out of date: coordinator@example.org (Coordinator), last valid day 2021-05-01\n")
    code, out, _err = on_world("train", "--list")
    assert code == 0 and len(out.splitlines()) == 2
    for arguments, words in (
        (("nobody@example.org", *days), "No open account"),
        (("agency@example.org", "--completed", "spring", "--undertaking", "2026-05-02"), "Write it as 2026-05-01"),
        (("agency@example.org", "--completed", "2199-01-01", "--undertaking", "2026-05-02"), "have passed"),
        (("agency@example.org", "--completed", "2026-05-01"), "both days"),
        ((), "both days"),
    ):
        code, out, err = on_world("train", *arguments)
        assert (code, out) == (1, "") and words in err and err.startswith("dashboard: ") and err.count("\n") == 1


def test_accept_at_the_command_line_leaves_contacts_to_a_reviewer(
    built_contacts: Built, line: Line, tmp_path: Path
) -> None:
    """Submitted and waiting, exit code 1, and a sentence that says who goes on; coverage is accepted as ever."""
    copied(built_contacts.folder, line.data)
    house = open_house(Settings(data=line.data, min_free_bytes=0))
    path = tmp_path / "contacts.csv"
    path.write_bytes(table(house, DATASET, [contact(HEALTH, "health", 7919)]))
    house.close()
    arguments = ("submit", str(path), "--dataset", DATASET, "--organisation", HEALTH, "--period", "2026-Q3", "--accept")
    for _again in range(2):
        code, out, err = line(*arguments)
        assert code == 1 and "submitted: submission " in out and "7919" not in out + err
        assert err.startswith("dashboard: Not accepted: ") and "valid training" in err and err.count("\n") == 1
    code, out, err = line(*arguments[:-1])
    assert code == 0 and "submitted: " in out and err == "", "nobody asked to accept it"
    house = open_house(Settings(data=line.data, min_free_bytes=0))
    world = World(house, dict(built_contacts.people))
    found = house.store.read(
        "select submission_id from submission_now where period = '2026-Q3' and dataset = $d", d=DATASET
    )
    submissions.accept(world.viewer("trained coordinator"), house, found[0]["submission_id"])
    house.close()
    code, out, err = line(*arguments)
    assert code == 0 and "accepted: " in out and err == "", "it counts already"


def test_every_step_says_the_same_before_and_at_the_click(counting: World) -> None:
    """What a page offers is what the door does: for each person, on a file of contacts and on one without."""
    from dashboard.reports import submissions as sent

    for found, holds in ((waiting(counting), True), (counting.sent["Q3 XAA-HEALTH"], False)):
        for name in ("agency", "coordinator", "trained coordinator", "secretariat", "trained secretariat"):
            viewer = counting.viewer(name)
            detail = sent.detail(viewer, counting.house, found)
            offered = "accept" in detail.may
            reviews = PEOPLE.get(name, ("coordinator",))[0] in ("coordinator", "secretariat")
            assert offered == (reviews and (not holds or name.startswith("trained"))), (name, found)
            assert bool(detail.cannot_accept) == (reviews and not offered)
            assert detail.counted == holds and bool(detail.withheld) == (holds and not name.startswith("trained"))
            if not offered:
                with pytest.raises(Refused) as told:
                    submissions.accept(viewer, counting.house, found)
                assert not reviews or told.value.reason == detail.cannot_accept


STEPS: list[Callable[[World, str, str], None]] = [
    lambda w, found, said: submissions.send_back(w.viewer("trained coordinator"), w.house, found, said),
    lambda w, found, said: submissions.withdraw(w.viewer("trained agency"), w.house, found, said),
]


@pytest.mark.parametrize("step", STEPS, ids=["return", "withdraw"])
def test_a_comment_quotes_no_count(counting: World, step: Callable[[World, str, str], None]) -> None:
    """Comments are read by people without a training; a row's number is no count."""
    found = counted(
        counting, HEALTH, "2026-Q3", [contact(HEALTH, "health", 7919), contact(HEALTH, "social", 3)], accept=False
    )
    for said in ("7919 is too many", "Is 7,919 right?", "7 919!", "there are 7.919 of them", "7'919"):
        with pytest.raises(submissions.NotPossible, match="quotes a count"):
            step(counting, found, said)
    step(counting, found, "Row 3, column contacts: please look at it again, as in 2026; not 79190 or 17919.")


def test_whoever_may_not_see_the_counts_learns_nothing_from_a_refused_comment(counting: World) -> None:
    found = waiting(counting, 7919)
    submissions.send_back(counting.viewer("coordinator"), counting.house, found, "is it 7918, 7919 or 7920?")
