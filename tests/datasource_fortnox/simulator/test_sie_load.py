"""Companies from SIE files: what is held, what is reported, and agreement with published figures."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest

from datasource_fortnox.simulator import Clock, Switches, totals
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.ledger import Voucher
from datasource_fortnox.simulator.sie_export import SieRequest, export
from datasource_fortnox.simulator.sie_load import CannotLoad, load, load_file
from datasource_fortnox.simulator.sie_tokens import decode, pairs, records
from datasource_fortnox.simulator.totals import Totals
from sie_samples import FOLDER, MISSING, sample_files

CLOCK = Clock.frozen("2026-01-01")

HEADER = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#FNAMN "Åäö AB"
#ORGNR 556677-8899
#RAR 0 20250101 20251231
#RAR -1 20240101 20241231
#KONTO 1930 "Företagskonto"
#SRU 1930 7281
#KONTO 3001 Försäljning
#DIM 1 "Kst"
#OBJEKT 1 "10" "Butik"
#OBJEKT 6 P1 "Projekt"
#IB 0 1930 100.50 2
#UB 0 1930 300.50
#UB -1 1930 100.50
#RES -1 3001 -50
#RES 0 3001 -200
"""
VOUCHER = """#VER A 1 20250110 "Försäljning" 20250111
{
#TRANS 1930 {} 200 "" "rad" 3
#TRANS 3001 {1 10 "6" "P1"} -200.00
}
"""


def loaded(text: str) -> Company:
    return load(text.encode("cp437"), CLOCK)


def test_company_years_accounts_and_rows_are_held() -> None:
    company = loaded(HEADER + VOUCHER)
    assert (company.name, company.organisation_number) == ("Åäö AB", "556677-8899")
    year, before = company.years[3], company.years[7]
    assert (year.start, before.end) == (date(2025, 1, 1), date(2024, 12, 31))
    assert (year.accounts[1930].name, year.accounts[1930].sru) == ("Företagskonto", "7281")
    voucher = year.vouchers["A", 1]
    assert (voucher.text, voucher.registered_on) == ("Försäljning", date(2025, 1, 11))
    first, second = voucher.rows
    assert (first.amount, first.text, first.quantity) == (20_000, "rad", Decimal(3))
    assert (second.cost_center, second.project) == ("10", "P1")
    assert company.not_held == []


def test_totals_of_both_years() -> None:
    company = loaded(HEADER + VOUCHER)
    assert totals(company.years[3]) == Totals({1930: 10_050}, {1930: 30_050}, {3001: -20_000}, 1, 2)
    assert totals(company.years[7]) == Totals({}, {1930: 10_050}, {3001: -5_000})
    assert company.years[7].closing(1930) == 10_050


def test_result_accounts_with_an_opening_balance_keep_it_out_of_the_result() -> None:
    found = totals(loaded(HEADER + "#IB 0 3001 7\n" + VOUCHER).years[3])
    assert (found.opening[3001], found.result[3001]) == (700, -20_000)


def test_corrections_become_struck_and_added_rows() -> None:
    rows = """#VER A 1 20250110 "x"
{
#BTRANS 1930 {} 900
#RTRANS 1930 {} 200 20250201 "" "" "Kim"
#TRANS 1930 {} 200
#TRANS 3001 {} -200
}
"""
    company = loaded(HEADER + rows)
    held = company.years[3].vouchers["A", 1].rows
    assert [(row.amount, row.removed, row.added) for row in held] == [
        (90_000, True, False),
        (20_000, False, True),
        (-20_000, False, False),
    ]
    assert totals(company.years[3]).rows == 2


