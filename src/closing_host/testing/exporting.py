"""Closing entries on their way out: facts, one voucher, lost answers, refusals, and the look for what was booked."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from closing_host.api.context import ExportRequest, FindRequest, TermsRequest
from closing_host.api.errors import ClosingError, PluginFault
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import (
    Booked,
    DraftRow,
    ExportTerms,
    FoundVouchers,
    NotApplied,
    Outcome,
    Rejected,
    VoucherDraft,
)
from closing_host.testing import faults
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.cases import year_of
from closing_host.testing.rules import broken, expect, rule
from closing_host.transfers.exporting.matching import carries, difference

_TERMS: Final = "export_terms"
_BOOK: Final = "export_voucher"
_FIND: Final = "find_vouchers"
_ALL: Final = (_TERMS, _BOOK, _FIND)
_ABLE: Final = ("books", "booked")

_MARKERS: Final = ("BKABCDEFGHIJKLMNOP", "BKQRSTUVWXYZ234567")
_LOST: Final = {
    "got no answer": faults.lost_answer,
    "was cut off": faults.cut_off,
    "was answered with 500": faults.answered(500),
    "was answered with 503": faults.answered(503),
}
_UNKNOWN: Final = (
    "Whatever leaves the outcome unknown must be raised (let `httpx` errors through), and never be sent again: the "
    "host looks for the marker."
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """A connected company and what is known about booking in it."""

    bench: Bench
    login: Login
    year: FinancialYear
    terms: ExportTerms

    @property
    def series(self) -> str:
        for each in self.terms.series:
            if each.manual:
                return each.code
        broken("Your `export_terms` states no manual series.", "State every series, `manual` where vouchers may go.")

    def draft(self, marker: str = _MARKERS[0]) -> VoucherDraft:
        accounts = [each.account for each in self.terms.accounts if each.active]
        expect(len(accounts) >= 2, "Your `export_terms` states fewer than two active accounts.", "State the chart.")
        objects = tuple((each.dimension, each.code) for each in self.terms.objects if each.active)[:1]
        day, locked = self.year.end, self.terms.locked_through
        if locked is not None and locked >= day:
            day = locked + timedelta(days=1)
        rows = (DraftRow(accounts[0], 1_200_010, objects), DraftRow(accounts[-1], -1_200_010))
        return VoucherDraft(marker, day, "V1 Upplupna löner", rows)

    def send(self, draft: VoucherDraft) -> Outcome | ClosingError:
        """What came of it; an error means unknown."""
        request = ExportRequest(self.year, self.series, draft)
        try:
            outcome: Outcome = self.bench.run(self.bench.call(_BOOK, request, self.login))
        except ClosingError as error:
            return error
        return outcome

    def find(self, **asked: Any) -> FoundVouchers:
        request = FindRequest(self.year, self.series, **asked)
        found: FoundVouchers = self.bench.run(self.bench.call(_FIND, request, self.login))
        return found


class ExportTests(Author):
    """`export_terms`, `export_voucher`, `find_vouchers`."""

    @rule("export", _TERMS, abilities=("books",), files=False)
    def test_terms_name_company_and_year(self, bench: Bench) -> None:
        """The facts are of the connected company and the asked year."""
        desk = _desk(bench)
        account = desk.login.account
        expect(
            account is None or desk.terms.account_id == account.id,
            f"Your `export_terms` names the account {desk.terms.account_id!r}; the login reached another.",
            "State the id of the company that answers now, asked anew: the host compares it before it books.",
        )
        expect(
            (desk.terms.year_start, desk.terms.year_end) == (desk.year.start, desk.year.end),
            f"Your `export_terms` states the year {desk.terms.year_start} to {desk.terms.year_end}.",
            f"State the asked one, {desk.year.start} to {desk.year.end}.",
        )
        assert desk.series

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_dry_run_books_nothing(self, bench: Bench) -> None:
        """Facts and looking leave the books as they are."""
        desk = _desk(bench)
        desk.find(markers=frozenset(_MARKERS), numbers=frozenset({"1"}), above=0)
        held = bench.fake.booked()
        expect(
            not held,
            f"After `export_terms` and `find_vouchers` the server has booked {len(held)} vouchers.",
            "Only `export_voucher` may book, and only what it is given.",
        )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_voucher_is_booked_as_sent(self, bench: Bench) -> None:
        """The server holds one voucher, to the öre and object, and it is stated back as it stands there."""
        desk = _desk(bench)
        draft = desk.draft()
        outcome = desk.send(draft)
        held = bench.fake.booked()
        expect(
            isinstance(outcome, Booked) and len(held) == 1,
            f"Your `export_voucher` gave {outcome!r}, and the server has booked {len(held)} vouchers.",
            "Book the voucher once and return `Booked` with what the source states of it.",
        )
        assert isinstance(outcome, Booked)
        for what, record in {"the server holds": held[0], "your `Booked` states": outcome.voucher}.items():
            differs = difference(draft, record)
            expect(
                differs is None and record.series == desk.series and record.text == draft.text,
                f"The voucher that {what} is not the one that was sent: {differs or record.text or record.series}.",
                "Send date, series, text and every row with sign and objects; read back what the source says.",
            )
        expect(
            (outcome.voucher.series, outcome.voucher.number) == (held[0].series, held[0].number),
            f"Your `Booked` says number {outcome.voucher.number!r}; the server gave {held[0].number!r}.",
            "Take the number from the source's answer.",
        )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_booked_voucher_is_found(self, bench: Bench) -> None:
        """By its marker, by its number and above a high-water mark; another marker finds nothing."""
        desk = _desk(bench)
        desk.send(desk.draft())
        number = bench.fake.booked()[0].number
        looks = {
            "marker": {"markers": frozenset({_MARKERS[0]})},
            "number": {"numbers": frozenset({number})},
            "high-water mark": {"above": int(number) - 1} if number.isdigit() else {"numbers": frozenset({number})},
        }
        for what, asked in looks.items():
            found = desk.find(**asked)
            there = [each for each in found.vouchers if each.number == number]
            expect(
                found.complete and len(there) == 1 and carries(there[0], _MARKERS[0]),
                f"Your `find_vouchers` did not find a booked voucher by its {what}, whole and with its marker.",
                "Look through every page of the year and series, and state the field that holds the marker.",
            )
        stray = desk.find(markers=frozenset({_MARKERS[1]}))
        expect(
            not any(carries(each, _MARKERS[1]) for each in stray.vouchers),
            "Your `find_vouchers` found a marker that no voucher carries.",
            "State what the source holds, not what was asked for.",
        )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_lost_answer_is_found_again(self, bench: Bench) -> None:
        """Booked, but the answer never came: unknown, and the look finds exactly one."""
        desk = _desk(bench)
        bench.line.spoil(faults.lost_answer, times=1, writes_only=True)
        outcome = desk.send(desk.draft())
        expect(
            not isinstance(outcome, NotApplied | Rejected),
            f"Your `export_voucher` returned {outcome!r} when the answer was lost; the voucher had been booked.",
            _UNKNOWN,
        )
        found = desk.find(markers=frozenset({_MARKERS[0]}))
        marked = [each for each in found.vouchers if carries(each, _MARKERS[0])]
        expect(
            found.complete and len(marked) == 1,
            f"After a lost answer your `find_vouchers` found {len(marked)} vouchers with the marker; one was booked.",
            "Write the marker where it can be found, such as a comment, and look there.",
        )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_voucher_is_sent_once(self, bench: Bench) -> None:
        """Whatever happens to the request, there is no second one."""
        for what, fault in _LOST.items():
            desk = _desk(bench)
            before = len(bench.line.sent)
            bench.line.spoil(fault, times=1, writes_only=True)
            desk.send(desk.draft())
            bench.line.heal()
            sent = [each for each in bench.line.sent[before:] if not each.is_read]
            expect(
                len(sent) == 1,
                f"Your `export_voucher` sent {len(sent)} writes when the first {what}.",
                _UNKNOWN,
            )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_failure_is_no_answer(self, bench: Bench) -> None:
        """A 500, or an answer that ends half-way, is never `Booked` or `Rejected`."""
        for what, fault in {"was answered with 500": faults.answered(500), "came half": faults.cut_short}.items():
            desk = _desk(bench)
            bench.line.spoil(fault, times=1, writes_only=True)
            outcome = desk.send(desk.draft())
            bench.line.heal()
            expect(
                isinstance(outcome, ClosingError),
                f"Your `export_voucher` returned {outcome!r} when the answer {what}.",
                _UNKNOWN,
            )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_refused_voucher_is_rejected(self, bench: Bench) -> None:
        """A voucher on an account that does not exist is `Rejected`, with the source's words, and not booked."""
        desk = _desk(bench)
        taken = {each.account for each in desk.terms.accounts}
        missing = next(str(number) for number in range(9998, 0, -1) if str(number) not in taken)
        draft = desk.draft()
        outcome = desk.send(replace(draft, rows=(replace(draft.rows[0], account=missing), *draft.rows[1:])))
        expect(
            isinstance(outcome, Rejected) and bool(outcome.code) and not bench.fake.booked(),
            f"Your `export_voucher` gave {outcome!r} for a voucher on account {missing}, which does not exist.",
            "Return `Rejected(code, detail)` for a clear refusal, so that the others go on.",
        )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_unreached_voucher_can_be_sent_again(self, bench: Bench) -> None:
        """No connection, or 429: not booked, not refused; the same voucher then goes through."""
        for what, fault in {
            "could not be sent": faults.unreachable,
            "was answered with 429": faults.answered(429, Retry_After="5"),
        }.items():
            desk = _desk(bench)
            before = len(bench.fake.booked())
            bench.line.spoil(fault, times=1, writes_only=True)
            outcome = desk.send(desk.draft())
            bench.line.heal()
            expect(
                not isinstance(outcome, Booked | Rejected | PluginFault),
                f"Your `export_voucher` gave {outcome!r} when the request {what}.",
                "Return `NotApplied(code)` for what certainly never reached the books, or raise.",
            )
            again = desk.send(desk.draft())
            expect(
                isinstance(again, Booked) and len(bench.fake.booked()) == before + 1,
                f"Your `export_voucher` gave {again!r} for a voucher that {what} at first.",
                "Keep nothing between calls: each is whole by itself.",
            )

    @rule("export", *_ALL, abilities=_ABLE, files=False)
    def test_broken_look_proves_nothing(self, bench: Bench) -> None:
        """A look that could not read everything raises or says that it is not complete."""
        desk = _desk(bench)
        desk.send(desk.draft())
        asked: dict[str, Any] = {"markers": frozenset({_MARKERS[1]})}
        before = len(bench.line.sent)
        desk.find(**asked)
        for place in range(1, len(bench.line.sent) - before + 1):
            for fault in (faults.answered(500), faults.cut_short):
                bench.line.spoil(fault, at=place)
                try:
                    complete = desk.find(**asked).complete
                except PluginFault as error:
                    broken(f"Your `find_vouchers` failed with {error.__cause__!r}.", "Raise a `TemporaryError`.")
                except ClosingError:
                    complete = False
                bench.line.heal()
                expect(
                    not complete,
                    f"Your `find_vouchers` said `complete` though request {place} of the look failed.",
                    "Raise, or return `FoundVouchers(…, complete=False)`: the host takes a complete look as proof.",
                )


def _desk(bench: Bench) -> _Desk:
    async def work() -> _Desk:
        return await _opened(bench, await bench.connect())

    return bench.run(work())


async def _opened(bench: Bench, login: Login) -> _Desk:
    year = await year_of(bench, login, bench.fake.books())
    terms: ExportTerms = await bench.call(_TERMS, TermsRequest(year), login)
    return _Desk(bench, login, year, terms)


async def book_one(bench: Bench, login: Login) -> None:
    """Book one voucher over `login`, if the source can. Raises what it raises."""
    if {_TERMS, _BOOK} <= bench.source.operations:
        desk = await _opened(bench, login)
        await bench.call(_BOOK, ExportRequest(desk.year, desk.series, desk.draft()), login)
