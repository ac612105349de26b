"""What was shown at the end of each quarter of the demonstration is what “as of” that moment shows ever after."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import quarters_shown
from dashboard.record.house import House
from demonstration_world import watched_while_built
from quarters_shown import VIEWERS, shown


@pytest.mark.timeout(600)
def test_each_quarter_is_as_it_was_shown(demonstration_folder: Path, demo: House) -> None:
    """Twelve quarters were lived through; each is asked for again, with all that came later in the record."""
    then = quarters_shown.read(watched_while_built(demonstration_folder))
    assert len(then.versions) >= 11, sorted(then.versions)
    differing = []
    for (day, name), was in then.shown.items():
        assert demo.store.version_on(datetime.combine(day, datetime.max.time(), UTC)) == then.versions[day]
        now = shown(demo, VIEWERS[name], day, then.versions[day])
        differing += [(str(day), name, part) for part in was if was[part] != now[part]]
    assert differing == []
    states = {name: [then.shown[day, name] for day in then.versions] for name in VIEWERS}
    assert all(a != b for a, b in zip(states["secretariat"], states["secretariat"][1:], strict=False)), (
        "each quarter brought something, or nothing was compared"
    )


@pytest.mark.parametrize("name", VIEWERS)
def test_the_viewers_differ(name: str) -> None:
    assert VIEWERS[name].roles
