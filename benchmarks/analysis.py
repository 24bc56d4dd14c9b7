"""The 31 checks of the transaction analysis on a ledger made in memory, each by itself.

python -m benchmarks.analysis                     # 1,000,000 rows
python -m benchmarks.analysis --vouchers 22000    # 100,000 rows
"""

import argparse
import time
from datetime import date

from benchmarks.ledgers import made
from closing_host.closing.analysis import CHECKS, AnalysisFacts, analyse


def main() -> None:
    """Print what each check takes, and all of them with reading the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vouchers", type=int, default=222_000)
    ledger = made(parser.parse_args().vouchers)
    print(f"{ledger.vouchers.height:,} vouchers, {ledger.rows.height:,} rows; December, Årsavslut")
    began, processor = time.perf_counter(), time.process_time()
    facts = AnalysisFacts(
        ledger,
        date(2025, 12, 1),
        date(2025, 12, 31),
        year_end=True,
        imported_on=date(2026, 1, 15),
        manual_series=frozenset("A"),
    )
    slowest = []
    for check in CHECKS:
        start = time.perf_counter()
        [result] = analyse(facts, [check])
        slowest.append((time.perf_counter() - start, check.id, result.outcome, result.findings.height))
    whole, busy = time.perf_counter() - began, time.process_time() - processor
    for seconds, id, outcome, findings in sorted(slowest, reverse=True)[:8]:
        print(f"{id}  {seconds:6.2f} s  {outcome:13}  {findings:>7,} findings")
    print(f"all {len(CHECKS)} checks: {whole:.2f} s, {busy:.2f} s of processor time")


if __name__ == "__main__":
    main()
