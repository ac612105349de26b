"""The frame around every page, and what pages say of an address that asks for what they do not show."""

from __future__ import annotations

import pytest

from dashboard.reference import text
from test_indicator_pages import Browsers
from world import World


@pytest.fixture(scope="module")
def browsers(looked_at: World) -> Browsers:
    return Browsers(looked_at)


def test_the_head_names_her_organisation_and_not_its_code(browsers: Browsers) -> None:
    page = browsers.client("agency").get("/overview").text
    assert '<span class="who-as">reporting agency · XAA-HEALTH office</span>' in page


def test_on_a_phone_the_pages_are_a_menu_that_needs_no_script(browsers: Browsers) -> None:
    page = browsers.client("agency").get("/overview").text
    head = page[page.index("<nav") : page.index("</nav>")]
    assert head.index('<details class="menu"><summary>Menu</summary></details>') < head.index("<ul>")


def test_paper_says_when_and_from_where_it_was_printed(browsers: Browsers, looked_at: World) -> None:
    page = browsers.client("agency").get("/overview?country=XBA").text
    day = text.day(looked_at.viewer("agency").today)
    assert f"Printed on {day} from {looked_at.house.settings.address}/overview?country=XBA" in page


def test_a_page_that_always_shows_now_says_so_where_a_moment_is_kept(browsers: Browsers) -> None:
    told = "This page always shows now"
    assert told in browsers.page("coordinator", "/submissions", "?as_of=2026-06-30")
    assert told not in browsers.page("coordinator", "/submissions")
    assert told not in browsers.page("coordinator", "/submissions", "?as_of=2999-01-01"), "that is no moment"


@pytest.mark.parametrize("path", ["/overview", "/indicators", "/completeness", "/coverage", "/indicator/P-SVC-3"])
def test_a_country_that_is_not_there_gives_way_and_is_named(browsers: Browsers, path: str) -> None:
    said = "“XQQ” is not on this list. Shown instead: "
    assert said in browsers.page("member", path, "?country=XQQ")
    assert "is not on this list" not in browsers.page("member", path)


@pytest.mark.parametrize("path", ["/overview", "/indicators", "/completeness", "/coverage"])
def test_a_quarter_that_is_not_there_gives_way_and_is_named(browsers: Browsers, path: str) -> None:
    assert "“Q1 1999” is not on this list. Shown instead: " in browsers.page("member", path, "?period=1999-Q1")
