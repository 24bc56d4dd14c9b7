"""Transaction analysis (*Transaktionsanalys*): the 31 checks of P 7.3 over the books, each one row of a table.

Pure: books, sub-ledgers and what was signed off come in as `AnalysisFacts`, findings come out. Which checks are on,
which findings are marked done and which periods are locked is stored elsewhere.
"""

from closing_host.closing.analysis.checks import CHECKS, Check, own_check
from closing_host.closing.analysis.choices import CheckChoice
from closing_host.closing.analysis.facts import AnalysisFacts, SignedOff
from closing_host.closing.analysis.result import CheckResult
from closing_host.closing.analysis.running import analyse

__all__ = [
    "CHECKS",
    "AnalysisFacts",
    "Check",
    "CheckChoice",
    "CheckResult",
    "SignedOff",
    "analyse",
    "own_check",
]
