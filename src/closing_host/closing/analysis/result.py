"""What a check of the transaction analysis answers (P 7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import polars as pl

from closing_host.api.money import decimal_from_ore

Mark = Literal["red", "info"]
"""How grave what a check finds is: red wants an answer, info only tells."""

Outcome = Literal["found", "passed", "could_not_run"]

COMMON: Final[dict[str, Any]] = {
    "identity": pl.String,  # equal for the same thing in the next import: check, vouchers, account and amount
    "vouchers": pl.List(pl.UInt32),  # keys of this year's vouchers that it concerns; empty for a mere balance
    "account": pl.String,  # "" when it concerns no single account
    "date": pl.Date,  # by which findings are listed; null when it has none
    "amount": pl.Int64,  # öre, debit positive; null when it has none
    "mark": pl.String,  # `Mark`: the check's own, unless the rule has a milder one for some
}
"""Columns of every check's findings. A check adds its own, which are parameters of its words."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What an expression answers: `rows` with some of `COMMON` (but never `identity`) and columns of its own.

    `identical`: columns of its own that belong to the identity. `ore`: columns of its own that are öre. `reason`, a
    message code with `parameters`, says what kept the check from running; `rows` is then empty, or what could be
    looked at without it.
    """

    rows: pl.DataFrame
    identical: tuple[str, ...] = ()
    ore: tuple[str, ...] = ()
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """One check's answer over one period. `code` is the message code of its name, `wording` that of a finding. `mark`
    is the gravest of its findings', or else the check's own.

    `findings`: `COMMON` and the check's own columns, by date and vouchers. `reason` says why it could not run.
    """

    id: str
    code: str
    mark: Mark
    outcome: Outcome
    findings: pl.DataFrame
    ore: tuple[str, ...] = ()
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def wording(self) -> str:
        """The message code of one finding."""
        return f"{self.code}-found"

    def wording_of(self, row: Mapping[str, Any]) -> dict[str, object]:
        """The parameters of the words of one of `findings`: öre become kronor."""
        spelled = {name: value for name, value in row.items() if name not in ("identity", "vouchers", "mark")}
        for name in ("amount", *self.ore):
            if spelled.get(name) is not None:
                spelled[name] = decimal_from_ore(spelled[name])
        return {name: "" if value is None else value for name, value in spelled.items()}


def could_not_run(reason: str, **parameters: object) -> Found:
    """The data that the check needs is absent."""
    return Found(pl.DataFrame(), reason=reason, parameters=parameters)
