"""Saldon, Kontoanalys, vouchers and history show what the books say, closing entries included."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Status, Transferred
from closing_host.engagements.entries import add_entry, delete_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.storage.entries import EntryRecords
from closing_host.web.account_page import ROWS_AT_ONCE
from small_sie import sie, voucher
from web_house import Served, Visitor, served


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "data") as made:
        yield made


@pytest.fixture
def asa(pages: Served) -> Visitor:
    visitor = pages.visitor()
    visitor.post("/language", {"language": "sv"})
    return visitor


def cells(page: str, account: str) -> list[str]:
    """The amounts of an account's line, blanks as blanks."""
    line = re.search(rf'<tr><th scope="row"><a [^>]*>{account}</a>.*?</tr>', page, re.DOTALL)
    assert line is not None
    return [cell.replace("\u00a0", " ") for cell in re.findall(r"<td[^>]*>(.*?)</td>", line[0])]


def test_the_grid_shows_opening_months_and_closing(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1, "1234.50"), voucher(2, "100.00", day="20251224")))))
    page = asa.get("/engagements/1/balances").text
    amounts = cells(page, "1930")
    assert len(amounts) == 14
    assert (amounts[0], amounts[3], amounts[12], amounts[13]) == ("1 000,00", "-1 234,50", "-100,00", "-334,50")
    assert cells(page, "4010")[13] == "1 334,50"
    assert '<th scope="row">Summa</th><td>0,00</td>' in page


def test_accounts_without_amounts_are_shown_on_demand(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)) + b'#KONTO 5010 "Lokalhyra"\r\n')))
    assert "Lokalhyra" not in asa.get("/engagements/1/balances").text
    assert "Lokalhyra" in asa.get("/engagements/1/balances?zero=1").text


def test_the_year_that_is_closed_is_shown_first(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    asa.accept(asa.drop(("b.se", sie(voucher(1, day="20260110"), year=("20260101", "20261231")))))
    first = asa.get("/engagements/1/balances").text
    other = asa.get("/engagements/1/balances?year=2026").text
    assert "2025-01-01 – 2025-12-31</h1>" in first
    assert "2026-01-01 – 2026-12-31</h1>" in other
    assert asa.get("/engagements/1/balances?year=1999").status_code == 404


def test_closing_entries_count_and_say_so(pages: Served, asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    rows = (DraftRow("2081", 1200000), DraftRow("1930", -1200000))
    content = EntryContent(date(2025, 12, 31), "Upplupna löner", rows, YEAR_END)
    add_entry(pages.host, open_entry_year(pages.host, "1"), content)
    page = asa.get("/engagements/1/balances").text
    assert "1 bokslutsverifikation ingår" in page
    assert cells(page, "2081")[13] == "11 000,00"
    account = asa.get("/engagements/1/accounts/2081").text
    assert "Upplupna löner" in account
    assert "1 bokslutsverifikation ingår" in account
    assert account.count(">bokslutsverifikation<") == 1
    link = re.search(r"/vouchers/(\d+)[^>]*>V1<", account)
    assert link is not None
    voucher_page = asa.get(f"/engagements/1/vouchers/{link[1]}").text
    assert "/engagements/1/entries/V1?" in voucher_page
    assert "1 bokslutsverifikation visas för sig" in asa.get("/engagements/1/vouchers").text


def test_an_entry_that_changes_changes_what_is_shown_at_once(pages: Served, asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    rows = (DraftRow("2081", 100), DraftRow("1930", -100))
    content = EntryContent(date(2025, 12, 31), "Först", rows, YEAR_END)
    saved = add_entry(pages.host, open_entry_year(pages.host, "1"), content)
    assert cells(asa.get("/engagements/1/balances").text, "2081")[13] == "-999,00"
    delete_entry(pages.host, open_entry_year(pages.host, "1"), saved.entry)
    page = asa.get("/engagements/1/balances").text
    assert cells(page, "2081")[13] == "-1 000,00"
    assert "ingår" not in page


def test_an_entry_that_the_books_lack_counts_with_a_warning(pages: Served, asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    rows = (DraftRow("2081", 100), DraftRow("1930", -100))
    content = EntryContent(date(2025, 12, 31), "Bokförd och borttagen", rows, YEAR_END)
    entry = add_entry(pages.host, open_entry_year(pages.host, "1"), content).entry
    store = pages.host.store
    booked = Transferred("I", "14", store.clock(), "asa", "answer")
    with store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), store.trail(connection, pages.host.actor)
        records.set_status(trail, entry.id, Status.SENDING, by="export")
        records.set_status(trail, entry.id, Status.TRANSFERRED, by="export", transferred=booked)
        records.set_status(trail, entry.id, Status.MISSING, by="import")
    for address in ("balances", "accounts/2081"):
        page = asa.get(f"/engagements/1/{address}").text
        assert "Överförda men saknas i bokföringen" in page, address
        assert "-999,00" in page


def test_a_year_end_entry_that_came_back_is_not_in_december(pages: Served, asa: Visitor) -> None:
    """The last running balance is what the sheet that leads here closes at (P 7.2, 7.5.4)."""
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    rows = (DraftRow("2081", 700), DraftRow("1930", -700))
    content = EntryContent(date(2025, 12, 31), "Bokslut", rows, YEAR_END)
    entry = add_entry(pages.host, open_entry_year(pages.host, "1"), content).entry
    store = pages.host.store
    with store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), store.trail(connection, pages.host.actor)
        records.set_status(trail, entry.id, Status.SENDING, by="export")
        booked = Transferred("A", "9", store.clock(), "asa", "answer")
        records.set_status(trail, entry.id, Status.TRANSFERRED, by="export", transferred=booked)
    back = ("A", "9", "20251231", [("2081", "7.00"), ("1930", "-7.00")])
    asa.accept(asa.drop(("a.se", sie(voucher(1), back))))
    for period, closing in (("2025-12", "900,00"), ("year-end", "893,00")):
        sheet = asa.get(f"/engagements/1/reconciliation?period={period}").text
        assert f'data-closing="{closing}"' in sheet
        page = asa.get(f"/engagements/1/accounts/1930?period={period}").text
        assert f"Utgående balans {closing}" in page, period
        assert (">A 9<" in page) == (period == "year-end")


def test_accounts_stand_side_by_side(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1), voucher(2)))))
    page = asa.get("/engagements/1/accounts/1930?beside=4010&beside=&beside=1930&beside=4010&beside=2081").text
    assert page.count('class="ledger twolined"') == 3
    assert page.count(">A 2<") == 2
    # Each can be closed, and the others stay.
    assert 'href="/engagements/1/accounts/1930?year=2025-12-31&amp;beside=2081" aria-label="Stäng 4010"' in page
    unknown = asa.get("/engagements/1/accounts/1930?beside=9%3C9")
    assert (unknown.status_code, unknown.text.count('class="ledger twolined"')) == (200, 1)
    assert "Kontot 9&lt;9 finns inte i böckerna." in unknown.text


