import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.register import new_engagement, overviews
from closing_host.storage.audit import Actor
from closing_host.storage.runs import Runs
from closing_host.transfers import importing as transfer
from closing_host.transfers.importing import Imported
from small_sie import sie, voucher


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        yield opened


def stored(tmp_path: Path, content: bytes, name: str = "books.se") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def imported(host: Host, path: Path, *, engagement: int | None = None, create: bool = False) -> Imported:
    return asyncio.run(import_file(host, path, Placing(engagement, create)))


def run_state(host: Host, run_id: str) -> str:
    with host.store.database.read() as connection:
        return Runs(connection, host.store.clock).get(run_id).state


def test_a_file_finds_its_engagement_by_organisation_number(host: Host, tmp_path: Path) -> None:
    other = new_engagement(host, "Annan AB", organisation_number="559900-1004")
    own = new_engagement(host, "Åkes Bageri", organisation_number="5566778899")
    result = imported(host, stored(tmp_path, sie(voucher(1))))
    assert result.engagement.id == own.id != other.id
    assert result.published.changed
    assert run_state(host, result.run_id) == "done"


def test_the_century_and_the_hyphen_do_not_matter(host: Host, tmp_path: Path) -> None:
    own = new_engagement(host, "Åkes Bageri", organisation_number="16556677-8899")
    assert imported(host, stored(tmp_path, sie(voucher(1), organisation_number="5566778899"))).engagement.id == own.id


def test_a_company_without_engagement_is_refused_and_nothing_is_stored(host: Host, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, sie(voucher(1))))
    assert refused.value.code == "engagement-missing"
    assert run_state(host, refused.value.run) == "failed"
    assert overviews(host) == ()
    assert list(host.store.blobs.names()) == []


def test_a_company_without_engagement_gets_one_when_asked_for(host: Host, tmp_path: Path) -> None:
    result = imported(host, stored(tmp_path, sie(voucher(1))), create=True)
    assert result.engagement.name == "Åkes Bageri AB"
    assert result.engagement.organisation_number == "5566778899"


def test_another_companys_file_is_stopped_and_leaves_the_engagement_without_books(host: Host, tmp_path: Path) -> None:
    own = new_engagement(host, "Åkes Bageri", organisation_number="556677-8899")
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, sie(voucher(1), organisation_number="559900-1004")), engagement=own.id)
    assert "5599001004" in str(refused.value).replace("-", "")
    assert host.store.snapshots.history(own.id) == ()
    assert overviews(host)[0].years == ()


def test_a_file_without_organisation_number_asks_for_the_engagement(host: Host, tmp_path: Path) -> None:
    own = new_engagement(host, "Åkes Bageri", organisation_number="556677-8899")
    path = stored(tmp_path, sie(voucher(1), organisation_number=""))
    with pytest.raises(DataError) as refused:
        imported(host, path)
    assert refused.value.code == "engagement-not-stated"
    result = imported(host, path, engagement=own.id)
    nine = next(each for each in result.controls if each.id == "I09")
    assert nine.outcome == "found"
    assert [each.severity for each in nine.findings] == ["warning"]


def test_an_engagement_without_number_learns_it_from_the_books(host: Host, tmp_path: Path) -> None:
    own = new_engagement(host, "Åkes Bageri")
    imported(host, stored(tmp_path, sie(voucher(1))), engagement=own.id)
    assert overviews(host)[0].engagement.organisation_number == "5566778899"


def test_books_of_a_company_that_has_an_engagement_do_not_make_a_second_one_of_it(host: Host, tmp_path: Path) -> None:
    new_engagement(host, "Åkes Bageri", organisation_number="556677-8899")
    unnamed = new_engagement(host, "Namnlös")
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, sie(voucher(1))), engagement=unnamed.id)
    assert refused.value.code == "engagement-exists"


def test_the_same_file_twice_says_no_changes(host: Host, tmp_path: Path) -> None:
    path = stored(tmp_path, sie(voucher(1)))
    first = imported(host, path, create=True)
    again = imported(host, path)
    assert not again.published.changed
    assert again.published.snapshot.id == first.published.snapshot.id
    assert again.run_id != first.run_id
    assert run_state(host, again.run_id) == "done"


