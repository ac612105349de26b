"""What the pages of a meeting say of it: what is its own and what is of earlier ones, and how long it takes."""

from __future__ import annotations

import re

from action_world import HEALTH, TODAY
from dashboard.coordination import meetings
from dashboard.coordination.together import Topic
from dashboard.reports import members
from dashboard.reports.moments import Moment
from dashboard.web import meeting_figures
from meeting_world import TOPICS, decide, prepare, running
from test_meeting_page import Clients, clients, parts, world  # noqa: F401  two fixtures
from world import World


def test_what_no_action_follows_is_said_of_this_meeting_and_of_earlier_ones_apart(
    world: World,  # noqa: F811
    clients: Clients,  # noqa: F811
) -> None:
    """A meeting whose own decisions are followed says so, beside those of the meetings before it."""
    earlier = running(world)
    decide(world, earlier, "The council writes to the minister.")
    kept = prepare(world, topics=(Topic("What became of it?", "decisions", 5), *TOPICS))
    meetings.start(world.viewer("coordinator"), world.house, kept)
    decide(world, kept, follows=HEALTH)
    page = clients["member"].get(f"/meeting/{kept}").text
    assert "1 decision was taken. An action follows every decision of this meeting." in page
    assert "No action follows 1 decision of other meetings." in page
    [link] = re.findall(r'of other meetings\. <a href="([^"]+)">', page)
    assert link == "/meetings?country=XAA"
    assert "The council writes to the minister." in clients["member"].get(link).text
    topic = parts(clients["member"], kept)["parts"]["topic"]["html"]
    assert "No action follows 1 decision of other meetings." in topic
    own = clients["member"].get(f"/meeting/{earlier}").text
    assert "An action follows every decision of other meetings." not in own
    assert "1 decision was taken. No action follows 1 decision of this meeting." in own


def test_the_minutes_of_an_agenda_are_added_up_where_it_is_planned_and_shown(
    world: World,  # noqa: F811
    clients: Clients,  # noqa: F811
) -> None:
    asked = clients["coordinator"]
    page = asked.get("/meetings").text
    ticked = [int(n) for n in re.findall(r" checked> <span>[^<]*\((\d+) minutes\)", page)]
    assert len(ticked) > 3
    assert f"The lines that are ticked on this page when it opens take {sum(ticked)} minutes in all." in page
    assert "45 minutes in all" in clients["member"].get(f"/meeting/{prepare(world)}").text


def test_where_there_is_nothing_no_sentence_speaks_of_all(
    world: World,  # noqa: F811
    clients: Clients,  # noqa: F811
) -> None:
    """Neither that every decision is followed where none was taken, nor the seats of others for a country without."""
    kept = prepare(world, topics=(Topic("What became of it?", "decisions", 5),))
    assert "No other meeting has taken a decision yet." in clients["member"].get(f"/meeting/{kept}").text
    viewer = world.viewer("secretariat")
    assert members.members(viewer, world.house, country="XZZ").gaps, "the register of all countries has some"
    shown = meeting_figures.shown(viewer, world.house, Moment("", "", None, TODAY), "XZZ", "seats")
    assert (shown.answer, shown.named) == ("No member register has been accepted yet.", ())