def test_an_account_of_many_rows_is_paged_with_its_balance_brought_forward(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(*(voucher(n, "1.00") for n in range(1, ROWS_AT_ONCE + 3))))))
    first, second = (asa.get(f"/engagements/1/accounts/1930?page={n}").text for n in (1, 2))
    assert first.count("/vouchers/") == 2 * ROWS_AT_ONCE  # the address, and the same for htmx
    assert "Saldo till nästa sida" in first
    assert second.count("/vouchers/") == 4
    assert "Sida 2 av 2" in second
    brought = re.search(r'Saldo från föregående sida</td><td class="number">(.*?)</td>', second)
    assert brought is not None
    assert brought[1] == "500,00"
    assert asa.get("/engagements/1/accounts/1930?page=99").status_code == 200
    assert asa.get("/engagements/1/accounts/1930?page=x").status_code == 200


def test_a_voucher_shows_the_history_of_its_corrections(asa: Visitor) -> None:
    extra = (
        b'#DIM 1 "Kostnadsstalle"\r\n#OBJEKT 1 N "Norr"\r\n#VER A 9 20250401 Rattad\r\n{\r\n#TRANS 1930 {1 N} -5.00\r\n'
        b'#BTRANS 4010 {} 7.00 20250402 "" "" EK\r\n#RTRANS 4010 {} 5.00\r\n'
    )
    asa.accept(asa.drop(("a.se", sie(voucher(1)) + extra + b"#TRANS 4010 {} 5.00\r\n}\r\n")))
    link = re.search(r"/vouchers/(\d+)[^>]*>A 9<", asa.get("/engagements/1/accounts/1930").text)
    assert link is not None
    page = asa.get(f"/engagements/1/vouchers/{link[1]}").text
    assert 'class="removed"' in page
    assert "(struken) 2025-04-02 EK" in page
    assert "Kostnadsstalle N Norr" in page
    booked, history = page.split("Rättelser")
    assert '<td class="number">5,00</td><td class="number">5,00</td></tr></tfoot>' in booked
    assert "7,00" in history
    assert "7,00" not in booked
    assert "(tillagd vid rättelse)" in page
    part = asa.get(f"/engagements/1/vouchers/{link[1]}", **{"HX-Request": "true"}).text
    assert part.lstrip().startswith("<article")
    assert asa.get("/engagements/1/vouchers/99").status_code == 404


def test_an_import_is_undone_and_shown_again(asa: Visitor) -> None:
    for count in (1, 2):
        asa.accept(asa.drop(("a.se", sie(*(voucher(n) for n in range(1, count + 1))))))
    newest, earlier = "/engagements/1/history/2", "/engagements/1/history/1"
    history = asa.get("/engagements/1/history").text
    assert re.search(rf'action="{earlier}"><button[^>]*>Ångra import<', history)
    assert cells(asa.get("/engagements/1/balances").text, "4010")[13] == "200,00"
    assert asa.post(earlier).status_code == 303
    assert cells(asa.get("/engagements/1/balances").text, "4010")[13] == "100,00"
    history = asa.get("/engagements/1/history").text
    assert "Import ångrad: en tidigare visas igen" in history
    assert "Ångra import<" not in history
    assert "Årets första import visas igen" in asa.get("/engagements/1/changes").text
    assert re.search(rf'action="{newest}"><button[^>]*>Visa den här igen<', history)


def test_long_histories_come_in_pages(asa: Visitor) -> None:
    asa.accept(asa.drop(("a.se", sie(voucher(1)))))
    numbers = [int(each) for each in re.findall(r'<td class="number">(\d+)</td><td><small', history_of(asa, ""))]
    assert numbers == sorted(numbers, reverse=True)
    older = history_of(asa, f"?before={numbers[0]}")
    assert [int(each) for each in re.findall(r'<td class="number">(\d+)</td><td><small', older)] == numbers[1:]
    assert "Senaste händelserna" in older


def history_of(visitor: Visitor, address: str) -> str:
    return visitor.get(f"/engagements/1/history{address}").text
