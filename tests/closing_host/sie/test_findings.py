"""What cannot be read, or is read with doubt, is told with line, column, text and what was done."""

import time
from datetime import date
from typing import Any

import pytest

from closing_host.sie import read
from closing_host.sie.findings import KEPT, SEVERITIES, Findings
from sie_text import HEAD, HEAD_LINES, VOUCHER, codes, finding, ledger, objects, rows

FIRST = HEAD_LINES + 1
"""The line of the first record behind the head."""


def row(text: str) -> str:
    return f'#VER A 1 20250115 "Text"\n{{\n{text}\n}}\n'


ROW = FIRST + 2


@pytest.mark.parametrize(
    ("text", "code", "column", "said", "values"),
    [
        ('#TRANS "" {} 5', "sie-account-missing", 8, "", {"account": None, "amount": 500}),
        ("#TRANS {} 5", "sie-account-missing", 1, "", {"account": None, "amount": 500}),
        ("#TRANS FEL {} 5", "sie-account-not-numeric", 8, "FEL", {"account": "FEL", "amount": 500}),
        ("#TRANS 11100111 {} 5", "sie-account-unusual", 8, "11100111", {"account": "11100111"}),
        ("#TRANS 1930 {}", "sie-amount-missing", 1, "", {"account": "1930", "amount": None}),
        ('#TRANS 1930 {} ""', "sie-amount-missing", 16, "", {"amount": None}),
        ("#TRANS 1930 {} fem", "sie-amount-unreadable", 16, "fem", {"amount": None}),
        ("#TRANS 1930 {} 0.285", "sie-amount-too-precise", 16, "0.285", {"amount": None}),
        ("#TRANS 1930 {} 100000000000000.01", "sie-amount-too-large", 16, "100000000000000.01", {"amount": None}),
        ("#TRANS 1930 {} 5,25", "sie-amount-form", 16, "5,25", {"amount": 525}),
        ('#TRANS 1930 {} 5 "kontant"', "sie-row-date-is-text", 18, "kontant", {"date": None, "text": "kontant"}),
        ("#TRANS 1930 {} 5 20250230", "sie-row-date-unreadable", 18, "20250230", {"date": None, "text": ""}),
        ('#TRANS 1930 {} 5 x "b"', "sie-row-date-unreadable", 18, "x", {"date": None, "text": "b"}),
        ("#TRANS 1930 {} 5 2025-01-16", "sie-date-hyphens", 18, "2025-01-16", {"date": date(2025, 1, 16)}),
        ('#TRANS 1930 {} 5 "" "" 0.1234567', "sie-quantity-unreadable", 24, "0.1234567", {"quantity": None}),
        ('#TRANS 1930 {} 5 "" "a', "sie-quote-unclosed", 21, '"a', {"text": "a"}),
        ('#TRANS 1930 {} 5 "" "a "b" c', "sie-quote-inside", 24, '"a "b" c', {"text": 'a "b'}),
        ('#TRANS 1930 {} 5 "" "a\tb"', "sie-tab-in-text", 21, "a\tb", {"text": "a b"}),
        ("#TRANS 1930 {1 10 5", "sie-list-unclosed", 13, "{1 10 5", {"account": "1930", "amount": None}),
        ("#TRANS 1930 {A 10} 5", "sie-list-wrong", 14, "A", {"amount": 500}),
        ("#TRANS 1930 {1 10 6} 5", "sie-list-wrong", 19, "6", {"amount": 500}),
        ("#TRANS 1930 kassa {} 5", "sie-fields-shifted", 13, "kassa", {"account": "1930", "amount": 500}),
    ],
)
def test_fault_in_a_row_is_told_and_the_row_kept(
    text: str, code: str, column: int, said: str, values: dict[str, Any]
) -> None:
    book = ledger(row(text))
    found = finding(book, code)
    assert (found["line"], found["column"], found["text"]) == (ROW, column, said)
    assert found["severity"] == SEVERITIES[code]
    (kept,) = book.rows.iter_rows(named=True)
    assert {name: kept[name] for name in values} == values


def test_list_keeps_the_pairs_that_can_be_read() -> None:
    assert objects(ledger(row("#TRANS 1930 {1 10 A 11 6} 5"))) == [[(1, "10")]]


