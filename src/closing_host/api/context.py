"""What a hook is given: its request, the connection, and the context in which it runs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import BaseModel

from closing_host.api.ledger import Company, FinancialYear
from closing_host.api.subledger import Side
from closing_host.api.vouchers import VoucherDraft

if TYPE_CHECKING:
    import httpx

    from closing_host.api.authorization import Account


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that the user gave. `name` as the user knows it (never a path to open); `path` where its bytes are."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Import one financial year. `year` names it (None: the file says), `file` for file sources.

    `encoding` overrides what the bytes say, when the user has chosen one.
    """

    year: FinancialYear | None = None
    file: SourceFile | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class AttachmentsRequest:
    """Sub-ledgers for one financial year: complete from its first day through `through` (the day of import).

    `control_accounts` are the user's choice per side; sides that are missing follow the source's own setting.
    """

    year: FinancialYear
    through: date
    control_accounts: dict[Side, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TermsRequest:
    """Export terms for one year; `changed_since`: the snapshot's instant, for the count of changed vouchers."""

    year: FinancialYear
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Book one voucher in `series` of `year`."""

    year: FinancialYear
    series: str
    voucher: VoucherDraft


@dataclass(frozen=True, slots=True)
class FindRequest:
    """Every voucher of `year` and `series` that carries one of `markers`, has one of `numbers`, or has a number
    above `above` (the high-water mark noted before the first send)."""

    year: FinancialYear
    series: str
    markers: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    above: int | None = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Write a file with these vouchers of one company and year; a file source has no login that could name them."""

    company: Company
    year: FinancialYear
    vouchers: tuple[VoucherDraft, ...]


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Connection:
    """One engagement's use of the source. `settings` and `installation` are instances of the declared models,
    None when the source declares none; `account` is None without login."""

    settings: BaseModel | None
    installation: BaseModel | None
    account: "Account | None" = None

    def settings_as(self, model: type[Model]) -> Model:
        """The engagement's settings, typed as the declared `model`. Raises `TypeError` for another."""
        return _typed(self.settings, model)

    def installation_as(self, model: type[Model]) -> Model:
        """The installation's settings, typed as the declared `model`. Raises `TypeError` for another."""
        return _typed(self.installation, model)


def _typed(stated: BaseModel | None, model: type[Model]) -> Model:
    if not isinstance(stated, model):
        raise TypeError(f"{model.__name__} is not the model that the source declares")
    return stated


Progress = Callable[[str, int, int | None], None]
"""`progress(stage, done, total)`: cheap; call it often. `stage` is a word of the source's catalogue, "" for none.
It raises `asyncio.CancelledError` when the user has cancelled: let it through."""


class Context(Protocol):
    """The world as a hook sees it; everything is injected, so that tests replace it.

    `http` carries the credential, the pace and the retries, and reaches only declared hosts; in `authorize` it
    carries no credential. A hook that uses it is `async def`.
    """

    @property
    def http(self) -> "httpx.AsyncClient":
        """The client to call the source with."""
        ...

    @property
    def progress(self) -> Progress:
        """Says how far the work is; raises when cancelled."""
        ...

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now, in UTC, with zone."""
        ...

    @property
    def log(self) -> logging.Logger:
        """Never for secrets, names or texts of vouchers."""
        ...

    @property
    def workdir(self) -> Path:
        """A folder of this call's own, removed afterwards."""
        ...

    def keep(self, name: str, content: bytes) -> None:
        """Store what came over the wire beside the snapshot."""
        ...
