"""Rows of closing entries as a person types them."""

import pytest

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.cli.entry_input import parse_row


@pytest.mark.parametrize(
    ("stated", "row"),
    [
        ("7010=12 000,50", DraftRow("7010", 1_200_050)),
        ("7010=12\u00a0000", DraftRow("7010", 1_200_000)),
        ("7010=12,000.50", DraftRow("7010", 1_200_050)),
        ("7010=12.000,50", DraftRow("7010", 1_200_050)),
        ("7010=-1,234,567.5", DraftRow("7010", -123_456_750)),
        ("2910=\u22125", DraftRow("2910", -500)),
        ("=5", DraftRow("", 500)),
        ("7010=5@1:N@6:P 1#Lön, dec # 2", DraftRow("7010", 500, ((1, "N"), (6, "P 1")), "Lön, dec # 2")),
        ("7010=5#text", DraftRow("7010", 500, (), "text")),
    ],
)
def test_a_row_is_read_as_typed(stated: str, row: DraftRow) -> None:
    assert parse_row(stated) == row


@pytest.mark.parametrize(
    "stated", ["7010", "7010=", "7010=12,000", "7010=1.234", "7010=x", "7010=5@N", "7010=5@1:", ""]
)
def test_a_row_that_could_mean_two_things_or_none_is_refused(stated: str) -> None:
    with pytest.raises(DataError, match="entry-row-unreadable"):
        parse_row(stated)
