"""What only a browser shows of the pages: keys, choices, files dropped on them, and names that stay names."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from e2e.conftest import KeyboardUser, User
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
            yield made


def _quoted(payload: str) -> str:
    return payload.replace("\\", "\\\\").replace('"', '\\"')


def test_hostile_names_do_nothing_in_the_browser(pages: Served, visit: Visit) -> None:
    user = visit(pages)
    page, asked, requested = user.page, list[str](), list[str]()

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: requested.append(request.url))
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
    user = visit(pages, kind=KeyboardUser)
    page = user.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("åkes")
    expect(page.locator("table.clients tbody tr")).to_have_count(1)
    user.press("Åkes Bageri AB")
    expect(page).to_have_url(re.compile(r"/engagements/1$"))
    user.press("Saldon")
    expect(page).to_have_url(re.compile(r"/engagements/1/balances$"))
    user.press("1930")
    expect(page).to_have_url(re.compile(r"/accounts/1930"))
    user.press("A 1")
    expect(page.locator("#vouchers article h2")).to_have_text("A 1")
    page.keyboard.press("Escape")
    expect(page.locator("#vouchers article")).to_have_count(0)


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
    page.get_by_role("button", name="På svenska").click()
    expect(page.get_by_role("heading", name="Behandlingshistorik")).to_be_visible()


def test_a_month_is_reconciled_by_keys(pages: Served, visit: Visit) -> None:
    """*Balansavstämning*, without waiting for what is being saved."""
    visitor, opening = pages.visitor(), (("1510", "500"), ("1930", "1000"), ("2081", "-1200"), ("2440", "-300"))
    books = sie(voucher(1), opening=opening, organisation_number="556012-5790", company="Månadens AB")
    visitor.accept(visitor.drop(("month.se", books)))
    user = visit(pages)
    user.expected |= {"422"}
    page = user.page
    user.go("/engagements/3/reconciliation?year=2025-12-31&period=2025-03")

    def amount(account: str) -> str:
        return f"#typed-{account}"

    page.locator(amount("1510")).focus()
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    expect(page.locator(amount("1930"))).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    expect(page.locator(amount("1930"))).to_have_value("")
    page.keyboard.type("12,000")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#trouble-1930")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(amount("1930"))).to_have_value("")
    expect(page.locator("#trouble-1930")).to_have_count(0)
    page.keyboard.press("=")
    expect(page.locator(amount("1930"))).to_have_value("900,00")
    expect(page.locator(amount("1510"))).to_have_value("500,00")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator(amount("2081"))).to_be_focused()
    page.keyboard.type("-1200")
    # On at once: the second save of the row waits for the first, and tells the version that it made.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#done-2081")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#account-2081")).to_contain_text("Klar")
    expect(page.locator("#progress")).to_contain_text("1 av 4 konton klara")
    expect(page.get_by_role("button", name="Klarmarkera alla 3 ")).to_be_visible()
    expect(page.locator("#done-2081")).to_be_checked()

    page.locator("#done-2440").press("Space")
    expect(page.locator("#comment-2440")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Skriv en kommentar")
    expect(page.locator("#done-2440")).not_to_be_checked()
    page.keyboard.type("Se reskontran")
    page.locator("#done-2440").press("Space")
    expect(page.locator("#progress")).to_contain_text("2 av 4 konton klara")
    expect(page.locator("#comment-2440")).to_have_value("Se reskontran")

    page.locator(amount("1930")).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("880")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Kredit, rad 1")).to_have_value("20,00")
    page.get_by_label("Konto, rad 2").fill("4010")
    page.keyboard.press("Enter")
    expect(page.locator(amount("1930"))).to_be_focused()
    expect(page.locator("#account-1930")).to_contain_text("0,00")
    expect(page.locator("#account-1930 a.book")).to_have_count(0)
    assert page.url.endswith("#account-1930")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_have_text("Det finns ingen differens att bokföra.")
