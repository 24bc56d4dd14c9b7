import dataclasses
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from closing_host.api.ledger import Address, Company, FinancialYear, Ledger, LedgerBuilder, Provenance
from closing_host.sie.checksum import checksum
from closing_host.sie.writer import write

PROGRAM = ("Bokslut", "1.0")
YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))


def builder(company: Company | None = None, years: tuple[FinancialYear, ...] = (YEAR,)) -> LedgerBuilder:
    made = LedgerBuilder(company or Company(name="Exempel AB"), years)
    made.provenance = Provenance(generated_on=date(2026, 2, 14))
    return made


def one_row(**options: Any) -> Ledger:
    made = builder()
    made.add_voucher("A", "1", date(2025, 1, 31))
    made.add_row("1930", 100, **options)
    return made.build()


def lines(ledger: Ledger, **options: Any) -> list[str]:
    file = io.BytesIO()
    write(ledger, file, **({"program": PROGRAM} | options))
    text = file.getvalue().decode("cp437")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.split("\r\n")[:-1]


def records(ledger: Ledger, label: str, **options: Any) -> list[str]:
    return [line for line in lines(ledger, **options) if line.startswith(f"#{label} ") or line == f"#{label}"]


def told(ledger: Ledger, **options: Any) -> list[tuple[str, int | None, str, dict[str, object]]]:
    written = write(ledger, io.BytesIO(), program=PROGRAM, **options)
    return [(each.code, each.line, each.text, dict(each.parameters)) for each in written.findings]


def test_si_file_of_closing_entries_is_the_example_of_the_product_rules() -> None:
    made = builder(Company(name="Exempel AB", organisation_number="556677-8899"), years=())
    made.add_voucher("", "", date(2025, 12, 31), "V1 Upplupna löner")
    made.add_row("7010", 1200000)
    made.add_row("2910", -1200000)
    made.add_voucher("", "", date(2025, 12, 31), "S1 Skatt på årets resultat")
    made.add_row("8910", 12584700)
    made.add_row("2512", -12584700)
    assert lines(made.build(), sie_type="4I") == [
        "#FLAGGA 0",
        '#PROGRAM "Bokslut" 1.0',
        "#FORMAT PC8",
        "#GEN 20260214",
        "#SIETYP 4",
        '#FNAMN "Exempel AB"',
        "#ORGNR 556677-8899",
        '#VER "" "" 20251231 "V1 Upplupna löner"',
        "{",
        "#TRANS 7010 {} 12000.00",
        "#TRANS 2910 {} -12000.00",
        "}",
        '#VER "" "" 20251231 "S1 Skatt på årets resultat"',
        "{",
        "#TRANS 8910 {} 125847.00",
        "#TRANS 2512 {} -125847.00",
        "}",
    ]


