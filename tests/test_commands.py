"""What the operator may ask: each command does what it says, through the doors, and answers in plain values."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from dashboard.commands import COMMANDS
from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from world import PEOPLE, World, service, table

HEALTH = "XAA-HEALTH"


def run(world: World, command: str, **payload: Any) -> dict[str, Any]:
    answer = COMMANDS[command](world.operator, world.house, payload)
    assert json.loads(json.dumps(answer)) == answer, "an answer goes over a socket"
    return answer


def sent(world: World, *codes: str, **more: Any) -> dict[str, Any]:
    data = table(world.house, "service_coverage", [service(HEALTH, code) for code in codes])
    payload = {"file": base64.b64encode(data).decode(), "dataset": "service_coverage", "organisation": HEALTH}
    return run(world, "submit", **payload, period="2026-Q1", **more)


def test_submit_and_accept(world: World) -> None:
    first = sent(world, "SEED-1")
    assert (first["verdict"], first["state"], first["rows"], first["problems"]) == ("clean", "submitted", 1, [])
    again = sent(world, "SEED-1", accept=True)
    assert (again["submission"], again["state"]) == (first["submission"], "accepted"), "it waited, and is accepted now"
    third = sent(world, "SEED-1", accept=True)
    assert (third["submission"], third["state"]) == (first["submission"], "accepted") and third["notes"]
    assert sent(world, "SEED-2", accept=True)["state"] == "accepted"


def test_submit_a_file_with_problems(world: World) -> None:
    version = world.house.store.head().version
    answer = sent(world, "SEED-1", "SEED-99")
    assert (answer["verdict"], answer["submission"]) == ("problems", "") and "state" not in answer
    assert [(p["row"], p["code"]) for p in answer["problems"]] == [(3, "unknown-code")]
    assert world.house.store.head().version == version


def test_submit_while_a_newer_file_counts(world: World) -> None:
    waiting = sent(world, "SEED-1")["submission"]
    sent(world, "SEED-2", accept=True)
    with pytest.raises(submissions.NewerVersion):
        sent(world, "SEED-1", accept=True)
    assert submissions.find(world.operator, world.house, waiting)["state"] == "submitted"


def test_organisations(world: World) -> None:
    assert run(world, "organisations")["organisations"] == [
        "XAA-COORD", "XAA-HEALTH", "XBA-COORD", "XBA-POLICE", "XBA-UNION",
    ]  # fmt: skip


def test_release_with_its_note(world: World) -> None:
    folder = run(world, "release", note="for the meeting")["folder"]
    assert (world.house.settings.releases / "current").resolve() == world.house.settings.releases / folder.split("/")[
        -1
    ]
    assert world.house.store.read("select note from release_now order by version desc")[0]["note"] == "for the meeting"


def test_expunge_and_sweep(world: World) -> None:
    answer = run(world, "expunge", submission=world.sent["Q2 XAA-HEALTH"], reason="a name in source")
    assert (answer["organisation_code"], answer["rows"], answer["backups"]) == (HEALTH, 3, [])
    first = world.house.store.read("select release_id from release_now where published_in is not null order by 1")[0]
    assert answer["released"] == [first["release_id"]], "the release that the file was counted in, and that stays"
    with pytest.raises(ValueError, match="no submission"):
        run(world, "expunge", submission=world.sent["Q2 XAA-HEALTH"], reason="a name in source")
    assert run(world, "sweep") == {"lapsed": 0}


def test_invite(world: World) -> None:
    link = run(world, "invite", email="new@example.org", name="New", role="agency", organisation=HEALTH)["link"]
    assert link.startswith("http://localhost:8050/invite/")
    with pytest.raises(ValueError):
        run(world, "invite", email="new@example.org", name="New", role="agency", organisation=HEALTH)


def test_setup_only_while_nobody_is_there(world: World, house: Any) -> None:
    with pytest.raises(ValueError, match="accounts already"):
        run(world, "setup")
    assert "/setup/" in COMMANDS["setup"](world.operator, house, {})["link"]


def test_audit(world: World) -> None:
    assert run(world, "audit verify") == {"faults": []}


def test_a_command_is_no_way_around_a_right(world: World) -> None:
    """Each command goes through doors: called by somebody else it is refused."""
    payloads: dict[str, dict[str, Any]] = {
        "submit": {"file": "", "dataset": "members", "organisation": "XBA-COORD", "period": "2026-Q1"},
        "expunge": {"submission": world.sent["Q2 XAA-HEALTH"], "reason": "because"},
        "invite": {"email": "x@example.org", "name": "X", "role": "secretariat"},
    }
    version = world.house.store.head().version
    for name in set(COMMANDS) - {"organisations"}:
        for person in ("anonymous", *PEOPLE):
            if person not in ("secretariat", "foreign coordinator"):
                with pytest.raises(Refused):
                    COMMANDS[name](world.viewer(person), world.house, payloads.get(name, {}))
    assert COMMANDS["organisations"](world.viewer("anonymous"), world.house, {}) == {"organisations": []}
    assert world.house.store.head().version == version
