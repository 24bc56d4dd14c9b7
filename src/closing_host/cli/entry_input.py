"""Labels, rows and amounts of closing entries as a person types them."""

import re
from collections.abc import Sequence
from typing import Final

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.locale.amounts import typed_amount

_ROW: Final = re.compile(r"(?P<account>[^=@#\s]*)=(?P<amount>[^@#]*)(?P<objects>(?:@[0-9]+:[^@#]+)*)(?:#(?P<text>.*))?")


def parse_row(stated: str) -> DraftRow:
    """`ACCOUNT=AMOUNT`, then `@DIMENSION:OBJECT` for each object and `#TEXT`, as in `7010=12 000,50@1:N@6:P1#December`.

    Debit is positive. Raises `DataError` `entry-row-unreadable`.
    """
    parts = _ROW.fullmatch(stated.strip())
    if parts is None:
        raise DataError("entry-row-unreadable", row=stated)
    objects = tuple(
        (int(dimension), code.strip())
        for dimension, _, code in (each.partition(":") for each in parts["objects"].split("@")[1:])
    )
    return DraftRow(parts["account"], _amount(parts["amount"], stated), objects, (parts["text"] or "").strip())


def parse_rows(stated: Sequence[str]) -> tuple[DraftRow, ...]:
    """Each as `parse_row`."""
    return tuple(parse_row(each) for each in stated)


def parse_labels(stated: str) -> list[str]:
    """The entries of `V1, S1`."""
    return [each.strip() for each in stated.split(",") if each.strip()]


def _amount(text: str, row: str) -> int:
    try:
        return typed_amount(text)
    except ValueError:
        raise DataError("entry-row-unreadable", row=row) from None