def test_everything_that_a_ledger_holds_is_written_in_the_standards_order() -> None:
    company = Company(
        name="Exempel AB",
        organisation_number="556677-8899",
        form="AB",
        industry_code="62010",
        address=Address("Ada", "", "123 45 Ort"),
        source_id="C:\\data\\x",
        acquisition_number="1",
    )
    made = builder(company, (YEAR, FinancialYear(-1, date(2024, 1, 1), date(2024, 12, 31))))
    made.currency = "EUR"
    made.add_account("1930", "Bank", type="T", unit="st", sru=["7281", "7282"])
    made.add_account("3001", "", type=None)
    made.add_dimension(1, "Kostnadsställe")
    made.add_dimension(21, "Grupp", parent=1)
    made.add_dimension(6, "Projekt")
    made.add_object(1, "10", "Väst")
    made.add_balance("IB", "1930", 10000, quantity=Decimal("2.50"))
    made.add_balance("PSALDO", "3001", -5, period=202501)
    made.add_balance("UB", "1930", 10001, year=-1)
    made.add_balance("OUB", "1930", 0, objects=[(1, "10"), (6, "P}1")])
    made.add_voucher("A", "1", date(2025, 1, 31), registered_on=date(2025, 2, 1), signature="AB")
    made.add_row("1930", 100, kind="removed")
    made.add_row("1930", 250, kind="added", date=date(2025, 3, 1), text="rättad")
    made.add_row("1930", 250, quantity=Decimal(-3), signature="CD")
    made.add_voucher("A", "2", date(2025, 1, 31))
    ledger = dataclasses.replace(
        made.build(), note="Om filen", tax_year="2026", covered_until=date(2025, 6, 30), chart_type="EUBAS97"
    )
    assert lines(ledger, generated_by="ada", checksum=True)[:-1] == [
        "#FLAGGA 0",
        "#KSUMMA",
        '#PROGRAM "Bokslut" 1.0',
        "#FORMAT PC8",
        '#GEN 20260214 "ada"',
        "#SIETYP 4",
        '#FNAMN "Exempel AB"',
        '#PROSA "Om filen"',
        "#FTYP AB",
        "#FNR C:\\data\\x",
        "#ORGNR 556677-8899 1",
        "#BKOD 62010",
        '#ADRESS "Ada" "" "123 45 Ort" ""',
        "#RAR 0 20250101 20251231",
        "#RAR -1 20240101 20241231",
        "#TAXAR 2026",
        "#OMFATTN 20250630",
        "#KPTYP EUBAS97",
        "#VALUTA EUR",
        '#KONTO 1930 "Bank"',
        '#KONTO 3001 ""',
        "#KTYP 1930 T",
        '#ENHET 1930 "st"',
        "#SRU 1930 7281",
        "#SRU 1930 7282",
        '#DIM 1 "Kostnadsställe"',
        '#UNDERDIM 21 "Grupp" 1',
        '#DIM 6 "Projekt"',
        '#OBJEKT 1 "10" "Väst"',
        "#IB 0 1930 100.00 2.5",
        "#PSALDO 0 202501 3001 {} -0.05",
        "#UB -1 1930 100.01",
        '#OUB 0 1930 {1 "10" 6 "P}1"} 0.00',
        '#VER A 1 20250131 "" 20250201 "AB"',
        "{",
        "#BTRANS 1930 {} 1.00",
        '#RTRANS 1930 {} 2.50 20250301 "rättad"',
        '#TRANS 1930 {} 2.50 "" "" -3 "CD"',
        "}",
        "#VER A 2 20250131",
        "{",
        "}",
    ]
    assert told(ledger) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('sa "ja"', r'"sa \"ja\""'),
        ('"', r'"\""'),
        ("C:\\x", '"C:\\x"'),
        ('a\\"b', '"a\\\\"b"'),
        ("{ }", '"{ }"'),
        (" a ", '" a "'),
    ],
)
def test_texts_stand_in_quotes_and_their_quotes_are_escaped(text: str, written: str) -> None:
    assert records(one_row(text=text), "TRANS") == [f'#TRANS 1930 {{}} 1.00 "" {written}']


@pytest.mark.parametrize(
    ("series", "written"), [("A", "A"), ("A B", '"A B"'), ("A}", '"A}"'), ("", '""'), ("A\\", "A\\")]
)
def test_words_stand_in_quotes_only_where_they_must(series: str, written: str) -> None:
    made = builder()
    made.add_voucher(series, "1", date(2025, 1, 31))
    assert records(made.build(), "VER") == [f"#VER {written} 1 20250131"]


def test_sum_is_written_and_returned() -> None:
    file = io.BytesIO()
    written = write(one_row(text="åäö €"), file, checksum=True)
    text = file.getvalue().decode("cp437")
    counted = re.fullmatch(r"#FLAGGA 0\r\n#KSUMMA\r\n(.*)#KSUMMA ([0-9]+)\r\n", text, re.DOTALL)
    assert counted is not None
    assert written.checksum == int(counted[2]) == checksum(counted[1])
    assert written.size == len(file.getvalue())
    assert write(one_row(), io.BytesIO()).checksum is None


def test_same_ledger_gives_the_same_bytes_in_a_path_and_in_a_file(tmp_path: Path) -> None:
    file = io.BytesIO()
    write(one_row(), file)
    write(one_row(), str(tmp_path / "a.se"))
    assert (tmp_path / "a.se").read_bytes() == file.getvalue()


def test_product_and_version_stand_as_the_program_when_none_is_given() -> None:
    file = io.BytesIO()
    write(one_row(), file)
    assert re.search(rb'^#PROGRAM "closing-host" [0-9][^ ]*\r$', file.getvalue(), re.MULTILINE)


def test_given_date_replaces_date_and_signature_of_the_source() -> None:
    ledger = dataclasses.replace(one_row(), provenance=Provenance(generated_on=date(2026, 1, 1), generated_by="x"))
    assert records(ledger, "GEN") == ['#GEN 20260101 "x"']
    assert records(ledger, "GEN", generated_on=date(2026, 2, 2)) == ["#GEN 20260202"]


