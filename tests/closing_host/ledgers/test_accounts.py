import polars as pl
import pytest

from closing_host.ledgers.accounts import is_balance_account, is_internal_account, is_result_account


@pytest.mark.parametrize(
    ("account", "group"),
    [
        ("1000", "balance"),
        ("2999", "balance"),
        ("3000", "result"),
        ("8999", "result"),
        ("9000", "internal"),
        ("99", "internal"),
        ("193055", "balance"),
        ("301055", "result"),
        ("150", "balance"),
        ("0999", "none"),
        ("DIFF", "none"),
        ("3FEL", "none"),
        ("", "none"),
    ],
)
def test_the_first_digit_is_the_class_whatever_the_length(account: str, group: str) -> None:
    frame = pl.DataFrame({"account": [account]}).select(
        balance=is_balance_account(), result=is_result_account(), internal=is_internal_account()
    )
    assert [name for name in frame.columns if frame[name][0]] == ([] if group == "none" else [group])