def test_row_without_object_list_is_read() -> None:
    book = ledger(row("#TRANS 1930 5.00\n#TRANS 3001 -5.00"))
    assert rows(book, "account", "amount") == [("1930", 500), ("3001", -500)]
    assert finding(book, "sie-list-missing")["parameters"] == {"label": "TRANS", "count": "2", "line": str(ROW)}


def test_extra_fields_are_counted_by_label() -> None:
    book = ledger(row('#TRANS 1930 {} 5 "" "" "" "" x\n#TRANS 3001 {} -5 "" "" "" "" y'))
    found = finding(book, "sie-fields-extra")
    assert (found["line"], found["text"]) == (ROW, "x")
    assert found["parameters"] == {"label": "TRANS", "count": "2", "line": str(ROW)}


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ('#VER K 1 "" "x"', "sie-voucher-date-missing", {"date": None, "text": "x"}),
        ('#VER K ""', "sie-voucher-date-missing", {"date": None, "series": "K", "number": ""}),
        ("#VER", "sie-voucher-date-missing", {"date": None, "series": ""}),
        ('#VER K 1 rappakalja "x"', "sie-voucher-date-unreadable", {"date": None, "text": "x"}),
        ("#VER K 1 rappakalja", "sie-voucher-date-unreadable", {"date": None, "text": "rappakalja"}),
        ("#VER K 1 20250230", "sie-voucher-date-unreadable", {"date": None, "text": ""}),
        ('#VER K 1 2025-01-15 "x"', "sie-date-hyphens", {"date": date(2025, 1, 15)}),
        ('#VER K 1 20250115 "x" 2025-01-16', "sie-date-hyphens", {"registered_on": date(2025, 1, 16)}),
        ('#VER K 1 20250115 "x" igår', "sie-voucher-registered-unreadable", {"registered_on": None}),
        (
            '#VER 7 20250115 "x"',
            "sie-fields-shifted",
            {"series": "", "number": "7", "date": date(2025, 1, 15), "text": "x"},
        ),
        (
            '#VER K 20250115 "x"',
            "sie-fields-shifted",
            {"series": "K", "number": "", "date": date(2025, 1, 15), "text": "x"},
        ),
        (
            '#VER 20250115 "x"',
            "sie-fields-shifted",
            {"series": "", "number": "", "date": date(2025, 1, 15), "text": "x"},
        ),
    ],
)
def test_fault_in_a_voucher_is_told_and_the_voucher_kept(text: str, code: str, values: dict[str, Any]) -> None:
    book = ledger(f"{text}\n{{\n#TRANS 1930 {{}} 5\n}}\n")
    assert finding(book, code)["line"] == FIRST
    (kept,) = book.vouchers.iter_rows(named=True)
    assert {name: kept[name] for name in values} == values
    assert book.rows.height == 1


@pytest.mark.parametrize(
    ("record", "column", "said"),
    [
        ("#IB x 1930 5", 5, "x"),
        ('#IB 0 "" 5', 7, ""),
        ("#UB 0 1930", 7, ""),
        ("#RES 0 3001 fem", 13, "fem"),
        ("#RES 0 3001 1.005", 13, "1.005"),
        ("#PSALDO 0 202513 3001 {} 5", 11, "202513"),
        ("#OIB 0 1930 {1 10}", 8, ""),
    ],
)
def test_balance_that_cannot_be_read_is_left_out_and_told(record: str, column: int, said: str) -> None:
    book = ledger(record + "\n")
    found = finding(book, "sie-balance-unreadable")
    assert (found["line"], found["text"]) == (FIRST, said)
    assert found["severity"] == "error"
    assert book.balances.is_empty()
    assert said == "" or found["column"] == column


def test_period_balance_of_type_2_needs_no_list() -> None:
    book = ledger("#PSALDO 0 202501 3001 -250.50\n#PBUDGET 0 202501 3001 -1 2\n")
    assert book.balances.select("kind", "amount").rows() == [("PSALDO", -25050), ("PBUDGET", -100)]
    assert codes(book) == []


def test_account_and_period_in_each_other_s_place_are_read_as_meant() -> None:
    book = ledger("#PBUDGET 0 3001 202501 -250.50\n#PBUDGET 0 3001 202502 -1\n")
    assert book.balances.select("account", "period").rows() == [("3001", 202501), ("3001", 202502)]
    assert finding(book, "sie-fields-swapped")["parameters"]["count"] == "2"


