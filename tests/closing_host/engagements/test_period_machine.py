"""Any order of what users and imports do to a year's periods, held to a model after every step (P 7.2, issue 8).

Closing is opening and change for every account and period; all accounts sum to zero; a period opens where the one
before closed; locked periods are the year's first ones and their figures stand; what was signed off never changes
silently; nothing is entered in locked and paused periods; and what is refused changes nothing.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, month_of
from closing_host.closing.periods import Division, Period
from closing_host.closing.schedule import COPYINGS, Copying, ScheduleRow
from closing_host.closing.standing import Review, Standing
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.entries import delete_entry, edit_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import (
    ScheduleChange,
    add_own_attachment,
    edit_own_attachment,
    remove_own_attachment,
)
from closing_host.engagements.period_locking import lock_period, start_period, unlock_period
from closing_host.engagements.periods import year_periods
from closing_host.engagements.recognising import make_current
from closing_host.engagements.reconciled_accounts import note_account, reopen_accounts, review_accounts, sign_off
from closing_host.engagements.reconciling import figures_of_period, sheet_of
from closing_host.engagements.setup import choose_period
from closing_host.storage.audit import Actor, events
from closing_host.storage.verify import verify
from kept_figures import Kept
from period_books import books_of, entry, take_in
from period_model import BANK, END, EQUITY, FIRST, Note, Record, Year
from small_sie import voucher

ACCOUNTS = (BANK, EQUITY)
WHICH = st.integers(0, 5)
ACCOUNT = st.sampled_from(ACCOUNTS)
AMOUNT = st.sampled_from([-5_000, 0, 1_000, 100_000])
BORDERS = st.sampled_from(
    [FIRST, date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 1), END]
)
SAID: dict[str, Any] = {
    "year": ("20250101", "20250430"),
    "opening": [("1930", "1000.00"), ("2081", "-1000.00"), ("4010", "0.00")],  # the cost's account without vouchers too
}
Frozen = list[tuple[object, ...]]


class PeriodMachine(RuleBasedStateMachine):
    """One engagement's year of four months. `began`: a data folder with its first import."""

    began: Path

    @initialize(division=st.sampled_from(["month", "quarter", "year"]))
    def begin(self, division: Division) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=self.began.parent))
        shutil.copytree(self.began, self.folder / "data")
        self.host = Host.open(self.folder / "data", Actor("asa"))
        self.model = Year(vouchers={1: (date(2025, 1, 31), 10_000)})
        self.shown = {1: dict(self.model.vouchers)}
        self.entries: dict[int, ClosingEntry] = {}
        self.frozen: dict[str, Frozen] = {}
        self.divide(division)

    def teardown(self) -> None:
        if hasattr(self, "host"):
            assert verify(self.host.store).problems == ()
            self.host.store.close()
            shutil.rmtree(self.folder)

    # --- accounts of a period

    @rule(which=WHICH, account=ACCOUNT, amount=st.one_of(st.none(), AMOUNT, st.just("closing")), comment=st.booleans())
    def note(self, which: int, account: str, amount: int | str | None, comment: bool) -> None:
        period, record = self._period(which), self._record(which, account)
        typed = self.model.closing(account, period) if isinstance(amount, str) else amount
        said = "Ring" if comment else record.comment
        began = self._starting(period)
        no_amount = typed in (None, record.typed)
        allowed = self.model.enterable(period.key) and (no_amount or not began.attached(account, period))
        act = lambda: note_account(self.host, self._books(), period.key, account, typed=typed, comment=said)  # noqa: E731
        if self._tried(act, allowed):
            self.model.start(period.key)
            before = self.model.record(period.key, account)
            self._keep(period, account, Record(typed, said, before.signed))

    @rule(which=WHICH, account=st.one_of(ACCOUNT, st.just("both")))
    def sign(self, which: int, account: str) -> None:
        period, accounts = self._period(which), [each for each in ACCOUNTS if account in (each, "both")]
        began = self._starting(period)
        allowed = self.model.enterable(period.key) and all(began.can_sign(each, period) for each in accounts)
        if self._tried(lambda: sign_off(self.host, self._books(), period.key, accounts), allowed):
            self.model.start(period.key)
            for each in accounts:
                record = self.model.record(period.key, each)
                signed = (self.model.closing(each, period), self.model.reconciled(each, period))
                self._keep(period, each, Record(record.typed, record.comment, signed))

    @rule(which=WHICH, account=ACCOUNT, review=st.booleans())
    def reopen_or_review(self, which: int, account: str, review: bool) -> None:
        period = self._period(which)
        if review:
            done = self._starting(period).standing(account, period)[0] is Standing.DONE
            act = lambda: review_accounts(self.host, self._books(), period.key, [account], Review.APPROVED)  # noqa: E731
            if self._tried(act, done and self.model.enterable(period.key)):
                self.model.start(period.key)
            return
        act = lambda: reopen_accounts(self.host, self._books(), period.key, [account])  # noqa: E731
        if self._tried(act, self.model.enterable(period.key)):
            self.model.start(period.key)
            record = self.model.record(period.key, account)
            self._keep(period, account, Record(record.typed, record.comment))

    @rule(count=st.integers(1, 3), lock=st.booleans())
    def close(self, count: int, lock: bool) -> None:
        """What a month's work comes to: the next period's accounts are *Klar*, and it is locked."""
        for _ in range(count if lock else 1):
            keys = [each.key for each in self.model.periods]
            which = next((at for at, key in enumerate(keys) if key not in self.model.locked), 0)
            for account in ACCOUNTS:
                self.note(which, account, self._starting(self._period(which)).record(keys[which], account).typed, True)
            self.sign(which, "both")
            if lock:
                self.lock("", None)

    # --- schedules

    @rule(day=BORDERS, account=ACCOUNT, amount=AMOUNT, copying=st.sampled_from(COPYINGS))
    def attach(self, day: date, account: str, amount: int, copying: Copying) -> None:
        rows = [ScheduleRow("Utdrag", amount)]
        act = lambda: add_own_attachment(  # noqa: E731
            self.host, "1", account, rows, standing="debit", as_at=day, copying=copying
        )
        if self._tried(act, self.model.day_open(day)):
            self.model.add_note(Note(account, day, amount, copying))

    @precondition(lambda self: self.model.notes)
    @rule(which=WHICH, amount=st.one_of(st.none(), st.just("gone"), AMOUNT))
    def change_attached(self, which: int, amount: int | str | None) -> None:
        number = sorted(self.model.notes)[which % len(self.model.notes)]
        note = self.model.notes[number]
        if amount == "gone":
            if self._tried(lambda: remove_own_attachment(self.host, "1", number), self.model.day_open(note.day)):
                del self.model.notes[number]
            return
        rows = [ScheduleRow("Utdrag", amount)] if isinstance(amount, int) else []
        after = Note(note.account, note.day, amount if isinstance(amount, int) else 0, note.copying, bool(rows))
        act = lambda: edit_own_attachment(self.host, "1", number, ScheduleChange(rows=rows))  # noqa: E731
        same = note == after and not self.model.day_waits(note.day)
        if self._tried(act, self.model.day_open(note.day) or same):
            self.model.notes[number] = after

    # --- closing entries

    @rule(day=BORDERS, amount=st.sampled_from([1_000, 2_500]), closing=st.booleans())
    def enter(self, day: date, amount: int, closing: bool) -> None:
        day, period = (END, YEAR_END) if closing else (day, month_of(day))
        made: list[ClosingEntry] = []
        if self._tried(lambda: made.append(entry(self.host, day, amount, closing=closing)), self._may_enter(period)):
            self._entered(made[0], period, amount)

    @precondition(lambda self: self.entries)
    @rule(which=WHICH, day=st.one_of(st.none(), BORDERS), amount=st.sampled_from([1_000, 2_500]))
    def change_entry(self, which: int, day: date | None, amount: int) -> None:
        one = self.entries[sorted(self.entries)[which % len(self.entries)]]
        year, open_now = open_entry_year(self.host, "1"), self._may_enter(one.content.period)
        if day is None:
            if self._tried(lambda: delete_entry(self.host, year, one), open_now):
                del self.entries[one.id], self.model.entries[one.id]
            return
        rows = (DraftRow("4010", amount), DraftRow("1930", -amount))
        content, saved = EntryContent(day, "Bankavgift", rows, month_of(day)), []
        act = lambda: saved.append(edit_entry(self.host, year, one, content).entry)  # noqa: E731
        if self._tried(act, open_now and self._may_enter(content.period)):
            self._entered(saved[0], content.period, amount)

    # --- imports

    @rule(number=st.integers(1, 3), day=BORDERS, amount=st.one_of(st.none(), st.sampled_from([1_000, 10_000])))
    def take_in(self, number: int, day: date, amount: int | None) -> None:
        """A voucher is new, changed or gone; whatever is locked."""
        vouchers = dict(self.model.vouchers)
        vouchers.pop(number, None)
        if amount is not None:
            vouchers[number] = (day, amount)
        self.model.vouchers = vouchers
        said = [voucher(at, f"{n / 100:.2f}", f"{on:%Y%m%d}") for at, (on, n) in sorted(vouchers.items())]
        take_in(self.host, self.folder, *said, **SAID)
        self.shown[books_of(self.host, "1").books.snapshot.id] = vouchers

    @rule(which=WHICH)
    def undo_import(self, which: int) -> None:
        chosen = sorted(self.shown)[which % len(self.shown)]
        make_current(self.host, 1, chosen)
        self.model.vouchers = dict(self.shown[chosen])

    # --- periods

    @rule(which=WHICH, division=st.sampled_from(["", "", "month", "quarter", "year"]))
    def start_or_divide(self, which: int, division: Division | Literal[""]) -> None:
        if division:
            self.divide(division)
            return
        key = self._period(which).key
        if self._tried(
            lambda: start_period(self.host, 1, self._books().books.snapshot, key), self.model.enterable(key)
        ):
            self.model.start(key)

    @rule(reason=st.sampled_from(["", "Bråttom", "Bråttom"]), which=st.one_of(st.none(), st.none(), WHICH))
    def lock(self, reason: str, which: int | None) -> None:
        """The next one in turn, or any."""
        model = self.model
        period = next((each for each in model.periods if each.key not in model.locked), model.periods[-1])
        period = period if which is None else self._period(which)
        keys = [each.key for each in model.periods]
        before = keys[: keys.index(period.key)]
        done = all(model.standing(each, period)[0] is Standing.DONE for each in ACCOUNTS)
        allowed = period.key not in model.locked and set(before) <= model.locked and bool(done or reason)
        if self._tried(lambda: lock_period(self.host, self._books(), period.key, reason=reason), allowed):
            model.start(period.key)
            model.locked.add(period.key)
            model.reopened.discard(period.key)
            after = keys[len(before) + 1 :]
            if after:
                model.start(after[0])
                model.take_over(after[0])
            self.frozen[period.key] = self._figures(period)

    @precondition(lambda self: self.model.locked)
    @rule(which=WHICH)
    def unlock(self, which: int) -> None:
        held = [each for each in self.model.periods if each.key in self.model.locked]
        period = held[which] if which < len(held) else self._period(which)
        keys = [each.key for each in self.model.periods]
        ended = set(keys[keys.index(period.key) :]) & self.model.locked
        act = lambda: unlock_period(self.host, 1, self._books().books.snapshot, period.key, "Ny faktura")  # noqa: E731
        if self._tried(act, period.key in self.model.locked):
            self.model.locked -= ended
            self.model.reopened |= ended

    def divide(self, division: Division) -> None:
        allowed = not self.model.locked or division == self.model.division
        if self._tried(lambda: choose_period(self.host, 1, division), allowed):
            self.model.division = division

    # --- what holds after every step

    @invariant()
    def laws_hold(self) -> None:
        if not hasattr(self, "host"):
            return
        books, model = self._books(), self.model
        periods = year_periods(self.host, 1, books.books.snapshot)
        states = [(each.key, each.state) for each in periods.periods]
        assert states == [(each.key, model.state(each.key)) for each in model.periods]
        assert [each.enterable for each in periods.periods] == [model.enterable(each.key) for each in model.periods]
        locked = [state == "locked" for _, state in states]
        assert locked == sorted(locked, reverse=True), "the locked ones come first"
        before: dict[str, int] | None = None
        kept = Kept()
        for period in model.periods:
            frame = figures_of_period(self.host, books, periods, period.key, kept)
            rows = {row["account"]: row for row in frame.iter_rows(named=True)}
            assert all(row["opening"] + row["change"] == row["closing"] for row in rows.values())
            assert sum(row["closing"] for row in rows.values()) == 0
            if period.key in model.locked:
                assert self._figures(period) == self.frozen[period.key]
                continue
            if before is not None:
                assert {account: row["opening"] for account, row in rows.items() if row["opening"]} == before
            before = {account: row["closing"] for account, row in rows.items() if row["closing"]}
            self._statuses(books, period, kept)

    def _statuses(self, books: EffectiveBooks, period: Period, kept: Kept) -> None:
        lines = {each.account: each for each in sheet_of(self.host, books, period.key, keep=kept).lines}
        assert set(lines) == set(ACCOUNTS)
        for account, line in lines.items():
            assert line.closing == self.model.closing(account, period)
            assert line.figures.reconciled == self.model.reconciled(account, period)
            assert (line.standing, line.moved) == self.model.standing(account, period)

    # --- in short

    def _period(self, which: int) -> Period:
        return self.model.periods[which % len(self.model.periods)]

    def _record(self, which: int, account: str) -> Record:
        period = self._period(which)
        return self._starting(period).record(period.key, account)

    def _starting(self, period: Period) -> Year:
        """The model as it is once the period is started."""
        model = self.model
        copied = replace(model, records=dict(model.records), notes=dict(model.notes), started=set(model.started))
        if model.enterable(period.key):
            copied.start(period.key)
        return copied

    def _books(self) -> EffectiveBooks:
        return books_of(self.host, "1")

    def _may_enter(self, period: str) -> bool:
        return self.model.enterable(self.model.of_entry(period))

    def _entered(self, made: ClosingEntry, period: str, amount: int) -> None:
        self.entries[made.id] = made
        self.model.entries[made.id] = (period, amount)

    def _keep(self, period: Period, account: str, record: Record) -> None:
        if record != self.model.record(period.key, account):
            self.model.records[period.key, account] = record

    def _figures(self, period: Period) -> Frozen:
        sheet = sheet_of(self.host, self._books(), period.key)
        return [
            (
                each.account,
                each.name,
                each.opening,
                each.change,
                each.entries,
                each.closing,
                each.figures,
                each.standing,
            )
            for each in sheet.lines
        ]

    def _tried(self, act: Callable[[], object], allowed: bool) -> bool:
        """Whether it was done; refused just when it is not `allowed`, and then nothing has changed."""
        before = self._told()
        try:
            act()
        except ClosingError:
            assert not allowed, "refused, although nothing stands in the way"
            assert self._told() == before, "what is refused leaves no trace"
            return False
        assert allowed, "done, although it should be refused"
        return True

    def _told(self) -> int:
        with self.host.store.database.read() as connection:
            return events(connection, limit=1)[0].seq


@pytest.fixture(scope="module")
def began(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    with Host.open(folder / "data", Actor("asa")) as host:
        take_in(host, folder, voucher(1, "100.00", "20250131"), **SAID)
    return folder / "data"


def _run(began: Path, examples: int, steps: int) -> None:
    PeriodMachine.began = began
    run_state_machine_as_test(
        PeriodMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],  # a shorter story of what failed would take minutes to find
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_laws_of_periods_hold_in_any_order(began: Path) -> None:
    _run(began, 8, 14)


@pytest.mark.soak
def test_laws_of_periods_hold_in_any_longer_order(began: Path) -> None:
    _run(began, 300, 60)
