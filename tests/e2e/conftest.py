"""A real browser on the served pages beside a local Fortnox. Anything that the browser complains of fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from datasource_fortnox.simulator import RunningSimulator
from web_house import Served, served_with_fortnox

PATIENCE = 60_000
"""Milliseconds to wait for what a page shall show: as long as a busy machine takes."""

CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
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


@dataclass
class User:
    """Somebody at a browser. `complaints`: what its console said of our pages."""

    page: Page
    pages: Served
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.pages.origin + path)

    def press(self, name: str) -> None:
        """The button or link with exactly this label."""
        label = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        label.or_(link).first.click()

    def log_in(self, decision: str = "approve") -> None:
        """At the source: the usual account, the company, the decision."""
        self.page.fill("#username", "anna")
        self.page.fill("#password", "sommar")
        self.page.click("button[type=submit]")
        self.page.click(f"button[value={decision}]")

    def listen(self) -> None:
        origin = self.pages.origin
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text)
                if said.type in ("error", "warning") and said.location.get("url", "").startswith(origin)
                else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., User]]:
    """Opens a browser window of its own that has followed the start link; at the end it must have no complaint."""
    contexts: list[BrowserContext] = []
    users: list[User] = []

    def opened(pages: Served, language: str = "sv-SE", width: int = 1280, *, examined: bool = False) -> User:
        """`examined`: the window lets axe in, which the pages' policy would not."""
        size: ViewportSize = {"width": width, "height": 800}
        context = chromium.new_context(locale=language, viewport=size, bypass_csp=examined)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        user = User(context.new_page(), pages)
        users.append(user)
        user.listen()
        user.page.goto(pages.link())
        return user

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for user in users for complaint in user.complaints] == []
