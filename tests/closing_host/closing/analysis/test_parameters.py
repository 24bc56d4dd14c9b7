"""What can be stated of an own check."""

import pytest

from closing_host.closing.analysis import CHECKS
from closing_host.closing.analysis.parameters import Parameter

ACCOUNTS = Parameter("accounts", "accounts", "1910-1919")


@pytest.mark.parametrize("typed", ["1919-1910", "7010-739", "701-7399", "1910-1919, 1949-1930", "1910-", "19A0"])
def test_a_range_that_says_nothing_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed):
        ACCOUNTS.kept(typed)


@pytest.mark.parametrize("typed", ["1910-1919", "1910-1910", "26", "7010-7399, 75", "191000-191999"])
def test_accounts_and_ranges_are_kept_as_typed(typed: str) -> None:
    assert ACCOUNTS.kept(typed) == typed


def test_what_the_standard_checks_state_can_be_stated() -> None:
    for parameter in (each for check in CHECKS for each in check.parameters if each.unit == "accounts"):
        assert parameter.kept(parameter.default).replace(" ", "") == parameter.default
