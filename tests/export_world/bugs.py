"""The twelve bugs of T 4.5: each as one change of the product, and a story in which it does harm.

A harness that has never seen a bug proves nothing. Each story is told twice: as the product is, when every law must
hold, and with the bug, when a law must be found broken.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import event

from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import FoundVouchers, NotApplied
from closing_host.sources import wire
from closing_host.storage import audit as audit_module
from closing_host.storage import database as database_module
from closing_host.storage import journal, journal_lease
from closing_host.storage.audit import Trail
from closing_host.storage.database import after_commit
from closing_host.storage.export_tables import export_batch
from closing_host.storage.sqlite import sqlite_engine, with_mode
from closing_host.transfers import connections, custody, login_keeping, logins
from closing_host.transfers.exporting import batch as batch_module
from closing_host.transfers.exporting import company, look, matching, verdicts
from datasource_fortnox import importing, posting, posting_outcomes
from export_world.company import OTHER_TENANT
from export_world.death import at_nth
from export_world.journal_laws import check_rest
from export_world.laws import Laws
from export_world.rest import to_rest
from export_world.world import World

Story = Callable[[World], None]
Bug = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Seeded:
    """A bug, the story in which it shows, and the law that it breaks (the beginning of its name)."""

    bug: Bug
    story: Story
    breaks: str


def watched(story: World, *acts: Callable[[], Any]) -> None:
    """Do one thing after the other, and check all laws after each; then to rest."""
    laws = Laws(story)
    for act in acts:
        act()
        laws.check()
    to_rest(story)
    laws.check()
    check_rest(story)


# --- 1 skip the wait


def skip_the_wait() -> AbstractContextManager[Any]:
    return patch.object(verdicts, "waits_until", lambda now: now)


def booked_late(story: World) -> None:
    story.add_entry(10_000)
    story.line.plan("N9", late=90)
    watched(story, story.export)


# --- 2 treat 502 as failure


def treat_502_as_failure() -> AbstractContextManager[Any]:
    judged = posting_outcomes.judged

    def careless(response: httpx.Response) -> Any:
        return NotApplied("source-failing") if response.status_code == 502 else judged(response)

    return patch.object(posting, "judged", careless)


def booked_behind_a_502(story: World) -> None:
    story.add_entry(10_000)
    story.line.plan("N17")
    watched(story, story.export)


# --- 3 no look before the first sending


def no_look_before_first_send() -> AbstractContextManager[Any]:
    async def nothing(*_: Any) -> bool:
        return True

    return patch.object(batch_module, "look_before_first_send", nothing)


def an_older_journal(story: World) -> None:
    story.add_entry(10_000)
    story.back_up()
    watched(
        story,
        story.export,
        lambda: story.restore(0),
        lambda: story.advance(600),
        story.export,
    )


# --- 4 a lease without epoch


def lease_without_epoch() -> AbstractContextManager[Any]:
    def anyone(lease: journal_lease.Lease) -> Any:
        return [export_batch.c.id == lease.batch_id]

    stack = ExitStack()
    stack.enter_context(patch.object(journal_lease, "held_by", anyone))
    stack.enter_context(patch.object(journal, "held_by", anyone))
    return stack


def a_closed_laptop(story: World) -> None:
    """One stalls before its sending; another takes over, sends, and dies over it; the first one comes back."""
    story.add_entry(10_000)

    def meanwhile() -> None:
        story.advance(250)
        story.resume()
        story.advance(250)
        story.resume(at_nth("export.after_send"))

    watched(story, lambda: story.export(story.stalling("export.before_send", meanwhile)))


# --- 5 publish before validate


def publish_before_validate() -> AbstractContextManager[Any]:
    stack = ExitStack()
    stack.enter_context(patch.object(importing, "require_whole", lambda content: None))
    stack.enter_context(patch.object(importing, "follows", lambda ledger: True))
    return stack


def a_file_that_is_cut_off(story: World) -> None:
    def cut() -> None:
        story.line.plan("truncated_content", method="GET", path="/3/sie/*", nth=1)
        story.line.plan("truncated_content", method="GET", path="/3/sie/*", nth=2)
        story.line.plan("truncated_content", method="GET", path="/3/sie/*", nth=3)
        story.import_books()
        story.line.heal()

    watched(story, cut, story.import_books)


# --- 6 cache the token


def cache_the_token() -> AbstractContextManager[Any]:
    live = custody.HeldCredential.live
    cached: dict[str, Any] = {}

    async def once(self: custody.HeldCredential) -> Any:
        if self._id not in cached:
            cached[self._id] = await live(self)
        return cached[self._id]

    return patch.object(custody.HeldCredential, "live", once)


def an_hour_later(story: World) -> None:
    story.add_entry(10_000)
    watched(story, story.export, lambda: story.advance(3 * 3600), lambda: story.add_entry(10_000), story.export)


# --- 7 retry in the HTTP client


def retry_in_the_client() -> AbstractContextManager[Any]:
    write = wire.Wire._write

    async def twice(self: wire.Wire, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            return await write(self, request, **options)
        except httpx.TransportError:
            return await write(self, request, **options)

    return patch.object(wire.Wire, "_write", twice)


def reset_after_the_commit(story: World) -> None:
    story.add_entry(10_000)
    story.line.plan("N10")
    watched(story, story.export)


# --- 8 drop the flush to disk, and the commit before the sending


def drop_fsync() -> AbstractContextManager[Any]:
    engine = sqlite_engine

    def fast(*given: Any, **named: Any) -> Any:
        made = engine(*given, **named)
        event.listen(made, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=off"))
        return made

    return patch.object(database_module, "sqlite_engine", fast)


def send_before_commit() -> AbstractContextManager[Any]:
    return patch.object(verdicts, "sending", lambda step, voucher: None)


def any_export(story: World) -> None:
    story.add_entry(10_000)
    story.restart()
    watched(story, story.export)


# --- 9 compare by content


def compare_by_content() -> AbstractContextManager[Any]:
    def equal(draft: Any, markers: Any, records: Any, window: Any) -> matching.Match:
        same = tuple(each for each in records if matching.difference(draft, each) is None)
        return matching.Match("same" if same else "absent", same[:1], by_marker=bool(same))

    return patch.object(look, "match", equal)


def two_equal_vouchers(story: World) -> None:
    story.add_entry(10_000)
    story.add_entry(10_000)
    story.line.plan("N7", nth=2)
    watched(story, story.export)


# --- 10 ignore the tenant


def ignore_the_tenant() -> AbstractContextManager[Any]:
    stack = ExitStack()
    for module in (connections, logins, login_keeping):
        if hasattr(module, "compare"):
            stack.enter_context(patch.object(module, "compare", lambda *_: "same"))
    stack.enter_context(patch.object(company, "other_company", lambda *_: None))
    return stack


def a_login_to_another_company(story: World) -> None:
    story.add_entry(10_000)
    watched(story, lambda: story.connect(OTHER_TENANT), story.import_books, story.export)


# --- 11 a failed look is an absence


def failed_look_is_absence() -> AbstractContextManager[Any]:
    search = look.search

    async def optimistic(*given: Any, **named: Any) -> FoundVouchers:
        try:
            return await search(*given, **named)
        except ClosingError:
            return FoundVouchers((), 0, complete=True)

    return patch.object(look, "search", optimistic)


def the_look_fails(story: World) -> None:
    story.add_entry(10_000)
    story.line.plan("N8")

    def look_in_vain() -> None:
        story.simulator.faults.add("maintenance", method="GET", path="/3/vouchers*")
        story.advance(200)
        story.resume()
        story.line.heal()

    watched(story, story.export, look_in_vain, lambda: story.advance(700), story.resume)


# --- 12 audit outside of the transaction


def audit_outside_the_transaction() -> AbstractContextManager[Any]:
    append = Trail.append
    number = iter(range(10**9))

    def later(self: Trail, *given: Any, **named: Any) -> Any:
        engine = self.connection.engine

        def write() -> None:
            with with_mode(engine.connect(), "write") as connection, connection.begin():
                connection.info[database_module._AFTER_COMMIT] = {}
                append(Trail(connection, self.actor, self.clock, self._anchor), *given, **named)

        after_commit(self.connection, f"event {next(number)}", write)

    return patch.object(audit_module.Trail, "append", later)


SEEDED = {
    "skip the wait": Seeded(skip_the_wait, booked_late, "G1"),
    "treat 502 as failure": Seeded(treat_502_as_failure, booked_behind_a_502, "G1"),
    "no look before the first sending": Seeded(no_look_before_first_send, an_older_journal, "G1"),
    "lease without epoch": Seeded(lease_without_epoch, a_closed_laptop, "G1"),
    "publish before validate": Seeded(publish_before_validate, a_file_that_is_cut_off, "G6"),
    "cache the token": Seeded(cache_the_token, an_hour_later, "G5"),
    "retry in the HTTP client": Seeded(retry_in_the_client, reset_after_the_commit, "G1"),
    "drop the flush to disk": Seeded(drop_fsync, any_export, "commit before send"),
    "send before the commit": Seeded(send_before_commit, any_export, ""),
    "compare by content": Seeded(compare_by_content, two_equal_vouchers, "G2"),
    "ignore the tenant": Seeded(ignore_the_tenant, a_login_to_another_company, "G4"),
    "a failed look is an absence": Seeded(failed_look_is_absence, the_look_fails, "G1"),
    "audit outside of the transaction": Seeded(audit_outside_the_transaction, any_export, "G8"),
}
"""T 4.5's twelve; the eighth twice, because a commit may be lost on its way to the disk or come too late."""
