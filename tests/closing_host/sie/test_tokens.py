import pytest

from closing_host.sie.tokens import Fault, Field, parse, parse_list


def values(text: str) -> list[str]:
    record = parse(text)
    assert record is not None
    return [field.text for field in record.fields]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#GEN 20250131", ["20250131"]),
        ("#GEN\t20250131 \t Eva", ["20250131", "Eva"]),
        ('#ADRESS "" "a b" ""', ["", "a b", ""]),
        (r'#PROSA "a \"b\" c"', ['a "b" c']),
        (r'#PROSA "\""', ['"']),
        (r"#FNR C:\data\x", [r"C:\data\x"]),
        (r'#FNR "C:\data\x"', [r"C:\data\x"]),
        (r'#FNR "C:\\data"', [r"C:\\data"]),
        (r"#PROSA a\"b", ['a"b']),
        ('#PROSA a"b c', ['a"b', "c"]),
        ("#PROSA {a}", ["{a}"]),
        ('#PROSA"a"', ["a"]),
        ("#PROSA", []),
    ],
)
def test_fields_are_split_and_unquoted(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_columns_count_from_one_and_from_the_line_s_start() -> None:
    record = parse('  #GEN 20250131 "Eva"', offset=4)
    assert record is not None
    assert (record.label, record.column) == ("GEN", 7)
    assert record.fields == [Field("20250131", 12, False), Field("Eva", 21, True)]


def test_what_does_not_begin_with_a_hash_is_no_record() -> None:
    assert parse("GEN 20250131") is None
    assert parse("") is None


def test_object_list_stands_between_fields() -> None:
    record = parse('#TRANS 1930{1 "10" "6" P1}100.00')
    assert record is not None
    assert [field.text for field in record.fields] == ["1930", "100.00"]
    assert [field.text for field in record.objects or []] == ["1", "10", "6", "P1"]
    assert record.split == 1
    assert record.faults == []


@pytest.mark.parametrize("written", ["{}", "{ }", "{\t}"])
def test_empty_object_list(written: str) -> None:
    record = parse(f"#TRANS 1930 {written} 1")
    assert record is not None
    assert record.objects == []


def test_record_without_list_has_none() -> None:
    record = parse("#PSALDO 0 202501 1930 100.00")
    assert record is not None
    assert record.objects is None


def test_braces_in_quotes_do_not_end_a_list() -> None:
    record = parse('#TRANS 1930 {1 "A}1" 6 "{"} 1 "" "}"')
    assert record is not None
    assert [field.text for field in record.objects or []] == ["1", "A}1", "6", "{"]
    assert [field.text for field in record.fields] == ["1930", "1", "", "}"]


def test_unclosed_quote_runs_to_the_end_of_the_line() -> None:
    record = parse('#VER A 1 20250115 "260    aaa ')
    assert record is not None
    assert record.fields[-1].text == "260    aaa "
    assert record.faults == [Fault("sie-quote-unclosed", 19, '"260    aaa ')]


def test_backslash_before_the_last_quote_is_a_path_s_end() -> None:
    record = parse('#FNR "C:\\data\\"')
    assert record is not None
    assert record.fields[0].text == "C:\\data\\"
    assert [fault.code for fault in record.faults] == ["sie-quote-unclosed"]


def test_quote_inside_a_text_is_kept_and_told_once() -> None:
    record = parse('#PROSA "a "b" c"d"')
    assert record is not None
    assert record.fields[0].text == 'a "b'
    assert [(fault.code, fault.column) for fault in record.faults] == [("sie-quote-inside", 11)]


def test_tab_in_a_text_becomes_a_blank() -> None:
    record = parse('#PROSA "a\tb"')
    assert record is not None
    assert record.fields[0].text == "a b"
    assert record.faults == [Fault("sie-tab-in-text", 8, "a\tb")]


def test_unclosed_list_takes_the_rest_of_the_line() -> None:
    record = parse('#TRANS 1930 {1 "10" 100.00')
    assert record is not None
    assert [field.text for field in record.fields] == ["1930"]
    assert record.faults == [Fault("sie-list-unclosed", 13, '{1 "10" 100.00')]


def test_list_by_itself_counts_columns_from_its_first_character() -> None:
    assert parse_list('1 "10"') == ([Field("1", 1, False), Field("10", 3, True)], [])


def test_excerpts_in_faults_are_short() -> None:
    record = parse('#PROSA "' + "a" * 10_000)
    assert record is not None
    assert len(record.faults[0].text) == 200
