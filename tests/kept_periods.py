"""What a user does with periods and accounts, as records in a world of `stored_books`, one step for each point."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import polars as pl

from closing_host.closing.period_balances import FIGURES
from closing_host.closing.standing import AccountRecord, Review, SignOff
from closing_host.storage.account_records import AccountRecords, ReconciliationSettings
from closing_host.storage.audit import Action, Trail
from closing_host.storage.database import Connection
from closing_host.storage.periods import LAST_YEAR, Frozen, FrozenCheck, FrozenLastYear, PeriodRecords
from stored_books import ANNA, YEAR_START, SetClock, World

MARCH: Final = "2026-03"
MARCH_END: Final = date(2026, 3, 31)
SIGNED: Final = AccountRecord(
    90_000, "Ring Åke", SignOff("anna", SetClock().now, "f" * 64, 90_000, 90_000), Review.APPROVED, "Sett", "bo"
)
FIGURES_THEN: Final = pl.DataFrame(
    [("1510", "Kundfordringar", 1, 2, 1, 3, True), ("3010", "Försäljning", 0, -3, 0, -3, True)],
    schema=FIGURES,
    orient="row",
)
CHECKS: Final = (
    FrozenCheck("TA01", "", "passed", 0, 0),
    FrozenCheck("TA23", "", "could_not_run", 0, 0, "analysis-too-few-rows", {"count": 3, "needed": 300}),
    FrozenCheck("own-1", "Bank", "red", 3, 1),
)
THEN: Final = pl.DataFrame([("3010", "Försäljning", -2, -2), ("3990", "Bidrag", 0, -9)], schema=LAST_YEAR, orient="row")

Step = Callable[[Connection, Trail], None]


def start(connection: Connection, trail: Trail) -> None:
    PeriodRecords(connection, 1, YEAR_START).start(trail, MARCH)


def lock(connection: Connection, trail: Trail) -> None:
    PeriodRecords(connection, 1, YEAR_START).lock(
        trail,
        MARCH,
        MARCH_END,
        reason="Bråttom",
        snapshot_id=1,
        fingerprint="f" * 64,
        figures=FIGURES_THEN,
        frozen={"1510": Frozen(3, attached=True)},
        checks=CHECKS,
        last_year=FrozenLastYear(date(2025, 1, 1), date(2025, 3, 1), date(2025, 3, 31), THEN),
    )


def unlock(connection: Connection, trail: Trail) -> None:
    records = PeriodRecords(connection, 1, YEAR_START)
    records.unlock(trail, records.locks()[-1], "Ny faktura")


def keep_account(connection: Connection, trail: Trail) -> None:
    records = AccountRecords(connection, 1, YEAR_START)
    records.put(trail, Action.ACCOUNT_SIGNED_OFF, MARCH, "1510", SIGNED, snapshot_id=1)


def choose_reviewers(connection: Connection, trail: Trail) -> None:
    ReconciliationSettings(connection, 1).set_others_review(trail, True)


STEPS: Final[Mapping[str, tuple[Step, tuple[Step, ...], tuple[str, ...]]]] = {
    # what is done, what must have been done before it, and the points that it passes
    "start": (start, (), ("period.before_start", "period.after_start")),
    "lock": (lock, (), ("period.before_lock", "period.after_lock", "period.after_figures")),
    "unlock": (unlock, (lock,), ("period.before_unlock", "period.after_unlock")),
    "account": (keep_account, (), ("account.before_row", "account.after_row")),
    "reviewers": (choose_reviewers, (), ("reconciliation.before_row", "reconciliation.after_row")),
}


def do(world: World, *steps: Step) -> None:
    """Each step in a transaction of its own."""
    for step in steps:
        with world.store.database.write() as connection:
            step(connection, world.store.trail(connection, ANNA))


def work_on_periods(world: World) -> None:
    """All of them."""
    do(world, start, lock, unlock, keep_account, choose_reviewers)
