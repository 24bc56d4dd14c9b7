import pytest

from closing_host.sie.encoding import decode, detect, keeps_lines, named

SWEDISH = "Åke köpte två ägg på kaféet i Övik"


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_bytes_show_their_encoding(encoding: str) -> None:
    data = f"#FNAMN {SWEDISH}\n".encode(encoding)
    assert detect(data) == encoding
    assert decode(data, detect(data)) == f"#FNAMN {SWEDISH}\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_characters_need_no_byte_order_mark(encoding: str) -> None:
    assert detect("#FLAGGA 0".encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"#FLAGGA 0\n", "cp437"),
        (b"", "cp437"),
        ("é".encode("cp1252"), "cp1252"),
        ("ü".encode("cp437"), "cp437"),  # neither set's Swedish letters
        ("åäö".encode() * 9 + b"\xff", "utf-8"),
        ("åäö".encode() + "åäöåäö".encode("cp437"), "cp437"),
        ("ä".encode("cp437") + "ä".encode("cp1252"), "cp437"),
        ("Ä".encode() + b"\xff", "utf-8"),  # 84 is also a letter of code page 437
        ("😀".encode(), "utf-8"),
    ],
)
def test_doubtful_bytes_are_counted(data: bytes, expected: str) -> None:
    assert detect(data) == expected


def test_encodings_have_python_s_names() -> None:
    assert [named(each) for each in ("UTF8", "latin-1", "437")] == ["utf-8", "iso8859-1", "cp437"]


def test_only_some_encodings_can_be_cut_at_line_ends() -> None:
    assert all(keeps_lines(each) for each in ("cp437", "utf-8", "utf-8-sig", "cp1252", "iso8859-15"))
    assert not any(keeps_lines(each) for each in ("utf-16", "utf-16-le", "utf-32", "cp037"))
