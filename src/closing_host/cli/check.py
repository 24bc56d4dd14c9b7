"""`closing check`: validate SIE files without an engagement."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.api.errors import ClosingError
from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.ledger import Ledger
    from closing_host.ledgers.controls import ControlResult

CLEAN: Final = 0
ERRORS_FOUND: Final = 1
UNREADABLE: Final = 2

SHOWN_FINDINGS: Final = 50


def check(
    files: Sequence[Path],
    /,
    *,
    encoding: Annotated[str | None, Parameter(help="Read as this encoding instead of what the bytes say.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every finding.")] = False,
) -> int:
    """Check SIE files: what each states, findings by line, import controls and control sums.

    Exit code: 0 clean, 1 findings of severity error, 2 unreadable. The worst file decides.

    Parameters
    ----------
    files
        SIE files of type 1-4.
    """
    worst = CLEAN
    reports: list[dict[str, object]] = []
    for path in files:
        try:
            code, report = _checked(path, encoding, everything)
        except (ClosingError, OSError) as error:
            code, report = UNREADABLE, {"file": str(path), "unreadable": _said(path, error)}
            if not session().json:
                output.problem(_said(path, error))
        worst = max(worst, code)
        reports.append(report)
    output.result(reports, lambda: None)
    return worst


def _checked(path: Path, encoding: str | None, everything: bool) -> tuple[int, dict[str, object]]:
    from closing_host.ledgers.controls import run_controls
    from closing_host.sie import read
    from closing_host.sie.structure import check_structure

    with output.progress(path.name) as report:
        ledger = read(path, encoding=encoding, progress=lambda done, total: report("", done, total))
    ledger = ledger.with_findings(check_structure(path, encoding=ledger.provenance.encoding))
    controls = run_controls(ledger)
    found = ledger.findings.to_dicts() + [_finding(each, c) for c in controls for each in c.findings]
    errors = sum(each["severity"] == "error" for each in found)
    data = _report(path, ledger, controls, found)
    if not session().json:
        _show(path, ledger, controls, found, len(found) if everything else SHOWN_FINDINGS)
    return (ERRORS_FOUND if errors else CLEAN), data
