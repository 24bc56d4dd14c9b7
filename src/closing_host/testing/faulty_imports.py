"""Imports during which something happens: cancelled, refused, cut off, empty, large."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from closing_host.api.errors import AuthorizationError, ClosingError, PluginFault, TemporaryError
from closing_host.api.ledger import Ledger
from closing_host.testing import faults
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.cases import Case, Imported, bring
from closing_host.testing.line import Fault
from closing_host.testing.memory import growing
from closing_host.testing.rules import broken, expect, rule

MANY: Final = 20_000
"""Vouchers of a large year."""

MEMORY: Final = 256 * 2**20
"""Bytes that importing it may take."""

_LEDGER: Final = "import_ledger"
_WAIT: Final = 30
_PARTIAL: Final = (
    "Let what `context.http` raises through, check the status and the shape of every answer, and never return what "
    "has been read so far: it would become the client's books."
)


class FaultyImportTests(Author):
    """`import_ledger` when things go wrong."""

    @rule("import", "list_years", _LEDGER)
    def test_years_are_listed_newest_first(self, bench: Bench) -> None:
        """`list_years` names the imported year, the newest first and with index 0."""
        for case in self.cases(bench):
            login = bench.run(bench.connect())
            _, years = bench.run(bench.call("list_years", None, login))
            spans = [(year.start, year.end) for year in years]
            expect(
                (case.books.start, case.books.end) in spans,
                f"Your `list_years` does not list the year {case.books.start} to {case.books.end}.",
                "List every financial year that can be imported.",
            )
            expect(
                spans == sorted(spans, reverse=True)
                and [year.index for year in years] == [-n for n in range(len(years))],
                f"Your `list_years` lists {', '.join(f'{year.index}: {year.start}' for year in years)}.",
                "The newest first, with index 0, the one before with -1, and so on.",
            )

    @rule("import", _LEDGER)
    def test_progress_is_told(self, bench: Bench) -> None:
        """`context.progress` is called, and what it raises when the user cancels goes through."""
        for case in self.cases(bench):
            told = _progress_of(bench, case)
            expect(
                told > 0,
                f"Your `import_ledger` never calls `context.progress` for {case.name}.",
                "Call it for every page or every few hundred lines: the user sees it, and can cancel there.",
            )

    @rule("import", _LEDGER, files=False)
    def test_cancelled_import_stops(self, bench: Bench) -> None:
        """Cancelled at the first, a middle or the last request, it sends no further one."""
        (case,) = self.cases(bench)
        login, count = _counted(bench, case)
        for place in _places(count):
            before = len(bench.line.sent)
            cancelled = bench.run(_cancelled(bench, case, login, place))
            bench.line.heal()
            after = len(bench.line.sent) - before - place
            expect(
                cancelled and after <= 0,
                f"Your `import_ledger` sent {max(after, 0)} more requests after it was cancelled at request {place}.",
                "Let `asyncio.CancelledError` through: catch `Exception` at most, never `BaseException`.",
            )

    @rule("import", "authorize", _LEDGER, files=False)
    def test_refused_token_ends_the_import(self, bench: Bench) -> None:
        """A 401 in the middle: renewed once by the host, and if that is of no use an `AuthorizationError`."""
        (case,) = self.cases(bench)
        self._spoiled(
            bench, case, faults.refused(bench.tokens), AuthorizationError, "was answered with 401 from then on"
        )

    @rule("import", _LEDGER, files=False)
    def test_told_waits_are_kept(self, bench: Bench) -> None:
        """A 429 with `Retry-After` is waited for once, and ends in a `TemporaryError` when it does not end."""
        (case,) = self.cases(bench)
        login, count = _counted(bench, case)
        for place in _places(count):
            before = len(bench.line.sent)
            bench.line.spoil(faults.answered(429, Retry_After=str(_WAIT)), at=place, times=1)
            imported = bench.run(bring(bench, case, login))
            bench.line.heal()
            times = [each.at for each in bench.line.sent[before:]]
            waited = times[place] - times[place - 1] if place < len(times) else 0
            expect(
                waited >= _WAIT,
                f"The next request came {waited:.0f} s after an answer that asked for {_WAIT} s of patience.",
                "Read with GET, which the host tries again as told; after 429 to anything else raise `RateLimited` "
                "with its `retry_after`.",
            )
            self._same(bench, imported.ledger, "was told to wait")
        too_fast = faults.answered(429, Retry_After=str(_WAIT))
        self._spoiled(bench, case, too_fast, TemporaryError, "was answered with 429 from then on")

    @rule("import", _LEDGER, files=False)
    def test_server_errors_are_told(self, bench: Bench) -> None:
        """One 503 is tried again by the host; 500 without end is an error, never less books."""
        (case,) = self.cases(bench)
        login, count = _counted(bench, case)
        bench.line.spoil(faults.answered(503), at=_places(count)[-1], times=1)
        self._same(bench, bench.run(bring(bench, case, login)).ledger, "met one 503")
        bench.line.heal()
        failing = faults.answered(500, "<html>Internal error</html>", "text/html")
        self._spoiled(bench, case, failing, ClosingError, "was answered with 500 from then on")

    @rule("import", _LEDGER, files=False)
    def test_half_answers_are_told(self, bench: Bench) -> None:
        """An answer that ends half-way, seen or unseen by HTTP, is an error, never less books."""
        (case,) = self.cases(bench)
        self._spoiled(bench, case, faults.cut_off, ClosingError, "was cut off")
        self._spoiled(bench, case, faults.cut_short, ClosingError, "came half")

    @rule("import", _LEDGER, abilities=("hold|write_file",))
    def test_empty_year_is_a_year(self, bench: Bench) -> None:
        """A year without vouchers is imported like any other."""
        _, imported = self._of(bench, 0)
        expect(
            imported.ledger.vouchers.height == 0 and imported.ledger.year is not None,
            "A year without vouchers became something else.",
            "Return the year with its accounts and balances, and no vouchers.",
        )

    @rule("import", _LEDGER, abilities=("hold|write_file",))
    def test_large_year_fits_in_memory(self, bench: Bench) -> None:
        """20,000 vouchers within 256 MB, all of them there."""
        case = self._large(bench, MANY)
        login = None if case.content is not None else bench.run(bench.connect())
        with growing() as grown:
            imported = bench.run(bring(bench, case, login))
            peak = grown()
        expect(
            imported.ledger.vouchers.height == MANY,
            f"Of {MANY} vouchers {imported.ledger.vouchers.height} were imported.",
            "Read every page, also beyond the server's largest page.",
        )
        expect(
            peak <= MEMORY,
            f"Importing {MANY} vouchers took {peak // 2**20} MB; {MEMORY // 2**20} MB is enough.",
            "Hand each voucher to the `LedgerBuilder` as it comes, and let go of each page.",
        )

    @rule("import", _LEDGER, files=False)
    def test_what_came_over_the_wire_is_kept(self, bench: Bench) -> None:
        """`context.keep` gets the answers that the books were made of."""
        for case, imported in self.imports(bench):
            expect(
                any(imported.kept.values()),
                f"Your `import_ledger` kept nothing of {case.name}.",
                "Call `context.keep(name, bytes)` with what the ledger was made of, so that it can be proved later.",
            )

    def _large(self, bench: Bench, vouchers: int) -> Case:
        if bench.source.info.files is None:
            bench.fake.hold(vouchers)
            return self.cases(bench)[0]
        case = self.cases(bench)[0]
        return replace(case, content=self.write_file(vouchers))

    def _of(self, bench: Bench, vouchers: int) -> tuple[Case, Imported]:
        case = self._large(bench, vouchers)
        try:
            return case, bench.run(bring(bench, case))
        except ClosingError as error:
            broken(
                f"Your `import_ledger` raised {error} ({error.__cause__!r}) for a year with {vouchers} vouchers.",
                "A company may have one: return what the source states.",
            )

    def _spoiled(self, bench: Bench, case: Case, fault: Fault, wanted: type[ClosingError], what: str) -> None:
        """Import with `fault` at the first, a middle and the last request and at all that follow."""
        _, count = _counted(bench, case)
        for place in _places(count):
            login = bench.run(bench.connect())
            bench.line.spoil(fault, at=place)
            try:
                bench.run(bring(bench, case, login))
            except PluginFault as error:
                broken(f"Your `import_ledger` failed with {error.__cause__!r} when request {place} {what}.", _PARTIAL)
            except wanted:
                bench.line.heal()
                continue
            except ClosingError as error:
                broken(
                    f"Your `import_ledger` raised {error} when request {place} {what}; {wanted.__name__} is wanted.",
                    _PARTIAL,
                )
            broken(f"Your `import_ledger` returned a ledger though request {place} {what}.", _PARTIAL)

    def _same(self, bench: Bench, ledger: Ledger, what: str) -> None:
        (_, clean), *_ = self.imports(bench)
        expect(
            clean.ledger.vouchers.equals(ledger.vouchers) and clean.ledger.rows.equals(ledger.rows),
            f"An import that {what} brought other books than one that went well.",
            _PARTIAL,
        )


def _places(count: int) -> list[int]:
    """First, middle and last of so many requests, from 1."""
    return sorted({1, (count + 1) // 2, count})


def _counted(bench: Bench, case: Case) -> tuple[Login, int]:
    """A login, and how many requests an import over it takes."""
    login = bench.run(bench.connect())
    before = len(bench.line.sent)
    bench.run(bring(bench, case, login))
    count = len(bench.line.sent) - before
    expect(count > 0, "Your `import_ledger` sent no request.", "Call the source through `context.http`.")
    return login, count


def _progress_of(bench: Bench, case: Case) -> int:
    told: list[str] = []
    bench.run(bring(bench, case, progress=lambda stage, done, total: told.append(stage)))
    for place in _places(len(told)) if told else ():
        calls = iter(range(1, len(told) + 2))

        def cancel(stage: str, done: int, total: int | None, calls: Iterator[int] = calls, place: int = place) -> None:
            if next(calls, 0) == place:
                raise asyncio.CancelledError

        try:
            bench.run(bring(bench, case, progress=cancel))
        except asyncio.CancelledError:
            continue
        broken("A cancelled import returned a ledger.", "Let what `context.progress` raises through.")
    return len(told)


async def _cancelled(bench: Bench, case: Case, login: Login, place: int) -> bool:
    """Cancel the import at its request number `place`; whether it ended as cancelled."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(bring(bench, case, login))
    bench.line.spoil(faults.hanging(lambda: loop.call_soon_threadsafe(task.cancel)), at=place, times=1)
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False
