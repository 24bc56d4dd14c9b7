"""Attachments in the stored company's year: what a source may have stated of it, and storing that as a making does."""

from collections.abc import Sequence
from datetime import date

from closing_host.api.errors import ClosingError
from closing_host.api.subledger import Document, OpenItem, OpenItems, Payment, Side, SubLedger, VoucherRef
from closing_host.storage.attachment_facts import put_facts
from closing_host.storage.attachments import AttachmentVersion, NewVersion, failed, store_versions
from stored_books import ANNA, OWNER, YEAR_END, YEAR_START, World

SIDES: tuple[Side, ...] = ("receivables", "payables")


def customers(*amounts: int, paid: Sequence[int] = (), through: date = date(2025, 2, 14)) -> SubLedger:
    """One invoice per amount, booked by the vouchers of `stored_books.small_ledger`; those in `paid` are paid later."""
    documents, payments = [], []
    for n, amount in enumerate(amounts, start=1):
        day = date(2024, 3, n)
        left = 0 if n in paid else amount
        booked = VoucherRef(YEAR_START, "A", str(n))
        documents.append(Document(str(n), "7", "Åkes", day, date(2024, 4, n), amount, left, True, False, booked))
        if n in paid:
            later = VoucherRef(date(2025, 1, 1), "C", str(n))
            payments.append(Payment(str(n), str(n), date(2025, 1, 10), amount, True, voucher=later))
    return SubLedger("receivables", ("1510",), tuple(documents), tuple(payments), YEAR_START, through)


def suppliers(*amounts: int) -> OpenItems:
    items = (OpenItem(str(n), "9", "Bos", date(2024, 12, n), None, amount) for n, amount in enumerate(amounts, start=1))
    return OpenItems("payables", ("2440",), YEAR_END, tuple(items))


def attach(world: World, snapshot_id: int, *facts: SubLedger | OpenItems) -> tuple[AttachmentVersion, ...]:
    """Store the facts as a version that was made from them; the figures are not computed here."""
    made = []
    for each in facts:
        kept = put_facts(world.store.blobs, each)
        made.append(NewVersion(each.side, YEAR_END, each.control_accounts, kept, True, 300, 300, 0))
    return stored(world, snapshot_id, made)


def attach_failure(world: World, snapshot_id: int, error: ClosingError) -> tuple[AttachmentVersion, ...]:
    return stored(world, snapshot_id, [failed(side, YEAR_END, ("1510",), error) for side in SIDES], error)


def stored(
    world: World, snapshot_id: int, made: Sequence[NewVersion], error: ClosingError | None = None
) -> tuple[AttachmentVersion, ...]:
    run = world.start_run()
    return store_versions(
        world.store, world.engagement_id, snapshot_id, made, run_id=run.id, owner=OWNER, actor=ANNA, error=error
    )
