"""The type-4 samples through all checks: how many findings each gave when they were reviewed, and nothing raises."""

import pytest

from closing_host.closing.analysis import AnalysisFacts, analyse
from closing_host.sie import read
from sie_samples import FOLDER, MISSING, sample_files

REVIEWED: dict[str, str] = {
    "44_sie4.se": "TA06 95, TA09 28, TA14 3, TA15 13, TA16 3, TA22 1, TA28 2",
    "BL0001_typ4.SE": "TA02 1, TA04 1, TA06 2, TA07 31, TA09 17, TA15 7, TA16 13, TA19 1, TA27 1, TA28 1, TA30 3, TA31 3",  # noqa: E501
    "BLBLOV_SIE4.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_ISO_8859_15.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_1.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_MISSING_ACCOUNTS.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_with_8_digit_account_number.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_with_empty_voucher.SE": "TA02 1, TA09 3, TA14 4, TA19 1, TA26 3, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_with_erroneous_taxar.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_with_errors.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BLBLOV_SIE4_UTF_8_with_imbalanced_voucher.SE": "TA01 1, TA09 3, TA14 4, TA16 1, TA19 1, TA26 1, TA27 1, TA28 1, TA29 1",  # noqa: E501
    "BLBLOV_SIE4_UTF_8_with_missing_sru_code.SE": "TA09 3, TA14 4, TA16 1, TA19 1, TA27 1, TA28 1, TA29 1",
    "BokOrder.si": "TA09 1, TA15 1, TA28 1",
    "Bokslut Norstedts SIE 4E.se": "TA02 3, TA06 20, TA09 8, TA15 14, TA16 1, TA22 1, TA27 1, TA28 1, TA29 1",
    "CC2-foretaget.SE": "TA07 1, TA28 1",
    "Norstedts Bokslut SIE 4I.si": "TA03 1, TA15 1, TA28 1",
    "SIE4 Exempelfil.SE": "TA07 5, TA09 24, TA14 1, TA15 12, TA24 26, TA27 1, TA28 1",
    "SIE4 Visma Anläggningsregister.si": "TA07 1, TA28 1",
    "SIE4_Exempelfil.SE": "TA06 15, TA07 35, TA09 6, TA14 1, TA15 29, TA24 2, TA25 1, TA28 1",
    "SIE4_Exempelfil_med_underdim.SE": "TA07 5, TA09 24, TA14 1, TA15 12, TA24 26, TA27 1, TA28 1",
    "SIE_with_long_voucher_series_number.SE": "TA03 5, TA09 15, TA14 5, TA16 1, TA25 18, TA26 27, TA28 1, TA29 1",
    "Sie4.se": "TA02 1, TA03 11, TA07 18, TA14 8, TA16 10, TA26 3, TA27 1, TA28 1, TA29 1",
    "Sie4.si": "TA06 122, TA09 50, TA14 1, TA15 57, TA28 1",
    "Sie4E1.SI": "TA03 1, TA14 1, TA22 1, TA26 7, TA28 1, TA29 1",
    "Sie4E1ksumma.SI": "TA03 1, TA14 1, TA22 1, TA26 7, TA28 1, TA29 1",
    "SieWriterTest-result.si": "TA14 1",
    "Test4.SE": "TA03 11, TA14 2, TA28 1, TA29 1",
    "Testbolaget_Enskild_firma.SE": "TA07 2, TA09 1, TA14 1",
    "data-utf.se": "TA05 2, TA26 4, TA28 1",
    "fortnox_Sie4.se": "TA06 122, TA09 50, TA14 1, TA15 57, TA16 1, TA28 1",
    "live2011.se": "TA14 15, TA19 1, TA27 1, TA28 1",
    "sie 4.SE": "TA03 1, TA14 7, TA27 1, TA28 1, TA29 1, TA31 1",
    "test_sie4.se": "TA14 4, TA16 1, TA21 1, TA28 1, TA29 1",
    "transaktioner_ovnbolag-bad-balance.se": "TA01 1, TA03 3, TA14 3, TA16 2, TA24 3, TA26 1, TA27 1, TA28 1, TA29 1, TA30 2",  # noqa: E501
    "transaktioner_ovnbolag.se": "TA03 3, TA14 2, TA16 2, TA24 3, TA27 1, TA28 1, TA30 2",
    "typ4.se": "TA03 1, TA07 76, TA16 1, TA28 1",
    "typ4si.si": "TA03 1, TA07 76, TA14 6, TA16 1, TA28 2",
    "urval_ovnbolag.si": "TA14 1, TA28 1",
}


pytestmark = pytest.mark.skipif(not sample_files(), reason=MISSING)


@pytest.mark.parametrize("name", REVIEWED)
def test_a_samples_findings_are_those_that_were_reviewed(name: str) -> None:
    ledger = read(FOLDER / name)
    assert ledger.year is not None
    facts = AnalysisFacts(ledger, ledger.year.start, ledger.year.end, year_end=True, manual_series=frozenset("A"))
    found = [f"{each.id} {each.findings.height}" for each in analyse(facts) if each.outcome == "found"]
    assert ", ".join(found) == REVIEWED[name]
