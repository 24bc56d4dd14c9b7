import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.engagements.books import open_books
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.new_year import add_next_year
from closing_host.engagements.register import new_engagement
from closing_host.locale import Words
from closing_host.storage.audit import Actor
from small_sie import sie, voucher


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """One client with 2024, and 2025 imported three times with one, two and three vouchers."""
    files = [
        sie(voucher(1, day="20240310"), year=("20240101", "20241231")),
        *(sie(*(voucher(number) for number in range(1, count + 1))) for count in (1, 2, 3)),
    ]
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        for number, content in enumerate(files):
            path = tmp_path / f"{number}.se"
            path.write_bytes(content)
            asyncio.run(import_file(opened, path, Placing(create=True)))
        yield opened


@pytest.mark.parametrize(
    ("reference", "year", "vouchers"),
    [
        ("1", 2025, 3),
        ("556677-8899", 2025, 3),
        ("Åkes Bageri AB", 2025, 3),
        ("åkes", 2025, 3),
        ("1@previous", 2025, 2),
        ("1@2", 2025, 1),
        ("1/2024", 2024, 1),
        ("1/2024-12", 2024, 1),
        ("1/2025@3", 2025, 2),
    ],
)
def test_a_reference_names_engagement_year_and_snapshot(host: Host, reference: str, year: int, vouchers: int) -> None:
    books = open_books(host, reference)
    assert books.snapshot.year_start.year == year
    assert books.ledger.vouchers.height == vouchers


def test_a_fingerprints_beginning_names_a_snapshot(host: Host) -> None:
    first = open_books(host, "1@2").snapshot
    assert open_books(host, f"1@{first.fingerprint[:16]}").snapshot.id == first.id


def test_previous_is_the_one_before_the_current_also_after_an_undo(host: Host) -> None:
    host.store.snapshots.make_current(1, open_books(host, "1@3").snapshot.id, actor=host.actor)
    assert open_books(host, "1").ledger.vouchers.height == 2
    assert open_books(host, "1@previous").ledger.vouchers.height == 1


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("7", "engagement-unknown"),
        ("", "engagement-unknown"),
        ("1/1999", "year-unknown"),
        ("1@zzz", "snapshot-unknown"),
        ("1/2024@previous", "snapshot-unknown"),
    ],
)
def test_what_cannot_be_found_is_named(host: Host, reference: str, code: str) -> None:
    with pytest.raises(ClosingError) as refused:
        open_books(host, reference)
    assert refused.value.code == code


def test_a_name_that_fits_several_engagements_is_refused(host: Host) -> None:
    new_engagement(host, "Åkes Fisk AB")
    with pytest.raises(ClosingError) as refused:
        open_books(host, "åkes")
    assert refused.value.code == "engagement-ambiguous"


def test_a_year_without_books_says_so_in_words(host: Host) -> None:
    add_next_year(host, 1)
    with pytest.raises(ClosingError) as refused:
        open_books(host, "1/2026")
    assert refused.value.code == "year-without-books"
    said = Words("en").message(refused.value.code, refused.value.parameters)
    assert said == "The year that begins on 2026-01-01 has no books yet. Import them first."
    with pytest.raises(ClosingError) as refused:
        open_books(host, "1@zzz")
    assert "Engagement 1 has no import zzz." in Words("en").message("snapshot-unknown", refused.value.parameters)


def test_an_engagement_without_books_says_so(host: Host) -> None:
    new_engagement(host, "Ny AB")
    with pytest.raises(ClosingError) as refused:
        open_books(host, "Ny AB")
    assert refused.value.code == "engagement-without-books"
