"""Somebody who looks at everything that the app answers, for numbers that must not be there. Never used by the app."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import struct
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import dash
from flask.testing import FlaskClient

from dashboard.intake import counts
from test_matrix import _body
from web_world import CALLBACK
from world import World

# A day on which a training held that ended yesterday.
THE_DAY_BEFORE = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()
_FRACTION = re.compile(r":\d\d\.$")  # of a second, in a moment of the record
_TOKEN = re.compile(r"\b[0-9a-f]{40,}\b")  # drawn by chance or a hash: six of its digits are no count


def spelled(number: float) -> set[str]:
    """Every way in which the number could stand in a page, a file or a script."""
    whole, part = f"{number:.2f}".split(".")
    groups = [
        re.sub(r"(?<=\d)(?=(?:\d{3})+$)", mark, whole) for mark in ("", ",", ".", " ", "\u00a0", "\u202f", "'", "’")
    ]
    return set(groups) if part == "00" else {f"{g}{point}{part}" for g in groups for point in ".,"}


def unpacked(body: bytes) -> str:
    """An answer as text; of a paper, which is an archive, everything in it, with the tables behind its charts."""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        return "\n".join(unpacked(held.read(name)) for name in held.namelist())


class Search:
    """Looks for certain numbers in a text, in whatever spelling, or packed as Plotly packs arrays."""

    def __init__(self, numbers: Collection[float]) -> None:
        self.numbers = set(numbers)
        self._by_spelling = {spelling: number for number in numbers for spelling in spelled(number)}
        self._any = re.compile("|".join(sorted(map(re.escape, self._by_spelling), key=len, reverse=True)))

    def __call__(self, text: str) -> set[float]:
        text = _TOKEN.sub("", text)
        found = {
            self._by_spelling[m[0]]
            for m in self._any.finditer(text)
            if not _FRACTION.search(text[max(0, m.start() - 4) : m.start()])
        }
        for kind, packed in re.findall(r'"dtype": ?"([a-z]\d)", ?"bdata": ?"([^"]+)"', text):
            form = {"f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "u4": "I", "u2": "H"}.get(kind)
            if form:
                raw = base64.b64decode(packed)
                found |= {float(n) for (n,) in struct.iter_unpack(f"<{form}", raw)} & self.numbers
        return found


@dataclass
class Walk:
    """Somebody who looks at everything, at so many choices of each filter. `found`: where she first read a number.

    `codes`: what a part of an address may be, besides datasets and submissions; `places`: choices made together.
    `past` counts the pages as they stood on another day, `then` are the numbers in these.
    """

    app: dash.Dash
    world: World
    client: FlaskClient
    search: Search
    codes: list[str]
    organisations: list[str]
    places: list[dict[str, str]]
    most: int = 3
    found: dict[float, str] = field(default_factory=dict)
    options: dict[str, set[str]] = field(default_factory=dict)
    then: set[float] = field(default_factory=set)
    looked: int = 0
    past: int = 0
    answered: set[str] = field(default_factory=set)

    def read(self, where: str, text: str) -> None:
        self.looked += 1
        seen = self.search(text)
        for number in seen:
            self.found.setdefault(number, where)
        if "as it stood on" in text:
            self.past, self.then = self.past + 1, self.then | seen

    def pool(self, argument: str) -> list[str]:
        """What a part of an address may be: of submissions, datasets and so on all there are; of anything else all."""
        ids, datasets = list(self.world.sent.values()), list(self.world.house.library.contracts)
        for word, held in (("submission", ids), ("dataset", datasets), ("code", self.codes)):
            if word in argument:
                return held
        return [*self.codes, *datasets, *ids]

    def addresses(self, rule: str, arguments: set[str]) -> Iterator[str]:
        pools = [[(name, one) for one in self.pool(name)] for name in sorted(arguments)]
        for chosen in itertools.product(*pools):
            path = rule
            for name, one in chosen:
                path = re.sub(rf"<(?:[a-z]+:)?{name}>", one, path)
            yield path

    def get(self, path: str) -> None:
        answer = self.client.get(path)
        if answer.status_code == 200:
            self.answered.add(path.split("?")[0])
        self.read(f"GET {path}", unpacked(answer.get_data()))
        self.read(f"GET {path}, headers", str(answer.headers))

    def plain(self) -> None:
        """Every address that answers GET, and each template for each organisation."""
        for rule in self.app.server.url_map.iter_rules():
            skip = "<path:" in rule.rule or "token" in rule.arguments or "<string:" in rule.rule
            if "GET" not in (rule.methods or set()) or skip:
                continue
            shell = rule.endpoint.startswith("page:")  # the same frame whatever the address; the router brings the rest
            for path in itertools.islice(self.addresses(rule.rule, set(rule.arguments)), 1 if shell else None):
                self.get(path)
        for dataset, organisation in itertools.product(self.world.house.library.contracts, ("", *self.organisations)):
            for prefill in ("0", "1"):
                self.get(f"/templates/{dataset}.csv?prefill={prefill}&organisation={organisation}")

    def call(self, where: str, body: Any) -> Any:
        cookie = self.client.get_cookie("_csrf_token")
        answer = self.client.post(CALLBACK, json=body, headers={"X-CSRFToken": cookie.value} if cookie else {})
        assert answer.status_code < 500, (where, answer.text[:300])
        try:
            said = json.loads(answer.text) if answer.status_code == 200 else answer.text
        except ValueError:
            said = answer.text
        if answer.status_code == 200:
            self.answered.add(where.split(" ")[0])
        self.read(where, said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))
        self.learn(said)
        return said

    def learn(self, said: Any) -> None:
        """Remember what the filters of a page offer."""
        if isinstance(said, list):
            for one in said:
                self.learn(one)
        elif isinstance(said, dict):
            identity = said.get("id")
            if isinstance(identity, dict) and identity.get("type") == "filter" and "options" in said:
                held = self.options.setdefault(str(identity["name"]), set())
                held |= {str(o["value"]) for o in said["options"] if isinstance(o, dict)}
            for one in said.values():
                self.learn(one)

    def choices(self) -> Iterator[dict[str, str]]:
        """Nothing chosen; each choice of each filter; and country, quarter and moment together."""
        yield {}
        versions = str(self.world.house.store.head().version - 3)
        if not self.most:
            return
        known = {name: sorted(held, key=lambda v: (len(v), v)) for name, held in self.options.items()}
        known["as_of"] = [*known.get("as_of", [])[-2:], versions, datetime.now(UTC).date().isoformat()]
        for name, held in known.items():
            for one in held[: self.most]:
                yield {name: one}
        yield from self.places

    def counting(self, path: str) -> bool:
        """Whether the dataset that an address names can hold contacts: of others no choice changes what can be read."""
        contracts = self.world.house.library.contracts
        return any(counts.may_hold(contracts[part]) for part in path.split("/") if part in contracts)

    def drawn(self) -> None:
        """Every page through the router, with every choice of its filters: that is how rows arrive."""
        output = next(o for o in self.app.callback_map if "arrived" in o and "page" in o)
        for shown in self.app.server.extensions["dashboard.registry"].pages:
            arguments = set(re.findall(r"<(\w+)>", shown.rule))
            for path in self.addresses(shown.rule, arguments):
                self.options.clear()
                tried = set()
                for _pass in range(2):  # the first time the page says which filters it has
                    for choice in list(self.choices()):
                        search = "?" + "&".join(f"{name}={one}" for name, one in choice.items())
                        once = "submission" in shown.rule or "dataset" in arguments and not self.counting(path)
                        if search in tried or (arguments and once and choice):
                            continue
                        tried.add(search)
                        body = _body(output, self.app.callback_map[output], self.world)
                        body["inputs"][0]["value"], body["state"][0]["value"] = path, search
                        self.call(f"{path} {search}", body)

    def called(self) -> None:
        """Every other callback, which draws what the router drew: with no choice, and with a place and a quarter."""
        for output, entry in self.app.callback_map.items():
            if "callback" not in entry or ("arrived" in output and "page" in output):
                continue
            for choice in ({}, *self.places[:2], self.places[0] | {"as_of": THE_DAY_BEFORE}):
                self.call(f"{output[:60]} {choice}", self.filled(output, entry, choice, ""))
            if "submission" in output:
                for one in self.world.sent.values():
                    self.call(f"{output[:60]} {one}", self.filled(output, entry, {}, one))

    def filled(self, output: str, entry: dict[str, Any], choice: dict[str, str], submission: str) -> Any:
        body = _body(output, entry, self.world)
        waiting = self.world.sent["Q3 XAA-HEALTH"]
        text = json.dumps(body).replace(waiting, submission) if submission else json.dumps(body)
        body = json.loads(text)
        for part in itertools.chain(*([p] if isinstance(p, dict) else p for p in [*body["inputs"], *body["state"]])):
            identity = part["id"]
            identity = json.loads(identity) if isinstance(identity, str) and identity.startswith("{") else identity
            if isinstance(identity, dict) and identity.get("type") == "filter":
                part["value"] = choice.get(identity["name"], part["value"])
        return body
