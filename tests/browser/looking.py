"""What a page must keep to at every width, asked of the browser that shows it. Never opens a page itself."""

from __future__ import annotations

import time
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SIZES = ((1366, 768), (1920, 1080), (390, 844))
"""A laptop, a projector, a phone."""

# Everything that shows text must show all of it: neither cut by its own box nor written beyond its drawing.
CUT_OFF = """() => {
  const found = [];
  const name = element => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '') +
    (element.className && element.className.baseVal === undefined ? '.' + element.className.replaceAll(' ', '.') : '');
  for (const element of document.querySelectorAll('body *:not(script, style, option, select, textarea, input)')) {
    if (element.closest('.visually-hidden, .skip, svg, [hidden]') || !element.innerText) { continue; }
    const style = getComputedStyle(element);
    if (style.position === 'fixed' || style.display === 'inline' || element.clientWidth < 2) { continue; }  // hidden
    if (/hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      found.push(name(element) + ' is cut at its side');
    }
    if (/hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1) {
      found.push(name(element) + ' is cut below');
    }
  }
  for (const drawing of document.querySelectorAll('svg')) {
    const frame = drawing.getBoundingClientRect();
    if (!frame.width || drawing.closest('svg svg, details:not([open])')) { continue; }
    for (const text of drawing.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.width && (box.left < frame.left - 1 || box.right > frame.right + 1)) {
        found.push('“' + text.textContent + '” is written beyond its drawing');
      }
    }
  }
  return found;
}"""
# Every control that a pointer reaches, as a short name.
CONTROLS = """() => Array.from(document.querySelectorAll(
  'a[href], button, select, textarea, input:not([type=hidden]), summary, [tabindex="0"]'
)).filter(element => {
  const closed = element.closest('details:not([open])');
  return element.checkVisibility({visibilityProperty: true}) && !element.disabled
    && !element.closest('[hidden]') && !(closed && closed.querySelector('summary') !== element);
}).map((element, n) => { element.dataset.control = n; return n; })"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) { return null; }
  const style = getComputedStyle(element);
  return {
    control: element.dataset.control === undefined ? null : Number(element.dataset.control),
    said: (element.innerText || element.getAttribute('aria-label') || element.name || element.tagName).trim(),
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
  };
}"""
SEEN = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.right > 0 && box.left < innerWidth;
}"""
WIDER = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
DRAWN = """() => Array.from(document.querySelectorAll('.js-plotly-plot')).every(
  plot => plot.querySelector('.bars path, .scatterlayer .trace'))"""


def settled(page: Page) -> None:
    """Wait until the page has drawn what it draws: its heading, its charts, and its letters."""
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_function(DRAWN)
    page.evaluate("document.fonts.ready")


def examine(page: Page, title: str) -> None:
    """Hold the page to everything that can be seen without using it, at each of the three widths."""
    settled(page)
    headings = page.locator("h1").all_inner_texts()
    assert len(headings) == 1, f"first headings: {headings}"
    assert page.locator("html").get_attribute("lang") == "en", "the page does not say its language"
    assert title in page.title(), f"the title is “{page.title()}”"
    expect(page.locator(".demo")).to_contain_text("Demonstration data")
    expect(page.locator(".demo")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        # A chart follows its frame a moment after the window.
        assert soon(page, WIDER, 0) == 0, f"wider than {width} pixels"
        cut = soon(page, CUT_OFF, [])
        assert not cut, f"at {width} pixels: {cut}"
        if width != 1920:
            broken = broken_rules(page)
            assert not broken, f"at {width} pixels: {broken}"
    assert page.locator(".modebar-btn").count() == 0, "Plotly shows its buttons"
    assert "share chart" not in page.content().casefold(), "Plotly offers to share a chart"


def soon(page: Page, question: str, wanted: object) -> Any:
    """The answer of the page: as soon as it is the wanted one, or else what it still is after five seconds."""
    until = time.monotonic() + 5
    while (found := page.evaluate(question)) != wanted and time.monotonic() < until:
        page.evaluate("() => new Promise(requestAnimationFrame)")
    return found


def broken_rules(page: Page) -> list[str]:
    """The rules of accessibility that axe finds broken, with the element."""
    results: Any = Axe().run(page)
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]


def walk_by_keyboard(page: Page, most: int = 400) -> list[str]:
    """Press Tab from the top until the page ends. Returns what was reached, by name; fails where focus was not seen."""
    wanted: list[int] = page.evaluate(CONTROLS)
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    reached: list[int] = []
    names: list[str] = []
    for _step in range(most):
        page.keyboard.press("Tab")
        focused: Any = page.evaluate(FOCUSED)
        if focused is None or focused["control"] in reached[:-1]:
            break
        if reached and focused["control"] == reached[-1]:
            continue  # a date has a stop for the day, the month, the year and the calendar
        assert focused["ring"], f"{focused['said']}: the focus cannot be seen"
        # The browser glides to what has the focus.
        assert soon(page, SEEN, True), f"{focused['said']}: has the focus outside of what is shown"
        names.append(focused["said"])
        if focused["control"] is not None:
            reached.append(focused["control"])
    missed = [n for n in wanted if n not in reached]
    missing = page.evaluate(
        "ns => ns.map(n => document.querySelector(`[data-control='${n}']`).outerHTML.slice(0, 120))", missed
    )
    assert not missing, f"no key reaches {missing}"
    return names
