"""One invoice with its payments, in öre: what it came to, what reduced it, what is left by Fortnox's own word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from closing_host.api.money import ore_from_decimal
from datasource_fortnox.errors import AnswerWrong
from datasource_fortnox.subledger_currency import Unit, Valued, balance_of, hundredths, settled, valued
from datasource_fortnox.subledger_models import SEK, Invoice, InvoicePayment, VoucherKey, WriteOff, rate_of


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many öre a payment reduces its invoice: by money and by what was written off with it.

    The same in hundredths of the invoice's currency, when that is not kronor.
    """

    money: int
    written_off: int = 0
    foreign_money: int | None = None
    foreign_written_off: int | None = None

    @property
    def total(self) -> int:
        """Öre, both together."""
        return self.money + self.written_off


@dataclass(slots=True)
class Case:
    """An invoice and what belongs to it. `vouchers`: of its booked payments, by payment number."""

    invoice: Invoice
    payments: list[InvoicePayment]
    vouchers: dict[str, VoucherKey] = field(default_factory=dict)
    total: int = 0
    balance: int | None = None
    foreign: Valued | None = None
    effects: dict[str, Effect] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Booked and not cancelled."""
        return self.invoice.booked and not self.invoice.cancelled

    def left(self, until: date | None = None) -> int:
        """Öre not yet reduced by booked payments, dated up to `until` or all."""
        booked = [each for each in self.payments if each.booked and (until is None or day_of(each) <= until)]
        return self.total - sum(self.effects[each.number].total for each in booked)

    @property
    def gap(self) -> int:
        """Öre that are gone without any payment: positive for invoices, negative for credit notes."""
        return self.left() - self.balance if self.counts and self.balance is not None else 0

    def value(self, years: Mapping[int, date], unit: Unit = "currency", booked: Decimal | None = None) -> None:
        """Work out total, effects and balance. `unit` and `booked` are for invoices in foreign currency.

        `years`: the first day of each financial year by its id.

        Raises `AnswerWrong` for an amount, rate or date that is missing or has a third decimal.
        """
        if self.invoice.foreign:
            self._value_foreign(years, unit, booked)
            return
        nothing = self.invoice.cancelled and self.invoice.total is None
        self.total = 0 if nothing else ore(self.invoice.total, self.invoice, "Total")
        self.effects = {each.number: _in_kronor(each) for each in self.payments}
        self.rebalance(self.invoice, unit)

    def rebalance(self, stated: Invoice, unit: Unit) -> None:
        """Take the balance that `stated`, another reading of the invoice, has; a missing one stays unknown."""
        if stated.balance is None:
            self.balance = None
        elif self.foreign is None:
            self.balance = ore(stated.balance, stated, "Balance")
        else:
            paid = sum(_foreign_of(self.effects[each.number]) for each in self.payments if each.booked)
            self.balance = balance_of(self.foreign, rate(self.invoice), unit, stated.balance, paid, self.left())

    def _value_foreign(self, years: Mapping[int, date], unit: Unit, booked: Decimal | None) -> None:
        if self.invoice.total is None:
            raise wrong(self.invoice, "Total")
        at = rate(self.invoice)
        self.foreign = valued(self.invoice.total, at, unit, booked)
        self.total = self.foreign.total
        self.effects = {each.number: _in_currency(each, self.invoice, at) for each in self.payments}
        in_order = self._in_booking_order(years)
        reductions = settled(self.foreign, at, [_foreign_of(each) for each in in_order.values()])
        for (number, effect), reduction in zip(in_order.items(), reductions, strict=True):
            written_off = hundredths(Decimal(effect.foreign_written_off or 0).scaleb(-2), at)
            self.effects[number] = Effect(
                reduction - written_off, written_off, effect.foreign_money, effect.foreign_written_off
            )
        self.rebalance(self.invoice, unit)

    def _in_booking_order(self, years: Mapping[int, date]) -> Mapping[str, Effect]:
        """The booked payments' effects. Within a year and series the voucher's number is the order of booking."""

        def order(payment: InvoicePayment) -> tuple[date, str, int, tuple[int, str]]:
            year, series, number = self.vouchers.get(payment.number, (None, "", 0))
            first = years.get(year) if year is not None else None
            return first or day_of(payment), series, number, by_number(payment)

        booked = sorted((each for each in self.payments if each.booked), key=order)
        return {each.number: self.effects[each.number] for each in booked}


def ore(amount: Decimal | None, record: Invoice | InvoicePayment, name: str) -> int:
    """Kronor as öre. Raises `AnswerWrong` when absent or not exact."""
    if amount is None:
        raise wrong(record, name)
    try:
        return ore_from_decimal(amount)
    except ValueError:
        raise wrong(record, name, "no amount with at most two decimals") from None


def rate(invoice: Invoice) -> Decimal:
    """Kronor for one unit of a foreign invoice's currency. Raises `AnswerWrong` when not stated."""
    found = rate_of(invoice)
    if found is None:
        raise wrong(invoice, "CurrencyRate")
    return found


def day_of(payment: InvoicePayment) -> date:
    """When the payment was made. Raises `AnswerWrong` when not stated."""
    if payment.payment_date is None:
        raise wrong(payment, "PaymentDate")
    return payment.payment_date


def by_number(record: Invoice | InvoicePayment) -> tuple[int, str]:
    """Sort key that puts 9 before 10."""
    return len(record.number), record.number


def wrong(record: Invoice | InvoicePayment, name: str, reason: str = "missing") -> AnswerWrong:
    """The error that names the record's field."""
    return AnswerWrong(resource=record.resource, record=record.number, field=name, reason=reason)


def _in_kronor(payment: InvoicePayment) -> Effect:
    day_of(payment)
    written_off = sum(ore(part.amount, payment, "WriteOffs.Amount") for part in payment.write_offs)
    return Effect(ore(payment.amount, payment, "Amount"), written_off)


def _in_currency(payment: InvoicePayment, invoice: Invoice, at: Decimal) -> Effect:
    """Before rounding is settled; an unbooked payment reduces nothing and keeps its listed kronor."""
    day_of(payment)
    if not payment.booked:
        return Effect(ore(payment.amount, payment, "Amount"))
    money = ore(payment.amount_currency, payment, "AmountCurrency")
    written_off = sum(_part(part, payment, invoice, at) for part in payment.write_offs)
    return Effect(0, 0, money, written_off)


def _part(part: WriteOff, payment: InvoicePayment, invoice: Invoice, at: Decimal) -> int:
    amount = ore(part.amount, payment, "WriteOffs.Amount")
    in_kronor = part.currency == SEK != invoice.currency
    return hundredths(Decimal(amount).scaleb(-2) / at) if in_kronor else amount


def _foreign_of(effect: Effect) -> int:
    return (effect.foreign_money or 0) + (effect.foreign_written_off or 0)
