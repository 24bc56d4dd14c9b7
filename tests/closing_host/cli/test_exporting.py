"""Export, dry run, status and resume as a user types them, against a source in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from closing_host.api.errors import SourceUnavailable
from closing_host.api.vouchers import Booked, DraftRow, Rejected
from closing_host.cli import exporting
from closing_host.engagements.host import Host
from export_firm import Firm, Ledger, answers, books, books_and_raises, copied_firm, make_firm, raises
from stored_books import SetClock, small_ledger

from .conftest import Closing

LOST = SourceUnavailable("source-silent")


@pytest.fixture(scope="module")
def firm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm") / "data"
    clock = SetClock()
    firm = make_firm(folder, Ledger(clock), clock)
    publish(firm)
    firm.host.store.close()
    return folder


def publish(firm: Firm) -> None:
    """Books of 2025, so that the year can be named."""
    from closing_host.storage.runs import Runs
    from closing_host.storage.snapshots import Received
    from export_firm import FINANCIAL_YEAR, YEAR

    store = firm.host.store
    with store.database.write() as connection:
        runs = Runs(connection, store.clock)
        run = runs.create("import", by="anna", engagement_id=1)
        runs.start(run.id, owner="test")
    received = Received(small_ledger(100), YEAR, FINANCIAL_YEAR.end, "books", "1", provenance={}, controls=[])
    store.snapshots.publish(1, received, run_id=run.id, owner="test", actor=firm.host.actor)


@pytest.fixture
def firm(firm_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    with copied_firm(firm_folder, tmp_path / "firm") as opened:

        @contextmanager
        def house() -> Iterator[Host]:
            yield opened.host

        monkeypatch.setattr(exporting, "house", house)
        yield opened


def test_entries_are_booked_and_the_series_is_remembered(firm: Firm, closing: Closing) -> None:
    firm.add()
    said = closing("export", "1", "--series", "I")
    assert (said.code, firm.numbers) == (0, ["I 1"])
    assert "1 of 1 transferred to Books." in said.words
    assert "V1 is booked as I 1." in said.words
    firm.add()
    said = closing("export", "1/2025", "--json")
    assert said.code == 0
    assert said.data["vouchers"][0] | {"sendings": 1, "series": "I", "number": "2"} == said.data["vouchers"][0]


def test_only_the_named_entries_and_another_series_for_s(firm: Firm, closing: Closing) -> None:
    firm.add(), firm.add(), firm.add(kind="S")
    said = closing("export", "1", "--series", "I", "--series-s", "A", "--entries", "V2, s1")
    assert (said.code, firm.numbers) == (0, ["I 1", "A 1"])
    assert closing("export", "1", "--series", "I", "--entries", "V9").code == 1


def test_a_dry_run_says_what_can_go_and_what_cannot(firm: Firm, closing: Closing) -> None:
    firm.add()
    bad = firm.add()
    firm.edit(bad, rows=(DraftRow("9999", 1), DraftRow("2910", -1)))
    said = closing("export", "1", "--series", "I", "--dry-run")
    assert said.code == 0
    assert "account 9999 is not in the chart of accounts" in said.words
    assert "Can be exported: V1." in said.words
    assert "Series that take vouchers: A, I Bokslut." in said.words
    data = closing("export", "1", "--series", "I", "--dry-run", "--json").data
    assert [(each["entry"], each["state"]) for each in data["entries"]] == [("V1", "ok"), ("V2", "blocked")]
    assert firm.ledger.sent == []
    said = closing("export", "1", "--series", "X", "--dry-run")
    assert said.code == 5


def test_what_the_checks_stop_is_shown_with_the_reasons(firm: Firm, closing: Closing) -> None:
    firm.add()
    said = closing("export", "1", "--series", "X")
    assert (said.code, firm.ledger.sent) == (5, [])
    assert "Books has no voucher series X" in said.words
    assert "Nothing was sent" in said.words
    assert closing("export", "1", "--series", "X", "--json").code == 5
    firm.ledger.terms = {"changed_vouchers": 1}
    said = closing("export", "1", "--series", "I")
    assert (said.code, "--accept-warnings" in said.words) == (5, True)
    assert closing("export", "1", "--series", "I", "--accept-warnings").code == 0


def test_a_failure_says_how_many_went_and_why_it_stopped(firm: Firm, closing: Closing) -> None:
    firm.add(), firm.add(), firm.add()
    locked = Rejected("e08-locked", "Books 2000401", {"entry": "V2", "date": "2025-12-31", "through": "2025-12-31"})
    firm.ledger.script = [books, answers(locked)]
    said = closing("export", "1", "--series", "I")
    assert said.code == 11
    assert "1 of 3 transferred to Books. The export stopped at the first failure." in said.words
    assert "Books is locked through 2025-12-31" in said.words
    assert "(Books 2000401)" in said.words
    assert "V3 was not sent" in said.words
    assert closing("export", "status", "1").words == said.words


def test_a_lost_answer_says_when_it_is_looked_up_and_resume_goes_on(firm: Firm, closing: Closing) -> None:
    firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    said = closing("export", "1", "--series", "I")
    assert said.code == 10
    due = (firm.clock().astimezone()).strftime("%Y-%m-%d")
    assert f"It goes on at {due}" in said.words
    assert "V1 is unclear: the answer was lost" in said.words
    assert closing("export", "resume", "1").code == 10  # too early
    said = closing("export", "resume", "1", "--wait")
    assert said.code == 0
    assert "V1 is booked as I 1: it was found in Books without being sent again." in said.words
    assert "is asked once more for doubles" in said.words


def test_an_export_may_wait_for_the_answer_itself(firm: Firm, closing: Closing) -> None:
    firm.add()
    firm.ledger.script = [raises(LOST)]
    said = closing("export", "1", "--series", "I", "--wait")
    assert (said.code, firm.numbers) == (0, ["I 1"])


def test_a_double_shows_its_reversal(firm: Firm, closing: Closing) -> None:
    firm.add(120_00)
    firm.ledger.script = [lambda ledger, request: Booked(ledger.book(request) and ledger.book(request))]
    said = closing("export", "1", "--series", "I")
    assert said.code == 12
    assert "V1 is in Books more than once: I 1, I 2." in said.words
    assert "Proposed: Rättelse av I 2, 2025-12-31: 7010 -120.00, 2910 120.00." in said.words
    data = closing("export", "status", "1", "--json").data
    assert data[0]["vouchers"][0]["reversals"][0]["rows"][0] == {"account": "7010", "amount": "-120.00"}


def test_a_difference_is_told_by_date_and_row(firm: Firm, closing: Closing) -> None:
    firm.add(100_00)
    rows = (DraftRow("7010", 110_00), DraftRow("2910", -100_00))

    def otherwise(ledger: Ledger, request: object) -> Booked:
        booked = ledger.book(request, rows=rows)  # type: ignore[arg-type]
        ledger.vouchers[-1] = replace(booked, date=booked.date.replace(day=1))
        raise LOST

    firm.ledger.script = [otherwise]
    closing("export", "1", "--series", "I", "--wait")
    said = closing("export", "status", "1").words
    assert "has other lines than were sent" in said
    assert "Dated 2025-12-01, not 2025-12-31." in said
    assert "Not there: 7010 100.00" in said
    assert "There instead: 7010 110.00" in said


def test_nothing_exported_is_said_and_a_source_that_is_gone_shows_its_id(firm: Firm, closing: Closing) -> None:
    assert "Nothing has been exported" in closing("export", "status", "1").words
    assert closing("export", "resume", "1").code == 0
    firm.add()
    closing("export", "1", "--series", "I")
    from closing_host.sources.registry import Registry

    object.__setattr__(firm.host, "registry", Registry({}))
    firm.host.__dict__.pop("sources")
    assert "1 of 1 transferred to books." in closing("export", "status", "1").words


def test_the_words_are_swedish_for_swedes(firm: Firm, closing: Closing) -> None:
    firm.add(), firm.add()
    firm.ledger.script = [books, raises(LOST)]
    said = closing("--lang", "sv", "export", "1", "--series", "I")
    assert "1 av 2 överförda till Books." in said.words
    assert "V2 är oklar: svaret gick förlorat" in said.words
