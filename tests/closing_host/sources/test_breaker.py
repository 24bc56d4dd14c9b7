"""A source that hangs is given up, then left alone, and never costs more than its share of threads (T H3)."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from closing_host.api.context import ExportRequest, ImportRequest
from closing_host.api.errors import PluginFault, SourceUnavailable
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear
from closing_host.api.source import Files, SourceInfo
from closing_host.api.vouchers import DraftRow, NotApplied, VoucherDraft
from closing_host.locale import Words
from closing_host.sources.breaker import MOST_AT_ONCE, REST, SHORT_SILENCE, SILENCE, SILENT_CALLS, Breaker
from closing_host.sources.context import HostContext, running_context
from closing_host.sources.facade import DataSource
from plugins import CONNECTION, loaded

pytestmark = pytest.mark.anyio


class Hanging:
    """`list_years` hangs while `release` is not set; `import_ledger` blocks a loop, `export_voucher` awaits."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.calls = 0

    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo(name="Books")

    @hookimpl
    def list_years(self) -> object:
        self.calls += 1
        self.release.wait(10)
        return Company(), []

    @hookimpl
    async def import_ledger(self) -> object:
        self.release.wait(10)
        return None

    @hookimpl
    async def export_voucher(self) -> object:
        return await asyncio.Event().wait()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plugin() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.release.set()


@pytest.fixture
def context(tmp_path: Path) -> Iterator[HostContext]:
    with running_context("test", inside=tmp_path) as running:
        yield running


def impatient(plugin: Hanging, clock: Clock, files: Files | None = None) -> DataSource:
    made = loaded(plugin, SourceInfo(name="Books", files=files))
    breaker = Breaker({}, short=0.02, recognising=0.02, now=clock)
    return DataSource(made.id, made.version, made.distribution, made.info, made.hooks, breaker)


@pytest.mark.parametrize("hook", ["list_years", "import_ledger", "export_voucher"])
async def test_a_hook_that_hangs_becomes_a_problem_in_words(
    hook: str, plugin: Hanging, clock: Clock, tmp_path: Path
) -> None:
    source = impatient(plugin, clock)
    given: tuple[Any, ...] = () if hook == "list_years" else (ImportRequest(),)
    with running_context("test", inside=tmp_path) as context:
        with pytest.raises(PluginFault) as caught:
            await getattr(source, hook)(*given, CONNECTION, context)
        with pytest.raises(asyncio.CancelledError):  # how a hook that comes to life again hears of it
            context.progress("", 1, None)
    assert (caught.value.code, caught.value.parameters["hook"]) == ("plugin-silent", hook)
    for language in ("en", "sv"):
        assert "source-test" in Words(language).message(caught.value.code, caught.value.parameters)


async def give_up(source: DataSource, tmp_path: Path) -> None:
    with running_context("test", inside=tmp_path) as context, pytest.raises(PluginFault):
        await source.list_years(CONNECTION, context)


async def test_after_three_it_is_left_alone_and_says_for_how_long(
    plugin: Hanging, clock: Clock, context: HostContext, tmp_path: Path
) -> None:
    source = impatient(plugin, clock)
    for _ in range(SILENT_CALLS):
        await give_up(source, tmp_path)
    with pytest.raises(SourceUnavailable) as caught:
        await source.list_years(CONNECTION, context)
    assert caught.value.code == "source-resting"
    assert caught.value.retry_after == REST
    assert caught.value.parameters == {"source": "Books", "times": SILENT_CALLS, "minutes": 5}
    assert plugin.calls == SILENT_CALLS
    clock.now += REST + 1
    await give_up(source, tmp_path)  # asked again, once
    with pytest.raises(SourceUnavailable):
        await source.list_years(CONNECTION, context)


async def test_an_answer_makes_it_whole_again(
    plugin: Hanging, clock: Clock, context: HostContext, tmp_path: Path
) -> None:
    source = impatient(plugin, clock)
    for _ in range(SILENT_CALLS - 1):
        await give_up(source, tmp_path)
    plugin.release.set()
    assert await source.list_years(CONNECTION, context) == (Company(), ())
    plugin.release.clear()
    await give_up(source, tmp_path)
    plugin.release.set()
    assert await source.list_years(CONNECTION, context) == (Company(), ())


async def test_a_voucher_is_certainly_not_sent_while_the_source_is_left_alone(
    plugin: Hanging, clock: Clock, context: HostContext, tmp_path: Path
) -> None:
    source = impatient(plugin, clock)
    for _ in range(SILENT_CALLS):
        await give_up(source, tmp_path)
    voucher = VoucherDraft("BK", date(2025, 12, 31), "V1", (DraftRow("7010", 1), DraftRow("2910", -1)))
    request = ExportRequest(FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31)), "A", voucher)
    outcome = await source.export_voucher(request, CONNECTION, context)
    assert outcome == NotApplied("source-silent-before", retry_after=REST)


async def test_hooks_that_never_come_back_take_a_bounded_number_of_threads(
    plugin: Hanging, clock: Clock, context: HostContext, tmp_path: Path
) -> None:
    source = impatient(plugin, clock)
    for _ in range(MOST_AT_ONCE):
        await give_up(source, tmp_path)
        clock.now += REST + 1
    with pytest.raises(SourceUnavailable) as caught:
        await source.list_years(CONNECTION, context)
    assert caught.value.code == "source-crowded"
    assert plugin.calls == MOST_AT_ONCE
    other = impatient(Hanging(), clock)
    other.breaker.refuse("Other")  # its own count


async def test_a_source_that_hangs_over_a_file_does_not_recognise_it(plugin: Hanging, clock: Clock) -> None:
    asked: list[bytes] = []

    def recognises(head: bytes) -> bool:
        asked.append(head)
        return plugin.release.wait(10)

    source = impatient(plugin, clock, Files((".csv",), recognises))
    for _ in range(SILENT_CALLS + 1):
        assert not source.recognises(b"date")
    assert len(asked) == SILENT_CALLS


def test_imports_may_be_silent_for_longer_than_what_a_page_waits_for() -> None:
    breaker = Breaker()
    assert breaker.patience("import_ledger") == SILENCE["import_ledger"] > SHORT_SILENCE
    assert breaker.patience("authorize") == SHORT_SILENCE
