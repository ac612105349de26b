"""Looks at /explore as a browser does: by its calls, through every choice; and reads all that stands on a page."""

from __future__ import annotations

import csv
import html as escapes
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient

OPEN = "/open/_dash-update-component"
OUTPUT = "open-page.children"


def body(search: str, pathname: str = "/explore") -> dict[str, Any]:
    """A call as Dash's renderer sends it when the address has changed."""
    address = {"id": "open-address"}
    return {
        "output": OUTPUT,
        "outputs": {"id": "open-page", "property": "children"},
        "inputs": [
            address | {"property": "pathname", "value": pathname},
            address | {"property": "search", "value": search},
        ],
        "changedPropIds": ["open-address.search"],
        "parsedChangedPropsIds": ["open-address.search"],
    }


@dataclass
class Page:
    """What came for an address: its components, taken apart."""

    address: str
    root: Any
    texts: list[str] = field(default_factory=list)
    charts: list[dict[str, Any]] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    selects: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def chosen(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.address).query).items()}

    @property
    def saved(self) -> list[str]:
        return [link for link in self.links if link.startswith("/explore.csv")]

    def neighbours(self) -> Iterator[str]:
        """The addresses that one choice leads to, as the browser writes them: every select, and what stands already."""
        now = {name: select["value"] for name, select in self.selects.items()}
        for name, select in self.selects.items():
            for option in select["options"]:
                chosen = {"topic": self.chosen["topic"]} | now | {name: option["value"]}
                yield "?" + urlencode({key: value for key, value in chosen.items() if value})


def ask(client: FlaskClient, search: str) -> Page:
    """The page at an address, drawn by a call."""
    answer = client.post(OPEN, data=json.dumps(body(search)), content_type="application/json")
    assert answer.status_code == 200, (search, answer.text[:300])
    root = answer.get_json()["response"]["open-page"]["children"]
    page = Page(root["props"]["data-address"], root)
    _take(page, root)
    return page


def everything(client: FlaskClient, *beginnings: str) -> dict[str, Page]:
    """Every page that can be come to by choosing, by its address."""
    found: dict[str, Page] = {}
    seen, waiting = set[str](), list(beginnings)
    while waiting:
        search = waiting.pop()
        if search in seen:
            continue
        seen.add(search)
        page = ask(client, search)
        if page.address not in found:
            found[page.address] = page
            waiting += page.neighbours()
    return found


def _take(page: Page, part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _take(page, one)
    elif isinstance(part, dict) and "props" in part:
        props = part["props"]
        _props(page, part["type"], props)
        _take(page, props.get("children"))
    elif part is not None:
        page.texts.append(str(part))


def _props(page: Page, kind: str, props: dict[str, Any]) -> None:
    if kind == "Graph":
        page.charts.append(props["figure"])
        page.texts += strings(props["figure"])
    if kind == "Select":
        page.selects[props["id"]["name"]] = props
        page.texts += [option["label"] for option in props["options"]]
    if props.get("className") == "chart":
        page.alternatives.append(props["aria-label"])
    if "data-html" in props:
        page.tables.append(props["data-html"])
        page.texts.append(words(props["data-html"]))
    page.texts += [str(props[name]) for name in ("aria-label", "title") if props.get(name)]
    if props.get("href"):
        page.links.append(props["href"])


def strings(part: Any) -> list[str]:
    """Every text of a figure that somebody sees: labels, hover, annotations; without names of colours and fonts."""
    if isinstance(part, dict):
        seen = ("text", "customdata", "ticktext", "name", "title")
        found = [s for name in seen if name in part for s in strings(part[name])]
        return found + [s for name, held in part.items() if name not in seen if not isinstance(held, str)
                        for s in strings(held)]  # fmt: skip
    if isinstance(part, list):
        return [s for one in part for s in strings(one)]
    return [words(part)] if isinstance(part, str) else []


def words(markup: str) -> str:
    """HTML as its text, and the figures' few tags with it."""
    return escapes.unescape(re.sub(r"<[^>]*>", " ", markup)).strip()


def cells(markup: str) -> dict[str, str]:
    """The cells of a table that name a published count, by that name: the text of each."""
    found = re.findall(r'<td[^>]*data-contacts="([^"]*)"[^>]*>(.*?)</td>', markup, re.S)
    return {escapes.unescape(key): words(held) for key, held in found}


def file(client: FlaskClient, link: str) -> list[dict[str, str]]:
    """The rows of a download."""
    answer = client.get(link)
    assert answer.status_code == 200 and answer.mimetype == "text/csv", link
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def headings(part: Any) -> Iterator[str]:
    """The words of the page's first heading."""
    if isinstance(part, list):
        for one in part:
            yield from headings(one)
    elif isinstance(part, dict) and "props" in part:
        if part["type"] == "H1":
            yield str(part["props"]["children"])
        yield from headings(part["props"].get("children"))
