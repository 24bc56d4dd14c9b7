"""*Startguiden* of one engagement as pages may reach it: every call holds its id (T G-1)."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.subledger import Side
from closing_host.engagements import closing_series, kept_work, setup
from closing_host.engagements.attachment_choices import choose_accounts
from closing_host.engagements.attachment_making import known_accounts
from closing_host.engagements.closing_series import SeriesOffer
from closing_host.engagements.kept_work import KeptWork
from closing_host.ledgers.accounts import with_names
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.house import House

SIDES: Final[tuple[Side, ...]] = ("receivables", "payables")


@dataclass(frozen=True, slots=True)
class ControlAccounts:
    """The control accounts of one side as they are now, each with its name. `missing`: those that the books lack."""

    side: Side
    accounts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def text(self) -> str:
        """As a field holds them."""
        return " ".join(account for account, _ in self.accounts)


class GuideDesk:
    """What the user says in the guide about the engagement with this id."""

    def __init__(self, house: House, engagement_id: int) -> None:
        self._house = house
        self._host = house.host
        self.id: Final = engagement_id

    def confirm_company(self, form: str, framework: str) -> None:
        """*Stämmer det?*: yes."""
        setup.confirm_company(self._host, self.id, form=form, framework=framework)

    def choose_period(self, period: str) -> None:
        """*Avstämningsperiod*."""
        setup.choose_period(self._host, self.id, period)

    def confirm_accounts(self) -> None:
        """*Kontrollkonton* and series are right."""
        setup.confirm_accounts(self._host, self.id)

    def accept_proposals(self, steps: Collection[str]) -> None:
        """Everything else that `steps` ask as proposed."""
        setup.accept_proposals(self._host, self.id, steps)

    def control_accounts(self, snapshot: Snapshot) -> tuple[ControlAccounts, ...]:
        """Both sides' accounts as they are now, with their names in the books of `snapshot`."""
        ledger = self._house.ledger(snapshot)
        found = []
        for side, accounts in known_accounts(self._host, snapshot).items():
            named = with_names(pl.DataFrame({"account": list(accounts)}, schema={"account": pl.String}), ledger)
            rows = tuple(named.select("account", "name").iter_rows())
            used = set(ledger.rows["account"]) | set(ledger.balances["account"])
            missing = [each["account"] for each in named.iter_rows(named=True) if not each["declared"]]
            found.append(ControlAccounts(side, rows, tuple(each for each in missing if each not in used)))
        return tuple(found)

    def choose_accounts(self, snapshot: Snapshot, side: Side, accounts: Sequence[str]) -> None:
        """Reconcile with other control accounts; nothing for those that it is reconciled with already.

        Raises `DataError` `control-account-unknown`, `control-account-missing` for none, and `run-active`.
        """
        if not accounts:
            raise DataError("control-account-missing")
        if sorted(set(accounts)) != sorted(known_accounts(self._host, snapshot)[side]):
            asyncio.run(choose_accounts(self._host, f"{self.id}/{snapshot.year_end}", side, accounts))

    async def series(self, year: EngagementYear) -> SeriesOffer:
        """The series of the year, asked of the source. Raises as `closing_series` does."""
        return await closing_series.closing_series(self._host, self.id, year)

    def chosen_series(self) -> str:
        """The company's last choice."""
        return closing_series.chosen_series(self._host, self.id)

    def choose_series(self, series: str) -> None:
        """What exports preselect."""
        closing_series.choose_series(self._host, self.id, series)

    def can_export(self, source_id: str) -> bool:
        """Whether the source takes vouchers."""
        return closing_series.can_export(self._host, source_id)

    def kept_work(self) -> KeptWork:
        """What stays whatever the source."""
        return kept_work.kept_work(self._host, self.id)
