import pytest

from closing_host.sie.checksum import checksum
from sie_text import HEAD_LINES, VOUCHER, codes, finding, ledger


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "cp1252"])
@pytest.mark.parametrize("label", ["#KSUMMA", "#ksumma", "\t#KSUMMA"])
def test_right_sum_is_verified_in_any_encoding(encoding: str, label: str) -> None:
    records = VOUCHER.replace("Text", "Åsa")
    book = ledger(f"{label}\n{records}{label} \t{checksum(records)}\n", encoding=encoding)
    assert book.provenance.checksum == "right"
    assert [code for code in codes(book) if "checksum" in code] == []


def test_right_sum_with_quotes_and_lone_cr() -> None:
    book = ledger(f'#KSUMMA\n{VOUCHER}#KSUMMA "{checksum(VOUCHER)}"\n'.replace("\n", "\r"))
    assert book.provenance.checksum == "right"


def test_wrong_sum_is_told_with_both_values() -> None:
    book = ledger(f"#KSUMMA\n{VOUCHER}#KSUMMA 5\n")
    found = finding(book, "sie-checksum-wrong")
    assert found["line"] == HEAD_LINES + 7
    assert found["parameters"] == {"stated": "5", "counted": str(checksum(VOUCHER))}
    assert book.provenance.checksum == "wrong"


def test_file_without_sum_says_nothing() -> None:
    assert ledger(VOUCHER).provenance.checksum == ""


def test_label_inside_a_text_is_no_record() -> None:
    records = VOUCHER.replace("Text", "om #KSUMMA 5")
    book = ledger(f"#KSUMMA\n{records}#KSUMMA {checksum(records)}\n")
    assert book.provenance.checksum == "right"
