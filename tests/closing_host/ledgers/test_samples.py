"""Real files: what our balances give is what their programs state."""

import polars as pl
import pytest

from closing_host.ledgers import compare, fingerprint, run_controls, trial_balance
from closing_host.ledgers.stated import stated_closings
from closing_host.sie import read
from sie_samples import FOLDER, MISSING, sample_files

COMPLETE = (
    "44_sie4.se",
    "BL0001_typ4.SE",
    "BLBLOV_SIE4.SE",
    "Bokslut Norstedts SIE 4E.se",
    "SIE4 Exempelfil.SE",
    "Test4.SE",
    "fortnox_Sie4.se",
    "transaktioner_ovnbolag.se",
    "typ4.se",
)
"""Full years with vouchers, of nine programs, whose balances agree."""

pytestmark = pytest.mark.skipif(not sample_files(), reason=MISSING)


@pytest.mark.parametrize("name", COMPLETE)
def test_closing_balances_are_those_that_the_program_stated(name: str) -> None:
    ledger = read(FOLDER / name)
    closings = trial_balance(ledger).group_by("account").agg(pl.col("closing").last())
    computed = dict(closings.filter(pl.col("closing") != 0).iter_rows())
    stated = dict(stated_closings(ledger).filter(pl.col("amount") != 0).iter_rows())
    assert computed == stated
    assert next(each.outcome for each in run_controls(ledger) if each.id == "I02") == "passed"


def test_the_encoding_of_a_file_is_not_its_content() -> None:
    names = ("BLBLOV_SIE4.SE", "BLBLOV_SIE4_ISO_8859_15.SE", "BLBLOV_SIE4_UTF_8_1.SE")
    ledgers = [read(FOLDER / name) for name in names]
    assert len({each.provenance.encoding for each in ledgers}) == 3
    assert len({fingerprint(each) for each in ledgers}) == 1
    assert compare(ledgers[0], ledgers[2]).equal


def test_a_file_spoilt_by_one_amount_shows_that_amount() -> None:
    good, bad = (read(FOLDER / f"transaktioner_ovnbolag{suffix}.se") for suffix in ("", "-bad-balance"))
    comparison = compare(good, bad)
    assert comparison.counts["vouchers_changed"] == comparison.count == 1
    assert comparison.rows["change"].to_list() == ["new", "removed"]
    assert comparison.totals.filter(pl.col("difference") != 0).height == 1