def test_balance_with_odd_account_or_amount_is_kept_and_told() -> None:
    book = ledger("#UB 0 DIFF 5,50 x\n")
    assert book.balances.select("account", "amount", "quantity").row(0) == ("DIFF", 550, None)
    assert codes(book) == ["sie-account-not-numeric", "sie-amount-form", "sie-quantity-unreadable"]


def test_rows_outside_a_voucher_are_told_one_by_one() -> None:
    book = ledger("#TRANS 1 {} 1\n" + VOUCHER + "  #BTRANS 2 {} 2\n" + VOUCHER)
    assert book.rows.height == 4
    found = book.findings.filter(book.findings["code"] == "sie-row-outside-voucher")
    assert found.select("line", "text").rows() == [(FIRST, "#TRANS 1 {} 1"), (FIRST + 6, "  #BTRANS 2 {} 2")]


def test_rows_behind_a_damaged_ver_do_not_join_the_voucher_before() -> None:
    book = ledger(VOUCHER + VOUCHER.replace("#VER", "#VXR"))
    assert (book.vouchers.height, book.rows.height) == (1, 2)
    assert codes(book).count("sie-row-outside-voucher") == 2


@pytest.mark.parametrize(
    ("records", "code", "line", "count"),
    [
        (VOUCHER.replace("{\n", "") * 2, "sie-brace-open-missing", FIRST, "2"),
        ("#VER A 1 20250115\n#TRANS 1 {} 1\n", "sie-brace-open-missing", FIRST, "1"),
        (VOUCHER.replace("}\n", "") + VOUCHER, "sie-brace-close-missing", FIRST + 1, "1"),
        (VOUCHER.replace("}\n", ""), "sie-brace-close-missing", FIRST + 1, "1"),
        (VOUCHER + "}\n", "sie-brace-stray", FIRST + 5, "1"),
        ("{\n" + VOUCHER, "sie-brace-stray", FIRST, "1"),
        (VOUCHER.replace("{\n", "{\n{\n"), "sie-brace-stray", FIRST + 2, "1"),
    ],
)
def test_missing_and_stray_braces_are_told_once(records: str, code: str, line: int, count: str) -> None:
    book = ledger(records)
    found = finding(book, code)
    assert (found["line"], found["parameters"]["count"]) == (line, count)
    assert codes(book).count("sie-row-outside-voucher") == 0


def test_whole_voucher_on_few_lines_is_read() -> None:
    book = ledger('#VER A 1 20250115 "a" { #TRANS 1930 {} 5 }\n} #VER A 2 20250115 {\n{ #TRANS 3001 {1 10} 6\n}')
    assert book.vouchers["number"].to_list() == ["1", "2"]
    assert rows(book, "voucher", "account", "amount", "line") == [(0, "1930", 500, FIRST), (1, "3001", 600, FIRST + 2)]


def test_columns_count_from_the_line_s_start_behind_a_brace() -> None:
    book = ledger("#VER A 1 20250115\n{ #TRANS FEL {} 5\n}\n")
    assert finding(book, "sie-account-not-numeric")["column"] == 10


def test_nested_blocks_exhaust_neither_stack_nor_patience() -> None:
    started = time.process_time()
    book = ledger("#VER {" * 5000)
    assert 2 < book.vouchers.height < 20
    assert time.process_time() - started < 5


def test_voucher_without_rows_is_told() -> None:
    found = finding(ledger("#VER A 7 20250115\n{\n}\n" + VOUCHER), "sie-voucher-empty")
    assert (found["line"], found["parameters"]) == (FIRST, {"series": "A", "number": "7"})


@pytest.mark.parametrize(
    "twin",
    [
        "",
        "#TRANS 3001 {} -99.00\n",
        "#TRANS 3002 {} -100.00\n",
        '#TRANS 3001 {1 "10"} -100.00\n',
        "#BTRANS 3001 {} -100.00\n",
        "#TRANS 1930 {} 5\n#TRANS 3001 {} -100.00\n",
        "}\n#VER A 2 20250115\n{\n#TRANS 3001 {} -100.00\n",
    ],
)
def test_added_row_without_its_twin_is_told(twin: str) -> None:
    book = ledger(row("#RTRANS 3001 {} -100.00\n" + twin.rstrip("\n")))
    found = finding(book, "sie-twin-missing")
    assert (found["line"], found["severity"], found["parameters"]) == (ROW, "warning", {"account": "3001"})


