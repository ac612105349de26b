"""/indicators and /indicator/<code> as the browser asks for them: what stands there, for whom, with which caveat."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from contacts_world import TRAINED
from dashboard.factory import create_app
from dashboard.reference import periods
from indicator_world import PLAN
from web_world import CALLBACK
from world import PEOPLE, World

CAVEAT = "Reported contacts, not prevalence: most violence is never reported. A rise may mean better access to help."
HERS = {"611", "733", "419", "87"}
"""The counts of XAA-HEALTH, which stand nowhere else."""


class Browsers:
    """The app on the world, and one browser a person."""

    def __init__(self, world: World) -> None:
        house = replace(world.house, settings=replace(world.house.settings, demo=True))
        names = (*PEOPLE, *TRAINED)
        tokens = {name.replace(" ", "-"): world.email(name) for name in names}
        self.app: dash.Dash = create_app(house.settings, tokens, house=house)
        self.clients: dict[str, FlaskClient] = {}

    def client(self, name: str) -> FlaskClient:
        if name not in self.clients:
            made = self.clients[name] = self.app.server.test_client()
            if name != "anonymous":
                link = f"/demo-sign-in/{name.replace(' ', '-')}"
                assert made.get(link, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 303
            made.get("/sign-in")
        return self.clients[name]

    def post(self, name: str, body: dict[str, Any]) -> tuple[int, str]:
        client = self.client(name)
        cookie = client.get_cookie("_csrf_token")
        answer = client.post(CALLBACK, json=body, headers={"X-CSRFToken": cookie.value} if cookie else {})
        plain = json.dumps(json.loads(answer.text), ensure_ascii=False) if answer.status_code == 200 else answer.text
        return answer.status_code, plain

    def page(self, name: str, path: str, search: str = "") -> str:
        """What the router draws at an address, as text."""
        output = next(o for o in self.app.callback_map if o.startswith("..page.children"))
        _status, text = self.post(
            name,
            {
                "output": output,
                "outputs": [{"id": "page", "property": "children"}, {"id": "arrived", "property": "data"}],
                "changedPropIds": ["address.pathname"],
                "inputs": [{"id": "address", "property": "pathname", "value": path}],
                "state": [{"id": "address", "property": "search", "value": search}],
            },
        )
        return text

    def redraw(self, name: str, output: str, **values: str) -> tuple[int, str]:
        """What the callback of `output` answers when a filter changed."""
        entry = self.app.callback_map[f"{output}.children"]

        def filled(asked: dict[str, Any]) -> dict[str, Any]:
            identity = json.loads(asked["id"]) if asked["id"].startswith("{") else asked["id"]
            key = identity["name"] if isinstance(identity, dict) else identity.replace("-", "_")
            return {"id": identity, "property": asked["property"], "value": values.get(key, "")}

        return self.post(
            name,
            {
                "output": f"{output}.children",
                "outputs": {"id": output, "property": "children"},
                "changedPropIds": ['{"name":"country","type":"filter"}.value'],
                "inputs": [filled(asked) for asked in entry["inputs"]],
                "state": [filled(asked) for asked in entry["state"]],
            },
        )


@pytest.fixture(scope="module")
def browsers(looked_at: World) -> Browsers:
    return Browsers(looked_at)


def numbers(text: str) -> set[str]:
    """Whole numbers that stand by themselves in what people read: no parts of a drawing, a date or an id."""
    plain = re.sub(r"data:image/svg[^\"]*", "", text)
    return set(re.findall(r"(?<![\w.:,/-])\d+(?![\w.:,/-])", plain))


# --- all indicators ---


def test_the_cards_of_ones_own_country_with_value_line_standing_and_caveat(browsers: Browsers) -> None:
    text = browsers.page("member", "/indicators")
    for words in (
        "How do the indicators move against the plan?",
        "Asterland: of 3 indicators",
        "Headline figures",
        "Surveys",
        "410 persons",
        "up 210 on Q1 2026",
        "short of the milestone of 500 persons (Q4 2026) by 90",
        "Says that somebody was trained, not that a woman was served better.",
        "/indicator/P-CAP-1?country=XAA",
        "data:image/svg+xml,",
        "Line: From 200 persons in Q1 2026 to 410 persons in Q3 2026. Says that somebody was trained",
        "Nothing to show yet",
        "This indicator has no data source yet",
        "Download the table (CSV)",
    ):
        assert words in text, words
    assert text.index("indicators-headline") < text.index("indicators-institutional") < text.index("indicators-survey")


def test_a_country_a_quarter_and_a_kind_are_chosen_in_the_address_and_by_the_filter(browsers: Browsers) -> None:
    there = browsers.page("member", "/indicators", "?country=XBA")
    assert "Bravonia:" in there and "12 persons" in there
    status, redrawn = browsers.redraw("member", "indicators-results", country="XBA")
    assert status == 200 and "12 persons" in redrawn and "410 persons" not in redrawn
    _status, then = browsers.redraw("member", "indicators-results", country="XAA", period="2026-Q1")
    assert "200 persons" in then and "410 persons" not in then
    _status, only = browsers.redraw("member", "indicators-results", country="XAA", kind="survey")
    assert "28.4" in only and "410 persons" not in only and "Headline figures" not in only
    for odd in ("?country=%3Cscript%3E", "?period=2099-Q9&kind=nothing", "?as_of=yesterday"):
        assert "How do the indicators move" in browsers.page("member", "/indicators", odd)


def test_contacts_are_called_so_and_carry_their_caveat_everywhere(browsers: Browsers) -> None:
    text = browsers.page("trained secretariat", "/indicators", "?country=XAA&kind=administrative")
    assert "733 reports" in text and "122 more than in Q1 2026" in text
    cards = text.count("card-indicator administrative")
    assert cards >= 3 and text.count(CAVEAT) >= 2 * cards, "on the card, in the alternative text, and in the download"
    assert "card-standing" not in text


# --- one indicator ---


def test_one_indicator_with_its_trend_plan_definition_and_download(browsers: Browsers) -> None:
    text = browsers.page("member", "/indicator/P-CAP-1", "?country=XAA")
    for words in (
        "Staff trained on the needs and rights of women migrant workers",
        "Asterland: 410 persons in Q3 2026, up 210 on Q1 2026",
        "Services and processes, output level.",
        "From 200 persons in Q1 2026 to 410 persons in Q3 2026",
        "Open diamonds are milestones. The dashed line is the target.",
        "What was agreed",
        PLAN,
        "not due yet",
        "Broken down",
        "Sector, Q3 2026",
        "In every country that has it",
        "Bravonia",
        "What was corrected",
        "70 persons",
        "What it measures",
        "Staff who were trained on the needs and rights of women migrant workers, since counting began.",
        "/dictionary#indicator-P-CAP-1",
        "connectgaps",
    ):
        assert words in text, words
    assert text.index("Says that somebody was trained") < text.index('"data": [{'), "the caveat before the chart"


def test_contacts_on_a_page_of_their_own(browsers: Browsers) -> None:
    text = browsers.page("trained coordinator", "/indicator/SPOT-4.1", "?country=XAA")
    assert "733 reports in Q3 2026, 122 more than in Q1 2026. " + CAVEAT in text
    assert text.count(CAVEAT) >= 5, "answer, notice, figure, alternative text, hover and download"
    assert "In every country" not in text and "milestone" not in text.lower().replace("milestones table", "")
    assert "No direction: a rise may mean better access" in text
    whole = browsers.page("trained coordinator", "/indicator/P-SVC-1", "?country=XAA")
    assert "74 contacts" not in whole and "69 contacts in Q2 2026" in whole
    said = "not comparable with Q1 2026, for not everybody has reported"
    assert said in whole and "Not reported for Q2 2026 by: XAA-COORD office." in whole and "24 more" not in whole
    assert "Channel of first contact, Q2 2026" in whole and "Organisation, Q2 2026" in whole


@pytest.mark.parametrize(
    "name", ["member", "agency", "coordinator", "foreign coordinator", "enforcement", "secretariat"]
)
def test_without_training_no_count_is_on_any_page_or_answer(browsers: Browsers, name: str) -> None:
    seen = browsers.page(name, "/indicators", "?country=XAA")
    for code in ("SPOT-4.1", "P-REF-1", "P-SVC-1"):
        text = browsers.page(name, f"/indicator/{code}", "?country=XAA")
        assert "Not released yet" in text and CAVEAT in text and '"plotly"' not in text
        status, again = browsers.redraw(name, "indicator-results", country="XAA", indicator_code=code)
        assert status == 200
        seen += text + again
    assert not numbers(seen) & HERS
    found = numbers(browsers.page("trained agency", "/indicator/SPOT-4.1", "?country=XAA"))
    assert HERS - {"87"} <= found, "so the search finds what is there"


def test_an_unknown_code_is_a_sentence(browsers: Browsers) -> None:
    for code in ("P-NONE-1", "%3Cscript%3E", "p-cap-1"):
        text = browsers.page("member", f"/indicator/{code}")
        assert "There is no indicator with this code" in text and '"/indicators"' in text
    status, text = browsers.redraw("member", "indicator-results", country="XAA", indicator_code="nonsense")
    assert status == 200 and "There is no indicator with this code" in text


def test_every_indicator_has_a_page(browsers: Browsers, looked_at: World) -> None:
    for code, indicator in looked_at.house.library.indicators.items():
        text = browsers.page("trained secretariat", f"/indicator/{code}", "?country=XAA")
        assert indicator.title in text, code
        assert "What it measures" in text


def test_a_past_moment_is_said_and_shows_what_was_known_then(browsers: Browsers) -> None:
    today = datetime.now(UTC).date()
    ended = periods.last_ended(today).end.isoformat()
    for path in ("/indicators", "/indicator/P-CAP-1"):
        text = browsers.page("member", path, f"?country=XAA&as_of={ended}")
        assert "Not the present" in text and "410 persons" not in text
        assert "Not the present" not in browsers.page("member", path, f"?country=XAA&as_of={date.max.isoformat()}")


def test_strangers_see_nothing(browsers: Browsers) -> None:
    for path in ("/indicators", "/indicator/P-CAP-1"):
        assert browsers.client("anonymous").get(path).status_code == 302
        assert "410 persons" not in browsers.page("anonymous", path)
    for output in ("indicators-results", "indicator-results"):
        status, text = browsers.redraw("anonymous", output, country="XAA", indicator_code="P-CAP-1")
        assert status in (401, 403) and "410" not in text
