"""What an author sees of a run: which tests are collected, exemptions, and what is said of the rest."""

import pytest

from closing_host.testing import DataSourceTests
from kit import good_file  # noqa: F401  # the inner run forgets again what it is the first to load

pytest_plugins = ["pytester"]

CLASSES = """
from kit.good_file import GoodFile
from closing_host.testing import DataSourceTests, Sample

BOOKS = b"books;2025-01-01;2025-12-31\\naccount;1930;Kassa;0;\\n"
SAMPLES = (Sample(BOOKS, vouchers=0, sums={"1930": 0}, texts=("K\\xe5ssa",)),)

class TestPlain(DataSourceTests):
    source = GoodFile()
    samples = SAMPLES

class TestExempt(DataSourceTests):
    source = GoodFile()
    samples = SAMPLES
    exempt = {"test_swedish_letters_survive": "the till has no letters"}

class TestNeedless(DataSourceTests):
    source = GoodFile()
    samples = SAMPLES
    exempt = {"test_vouchers_are_all_there": "nobody counts them"}

class TestMissing(DataSourceTests):
    source = "not-installed"
"""


def test_a_run_follows_hooks_and_exemptions(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(CLASSES)
    chosen = "test_describes or test_vouchers_are_all_there or test_swedish or test_cancelled"
    result = pytester.runpytest_inprocess("-k", chosen, "-rxXf", "-p", "no:cacheprovider", "--tb=short")
    outcomes = result.parseoutcomes()
    outcomes.pop("deselected")
    assert outcomes == {
        "passed": 3 + 2,  # three are described, two count their vouchers
        "xfailed": 1,  # Exempt
        "failed": 3,  # the text of Plain and Needless, and the needless exemption
        "errors": 1,  # Missing
    }
    for line in (
        "*'Kåssa'*stands in sample.books and nowhere in your ledger.",
        "*Decode the bytes*",
        "*The host does not load not-installed:*",
        "TestPlain: * tests do not apply: *the source reads files (7)*",
        "  TestPlain does not state write_file, so not tried: test_two_files_do_not_mix",
        "*TestExempt*the till has no letters*",
        "*XPASS(strict)*nobody counts them*",
    ):
        result.stdout.fnmatch_lines([line])


@pytest.mark.parametrize(
    ("exempt", "said"),
    [({"test_nothing": "a reason"}, "has no test of that name"), ({"test_vouchers_balance": " "}, "gives no reason")],
)
def test_exemption_names_a_test_and_a_reason(exempt: dict[str, str], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        type("TestIt", (DataSourceTests,), {"exempt": exempt})
