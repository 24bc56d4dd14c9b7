import io

import pytest

from closing_host.sie.structure import check_structure

BOOKS = """\
#FLAGGA 0
#PROGRAM "P" 1
#FORMAT PC8
#GEN 20250101
#SIETYP 4
#FNAMN "Exempel AB"
#RAR 0 20250101 20251231
#KONTO 1930 "Bank"
#IB 0 1930 0.00
#UB 0 1930 1.00
#VER A 1 20250101
{
#TRANS 1930 {} 1.00
}
"""


def told(text: str, encoding: str = "cp437") -> list[tuple[str, int | None, str]]:
    findings = check_structure(text.encode(encoding), encoding=encoding)
    return [(each.code, each.line, str(each.parameters.get("label", ""))) for each in findings]


def without(label: str, text: str = BOOKS) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"#{label} "))


def test_right_file_has_nothing_to_tell() -> None:
    assert told(BOOKS) == []


@pytest.mark.parametrize("label", ["PROGRAM", "FORMAT", "GEN", "KONTO"])
def test_missing_mandatory_record_is_told(label: str) -> None:
    assert told(without(label)) == [("sie-record-missing", None, label)]


@pytest.mark.parametrize("label", ["FNAMN", "RAR"])
def test_what_the_reader_tells_is_not_told_twice(label: str) -> None:
    assert told(without(label)) == []


def test_missing_flag_is_told_as_missing_and_as_wrong_first_record() -> None:
    assert told(without("FLAGGA")) == [("sie-record-missing", None, "FLAGGA"), ("sie-first-record-wrong", 1, "PROGRAM")]


def test_file_without_type_is_type_1_which_holds_no_vouchers() -> None:
    assert told(without("SIETYP")) == [
        ("sie-record-forbidden", 10, "VER"),
        ("sie-record-forbidden", 12, "TRANS"),
    ]


@pytest.mark.parametrize("stated", ["2", "3"])
def test_types_2_and_3_want_how_far_the_balances_reach(stated: str) -> None:
    text = BOOKS[: BOOKS.index("#VER")].replace("#SIETYP 4", f'#SIETYP "{stated}"')
    assert told(text) == [("sie-record-missing", None, "OMFATTN")]


@pytest.mark.parametrize(("stated", "label"), [("1", "DIM"), ("1", "PSALDO"), ("2", "OBJEKT"), ("2", "OIB")])
def test_record_of_a_higher_type_is_told(stated: str, label: str) -> None:
    text = BOOKS[: BOOKS.index("#KONTO")].replace("#SIETYP 4", f"#SIETYP {stated}") + "#OMFATTN 20251231\n"
    found = told(text + f"#KONTO 1930 Bank\n#{label} 1 x\n#{label} 2 x\n")
    assert ("sie-record-forbidden", 10, label) in found
    assert sum(each[2] == label for each in found) == 1


def test_type_4_without_balances_is_judged_as_vouchers_from_a_feeder() -> None:
    feeder = BOOKS
    for label in ("RAR", "KONTO", "UB", "IB"):
        feeder = without(label, feeder)
    assert told(feeder) == []
    assert told(feeder.replace("#FNAMN", "#BKOD 62010\n#FNAMN")) == [("sie-record-forbidden", 6, "BKOD")]


def test_type_4_with_a_year_and_neither_balances_nor_vouchers_is_judged_as_books() -> None:
    assert told(without("KONTO", BOOKS[: BOOKS.index("#IB")])) == [("sie-record-missing", None, "KONTO")]


def test_record_behind_a_later_group_is_told_once_with_its_first_line() -> None:
    assert told(BOOKS + "#KONTO 1 a\n#KONTO 2 b\n") == [("sie-record-misplaced", 15, "KONTO")]


def test_empty_and_foreign_lines_do_not_disturb_the_order() -> None:
    assert told(BOOKS.replace("#KONTO", "\n\t\n#MOMSKOD 1\n  #konto")) == []


def test_sum_second_and_last_is_right() -> None:
    assert told(BOOKS.replace("#PROGRAM", "#KSUMMA\n#PROGRAM", 1) + "#KSUMMA 1\n") == []


def test_sum_elsewhere_is_told() -> None:
    text = BOOKS.replace("#KONTO", "#KSUMMA\n#KONTO", 1) + "#KSUMMA 1\n"
    assert told(text) == [("sie-checksum-misplaced", 8, "")]


def test_lines_that_end_in_cr_only_are_lines() -> None:
    assert told((BOOKS + "#KONTO 1 a\n").replace("\n", "\r")) == [("sie-record-misplaced", 15, "KONTO")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding: str) -> None:
    assert told(BOOKS.replace("\n", "\r\n"), encoding) == []


def test_nothing_at_all_is_a_file_that_lacks_everything() -> None:
    assert {code for code, _, _ in told("")} == {code for code, _, _ in told("no records\n")} == {"sie-record-missing"}


def test_file_of_foreign_labels_only_breaks_no_order() -> None:
    assert {code for code, _, _ in told("#X 1\n")} == {"sie-record-missing", "sie-first-record-wrong"}


def test_pieces_of_a_large_file_are_one_file() -> None:
    rows = "#TRANS 1930 {} 1.00 20250101 " + '"x" ' * 20 + "\n"
    text = BOOKS.replace("}\n", rows * 200_000 + "}\n", 1) + "#KONTO 1 a\n"
    assert len(text) > 20_000_000
    found = check_structure(io.BytesIO(text.encode()))
    assert [(each.code, each.line) for each in found] == [("sie-record-misplaced", 200_015)]
