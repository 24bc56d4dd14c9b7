"""The kit is tested by breaking it: each wrong source is caught by its test, and by no other for a wrong reason."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from closing_host.testing import DataSourceTests, Sample, faulty_imports
from closing_host.testing.applying import why_not
from closing_host.testing.rules import ContractBroken, rules_of
from kit.good_file import FACTS, SAMPLE, many
from kit.good_server import CLIENT_ID, CLIENT_SECRET, GoodServer
from kit.table import BROKEN, Broken

SLOW = frozenset(
    {"test_large_year_fits_in_memory", "test_login_as_another_company_is_refused", "test_ten_callers_renew_once"}
)
"""Tried only on the sources that they must catch."""

PARTS = rules_of(DataSourceTests)

CASES = [(name, broken) for name, sources in BROKEN.items() for broken in sources]


class _Api(DataSourceTests):
    server = GoodServer
    installation: ClassVar = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class _File(DataSourceTests):
    samples = (Sample(SAMPLE, **FACTS),)

    def write_file(self, vouchers: int) -> bytes:
        return many(vouchers)


def beside(name: str) -> list[str]:
    """The other tests of the kit's class that has the test `name`."""
    home = next(each for each in DataSourceTests.__mro__ if name in vars(each))
    return [other for other in rules_of(home) if other != name]


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in sources show that a large year fits; what hoards shows it with fewer vouchers."""
    monkeypatch.setattr(faulty_imports, "MANY", 2_000)


def complaints(broken: Broken, names: list[str], folder: Path) -> dict[str, str]:
    """What the tests `names` say of the source."""
    kind = _Api if "api" in broken.source.__module__ else _File
    source = broken.source()
    if kind is _Api and "test_rate_limit_is_kept" not in names:
        source.rate_limit = None  # keeping a pace costs threads
    tests: Any = type(f"Test{broken.source.__name__}", (kind,), {"source": source})
    found = {}
    for number, name in enumerate(names):
        if why_not(tests, PARTS[name]):
            continue
        own = folder / str(number)
        own.mkdir()
        with tests.open(own) as bench:
            try:
                getattr(tests(), name)(bench)
            except ContractBroken as said:
                found[name] = str(said)
    return found


def test_each_test_of_the_kit_has_a_broken_source() -> None:
    assert set(BROKEN) == set(PARTS)


EACH = pytest.mark.parametrize(("caught_by", "broken"), CASES, ids=[broken.source.__name__ for _, broken in CASES])


@EACH
def test_wrong_source_is_caught_by_its_test_alone(caught_by: str, broken: Broken, tmp_path: Path) -> None:
    """Of its neighbours; what the rest of the kit says is tried by `make soak`."""
    neighbours = [name for name in beside(caught_by) if name not in SLOW]
    found = complaints(broken, [caught_by, *neighbours], tmp_path)
    assert caught_by in found, f"not caught; others said {found}"
    assert set(found) <= {caught_by, *broken.also}, found
    assert "See docs/conformance-kit.md" in found[caught_by]


@pytest.mark.soak
@EACH
def test_whole_kit_says_nothing_else(caught_by: str, broken: Broken, tmp_path: Path) -> None:
    found = complaints(broken, list(PARTS), tmp_path)
    assert caught_by in found
    assert set(found) <= {caught_by, *broken.also}, found
