"""A firm in whose books, entries, notes and files every name and text tries to be something else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from attachment_books import END, START, Books
from attachment_house import attach, publish
from closing_host.api.ledger import Address, Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.subledger import OpenItem, OpenItems
from closing_host.api.vouchers import DraftRow, Rejected, SeriesTerms
from closing_host.closing.entries import EntryContent, Status, month_of
from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.sources.registry import discover
from closing_host.storage.attached_files import AttachedFiles, NewFile
from closing_host.storage.attachment_notes import AttachmentNotes
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.own_attachments import OwnAttachments
from export_firm import Firm, answers, books, make_firm
from export_firm import Ledger as Source
from hostile import BEYOND_A_LINE, PAYLOADS
from stored_books import SetClock

EVERY = (*PAYLOADS, *BEYOND_A_LINE)
PERSON = ("Anna Personsson", "19680229-1234", "6802291234", "5560004615", "556000-4615", "anna@example.se")
"""What nobody outside shall read, in many of the same places."""

SOME = 8
"""Of notes and files, which take a statement each, every eighth has to do."""
OFTEN = 30
"""Texts of one entry, schedule or account."""


@dataclass
class HostileBooks(Books):
    """`turn`: how far the payloads are moved, so that two imports differ in every name."""

    turn: int = 0
    texts: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = (*EVERY[self.turn :], *EVERY[: self.turn], *PERSON)

    def ledger(self) -> Ledger:
        t = self.texts
        company = Company(t[0], "556000-4615", t[3][:20], t[4], Address(*t[5:9]))
        builder = LedgerBuilder(company, [FinancialYear(0, START, END)])
        for account in ("1510", "1930", "2440", "2910", "3001", "4010", "7010"):
            builder.add_account(account, t[int(account) % 300])
        for number, text in enumerate(t):
            builder.add_account(str(5000 + number), text, unit=text[:20])
        builder.add_dimension(1, t[9])
        builder.add_dimension(6, t[10])
        for number, text in enumerate(t[:OFTEN]):
            builder.add_object(1, str(number), text)
            builder.add_object(6, text[:30], text)
        for series, number_, day, text, rows in self.vouchers:
            builder.add_voucher(series, number_, day, text)
            for account, amount in rows:
                builder.add_row(account, amount)
        builder.add_voucher(t[11][:10], t[12][:10], date(2025, 5, 5), t[13], signature=t[14])
        for number, text in enumerate(t):
            objects = [(1, str(number % OFTEN)), (6, t[number % OFTEN][:30])]
            builder.add_row(str(5000 + number), 100, text=text, objects=objects, signature=text[:30])
        builder.add_row("1930", -100 * len(t), text=t[15])
        return builder.build()


def hostile_books(turn: int = 0) -> HostileBooks:
    """Each payload is a customer with an invoice, and the text of the voucher that books it."""
    made = HostileBooks(turn=turn)
    for number, text in enumerate(made.texts):
        key = str(number + 1)
        made.document(key, date(2025, 11, 1 + number % 28), 10_000 + number, party=key)
        made.documents[key] = replace(made.documents[key], party_name=text, external_number=text[:50])
    for place, (series, key, day, _, rows) in enumerate(made.vouchers):
        made.vouchers[place] = (series, key, day, made.texts[place], rows)
    return made


@contextmanager
def hostile_firm(folder: Path) -> Iterator[Firm]:
    """Engagement 1 with two imports, attachments, notes, schedules, files, entries, and exports that went both ways."""
    clock = SetClock()
    firm = make_firm(folder, Source(clock), clock)
    every = MappingProxyType({**discover().sources, **firm.host.registry.sources})
    firm.host = replace(firm.host, registry=replace(firm.host.registry, sources=every))
    publish(firm.host, hostile_books(7).ledger())
    newest = hostile_books()
    ledger = newest.ledger()
    snapshot = publish(firm.host, ledger)
    attach(firm.host, snapshot, ledger, newest.facts(), _payables())
    attach(firm.host, snapshot, ledger, newest.facts(), _payables(12))
    _write(firm)
    firm.ledger.series = [SeriesTerms("I", EVERY[20], True), SeriesTerms(EVERY[21][:8], EVERY[22], False)]
    firm.ledger.script = [books, answers(Rejected("posting-refused", EVERY[23], {"detail": EVERY[24]}))]
    firm.export()
    try:
        yield firm
    finally:
        firm.host.store.close()


def _payables(first: int = 0) -> OpenItems:
    items = [
        OpenItem(str(number), text[:50], text, date(2025, 12, 3), None, 1_000)
        for number, text in enumerate(EVERY[first::24], 1)
    ]
    return OpenItems("payables", ("2440",), END, tuple(items))


def _write(firm: Firm) -> None:
    store = firm.host.store
    blob = store.blobs.put(b"text")
    day = date(2025, 12, 30)
    with store.database.write() as connection:
        trail = firm.trail(connection)
        EngagementRecords(connection, 1).rename(trail, PAYLOADS[0])
        notes, own = AttachmentNotes(connection, 1), OwnAttachments(connection, 1, START)
        files, entries = AttachedFiles(connection, 1, START), EntryRecords(connection, 1)
        for number, text in enumerate(EVERY[::SOME], 1):
            notes.write(trail, START, "receivables", str(number), text)
            files.add(trail, NewFile("1930", None, text[:500], "TXT", 4, blob))
        for first in range(0, len(EVERY), OFTEN):
            texts = EVERY[first : first + OFTEN]
            rows = tuple(ScheduleRow(text[:500], 100) for text in texts)
            own.add(trail, Schedule("1930", END, rows, "debit", texts[0][:200], texts[-1]))
            drafts = tuple(DraftRow("7010", 100, text=text[:200]) for text in texts)
            content = EntryContent(day, texts[-1][:100], (*drafts, DraftRow("2910", -100 * len(texts))), month_of(day))
            entry = entries.add(trail, START, "V", content)
            if first >= 6 * OFTEN:
                entries.set_status(trail, entry.id, Status.NOT_FOR_TRANSFER, by="user", reason=texts[1])


def hostile_file() -> bytes:
    """A SIE file whose company, accounts, objects and vouchers are called so."""
    said = ['"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in PAYLOADS]
    head = ["#FLAGGA 0", f"#PROGRAM {said[4]} {said[5]}", "#FORMAT PC8", "#SIETYP 4", f"#FNAMN {said[2]}"]
    head += ["#ORGNR 556036-0793", "#RAR 0 20250101 20251231", f"#DIM 1 {said[6]}", f"#OBJEKT 1 a {said[7]}"]
    accounts = [f"#KONTO {1000 + number} {each}" for number, each in enumerate(said)]
    rows = [f"#TRANS {1000 + number} {{1 a}} 1.00 20250102 {each}" for number, each in enumerate(said)]
    voucher = [f"#VER A 1 20250102 {said[0]}", "{", *rows, f"#TRANS 3010 {{}} -{len(rows)}.00", "}", ""]
    return "\r\n".join([*head, *accounts, *voucher]).encode()
