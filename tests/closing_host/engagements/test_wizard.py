"""Startguiden's transition table, and where real engagements stand."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.register import new_engagement
from closing_host.engagements.setup import choose_period, confirm_company
from closing_host.engagements.synchronising import KIND, ask_for_import, left_behind, newest_run
from closing_host.engagements.wizard import STEPS, Step, next_step, standing
from closing_host.runs.runner import sweep
from closing_host.storage.audit import Actor
from closing_host.storage.runs import LEASE, Progress, Run, Runs
from small_sie import sie, voucher
from stored_books import SetClock

RUN = Run(
    id="k7q2-9mxw",
    kind=KIND,
    engagement_id=1,
    year_start=None,
    state="done",
    lock_key=None,
    progress=Progress(),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    started_at=None,
    finished_at=None,
    created_by="asa",
    error_code=None,
    error_parameters=None,
    error_detail=None,
    outcome=None,
    owner=None,
    heartbeat_at=None,
    lease_until=None,
)


def run(state: str) -> Run:
    return replace(RUN, state=state)  # type: ignore[arg-type]


ALL = ("company", "period", "accounts")


@pytest.mark.parametrize(
    ("way", "usable", "state", "has_books", "confirmed", "step"),
    [
        (None, False, None, False, (), Step.SOURCE),
        (None, True, "done", True, ALL, Step.SOURCE),
        ("login", False, None, False, (), Step.LOGIN),
        ("login", False, "done", True, ALL, Step.LOGIN),
        ("login", False, "failed", True, (), Step.LOGIN),
        ("login", True, None, False, ("company",), Step.IMPORT),
        ("login", True, "queued", False, (), Step.RUNNING),
        ("login", True, "running", True, ALL, Step.RUNNING),
        ("login", True, "failed", True, ALL, Step.IMPORT),
        ("login", True, "interrupted", False, (), Step.IMPORT),
        ("login", True, "done", True, (), Step.COMPANY),
        ("login", True, "done", True, ("company",), Step.PERIOD),
        ("login", True, "done", True, ("company", "accounts"), Step.PERIOD),
        ("login", True, "done", True, ("company", "period"), Step.ACCOUNTS),
        ("login", True, "done", True, ALL, Step.DONE),
        ("file", False, None, False, ("company", "period"), Step.FILE),
        ("file", False, None, True, (), Step.COMPANY),
        ("file", False, None, True, ("company", "period"), Step.DONE),
        ("file", False, "failed", True, ("company", "period"), Step.DONE),
        ("direct", False, None, False, ALL, Step.IMPORT),
        ("direct", False, "done", True, ("company",), Step.PERIOD),
        ("direct", False, "done", True, ALL, Step.DONE),
    ],
)
def test_what_comes_next(
    way: str | None, usable: bool, state: str | None, has_books: bool, confirmed: tuple[str, ...], step: Step
) -> None:
    latest = run(state) if state else None
    steps = STEPS[way] if way else ()  # type: ignore[index]
    assert next_step(steps, usable=usable, run=latest, has_books=has_books, confirmed=confirmed) is step


def test_every_way_goes_from_the_source_through_the_same_questions_to_the_end() -> None:
    assert {(steps[0], steps[-1]) for steps in STEPS.values()} == {(Step.SOURCE, Step.DONE)}
    for steps in STEPS.values():
        at = steps.index(Step.COMPANY)
        assert steps[at : at + 3] == (Step.COMPANY, Step.PERIOD, Step.IMPORT)


@pytest.mark.anyio
async def test_an_engagement_from_files_needs_one_and_then_two_answers(tmp_path: Path) -> None:
    with Host.open(tmp_path / "data", Actor("asa")) as host:
        client = new_engagement(host, "Åkes Bageri AB", organisation_number="556677-8899")
        assert standing(host, client.id).step is Step.FILE
        (tmp_path / "books.se").write_bytes(sie(voucher(1)))
        await import_file(host, tmp_path / "books.se", Placing())
        assert standing(host, client.id).step is Step.COMPANY
        confirm_company(host, client.id, form="AB", framework="K2")
        assert standing(host, client.id).step is Step.PERIOD
        choose_period(host, client.id, "quarter")
        now = standing(host, client.id)
        assert (now.step, now.passed) == (Step.DONE, frozenset(now.steps))
        assert Step.ACCOUNTS not in now.steps, "a file has no sub-ledger and takes no vouchers"


def test_an_import_is_asked_for_once_and_taken_up_by_the_next_process(tmp_path: Path) -> None:
    clock = SetClock()
    with Host.open(tmp_path / "data", Actor("asa"), clock=clock) as host:
        client = new_engagement(host, "X", source_id="fortnox")
        asked = ask_for_import(host, client.id)
        assert ask_for_import(host, client.id).id == asked.id
        assert [each.id for each in left_behind(host)] == [asked.id]
        with host.store.database.write() as connection:
            Runs(connection, clock).start(asked.id, owner="a process that dies")
        assert left_behind(host) == ()
        clock.advance(LEASE)
        clock.advance(LEASE)
        sweep(host.store)  # as the next process does when it opens the folder
        (again,) = left_behind(host)
        assert again.id != asked.id
        assert newest_run(host, client.id) == again
        assert [each.id for each in left_behind(host)] == [again.id]


def test_an_import_that_broke_off_long_ago_is_not_begun_again(tmp_path: Path) -> None:
    clock = SetClock()
    with Host.open(tmp_path / "data", Actor("asa"), clock=clock) as host:
        client = new_engagement(host, "X", source_id="fortnox")
        asked = ask_for_import(host, client.id)
        with host.store.database.write() as connection:
            Runs(connection, clock).start(asked.id, owner="a process that dies")
        clock.advance(2 * LEASE)
        sweep(host.store)
        clock.advance(60 * LEASE)
        assert left_behind(host) == ()
