"""Checks of one's own: their ids."""

import pytest

from closing_host.closing.analysis.choices import new_own_check


@pytest.mark.parametrize(
    ("used", "id"),
    [
        ((), "own-1"),
        (("own-1", "TA09"), "own-2"),
        (("own-3",), "own-4"),
        (("own-10", "own-9"), "own-11"),
    ],
)
def test_an_own_check_gets_the_number_after_the_highest_that_was_ever_used(used: tuple[str, ...], id: str) -> None:
    assert new_own_check(used, "TA19", "Bank", {"accounts": "1930"}).id == id