@pytest.mark.parametrize(
    ("text", "written"), [("5 €", "5 EUR"), ("a\nb", "a b"), ("slut \\", "slut /"), ("☃", "?"), ("a\u030a", "å")]
)
def test_text_that_sie_cannot_hold_is_replaced_and_told_with_its_line(text: str, written: str) -> None:
    ledger = one_row(text=text)
    assert records(ledger, "TRANS") == [f'#TRANS 1930 {{}} 1.00 "" "{written}"']
    parameters = {"label": "TRANS", "field": "text", "count": 1, "written": written}
    place = lines(ledger).index(records(ledger, "TRANS")[0]) + 1
    assert told(ledger)[0] == ("sie-written-text-replaced", place, text, parameters)


def test_lines_told_are_right_in_every_kind_of_record() -> None:
    made = builder(Company(name="€"))
    made.add_account("1930", "–", unit="€")
    made.add_dimension(6, "•")
    made.add_object(6, "€1", "…")
    made.add_balance("IB", "1930", 1)
    made.add_balance("OIB", "1930", 1, objects=[(1, "a"), (6, "€2")])
    for number in range(3):
        made.add_voucher("A", str(number), date(2025, 1, 1), f"{number} €")
        for row in range(number):
            made.add_row("1930", 1, text=f"{number} {row} €", objects=[(6, "€3")], signature="Ł")
    ledger = made.build()
    written = lines(ledger)
    for code, line, text, parameters in told(ledger):
        if code == "sie-written-text-replaced":
            assert line is not None
            assert str(parameters["written"]) in written[line - 1], text
            assert written[line - 1].startswith(f"#{parameters['label']} ")
    assert len({text for _, _, text, _ in told(ledger)}) == 14


def test_same_text_in_many_rows_is_told_once_with_how_often() -> None:
    made = builder()
    made.add_voucher("A", "1", date(2025, 1, 1))
    for _ in range(5):
        made.add_row("1930", 1, text="€")
    assert [each[3]["count"] for each in told(made.build()) if each[2] == "€"] == [5]


def test_codes_that_become_the_same_are_told_as_an_error() -> None:
    made = builder()
    made.add_object(1, "☃", "snögubbe")
    made.add_object(1, "⛄", "en till")
    written = write(made.build(), io.BytesIO())
    assert [(each.severity, each.text) for each in written.findings if each.code == "sie-written-codes-merged"] == [
        ("error", "☃"),
        ("error", "⛄"),
    ]


def test_texts_are_cut_at_the_limit_after_they_were_made_to_fit() -> None:
    made = builder()
    made.add_voucher("A", "1", date(2025, 1, 1), "123456789")
    made.add_row("1930", 1, text="12345€")
    made.add_row("1930", 1, text="12345678", signature="a longer signature")
    ledger = made.build()
    assert lines(ledger, text_limit=8)[-5:] == [
        '#VER A 1 20250101 "12345678"',
        "{",
        '#TRANS 1930 {} 0.01 "" "12345EUR"',
        '#TRANS 1930 {} 0.01 "" "12345678" "" "a longer signature"',
        "}",
    ]
    assert [each[2] for each in told(ledger, text_limit=8) if each[0] == "sie-written-text-replaced"] == [
        "123456789",
        "12345€",
    ]


def test_values_that_the_books_lack_are_empty_fields_and_told() -> None:
    ledger = one_row()
    unknown = dataclasses.replace(
        ledger,
        vouchers=ledger.vouchers.with_columns(pl.lit(None, pl.Date).alias("date")),
        rows=ledger.rows.with_columns(pl.lit(None, pl.Int64).alias("amount"), pl.lit(None, pl.String).alias("account")),
    )
    assert lines(unknown)[-4:] == ['#VER A 1 ""', "{", '#TRANS "" {} ""', "}"]
    assert [(code, line, parameters["field"]) for code, line, _, parameters in told(unknown)[:3]] == [
        ("sie-written-value-missing", 8, "date"),
        ("sie-written-value-missing", 10, "account"),
        ("sie-written-value-missing", 10, "amount"),
    ]


