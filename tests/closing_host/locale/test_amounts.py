import pytest

from closing_host.locale.amounts import typed_amount


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("12 000,50", 1_200_050),
        ("12\u00a0000,5", 1_200_050),
        ("12,000.50", 1_200_050),
        ("12.000,50", 1_200_050),
        ("\u2212100", -10_000),
        ("100", 10_000),
    ],
)
def test_amounts_are_read_in_both_languages(typed: str, ore: int) -> None:
    assert typed_amount(typed) == ore


@pytest.mark.parametrize("typed", ["12,000", "1.2.3", "tolv", "", "1,234,5"])
def test_what_could_be_two_amounts_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        typed_amount(typed)
