"""What the user decides about the transaction analysis: findings that are done with, and the engagement's checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.analysis import CheckChoice
from closing_host.closing.analysis.choices import LONGEST, hash_of, new_own_check, standard_of, switched_off
from closing_host.engagements.analysing import Analysis
from closing_host.engagements.frozen_analysis import locked_for
from closing_host.engagements.host import Host
from closing_host.engagements.periods import read_periods
from closing_host.storage.analysis_decisions import AnalysisDecisions
from closing_host.storage.audit import Trail
from closing_host.storage.engagements import EngagementRecords


def mark_done(
    host: Host, engagement_id: int, year_start: date, found: Analysis, findings: Collection[str], *, comment: str = ""
) -> int:
    """Mark findings of `found`, the year's analysis that the user sees, done; how many.

    `findings`: their hashes or the beginnings of them. A mark holds while the finding's identity does, through every
    import. Raises `DataError` `finding-unknown`, `analysis-comment-too-long`, `ClosingError` `period-locked`.
    """
    if len(comment) > LONGEST:
        raise DataError("analysis-comment-too-long", length=len(comment), limit=LONGEST)

    def mark(decisions: AnalysisDecisions, trail: Trail, year: date, check: str, hashes: Collection[str]) -> None:
        decisions.mark(trail, year, check, hashes, comment.strip())

    return _decided(host, engagement_id, year_start, found, findings, mark)


def reopen(host: Host, engagement_id: int, year_start: date, found: Analysis, findings: Collection[str]) -> int:
    """Open findings again, as `mark_done` names them. Raises as it does."""
    return _decided(host, engagement_id, year_start, found, findings, AnalysisDecisions.unmark)


def check_choices(host: Host, engagement_id: int) -> tuple[CheckChoice, ...]:
    """What the engagement chose of checks."""
    with host.store.database.read() as connection:
        return AnalysisDecisions(connection, engagement_id).choices()


def switch_off(host: Host, engagement_id: int, check: str, reason: str) -> None:
    """Run the check no longer. Raises `DataError` `analysis-check-unknown`, `analysis-reason-missing`."""

    def off(choices: tuple[CheckChoice, ...]) -> CheckChoice:
        own = _own(choices, check)
        return switched_off(CheckChoice(standard_of(check).id) if own is None else own, reason)

    _change(host, engagement_id, off)


def switch_on(host: Host, engagement_id: int, check: str) -> None:
    """Run the check again. Raises `DataError` `analysis-check-unknown`."""

    def on(choices: tuple[CheckChoice, ...]) -> CheckChoice:
        own = _own(choices, check)
        return CheckChoice(standard_of(check).id) if own is None else replace(own, enabled=True, reason="")

    _change(host, engagement_id, on)


def add_check(host: Host, engagement_id: int, standard: str, name: str, values: Mapping[str, str]) -> CheckChoice:
    """An own check: a copy of a standard one with other parameters. Raises as `new_own_check`."""
    with host.store.database.write() as connection:
        decisions = AnalysisDecisions(connection, engagement_id)
        choice = new_own_check(decisions.used_ids(), standard, name, values)
        decisions.choose(host.store.trail(connection, host.actor), choice)
    return choice


def remove_check(host: Host, engagement_id: int, check: str) -> None:
    """Remove an own check. Raises `DataError` `analysis-check-not-own`."""
    with host.store.database.write() as connection:
        decisions = AnalysisDecisions(connection, engagement_id)
        if _own(decisions.choices(), check) is None:
            raise DataError("analysis-check-not-own", check=check)
        decisions.remove(host.store.trail(connection, host.actor), check)


def _own(choices: tuple[CheckChoice, ...], check: str) -> CheckChoice | None:
    return next((each for each in choices if each.id == check and each.standard), None)


def _change(host: Host, engagement_id: int, changed: Callable[[tuple[CheckChoice, ...]], CheckChoice]) -> None:
    with host.store.database.write() as connection:
        decisions = AnalysisDecisions(connection, engagement_id)
        decisions.choose(host.store.trail(connection, host.actor), changed(decisions.choices()))


def _decided(
    host: Host,
    engagement_id: int,
    year_start: date,
    found: Analysis,
    findings: Collection[str],
    decide: Callable[[AnalysisDecisions, Trail, date, str, Collection[str]], None],
) -> int:
    """Carry the decision out, each check's findings together."""
    with host.store.database.write() as connection:
        year = EngagementRecords(connection, engagement_id).year(year_start)
        locked = locked_for(read_periods(connection, engagement_id, year), found.period) if year else None
        if locked is not None:
            raise ClosingError("period-locked", period=locked.key)
        by_check = _by_check(found, findings)
        trail, decisions = host.store.trail(connection, host.actor), AnalysisDecisions(connection, engagement_id)
        for check, hashes in sorted(by_check.items()):
            decide(decisions, trail, year_start, check, sorted(hashes))
    return sum(len(each) for each in by_check.values())


def _by_check(found: Analysis, findings: Collection[str]) -> dict[str, set[str]]:
    """The hashes of the findings that are meant, by check."""
    checks = {hash_of(each): result.id for result in found.results for each in result.findings["identity"]}
    by_check: dict[str, set[str]] = {}
    for stated in findings:
        matching = [each for each in checks if stated and each.startswith(stated.lower())]
        if len(matching) != 1:
            raise DataError("finding-unknown", finding=stated)
        by_check.setdefault(checks[matching[0]], set()).add(matching[0])
    return by_check