def test_twin_may_write_the_same_objects_in_another_way() -> None:
    assert codes(ledger(row('#RTRANS 3001 {"1" 10} -100.00\n#TRANS 3001 { 1 "10" } -100'))) == []


@pytest.mark.parametrize(
    ("record", "code", "said"),
    [
        ("#KONTO 1930", "", ""),
        ("#KONTO", "sie-record-incomplete", ""),
        ("#SRU 1930", "sie-record-incomplete", "1930"),
        ("#KONTO 11AF Mark", "sie-account-not-numeric", "11AF"),
        ("#KONTO 1930 Kassa och bank", "sie-quotes-missing", "Kassa och bank"),
        ("#KONTO 1930 A\n#KONTO 1930 B", "sie-record-repeated", "1930 B"),
        ("#KTYP 1930 T", "sie-account-undeclared", "1930"),
        ("#KONTO 1930 A\n#KTYP 1930 X", "sie-account-type-unknown", "X"),
        ("#DIM 1", "sie-record-incomplete", "1"),
        ("#DIM K Kst", "sie-dimension-unreadable", "K"),
        ("#UNDERDIM 21 Grupp", "sie-record-incomplete", "21 Grupp"),
        ("#UNDERDIM 21 Grupp K", "sie-dimension-unreadable", "K"),
        ("#OBJEKT 1 10 A\n#OBJEKT 1 10 B", "sie-record-repeated", "1 10 B"),
        ('#DIM 1 "Kst" extra', "sie-fields-extra", "extra"),
        ("#RAR -1 20250101", "sie-year-unreadable", "-1 20250101"),
        ("#RAR -1", "sie-record-incomplete", "-1"),
        ("#RAR x 20240101 20241231", "sie-year-unreadable", "x 20240101 20241231"),
        ("#RAR 0 20240101 20241231", "sie-record-repeated", "0 20240101 20241231"),
        ("#RAR -1 2024-01-01 2024-12-31", "sie-date-hyphens", "-1 2024-01-01 2024-12-31"),
        ("#RAR -1 20210301 20200228", "sie-year-reversed", ""),
        ("#RAR -1 20230101 20241231", "sie-year-long", ""),
        ("#TAXAR x", "sie-tax-year-odd", ""),
        ("#OMFATTN 2025-12-31", "sie-date-hyphens", "2025-12-31"),
        ("#OMFATTN nu", "sie-date-unreadable", "nu"),
        ("#ADRESS a b c", "sie-address-incomplete", ""),
        ("#FNAMN Annat", "sie-record-repeated", "Annat"),
        ("#SIETYP 4", "sie-record-repeated", "4"),
        ("#MOMSKOD 1930 10", "sie-label-unknown", "#MOMSKOD 1930 10"),
        ("fri text", "sie-line-unreadable", "fri text"),
    ],
)
def test_fault_in_other_records_is_told(record: str, code: str, said: str) -> None:
    book = ledger(record + "\n")
    if not code:
        assert codes(book) == []
        return
    found = finding(book, code)
    assert (found["line"], found["text"]) == (FIRST + record.count("\n"), said)


def test_eighteen_months_are_not_long() -> None:
    assert codes(ledger("#RAR -1 20230701 20241231\n")) == []


def test_first_statement_counts() -> None:
    book = ledger("#KONTO 1930 A\n#KONTO 1930 B\n#FNAMN Annat\n#SRU 1930 1\n#SRU 1930 2\n")
    assert book.accounts.rows() == [("1930", "A", None, "", ["1", "2"])]
    assert book.company.name == "Provbolaget AB"


def test_chart_may_stand_in_any_order() -> None:
    book = ledger("#SRU 1930 7281\n#KTYP 1930 t\n" + VOUCHER + "#KONTO 1930 Bank\n#ENHET 1930 st\n")
    assert book.accounts.rows() == [("1930", "Bank", "T", "st", ["7281"])]
    assert codes(book) == []


