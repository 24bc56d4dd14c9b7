"""What Fortnox's bookkeeping resources hold (F 5), as typed records.

Tolerant as F 3.5: unknown fields are kept (`model_extra`), enumerations are plain texts, and only what nothing can
be done without is required. Names are Fortnox's own in Python's form: `VoucherSeries` is `voucher_series`.
"""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from datasource_fortnox.values import Amount, Day, Flag, Number, OptionalNumber, Reference, Text


class Resource(BaseModel):
    """A record as Fortnox states it. Read only."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_pascal, populate_by_name=True)


class CompanyInformation(Resource):
    """The connected company. `database_number` is its identity; test companies share organisation numbers (F 5.6)."""

    database_number: Number
    company_name: Text = ""
    organization_number: Text = ""


class FinancialYear(Resource):
    """A financial year. `id` is arbitrary and says nothing of the order (F 5.3)."""

    id: Number
    from_date: date
    to_date: date
    accounting_method: Text = ""
    account_chart_type: Text = ""


class Account(Resource):
    """An account of one year's chart. Kronor; the balances are the year's opening and its closing as of now."""

    number: Number
    active: Flag = Field()
    description: Text = ""
    balance_brought_forward: Amount = None
    balance_carried_forward: Amount = None
    cost_center: Reference = ""
    cost_center_settings: Text = ""
    project: Reference = ""
    project_settings: Text = ""
    sru: Reference = Field("", alias="SRU")
    vat_code: Text = Field("", alias="VATCode")
    year: OptionalNumber = None


class VoucherSeries(Resource):
    """A voucher series of one year. Only `manual` ones take vouchers from outside (F 5.1 rule 2)."""

    code: Text = Field(min_length=1)
    manual: Flag = Field()
    description: Text = ""
    year: OptionalNumber = None
    next_voucher_number: OptionalNumber = None


class VoucherRow(Resource):
    """A voucher row in kronor. `removed` rows were struck and count in no sum (F 5.1)."""

    account: Number
    debit: Amount = None
    credit: Amount = None
    cost_center: Reference = ""
    project: Reference = ""
    quantity: Amount = None
    removed: Flag = False
    description: Text = ""
    transaction_information: Text = ""

    @model_validator(mode="after")
    def _has_an_amount(self) -> "VoucherRow":
        if self.debit is None and self.credit is None:
            raise ValueError("neither debit nor credit")
        return self

    @property
    def amount(self) -> Decimal:
        """Kronor, debit positive."""
        return (self.debit or Decimal(0)) - (self.credit or Decimal(0))


class VoucherSummary(Resource):
    """A voucher as lists state it: without rows. Its key is `year` (an id), series and number."""

    voucher_series: Text = Field(min_length=1)
    voucher_number: Number
    year: Number
    transaction_date: Day = None
    description: Text = ""
    comments: Text = ""
    reference_number: Reference = ""
    reference_type: Text = ""
    approval_state: OptionalNumber = None

    @property
    def key(self) -> tuple[int, str, int]:
        """Year id, series, number."""
        return self.year, self.voucher_series, self.voucher_number


class Voucher(VoucherSummary):
    """A whole voucher."""

    transaction_date: date
    voucher_rows: tuple[VoucherRow, ...]
    cost_center: Reference = ""
    project: Reference = ""

    @property
    def booked_rows(self) -> tuple[VoucherRow, ...]:
        """The rows that count."""
        return tuple(row for row in self.voucher_rows if not row.removed)


class CostCenter(Resource):
    """A cost centre: dimension 1 of SIE."""

    code: Text = Field(min_length=1)
    description: Text = ""
    active: Flag = Field()


class Project(Resource):
    """A project: dimension 6 of SIE. `status`: NOTSTARTED, ONGOING or COMPLETED."""

    project_number: Text = Field(min_length=1)
    description: Text = ""
    status: Text = ""
    start_date: Day = None
    end_date: Day = None


class PredefinedAccount(Resource):
    """Which account Fortnox books something on; `CUSTCLAIM` receivables, `SUPDEBT` payables (F 5.5)."""

    name: Text = Field(min_length=1)
    account: OptionalNumber = None


class LockedPeriod(Resource):
    """Everything up to and including `end_date` is locked; None: nothing is (F 5.4)."""

    end_date: Day = None


class _Outgoing(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_pascal, populate_by_name=True)


class NewVoucherRow(_Outgoing):
    """A row to book: kronor in either debit or credit. `transaction_information` is the row's text."""

    account: int = Field(ge=1000, le=9999)
    debit: Decimal = Field(Decimal(0), ge=0, max_digits=14, decimal_places=2)
    credit: Decimal = Field(Decimal(0), ge=0, max_digits=14, decimal_places=2)
    cost_center: str | None = None
    project: str | None = None
    transaction_information: str | None = Field(None, max_length=100)


class NewVoucher(_Outgoing):
    """A voucher to book; the limits are Fortnox's (F 5.1). What is None is left out, as Fortnox demands (F 3.5)."""

    description: str = Field(min_length=1, max_length=200)
    voucher_series: str = Field(min_length=1)
    transaction_date: date
    voucher_rows: tuple[NewVoucherRow, ...] = Field(min_length=2)
    comments: str | None = Field(None, max_length=1000)
