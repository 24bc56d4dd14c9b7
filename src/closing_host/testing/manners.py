"""How a source behaves in the host's process: secrets, sockets, waiting, state, pace."""

import asyncio
from collections.abc import Awaitable, Coroutine
from dataclasses import replace
from typing import Any, Final

from closing_host.api.authorization import AuthorizeRequest
from closing_host.api.context import AttachmentsRequest, TermsRequest
from closing_host.api.errors import ClosingError
from closing_host.testing import faults
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.cases import Case, Imported, bring, cases, year_of
from closing_host.testing.exporting import book_one
from closing_host.testing.process import overheard, process_state, told
from closing_host.testing.rules import broken, expect, rule
from closing_host.testing.side_by_side import SideBySide

_LEDGER: Final = "import_ledger"
_LOGIN: Final = ("log_in|fill_in",)
_SHORTEST: Final = 6
_FEW: Final = 3
_STATE: Final = "Keep nothing in module variables, caches or class attributes: all state belongs to the call."


class MannersTests(Author):
    """What holds whatever the hooks do."""

    @rule("manners", _LEDGER)
    def test_secrets_stay_inside(self, bench: Bench) -> None:
        """No secret of the settings and no token in logs, output, kept bytes or errors, also when things go wrong."""
        with overheard() as said:
            held, errors = self._lived_through(bench)
        places = {
            "what it logs or prints": said(),
            "its errors": "\n".join(map(told, errors)),
            "what it keeps": "\n".join(content.decode("latin-1") for content in held),
        }
        for secret in (each for each in bench.secrets if len(each) >= _SHORTEST):
            for where, text in places.items():
                expect(
                    secret not in text,
                    f"Your source lets a secret or token out in {where}.",
                    "Log codes and figures only; raise errors with the source's own words, never with requests or "
                    "settings; keep answers, never the token endpoint's.",
                )

    @rule("manners", _LEDGER)
    def test_calls_through_the_host_only(self, bench: Bench) -> None:
        """No socket of its own: `context.http` carries the credential, the pace and the declared hosts."""
        self._lived_through(bench)
        expect(
            not bench.attempts.addresses,
            f"Your source connects by itself to {', '.join(bench.attempts.addresses[:1])}.",
            "Call `context.http`, and declare every origin in `hosts`.",
        )

    @rule("manners", _LEDGER)
    def test_does_not_sleep(self, bench: Bench) -> None:
        """Waiting is the host's: it knows the pace, the retries and when somebody cancels."""
        self._lived_through(bench)
        expect(
            not bench.attempts.slept,
            f"Your source sleeps ({sum(bench.attempts.slept):g} s in all).",
            "Take it out: `context.http` waits as the source's owner asks. Raise `TemporaryError` for the rest.",
        )

    @rule("manners", _LEDGER)
    def test_leaves_the_process_alone(self, bench: Bench) -> None:
        """No change of log levels, environment, working directory, locale, signals, warnings or time-outs."""
        before = process_state()
        self._lived_through(bench)
        changed = [name for name, state in process_state().items() if state != before[name]]
        expect(
            not changed,
            f"Your source changes the process's {', '.join(changed)}.",
            "Others run in the same process: keep what you need inside the hook, and use `context.log`.",
        )

    @rule("manners", _LEDGER, abilities=_LOGIN, two_companies=True, files=False)
    def test_two_companies_do_not_mix(self, bench: Bench) -> None:
        """Two connections at the same time bring each its own books."""
        both = [Case(f"company {number}", bench.fake.books(number)) for number in (0, 1)]

        async def work() -> list[Imported]:
            logins = [await bench.connect(number) for number in (0, 1)]
            alone = await bring(bench, both[0], logins[0])
            pair = SideBySide()
            bench.line.spoil(faults.after(pair.meet))
            work = (pair.until_the_end(bring(bench, *each)) for each in zip(both, logins, strict=True))
            together = await asyncio.gather(*work)
            return [alone, *together]

        alone, first, second = _together(bench, work())
        mixed = not alone.ledger.rows.equals(first.ledger.rows)
        mixed |= second.ledger.vouchers.height != both[1].books.vouchers
        expect(
            not mixed,
            "With two connections at once one company got books of the other.",
            _STATE,
        )

    @rule("manners", _LEDGER, abilities=("write_file",), files=True)
    def test_two_files_do_not_mix(self, bench: Bench) -> None:
        """Two files at the same time bring each its own books."""
        first = cases(self.samples, bench)[0]
        second = replace(first, name=f"other-{first.name}", content=self.write_file(_FEW))

        async def work() -> list[Imported]:
            alone = await bring(bench, first)
            pair = SideBySide()

            def step(stage: str, done: int, total: int | None) -> None:
                pair.meet()

            both = (pair.until_the_end(bring(bench, each, progress=step)) for each in (second, first))
            return [alone, *await asyncio.gather(*both)]

        alone, other, again = _together(bench, work())
        mixed = not alone.ledger.rows.equals(again.ledger.rows) or other.ledger.vouchers.height != _FEW
        expect(
            not mixed,
            "With two files at once one import got rows of the other.",
            _STATE,
        )

    @rule("manners", _LEDGER, abilities=("rate_limit",), files=False)
    def test_rate_limit_is_kept(self, bench: Bench) -> None:
        """Never more calls in any stretch of time than the source's owner allows."""
        limit = bench.fake.rate_limit
        assert limit is not None
        calls, seconds = limit

        async def work() -> int:
            login = await bench.connect()
            before = len(bench.line.sent)
            while len(bench.line.sent) - before <= calls:
                await self._everything(bench, login)
            return before

        before = bench.run(work())
        times = [each.at for each in bench.line.sent[before:]]
        most = max(sum(at <= other < at + seconds for other in times) for at in times)
        expect(
            most <= calls,
            f"Your source made {most} calls in {seconds:g} s; its owner allows {calls}.",
            f"Declare it: `rate_limit=RateLimit({calls}, {seconds:g}, …)`. The host then keeps the pace.",
        )

    def _lived_through(self, bench: Bench) -> tuple[list[bytes], list[ClosingError]]:
        """All that the source does, well and badly: what it kept, and what it raised."""
        kept: list[bytes] = []
        errors: list[ClosingError] = []

        async def work() -> None:
            login = Login(bench.connection) if bench.source.info.files else await bench.connect()
            kept.extend(await self._everything(bench, login))
            if bench.source.info.files is not None:
                return
            await book_one(bench, login)
            refused = faults.refused(bench.tokens)
            for fault in (faults.answered(500, "{}"), refused, faults.cut_short, faults.unreachable):
                bench.line.spoil(fault)
                errors.extend(await _raised(self._everything(bench, login)))
                errors.extend(await _raised(self._renewed(bench, login)))
                errors.extend(await _raised(bench.connect()))
                bench.line.heal()
                bench.line.spoil(fault, writes_only=True)
                errors.extend(await _raised(book_one(bench, login)))
                bench.line.heal()

        bench.run(work())
        return kept, errors

    async def _everything(self, bench: Bench, login: Login) -> list[bytes]:
        """Import, attachments and export terms once: what was kept."""
        kept: list[bytes] = []
        for case in cases(self.samples, bench):
            kept.extend((await bring(bench, case, login)).kept.values())
            if bench.source.info.files is None and {"attachments", "export_terms"} & bench.source.operations:
                year = await year_of(bench, login, case.books)
                requests = {
                    "attachments": AttachmentsRequest(year, bench.clock().date(), {}),
                    "export_terms": TermsRequest(year),
                }
                for hook, request in requests.items():
                    if hook in bench.source.operations:
                        await bench.call(hook, request, login)
        return kept

    async def _renewed(self, bench: Bench, login: Login) -> None:
        if "authorize" in bench.source.operations:
            await bench.authorize(AuthorizeRequest("renew", token=login.token), login.connection)


def _together(bench: Bench, work: Coroutine[Any, Any, list[Imported]]) -> list[Imported]:
    try:
        return bench.run(work)
    except ClosingError as error:
        broken(f"Of two imports at once one failed: {error} ({error.__cause__!r}).", _STATE)


async def _raised(attempt: Awaitable[object]) -> list[ClosingError]:
    """What the attempt raised, if anything."""
    try:
        await attempt
    except ClosingError as error:
        return [error]
    return []
