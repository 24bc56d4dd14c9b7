import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from closing_host.api.authorization import AuthorizeRequest, Redirect
from closing_host.api.context import (
    AttachmentsRequest,
    Connection,
    ExportRequest,
    FileRequest,
    FindRequest,
    ImportRequest,
    TermsRequest,
)
from closing_host.api.errors import (
    AuthorizationError,
    CapabilityMissing,
    ClosingError,
    DataError,
    Denied,
    Expired,
    PermissionMissing,
    PluginFault,
    RateLimited,
    SettingsError,
    SourceUnavailable,
    UnsupportedFormat,
    WrongCompany,
)
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.source import Files, SourceInfo
from closing_host.api.subledger import OpenItems
from closing_host.api.vouchers import (
    DraftRow,
    ExportTerms,
    FoundVouchers,
    NotApplied,
    VoucherDraft,
    WrittenFile,
)
from closing_host.sources.context import HostContext, running_context
from closing_host.sources.facade import DataSource
from closing_host.sources.hooks import DESCRIBE, SPECIFIED
from plugins import CONNECTION, loaded

pytestmark = pytest.mark.anyio

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
DRAFT = VoucherDraft("BK", YEAR.end, "V1", (DraftRow("7010", 1), DraftRow("2910", -1)))
TERMS = ExportTerms("1", "556677-8899", YEAR.start, YEAR.end, (), ())
OPEN_ITEMS = OpenItems("receivables", ("1510",), YEAR.end, ())


def small_ledger() -> LedgerBuilder:
    builder = LedgerBuilder(Company(name="Bageriet"), [YEAR])
    builder.add_account("1930", "Bank")
    builder.add_voucher("A", "1", YEAR.start)
    builder.add_row("1930", 100)
    return builder


REQUESTS: dict[str, Any] = {
    "authorize": AuthorizeRequest("connect"),
    "import_ledger": ImportRequest(),
    "attachments": AttachmentsRequest(YEAR, YEAR.end, {"receivables": ("1510",)}),
    "export_terms": TermsRequest(YEAR),
    "export_voucher": ExportRequest(YEAR, "A", DRAFT),
    "find_vouchers": FindRequest(YEAR, "A"),
    "export_file": FileRequest(Company(), YEAR, (DRAFT,)),
}

ANSWERS: dict[str, Any] = {
    "authorize": Redirect("https://login.example.se"),
    "list_years": (Company(), [YEAR]),
    "import_ledger": small_ledger(),
    "attachments": {"receivables": OPEN_ITEMS},
    "export_terms": TERMS,
    "export_voucher": NotApplied("busy"),
    "find_vouchers": FoundVouchers((), 0, True),
    "export_file": WrittenFile("a.si", b"#"),
}

HOOKS = sorted(ANSWERS)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[HostContext]:
    with running_context("test", inside=tmp_path) as running:
        yield running


def describe_source() -> SourceInfo:
    return SourceInfo(name="Books")


class Plugin:
    """A plugin with the given functions as its hooks."""

    def __init__(self, **hooks: Callable[..., object]) -> None:
        for name, function in {DESCRIBE: describe_source, **hooks}.items():
            setattr(self, name, hookimpl(function, specname=name))


def source(**hooks: Callable[..., object]) -> DataSource:
    return loaded(Plugin(**hooks))


def asked(source: DataSource, hook: str, context: HostContext) -> Awaitable[Any]:
    method = getattr(source, hook)
    if hook in REQUESTS:
        return method(REQUESTS[hook], CONNECTION, context)  # type: ignore[no-any-return]
    return method(CONNECTION, context)  # type: ignore[no-any-return]


def raising(error: BaseException, *, later: bool) -> Callable[..., object]:
    def hook() -> object:
        raise error.with_traceback(None)

    async def async_hook() -> object:
        await asyncio.sleep(0)
        raise error.with_traceback(None)

    return async_hook if later else hook


async def test_every_hook_of_the_contract_has_its_method() -> None:
    methods = {name for name in SPECIFIED if inspect.iscoroutinefunction(getattr(DataSource, name, None))}
    assert methods == set(SPECIFIED) - {DESCRIBE} == set(HOOKS)
    for name in methods:
        assert tuple(inspect.signature(getattr(DataSource, name)).parameters)[1:] == SPECIFIED[name]


