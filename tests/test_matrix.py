"""Every page, callback and address as every role: exactly who may is answered with data. Walks the registries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.people import accounts
from dashboard.protection import policy
from dashboard.record.house import open_house
from dashboard.web.guard import EVERYBODY, SIGNED_IN, Registry
from web_world import CALLBACK
from world import PEOPLE, World, build, lay_overlay

ROLES = ("anonymous", *PEOPLE, "disabled")
SECRETS = ("XAA-HEALTH office", "+999 000 0101")  # a member's row, and a provider's contact line
ANSWERED = {200, 204, 304}
# What may differ from the permission of the address: an answer that asks for more than a plain visit brings.
NEEDS_MORE = {"POST /submissions", "POST /sign-in", "POST /sign-out", "/demo-sign-in/<token>", "POST /_command/<name>"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings(data=tmp_path_factory.mktemp("matrix") / "data", min_free_bytes=0, demo=True)
    lay_overlay(settings)
    made = open_house(settings)
    yield build(made)
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> dash.Dash:
    tokens = {f"token-{name}": world.email(name) for name in PEOPLE}
    return create_app(world.house.settings, tokens, house=world.house)


@pytest.fixture(scope="module")
def clients(app: dash.Dash, world: World) -> dict[str, FlaskClient]:
    """One browser a role, signed in as people are; the disabled one was signed in before she was disabled."""
    found = {"anonymous": app.server.test_client()}
    for name in PEOPLE:
        found[name] = app.server.test_client()
        path = f"/demo-sign-in/token-{name}"
        assert found[name].get(path, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code in (302, 303)
    found["disabled"] = app.server.test_client()
    from datetime import UTC, datetime

    from dashboard.people import links

    links.invite(
        world.operator,
        world.house,
        email="gone@example.org",
        name="Gone",
        role="secretariat",
        organisation_code="",
        now=datetime.now(UTC),
    )
    app.server.extensions["dashboard.demo_tokens"]["token-disabled"] = "gone@example.org"
    assert found["disabled"].get(
        "/demo-sign-in/token-disabled", environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ).status_code in (302, 303)
    gone = world.house.store.read("select account_id from account_now where email = 'gone@example.org'")[0]
    accounts.disable(world.operator, world.house, gone["account_id"])
    return found


def allowed(world: World, name: str, permission: str) -> bool:
    """What the policy says, apart from the code that is tested: the table and nothing else."""
    signed_in = name not in ("anonymous", "disabled")
    if permission == EVERYBODY:
        return True
    if permission == SIGNED_IN:
        return signed_in
    if not signed_in:
        return policy.POLICY[permission]["public"] > policy.Reach.RELEASE
    reach = policy.POLICY[permission][PEOPLE[name][0]]
    if name == "enforcement":
        reach = min(reach, policy.LIMITS[permission]["enforcement"])
    return (
        max(min(reach, policy.LIMITS[permission]["untrained"]), policy.POLICY[permission]["public"]) > policy.Reach.NONE
    )


def paths(world: World, app: dash.Dash) -> list[tuple[str, str, str]]:
    """(rule, path, permission) of every address that answers GET."""
    permissions = app.server.extensions["dashboard.permissions"]
    fill = {"submission_id": world.sent["Q2 XAA-HEALTH"], "dataset": "service_coverage"}
    found = []
    for rule in app.server.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or set())
            or rule.endpoint in NEEDS_MORE
            or "<path:" in rule.rule
            or "token" in rule.arguments
            or "<string:" in rule.rule
        ):
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", fill.get(argument, "x"))
        found.append((rule.rule, path, permissions[rule.endpoint]))
    return found


def test_every_address_as_every_role(world: World, app: dash.Dash, clients: dict[str, FlaskClient]) -> None:
    wrong, count = [], 0
    for rule, path, permission in paths(world, app):
        for name in ROLES:
            status = clients[name].get(path).status_code
            count += 1
            answered = status in ANSWERED
            if answered and not allowed(world, name, permission):
                wrong.append(f"{name} was answered {status} at {rule}")
            if not answered and allowed(world, name, permission) and status not in (302, 303, 403, 404):
                wrong.append(f"{name} got {status} at {rule}, which she may open")
    print(f"addresses: {count} combinations, {len(wrong)} wrong")
    assert not wrong
    assert count > 100


def _body(output: str, entry: dict[str, Any], world: World) -> dict[str, Any]:
    """A well-formed call of a callback, with ids and values that exist."""
    submission = world.sent["Q3 XAA-HEALTH"]

    def value(asked: dict[str, Any], state: bool) -> Any:
        pattern = str(asked["id"]).startswith("{")
        known = {"pathname": f"/submission/{submission}", "search": "", "data": None}
        if not pattern:
            return {"id": asked["id"], "property": asked["property"], "value": known.get(asked["property"], "")}
        identity = json.loads(asked["id"])
        filled = {
            k: ("submit" if k == "step" else submission if k == "id" else "" if isinstance(v, list) else v)
            for k, v in identity.items()
        }
        one = {"id": filled, "property": asked["property"], "value": filled if asked["property"] == "id" else ""}
        return [one] if any(isinstance(v, list) for v in identity.values()) else one

    outputs: Any = []
    for part in output.strip(".").split("...") if output.startswith("..") else [output]:
        name, _dot, prop = part.rpartition(".")
        if name.startswith("{"):
            identity = {k: (submission if k == "id" else v) for k, v in json.loads(name).items()}
            outputs.append([{"id": identity, "property": prop}])
        else:
            outputs.append({"id": name, "property": prop})
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "changedPropIds": [],
        "inputs": [value(asked, False) for asked in entry["inputs"]],
        "state": [value(asked, True) for asked in entry["state"]],
    }


def test_every_callback_as_every_role(world: World, app: dash.Dash, clients: dict[str, FlaskClient]) -> None:
    clients["anonymous"].get("/sign-in")
    wrong, count, server_callbacks = [], 0, 0
    for output, entry in app.callback_map.items():
        if "callback" not in entry:
            continue  # runs in the browser and reaches nothing
        server_callbacks += 1
        permission = entry["callback"].__permission__
        for name in ROLES:
            clients[name].get("/dictionary")
            cookie = clients[name].get_cookie("_csrf_token")
            headers = {"X-CSRFToken": cookie.value} if cookie else {}
            answer = clients[name].post(CALLBACK, json=_body(output, entry, world), headers=headers)
            count += 1
            if answer.status_code >= 500:
                wrong.append(f"{name} got {answer.status_code} from {output}")
            if answer.status_code in ANSWERED and not allowed(world, name, permission):
                wrong.append(f"{name} was answered by {output}")
            # A row or a page behind the router that is not hers; without a session there is no CSRF token either.
            refused = {401, 403} | ({400} if name in ("anonymous", "disabled") else set())
            if answer.status_code not in ANSWERED | refused and allowed(world, name, permission):
                wrong.append(f"{name} got {answer.status_code} from {output}, which she may call: {answer.text[:90]}")
            if name in ("anonymous", "disabled") and any(secret in answer.text for secret in SECRETS):
                wrong.append(f"{name} read a row through {output}")
    print(f"callbacks: {server_callbacks}, {count} combinations, {len(wrong)} wrong")
    assert not wrong
    assert server_callbacks >= 5


def test_another_organisations_submission_stays_shut(
    world: World, clients: dict[str, FlaskClient], app: dash.Dash
) -> None:
    """Through the router's callback, which is how a page's rows really arrive."""
    output = next(o for o in app.callback_map if "arrived" in o and "page" in o)
    for name in ROLES:
        for key, organisation, country in (
            ("Q2 XAA-HEALTH", "XAA-HEALTH", "XAA"),
            ("Q2 XBA-POLICE", "XBA-POLICE", "XBA"),
        ):
            body = _body(output, app.callback_map[output], world)
            body["inputs"][0]["value"] = f"/submission/{world.sent[key]}"
            cookie = clients[name].get_cookie("_csrf_token")
            answer = clients[name].post(CALLBACK, json=body, headers={"X-CSRFToken": cookie.value} if cookie else {})
            sees = world.sent[key] in answer.text and "SHA-256" in answer.text
            role, own, where = PEOPLE.get(name, ("", "", ""))
            may = (
                role == "secretariat"
                or (role in ("member", "agency") and own == organisation)
                or (role == "coordinator" and where == country)
            )
            assert sees == may, f"{name} {'saw' if sees else 'did not see'} {key}"


def test_a_contact_line_is_kept_from_enforcement(world: World, clients: dict[str, FlaskClient], app: dash.Dash) -> None:
    output = next(o for o in app.callback_map if "arrived" in o and "page" in o)
    seen = {}
    for name in ROLES:
        body = _body(output, app.callback_map[output], world)
        body["inputs"][0]["value"] = "/coverage"
        body["state"][0]["value"] = "?service=SEED-9&place=XAA&period=2026-Q2"
        cookie = clients[name].get_cookie("_csrf_token")
        answer = clients[name].post(CALLBACK, json=body, headers={"X-CSRFToken": cookie.value} if cookie else {})
        seen[name] = "+999 000 0101" in answer.text
    assert seen == {
        "anonymous": False,
        "member": True,
        "agency": True,
        "coordinator": True,
        "foreign coordinator": True,
        "enforcement": False,
        "secretariat": True,
        "disabled": False,
    }


def test_the_world_has_no_default_account(tmp_path: Path) -> None:
    house = open_house(Settings(data=tmp_path / "empty", min_free_bytes=0))
    assert house.store.read("select * from account") == []
    house.close()


def test_every_function_of_the_doors_takes_the_viewer_first() -> None:
    import inspect

    from dashboard.coordination import actions, agenda, attendance, decisions, meetings, new_actions
    from dashboard.intake import receipt, remarks, senders, submissions, templates, versions, warnings
    from dashboard.publication import attacking, draft, drafting, ledger, listing, publishing, release, withdrawing
    from dashboard.publication import contacts as counted
    from dashboard.reports import actions as asked
    from dashboard.reports import contacts, coverage, dictionary, effects, members, moments, proposals
    from dashboard.reports import decisions as taken
    from dashboard.reports import meetings as met
    from dashboard.reports import submissions as sent

    doors = {
        submissions: (
            "sendable",
            "stage",
            "find",
            "submit",
            "accept",
            "send_back",
            "withdraw",
            "sweep",
            "expunge",
            "restore",
        ),
        senders: ("may_send", "sendable", "request_for", "require_sender"),
        versions: ("find", "chain", "rows"),
        remarks: ("remark", "of", "as_csv", "screened"),
        receipt: ("receipt",),
        templates: ("template", "withheld"),
        warnings: ("of", "withheld", "may_explain", "explain"),
        effects: ("effects",),
        contacts: (
            "reach",
            "totals",
            "by_period",
            "breakdown",
            "stages",
            "answer",
            "missing",
            "whose",
            "published_periods",
        ),
        release: (
            "publish",
            "publish_draft",
            "draft",
            "start",
            "progress",
            "drop",
            "withdraw",
            "find",
            "listed",
            "attack",
        ),
        drafting: ("start", "make", "progress"),
        draft: ("draft", "written"),
        publishing: ("publish", "drop", "draft_folder"),
        withdrawing: ("withdraw",),
        attacking: ("attack",),
        ledger: ("entries", "counting"),
        listing: ("releases",),
        counted: ("contributions", "protected", "inside"),
        coverage: ("reported_periods", "coverage", "providers"),
        members: ("countries", "members"),
        sent: ("listing", "detail", "preview"),
        dictionary: ("dictionary",),
        actions: ("change", "visible", "may_change"),
        meetings: ("hold", "prepare", "plan_anew", "start", "close", "withdraw", "bring_back"),
        agenda: ("put", "add", "word", "note", "move", "leave_out"),
        attendance: ("attend", "add_document", "remove_document"),
        decisions: ("decide", "amend", "follow_up", "take_back"),
        new_actions: ("add",),
        taken: ("decisions",),
        met: ("meetings", "meeting"),
        proposals: ("proposals",),
        asked: ("actions", "action", "history", "on_time", "waiting", "choices"),
        moments: ("moment", "options", "seen_on"),
    }
    for module, names in doors.items():
        for name in names:
            assert next(iter(inspect.signature(getattr(module, name)).parameters)) == "viewer", f"{module}.{name}"


def test_a_registry_without_permission_does_not_start() -> None:
    from dashboard.web.guard import GuardError, check

    registry = Registry()
    registry.page("x", path="/x", title="X", permission="", layout=lambda: None)
    with pytest.raises(GuardError, match="names no permission"):
        check(registry)
