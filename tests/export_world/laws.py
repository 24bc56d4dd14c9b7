"""What must hold after every step (T 2.2), judged by the simulator's ledger and log, never by the product's word."""

import json
from collections import Counter
from decimal import Decimal

from sqlalchemy import select

from closing_host.closing.entries import BOOKED, ClosingEntry, Status
from closing_host.storage.audit import FIRST, event_hash
from closing_host.storage.tables import audit
from export_world.checks import hold
from export_world.company import TENANT, YEAR_ID
from export_world.ground import Birth, Lines, lines_of
from export_world.journal_laws import check_journal
from export_world.network import Sent
from export_world.world import World, said

WAITING_SECONDS = 180.0
"""The client's deadline and the waiting period after it (T 3a.7): what is booked later may be booked twice."""

CLAIMED = BOOKED - {Status.DOUBLE}
"""What is said to be booked. Of *Dubbelbokad* a person is asked, maybe because nobody can tell which voucher it is."""

LIMIT, WINDOW_SECONDS = 25, 5.0


class Laws:
    """Checks a world again and again; what was checked once is not checked again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sent = 0
        self._requests = 0
        self._head = (0, FIRST)
        self._restored = 0
        self._checked: tuple[int, ...] = ()

    def check(self) -> None:
        """All laws, unless nothing has changed since the last time. Raises `Broken`."""
        world = self._world
        world.ground.look()
        now = (
            world.restored,
            world.journal.version(),
            len(world.simulator.log.entries),
            world.edits,
            len(world.ground.all()),
        )
        if now == self._checked:
            return
        if world.restored != self._restored:
            self._restored, self._head = world.restored, (0, FIRST)
        self._requests_are_ours()
        self._sent_is_approved()
        entries = world.entries()
        for entry in entries:
            markers = world.markers(entry.id)
            self._booked_once(entry, markers)
            self._claims_are_true(entry, markers)
            self._counted_once(entry, markers)
        self._one_voucher_each(entries)
        self._books_are_whole()
        self._trail_tells_all()
        check_journal(world)
        self._checked = now

    # --- G1, G2

    def _booked_once(self, entry: ClosingEntry, markers: tuple[str, ...]) -> None:
        for marker in markers:
            living = [birth for birth in self._world.ground.living([marker]) if not birth.disguised]
            hold(
                len(living) <= 1 or self.excused(marker),
                "G1: booked at most once",
                entry.label,
                [birth.names for birth in living],
            )

    def _counted_once(self, entry: ClosingEntry, markers: tuple[str, ...]) -> None:
        """P 7.5.4: the books have it, or we count it; never both."""
        books = self._world.books
        if books is None:
            return
        if any(birth.marker in markers and not birth.disguised for birth in books.living):
            hold(not entry.counts, "P 7.5.4: what the books hold is not counted again", entry.label, entry.status)
        elif entry.status in (Status.EXCLUDED, Status.CHANGED):
            known = [birth for birth in books.living if birth.marker in markers]
            hold(known, "P 7.5.4: what the books lack is counted", entry.label, entry.status)

    def _books_are_whole(self) -> None:
        world = self._world
        hold(not world.torn, "G6: an import that failed changed nothing", world.torn)
        if world.books is not None:
            hold(world.shown == world.books.turnover, "G6: books are whole", world.shown, world.books.turnover)

    def excused(self, marker: str) -> bool:
        """Fortnox itself booked it twice, or so late that nobody can know."""
        return any(
            sent.marker == marker and (sent.fault == "N24" or sent.late > WAITING_SECONDS)
            for sent in self._world.line.sent
        )

    def _claims_are_true(self, entry: ClosingEntry, markers: tuple[str, ...]) -> None:
        place = entry.transferred
        if entry.status not in CLAIMED or place is None or not place.number:
            return
        births = [birth for marker in markers for birth in self._world.ground.births[marker]]
        named = [birth for birth in births if (place.series, place.number) in birth.names]
        hold(named, "G2: what is said to be booked exists", entry.label, place)
        for birth in named:
            birth.forgotten = False
        # Not the text: what a restored backup had forgotten may have been reworded since (P 7.6.5 asks date and rows).
        told = place.changed or entry.status is Status.CHANGED
        hold(
            told or any(birth.touched or birth.lines.figures == said(entry).figures for birth in named),
            "G2: with the same lines",
            entry.label,
            said(entry),
            named[0].lines,
        )

    def _one_voucher_each(self, entries: tuple[ClosingEntry, ...]) -> None:
        places = Counter(
            (each.transferred.series, each.transferred.number)
            for each in entries
            if each.transferred is not None and each.transferred.number and each.status in CLAIMED
        )
        hold(all(count == 1 for count in places.values()), "G2: no two entries claim one voucher", places)

    # --- G3

    def _sent_is_approved(self) -> None:
        for sent in self._world.line.sent[self._sent :]:
            lines, series = what_was_sent(sent)
            approved = self._world.approved.get(sent.marker, set())
            hold((lines, series) in approved, "G3: only what was approved is sent", sent.body, approved)
            hold(f"financialyear={YEAR_ID}" in sent.query, "G3: into the approved year", sent.query)
        self._sent = len(self._world.line.sent)

    # --- G4, G7

    def _requests_are_ours(self) -> None:
        log = self._world.simulator.log.entries
        for each in log[self._requests :]:
            if not each.path.startswith("/3/"):
                continue
            strange = each.tenant != TENANT and each.number not in self._world.introductions
            hold(not strange, "G4: no request with another company's token", each)
            hold(each.status != 401 or each.fault, "G5: no token is used that is known to be over", each)
        stamps = [each.stamp for each in log[max(0, self._requests - LIMIT) :] if each.path.startswith("/3/")]
        for first, last in zip(stamps, stamps[LIMIT:], strict=False):
            hold(last - first >= WINDOW_SECONDS, "G7: at most 25 requests in 5 s", first, last)
        self._requests = len(log)

    # --- G8

    def _trail_tells_all(self) -> None:
        with self._world.host.store.database.read() as connection:
            fresh = select(audit).where(audit.c.seq > self._head[0]).order_by(audit.c.seq)
            for row in connection.execute(fresh).mappings():
                linked = row["seq"] == self._head[0] + 1 and row["prev_hash"] == self._head[1]
                hold(linked and row["hash"] == event_hash(row), "G8: the chain holds", row["seq"])
                self._head = row["seq"], row["hash"]
        told = self._world.journal.rows("SELECT count(*) FROM audit WHERE object LIKE 'entry:%'")[0][0]
        changes = self._world.journal.rows("SELECT count(*) FROM closing_entry_version")[0][0]
        hold(told == changes, "G8: every change of an entry has its event", told, changes)


def what_was_sent(sent: Sent) -> tuple[Lines, str]:
    """The lines and the series of a body, read on our own."""
    voucher = json.loads(sent.body, parse_float=Decimal)["Voucher"]
    rows = [
        (row["Account"], int((Decimal(str(row.get("Debit", 0))) - Decimal(str(row.get("Credit", 0)))) * 100))
        for row in voucher["VoucherRows"]
    ]
    return lines_of(voucher["TransactionDate"], voucher["Description"], rows), voucher["VoucherSeries"]


def doubled(world: World) -> list[Birth]:
    """Vouchers of which the ledger holds two or more of one marker now."""
    counts = Counter(birth.marker for birth in world.ground.living(list(world.ground.births)))
    return [birth for birth in world.ground.all() if counts[birth.marker] > 1]
