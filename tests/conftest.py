"""The fixtures that every test module shares: a data folder of its own, the house in it, the app around the house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.record.house import House, open_house


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
