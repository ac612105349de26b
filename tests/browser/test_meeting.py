"""A whole meeting as it is played: prepared, run on three screens at once, decided, closed, looked at afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
NOTE = "What was said, for the minutes"
QUICKLY = 8_000  # two seconds where nothing else runs; these machines do much else
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "request failed")


def planned(chair: Page, there: Any, title: str) -> str:
    """A meeting for today, prepared by its coordinator from what is proposed; returns its address."""
    chair.goto(there.address + "/meetings")
    form = chair.locator("form[action='/meetings']")
    form.get_by_label("Title", exact=True).fill(title)
    form.get_by_label("Day", exact=True).fill(datetime.now(UTC).date().isoformat())
    expect(form.get_by_text(re.compile("past (its|their) due date"))).to_be_visible()
    form.get_by_role("button", name="Plan the meeting").click()
    chair.wait_for_url("**/meeting/*")
    return chair.url


def line(page: Page, words: str) -> None:
    """Go to the line of the agenda that has these words, by its number."""
    page.locator(".run-agenda a", has_text=words).click()
    expect(page.locator(".run h1")).to_contain_text(words)


def test_a_meeting_is_played_on_three_screens(lived_in: Any, visit: Visit) -> None:
    """Prepare, run, decide, close, export: one in the chair, one who writes, one who follows on her phone."""
    chair = visit(lived_in, "coordinator", "/meetings")
    address = planned(chair, lived_in, "Played on three screens")
    path = address.removeprefix(lived_in.address)
    expect(chair.locator("ol.agenda > li")).not_to_have_count(0)
    link = chair.locator("details", has_text="Add a link to a document")
    link.locator("summary").click()
    link.get_by_label("Title").fill("Minutes of the last meeting")
    link.get_by_label("Address").fill("https://files.example.org/minutes.pdf")
    link.get_by_role("button", name="Add the link").click()
    expect(chair.get_by_role("link", name="Minutes of the last meeting")).to_be_visible()

    chair.get_by_role("link", name="Open meeting mode").click()
    writer, member = visit(lived_in, "secretariat", f"{path}/run"), visit(lived_in, "member", f"{path}/run")
    member.set_viewport_size({"width": 390, "height": 844})
    expect(member.locator("form[data-do]")).to_have_count(0)
    chair.get_by_role("button", name="Start the meeting").click()
    for page in (writer, member):
        expect(page.locator(".run-where")).to_contain_text("Running now", timeout=QUICKLY)

    # Keys turn the pages, and the figure is live on each.
    chair.locator(".run h1").click()
    chair.keyboard.press("?")
    expect(chair.get_by_role("dialog")).to_be_visible()
    chair.keyboard.press("Escape")
    first = chair.locator(".run h1").inner_text()
    chair.keyboard.press("ArrowRight")
    expect(chair.locator(".run h1")).not_to_have_text(first)
    chair.keyboard.press("ArrowLeft")
    expect(chair.locator(".run h1")).to_have_text(first)

    # Who is here.
    chair.locator(".seats").get_by_label("Ministry of Health").select_option("present")
    chair.get_by_role("button", name="Save the attendance").click()
    expect(member.get_by_text("1 of ", exact=False).first).to_be_visible(timeout=QUICKLY)

    # What one writes, the others read.
    for page in (chair, writer, member):
        line(page, "Which actions are late")
    writer.get_by_label(NOTE).fill("The ministry asks for half a year more.")
    writer.get_by_role("button", name="Save the note").click()
    expect(member.locator(".run-note")).to_contain_text("half a year more", timeout=QUICKLY)
    expect(chair.get_by_label(NOTE)).to_have_value("The ministry asks for half a year more.", timeout=QUICKLY)

    # A decision, with an action that begins with it.
    chair.get_by_label("The decision, as it will stand").fill("The shelter in the east opens next year.")
    chair.locator(".decide").get_by_label("Ministry of Social Affairs").check()
    form = chair.locator(".decide")
    form.get_by_label("Which action follows?").select_option("new")
    form.get_by_label("What is to be done").fill("Open a shelter in the east")
    form.get_by_label("What it changes for the survivor").fill("She has a safe place within a day's journey.")
    form.get_by_label("Leads").select_option(label="Ministry of Social Affairs")
    early = datetime.now(UTC).date() - timedelta(days=30)
    form.get_by_label("Due date").fill(early.isoformat())
    chair.watch.expect("status of 409")  # type: ignore[attr-defined]
    form.evaluate("form => { form.noValidate = true; }")
    form.get_by_role("button", name="Take the decision").click()
    expect(form.locator(".form-said")).to_contain_text("cannot be due before that day")
    form.get_by_label("Due date").fill((early + timedelta(days=300)).isoformat())
    form.get_by_role("button", name="Take the decision").click()
    for page in (chair, writer, member):
        expect(page.locator(".decisions")).to_contain_text("The shelter in the east opens", timeout=QUICKLY)
    code = member.locator(".decisions a").first.inner_text()
    assert re.fullmatch(r"XAA-20\d\d-\d\d", code)
    expect(form.get_by_label("The decision, as it will stand")).to_have_value("")

    # One that no action follows yet.
    line(writer, "Where does the plan stand")
    writer.get_by_label("The decision, as it will stand").fill("The council writes to the minister.")
    writer.get_by_role("button", name="Take the decision").click()
    expect(writer.locator(".decisions .unfollowed")).to_be_visible(timeout=QUICKLY)

    # Closed: every screen says so, nothing can be typed any more, and the page is of that moment.
    chair.keyboard.press("Escape")
    chair.locator(".run h1").click()
    chair.keyboard.press("End")
    chair.get_by_label("Close it: its pages").check()
    chair.get_by_role("button", name="Close the meeting").click()
    for page in (chair, writer, member):
        expect(page.get_by_text("The meeting is closed.")).to_be_visible(timeout=QUICKLY)
    expect(chair.locator("form[data-do]")).to_have_count(0)
    member.goto(address)
    expect(member.locator("main")).to_contain_text("You see the record as it stood on")
    expect(member.locator("main")).to_contain_text(
        "2 decisions were taken. No action follows 1 decision of this meeting."
    )
    for paper, ending in (("Minutes (Word)", ".docx"), ("Briefing", ".pptx"), ("Open actions", ".csv")):
        with member.expect_download() as saved:
            member.get_by_role("link", name=paper).click()
        assert saved.value.suggested_filename.endswith(ending) and saved.value.path().stat().st_size > 100
    member.goto(f"{lived_in.address}/actions?action={code}&state=all")
    expect(member.locator("#action-facts")).to_contain_text("Open a shelter in the east")
    expect(member.locator("#action-facts")).to_contain_text("Played on three screens")


def running(chair: Page, there: Any, title: str) -> str:
    address = planned(chair, there, title)
    chair.goto(address + "/run")
    chair.get_by_role("button", name="Start the meeting").click()
    expect(chair.locator(".run-where")).to_contain_text("Running now", timeout=QUICKLY)
    line(chair, "Which actions are late")
    return chair.url


def test_two_people_write_at_once_and_both_texts_are_shown(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    address = running(chair, lived_in, "Two people at once")
    writer = visit(lived_in, "secretariat", address.removeprefix(lived_in.address))
    for page in (chair, writer):
        page.watch.expect("status of 409")  # type: ignore[attr-defined]
    chair.get_by_label(NOTE).press_sequentially("Half of a sent")
    writer.get_by_label(NOTE).fill("Theirs came first.")
    writer.get_by_role("button", name="Save the note").click()
    said = chair.locator("form[data-key^='note'] .form-said")
    expect(said).to_contain_text("Theirs came first.", timeout=QUICKLY)
    chair.keyboard.type("ence.")
    expect(chair.get_by_label(NOTE)).to_have_value("Half of a sentence.")
    chair.get_by_role("button", name="Save the note").click()
    expect(said).to_contain_text("Demonstration secretariat changed this on", timeout=QUICKLY)
    expect(said).to_contain_text("Theirs came first.")
    expect(chair.get_by_label(NOTE)).to_have_value("Half of a sentence.")
    expect(writer.get_by_label(NOTE)).to_have_value("Theirs came first.")
    chair.get_by_role("button", name="Save the note").click()
    expect(writer.get_by_label(NOTE)).to_have_value("Half of a sentence.", timeout=QUICKLY)


def test_the_line_goes_for_a_while_and_nothing_is_lost(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    address = running(chair, lived_in, "The line goes")
    member = visit(lived_in, "member", address.removeprefix(lived_in.address))
    chair.watch.expect(*OFFLINE)  # type: ignore[attr-defined]
    chair.wait_for_timeout(4_000)  # the other lines are fetched meanwhile
    chair.context.set_offline(True)
    expect(chair.locator("#run-connection")).to_have_text(
        re.compile(r"^No connection since \d\d:\d\d\. What you type is kept here\.$"), timeout=15_000
    )
    chair.get_by_label("The decision, as it will stand").fill("Decided without a line.")
    chair.get_by_role("button", name="Take the decision").click()
    expect(chair.locator(".decide .form-said")).to_contain_text("It is sent by itself")
    here = chair.locator(".run h1").inner_text()
    chair.keyboard.press("Escape")
    chair.locator(".run h1").click()
    chair.keyboard.press("ArrowRight")
    expect(chair.locator(".run h1")).not_to_have_text(here)
    chair.get_by_label(NOTE).fill("Half a thought")
    chair.context.set_offline(False)
    expect(member.locator(".decisions")).to_contain_text("Decided without a line.", timeout=20_000)
    expect(member.locator(".decisions li")).to_have_count(1)
    expect(chair.get_by_label(NOTE)).to_have_value("Half a thought")
    chair.reload()
    expect(chair.get_by_label(NOTE)).to_have_value("Half a thought")
    expect(chair.locator("form[data-key^='note'] .form-said")).to_have_text("Kept here, not saved yet.")
    chair.keyboard.press("Escape")
    chair.locator(".run h1").click()
    chair.keyboard.press("ArrowLeft")
    expect(chair.locator(".decisions")).to_contain_text("Decided without a line.")


def test_what_ends_a_meeting_is_not_sent_by_itself(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    running(chair, lived_in, "Closed without a line")
    chair.watch.expect(*OFFLINE)  # type: ignore[attr-defined]
    chair.locator(".run h1").click()
    chair.keyboard.press("End")
    chair.get_by_label("Close it: its pages").check()
    chair.context.set_offline(True)
    chair.get_by_role("button", name="Close the meeting").click()
    expect(chair.locator("form.close .form-said")).to_contain_text("Not done, as far as this screen knows")
    assert chair.evaluate("Object.keys(sessionStorage).length") == 0
    expect(chair.locator("#run-connection")).to_contain_text("No connection since", timeout=15_000)
    chair.context.set_offline(False)
    expect(chair.locator("#run-connection")).to_have_text("Connected again.", timeout=15_000)
    chair.wait_for_timeout(3_000)  # in which a draft would be sent
    chair.reload()
    expect(chair.locator(".run-where")).to_contain_text("Running now")


SLOWLY = """what => {
  const fetched = window.fetch;
  window.fetch = async (address, ...more) => {
    const answer = await fetched(address, ...more);
    if (String(address).endsWith(what)) { await new Promise((done) => setTimeout(done, 3000)); }
    return answer;
  };
}"""
"""Answers to a step come three seconds late."""


def test_what_is_typed_on_while_it_is_saved_is_kept_and_saved_next(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    running(chair, lived_in, "Typed on")
    form, text = chair.locator(".decide"), chair.get_by_label("The decision, as it will stand")
    chair.evaluate(SLOWLY, "/decide")
    text.fill("The first decision.")
    form.get_by_role("button", name="Take the decision").click()
    text.fill("And another one.")
    expect(form.locator(".form-said")).to_have_text("Kept here, not saved yet.", timeout=QUICKLY)
    expect(text).to_have_value("And another one.")
    form.get_by_role("button", name="Take the decision").click()
    for words in ("The first decision.", "And another one."):
        expect(chair.locator(".decision-text", has_text=words)).to_be_visible(timeout=QUICKLY)

    said = chair.locator("form[data-key^='note'] .form-said")
    chair.evaluate(SLOWLY, "/note")
    chair.get_by_label(NOTE).fill("Half of a sent")
    chair.get_by_role("button", name="Save the note").click()
    chair.get_by_label(NOTE).fill("Half of a sentence.")
    expect(said).to_have_text("Kept here, not saved yet.", timeout=QUICKLY)
    chair.wait_for_timeout(1_500)  # the screen shows meanwhile what was saved
    chair.get_by_role("button", name="Save the note").click()
    expect(said).to_have_text("Saved. Everybody sees it.", timeout=QUICKLY)
    expect(chair.get_by_label(NOTE)).to_have_value("Half of a sentence.")


def test_where_nothing_may_be_stored_it_is_saved_all_the_same(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    chair.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    running(chair, lived_in, "Nothing may be stored")
    chair.get_by_label(NOTE).fill("Kept by the record alone.")
    chair.get_by_role("button", name="Save the note").click()
    expect(chair.locator("form[data-key^='note'] .form-said")).to_have_text("Saved. Everybody sees it.")


def test_what_somebody_typed_is_not_there_for_the_next_person(lived_in: Any, visit: Visit) -> None:
    chair = visit(lived_in, "coordinator", "/meetings")
    address = running(chair, lived_in, "Somebody else's laptop")
    chair.watch.expect("status of 401")  # type: ignore[attr-defined]  # a question that came after signing out
    chair.get_by_label(NOTE).fill("Mine alone")
    assert chair.evaluate("Object.keys(sessionStorage).length") == 1
    chair.get_by_role("button", name="Sign out").click()
    chair.wait_for_url("**/sign-in*")
    assert chair.evaluate("Object.keys(sessionStorage).length") == 0
    chair.evaluate("sessionStorage.setItem('meeting:of-somebody:x:note', '{}')")
    chair.context.request.get(lived_in.link("secretariat"), max_redirects=0)
    chair.goto(address)
    expect(chair.get_by_label(NOTE)).to_have_value("")
    assert chair.evaluate("Object.keys(sessionStorage).length") == 0
