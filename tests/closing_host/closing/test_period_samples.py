"""Every sample that states a year through the reconciliation of each of its months and *Årsavslut*: what the sheets
sum to, as it was reviewed, and nothing raises."""

import polars as pl
import pytest

from closing_host.api.ledger import Ledger
from closing_host.closing.effect import movements
from closing_host.closing.period_balances import balance_figures, period_figures, result_figures
from closing_host.closing.periods import periods_of
from closing_host.sie import read
from sie_samples import FOLDER, MISSING, sample_files

REVIEWED: dict[str, str] = {
    "44_sie4.se": "13 periods; 28 of 6520750; 27 of -6520750; all 0",
    "BL0001_typ1.SE": "13 periods; 28 of 21258347; 16 of -22370347; all 0",
    "BL0001_typ4.SE": "13 periods; 28 of 21258347; 16 of -22370347; all 0",
    "BLBLOV_SIE3_UTF_8_with_vouchers.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_ISO_8859_15.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_1.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_MISSING_ACCOUNTS.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_with_8_digit_account_number.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_with_empty_voucher.SE": "13 periods; 26 of -26600106; 8 of 7880579; all -18719527",
    "BLBLOV_SIE4_UTF_8_with_erroneous_taxar.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_with_errors.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BLBLOV_SIE4_UTF_8_with_imbalanced_voucher.SE": "13 periods; 26 of -26690896; 8 of 7971379; all -18719517",
    "BLBLOV_SIE4_UTF_8_with_missing_sru_code.SE": "13 periods; 26 of -26690906; 8 of 7971379; all -18719527",
    "BokOrder.si": "13 periods; 2 of -750000; 1 of 750000; all 0",
    "Bokslut Norstedts SIE 4E.se": "13 periods; 31 of 109448811; 63 of -109448811; all 0",
    "CC2-foretaget.SE": "13 periods; 7 of -481251; 3 of 481251; all 0",
    "Norstedts Bokslut SIE 4I.si": "13 periods; 2 of -109448811; 2 of 109448811; all 0",
    "SIE4 Exempelfil.SE": "13 periods; 32 of 107434411; 58 of -107434411; all 0",
    "SIE4 Visma Anläggningsregister.si": "13 periods; 6 of -12515900; 6 of 12515900; all 0",
    "SIE4_Exempelfil.SE": "13 periods; 27 of 42869000; 20 of -42869000; all 0",
    "SIE4_Exempelfil_med_underdim.SE": "13 periods; 32 of 107434411; 58 of -107434411; all 0",
    "SIE_with_long_voucher_series_number.SE": "13 periods; 18 of -130719116; 8 of 31371716; all -99347400",
    "Sie3.se": "13 periods; 30 of 155316556; 12 of -158629128; all -3312572",
    "Sie4.se": "13 periods; 30 of 160116556; 12 of -163429128; all 0",
    "Sie4.si": "13 periods; 54 of 7762404; 79 of -96104; all 7666300",
    "Sie4E1.SI": "13 periods; 3 of -14901922; 2 of 17280000; all 2378078",
    "Sie4E1ksumma.SI": "13 periods; 3 of -14901922; 2 of 17280000; all 2378078",
    "SieWriterTest-result.si": "13 periods; 2 of 0; 0 of 0; all 0",
    "Test4.SE": "13 periods; 26 of -71878123; 40 of 71878123; all 0",
    "Testbolaget_Enskild_firma.SE": "13 periods; 2 of 0; 0 of 0; all 0",
    "data-utf.se": "9 periods; 2 of 0; 1 of 0; all 0",
    "fortnox_Sie4.se": "13 periods; 57 of 8457498; 88 of -791198; all 7666300",
    "live2011.se": "8 periods; 83 of -49890854; 2 of 530712; all -49360142",
    "periodsaldo_ovnbolag.se": "13 periods; 33 of 142947661; 49 of -27779846; all 115167815",
    "sie 4.SE": "13 periods; 22 of -32425690; 13 of 4021007; all -28404683",
    "test_sie4.se": "13 periods; 8 of 265000; 6 of -265000; all 0",
    "transaktioner_ovnbolag-bad-balance.se": "13 periods; 34 of 141670561; 49 of -27779846; all 113890715",
    "transaktioner_ovnbolag.se": "13 periods; 34 of 142947661; 49 of -27779846; all 115167815",
    "typ4.se": "13 periods; 31 of -2807388; 35 of 2807388; all 0",
    "typ4si.si": "13 periods; 23 of -2807388; 35 of 2807388; all 0",
    "urval_ovnbolag.si": "13 periods; 6 of -5951810; 14 of 5951810; all 0",
}
"""The type-4 ones were added up from the files' text by another way; of them Sie4.se has rows on accounts of letters,
and a sum that is not zero is the file's own. Then some that state figures alone, and vouchers in a file of type 3."""

pytestmark = pytest.mark.skipif(not sample_files(), reason=MISSING)


def closings(frame: pl.DataFrame) -> dict[str, int]:
    return {account: amount for account, amount in frame.select("account", "closing").iter_rows() if amount}


def reconciled(ledger: Ledger) -> str:
    """How many periods, balance and result accounts there are, and of how many öre when the year ends.

    In each period opening and change make the closing, and what one period closes with the next one opens with.
    """
    assert ledger.year is not None
    no_entries = movements(())
    before: dict[str, int] | None = None
    periods = periods_of(ledger.year.start, ledger.year.end)
    for period in periods:
        frame = period_figures(ledger, no_entries, period)
        assert frame.filter(pl.col("opening") + pl.col("change") != pl.col("closing")).is_empty()
        opening = {account: amount for account, amount in frame.select("account", "opening").iter_rows() if amount}
        assert before is None or opening == before
        before = closings(frame)
        balance, result = balance_figures(frame), result_figures(frame, None)
        assert not period.is_year_end or not frame["change"].sum()
    parts = (f"{len(each)} of {each['closing'].sum()}" for each in (balance, result))
    return f"{len(periods)} periods; " + "; ".join(parts) + f"; all {frame['closing'].sum()}"


@pytest.mark.parametrize("name", REVIEWED)
def test_a_samples_periods_are_those_that_were_reviewed(name: str) -> None:
    assert reconciled(read(FOLDER / name)) == REVIEWED[name]
