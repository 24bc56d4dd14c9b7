"""What was open on each day by a source's facts, and by the simulator's own book-keeping: the second is the oracle."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from closing_host.api.subledger import Side, SubLedger, VoucherRef
from datasource_fortnox.simulator import Company

Open = dict[str, int]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def open_on_days(facts: SubLedger, company: Company, wanted: list[date]) -> dict[date, Open]:
    """Total less payments per document, each counted from its voucher's day, or its own when it has none."""
    starts = {year.start: year for year in company.years.values()}

    def counts_from(voucher: VoucherRef | None, dated: date) -> date:
        if voucher is not None:
            held = starts[voucher.year_start].vouchers.get((voucher.series, int(voucher.number)))
            return held.date if held else dated
        return dated

    changes: defaultdict[date, list[tuple[str, int]]] = defaultdict(list)
    counted = {}
    for each in facts.documents:
        if each.booked and not each.cancelled:
            counted[each.number] = counts_from(each.voucher, each.dated)
            changes[counted[each.number]].append((each.number, each.total))
    for payment in facts.payments:
        if payment.booked and payment.document in counted:
            day = max(counts_from(payment.voucher, payment.dated), counted[payment.document])
            changes[day].append((payment.document, -payment.amount))
    found = {}
    left: defaultdict[str, int] = defaultdict(int)
    moments = iter(sorted(changes))
    moment = next(moments, None)
    for day in wanted:
        while moment is not None and moment <= day:
            for number, amount in changes[moment]:
                left[number] += amount
            moment = next(moments, None)
        found[day] = {number: amount for number, amount in left.items() if amount}
    return found


def held_open(company: Company, side: Side, day: date) -> Open:
    """The simulator's own state of a day."""
    ledger = company.receivables if side == "receivables" else company.payables
    return {str(number): amount for number, amount in ledger.open_items(day).items()}


def assert_right_on_every_day(facts: Mapping[Side, SubLedger], company: Company, first: date, last: date) -> None:
    wanted = days(first, last)
    for side, part in facts.items():
        for day, found in open_on_days(part, company, wanted).items():
            assert found == held_open(company, side, day), (side, day)


def assert_both_ends_agree(facts: Mapping[Side, SubLedger]) -> None:
    """Total less all payments is the balance that the source states, document by document."""
    for side, part in facts.items():
        left = {each.number: each.total for each in part.documents}
        for payment in part.payments:
            if payment.booked:
                left[payment.document] -= payment.amount
        for each in part.documents:
            if each.booked and not each.cancelled and each.balance is not None:
                assert left[each.number] == each.balance, (side, each.number)
