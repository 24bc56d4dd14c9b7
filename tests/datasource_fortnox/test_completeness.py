"""Files that end too early, wherever they end."""

import pytest

from closing_host import sie
from closing_host.api.errors import DataError
from datasource_fortnox.completeness import follows, require_whole

FILE = "\r\n".join(
    [
        "#FLAGGA 0",
        "#FORMAT PC8",
        "#SIETYP 4",
        '#PROGRAM "Fortnox" 3.57.11',
        "#GEN 20260301",
        '#FNAMN "Exempel AB"',
        "#RAR 0 20250101 20251231",
        '#KONTO 1930 "Bank"',
        '#KONTO 6110 "Papper"',
        "#IB 0 1930 100 0",
        "#UB 0 1930 75 0",
        "#RES 0 6110 25 0",
        "#PSALDO 0 202501 1930 {} -25 0",
        "",
        '#VER A 1 20250106 "Papper" 20250107',
        "{",
        '#TRANS 1930 {} -10 "" "" 0',
        '#TRANS 6110 {} 10 "" "" 0',
        "}",
        "",
        '#VER A 2 20250107 "Mer papper" 20250107',
        "{",
        '#TRANS 1930 {} -15 "" "" 0',
        '#TRANS 6110 {} 15 "" "" 0',
        "}",
        "",
        "",
    ]
).encode("cp437")
FIRST_VOUCHER = FILE.index(b"\r\n\r\n#VER A 1")
WITHOUT_VOUCHERS = FILE[: FIRST_VOUCHER + 2]


def test_a_whole_file_is_whole() -> None:
    require_whole(FILE)
    require_whole(WITHOUT_VOUCHERS)
    assert follows(sie.read(FILE))


def told(cut: bytes) -> bool:
    """Whether the end shows that something is missing, or the sums do."""
    try:
        require_whole(cut)
    except DataError:
        return True
    ledger = sie.read(cut)
    return ledger.vouchers.height < 2 and not follows(ledger)


def test_no_cut_among_the_vouchers_goes_unseen() -> None:
    last_line = len(FILE) - 4  # from here on only blank lines are lost
    assert [end for end in range(len(WITHOUT_VOUCHERS), last_line) if not told(FILE[:end])] == []


def test_a_cut_is_told_with_its_place() -> None:
    with pytest.raises(DataError) as raised:
        require_whole(FILE[: FILE.index(b"#TRANS 6110 {} 10") + 8])
    assert raised.value.parameters == {"size": FILE.index(b"#TRANS 6110 {} 10") + 8, "line": 18}


def test_corrections_do_not_disturb_the_sums() -> None:
    corrected = FILE.replace(
        b'#TRANS 6110 {} 10 "" "" 0\r\n',
        b'#BTRANS 6110 {} 10 "" "" 0\r\n#RTRANS 6110 {} 10 "" "" 0\r\n#TRANS 6110 {} 10 "" "" 0\r\n',
    )
    assert follows(sie.read(corrected))


def test_a_wrong_balance_does_not_follow() -> None:
    assert not follows(sie.read(FILE.replace(b"#UB 0 1930 75", b"#UB 0 1930 76")))