@pytest.mark.parametrize("name", ["#FNAMN\n", '#FNAMN ""\n', ""])
def test_missing_company_name_is_told(name: str) -> None:
    book = ledger("", head=HEAD.replace('#FNAMN "Provbolaget AB"\n', name))
    assert codes(book) == ["sie-company-name-missing"]


def test_control_characters_become_blanks() -> None:
    book = read((HEAD + VOUCHER.replace("Text", "a\x00b") + '#FNR "\x07"\n').encode())
    assert book.vouchers["text"][0] == "a b"
    found = finding(book, "sie-control-character")
    assert (found["line"], found["column"]) == (FIRST, 21)
    assert found["parameters"]["count"] == "2"


def test_lost_and_garbled_letters_are_told_once_with_the_first_place() -> None:
    text = VOUCHER.replace("Text", "�ke och �ke") + VOUCHER.replace("Text", "Ã…ke och Ã¶")
    book = ledger(text, encoding="utf-8")
    lost = finding(book, "sie-letters-destroyed")
    assert (lost["line"], lost["column"], lost["parameters"]["count"]) == (FIRST, 20, "2")
    assert lost["text"].startswith('#VER A 1 20250115 "�ke')
    garbled = finding(book, "sie-letters-garbled")
    assert (garbled["line"], garbled["column"], garbled["parameters"]["count"]) == (FIRST + 5, 20, "2")


def test_one_damaged_byte_does_not_turn_the_file_into_another_encoding() -> None:
    data = (HEAD + VOUCHER.replace("Text", "åäö ÅÄÖ")).encode().replace("ö ".encode(), b"\xc3 ")
    book = read(data)
    assert book.provenance.encoding == "utf-8"
    assert book.vouchers["text"][0] == "åä� ÅÄÖ"
    assert finding(book, "sie-letters-destroyed")["line"] == FIRST


def test_line_beyond_all_measure_is_cut_and_told() -> None:
    book = ledger(row(f'#TRANS 1930 {{}} 5 "" "{"x" * 70_000}"') + VOUCHER)
    found = finding(book, "sie-line-too-long")
    assert (found["line"], found["parameters"], len(found["text"])) == (ROW, {"limit": "65536"}, 200)
    assert rows(book, "amount") == [500, 10000, -10000]


def test_findings_of_one_kind_are_counted_when_they_are_many() -> None:
    book = read((HEAD + "x\n" * (KEPT + 5)).encode())
    assert codes(book).count("sie-line-unreadable") == KEPT
    more = finding(book, "sie-findings-more")
    assert more["severity"] == "warning"
    assert more["parameters"] == {"about": "sie-line-unreadable", "count": "5"}


def test_many_unknown_labels_do_not_fill_the_memory() -> None:
    log = Findings()
    for number in range(KEPT + 3):
        log.count("sie-label-unknown", (number + 1, 1, ""), label=f"X{number}")
    frame = log.frame()
    assert frame.height == KEPT + 1
    assert frame["code"][0] == "sie-findings-more"


def test_texts_in_findings_are_short() -> None:
    book = ledger("#IB 0 1930 " + "x" * 1000 + "\n#" + "Y" * 1000 + "\n")
    for each in book.findings.iter_rows(named=True):
        assert len(each["text"]) <= 200
        assert all(len(parameter["value"]) <= 200 for parameter in each["parameters"])


def test_findings_stand_in_the_order_of_the_file() -> None:
    book = ledger("fri text\n" + row("#TRANS FEL {} x") + "slut\n", encoding="utf-8-sig")
    lines = book.findings["line"].to_list()
    assert lines[0] is None
    assert lines[1:] == sorted(lines[1:])


@pytest.mark.parametrize(
    ("between", "state", "code"),
    [
        ("#KSUMMA\n{}#KSUMMA 2083083131\n", "wrong", "sie-checksum-wrong"),
        ("#KSUMMA\n{}", "unclosed", "sie-checksum-unclosed"),
        ("{}#KSUMMA 5\n", "wrong", "sie-checksum-unopened"),
        ("#KSUMMA\n{}#KSUMMA x\n", "wrong", "sie-checksum-wrong"),
    ],
)
def test_checksum_that_is_not_right_is_told(between: str, state: str, code: str) -> None:
    book = ledger(between.format(VOUCHER))
    assert book.provenance.checksum == state
    assert code in codes(book)
