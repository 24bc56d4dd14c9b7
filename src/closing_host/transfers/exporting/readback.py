"""What became of a voucher whose outcome is unknown: asked after the waiting period, never guessed (T 3a steps 7-8)."""

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.storage.journal_records import Batch, JournalVoucher
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting import verdicts
from closing_host.transfers.exporting.company import refuse_other_company
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.look import Looked, look_twice
from closing_host.transfers.exporting.payload import thawed


async def read_back(desk: Desk, opened: OpenConnection, batch: Batch, voucher: JournalVoucher) -> bool:
    """Look for the voucher and write down what is known then. False when that is as little as before.

    Raises what the source raises, after the voucher is AMBIGUOUS again: an error is never an absence.
    """
    with desk.step("looking") as step:
        verdicts.looking(step, voucher)
    voucher = desk.voucher(voucher.id)
    try:
        refuse_other_company(desk.store, opened, batch)
        looked = await look_twice(desk, opened, batch, voucher)
    except ClosingError as error:
        with desk.step("verdict") as step:
            verdicts.still_unknown(step, voucher, error.code)
        raise
    with desk.step("verdict") as step:
        if not decides(looked, waited=voucher.not_before is not None and step.now >= voucher.not_before):
            verdicts.still_unknown(step, voucher, "export-look-incomplete")
            return False
        match looked.match.kind:
            case "absent" if not voucher.claimed:
                verdicts.absent(step, voucher, looked.totals)
            case "absent":
                verdicts.conflict(step, voucher, "export-other-voucher", ())
            case "same" | "different":
                verdicts.booked(
                    step, voucher, thawed(voucher.payload, voucher.label).voucher, looked.match.vouchers[0], "found"
                )
            case "several":
                verdicts.conflict(step, voucher, "export-booked-twice", looked.match.vouchers)
            case _:
                verdicts.conflict(step, voucher, "export-unsure", looked.match.vouchers)
    return True


def decides(looked: Looked, *, waited: bool) -> bool:
    """Whether the look says anything: a voucher with the marker always, everything else only after the waiting
    period and when the reading was whole."""
    return looked.certain and (waited or looked.match.by_marker)


def inconclusive() -> TemporaryError:
    """Why a batch goes on waiting after a look that said nothing."""
    return TemporaryError("export-look-incomplete")
