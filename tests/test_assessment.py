"""The self-assessment: what is answered and what is not, between years, and an answer from the page as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from action_desk import Desk
from coverage_world import TODAY, dated, rich_world
from dashboard.intake import answering
from dashboard.intake.versions import NewerVersion
from dashboard.protection.policy import Refused, Viewer
from dashboard.reports import assessment
from dashboard.web import marks
from web_world import hidden_token
from world import World, send, table


def row(item: str, answer: str, year: int = 2026, **more: Any) -> dict[str, Any]:
    return {
        "country": "XAA",
        "year": year,
        "item": item,
        "organisation_code": "XAA-COORD",
        "answer": answer,
        "evidence": "Report of the committee" if answer in ("yes", "partly") else "",
        "owner": "",
        "answered_on": f"{year}-06-30",
        "next_step": "Ask the ministry" if answer in ("no", "not_known") else "",
        "due_on": "",
        **more,
    }


@pytest.fixture
def asked(tmp_path: Any) -> Iterator[World]:
    made = rich_world(tmp_path / "data")
    rows = [row("KQ1", "no", 2025), row("KQ2", "yes", 2025), row("KQ3", "partly", 2025)]
    send(made, "assessment_answers", "XAA-COORD", "2025-Q4", table(made.house, "assessment_answers", rows))
    rows = [row("KQ1", "yes"), row("KQ2", "partly"), row("S3.1", "no", due_on="2026-12-31", owner="XAA-HEALTH")]
    send(made, "assessment_answers", "XAA-COORD", "2026-Q2", table(made.house, "assessment_answers", rows))
    yield made
    made.house.close()


def found(world: World, who: str = "member", **more: Any) -> assessment.Assessment:
    return assessment.assessment(dated(world.viewer(who)), world.house, country="XAA", **more)


def item(said: assessment.Assessment, code: str) -> assessment.Item:
    return next(one for one in said.items if one.code == code)


def coordinator(world: World) -> Viewer:
    return dated(world.viewer("coordinator"))


SAID = {"answer": "yes", "evidence": "Law of 2026", "owner": "XAA-HEALTH", "next_step": "", "due_on": ""}


def test_every_question_is_there_answered_or_not(asked: World) -> None:
    said = found(asked)
    assert len(said.items) == 13 + 70
    assert [i.code for i in said.items[:13]] == [f"KQ{n}" for n in range(1, 14)]
    assert (said.year, said.years, said.compared) == (2026, (2026, 2025), 2025)
    assert item(said, "KQ3").answer == "", "what was answered for another year is not an answer for this one"
    assert said.answer.startswith("Asterland 2026: 3 of 83 questions are answered, 1 with yes and 1 with partly.")
    profile = said.profile.frame.set_index("part")
    assert profile.loc["Key questions"].tolist()[1:] == [1, 1, 0, 0, 11]


def test_between_years_what_moved(asked: World) -> None:
    said = found(asked)
    assert (item(said, "KQ1").moved, item(said, "KQ2").moved, item(said, "KQ3").moved) == (2, -1, 0)
    assert said.answer.endswith("Since 2025, 1 moved nearer to yes and 1 away from it.")
    assert found(asked, year=2025).compared is None


def test_what_is_next_names_who_and_when(asked: World) -> None:
    (one,) = found(asked).next
    assert (one.code, one.said("next_step"), one.said("due_on")[:10]) == ("S3.1", "Ask the ministry", "2026-12-31")
    assert one.owner


def test_each_answer_is_drawn() -> None:
    assert set(marks.ANSWER_SHAPES) == set(assessment.ANSWERS)
    assert marks.answered("").shape == "silent"


def test_an_answer_from_the_page_counts_at_once_and_keeps_the_others(asked: World) -> None:
    who = coordinator(asked)
    first = answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=SAID)
    assert first.submission_id
    seen = answering.counting(who, asked.house, "XAA")
    assert seen == first.submission_id
    answering.answer(who, asked.house, country="XAA", year=2026, item="KQ5", said=SAID, seen=seen)
    said = found(asked)
    assert [item(said, code).answer for code in ("KQ1", "KQ4", "KQ5")] == ["yes", "yes", "yes"]
    assert item(said, "KQ4").said("answered_on")[:10] == TODAY.isoformat()
    changed = SAID | {"answer": "no", "evidence": "", "next_step": "Write the law"}
    seen = answering.counting(who, asked.house, "XAA")
    answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=changed, seen=seen)
    assert item(found(asked), "KQ4").answer == "no"


def test_what_the_check_finds_is_said_and_nothing_kept(asked: World) -> None:
    before = asked.house.store.head().version
    received = answering.answer(
        coordinator(asked), asked.house, country="XAA", year=2026, item="KQ4", said=SAID | {"evidence": ""}
    )
    assert not received.submission_id
    assert [p.column for p in received.outcome.problems] == ["evidence"]
    assert asked.house.store.head().version == before


def test_the_form_says_what_to_mend_in_words_for_a_form(asked: World) -> None:
    """The answer travels as a file, and whoever wrote it sees neither rows nor cells nor a file."""
    client = Desk(asked).client("coordinator")
    place = {"country": "XAA", "year": "2026", "item": "KQ4"}
    token = hidden_token(client.get("/assessment/answer", query_string=place))

    def told(**said: str) -> str:
        shown = client.post("/assessment/answer", data={"csrf_token": token, **place, **said})
        assert shown.status_code == 422
        words = shown.text.split('id="answer-error"')[1].split("</ul>")[0].split("<li>", 1)[1]
        assert not any(word in words.lower() for word in ("row", "cell", "file", "{"))
        return words

    words = told(answer="partly")
    assert words.startswith("Evidence that others can look at: nothing is written here. A yes or a partly rests on")
    assert told(answer="no").startswith("Next step: nothing is written here. A no, or a question")
    assert told(answer="yes", evidence="a.b@example.org").startswith(
        "Evidence that others can look at: E-mail address. Take it out"
    )
    assert told(answer="yes", evidence="A report", next_step="n/a").startswith(
        "Next step: “n/a” stands for no value. Leave it empty"
    )


def test_two_who_answer_at_once_lose_nothing_silently(asked: World) -> None:
    who = coordinator(asked)
    seen = answering.counting(who, asked.house, "XAA")
    answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=SAID, seen=seen)
    with pytest.raises(NewerVersion, match="Somebody else answered"):
        answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=SAID, seen=seen)


@pytest.mark.parametrize("name", ["member", "agency", "foreign coordinator", "enforcement"])
def test_nobody_else_answers_for_a_country(asked: World, name: str) -> None:
    who = dated(asked.viewer(name))
    assert not answering.may_answer(who, asked.house, "XAA").allowed
    with pytest.raises(Refused):
        answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=SAID)


def test_the_secretariat_answers_for_the_body_that_did_last(asked: World) -> None:
    who = dated(asked.viewer("secretariat"))
    assert answering.body_of(who, asked.house, "XAA") == "XAA-COORD"
    assert answering.answer(who, asked.house, country="XAA", year=2026, item="KQ4", said=SAID).submission_id


def test_an_enforcement_body_reads_what_was_published(asked: World) -> None:
    assert found(asked, "enforcement").years == ()
