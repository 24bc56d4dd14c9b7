"""Small SIE 4E files of our own, for tests that need books but not a reader's corner cases."""

from collections.abc import Iterable

Row = tuple[str, str]
"""Account and amount as the file states them."""

ORGANISATION_NUMBER = "556677-8899"


def sie(
    *vouchers: tuple[str, str, str, Iterable[Row]],
    organisation_number: str = ORGANISATION_NUMBER,
    company: str = "Åkes Bageri AB",
    year: tuple[str, str] = ("20250101", "20251231"),
    opening: Iterable[Row] = (("1930", "1000.00"), ("2081", "-1000.00")),
    encoding: str = "cp437",
) -> bytes:
    """A file whose closing balances fit its rows. A voucher is series, number, date and rows."""
    opening = list(opening)
    balances = {account: _ore(amount) for account, amount in opening}
    for _, _, _, rows in vouchers:
        for account, amount in rows:
            balances[account] = balances.get(account, 0) + _ore(amount)
    lines = ["#FLAGGA 0", '#PROGRAM "Test" 1', "#FORMAT PC8", "#GEN 20260101", "#SIETYP 4", f'#FNAMN "{company}"']
    if organisation_number:
        lines.append(f"#ORGNR {organisation_number}")
    lines.append(f"#RAR 0 {year[0]} {year[1]}")
    lines += [f'#KONTO {account} "Konto {account}"' for account in sorted(balances)]
    lines += [f"#IB 0 {account} {amount}" for account, amount in opening]
    lines += [
        f"#{'UB' if account < '3000' else 'RES'} 0 {account} {balances[account] / 100:.2f}"
        for account in sorted(balances)
    ]
    for series, number, day, rows in vouchers:
        lines += [f'#VER {series} {number} {day} "Köp {number}"', "{"]
        lines += [f"#TRANS {account} {{}} {amount}" for account, amount in rows]
        lines.append("}")
    return "\r\n".join([*lines, ""]).encode(encoding)


def voucher(number: int, amount: str = "100.00", day: str = "20250310") -> tuple[str, str, str, list[Row]]:
    """A voucher A `number` that pays `amount` from the bank for goods."""
    return ("A", str(number), day, [("4010", amount), ("1930", f"-{amount}")])


def _ore(amount: str) -> int:
    return round(float(amount) * 100)
