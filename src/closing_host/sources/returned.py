"""What a hook may return, checked in depth and copied at the border (T H5).

The copy is the host's own: a source that keeps what it returned and changes it later changes nothing here. Frames
are cloned; the values in them cannot be changed in place.
"""

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import polars as pl
from pydantic import ConfigDict, TypeAdapter, ValidationError

from closing_host.api.authorization import Step
from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder, Provenance
from closing_host.api.money import MAX_ORE
from closing_host.api.source import SourceInfo
from closing_host.api.subledger import OpenItems, Side, SubLedger
from closing_host.api.vouchers import ExportTerms, FoundVouchers, Outcome, WrittenFile

_STRICT: Final = ConfigDict(strict=True, revalidate_instances="always", arbitrary_types_allowed=True)

_RECORDS: Final[Mapping[str, Any]] = {
    "describe_source": SourceInfo,
    "authorize": Step,
    "list_years": tuple[Company, list[FinancialYear] | tuple[FinancialYear, ...]],
    "attachments": dict[Side, SubLedger | OpenItems],
    "export_terms": ExportTerms,
    "export_voucher": Outcome,
    "find_vouchers": FoundVouchers,
    "export_file": WrittenFile,
}


class Unfit(Exception):
    """A hook returned what the contract does not allow: `place` inside it ("" for the whole) and `reason`.

    The reason names types and never holds a value, so it may be logged.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


def taken(hook: str, answer: object) -> Any:
    """The host's own copy of `answer`, which has the type that `hook` promises. Raises `Unfit`."""
    if hook == "attachments" and isinstance(answer, Mapping):
        answer = dict(answer)
    copied = _copied(_RECORDS[hook], answer)
    if hook == "attachments":
        for side, part in copied.items():
            if part.side != side:
                raise Unfit(side, f"holds {part.side}")
    return copied


def taken_ledger(answer: object) -> Ledger:
    """The host's own ledger, built if need be, with the invariants of `api.ledger`.

    Raises `Unfit`, and what a builder raises: `DataError`, or anything from what the source put into it.
    """
    ledger = answer.build() if isinstance(answer, LedgerBuilder) else answer
    if not isinstance(ledger, Ledger):
        raise Unfit("", f"a Ledger or LedgerBuilder is wanted, not {type(answer).__name__}")
    company = _copied(Company, ledger.company)
    years = _copied(tuple[FinancialYear, ...], ledger.years)
    provenance = _copied(Provenance, ledger.provenance)
    frames: Any = {name: frame.clone() for name, frame in ledger.tables.items()}
    _check_frames(frames)
    return dataclasses.replace(ledger, company=company, years=years, provenance=provenance, **frames)


def _check_frames(frames: Mapping[str, pl.DataFrame]) -> None:
    vouchers = frames["vouchers"]["voucher"]
    if vouchers.has_nulls() or vouchers.n_unique() < vouchers.len():
        raise Unfit("vouchers.voucher", "a key is null or stands twice")
    if frames["rows"].join(frames["vouchers"], on="voucher", how="anti").height:
        raise Unfit("rows.voucher", "a row has no voucher")
    for table in ("rows", "balances"):
        amounts = frames[table]["amount"]
        if not amounts.is_between(-MAX_ORE, MAX_ORE).all():
            raise Unfit(f"{table}.amount", f"beyond {MAX_ORE} öre")


def _copied(wanted: Any, answer: object) -> Any:
    try:
        return _adapter(wanted).validate_python((answer,))[0]
    except ValidationError as error:
        # A union reports each of its members; the one that got deepest is what the author meant.
        first = max(error.errors(include_input=False, include_url=False), key=lambda each: len(each["loc"]))
        raise Unfit(".".join(str(part) for part in first["loc"][1:]), first["msg"]) from None


@cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    # The configuration reaches a dataclass only from a type around it.
    return TypeAdapter(tuple[wanted], config=_STRICT)
