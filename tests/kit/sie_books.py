"""Small books as a SIE 4E file, with their facts counted by hand."""

from datetime import date
from typing import Any

BOOKS: dict[str, Any] = {
    "start": date(2025, 1, 1),
    "end": date(2025, 12, 31),
    "vouchers": 3,
    "sums": {"1930": 85_000, "3001": -100_000, "2611": -25_000, "5010": 40_000, "1510": 0},
    "opening": {"1930": 50_050, "2081": -50_050},
    "texts": ("Försäljning, varor", "Hyra för år 2025", "Lokalhyra"),
}

_HEAD = """#FLAGGA 0
#PROGRAM "Kit" 1.0
#FORMAT PC8
#GEN 20260101
#SIETYP 4
#ORGNR 556000-4615
#FNAMN "Exempel AB"
#RAR 0 20250101 20251231
#KONTO 1510 "Kundfordringar"
#KONTO 1930 "Företagskonto"
#KONTO 2081 "Aktiekapital"
#KONTO 2611 "Utgående moms"
#KONTO 3001 "Försäljning, varor"
#KONTO 5010 "Lokalhyra"
#IB 0 1930 500.50
#IB 0 2081 -500.50
"""

_TAIL = """#UB 0 1930 1350.50
#UB 0 2081 -500.50
#UB 0 2611 -250.00
#RES 0 3001 -1000.00
#RES 0 5010 400.00
#VER A 1 20250115 "Försäljning"
{
#TRANS 1510 {} 1250.00
#TRANS 3001 {} -1000.00
#TRANS 2611 {} -250.00
}
#VER A 2 20250201 "Hyra för år 2025"
{
#TRANS 5010 {} 400.00
#TRANS 1930 {} -400.00
}
#VER A 3 20250215 "Betalning"
{
#TRANS 1930 {} 1250.00
#TRANS 1510 {} -1250.00
}
"""


def sie_file(vouchers: int | None = None, *, encoding: str = "cp437") -> bytes:
    """The books above, or so many vouchers of one krona."""
    if vouchers is None:
        return (_HEAD + _TAIL).replace("\n", "\r\n").encode(encoding)
    many = "".join(
        f'#VER A {number} 20250630 "Verifikation {number}"\n{{\n#TRANS 1930 {{}} 1.00\n#TRANS 3001 {{}} -1.00\n}}\n'
        for number in range(1, vouchers + 1)
    )
    return (_HEAD + many).replace("\n", "\r\n").encode(encoding)