@pytest.mark.parametrize(
    ("extra", "reported"),
    [
        ("#KTYP 1930 T\n", "#KTYP"),
        ("#SRU 1930 9999\n", "a second #SRU of an account"),
        ('#OBJEKT 7 1 "Kim"\n', "objects of dimension 7"),
        ("#KONTO 193 Kort\n", "account number '193': Fortnox has four digits"),
        ("#RAR -2 20230101 20231231\n", "#RAR -2: only this year and the one before are loaded"),
        ("#VALUTA EUR\n", "#VALUTA EUR: Fortnox keeps books in SEK"),
        ("#IB 0 1930 1.234\n", "line 19: amount '1.234'"),
        ("#UB 0 3001 5\n", "#UB 0 3001 says 500 öre, its rows give -20000"),
        ("#UB 0 2999 0\n", "account 2999 has #UB 0 without #KONTO: added"),
        ("#MOMSKOD 1930 U1\n", "#MOMSKOD"),
    ],
)
def test_what_fortnox_cannot_hold_is_reported(extra: str, reported: str) -> None:
    assert reported in loaded(HEADER + extra + VOUCHER).not_held


@pytest.mark.parametrize(
    ("voucher", "reported"),
    [
        ("#VER A 1 20250110 x\n{\n#TRANS 1930 {1 10 1 20} 0\n}\n", "a second object of dimension 1 on a row"),
        ("#VER A 1 20250110 x\n{\n#TRANS 1930 {} 0 20250111\n}\n", "row dates other than the voucher's"),
        ("#VER A 1 20250110 x\n{\n#TRANS 1930 {} 7\n}\n", "voucher A 1 is out of balance: kept"),
        ("#VER A 1 20250110 x\n{\n#TRANS 2999 {} 0\n}\n", "account 2999 is used without #KONTO: added"),
        ("#VER A 1 20250110 x\n{\n#RTRANS 1930 {} 5\n#TRANS 1930 {} 0\n}\n", "#RTRANS without its #TRANS"),
        ("#VER A 1 20250110 x\n{\n#RTRANS 1930 {} 5\n}\n", "#RTRANS without its #TRANS"),
        ("#VER A 1 20250110 x\n{\n}\n#VER A 1 20250110 x\n{\n}\n", "a second voucher A 1"),
        ('#VER A "" 20250110 x\n{\n}\n', "line 19: voucher without a number"),
        ("#VER A 1 20251301 x\n{\n}\n", "line 19: voucher without a readable date"),
        ('#VER "" 1 20250110 x\n{\n}\n#VER A 1 20250110 x\n{\n}\n', "vouchers without series: put into B"),
        ("#VER A 1 20250110 x 20250110 Kim\n{\n}\n", "signatures of vouchers"),
        (f"#VER A 1 20250110 {'x' * 201}\n{{\n}}\n", "texts beyond 200 (voucher) or 100 (row) characters: kept"),
    ],
)
def test_what_vouchers_cannot_carry_is_reported(voucher: str, reported: str) -> None:
    assert reported in loaded(HEADER + voucher).not_held


def test_file_without_a_year_or_with_unreadable_dates_cannot_be_loaded() -> None:
    with pytest.raises(CannotLoad, match="no #RAR 0"):
        loaded("#FLAGGA 0\n")
    with pytest.raises(CannotLoad, match="line 1"):
        loaded("#RAR 0 20250101 20250231\n")


def test_bytes_are_read_as_utf8_windows_or_dos() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "cp437"):
        assert "Åäö räkning" in decode("Åäö räkning".encode(encoding))


def test_fields_with_quotes_escapes_lists_and_tabs() -> None:
    (record,) = records('#VER\tA "1 \\" 2" {1 "a } b" 6 x}\\y "öppen')
    assert record.label == "VER"
    assert record.fields == ("A", '1 " 2', ("1", "a } b", "6", "x"), "\\y", "öppen")
    assert pairs(record.objects(2)) == [("1", "a } b"), ("6", "x")]
    assert (record.text(2), record.text(9), record.objects(0)) == ("", "", ())


