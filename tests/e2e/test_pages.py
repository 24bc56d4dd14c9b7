"""Every page for everybody: axe finds nothing, the keyboard is enough, 360 pixels are enough, names stay names."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from e2e.conftest import AXE, User
from hostile import PAYLOADS
from small_sie import sie, voucher
from web_house import Served, served

Visit = Callable[..., User]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two engagements from files, one of them with names that try to be something else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(tmp_path_factory.mktemp("key") / "key"))
        with served(tmp_path_factory.mktemp("pages") / "data") as made:
            visitor = made.visitor()
            visitor.accept(visitor.drop(("books.se", sie(voucher(1), voucher(2, day="20250711")))))
            visitor.accept(visitor.drop(("books.se", sie(voucher(1), voucher(2), voucher(3)))))
            names = "".join(f'#KONTO {6000 + n} "{_quoted(each)}"\r\n' for n, each in enumerate(PAYLOADS)).encode()
            rows = "".join(f"#TRANS {6000 + n} {{}} 1.00\r\n" for n in range(len(PAYLOADS)))
            text = f'#VER A 1 20250102 "{_quoted(PAYLOADS[5])}"\r\n{{\r\n{rows}#TRANS 1930 {{}} -300.00\r\n}}\r\n'
            content = sie(organisation_number="556036-0793", company="<img src=x onerror=alert(1)>") + names
            visitor.accept(visitor.drop((PAYLOADS[2], content + text.encode())))
            made.batch = visitor.drop(("a.se", sie(voucher(1))), ("b.txt", b"no books"))  # type: ignore[attr-defined]
            made.file = visitor.drop(("c.se", sie(voucher(9), organisation_number="556012-5790")))  # type: ignore[attr-defined]
            yield made


def _quoted(payload: str) -> str:
    return payload.replace("\\", "\\\\").replace('"', '\\"')


def addresses(pages: Served) -> list[str]:
    base = "/engagements/1"
    books = ("balances", "accounts/1930", "vouchers/0", "history", "import", "source", "source?choose=fortnox")
    found = ["/", "/?q=nothing", "/guide", "/guide/sie4", "/nowhere", *(f"{base}/{each}" for each in books)]
    return [*found, pages.batch, pages.file, "/start?token=spent"]  # type: ignore[attr-defined]


def violations(page: Page) -> list[str]:
    """What axe finds, each with the first place."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(scheme: str, pages: Served, visit: Visit) -> None:
    user = visit(pages, examined=True)
    user.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    # What dark colours can spoil is their contrast, which the same parts have on every page.
    every = addresses(pages)
    for address in every if scheme == "light" else ("/", "/guide", *every[8:12]):
        user.go(address)
        if violated := violations(user.page):
            found[address] = violated
    user.complaints.clear()  # the browser notes the statuses 403 and 404
    assert found == {}


def test_every_page_fits_into_360_pixels(pages: Served, visit: Visit) -> None:
    user = visit(pages, width=360)
    wide = {}
    for address in addresses(pages):
        user.go(address)
        if (width := user.page.evaluate("document.documentElement.scrollWidth")) > 360:
            wide[address] = width
    user.complaints.clear()
    assert wide == {}


def test_hostile_names_do_nothing_in_the_browser(pages: Served, visit: Visit) -> None:
    user = visit(pages)
    page, asked, requested = user.page, list[str](), list[str]()

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: requested.append(request.url))
    policy = "addEventListener('securitypolicyviolation', (event) => console.error('CSP ' + event.violatedDirective))"
    page.add_init_script(policy)
    for address in ("/", "/engagements/2/balances", "/engagements/2/accounts/6000", "/engagements/2/vouchers/0"):
        user.go(address)
    user.go("/engagements/2/history")
    user.go("/engagements/2/accounts/1930")
    page.locator("table.ledger tbody a").first.click()
    expect(page.locator("#vouchers article")).to_be_visible()
    assert page.locator("#vouchers tbody tr").count() == len(PAYLOADS) + 1
    assert asked == []
    assert [each for each in requested if not each.startswith((pages.origin, "data:"))] == []


def test_the_keyboard_is_enough(pages: Served, visit: Visit) -> None:
    user = visit(pages)
    page = user.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("åkes")
    expect(page.locator("table.clients tbody tr")).to_have_count(1)
    tab_to(page, "Åkes Bageri AB")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/engagements/1/balances$"))
    tab_to(page, "1930")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/accounts/1930"))
    tab_to(page, "A 1")
    page.keyboard.press("Enter")
    expect(page.locator("#vouchers article h2")).to_have_text("A 1")
    page.keyboard.press("Escape")
    expect(page.locator("#vouchers article")).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the link with this text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_several_are_chosen_and_those_from_files_say_so(pages: Served, visit: Visit) -> None:
    user = visit(pages)
    page = user.page
    button = page.get_by_role("button", name="Importera valda")
    expect(button).to_be_disabled()
    page.get_by_label("Välj alla").check()
    button.click()
    expect(page.get_by_text("hoppades över. Böckerna kommer från filer")).to_have_count(2)


def test_files_dropped_anywhere_are_read(pages: Served, visit: Visit, tmp_path: Path) -> None:
    user = visit(pages)
    page = user.page
    dropped = page.evaluate_handle(
        """(content) => {
            const held = new DataTransfer();
            held.items.add(new File([content], "släppt.se"));
            return held;
        }""",
        sie(voucher(1)).decode("cp437"),
    )
    page.dispatch_event("main", "dragenter", {"dataTransfer": dropped})
    expect(page.get_by_text("Släpp SIE-filerna här för att importera dem")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", name="Stämmer det?")).to_be_visible()
    expect(page.get_by_text("släppt.se", exact=False).first).to_be_visible()


def test_an_import_is_undone_and_the_language_changes_on_the_spot(pages: Served, visit: Visit) -> None:
    user = visit(pages)
    page = user.page
    user.go("/engagements/1/history")
    page.get_by_role("button", name="Visa den här igen").click()
    page.get_by_role("button", name="In English").click()
    expect(page).to_have_url(re.compile(r"/engagements/1/history$"))
    expect(page.get_by_role("heading", name="Processing history")).to_be_visible()
    page.get_by_role("button", name="Show this one again").click()
    expect(page.get_by_text("Import undone: an earlier one shown again")).to_have_count(2)