def test_the_bytes_are_kept_as_received(host: Host, tmp_path: Path) -> None:
    content = sie(voucher(1))
    result = imported(host, stored(tmp_path, content), create=True)
    sha = result.published.snapshot.raw_sha
    assert sha is not None
    with host.store.blobs.open(sha) as file:
        assert file.read() == content
    assert result.published.snapshot.provenance["file"] == "books.se"
    assert result.published.snapshot.provenance["encoding"] == "cp437"


def test_two_years_stand_beside_each_other(host: Host, tmp_path: Path) -> None:
    imported(host, stored(tmp_path, sie(voucher(1))), create=True)
    last = sie(voucher(1, day="20240310"), year=("20240101", "20241231"))
    imported(host, stored(tmp_path, last, "last.se"))
    years = [year.year_start.year for year, snapshot in overviews(host)[0].years if snapshot]
    assert years == [2025, 2024]


def test_a_year_that_overlaps_a_known_one_is_refused(host: Host, tmp_path: Path) -> None:
    imported(host, stored(tmp_path, sie(voucher(1))), create=True)
    broken = sie(voucher(1, day="20250910"), year=("20250701", "20260630"))
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, broken, "broken.se"))
    assert refused.value.code == "year-overlaps"
    assert len(overviews(host)[0].years) == 1


def test_a_feeder_file_is_no_ledger(host: Host, tmp_path: Path) -> None:
    new_engagement(host, "Åkes Bageri", organisation_number="556677-8899")
    rows = b"{\n#TRANS 1930 {} 1\n#TRANS 3001 {} -1\n}\n"
    feeder = b'#FLAGGA 0\n#SIETYP 4\n#ORGNR 556677-8899\n#VER "" "" 20250101 "Kassa"\n' + rows
    with pytest.raises(DataError):
        imported(host, stored(tmp_path, feeder, "feeder.si"))


def test_a_file_of_another_kind_names_what_can_be_read(host: Host, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, b"%PDF-1.7", "invoice.pdf"), create=True)
    assert refused.value.code == "file-not-recognised"
    assert ".se" in str(refused.value.parameters["suffixes"])


def test_a_missing_file_is_named(host: Host, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        imported(host, tmp_path / "nowhere.se")
    assert refused.value.code == "file-unreadable"


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "FILE_SIZE_LIMIT", 100)
    with pytest.raises(DataError) as refused:
        imported(host, stored(tmp_path, sie(voucher(1))), create=True)
    assert refused.value.code == "file-too-large"


def test_a_year_being_imported_is_not_imported_a_second_time(host: Host, tmp_path: Path) -> None:
    first = imported(host, stored(tmp_path, sie(voucher(1))), create=True)
    with host.store.database.write() as connection:
        runs = Runs(connection, host.store.clock)
        other = runs.create("import", by="bo", lock_key=f"import:{first.engagement.id}:2025-01-01")
        runs.start(other.id, owner="elsewhere")
    with pytest.raises(ClosingError) as refused:
        imported(host, stored(tmp_path, sie(voucher(1), voucher(2))))
    assert refused.value.code == "run-active"
    assert refused.value.parameters["run"] == other.id
    assert len(host.store.snapshots.history(first.engagement.id)) == 1


def test_a_cancelled_import_leaves_the_books_as_they_were(host: Host, tmp_path: Path) -> None:
    first = imported(host, stored(tmp_path, sie(voucher(1))), create=True)

    def cancelled(stage: str, done: int, total: int | None) -> None:
        raise asyncio.CancelledError

    path = stored(tmp_path, sie(voucher(1), voucher(2)))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(import_file(host, path, Placing(), watch=cancelled))
    assert len(host.store.snapshots.history(first.engagement.id)) == 1
    with host.store.database.read() as connection:
        states = {run.state for run in Runs(connection, host.store.clock).newest()}
    assert states == {"done", "cancelled"}
