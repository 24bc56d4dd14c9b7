import dataclasses
import errno
import threading
from pathlib import Path

import polars as pl
import pytest

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import SCHEMAS, TABLES
from stored_books import World, rich_ledger, same, small_ledger


def test_a_ledger_comes_back_equal_in_every_field(world: World) -> None:
    ledger = dataclasses.replace(
        rich_ledger(), chart_type="BAS95", tax_year="2025", covered_until=rich_ledger().years[0].end, note="prosa"
    )
    assert same(world.store.ledgers.read(world.store.ledgers.write(ledger)), ledger)


def test_a_ledger_without_rows_comes_back(world: World) -> None:
    ledger = small_ledger()
    assert same(world.store.ledgers.read(world.store.ledgers.write(ledger)), ledger)


def test_columns_that_are_not_wanted_are_null_and_all_else_is_equal(world: World) -> None:
    without = ("rows.objects", "rows.text", "vouchers.line")
    ledger = world.store.ledgers.read(world.store.ledgers.write(rich_ledger()), without=without)
    for table, frame in rich_ledger().tables.items():
        left_out = [name for name in frame.columns if f"{table}.{name}" in without]
        assert ledger.tables[table].drop(left_out).equals(frame.drop(left_out))
        assert all(ledger.tables[table][name].null_count() == frame.height for name in left_out)


def test_the_same_content_has_one_folder(world: World) -> None:
    assert world.store.ledgers.write(rich_ledger()) == world.store.ledgers.write(rich_ledger())
    assert len(list(world.store.ledgers.names())) == 1
    assert not any(world.store.folder.tmp.iterdir())


@pytest.mark.parametrize("table", TABLES)
def test_a_table_can_be_scanned_with_its_schema(world: World, table: str) -> None:
    sha = world.store.ledgers.write(rich_ledger())
    frame = world.store.ledgers.scan(sha, table)
    assert dict(frame.collect_schema()) == dict(SCHEMAS[table])
    assert frame.collect().equals(rich_ledger().tables[table])


def test_a_scan_of_no_table_or_no_ledger_is_refused(world: World) -> None:
    sha = world.store.ledgers.write(small_ledger())
    with pytest.raises(KeyError):
        world.store.ledgers.scan(sha, "invoices")
    with pytest.raises(ClosingError, match="ledger-missing"):
        world.store.ledgers.scan("0" * 64, "rows")


def damage_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("file", ["ledger.json", *(f"{table}.parquet" for table in TABLES)])
def test_one_changed_bit_is_named(world: World, file: str) -> None:
    sha = world.store.ledgers.write(rich_ledger())
    damage_byte(world.store.ledgers.path(sha) / file)
    with pytest.raises(ClosingError) as caught:
        world.store.ledgers.read(sha)
    assert (caught.value.code, caught.value.parameters["file"]) == ("ledger-damaged", file)


def test_a_missing_file_is_named(world: World) -> None:
    sha = world.store.ledgers.write(rich_ledger())
    (world.store.ledgers.path(sha) / "rows.parquet").unlink()
    with pytest.raises(ClosingError, match=r"ledger-damaged.*rows\.parquet"):
        world.store.ledgers.read(sha)
    with pytest.raises(ClosingError, match="ledger-missing"):
        world.store.ledgers.read("0" * 64)


def test_writing_again_replaces_a_damaged_folder(world: World) -> None:
    sha = world.store.ledgers.write(rich_ledger())
    damage_byte(world.store.ledgers.path(sha) / "rows.parquet")
    assert world.store.ledgers.write(rich_ledger()) == sha
    assert same(world.store.ledgers.read(sha), rich_ledger())
    assert not any(world.store.folder.tmp.iterdir())


def test_threads_that_write_the_same_ledger_agree(world: World) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda: names.append(world.store.ledgers.write(rich_ledger()))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert len(set(names)) == 1
    assert not any(world.store.folder.tmp.iterdir())


def test_a_folder_that_cannot_be_renamed_into_place_is_an_error(world: World) -> None:
    sha = world.store.ledgers.write(small_ledger(1))
    world.store.ledgers.remove(sha)
    world.store.ledgers.path(sha).parent.rmdir()
    world.store.ledgers.path(sha).parent.write_bytes(b"in the way")
    with pytest.raises(ClosingError, match="disk-failed"):
        world.store.ledgers.write(small_ledger(1))
    assert not any(world.store.folder.tmp.iterdir())


def test_any_other_failure_to_rename_is_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(ClosingError, match="disk-failed"):
        world.store.ledgers.write(small_ledger(1))
    assert world.files() == set()


def test_large_tables_are_stored_in_groups_that_a_scan_can_skip(world: World) -> None:
    ledger = small_ledger(1)
    rows = pl.concat([ledger.rows] * 70_000).with_columns(row=pl.int_range(pl.len(), dtype=pl.UInt32))
    sha = world.store.ledgers.write(dataclasses.replace(ledger, rows=rows))
    found = world.store.ledgers.scan(sha, "rows").filter(pl.col("row") == 139_999).collect()
    assert found.height == 1
