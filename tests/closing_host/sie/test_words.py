"""Every code has words, and every place in the words is filled by what the finding carries."""

import string

import pytest

from closing_host.locale.messages.sie import MESSAGES
from closing_host.sie import read
from closing_host.sie.findings import SEVERITIES
from sie_text import HEAD, VOUCHER

ERRORS = {"sie-5-unsupported", "sie-not-recognised", "sie-encoding-unknown"}

TEXTS = (
    "#KSUMMA\n#SIETYP 9\n#TAXAR x\n#OMFATTN x\n#ADRESS a\n#DIM x y\n#KONTO 1930 a b\n#KONTO A x\n#KTYP 1 T\n#IB x 1 1\n"
    "#PBUDGET 0 3001 202501 1\n#MOMSKOD 1\n#RAR -1 x y\n#RAR -2 20250101 20240101\n#RAR -3 20200101 20250101\nx\n}\n"
    '#VER "" "" x\n#TRANS\n#VER A 1\n{\n#TRANS 11 {} x 20250230 "a\tb\n#TRANS 1930 {A 1 1.001\n#TRANS 1930 1,5 x "" x\n'
    '#RTRANS 1930 a {} 1.001\n#TRANS 1930 {} 999999999999999999 a "x "y" z" "" "" ""\n#VER 20250101\n'
    '#VER A 1 2025-01-01 "\x01" x\n{\n}\n#TRANS 1 {} 1\n'
    "#VER A 1 20250101\n{\n#RTRANS 1930 {} 1\n}\n#KSUMMA 1\n#KSUMMA 2\n#SRU 1930\n"
    + VOUCHER.replace("Text", "\ufffd Ã¥"),
    "#KSUMMA\n#KONTO 1930 a\n#KTYP 1930 x\n#VER A 1 20250101\n{\n",
    "x\n" * 10_001 + '#PROSA "' + "x" * 70_000 + '"\n',
)


def told() -> dict[str, set[str]]:
    """Code to the names that its findings carry."""
    found: dict[str, set[str]] = {}
    heads = (
        HEAD.replace("FLAGGA 0", "FLAGGA 1").replace("#SIETYP 4\n", ""),
        HEAD,
        "#FLAGGA 0\n#RAR 0\n#SIETYP 1\n",
        "#SIETYP 4\n",
    )
    for head in heads:
        for text in TEXTS:
            for each in read((head + text).encode()).findings.iter_rows(named=True):
                names = {parameter["name"] for parameter in each["parameters"]}
                names |= {name for name in ("line", "column") if each[name] is not None} | {"text"}
                found[each["code"]] = found.get(each["code"], names) & names
    return found


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    assert set(MESSAGES) == set(SEVERITIES) | ERRORS


def test_every_place_is_filled_in_every_finding() -> None:
    found = told()
    assert set(SEVERITIES) - set(found) == set()
    for code, names in found.items():
        wanted = {name for _, name, _, _ in string.Formatter().parse(MESSAGES[code]) if name}
        assert wanted - names == set(), code


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_words_end_with_a_next_step(code: str) -> None:
    sentences = [part for part in MESSAGES[code].replace("; ", ". ").split(". ") if part]
    assert len(sentences) > 1
