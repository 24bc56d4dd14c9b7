"""P 7.5.4: every account closes at the same amount before and after a re-import when nothing else changed."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from booked_entries import ledger, voucher
from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.closing.effect import with_entries
from closing_host.closing.entries import BOOKED, ClosingEntry, Status, may_move
from closing_host.closing.recognition import Look, Recognised, recognise, to_look_for
from closing_host.ledgers.balances import trial_balance
from made_entries import made_entry

AS_OF = date(2026, 3, 1)
EXAMPLES = settings(max_examples=80, deadline=None)

NEVER_SENT = (Status.DRAFT, Status.READY, Status.FAILED, Status.NOT_FOR_TRANSFER, Status.DELETED)
IN_OLD_BOOKS = (Status.EXCLUDED,)
NOT_IN_OLD_BOOKS = (Status.TRANSFERRED, Status.MISSING, Status.UNKNOWN)


@dataclass(frozen=True)
class Case:
    """Entries as they were, the books before and now, and what the source has (with its comments)."""

    entries: tuple[ClosingEntry, ...]
    before: Ledger
    after: Ledger
    source: tuple[VoucherRecord, ...]

    def recognised(self, *, asked: bool) -> tuple[Recognised, ...]:
        return recognise(self.entries, self.after, self.look if asked else None, as_of=None if asked else AS_OF)

    @property
    def look(self) -> Look:
        """The source's whole answer for what the books do not settle, as an import asks for it."""
        wanted = to_look_for(self.entries, self.after)
        series = {code for codes in wanted.values() for code in codes}
        found = {
            entry.id: tuple(each for each in self.source if each.series in series and entry.marker in each.comment)
            for entry in self.entries
            if entry.id in wanted
        }
        return Look({key: several for key, several in found.items() if several}, frozenset(wanted))


@st.composite
def rows(draw: st.DrawFn) -> tuple[DraftRow, ...]:
    """Balanced; few accounts and amounts, so that different entries often have the same content."""
    amount = draw(st.sampled_from([100, 1_200_000]))
    objects = draw(st.sampled_from([(), ((1, "10"),), ((6, "P1"), (1, "10"))]))
    debit = DraftRow(draw(st.sampled_from(["7010", "1930"])), amount, objects)
    return draw(st.sampled_from([(debit, DraftRow("2910", -amount)), (DraftRow("2910", -amount), debit)]))


@st.composite
def cases(draw: st.DrawFn, *, by_marker: bool) -> Case:
    """Each entry in a state that agrees with the old books. `by_marker`: the source may also hold, under the marker,
    what the program believes was never sent (a restored backup); a file cannot tell that."""
    others = tuple(
        VoucherRecord("A", str(number), made_entry().year_start, date(2025, 6, 30), "Köp", each)
        for number, each in enumerate(draw(st.lists(rows(), max_size=3)), 1)
    )
    entries: list[ClosingEntry] = []
    before, now = list(others), list(others)
    numbers = iter(draw(st.permutations(range(1, 40))))
    for key in range(1, draw(st.integers(2, 6))):
        status = draw(st.sampled_from([*NEVER_SENT, *IN_OLD_BOOKS, *NOT_IN_OLD_BOOKS]))
        number, known = str(next(numbers)), status in BOOKED
        by_file = status is Status.TRANSFERRED and draw(st.booleans())
        place = ("", "") if by_file else ("I", number) if known else None
        shown = status in IN_OLD_BOOKS
        content = draw(rows())
        entry = made_entry(id=key, number=key, rows=content, text="Bokslut", status=status, at=place, seen=shown)
        entries.append(entry)
        if shown:
            before.append(voucher(entry, number))
        booked = status not in NEVER_SENT or (by_marker and entry.counts)
        if booked and draw(st.booleans()):
            new_number = str(next(numbers)) if draw(st.booleans()) else number
            text = draw(st.sampled_from([None, "Löner"])) if by_marker and known and not by_file else None
            now.append(voucher(entry, new_number, marked=not by_file, text=text))
    source = tuple(draw(st.permutations(now)))
    return Case(tuple(entries), ledger(before), ledger(source), source)


def closing(books: Ledger, entries: tuple[ClosingEntry, ...]) -> dict[str, int]:
    """What the user sees: every account that does not close at zero."""
    frame = trial_balance(with_entries(books, entries), by="year").filter(pl.col("closing") != 0)
    return dict(frame.select("account", "closing").iter_rows())


def afterwards(recognised: tuple[Recognised, ...]) -> tuple[ClosingEntry, ...]:
    """The entries as they are stored; each move is one that an import may make."""
    for each in recognised:
        if each.moves:
            assert may_move(each.entry.status, each.status, "import")
            assert each.status not in BOOKED or each.place or each.entry.transferred
    return tuple(
        replace(
            each.entry,
            status=each.status,
            seen=each.seen,
            reason=each.reason,
            transferred=made_entry(at=each.place).transferred if each.place else each.entry.transferred,
        )
        for each in recognised
    )


@EXAMPLES
@given(cases(by_marker=True))
def test_no_account_moves_when_the_source_can_be_asked(case: Case) -> None:
    after = afterwards(case.recognised(asked=True))
    assert closing(case.after, after) == closing(case.before, case.entries)
    again = replace(case, entries=after, before=case.after)
    assert [each.entry.label for each in again.recognised(asked=True) if each.moves] == [], "a second import moves none"


@EXAMPLES
@given(cases(by_marker=False))
def test_no_account_moves_when_a_file_is_all_there_is(case: Case) -> None:
    after = afterwards(case.recognised(asked=False))
    assert closing(case.after, after) == closing(case.before, case.entries)