@pytest.mark.parametrize("hook", HOOKS)
async def test_a_hook_that_is_not_implemented_is_refused(hook: str, context: HostContext) -> None:
    with pytest.raises(CapabilityMissing) as caught:
        await asked(source(), hook, context)
    assert caught.value.code == "operation-not-offered"
    assert caught.value.parameters == {"source": "Books", "operation": hook}


@pytest.mark.parametrize("hook", HOOKS)
async def test_plain_and_async_hooks_answer_alike(hook: str, context: HostContext) -> None:
    def plain() -> object:
        return ANSWERS[hook]

    async def later() -> object:
        await asyncio.sleep(0)
        return ANSWERS[hook]

    def between() -> object:
        return later()

    answers = [await asked(source(**{hook: function}), hook, context) for function in (plain, later, between)]
    if hook == "import_ledger":
        assert [answer.rows["amount"].to_list() for answer in answers] == [[100]] * 3
    else:
        expected = (Company(), (YEAR,)) if hook == "list_years" else ANSWERS[hook]
        assert answers == [expected] * 3


async def test_a_hook_gets_the_parameters_that_it_names(context: HostContext) -> None:
    seen: list[object] = []

    def import_ledger(context: object, request: object) -> LedgerBuilder:
        seen.extend([request, context])
        return small_ledger()

    await source(import_ledger=import_ledger).import_ledger(ImportRequest(YEAR), CONNECTION, context)
    assert seen == [ImportRequest(YEAR), context]


async def test_plain_and_async_hooks_run_in_threads_of_their_own(context: HostContext) -> None:
    threads: list[threading.Thread] = []

    def plain() -> ExportTerms:
        threads.append(threading.current_thread())
        return TERMS

    async def later() -> ExportTerms:
        threads.append(threading.current_thread())
        return TERMS

    for function in (plain, later):
        await asked(source(export_terms=function), "export_terms", context)
    assert threading.current_thread() not in threads
    assert threads[0] is not threads[1]
    assert all(thread.daemon for thread in threads)


async def test_only_this_plugin_is_called(context: HostContext) -> None:
    calls: list[str] = []

    def first() -> None:
        calls.append("first")

    def second() -> ExportTerms:
        calls.append("second")
        return TERMS

    other = source(export_terms=first)
    await asked(source(export_terms=second), "export_terms", context)
    assert calls == ["second"]
    assert other.operations == {"export_terms"}


class Surprise(BaseException):
    """Neither an `Exception` nor anything that Python knows."""


def deep_recursion() -> RecursionError:
    def forever() -> None:
        forever()

    try:
        forever()
    except RecursionError as error:
        return error
    raise AssertionError


FOREIGN = [
    ValueError("x"),
    KeyError("x"),
    AssertionError(),
    OSError(28, "full"),
    MemoryError(),
    deep_recursion(),
    StopIteration(1),
    StopAsyncIteration(),
    asyncio.CancelledError(),
    TimeoutError(),
    SystemExit(3),
    KeyboardInterrupt(),
    Surprise(),
    ExceptionGroup("many", [ValueError(), RateLimited()]),
    BaseExceptionGroup("worse", [KeyboardInterrupt()]),
    httpx.ReadTimeout("slow"),
]


@pytest.mark.parametrize("later", [False, True], ids=["plain", "async"])
@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("hook", ["authorize", "import_ledger", "export_voucher", "list_years"])
async def test_what_a_source_should_not_raise_becomes_a_fault_with_its_cause(
    hook: str, error: BaseException, later: bool, context: HostContext
) -> None:
    with pytest.raises(PluginFault) as caught:
        await asked(source(**{hook: raising(error, later=later)}), hook, context)
    assert caught.value.code == "plugin-fault"
    # Python itself turns it into a RuntimeError when a coroutine raises it.
    is_ended = later and isinstance(error, StopIteration)
    cause = caught.value.__cause__
    assert (cause.__cause__ if is_ended and cause else cause) is error
    assert caught.value.parameters == {
        "source": "Books",
        "version": "1.2",
        "distribution": "source-test",
        "hook": hook,
        "cause": "RuntimeError" if is_ended else type(error).__name__,
    }
    await asyncio.sleep(0)  # the loop goes on


async def test_generator_exit_in_a_thread_is_a_fault_too(context: HostContext) -> None:
    with pytest.raises(PluginFault):
        await asked(source(export_terms=raising(GeneratorExit(), later=False)), "export_terms", context)


