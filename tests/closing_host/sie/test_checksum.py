import re
import zlib
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.sie.checksum import checksum
from sie_samples import MISSING, sample_files

_SUMMED = re.compile(r"#KSUMMA[ \t]*\r?\n(.*)#KSUMMA[ \t]+([0-9]+)", re.DOTALL)


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp437")


def summed_samples() -> list[ParameterSet]:
    found = []
    for path in sample_files():
        match = _SUMMED.search(decode(path.read_bytes()))
        if match is not None and match[2] != "123456789":  # one vendor's placeholder
            found.append(pytest.param(path, match[1], int(match[2]), id=path.name))
    return found or [pytest.param(None, "", 0, marks=pytest.mark.skip(reason=MISSING))]


@pytest.mark.parametrize(("path", "records", "stated"), summed_samples())
def test_sums_of_real_files_are_right(path: Path, records: str, stated: int) -> None:
    assert checksum(records) == stated


def counted(text: str, expected: bytes) -> None:
    assert checksum(text) == zlib.crc32(expected)


def test_label_with_its_hash_and_contents_of_fields_are_counted() -> None:
    counted('#FNAMN "Exempel AB"\r\n#SIETYP 4\r\n', b"#FNAMNExempel AB#SIETYP4")


def test_blanks_tabs_braces_and_line_ends_are_not_counted() -> None:
    counted('#VER A 1 20250101\n{\n\t#TRANS  1930 {"1" "10"}\t1.00 \n}\n\n', b"#VERA120250101#TRANS1930" + b"1101.00")


def test_braces_blanks_and_tabs_inside_quotes_are_counted() -> None:
    counted('#FNAMN "a {b}\tc"\n', b"#FNAMNa {b}\tc")


def test_backslash_of_an_escaped_quote_is_not_counted_but_the_quote_is() -> None:
    counted(r'#FNAMN "a \"b\""' + "\n", b'#FNAMNa "b"')


def test_lone_backslash_is_counted() -> None:
    counted('#FNR "C:\\bok\\"foretag"\n#FNR D:\\x\n', b'#FNRC:\\bok"foretag#FNRD:\\x')


def test_letters_count_as_their_code_page_437_values() -> None:
    counted('#FNAMN "åäöÅÄÖ"', bytes([*b"#FNAMN", 0x86, 0x84, 0x94, 0x8F, 0x8E, 0x99]))


def test_character_outside_the_code_page_counts_as_one_question_mark() -> None:
    counted("#FNAMN 1€", b"#FNAMN1?")


def test_open_quote_ends_with_its_line() -> None:
    counted('#KONTO 1 "a b\n#KONTO 2 "c d"\n', b"#KONTO1a b#KONTO2c d")
    counted('#KONTO 1 "a b\r#KONTO 2 "c d"\r', b"#KONTO1a b#KONTO2c d")
    counted('#KONTO 1 "a b', b"#KONTO1a b")


def test_nothing_counts_as_zero() -> None:
    assert checksum("") == 0


_LINES = st.lists(st.text(alphabet=' \t{}"\\#a1å€\x00\r'), max_size=30).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


def plainly(text: str) -> int:
    """The rule of SIE 1.7 spelt out, one character at a time."""
    kept, quoted, position = "", False, 0
    while position < len(text):
        character = text[position]
        if text[position : position + 2] == '\\"':
            kept += '"'
            position += 1
        elif character in "\r\n":
            quoted = False
        elif character == '"':
            quoted = not quoted
        elif quoted or character not in " \t{}":
            kept += character
        position += 1
    return zlib.crc32(kept.encode("cp437", "replace"))


@settings(deadline=None)
@given(_LINES)
def test_any_text_is_counted_as_if_one_character_at_a_time(text: str) -> None:
    assert checksum(text) == plainly(text)


@settings(deadline=None)
@given(_LINES, _LINES)
def test_pieces_cut_at_line_ends_add_up(first: str, second: str) -> None:
    assert checksum(second, checksum(first)) == checksum(first + second)


def test_long_text_is_counted_like_its_lines_one_by_one() -> None:
    lines = [f'#TRANS 1930 {{"1" "{n}"}} {n}.00 "" "rad {n} \\"{"x" * (n % 60)}"\r\n' for n in range(5000)]
    running = 0
    for line in lines:
        running = checksum(line, running)
    assert checksum("".join(lines)) == running
