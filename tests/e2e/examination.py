"""What a page must be for everybody: `examination.js` in the browser, in sizes and colours."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

NARROW = 360
_AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
_OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@cache
def _script() -> str:
    return "\n".join(each.read_text("utf-8") for each in (_AXE, Path(__file__).with_suffix(".js")))


def examine(page: Page, *, dark: bool) -> list[str]:
    """What is wrong with the page for somebody: axe, keys alone, a narrow window, and with `dark` the contrast in the
    dark. Everything that opens is opened."""
    page.evaluate(_OPEN)
    page.evaluate(_script())
    found: list[str] = page.evaluate("examination.violations([])")
    found += page.evaluate("examination.unreachable()")
    if dark:
        page.emulate_media(color_scheme="dark")
        found += [f"dark, {each}" for each in page.evaluate("examination.violations(['color-contrast'])")]
        page.emulate_media(color_scheme="light")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": NARROW, "height": size["height"]})
    found += page.evaluate("examination.outside(window.innerWidth)")
    page.set_viewport_size(size)
    return found
