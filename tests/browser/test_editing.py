"""Bad luck in the middle of an edit: somebody else is quicker, the session ends, the page is gone. Nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from looking import broken_rules, settled
from playwright.sync_api import Page, expect
from running import Served

Visit = Callable[..., Page]
OPEN = "/actions?country=XAA&action=XAA-SHE-1"
SEVERAL = "/actions/several?country=XBA"
STORED = "Object.keys(sessionStorage).filter(name => name.startsWith('draft:')).length"
TYPED = "We wait for the province, which decides in the spring."


def editing(visit: Visit, there: Served, role: str, **options: Any) -> Page:
    page = visit(there, role, OPEN, **options)
    settled(page)
    expect(page.locator("#action-note")).to_be_visible()
    return page


def save(page: Page, note: str) -> None:
    page.locator("#action-note").fill(note)
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator("#action-said")).to_contain_text("The change is saved")


def sign_in_again(page: Page, there: Served, role: str) -> None:
    assert page.context.request.get(there.link(role), max_redirects=0).status == 303


def lose_the_session(page: Page) -> None:
    page.watch.expect("status of 401", "status of 400")  # type: ignore[attr-defined]
    page.context.clear_cookies()


def test_the_other_change_stands_beside_what_is_being_typed(lived_in: Served, visit: Visit) -> None:
    first, second = editing(visit, lived_in, "coordinator"), editing(visit, lived_in, "secretariat")
    first.locator("#action-note").fill(TYPED)
    save(second, "The province agreed in May.")
    both = first.locator("#action-said .both")
    expect(both.locator("div").first).to_contain_text("The province agreed in May.")
    expect(both).to_contain_text("Yours, not saved")
    expect(both).to_contain_text(TYPED)
    expect(first.locator("#action-note")).to_have_value(TYPED)
    assert broken_rules(first) == []
    first.get_by_role("button", name="Save the change").click()
    expect(first.locator("#action-said")).to_contain_text("Somebody else was first")
    expect(first.locator("#action-note")).to_have_value(TYPED)
    first.get_by_role("button", name="Save the change").click()
    expect(first.locator("#action-said")).to_contain_text("The change is saved")
    history = first.locator("#action-facts .history")
    expect(history).to_contain_text(TYPED)
    expect(history).to_contain_text("The province agreed in May.")
    first.get_by_role("button", name="Take my last change back").click()
    expect(first.locator("#action-said")).to_contain_text("The change is taken back")


def test_what_is_typed_outlives_the_session_and_a_reload(lived_in: Served, visit: Visit) -> None:
    page = editing(visit, lived_in, "coordinator")
    page.locator("#action-note").fill(TYPED)
    page.locator("#action-state").select_option("blocked")
    lose_the_session(page)
    page.get_by_role("button", name="Save the change").click()
    page.wait_for_url("**/sign-in?next=**")
    sign_in_again(page, lived_in, "coordinator")
    page.goto(lived_in.address + OPEN)
    expect(page.locator("#action-note")).to_have_value(TYPED)
    expect(page.locator("#action-state")).to_have_value("blocked")
    expect(page.locator(".draft-said")).to_be_visible()
    expect(page.locator(".draft-newer")).to_be_hidden()
    assert broken_rules(page) == []
    save(editing(visit, lived_in, "secretariat"), "Seen in June.")
    page.reload()
    expect(page.locator("#action-note")).to_have_value(TYPED)
    expect(page.locator(".draft-newer")).to_be_visible()
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator("#action-said")).to_contain_text("The change is saved")
    assert page.evaluate(STORED) == 0, "what is saved is kept in the browser no longer"
    page.reload()
    expect(page.locator("#action-note")).to_have_value("")


def test_what_one_person_typed_is_for_nobody_else(lived_in: Served, visit: Visit) -> None:
    page = editing(visit, lived_in, "coordinator")
    page.locator("#action-note").fill(TYPED)
    assert page.evaluate(STORED) == 1
    lose_the_session(page)
    sign_in_again(page, lived_in, "secretariat")
    page.goto(lived_in.address + OPEN)
    settled(page)
    expect(page.locator("#action-note")).to_have_value("")
    expect(page.locator(".draft-said")).to_be_hidden()
    assert page.evaluate(STORED) == 0, "nor is it kept for whoever comes next"
    page.locator("#action-note").fill(TYPED)
    assert page.evaluate(STORED) == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(STORED) == 0


def test_several_chosen_actions_outlive_the_session_too(lived_in: Served, visit: Visit) -> None:
    page = visit(lived_in, "secretariat", SEVERAL)
    page.get_by_role("button", name="Choose all").click()
    boxes = page.locator("input[name=action]")
    count = boxes.count()
    assert count > 2
    boxes.first.uncheck()
    page.locator("#several-note").fill(TYPED)
    lose_the_session(page)
    page.get_by_role("button", name="Change the chosen actions").click()
    page.wait_for_load_state()
    sign_in_again(page, lived_in, "secretariat")
    page.goto(lived_in.address + SEVERAL)
    expect(page.locator("#several-note")).to_have_value(TYPED)
    assert page.locator("input[name=action]:checked").count() == count - 1
    page.get_by_role("button", name="Change the chosen actions").click()
    expect(page.locator(".answer")).to_contain_text(f"{count - 1} of {count - 1} actions were changed.")
    assert page.evaluate(STORED) == 0 and broken_rules(page) == []
    page.get_by_role("button", name="Take all of these changes back").click()
    expect(page.locator(".answer")).to_contain_text(f"{count - 1} of {count - 1} changes were taken back.")


def test_a_calendar_is_saved(served: Served, visit: Visit) -> None:
    page = visit(served, "coordinator", "/actions?country=XAA")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Due dates for a calendar").click()
    assert download.value.suggested_filename == "demo-actions-XAA.ics"
    assert download.value.path().read_text().startswith("BEGIN:VCALENDAR")


def test_the_sentences_of_what_changed_are_saved(served: Served, visit: Visit) -> None:
    page = visit(served, "coordinator", "/since?country=XAA")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save these sentences as text").click()
    assert download.value.suggested_filename.startswith("demo-since-XAA-")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("Demonstration data.") and page.locator(".answer").inner_text() in text
