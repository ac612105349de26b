"""What a projector shows, everybody in the room reads: no unreleased count is on it, whoever has the keyboard."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.coordination import agenda
from dashboard.reports import overview
from dashboard.reports.moments import Moment
from dashboard.web import meeting_figures
from numbered_world import POLICE, Q2, REFERRALS, RELEASED, SEES, numbers_in
from world import World


@pytest.mark.parametrize("name", [*SEES])
def test_a_screen_that_everybody_in_the_room_reads_holds_released_counts_only(numbered: World, name: str) -> None:
    """Whatever the line is about, and whoever shows it; on the page beside it the trained read theirs."""
    who, then = numbered.viewer(name), Moment("", "", None, datetime.now(UTC).date())
    hers = str(overview.overview(who, numbered.house, then, country="XAA", period=Q2))
    assert numbers_in(hers) - RELEASED or SEES[name] == {POLICE}, "there is something that must not be shown"
    for subject in (*agenda.SUBJECTS, "indicator:P-SVC-1", f"indicator:{REFERRALS}"):
        for country in ("XAA", "XBA"):
            shown = meeting_figures.shown(who, numbered.house, then, country, subject)
            text = " ".join((shown.answer, *shown.named, *shown.caveats)) + json.dumps(
                shown.figure, cls=PlotlyJSONEncoder
            )
            assert numbers_in(text) <= RELEASED, (subject, country)
