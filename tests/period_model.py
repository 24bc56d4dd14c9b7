"""What a year's reconciliation should be, told in dictionaries: what a state machine holds the program to."""

from dataclasses import dataclass, field, replace
from datetime import date

from closing_host.closing.entries import YEAR_END, month_of
from closing_host.closing.periods import Division, Period, periods_of
from closing_host.closing.schedule import Copying
from closing_host.closing.standing import Moved, Standing

FIRST, END = date(2025, 1, 1), date(2025, 4, 30)
"""Four months: two calendar quarters, one of them cut."""

BANK, EQUITY = "1930", "2081"
OPENING = {BANK: 100_000, EQUITY: -100_000}


@dataclass(frozen=True)
class Record:
    """What the user did with an account of a period. `signed`: closing and reconciled amount at *Klar*."""

    typed: int | None = None
    comment: str = ""
    signed: tuple[int, int | None] | None = None


@dataclass(frozen=True)
class Note:
    """A schedule of the user's own; amounts as the ledger has them."""

    account: str
    day: date
    amount: int
    copying: Copying
    rows: bool = True


@dataclass
class Year:
    """One engagement's year. Vouchers and entries each move an amount (öre) from the bank to a cost."""

    division: Division = "month"
    vouchers: dict[int, tuple[date, int]] = field(default_factory=dict)
    entries: dict[int, tuple[str, int]] = field(default_factory=dict)
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    notes: dict[int, Note] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    reopened: set[str] = field(default_factory=set)
    made: int = 0

    @property
    def periods(self) -> tuple[Period, ...]:
        return periods_of(FIRST, END, self.division)

    def waits(self, key: str) -> bool:
        """Whether an earlier period was unlocked and is not locked again."""
        keys = [each.key for each in self.periods]
        return any(each in self.reopened for each in keys[: keys.index(key)])

    def state(self, key: str) -> str:
        if key in self.locked:
            return "locked"
        if key not in self.started:
            return "not-started"
        return "paused" if self.waits(key) else "started"

    def enterable(self, key: str) -> bool:
        return key not in self.locked and not self.waits(key)

    def of_entry(self, period: str) -> str:
        """The period of the division that holds an entry of a month, or of *Årsavslut*."""
        if period == YEAR_END:
            return period
        return next(each.key for each in self.periods if period <= each.key)

    def day_waits(self, day: date) -> bool:
        """Whether the ordinary period of the day waits."""
        return self.waits(self.of_entry(month_of(day)))

    def day_open(self, day: date) -> bool:
        """Whether schedules of the day may change: the last day is that of *Årsavslut* too."""
        holding = {self.of_entry(month_of(day)), *([YEAR_END] if day == END else [])}
        return not self.day_waits(day) and not holding <= self.locked

    def closing(self, account: str, period: Period) -> int:
        if account == EQUITY:
            return OPENING[EQUITY]
        booked = sum(amount for day, amount in self.vouchers.values() if day <= period.end)
        entered = sum(
            amount
            for at, amount in self.entries.values()
            if period.is_year_end or (at != YEAR_END and at <= month_of(period.end))
        )
        return OPENING[BANK] - booked - entered

    def reconciled(self, account: str, period: Period) -> int | None:
        amounts = [each.amount for each in self.notes_of(account, period.end) if each.rows]
        return sum(amounts) if amounts else self.record(period.key, account).typed

    def attached(self, account: str, period: Period) -> bool:
        return any(each.rows for each in self.notes_of(account, period.end))

    def notes_of(self, account: str, day: date) -> list[Note]:
        return [each for each in self.notes.values() if (each.account, each.day) == (account, day)]

    def record(self, key: str, account: str) -> Record:
        return self.records.get((key, account), Record())

    def standing(self, account: str, period: Period) -> tuple[Standing, tuple[Moved, ...]]:
        record = self.record(period.key, account)
        now = (self.closing(account, period), self.reconciled(account, period))
        if record.signed is None:
            touched = record.typed is not None or record.comment or self.attached(account, period)
            return (Standing.STARTED if touched else Standing.NOT_STARTED), ()
        pairs = zip(("closing", "reconciled"), record.signed, now, strict=True)
        moved = tuple(Moved(name, before, after) for name, before, after in pairs if before != after)
        return (Standing.CHANGED if moved else Standing.DONE), moved

    def can_sign(self, account: str, period: Period) -> bool:
        closing, reconciled = self.closing(account, period), self.reconciled(account, period)
        told = closing == 0 if reconciled is None else closing == reconciled
        return told or bool(self.record(period.key, account).comment)

    def start(self, key: str) -> None:
        """Start a period: it takes over what the copy rules give it."""
        if key not in self.started:
            self.started.add(key)
            self.take_over(key)

    def take_over(self, key: str) -> None:
        """What the copy rules give the period, apart from what is there already; once more when the one before it is
        locked."""
        place = [each.key for each in self.periods].index(key)
        if key == YEAR_END:
            for account in OPENING:
                done = self.records.get((self.periods[place - 1].key, account))
                if done is not None:
                    self.records.setdefault((key, account), done)
        elif place:
            self._copy(self.periods[place - 1].end, self.periods[place])

    def _copy(self, before: date, period: Period) -> None:
        day, said = period.end, {account: self.record(period.key, account) for account in OPENING}
        there = {account for account, each in said.items() if each.typed is not None or each.signed is not None}
        there |= {each.account for each in self.notes.values() if each.day == day}
        for _, note in sorted(self.notes.items(), key=lambda each: (each[1].account, each[0])):
            if note.day == before and note.account not in there and note.copying != "none":
                amount = 0 if note.copying == "without_data" else note.amount
                self.add_note(replace(note, day=day, amount=amount))

    def add_note(self, note: Note) -> int:
        self.made += 1
        self.notes[self.made] = note
        return self.made
