"""Closing entries as files, and what the user then says of them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from closing_host import sie
from closing_host.api.errors import ClosingError
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.engagements.export_files import ExportFile, mark_as_transferred, write_export_file
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.storage.audit import Action
from closing_host.storage.entries import EntryRecords
from closing_host.storage.tables import audit
from closing_host.storage.verify import verify
from closing_host.storage.written_files import FileKind
from entry_books import REACHED, YEAR, add, held, small_books


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with small_books(tmp_path) as opened:
        yield opened


def write(host: Host, kind: FileKind = "si", labels: list[str] | None = None) -> tuple[ExportFile, bytes]:
    kept: list[bytes] = []
    made = asyncio.run(write_export_file(host, "1", kind, lambda name, content: kept.append(content), labels=labels))
    (content,) = kept
    return made, content


def labels_of(entries: tuple[ClosingEntry, ...]) -> list[str]:
    return [each.label for each in entries]


def refused(code: str, call: object, *arguments: object) -> ClosingError:
    assert callable(call)
    with pytest.raises(ClosingError) as caught:
        call(*arguments)
    assert caught.value.code == code
    return caught.value


def edit(host: Host, entry: ClosingEntry, text: str) -> None:
    with host.store.database.write() as connection:
        content = replace(entry.content, text=text)
        EntryRecords(connection, 1).edit(
            host.store.trail(connection, host.actor), entry.id, content, version=entry.version
        )


def test_the_si_file_is_that_of_the_reference(host: Host) -> None:
    add(host)
    add(host, "Skatt på årets resultat", 12_584_700, kind="S")
    made, content = write(host)
    assert (made.name, made.kind, labels_of(made.entries)) == ("bokslut-2025-12-31.si", "si", ["V1", "S1"])
    lines = content.decode("cp437").split("\r\n")
    assert [line for line in lines if not line.startswith(("#PROGRAM", "#GEN"))] == [
        "#FLAGGA 0",
        "#FORMAT PC8",
        "#SIETYP 4",
        '#FNAMN "Åkes Bageri AB"',
        "#ORGNR 556677-8899",
        '#VER "" "" 20251231 "V1 Upplupna löner"',
        "{",
        "#TRANS 7010 {} 12000.00",
        "#TRANS 2910 {} -12000.00",
        "}",
        '#VER "" "" 20251231 "S1 Skatt på årets resultat"',
        "{",
        "#TRANS 7010 {} 125847.00",
        "#TRANS 2910 {} -125847.00",
        "}",
        "",
    ]


def test_the_file_holds_what_is_not_transferred_or_failed_in_the_order_of_booking(host: Host) -> None:
    for status in REACHED:
        add(host, status=status)
    add(host, "Tidigt", day=date(2025, 11, 30))
    made, content = write(host)
    by_status = {each.status: each.label for each in held(host).values() if each.label != "V8"}
    assert labels_of(made.entries) == ["V8", by_status[Status.READY], by_status[Status.FAILED]]
    assert sorted(labels_of(made.left_out)) == sorted([by_status[Status.SENDING], by_status[Status.UNKNOWN]])
    assert sie.read(content).vouchers.height == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.SENDING, "export-file-unsettled"),
        (Status.UNKNOWN, "export-file-unsettled"),
        (Status.DRAFT, "export-file-not-ready"),
        (Status.DELETED, "export-file-not-ready"),
        (Status.NOT_FOR_TRANSFER, "export-file-not-ready"),
    ],
)
def test_an_entry_that_may_not_go_into_a_file_is_named(host: Host, status: Status, code: str) -> None:
    add(host)
    add(host, status=status)
    assert refused(code, write, host, "si", ["V1", "V2"]).parameters["entries"] == "V2"


def test_only_the_entries_that_were_asked_for_each_once(host: Host) -> None:
    for _ in range(3):
        add(host)
    made, content = write(host, labels=["v3", "V1", "V3"])
    assert labels_of(made.entries) == ["V1", "V3"]
    assert sie.read(content).vouchers.height == 2
    refused("entry-unknown", write, host, "si", ["V9"])
    refused("export-file-whole", write, host, "sie4", ["V1"])


def test_a_text_that_is_cut_is_told(host: Host) -> None:
    add(host, "x" * 60)
    made, content = write(host)
    assert sie.read(content).vouchers["text"].to_list() == ["V1 " + "x" * 47]
    assert [finding.text for finding in made.findings] == ["V1 " + "x" * 60]


def test_the_whole_books_with_every_entry_that_counts(host: Host) -> None:
    add(host)
    add(host, status=Status.NOT_FOR_TRANSFER)
    add(host, status=Status.DRAFT)
    made, content = write(host, "sie4")
    assert (made.name, labels_of(made.entries), made.left_out) == ("bokslut-2025-12-31.se", ["V1", "V2"], ())
    assert labels_of(made.to_mark) == ["V1"]
    ledger = sie.read(content)
    assert ledger.vouchers["text"].to_list() == ["Köp 1", "V1 Upplupna löner", "V2 Upplupna löner"]
    closing = {
        (row["kind"], row["account"]): row["amount"] for row in ledger.balances.filter(year=0).iter_rows(named=True)
    }
    assert (closing["UB", "2910"], closing["UB", "1930"]) == (-2_400_000, 90_000)
    assert closing["RES", "7010"] == 2_400_000


def test_books_that_hold_an_entry_whose_outcome_is_unknown_are_not_written(host: Host) -> None:
    add(host, status=Status.UNKNOWN)
    assert refused("export-file-unsettled", write, host, "sie4").parameters["entries"] == "V1"


def test_the_books_alone_when_there_are_no_entries_and_no_empty_si_file(host: Host) -> None:
    made, content = write(host, "sie4")
    assert made.entries == made.to_mark == ()
    assert sie.read(content).vouchers.height == 1
    refused("export-file-nothing", write, host)
    refused("export-file-not-written", mark_as_transferred, host, "1")


def test_books_that_are_not_the_current_ones_are_refused(host: Host, tmp_path: Path) -> None:
    from small_sie import sie as small
    from small_sie import voucher

    path = tmp_path / "newer.se"
    path.write_bytes(small(voucher(1), voucher(2)))
    asyncio.run(import_file(host, path, Placing()))
    add(host)
    with pytest.raises(ClosingError, match="export-file-old-books"):
        asyncio.run(write_export_file(host, "1@previous", "si", lambda name, content: None))


def test_writing_marks_nothing_and_marking_takes_the_last_file(host: Host) -> None:
    add(host)
    add(host)
    write(host, labels=["V1"])
    write(host, labels=["V2"])
    assert {each.status for each in held(host).values()} == {Status.READY}
    marked = mark_as_transferred(host, "1")
    assert (labels_of(marked.entries), marked.file.kind, marked.file.by) == (["V2"], "si", "asa")
    first, second = held(host).values()
    assert first.status is Status.READY
    assert second.status is Status.TRANSFERRED
    assert second.transferred is not None
    assert (second.transferred.evidence, second.transferred.by, second.transferred.number) == ("file", "asa", "")
    assert refused("export-file-marked", mark_as_transferred, host, "1").parameters["entries"] == "V2"


def test_a_file_that_the_user_did_not_get_was_not_written(host: Host) -> None:
    add(host)

    def full(name: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        asyncio.run(write_export_file(host, "1", "si", full))
    refused("export-file-not-written", mark_as_transferred, host, "1")


@pytest.mark.parametrize("change", ["edited", "sent", "deleted", "drafted"])
def test_nothing_is_marked_when_an_entry_is_no_longer_what_the_file_holds(host: Host, change: str) -> None:
    add(host)
    second = add(host)
    write(host)
    if change == "edited":
        edit(host, second, "Annat")
    else:
        to = {"sent": Status.SENDING, "deleted": Status.DELETED, "drafted": Status.DRAFT}[change]
        with host.store.database.write() as connection:
            trail = host.store.trail(connection, host.actor)
            by = "export" if change == "sent" else "user"
            EntryRecords(connection, 1).set_status(trail, second.id, to, by=by)  # type: ignore[arg-type]
    assert refused("export-file-outdated", mark_as_transferred, host, "1").parameters["entries"] == "V2"
    assert held(host)["V1"].status is Status.READY


def test_a_file_of_another_year_is_not_this_years(host: Host, tmp_path: Path) -> None:
    from small_sie import sie as small
    from small_sie import voucher

    path = tmp_path / "earlier.se"
    path.write_bytes(small(voucher(1, day="20240310"), year=("20240101", "20241231")))
    asyncio.run(import_file(host, path, Placing()))
    add(host)
    write(host)
    refused("export-file-not-written", mark_as_transferred, host, "1/2024")
    assert labels_of(mark_as_transferred(host, "1").entries) == ["V1"]


def test_writing_and_marking_are_in_the_audit_trail_without_texts(host: Host) -> None:
    add(host)
    write(host)
    mark_as_transferred(host, "1")
    with host.store.database.read() as connection:
        events = connection.execute(audit.select().order_by(audit.c.seq)).all()
    (written,) = (each for each in events if each.action == str(Action.EXPORT_FILE))
    assert (written.engagement_id, written.object) == (1, f"export-file:{YEAR}")
    assert "löner" not in written.details_json
    assert events[-1].action == str(Action.ENTRY_STATUS)
    assert verify(host.store).problems == ()


def test_every_entry_in_a_file_has_its_label_first_in_the_text(host: Host) -> None:
    add(host)
    for kind in ("si", "sie4"):
        _, content = write(host, kind)
        assert sie.read(content).vouchers["text"].to_list()[-1] == held(host)["V1"].draft.text
