"""The ledger: one financial year's bookkeeping as tables, and the builder that sources hand over.

A `Ledger` holds Polars frames with the fixed schemas of `SCHEMAS`. They are there to read; Polars is not part of
the contract: a source calls `LedgerBuilder.add_…`, or `extend` with anything that streams Arrow.

Invariants: amounts are Int64 öre, debit positive, at most `money.MAX_ORE` in magnitude; `rows.voucher` points at
`vouchers.voucher`; vouchers and rows stand in source order; dates are dates. `date`, `account` and `amount` of
vouchers and rows are null only where a finding names the line. Only `booked` rows make balances.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, Protocol, get_args

import polars as pl

from closing_host.api.errors import DataError

BalanceKind = Literal["IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET"]
"""Opening, closing, result; opening and closing per object; change and budget per month (SIE's own labels)."""

RowKind = Literal["booked", "added", "removed"]
"""`booked` counts. `added` is the record of a later correction, whose booked twin stands beside it (#RTRANS);
`removed` was struck (#BTRANS). Neither of the two is ever summed."""

Severity = Literal["error", "warning", "info"]

ObjectRef = tuple[int, str]
"""Dimension number and object code, such as (1, "10") for cost centre 10."""

OBJECTS: Final = pl.List(pl.Struct({"dimension": pl.Int32, "object": pl.String}))
QUANTITY: Final = pl.Decimal(38, 6)
PARAMETERS: Final = pl.List(pl.Struct({"name": pl.String, "value": pl.String}))

SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    # The chart of accounts as declared; an account used but not declared is a finding, not a row here.
    "accounts": {
        "account": pl.String,  # number as text, usually four digits
        "name": pl.String,
        "type": pl.String,  # T asset, S liability, K cost, I income; null when not stated
        "unit": pl.String,  # unit of quantity; "" when none
        "sru": pl.List(pl.String),  # codes of the tax form, in source order
    },
    "dimensions": {"dimension": pl.Int32, "name": pl.String, "parent": pl.Int32},  # parent null: top level
    "objects": {"dimension": pl.Int32, "object": pl.String, "name": pl.String},
    # Balances as stated by the source, never computed.
    "balances": {
        "kind": pl.Enum(get_args(BalanceKind)),
        "year": pl.Int16,  # 0 this year, -1 the year before, ...
        "period": pl.Int32,  # YYYYMM for PSALDO and PBUDGET, else null
        "account": pl.String,
        "objects": OBJECTS,
        "amount": pl.Int64,  # öre, debit positive; PSALDO is the month's change
        "quantity": QUANTITY,  # null when not stated
    },
    "vouchers": {
        "voucher": pl.UInt32,  # key to rows: 0, 1, ... in source order
        "series": pl.String,  # "" when the source states none
        "number": pl.String,  # "" when the source states none
        "date": pl.Date,
        "text": pl.String,
        "registered_on": pl.Date,  # null when not stated
        "signature": pl.String,
        "line": pl.UInt32,  # 1-based line in the source's file; null when there is none
    },
    "rows": {
        "voucher": pl.UInt32,
        "row": pl.UInt32,  # 0, 1, ... within the voucher
        "kind": pl.Enum(get_args(RowKind)),
        "account": pl.String,
        "amount": pl.Int64,  # öre, debit positive
        "objects": OBJECTS,
        "date": pl.Date,  # the row's own date when stated; periods always use the voucher's date
        "text": pl.String,
        "quantity": QUANTITY,
        "signature": pl.String,
        "line": pl.UInt32,
    },
    # What the reader had to say: nothing is dropped in silence.
    "findings": {
        "code": pl.String,  # stable; its words stand in the catalogues
        "severity": pl.Enum(get_args(Severity)),
        "line": pl.UInt32,  # null when the finding is about the whole
        "column": pl.UInt32,  # 1-based character in the line; null when unknown
        "text": pl.String,  # the text in question, cut at 200 characters
        "parameters": PARAMETERS,  # of the message
    },
}

TABLES: Final = tuple(SCHEMAS)

