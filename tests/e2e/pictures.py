"""The pictures of every page in `docs/images`, made anew: `make pictures`, or
`python -m e2e.pictures FOLDER [LANGUAGE [dark]]` to look at others.

They show `shown_office`, are as wide as a small laptop's window, and hold 256 colours, so that each stays small.
"""

import base64
import os
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.conftest import ARGUMENTS, CHROMIUM
from shown_office import BOOKS, FILE_BOOKS, YEAR, ShownOffice, make_shown_office
from web_house import Served

WIDTH, HEIGHT, TALLEST = 1120, 500, 860


def pictures(office: ShownOffice) -> dict[str, str]:
    """Addresses by the picture's name."""
    places = office.places
    return {
        "clients": "/",
        "files": f"/files/{places['batch']}",
        "guide": "/guide",
        "guide-source": "/guide/fortnox",
        "guide-company": f"{BOOKS}/guide/company",
        "guide-period": f"{BOOKS}/guide/period",
        "guide-accounts": f"{BOOKS}/guide/accounts",
        "guide-done": f"{BOOKS}/guide/done",
        "guide-file": f"/files/{places['batch']}/1",
        "import": f"{BOOKS}/import",
        "source": "/engagements/2/source",
        "overview": f"{BOOKS}?{YEAR}",
        "balances": f"{BOOKS}/balances?{YEAR}",
        "account": f"{BOOKS}/accounts/1510?{YEAR}",
        "vouchers": f"{BOOKS}/vouchers?{YEAR}",
        "changes": f"{FILE_BOOKS}/changes",
        "changes-signed": f"{BOOKS}/changes?{YEAR}",
        "compare": f"{FILE_BOOKS}/compare",
        "comparison": f"{FILE_BOOKS}/compare/{places['run']}",
        "reconciliation": f"{BOOKS}/reconciliation?{YEAR}&period=2025-03",
        "reconciliation-locked": f"{BOOKS}/reconciliation?{YEAR}&period=2025-02",
        "periods": f"{BOOKS}/reconciliation/periods?{YEAR}",
        "results": f"{BOOKS}/results?year=2026-12-31&period=2026-01",
        "analysis": f"{BOOKS}/analysis?{YEAR}",
        "attachments": f"{BOOKS}/attachments?{YEAR}",
        "attachment": f"{BOOKS}/attachments/receivables?{YEAR}",
        "attachment-account": f"{BOOKS}/attachments/accounts/1930?{YEAR}",
        "attachment-own": f"{BOOKS}/attachments/own/1?{YEAR}",
        "entries": f"{BOOKS}/entries?{YEAR}",
        "entry": f"{BOOKS}/entries/V2?{YEAR}",
        "entry-new": f"{BOOKS}/entries/new?{YEAR}&side=receivables&number=1",
        "system": f"{BOOKS}/entries/system?{YEAR}",
        "export": f"{BOOKS}/export?{YEAR}",
        "export-dialog": f"{BOOKS}/export/new?{YEAR}",
        "export-done": f"{BOOKS}/export/{places['batch:int']}?{YEAR}",
        "export-grey": "/engagements/1/export",
        "reports": f"{BOOKS}/reports?{YEAR}&period=2025-01",
        "history": f"{BOOKS}/history",
        "help": "/help/sources/fortnox",
    }


def take(browser: Browser, pages: Served, office: ShownOffice, folder: Path, language: str, scheme: str) -> None:
    """All of them in one language, `light` or `dark`."""
    locale = {"en": "en-GB", "sv": "sv-SE"}[language]
    size = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(locale=locale, viewport=size, reduced_motion="reduce", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(pages.link())
    for name, address in pictures(office).items():
        page.goto(pages.origin + address, wait_until="networkidle")
        if name == "account":
            page.locator("table.ledger tbody a").first.click()
            page.locator("#vouchers article").wait_for()
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": WIDTH, "height": min(max(whole, HEIGHT), TALLEST)})
        (folder / f"{name}.png").write_bytes(_small(page, page.screenshot()))
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    context.close()


_REDUCED = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const seen = canvas.getImageData(0, 0, image.width, image.height).data;
  const count = new Map();
  const colour = (at) => (seen[at] << 16) | (seen[at + 1] << 8) | seen[at + 2];
  for (let at = 0; at < seen.length; at += 4) count.set(colour(at), (count.get(colour(at)) ?? 0) + 1);
  const palette = [...count.keys()].sort((a, b) => count.get(b) - count.get(a)).slice(0, 256);
  const part = (a, b, shift) => (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2;
  const far = (a, b) => part(a, b, 16) + part(a, b, 8) + part(a, b, 0);
  const place = new Map(palette.map((each, number) => [each, number]));
  for (const each of count.keys()) {
    if (place.has(each)) continue;
    let best = 0;
    palette.forEach((other, number) => { if (far(each, other) < far(each, palette[best])) best = number; });
    place.set(each, best);
  }
  const pixels = new Uint8Array(seen.length / 4);
  for (let at = 0; at < seen.length; at += 4) pixels[at / 4] = place.get(colour(at));
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [image.width, image.height, palette, btoa(text)];
}"""


def _small(page: Page, png: bytes) -> bytes:
    """The picture with the 256 colours that it has most of."""
    width, height, palette, pixels = page.evaluate(_REDUCED, base64.b64encode(png).decode())
    raw = base64.b64decode(pixels)
    lines = b"".join(b"\0" + raw[row * width : (row + 1) * width] for row in range(height))
    colours = b"".join(each.to_bytes(3, "big") for each in palette)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held)) for name, held in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main(folder: Path, language: str = "en", scheme: str = "light") -> None:
    """Make the office, serve it, take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as made, sync_playwright() as playwright:
        os.environ["CLOSING_KEY_FILE"] = f"{made}/key"
        office = make_shown_office(Path(made) / "made")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with office.opened(Path(made) / "data") as pages:
            take(browser, pages, office, folder, language, scheme)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
