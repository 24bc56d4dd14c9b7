"""A real browser on the served pages beside a local Fortnox. Anything that the browser complains of fails the test.

`visit(pages)` is a window on served pages, logged in; `office` is a fresh house with a local Fortnox beside it. `pages`
of a module's own (see `test_pages.py`) are cheaper: their windows are used again by the module's next test.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import printable

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect, sync_playwright

from datasource_fortnox.simulator import RunningSimulator
from web_house import Served, served_with_fortnox

PATIENCE = 60_000
"""Milliseconds to wait for what a page shall show: as long as a busy machine takes."""

CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-sync", "--disable-background-networking", "--disable-component-update"),
)
STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


@dataclass
class User:
    """Somebody at a browser's window on the pages. `complaints`: what its console said of our pages."""

    page: Page
    pages: Served
    complaints: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    """Statuses that the test asks for: the console notes every one from 400 on."""

    def go(self, path: str) -> None:
        self.page.goto(self.pages.origin + path, wait_until="domcontentloaded")

    def control(self, name: str) -> Locator:
        """The button or link with exactly this label."""
        label = self.page.get_by_role("button", name=name, exact=True)
        return label.or_(self.page.get_by_role("link", name=name, exact=True)).first

    def press(self, name: str) -> None:
        """The button or link with exactly this label."""
        self.use(self.control(name))

    def use(self, control: Locator) -> None:
        """Click on it."""
        control.click()

    def type(self, field: str, text: str) -> None:
        """Write into a field instead of what stands there."""
        self.page.fill(field, text)

    def choose(self, field: Locator, option: str) -> None:
        """What is offered with exactly this label."""
        field.select_option(label=option)

    def log_in(self, decision: str = "approve") -> None:
        """At the source: the usual account, the company, the decision."""
        self.page.fill("#username", "anna")
        self.page.fill("#password", "sommar")
        self.page.click("button[type=submit]")
        self.page.click(f"button[value={decision}]")

    def listen(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, said: ConsoleMessage) -> None:
        if said.type not in ("error", "warning") or not said.location.get("url", "").startswith(self.pages.origin):
            return
        status = STATUS.match(said.text)
        if status is None or status[1] not in self.expected:
            self.complaints.append(f"{said.text} ({said.location['url'].removeprefix(self.pages.origin)})")


class KeyboardUser(User):
    """Somebody who uses keys alone: every control is reached by Tab from where the focus is."""

    def use(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def type(self, field: str, text: str) -> None:
        self.reach(self.page.locator(field))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, option: str) -> None:
        # Its first letters are enough. Those that no key of the tests' keyboard has would go where text was typed last.
        self.reach(field)
        self.page.keyboard.type(option[: len(option) - len(option.lstrip(printable))])
        assert field.evaluate("(each) => each.selectedOptions[0].label") == option

    def reach(self, target: Locator) -> None:
        """Press Tab, or Shift+Tab when it lies before, as often as the document's order says; find the focus there."""
        target.wait_for()
        stops = target.evaluate(TAB_STOPS)
        if (
            stops > FAR
            and self.page.evaluate(AT_THE_TOP)
            and target.evaluate("(each) => each.closest('main') !== null")
        ):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
            stops = target.evaluate(TAB_STOPS)
        key = "Tab" if stops >= 0 else "Shift+Tab"
        for _ in range(abs(stops)):
            self.page.keyboard.press(key)
        for _ in range(PARTS_OF_FIELDS):
            if target.evaluate("(each) => each === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"Tab does not reach {target}")

    def log_in(self, decision: str = "approve") -> None:
        for each, typed in (("#username", "anna"), ("#password", "sommar")):
            self.type(each, typed)
        self.page.keyboard.press("Enter")
        self.use(self.page.locator(f"button[value={decision}]"))


FAR = 8
"""Stops from the top of a page beyond which one skips to its content."""

AT_THE_TOP = "document.activeElement === document.body && !location.hash && document.querySelector('a.skip') !== null"

PARTS_OF_FIELDS = 8
"""Stops that a document does not name: within a date's field."""

TAB_STOPS = """(target) => {
  const controls = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  const groups = new Set();
  const stops = [...controls].filter((each) => {
    if (each.tabIndex < 0 || each.disabled || each.type === "hidden") return false;
    if (!each.checkVisibility({visibilityProperty: true})) return false;
    if (each.type !== "radio") return true;
    // A group of radio buttons is one stop: the chosen one.
    const chosen = each.form?.querySelector(`[name="${each.name}"]:checked`);
    if (chosen) return each === chosen;
    return !groups.has(each.name) && groups.add(each.name);
  });
  const to = stops.indexOf(target);
  const focused = document.activeElement;
  if (stops.includes(focused)) return to - stops.indexOf(focused);
  // Tab begins at what has the focus though it is no stop, or where the address leads to.
  const led = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const begin = focused === document.body ? led : focused;
  const after = (each) => begin.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
  const first = begin ? stops.findIndex(after) : 0;
  return to < first ? to - first : to - first + 1;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module's tests: Playwright's loop, which stays while it runs, would trouble other modules'."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip("no chromium here; `make test` installs it")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Served, RunningSimulator]]:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))
    with served_with_fortnox(tmp_path / "data") as made:
        yield made


Windows = dict[tuple[object, ...], User]


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[Windows]:
    """The module's windows by what was asked for: opening one costs as much as three pages."""
    opened: Windows = {}
    yield opened
    for user in opened.values():
        user.page.context.close()


@pytest.fixture
def visit(chromium: Browser, windows: Windows) -> Iterator[Callable[..., User]]:
    """A browser's window that has followed the start link; at the end it must have no complaint."""
    users: list[User] = []

    def opened(pages: Served, language: str = "sv-SE", width: int = 1280, kind: type[User] = User) -> User:
        key = (pages.origin, language, width, kind)
        if key in windows:
            windows[key].go("/")
        else:
            size: ViewportSize = {"width": width, "height": 800}
            context = chromium.new_context(locale=language, viewport=size, reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
            windows[key] = kind(context.new_page(), pages)
            windows[key].listen()
            windows[key].page.goto(pages.link(), wait_until="domcontentloaded")
        users.append(windows[key])
        return windows[key]

    yield opened
    said = [complaint for user in users for complaint in user.complaints]
    for user in users:
        user.complaints.clear()
        user.expected.clear()
        user.page.goto("about:blank")
    assert said == []
