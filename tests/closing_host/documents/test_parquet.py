import io
from datetime import date
from decimal import Decimal

import polars as pl

from closing_host.api.ledger import OBJECTS
from closing_host.documents import write_parquet

FRAME = pl.DataFrame(
    {
        "amount": pl.Series([-150, 10**16, None], dtype=pl.Int64),
        "voucher": pl.Series([0, 1, 2], dtype=pl.UInt32),
        "kind": pl.Series(["IB", "UB", None], dtype=pl.Enum(["IB", "UB"])),
        "objects": pl.Series([[{"dimension": 1, "object": "=1"}], [], None], dtype=OBJECTS),
        "date": [date(2025, 1, 1), None, None],
        "quantity": pl.Series([Decimal("1.5"), None, None], dtype=pl.Decimal(38, 6)),
    }
)


def written() -> bytes:
    file = io.BytesIO()
    write_parquet(FRAME, file)
    return file.getvalue()


def test_money_is_exact_kronor_and_all_else_keeps_its_type() -> None:
    back = pl.read_parquet(io.BytesIO(written()))
    assert back["amount"].to_list() == [Decimal("-1.50"), Decimal("100000000000000.00"), None]
    assert back["amount"].dtype == pl.Decimal(38, 2)
    assert back["kind"].to_list() == ["IB", "UB", None]
    others = ["voucher", "objects", "date", "quantity"]
    assert back.select(others).equals(FRAME.select(others))
    assert back.select(others).schema == FRAME.select(others).schema


def test_bytes_are_the_same_twice() -> None:
    assert written() == written()
