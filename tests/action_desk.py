"""The page of actions as a browser asks for it, one browser a role. Never a test itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import dash
from flask.testing import FlaskClient

from action_world import HEALTH
from dashboard.factory import create_app
from web_world import CALLBACK
from world import PEOPLE, World

SAVE = {"type": "action-save", "code": HEALTH}
UNDO = {"type": "action-undo", "code": HEALTH}


@dataclass
class Shown:
    """A callback's answer by `component.property`, and all of it as text."""

    status: int
    parts: dict[str, Any]
    text: str

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Desk:
    """The app on a world, and one browser a role."""

    def __init__(self, world: World) -> None:
        self.world = world
        house = replace(world.house, settings=replace(world.house.settings, demo=True))
        self.app: dash.Dash = create_app(house.settings, {name: world.email(name) for name in PEOPLE}, house=house)
        self.clients: dict[str, FlaskClient] = {}

    def client(self, name: str) -> FlaskClient:
        if name not in self.clients:
            made = self.clients[name] = self.app.server.test_client()
            if name != "anonymous":
                assert made.get(f"/demo-sign-in/{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 303
            made.get("/sign-in")
        return self.clients[name]

    def call(self, name: str, first: str, changed: list[str], **values: Any) -> Shown:
        """Call the callback whose first output is `first`; `values` by the input's name, the rest is empty."""
        output = next(o for o in self.app.callback_map if o.strip(".").startswith(first))
        entry = self.app.callback_map[output]

        def filled(asked: dict[str, Any]) -> Any:
            if "action-save" in asked["id"]:
                return [{"id": SAVE, "property": "n_clicks", "value": values.get("clicks", 0)}]
            if "action-undo" in asked["id"]:
                return [{"id": UNDO, "property": "n_clicks", "value": values.get("undos", 0)}]
            identity = json.loads(asked["id"]) if asked["id"].startswith("{") else asked["id"]
            key = (identity["name"] if isinstance(identity, dict) else identity).replace("-", "_")
            return {"id": identity, "property": asked["property"], "value": values.get(key, "")}

        outputs = [
            dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in output.strip(".").split("...")
        ]
        client = self.client(name)
        cookie = client.get_cookie("_csrf_token")
        answer = client.post(
            CALLBACK,
            json={
                "output": output,
                "outputs": outputs if output.startswith("..") else outputs[0],
                "changedPropIds": changed,
                "inputs": [filled(asked) for asked in entry["inputs"]],
                "state": [filled(asked) for asked in entry["state"]],
            },
            headers={"X-CSRFToken": cookie.value} if cookie else {},
        )
        found = json.loads(answer.text).get("response", {}) if answer.status_code == 200 else {}
        parts = {f"{i}.{p}": value for i, properties in found.items() for p, value in properties.items()}
        return Shown(answer.status_code, parts, answer.text)

    def step(self, name: str, *changed: str, shown: dict[str, str], **values: Any) -> Shown:
        typed = {"action_state": shown.get("state", ""), "action_due": shown.get("due", "")}
        more = {"action": shown.get("code", ""), "action_shown": shown} | typed | values
        return self.call(name, "action-facts", list(changed), **more)

    def open(self, name: str, code: str, as_of: str = "") -> Shown:
        """What a click on an action draws."""
        return self.step(name, '{"name":"action","type":"filter"}.value', shown={}, action=code, as_of=as_of)

    def save(self, name: str, shown: dict[str, str], **typed: str) -> Shown:
        clicked = json.dumps(SAVE, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        return self.step(name, clicked, shown=shown, clicks=1, **typed)

    def undo(self, name: str, shown: dict[str, str], **typed: str) -> Shown:
        clicked = json.dumps(UNDO, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        return self.step(name, clicked, shown=shown, undos=1, **typed)


def router(desk: Desk, name: str, search: str = "") -> str:
    """What the router draws at /actions?..."""
    output = next(o for o in desk.app.callback_map if o.startswith("..page.children"))
    client = desk.client(name)
    cookie = client.get_cookie("_csrf_token")
    answer = client.post(
        CALLBACK,
        json={
            "output": output,
            "outputs": [{"id": "page", "property": "children"}, {"id": "arrived", "property": "data"}],
            "changedPropIds": ["address.pathname"],
            "inputs": [{"id": "address", "property": "pathname", "value": "/actions"}],
            "state": [{"id": "address", "property": "search", "value": search}],
        },
        headers={"X-CSRFToken": cookie.value} if cookie else {},
    )
    return answer.text


def shown_of(answer: Shown) -> dict[str, str]:
    found = answer.parts["action-shown.data"]
    assert isinstance(found, dict)
    return found


def events(desk: Desk, code: str) -> list[dict[str, Any]]:
    return desk.world.house.store.read("select * from action_event where action_code = $c order by event_id", c=code)