def published() -> dict[str, tuple[Any, ...]]:
    """Vouchers, rows, and sums of IB, UB and RES per type-4 file, as the samples' index states them."""
    index = FOLDER / "INDEX.md"
    table = (
        [line.split(" | ") for line in index.read_text().splitlines() if line.startswith("| ")]
        if index.is_file()
        else []
    )
    figures: dict[str, tuple[Any, ...]] = {}
    for cells in table:
        cells[0] = cells[0].removeprefix("| ")
        if len(cells) > 14 and cells[6] == "4":
            figures[cells[0]] = (int(cells[9]), int(cells[10]), *cells[12:15])
    return figures


def kept_whole(company: Company) -> bool:
    """Nothing that changes a figure was reported."""
    changing = ("account", "line", "voucher ", "a second voucher", "#RTRANS", "#UB", "#RES", "balances")
    return not any(report.startswith(changing) for report in company.not_held)


@pytest.mark.skipif(not sample_files(), reason=MISSING)
def test_totals_equal_the_published_figures_of_every_sample_that_is_held_whole() -> None:
    compared = []
    for name, figures in published().items():
        try:
            company = load_file(FOLDER / name, CLOCK)
        except CannotLoad:
            continue
        if not kept_whole(company) or b"#UB 0" not in (FOLDER / name).read_bytes().replace(b"\t", b" "):
            continue
        found = totals(company.years[3])
        sums = (f"{sum(part.values()) / 100:.2f}" for part in (found.opening, found.closing, found.result))
        assert (found.vouchers, found.rows, *sums) == figures, name
        compared.append(name)
    assert len(compared) >= 15
    assert {"fortnox_Sie4.se", "SIE4 Exempelfil.SE", "Test4.SE"} <= set(compared)


@pytest.mark.skipif(not sample_files(), reason=MISSING)
@pytest.mark.parametrize(("form", "every", "least"), [("2025", 1, 30), ("2011", 4, 8)])
def test_samples_survive_the_way_out_and_in_again(form: Literal["2025", "2011"], every: int, least: int) -> None:
    seen = 0
    for path in sample_files()[::every]:
        try:
            year = (company := load_file(path, CLOCK)).years[3]
        except CannotLoad:
            continue
        text = export(company, year, SieRequest(all_accounts=True), Switches(sie_form=form))
        again = load(text.encode("cp437", errors="replace"), CLOCK).years[3]
        assert totals(again) == totals(year), path.name
        both = [[(v.series, v.number, v.date, _safe(v.text), _amounts(v)) for v in y.in_order()] for y in (year, again)]
        assert both[0] == both[1], path.name
        seen += 1
    assert seen >= least


def _safe(text: str) -> bytes:
    """What code page 437 can say."""
    return text.encode("cp437", errors="replace")


def _amounts(voucher: Voucher) -> list[Any]:
    return [(r.account, r.amount, r.cost_center, r.project, r.quantity, r.removed, r.added) for r in voucher.rows]


@pytest.mark.skipif(not sample_files(), reason=MISSING)
def test_exports_in_the_old_form_repeat_the_real_fortnox_file_line_by_line() -> None:
    """The header of 2011, balances and rows as Fortnox itself wrote them, from its own file (F 4.3)."""
    path = FOLDER / "fortnox_Sie4.se"
    company = load_file(path, CLOCK)
    real = [line for line in path.read_bytes().decode("cp437").split("\r\n") if line]
    ours = export(company, company.years[3], SieRequest(), Switches(sie_form="2011")).split("\r\n")
    for label in ("#VER", "#TRANS", "#RES", "#PSALDO", "#DIM", "#OBJEKT", "#KONTO", "#SRU", "#OMFATTN", "#KPTYP"):
        written = [line for line in ours if line.startswith(label + " ")]
        expected = [line for line in real if line.startswith(label + " ")]
        missing = [line for line in expected if line not in set(written)]
        assert len(missing) <= len(expected) // 100, (label, missing[:3])
