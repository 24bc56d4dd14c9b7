"""Single records, for what the lists leave open; none is read twice."""

from collections.abc import Callable, Iterable
from typing import Final

from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotFound
from datasource_fortnox.models import Voucher
from datasource_fortnox.subledger_lists import SideCalls
from datasource_fortnox.subledger_models import Invoice, InvoicePayment, VoucherKey
from datasource_fortnox.subledger_references import Naming, References

SAMPLES: Final = 3
"""How many payments are read at most to learn what vouchers name."""


class Details:
    """The single records of one side. `told()` after each call; what it raises passes through."""

    def __init__(self, fortnox: FortnoxClient, calls: SideCalls, told: Callable[[], None]) -> None:
        self._fortnox = fortnox
        self._calls = calls
        self._told = told
        self._payments: dict[str, InvoicePayment] = {}
        self._invoices: dict[str, Invoice] = {}

    async def payment(self, number: str) -> InvoicePayment:
        """A payment with its voucher, write-offs and amount in currency."""
        if number not in self._payments:
            self._payments[number] = await self._calls.payment(number)
            self._told()
        return self._payments[number]

    async def invoice(self, number: str) -> Invoice:
        """An invoice with its balance, VAT and the invoice that it credits."""
        if number not in self._invoices:
            self._invoices[number] = await self._calls.invoice(number)
            self._told()
        return self._invoices[number]

    async def voucher(self, key: VoucherKey) -> Voucher | None:
        """A voucher with its rows; None when it was taken out of the books or moved since."""
        try:
            return await self._fortnox.voucher(*key)
        except NotFound:
            return None
        finally:
            self._told()

    async def naming(self, references: References, payments: Iterable[InvoicePayment]) -> Naming | None:
        """What the vouchers of `payments` name, learned from at most `SAMPLES` of them; None when that tells nothing.

        Those that are read for their write-offs anyhow come first.
        """
        telling = sorted(filter(references.telling, payments), key=lambda each: not each.write_off_exist)
        for each in telling[:SAMPLES]:
            naming = references.naming_shown_by(await self.payment(each.number))
            if naming is not None:
                return naming
        return None
