"""The fixtures that every test module shares: a data folder of its own, the house in it, the app around the house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dash
import pytest
from flask.testing import FlaskClient

import contacts_world
import indicator_world
import public_world
import release_world
from command_line import Line
from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.record import folder
from dashboard.record.house import House, open_house
from demonstration_world import demo, demonstration_folder  # noqa: F401  fixtures
from numbered_world import numbered  # noqa: F401  a fixture
from public_world import Published
from reporting_world import built_reporting, reporting_world  # noqa: F401  fixtures
from world import Built, World, build, copied, lay_overlay


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk() -> None:
    """Nobody wants a test's data after a power cut. What runs in a process of its own waits as it does for people."""
    folder._waits = False


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder that nobody else has, with room for any disk."""
    return Settings(data=tmp_path / "data", min_free_bytes=0)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """An open house on an empty record."""
    made = open_house(settings)
    yield made
    made.close()


@pytest.fixture
def app(settings: Settings, house: House) -> dash.Dash:
    """The whole app on that house."""
    return create_app(settings, house=house)


@pytest.fixture
def client(app: dash.Dash) -> FlaskClient:
    """Somebody's browser, signed out."""
    return app.server.test_client()  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small named world, built through the doors once a run; nobody opens this folder again."""
    settings = Settings(data=tmp_path_factory.mktemp("world") / "data", min_free_bytes=0)
    lay_overlay(settings)
    made = open_house(settings)
    try:
        world = build(made)
    finally:
        made.close()
    return Built(settings.data, world.people, world.sent)


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    """The small named world (see tests/world.py) in a folder of this test's own, open."""
    made = built.opened(tmp_path / "world")
    yield made
    made.house.close()


@pytest.fixture(scope="session")
def built_contacts(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same with contact counts in it (see tests/contacts_world.py), built through the doors once a run."""
    made = built.opened(tmp_path_factory.mktemp("contacts") / "world")
    try:
        contacts_world.fill(made)
    finally:
        made.house.close()
    return Built(made.house.settings.data, made.people, made.sent)


@pytest.fixture
def counting(built_contacts: Built, tmp_path: Path) -> Iterator[World]:
    """The world with contact counts in a folder of this test's own, open."""
    made = built_contacts.opened(tmp_path / "counting")
    yield made
    made.house.close()


@pytest.fixture(scope="session")
def built_indicators(built_contacts: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """That with values of indicators and milestones in it (see tests/indicator_world.py)."""
    return indicator_world.build(built_contacts, tmp_path_factory.mktemp("indicators") / "world")


@pytest.fixture(scope="session")
def looked_at(built_indicators: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world with indicators, open, for all tests that only read it."""
    made = built_indicators.opened(tmp_path_factory.mktemp("looked-at") / "world")
    yield made
    made.house.close()


@pytest.fixture
def measured(built_indicators: Built, tmp_path: Path) -> Iterator[World]:
    """The world with indicators in a folder of this test's own, open."""
    made = built_indicators.opened(tmp_path / "measured")
    yield made
    made.house.close()


@pytest.fixture(scope="session")
def told(built_indicators: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """That with actions and budgets (see tests/public_world.py), open, for all tests that only read it."""
    made = built_indicators.opened(tmp_path_factory.mktemp("told") / "world")
    yield public_world.fill(made)
    made.house.close()


@pytest.fixture(scope="session")
def release(told: World, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A release with counts of contacts, as files and in a folder, for all tests that only read it."""
    return public_world.published(public_world.gathered(told, public_world.rows()), tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def release_without_contacts(told: World, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The same before any count was released."""
    return public_world.published(public_world.gathered(told), tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def built_releases(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world with contact counts that a release shows in part (see tests/release_world.py)."""
    return release_world.build(built, tmp_path_factory.mktemp("releases") / "world")


@pytest.fixture
def releasing(built_releases: Built, tmp_path: Path) -> Iterator[World]:
    """That world in a folder of this test's own, open."""
    made = built_releases.opened(tmp_path / "releasing")
    yield made
    made.house.close()


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(tmp_path / "data", capsys, monkeypatch)


@pytest.fixture
def on_world(built: Built, line: Line) -> Line:
    """A command line on the small world, which no process holds."""
    copied(built.folder, line.data)
    return line
