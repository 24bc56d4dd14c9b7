"""The only caller of hooks: one typed method for each, on exactly one plugin (design 2.8)."""

import asyncio
import copy
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NoReturn

import pluggy

from closing_host.api.authorization import AuthorizeRequest, Step
from closing_host.api.context import (
    AttachmentsRequest,
    Connection,
    ExportRequest,
    FileRequest,
    FindRequest,
    ImportRequest,
    TermsRequest,
)
from closing_host.api.errors import CapabilityMissing, ClosingError, PluginFault, SourceUnavailable
from closing_host.api.ledger import Company, FinancialYear, Ledger
from closing_host.api.source import SourceInfo
from closing_host.api.subledger import Attachments
from closing_host.api.vouchers import ExportTerms, FoundVouchers, NotApplied, Outcome, WrittenFile
from closing_host.sources.apart import apart
from closing_host.sources.breaker import Breaker
from closing_host.sources.context import HostContext
from closing_host.sources.isolation import Raised, Returned, in_thread, within
from closing_host.sources.returned import Unfit, taken, taken_ledger

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class DataSource:
    """A loaded source. `hooks`: what it implements, `describe_source` left out, each bound to this plugin alone.

    Every method below calls the hook of its name, in a thread of its own, a coroutine there on a loop of its own. The
    source gets copies of request and connection and returns what becomes the host's own copy. Raises

    - `CapabilityMissing` `operation-not-offered` when the source does not implement the hook;
    - `SourceUnavailable` `source-resting` or `source-crowded` without calling it, when the source has not come back
      from earlier calls (`breaker`);
    - `PluginFault` `plugin-silent` when it gives no sign of life for too long; parameter `seconds` and those below;
    - what the source raises of `api.errors`, as it is;
    - the cancellation: `asyncio.CancelledError` when the awaiting task is cancelled, and what the context's
      `progress` raised, whatever the source makes of either;
    - `PluginFault` for everything else, also `SystemExit` and `KeyboardInterrupt` (the user's own arrives as a
      cancellation): `plugin-fault` with the escaped exception as its cause, `plugin-returned-wrong` for an answer
      that the contract does not allow. Parameters: `source`, `version`, `distribution`, `hook`.
    """

    id: str
    version: str
    distribution: str
    info: SourceInfo
    hooks: Mapping[str, pluggy.HookCaller] = field(repr=False)
    breaker: Breaker = field(default_factory=Breaker, repr=False)

    @property
    def operations(self) -> frozenset[str]:
        """The names of the hooks that can be called."""
        return frozenset(self.hooks)

    def recognises(self, head: bytes) -> bool:
        """The source says that a file which begins with `head` (up to 4096 bytes) is one of its kind.

        A source that fails over it, or takes its time, does not recognise it; the log says so, and others are asked.
        """
        if self.info.files is None:
            return False
        try:
            self.breaker.refuse(self.info.name)
        except SourceUnavailable as refused:
            _LOG.warning("%s %s was not asked to recognise a file: %s", self.id, self.version, refused.code)
            return False
        recognises = self.info.files.recognises

        def counted() -> bool:
            with self.breaker.counted():
                return recognises(head)

        answer = within(self.breaker.recognising, counted)
        if answer is None:
            self.breaker.gave_up()
            _LOG.error("%s %s took too long in recognises", self.id, self.version)
            return False
        self.breaker.answered()
        if isinstance(answer, Raised):
            _LOG.error("%s %s failed in recognises", self.id, self.version, exc_info=answer.error)
            return False
        return answer.value is True

    async def authorize(self, request: AuthorizeRequest, connection: Connection, context: HostContext) -> Step:
        """One step of login, renewal, check or disconnection."""
        step: Step = await self._call("authorize", context, request=request, connection=connection)
        return step

    async def list_years(
        self, connection: Connection, context: HostContext
    ) -> tuple[Company, tuple[FinancialYear, ...]]:
        """The company and its financial years, newest first."""
        company, years = await self._call("list_years", context, connection=connection)
        return company, tuple(years)

    async def import_ledger(self, request: ImportRequest, connection: Connection, context: HostContext) -> Ledger:
        """One financial year; a builder has been built."""
        ledger: Ledger = await self._call(
            "import_ledger", context, taken_ledger, request=request, connection=connection
        )
        return ledger

    async def attachments(
        self, request: AttachmentsRequest, connection: Connection, context: HostContext
    ) -> Attachments:
        """Receivables and payables, by side."""
        sides: Attachments = await self._call("attachments", context, request=request, connection=connection)
        return sides

    async def export_terms(self, request: TermsRequest, connection: Connection, context: HostContext) -> ExportTerms:
        """The facts that decide whether vouchers can be booked."""
        terms: ExportTerms = await self._call("export_terms", context, request=request, connection=connection)
        return terms

    async def export_voucher(self, request: ExportRequest, connection: Connection, context: HostContext) -> Outcome:
        """Book one voucher. Whatever this raises, `CapabilityMissing` apart, means that the outcome is unknown."""
        try:
            self.breaker.refuse(self.info.name)
        except SourceUnavailable as refused:
            return NotApplied("source-silent-before", retry_after=refused.retry_after)
        booked: Outcome = await self._call("export_voucher", context, request=request, connection=connection)
        return booked

    async def find_vouchers(self, request: FindRequest, connection: Connection, context: HostContext) -> FoundVouchers:
        """Vouchers by marker, number or high-water mark."""
        found: FoundVouchers = await self._call("find_vouchers", context, request=request, connection=connection)
        return found

    async def export_file(self, request: FileRequest, connection: Connection, context: HostContext) -> WrittenFile:
        """A file with the vouchers."""
        file: WrittenFile = await self._call("export_file", context, request=request, connection=connection)
        return file

    async def _call(
        self, hook: str, context: HostContext, take: Callable[[object], Any] | None = None, /, **given: object
    ) -> Any:
        if hook not in self.hooks:
            raise CapabilityMissing("operation-not-offered", source=self.info.name, operation=hook)
        self.breaker.refuse(self.info.name)
        run = partial(self.hooks[hook], context=context, **copy.deepcopy(given))
        context.sign_of_life()
        try:
            answer = await apart(run, context.silence, self.breaker.patience(hook), self.breaker.counted())
            self.breaker.answered()
            if isinstance(answer, Returned):
                answer = await in_thread(partial(take or partial(taken, hook), answer.value))
        except TimeoutError:
            self.breaker.gave_up()
            self._leave(hook, context)
        except asyncio.CancelledError:
            context.interrupt()
            raise
        if isinstance(answer, Returned):
            return answer.value
        self._raise(hook, answer.error, context)

    def _leave(self, hook: str, context: HostContext) -> NoReturn:
        """Nobody waits any more: from now on `progress` stops the hook, if it ever calls it."""
        if context.interruption is not None:
            raise context.interruption
        context.interrupt()
        _LOG.error("%s %s gave no sign of life in %s", self.id, self.version, hook)
        raise PluginFault("plugin-silent", seconds=round(self.breaker.patience(hook)), **self._where(hook))

    def _where(self, hook: str) -> dict[str, str]:
        return {
            "source": self.info.name,
            "version": self.version,
            "distribution": self.distribution,
            "hook": hook,
        }

    def _raise(self, hook: str, error: BaseException, context: HostContext) -> NoReturn:
        """Sort out what escaped: a cancellation first, because a source may have made anything of it."""
        if context.interruption is not None:
            raise context.interruption from (error if error is not context.interruption else None)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            context.interrupt()
            raise error if isinstance(error, asyncio.CancelledError) else asyncio.CancelledError() from error
        where = self._where(hook)
        if isinstance(error, ClosingError) and not isinstance(error, PluginFault):
            raise error
        _LOG.error("%s %s failed in %s", self.id, self.version, hook, exc_info=error)
        if isinstance(error, PluginFault):  # the host's own, made where the source called back
            raise PluginFault(error.code, detail=error.detail, **{**where, **error.parameters}) from error
        if isinstance(error, Unfit):
            raise PluginFault("plugin-returned-wrong", place=error.place, reason=error.reason, **where) from error
        raise PluginFault("plugin-fault", cause=type(error).__name__, **where) from error
