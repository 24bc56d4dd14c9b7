"""What `closing analysis` tells of a locked period: the checks as they stood then; none runs (P 7.3)."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.reconcile_output import period_name
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.frozen_analysis import FrozenAnalysis
    from closing_host.storage.periods import FrozenCheck


def frozen_of(books: str, period: str) -> "FrozenAnalysis | None":
    """What was frozen for the period of the books; None for an open one, and for a file."""
    if Path(books).is_file():
        return None
    from closing_host.engagements.books import find_books
    from closing_host.engagements.frozen_analysis import frozen_analysis

    with house() as host:
        engagement, snapshot = find_books(host, books)
        return frozen_analysis(host, engagement.id, snapshot, period)


def show_frozen(frozen: "FrozenAnalysis", wanted: Collection[str]) -> bool:
    """Tell of the checks that are `wanted`; whether one of them was red."""
    words = session().words
    checks = [each for each in frozen.checks if each.check_id in wanted]
    period, lock = frozen.period.period, frozen.lock

    def human() -> None:
        output.line(
            words.text("Transaction analysis {start} – {end}", start=period.start, end=period.end), style="bold"
        )
        said = words.text(
            "{period} is locked, so no check runs. This is what they said when {by} locked it, {at}.",
            period=period_name(period),
            by=lock.locked_by,
            at=words.instant(lock.locked_at),
        )
        output.line(said, style="yellow")
        titles = words.texts("Check", "Rule", "Result", "Findings", "Left open")
        output.table("", titles, [_row(each) for each in checks])
        for each in checks:
            if each.reason:
                output.line(f"{each.check_id} {_reason(each)}", style="dim")

    data = {
        "start": period.start,
        "end": period.end,
        "locked": {"period": period.key, "at": lock.locked_at, "by": lock.locked_by},
        "checks": [_data(each) for each in checks],
    }
    output.result(data, human)
    return any(each.state == "red" for each in checks)


def _row(check: "FrozenCheck") -> tuple[object, ...]:
    return check.check_id, _name(check), outcome_name(check.state), check.findings, check.left_open


def _data(check: "FrozenCheck") -> dict[str, Any]:
    return {
        "id": check.check_id,
        "name": _name(check),
        "state": check.state,
        "reason": _reason(check),
        "count": check.findings,
        "left": check.left_open,
    }


def _name(check: "FrozenCheck") -> str:
    from closing_host.closing.analysis import CHECKS

    code = next((each.code for each in CHECKS if each.id == check.check_id), "")
    return check.name or (session().words.message(code, {}) if code else check.check_id)


def _reason(check: "FrozenCheck") -> str:
    return session().words.message(check.reason, check.parameters) if check.reason else ""


def outcome_name(state: str) -> str:
    """*Avvikelse*, *Anmärkning*, *Klarmarkerad*, *Kunde inte köras*, *Ingen avvikelse*."""
    states = ("red", "info", "done", "could_not_run", "passed")
    said = session().words.texts("Deviation", "Remark", "Marked done", "Could not run", "No deviation")
    return dict(zip(states, said, strict=True))[state]