FINANCIAL_DATA: Final = (
    frozenset({"accounts.type", "accounts.unit", "accounts.sru", "dimensions", "objects"})
    | {"balances.objects", "balances.quantity", "vouchers.registered_on", "vouchers.signature"}
    | {"rows.history", "rows.objects", "rows.date", "rows.text", "rows.quantity", "rows.signature"}
)
"""What a source may declare that its data cannot hold (`source.SourceInfo.cannot_hold`); `rows.history` means struck
and added rows. A comparison lists these as not compared instead of counting them."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as SIE's #ADRESS states it; "" where it states nothing."""

    contact: str = ""
    street: str = ""
    postal: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """The company as the source states it; "" where it states nothing.

    `organisation_number` is kept as stated; `closing_host.ledgers.organisation` normalises and checks it.
    `form` is SIE's #FTYP code (AB, EF, HB ...), `industry_code` SNI (#BKOD), `source_id` the program's own company
    code (#FNR), `acquisition_number` and `activity_number` the two fields behind #ORGNR.
    """

    name: str = ""
    organisation_number: str = ""
    form: str = ""
    industry_code: str = ""
    address: Address = Address()
    source_id: str = ""
    acquisition_number: str = ""
    activity_number: str = ""


@dataclass(frozen=True, slots=True)
class FinancialYear:
    """A financial year, both days included. `index`: 0 the ledger's year, -1 the one before. `id`: the source's."""

    index: int
    start: date
    end: date
    id: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the ledger came from. `format` such as "SIE 4E"; `sha256` and `size` (bytes) of what was read.

    `checksum`: "right", "wrong", "unclosed" or "" when the file carries none (#KSUMMA). `read_before`: #FLAGGA 1.
    """

    format: str = ""
    program: str = ""
    program_version: str = ""
    generated_on: date | None = None
    generated_by: str = ""
    encoding: str = ""
    sha256: str = ""
    size: int = 0
    checksum: str = ""
    read_before: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the reader or a control has to say; a row of the findings table."""

    code: str
    severity: Severity
    line: int | None = None
    column: int | None = None
    text: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """One financial year as tables, plus what the source knows of the years before it.

    `years` holds index 0 first when the source states it. `currency` is ISO 4217. `chart_type` (#KPTYP), `tax_year`
    (#TAXAR: which year's SRU codes), `covered_until` (#OMFATTN: balances up to and including) and `note` (#PROSA)
    are kept as stated. The frames have exactly the columns of `SCHEMAS`; anything else raises `TypeError`.
    """

    company: Company
    years: tuple[FinancialYear, ...]
    accounts: pl.DataFrame
    dimensions: pl.DataFrame
    objects: pl.DataFrame
    balances: pl.DataFrame
    vouchers: pl.DataFrame
    rows: pl.DataFrame
    findings: pl.DataFrame
    currency: str = "SEK"
    chart_type: str = ""
    tax_year: str = ""
    covered_until: date | None = None
    note: str = ""
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        for table, schema in SCHEMAS.items():
            frame: pl.DataFrame = getattr(self, table)
            if dict(frame.schema) != dict(schema):
                raise TypeError(f"{table} has {frame.schema}, wants {dict(schema)}")

    @property
    def year(self) -> FinancialYear | None:
        """The ledger's own year (index 0), or None when the source states none (SIE 4I)."""
        return next((year for year in self.years if year.index == 0), None)

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """All tables by name, in the order of `SCHEMAS`."""
        return {table: getattr(self, table) for table in TABLES}

    def with_findings(self, findings: Iterable[Finding]) -> "Ledger":
        """The same ledger with more findings at the end."""
        return dataclasses.replace(self, findings=pl.concat([self.findings, findings_frame(findings)]))


@cache
def empty(table: str) -> pl.DataFrame:
    """A frame without rows that has `table`'s schema; always the same one."""
    return pl.DataFrame(schema=dict(SCHEMAS[table]))


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """The findings table of `findings`, in their order; texts are cut at 200 characters."""
    records = [
        (
            each.code,
            each.severity,
            each.line,
            each.column,
            each.text[:200],
            [{"name": name, "value": str(value)} for name, value in each.parameters.items()],
        )
        for each in findings
    ]
    return pl.DataFrame(records, schema=dict(SCHEMAS["findings"]), orient="row")


class ArrowStream(Protocol):
    """Anything with the Arrow C stream interface: a pyarrow table, a DuckDB relation, a Polars frame ..."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The PyCapsule of the stream."""
        ...


class LedgerBuilder:
    """Collects one financial year and builds the `Ledger`. What data-source authors use.

    Amounts are integer öre, debit positive. A wrong type or an amount beyond `money.MAX_ORE` raises `TypeError` or
    `ValueError` at the call that states it; `build` raises `DataError` for what only the whole can show.
    """

    def __init__(self, company: Company, years: Sequence[FinancialYear], *, currency: str = "SEK") -> None:
        # These two need the schemas above.
        from closing_host.api import bulk, records  # noqa: PLC0415

        self._record = records.checked
        self._typed = bulk.typed
        self.company = company
        self.years = tuple(years)
        self.currency = currency
        self.provenance = Provenance()
        self._records: dict[str, list[tuple[object, ...]]] = {table: [] for table in TABLES}
        self._bulk: dict[str, list[pl.DataFrame]] = {table: [] for table in TABLES}
        self._rows_in_voucher = 0

    def add_account(
        self, account: str, name: str, *, type: str | None = None, unit: str = "", sru: Sequence[str] = ()
    ) -> None:
        """Declare an account. `type` is T, S, K or I (asset, liability, cost, income), None when not known."""
        self._records["accounts"].append(self._record("accounts", account, name, type, unit, sru))

    def add_dimension(self, dimension: int, name: str, *, parent: int | None = None) -> None:
        """Declare a dimension. SIE reserves 1 for cost centres and 6 for projects; use them."""
        self._records["dimensions"].append(self._record("dimensions", dimension, name, parent))

    def add_object(self, dimension: int, code: str, name: str) -> None:
        """Declare an object of a dimension, such as cost centre "10"."""
        self._records["objects"].append(self._record("objects", dimension, code, name))

    def add_balance(
        self,
        kind: BalanceKind,
        account: str,
        amount: int,
        *,
        year: int = 0,
        period: int | None = None,
        objects: Iterable[ObjectRef] = (),
        quantity: Decimal | None = None,
    ) -> None:
        """State a balance in öre. `period` (YYYYMM) belongs to PSALDO and PBUDGET only, and must be there."""
        if (period is not None) != (kind in ("PSALDO", "PBUDGET")):
            raise ValueError(f"period {period} with {kind}")
        self._records["balances"].append(
            self._record("balances", kind, year, period, account, objects, amount, quantity)
        )

    def add_voucher(
        self,
        series: str,
        number: str,
        date: date,
        text: str = "",
        *,
        registered_on: date | None = None,
        signature: str = "",
        line: int | None = None,
    ) -> int:
        """Begin a voucher; the rows that follow belong to it. Returns its key. `line`: where the source states it."""
        key = len(self._records["vouchers"])
        self._records["vouchers"].append(
            self._record("vouchers", key, series, number, date, text, registered_on, signature, line)
        )
        self._rows_in_voucher = 0
        return key

    def add_row(
        self,
        account: str,
        amount: int,
        *,
        kind: RowKind = "booked",
        objects: Iterable[ObjectRef] = (),
        date: date | None = None,
        text: str = "",
        quantity: Decimal | None = None,
        signature: str = "",
        line: int | None = None,
    ) -> None:
        """Add a row to the voucher begun last, in öre. Raises `ValueError` before any voucher."""
        vouchers = self._records["vouchers"]
        if not vouchers:
            raise ValueError("add_row before add_voucher")
        self._records["rows"].append(
            self._record(
                "rows",
                vouchers[-1][0],
                self._rows_in_voucher,
                kind,
                account,
                amount,
                objects,
                date,
                text,
                quantity,
                signature,
                line,
            )
        )
        self._rows_in_voucher += 1

    def add_finding(self, finding: Finding) -> None:
        """Say what could not be read. The host shows it with the import's controls."""
        self._records["findings"].append(findings_frame([finding]).row(0))

    def extend(self, table: str, stream: ArrowStream) -> None:
        """Add many records to `table` at once, columns by the names of `SCHEMAS`. A missing column states nothing.

        Not to be mixed with the `add_…` of the same table. Amounts are integers (öre), quantities integers or decimals.
        Raises `DataError` when a column cannot be converted without loss.
        """
        self._bulk[table].append(self._typed(table, stream))

    def build(self) -> Ledger:
        """The ledger. Raises `DataError` when a row names a voucher that is not there."""
        frames: dict[str, Any] = {}
        for table, schema in SCHEMAS.items():
            if self._records[table] and self._bulk[table]:
                raise DataError("table-mixed", table=table)
            frames[table] = (
                pl.concat(self._bulk[table])
                if self._bulk[table]
                else pl.DataFrame(self._records[table], schema=dict(schema), orient="row")
            )
        orphans = frames["rows"].join(frames["vouchers"], on="voucher", how="anti")
        if orphans.height:
            raise DataError("row-without-voucher", record=str(orphans["voucher"][0]), count=orphans.height)
        return Ledger(
            company=self.company,
            years=self.years,
            currency=self.currency,
            provenance=self.provenance,
            **frames,
        )
