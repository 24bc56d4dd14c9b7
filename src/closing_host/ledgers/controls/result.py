"""What an import control answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import polars as pl

from closing_host.api.ledger import Finding, Ledger, Severity

ControlId = Literal["I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11"]

Outcome = Literal["passed", "found", "could_not_run"]


@dataclass(frozen=True, slots=True)
class Context:
    """What the controls are told beside the ledger.

    `expected_organisation_number`: the engagement's, None when there is none to compare with. `limit`: how many
    findings a control words out; None for all.
    """

    expected_organisation_number: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A control's answer before its table adds id and severity. `count` counts also what `findings` leaves out."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    count: int = 0
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    stops: bool = False


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control's outcome on one ledger.

    `code` is the message code of the control's name. `severity` is the gravest of what it found, or else the gravest
    that it can find.
    `findings` name vouchers, accounts and amounts (kronor as `Decimal`) in their parameters; `count` is the full
    number, also where `findings` is cut at the limit. `reason`, a message code with `parameters`, says why a control
    could not run. `stops`: nothing of this import may be stored.
    """

    id: ControlId
    code: str
    severity: Severity
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    count: int = 0
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    stops: bool = False


PASSED: Final = Answer("passed")

NO_VOUCHERS: Final = "control-no-vouchers"


def could_not_run(reason: str, **parameters: object) -> Answer:
    """The data that the control needs is absent."""
    return Answer("could_not_run", reason=reason, parameters=parameters)


def found(findings: Iterable[Finding], count: int, *, stops: bool = False) -> Answer:
    """`count` things found, of which `findings` words out the first; `PASSED` when there are none."""
    return Answer("found", tuple(findings), count, stops=stops) if count else PASSED


def shown(frame: pl.DataFrame, context: Context) -> Iterator[dict[str, Any]]:
    """The records of `frame` that are worded out."""
    return frame.head(frame.height if context.limit is None else context.limit).iter_rows(named=True)


def booked_with_amount(ledger: Ledger) -> pl.DataFrame:
    """The rows that count: `voucher`, `account` ("" when unreadable), `amount`."""
    return ledger.rows.filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null()).select(
        "voucher", pl.col("account").fill_null(""), "amount"
    )