API_ERRORS = [
    ClosingError("own-code"),
    SettingsError({"client_id": "wrong"}),
    AuthorizationError(),
    Expired(),
    Denied(),
    PermissionMissing("attachments"),
    WrongCompany(),
    RateLimited(retry_after=3.0),
    SourceUnavailable(),
    DataError("own-code", line=7),
    UnsupportedFormat(),
    CapabilityMissing(),
]


@pytest.mark.parametrize("later", [False, True], ids=["plain", "async"])
@pytest.mark.parametrize("error", API_ERRORS, ids=lambda error: type(error).__name__)
async def test_errors_of_the_contract_pass_as_they_are(error: ClosingError, later: bool, context: HostContext) -> None:
    with pytest.raises(type(error)) as caught:
        await asked(source(import_ledger=raising(error, later=later)), "import_ledger", context)
    assert caught.value is error


async def test_a_fault_that_the_host_made_under_the_hook_keeps_its_code(context: HostContext) -> None:
    async def list_years(context: HostContext) -> object:
        await context.http.get("https://elsewhere.example.se/")
        return None

    with pytest.raises(PluginFault) as caught:
        await asked(source(list_years=list_years), "list_years", context)
    assert caught.value.code == "address-not-declared"
    assert caught.value.parameters["hook"] == "list_years"
    assert caught.value.parameters["address"] == "https://elsewhere.example.se:443"


WRONG: list[tuple[str, object, str]] = [
    ("authorize", "https://login.example.se", ""),
    ("authorize", Redirect(7), "url"),  # type: ignore[arg-type]
    ("list_years", [YEAR], ""),
    ("list_years", (Company(), [YEAR, "2024"]), "1"),
    ("import_ledger", None, ""),
    ("import_ledger", {"rows": []}, ""),
    ("attachments", {"receivables": OPEN_ITEMS, "payables": None}, "payables"),
    ("attachments", {"payables": OPEN_ITEMS}, "payables"),
    ("attachments", {"both": OPEN_ITEMS}, "both"),
    ("export_terms", None, ""),
    ("export_voucher", True, ""),
    ("export_voucher", NotApplied("busy", retry_after="soon"), "retry_after"),  # type: ignore[arg-type]
    ("find_vouchers", [], ""),
    ("export_file", b"#FLAGGA 0", ""),
]


@pytest.mark.parametrize(("hook", "answer", "place"), WRONG)
async def test_a_wrong_answer_is_a_fault_that_names_the_place(
    hook: str, answer: object, place: str, context: HostContext
) -> None:
    with pytest.raises(PluginFault) as caught:
        await asked(source(**{hook: lambda: answer}), hook, context)
    assert caught.value.code == "plugin-returned-wrong"
    assert place in str(caught.value.parameters["place"])
    assert caught.value.parameters["hook"] == hook


async def test_a_builder_that_cannot_build_says_why(context: HostContext) -> None:
    import polars as pl

    def import_ledger() -> LedgerBuilder:
        builder = small_ledger()
        builder.extend("dimensions", pl.DataFrame({"dimension": [1], "name": ["Kostnadsställe"]}))
        builder.add_dimension(6, "Projekt")
        return builder

    with pytest.raises(DataError) as caught:
        await asked(source(import_ledger=import_ledger), "import_ledger", context)
    assert caught.value.code == "table-mixed"


async def test_what_a_source_changes_afterwards_changes_nothing_here(context: HostContext) -> None:
    import polars as pl

    ledger = small_ledger().build()
    sides: dict[Any, Any] = {"receivables": OPEN_ITEMS}
    plugin = source(import_ledger=lambda: ledger, attachments=lambda: sides)
    mine = await asked(plugin, "import_ledger", context)
    attachments = await asked(plugin, "attachments", context)
    ledger.rows.insert_column(0, pl.Series("extra", [1]))
    ledger.accounts.extend(ledger.accounts)
    sides.clear()
    assert mine.rows.columns[0] == "voucher"
    assert mine.accounts.height == 1
    assert attachments == {"receivables": OPEN_ITEMS}


