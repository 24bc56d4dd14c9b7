"""System entries through the use-cases: made once, following books and entries, never doubled, never silently wrong."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Status, Transferred
from closing_host.closing.system_entries import Choices
from closing_host.engagements.effective import open_effective
from closing_host.engagements.entries import add_entry, delete_entry, not_for_transfer
from closing_host.engagements.entry_year import EntryYear, open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.new_year import add_next_year
from closing_host.engagements.recognising import make_current
from closing_host.engagements.setup import confirm_company
from closing_host.engagements.system_entries import SystemYear, choose, outdated, system_year
from closing_host.engagements.system_making import follow, make
from closing_host.ledgers.balances import trial_balance
from closing_host.storage.audit import Actor
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.periods import PeriodRecords
from closing_host.storage.system_choices import SystemChoices
from closing_host.storage.verify import verify
from small_sie import sie

LAST = date(2026, 12, 31)
PLACE = Transferred("I", "14", datetime(2027, 2, 1, tzinfo=UTC), "anna", "answer")
SALES = ("A", "1", "20260310", [("1930", "800000.00"), ("3010", "-800000.00")])
OPENING = [("1930", "100000.00"), ("2123", "-100000.00")]
CHOSEN = Choices(allocation=203_637_00, non_deductible=12_345_00, non_taxable=345_00)
RENT = EntryContent(LAST, "Hyra", (DraftRow("1930", -10_000_00), DraftRow("3010", 10_000_00)), YEAR_END)

Voucher = tuple[str, str, str, list[tuple[str, str]]]


def books(*vouchers: Voucher, opening: list[tuple[str, str]] | None = None) -> bytes:
    return sie(*vouchers, year=("20260101", "20261231"), opening=OPENING if opening is None else opening)


def bring(host: Host, folder: Path, content: bytes) -> None:
    file = folder / "books.se"
    file.write_bytes(content)
    asyncio.run(import_file(host, file, Placing(create=True)))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    with Host.open(folder / "data", Actor("asa")) as opened:
        bring(opened, folder, books(SALES))
        confirm_company(opened, 1, form="AB")
    return folder / "data"


@pytest.fixture
def host(stored: Path, tmp_path: Path) -> Iterator[Host]:
    shutil.copytree(stored, tmp_path / "data")
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        yield opened
        assert verify(opened.store).problems == ()


def year(host: Host, which: str = "1/2026") -> EntryYear:
    return open_entry_year(host, which)


def chosen(host: Host, choices: Choices = CHOSEN) -> SystemYear:
    choose(host, year(host), choices)
    return make(host, year(host))


def states(of: SystemYear) -> dict[str, str]:
    return {each.rule: each.state for each in of.standings}


def entry(host: Host, label: str, which: str = "1/2026") -> ClosingEntry:
    return year(host, which).find(label)


def rows(of: ClosingEntry) -> dict[str, float]:
    return {row.account: row.amount / 100 for row in of.content.rows}


def labels(host: Host, which: str = "1/2026") -> list[str]:
    return [each.label for each in year(host, which).own if each.kind == "S" and each.status is not Status.DELETED]


def moved(host: Host, label: str, *statuses: Status) -> None:
    found = entry(host, label)
    with host.store.database.write() as connection:
        trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
        for status in statuses:
            by = "import" if status in (Status.EXCLUDED, Status.MISSING, Status.CHANGED) else "export"
            place = PLACE if status is not Status.SENDING else None
            records.set_status(trail, found.id, status, by=by, transferred=place)  # type: ignore[arg-type]


def transferred(host: Host, *wanted: str) -> None:
    for label in wanted or labels(host):
        moved(host, label, Status.SENDING, Status.TRANSFERRED)


def closing(host: Host, account: str, which: str = "1/2026") -> float:
    frame = trial_balance(open_effective(host, which).ledger, by="year")
    closings: dict[str, int] = dict(frame.select("account", "closing").iter_rows())
    return closings.get(account, 0) / 100


def lock(host: Host) -> None:
    """*Årsavslut* locked, with nothing frozen."""
    with host.store.database.write() as connection:
        PeriodRecords(connection, 1, date(2026, 1, 1)).lock(
            host.store.trail(connection, host.actor),
            YEAR_END,
            LAST,
            reason="",
            snapshot_id=1,
            fingerprint="",
            figures=pl.DataFrame(schema={"used": pl.Boolean}),
            frozen={},
            checks=(),
        )


def versions(host: Host) -> list[tuple[int, int]]:
    return [(each.id, each.version) for each in year(host).entries]


def test_p_7_5_3_the_example_is_booked_to_the_krona(host: Host) -> None:
    proposed = system_year(host, year(host), CHOSEN)
    assert (proposed.chosen, labels(host)) == (False, [])
    assert states(proposed) == {"S-b": "proposed", "S-c": "proposed", "S-e": "proposed"}
    made = chosen(host)
    assert states(made) == {"S-b": "current", "S-c": "current", "S-e": "current"}
    assert rows(entry(host, "S2")) == {"8910": 125_847, "2512": -125_847}
    assert rows(entry(host, "S3")) == {"8999": 470_516, "2099": -470_516}
    assert (entry(host, "S2").content.text, entry(host, "S2").content.period) == ("Skatt på årets resultat", YEAR_END)
    assert (closing(host, "2512"), closing(host, "2099"), closing(host, "2126")) == (-125_847, -470_516, -203_637)
    before = versions(host)
    make(host, year(host))
    assert versions(host) == before, "again changes nothing"


def test_nothing_follows_until_something_is_chosen(host: Host, tmp_path: Path) -> None:
    add_entry(host, year(host), RENT)
    bring(host, tmp_path, books(SALES, (*SALES[:1], "2", *SALES[2:])))
    assert labels(host) == []
    assert not follow(host, 1)


def test_making_without_a_choice_keeps_the_usual_one(host: Host) -> None:
    made = make(host, year(host))
    assert (made.chosen, made.choices) == (True, Choices())
    assert states(made) == {"S-c": "current", "S-e": "current"}


def test_entries_follow_a_v_and_its_effect_tells_so(host: Host) -> None:
    chosen(host, Choices())
    tax, version = rows(entry(host, "S1"))["8910"], entry(host, "S1").version
    saved = add_entry(host, year(host), RENT)
    assert rows(entry(host, "S1"))["8910"] == tax - 2_060
    assert entry(host, "S1").version == version + 1
    assert {each.account: each.change / 100 for each in saved.effect}["8910"] == -2_060
    delete_entry(host, year(host), saved.entry)
    assert rows(entry(host, "S1"))["8910"] == tax


def test_entries_follow_an_import_and_one_that_is_undone(host: Host, tmp_path: Path) -> None:
    chosen(host, Choices())
    tax = rows(entry(host, "S1"))["8910"]
    more: Voucher = ("A", "2", "20260311", [("1930", "10000.00"), ("3010", "-10000.00")])
    bring(host, tmp_path, books(SALES, more))
    assert rows(entry(host, "S1"))["8910"] == tax + 2_060
    make_current(host, 1, 1)
    assert rows(entry(host, "S1"))["8910"] == tax


def test_what_is_transferred_stays_and_a_further_entry_takes_the_difference(host: Host) -> None:
    chosen(host, Choices())
    transferred(host)
    assert states(make(host, year(host))) == {"S-c": "booked", "S-e": "booked"}
    assert labels(host) == ["S1", "S2"]
    add_entry(host, year(host), RENT)
    assert labels(host) == ["S1", "S2", "S3", "S4"]
    assert rows(entry(host, "S3")) == {"8910": -2_060, "2512": 2_060}
    assert rows(entry(host, "S4")) == {"8999": -7_940, "2099": 7_940}
    delete_entry(host, year(host), entry(host, "V1"))
    assert labels(host) == ["S1", "S2"]
    add_entry(host, year(host), RENT)
    assert labels(host) == ["S1", "S2", "S3", "S4"], "their numbers are taken up again"


def test_an_import_that_shows_them_doubles_nothing(host: Host, tmp_path: Path) -> None:
    chosen(host)
    transferred(host)
    before = {account: closing(host, account) for account in ("2512", "2126", "2099", "8999", "8910")}
    booked: list[Voucher] = [
        ("I", str(number), "20261231", [(row.account, f"{row.amount / 100:.2f}") for row in each.content.rows])
        for number, each in enumerate((entry(host, label) for label in ("S1", "S2", "S3")), 1)
    ]
    bring(host, tmp_path, books(SALES, *booked))
    for label in ("S1", "S2", "S3"):
        moved(host, label, Status.EXCLUDED)
    after = make(host, year(host))
    assert states(after) == {"S-b": "booked", "S-c": "booked", "S-e": "booked"}
    assert {account: closing(host, account) for account in before} == before


def test_a_booked_result_and_tax_by_hand_leave_only_the_rest(host: Host, tmp_path: Path) -> None:
    by_hand: Voucher = (
        "A",
        "2",
        "20261231",
        [("8910", "160000.00"), ("2512", "-160000.00"), ("8999", "640000.00"), ("2099", "-640000.00")],
    )
    bring(host, tmp_path, books(SALES, by_hand, opening=[]))
    chosen(host, Choices())
    assert rows(entry(host, "S1")) == {"8910": 4_800, "2512": -4_800}
    assert rows(entry(host, "S2")) == {"8999": -4_800, "2099": 4_800}


def test_a_rule_that_is_not_wanted_any_longer_takes_its_entry_with_it(host: Host) -> None:
    chosen(host, replace(CHOSEN, tax_summary=True))
    assert labels(host) == ["S1", "S2", "S3", "S4"]
    choose(host, year(host), Choices(income_tax=False))
    waiting = system_year(host, year(host))
    assert (waiting.out_of_date, states(waiting)["S-c"]) == (True, "outdated")
    make(host, year(host))
    assert labels(host) == ["S4"]


def test_one_that_is_not_for_transfer_stays_so_and_follows(host: Host) -> None:
    chosen(host, Choices())
    not_for_transfer(host, year(host), entry(host, "S2"), "Bokas av kunden")
    add_entry(host, year(host), RENT)
    held = entry(host, "S2")
    assert (held.status, held.reason) == (Status.NOT_FOR_TRANSFER, "Bokas av kunden")
    assert rows(held)["8999"] == 790_000 - 163_265, "20.6 % of 792 550"


def test_one_on_its_way_is_never_touched(host: Host) -> None:
    chosen(host, Choices())
    moved(host, "S1", Status.SENDING)
    before = rows(entry(host, "S1"))
    add_entry(host, year(host), RENT)
    assert rows(entry(host, "S1")) == before
    assert rows(entry(host, "S3")) == {"8910": -2_060, "2512": 2_060}


def test_what_a_rule_refuses_is_not_chosen(host: Host) -> None:
    with pytest.raises(DataError, match="allocation-too-large"):
        choose(host, year(host), Choices(allocation=400_000_00))
    with pytest.raises(DataError, match="system-reserve-unknown"):
        choose(host, year(host), Choices(reversals={"2129": 100}))
    assert not system_year(host, year(host)).chosen


def test_what_a_rule_refuses_later_is_told_and_changes_nothing(host: Host) -> None:
    chosen(host)
    before = versions(host)
    much = replace(RENT, rows=(DraftRow("1930", -500_000_00), DraftRow("3010", 500_000_00)))
    add_entry(host, year(host), much)
    after = system_year(host, year(host))
    assert after.problem is not None
    assert (after.problem.code, after.out_of_date) == ("allocation-too-large", True)
    assert versions(host)[-len(before) :] == before
    with pytest.raises(DataError, match="allocation-too-large"):
        make(host, year(host))
    of = year(host)
    assert outdated(host, of.engagement, of.year) == {entry(host, label).id for label in ("S1", "S2", "S3")}


def test_a_locked_year_end_is_left_alone(host: Host) -> None:
    chosen(host, Choices())
    lock(host)
    before = versions(host)
    with pytest.raises(ClosingError, match="system-year-end-locked"):
        choose(host, year(host), CHOSEN)
    make(host, year(host))
    with host.store.database.write() as connection:  # which nothing in the program allows now
        SystemChoices(connection, 1).put(host.store.trail(connection, host.actor), date(2026, 1, 1), CHOSEN)
    assert not follow(host, 1)
    with pytest.raises(ClosingError, match="system-year-end-locked"):
        make(host, year(host))
    assert versions(host) == before
    assert (system_year(host, year(host)).locked, system_year(host, year(host)).out_of_date) == (True, True)


def test_a_company_whose_form_nobody_knows_is_asked_for_it(host: Host) -> None:
    with host.store.database.write() as connection:
        EngagementRecords(connection, 1).set_form(host.store.trail(connection, host.actor), "")
    found = system_year(host, year(host))
    assert found.problem is not None
    assert (found.problem.code, found.standings) == ("system-form-unknown", ())


OWNERS = [("1930", "100000.00"), ("2010", "-100000.00")]
WITHDRAWN: Voucher = ("A", "2", "20260601", [("2013", "30000.00"), ("1930", "-30000.00")])


def test_a_sole_traders_equity_comes_with_the_next_year_and_is_booked_there_once(host: Host, tmp_path: Path) -> None:
    confirm_company(host, 1, form="E")
    bring(host, tmp_path, books(SALES, WITHDRAWN, opening=OWNERS))
    made = make(host, year(host))
    assert states(made) == {"S-e": "current", "S-f": "to-come"}
    [told] = [each for each in made.standings if each.rule == "S-f"]
    assert told.computation is not None
    assert told.computation.date == date(2027, 1, 1)
    assert labels(host) == ["S1"]

    add_next_year(host, 1)
    assert rows(entry(host, "S1", "1/2027"))["2010"] == -770_000, "before there are books"
    opening = [("1930", "870000.00"), ("2010", "-100000.00"), ("2013", "30000.00"), ("2019", "-800000.00")]
    bring(host, tmp_path, sie(year=("20270101", "20271231"), opening=opening))
    gathered = entry(host, "S1", "1/2027")
    assert (gathered.content.date, gathered.content.period) == (date(2027, 1, 1), "2027-01")
    assert rows(gathered) == {"2010": -770_000, "2013": -30_000, "2019": 800_000}
    assert closing(host, "2010", "1/2027") == -870_000
    assert states(system_year(host, year(host)))["S-f"] == "current"
    of = year(host, "1/2027")
    assert outdated(host, of.engagement, of.year) == set()

    by_hand: Voucher = (
        "A",
        "1",
        "20270101",
        [("2010", "-770000.00"), ("2013", "-30000.00"), ("2019", "800000.00")],
    )
    bring(host, tmp_path, sie(by_hand, year=("20270101", "20271231"), opening=opening))
    assert labels(host, "1/2027") == []
    assert closing(host, "2010", "1/2027") == -870_000
    assert states(system_year(host, year(host)))["S-f"] == "nothing"


def test_after_anything_that_happens_making_twice_adds_nothing(host: Host) -> None:
    """As in `closing/system_entries/test_rules.py` for any balances, here with entries that are kept and sent."""
    chosen(host, Choices())
    more = Choices(allocation=1_000_00, reversals={"2123": 500_00}, tax_summary=True)
    for step in ("v", "transfer", "v", "choose", "delete", "transfer", "delete"):
        own = [each for each in year(host).own if each.status is Status.READY]
        if step == "v":
            add_entry(host, year(host), RENT)
        elif step == "choose":
            choose(host, year(host), more)
        elif step == "delete":
            delete_entry(host, year(host), next(each for each in own if each.kind == "V"))
        else:
            transferred(host, *[each.label for each in own if each.kind == "S"])
        made = make(host, year(host))
        assert made.in_step
        make(host, year(host))
        assert versions(host) == [(each.id, each.version) for each in made.year.entries]
        frame = trial_balance(open_effective(host, "1/2026").ledger, by="year")
        closings = dict(frame.select("account", "closing").iter_rows())
        result = -sum(amount for account, amount in closings.items() if "3000" <= account <= "8989")
        assert (closings["8999"], closings["2099"], sum(closings.values())) == (result, -result, 0)
