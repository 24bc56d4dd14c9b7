from encodings import cp437

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.sie.codepage import encode, fit

HELD = "".join(character for character in cp437.decoding_table if character >= " " and character != "\x7f")


def test_every_character_of_the_code_page_is_kept_as_its_one_byte() -> None:
    assert fit(HELD) == HELD
    assert encode(HELD).decode("cp437") == HELD


def test_encoding_leaves_a_question_mark_for_what_is_lacking() -> None:
    assert encode("a€å") == b"a?\x86"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100 €", "100 EUR"),
        ("2024–2025", "2024-2025"),
        ("Anna’s", "Anna's"),
        ("”citat”", '"citat"'),
        ("a\u030a", "å"),
        ("Ørsted", "Orsted"),
        ("Š", "S"),
        ("ta…", "ta..."),
        ("a\tb\r\nc\x7f", "a b  c "),
        ("a\u200bb\xad", "ab"),
        ("☃\ufffd", "??"),
    ],
)
def test_character_that_is_lacking_is_replaced_by_rule(text: str, written: str) -> None:
    assert fit(text) == written


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_becomes_one_that_can_be_written_and_then_stays(text: str) -> None:
    written = fit(text)
    assert set(written) <= set(HELD)
    assert fit(written) == written