_TOTALS = {"IB", "UB", "RES"}
_BY_OBJECT = {"DIM": 1, "OBJEKT": 1, "OIB": 1, "OUB": 1}
_VOUCHERS = {"VER": 1, "TRANS": 1}
_MONTHS = {"PSALDO": 2, "PBUDGET": 1}


@pytest.mark.parametrize(
    ("sie_type", "kept", "left"),
    [
        (1, _TOTALS, {**_BY_OBJECT, **_MONTHS, **_VOUCHERS, "OMFATTN": 1}),
        (2, _TOTALS | {"PSALDO", "PBUDGET"}, {**_BY_OBJECT, **_VOUCHERS, "PSALDO": 1}),
        (3, _TOTALS | {"PSALDO", "PBUDGET", "OIB", "OUB"}, _VOUCHERS),
        ("4I", set(), {**_BY_OBJECT, **_MONTHS, **dict.fromkeys(_TOTALS, 1), "KONTO": 1, "RAR": 1, "OMFATTN": 1}),
    ],
)
def test_each_type_holds_its_own_records_and_tells_of_the_others(
    sie_type: Any, kept: set[str], left: dict[str, int]
) -> None:
    made = builder()
    made.add_account("1930", "Bank")
    made.add_dimension(1, "Kst")
    made.add_object(1, "10", "Väst")
    for kind in ("IB", "UB", "RES", "OIB", "OUB"):
        made.add_balance(kind, "1930", 1)
    made.add_balance("PSALDO", "1930", 1, period=202501)
    made.add_balance("PSALDO", "1930", 1, period=202501, objects=[(1, "10")])
    made.add_balance("PBUDGET", "1930", 1, period=202501)
    made.add_voucher("A", "1", date(2025, 1, 1))
    made.add_row("1930", 1)
    ledger = dataclasses.replace(made.build(), covered_until=date(2025, 12, 31))
    written = lines(ledger, sie_type=sie_type)
    assert f"#SIETYP {str(sie_type)[0]}" in written
    balances = {line.split()[0][1:] for line in written} & {"IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET"}
    assert balances == kept
    found = [parameters for code, _, _, parameters in told(ledger, sie_type=sie_type) if "left-out" in code]
    assert {each["label"]: each["count"] for each in found} == left


def test_objects_of_an_account_total_have_no_place_and_are_told() -> None:
    made = builder()
    made.add_balance("IB", "1930", 1, objects=[(1, "10")])
    ledger = made.build()
    assert records(ledger, "IB") == []
    assert ("sie-written-record-left-out", None, "", {"label": "IB", "count": 1}) in told(ledger)


def test_mandatory_record_that_the_books_do_not_state_is_told() -> None:
    ledger = LedgerBuilder(Company(), ()).build()
    missing = [each[3]["label"] for each in told(ledger, sie_type=2) if each[0] == "sie-written-record-missing"]
    assert missing == ["GEN", "RAR", "OMFATTN", "KONTO"]


def test_numbers_that_do_not_rise_in_their_series_are_told() -> None:
    made = builder()
    for series, number in (("A", "1"), ("B", "1"), ("A", "10"), ("A", "x"), ("A", "9"), ("B", "2"), ("A", "9")):
        made.add_voucher(series, number, date(2025, 1, 1))
    falling = [each[3] for each in told(made.build()) if each[0] == "sie-written-vouchers-falling"]
    assert falling == [{"voucher": "A9", "count": 2}]


def test_vouchers_beyond_one_batch_are_written_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    made = builder()
    for number in range(7):
        made.add_voucher("A", str(number), date(2025, 1, 1))
        for row in range(number % 3):
            made.add_row("1930", row, text=f"{number}€")
    ledger = made.build()
    whole, found = lines(ledger), told(ledger)
    monkeypatch.setattr("closing_host.sie.written_vouchers.AT_A_TIME", 2)
    assert lines(ledger) == whole
    assert told(ledger) == found


def test_rows_are_written_by_voucher_and_row_whatever_their_order_in_the_table() -> None:
    made = builder()
    for number in range(3):
        made.add_voucher("A", str(number), date(2025, 1, 1))
        made.add_row("1930", number)
        made.add_row("3001", -number)
    ledger = made.build()
    turned = dataclasses.replace(ledger, rows=ledger.rows.reverse(), vouchers=ledger.vouchers.reverse())
    assert lines(turned) == lines(ledger)


def test_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.se"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="no SIE type 5"):
        write(one_row(), target, sie_type=5)  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
