"""The import controls (*Importkontroller*) I01-I11 of P 7.1, run on every ledger whatever its source.

A control reports and never changes the ledger. Only a control whose result says `stops` keeps an import from being
stored; of an error the import is kept and flagged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, get_args

from closing_host.api.ledger import Ledger, Severity
from closing_host.ledgers.controls import balances, company, vouchers
from closing_host.ledgers.controls.result import Answer, Context, ControlId, ControlResult, Outcome

__all__ = ["CONTROLS", "SHOWN", "Control", "ControlId", "ControlResult", "Outcome", "run_controls"]

SHOWN: Final = 100
"""Findings that a control words out unless told otherwise; the rest is only counted."""

_GRAVEST_FIRST: Final[tuple[Severity, ...]] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `severity` is the gravest that it can find; its name stands in the catalogue as `code`."""

    id: ControlId
    severity: Severity
    code: str
    run: Callable[[Ledger, Context], Answer]


CONTROLS: Final[tuple[Control, ...]] = (
    Control("I01", "error", "control-i01", vouchers.unbalanced),
    Control("I02", "error", "control-i02", balances.closing_differs),
    Control("I03", "warning", "control-i03", balances.opening_differs),
    Control("I04", "warning", "control-i04", balances.opening_not_zero),
    Control("I05", "warning", "control-i05", balances.opening_on_result_account),
    Control("I06", "warning", "control-i06", vouchers.undeclared),
    Control("I07", "error", "control-i07", vouchers.outside_year),
    Control("I08", "error", "control-i08", vouchers.repeated_number),
    Control("I09", "error", "control-i09", company.other_company),
    Control("I10", "info", "control-i10", vouchers.no_vouchers),
    Control("I11", "info", "control-i11", balances.internal_not_zero),
)


def run_controls(
    ledger: Ledger, *, expected_organisation_number: str | None = None, limit: int | None = SHOWN
) -> tuple[ControlResult, ...]:
    """Every control's result, in the order of `CONTROLS`.

    `expected_organisation_number` is the engagement's; without it I09 can only say what is wrong with the ledger's
    own. `limit` findings per control are worded out, None for all; `ControlResult.count` counts them in full.
    """
    context = Context(expected_organisation_number, limit)
    return tuple(_result(control, control.run(ledger, context)) for control in CONTROLS)


def _result(control: Control, answer: Answer) -> ControlResult:
    severities = {each.severity for each in answer.findings} or {control.severity}
    return ControlResult(
        id=control.id,
        code=control.code,
        severity=min(severities, key=_GRAVEST_FIRST.index),
        outcome=answer.outcome,
        findings=answer.findings,
        count=answer.count,
        reason=answer.reason,
        parameters=answer.parameters,
        stops=answer.stops,
    )