async def test_what_a_source_does_to_its_request_stays_there(context: HostContext) -> None:
    class Settings(BaseModel):
        names: list[str] = []

    def attachments(request: AttachmentsRequest, connection: Connection) -> object:
        request.control_accounts.clear()
        connection.settings.names.append("changed")  # type: ignore[union-attr]
        return {}

    request = AttachmentsRequest(YEAR, YEAR.end, {"receivables": ("1510",)})
    settings = Settings()
    await source(attachments=attachments).attachments(request, Connection(settings, None), context)
    assert request.control_accounts == {"receivables": ("1510",)}
    assert settings.names == []


async def test_cancelling_the_task_cancels_an_async_hook(context: HostContext) -> None:
    started, ended = threading.Event(), threading.Event()

    async def import_ledger() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.ensure_future(asked(source(import_ledger=import_ledger), "import_ledger", context))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    assert task.cancelled()


@pytest.mark.parametrize("instead", [SourceUnavailable(), ValueError("lost")], ids=["api", "foreign"])
async def test_a_source_cannot_turn_a_cancellation_into_an_error(instead: Exception, context: HostContext) -> None:
    started = threading.Event()

    async def export_voucher() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise instead from None

    task = asyncio.ensure_future(asked(source(export_voucher=export_voucher), "export_voucher", context))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelling_leaves_a_plain_hook_at_once_and_stops_it_at_its_next_progress(context: HostContext) -> None:
    started, release = threading.Event(), threading.Event()
    stopped: list[BaseException] = []
    ended = threading.Event()

    def import_ledger(context: HostContext) -> None:
        started.set()
        release.wait(10)
        try:
            context.progress("", 1, 2)
        except BaseException as error:
            stopped.append(error)
            raise
        finally:
            ended.set()

    task = asyncio.ensure_future(asked(source(import_ledger=import_ledger), "import_ledger", context))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    await asyncio.to_thread(ended.wait, 10)
    assert [type(each) for each in stopped] == [asyncio.CancelledError]


class Stop(Exception):
    """What a host may raise from `progress`."""


@pytest.mark.parametrize("cancellation", [Stop(), asyncio.CancelledError()], ids=["own", "cancelled"])
@pytest.mark.parametrize("wrapped", ["not", "error", "group"])
async def test_what_progress_raises_comes_out_whatever_the_source_makes_of_it(
    cancellation: BaseException, wrapped: str, tmp_path: Path
) -> None:
    def progress(stage: str, done: int, total: int | None) -> None:
        raise cancellation

    def import_ledger(context: HostContext) -> None:
        try:
            context.progress("", 1, 2)
        except BaseException as error:
            if wrapped == "error":
                raise SourceUnavailable() from error
            if wrapped == "group":
                raise BaseExceptionGroup("tasks", [error]) from None
            raise

    with running_context("test", progress=progress, inside=tmp_path) as context:
        with pytest.raises(type(cancellation)) as caught:
            await asked(source(import_ledger=import_ledger), "import_ledger", context)
        assert caught.value is cancellation


async def test_progress_reaches_the_host(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []

    def import_ledger(context: HostContext) -> LedgerBuilder:
        context.progress("rows", 1, None)
        return small_ledger()

    with running_context(
        "test", progress=lambda stage, done, total: seen.append((stage, done, total)), inside=tmp_path
    ) as context:
        await asked(source(import_ledger=import_ledger), "import_ledger", context)
    assert seen == [("rows", 1, None)]


def hopeless(head: bytes) -> bool:
    raise SystemExit(head)


@pytest.mark.parametrize(
    ("recognises", "answer"),
    [(lambda head: head == b"#FLAGGA", True), (lambda head: False, False), (lambda head: 1, False), (hopeless, False)],
)
async def test_a_source_recognises_its_files_and_a_broken_one_does_not(
    recognises: Callable[[bytes], bool], answer: bool, caplog: pytest.LogCaptureFixture
) -> None:
    info = SourceInfo(name="Books", files=Files((".se",), recognises))
    assert loaded(Plugin(), info).recognises(b"#FLAGGA") is answer
    assert bool(caplog.records) is (recognises is hopeless)


async def test_a_source_without_files_recognises_none() -> None:
    assert not source().recognises(b"#FLAGGA")


async def test_the_log_has_the_trace_of_a_fault(context: HostContext, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PluginFault):
        await asked(source(export_terms=raising(ValueError("deep"), later=False)), "export_terms", context)
    assert "ValueError: deep" in caplog.text
    assert "test 1.2 failed in export_terms" in caplog.text
