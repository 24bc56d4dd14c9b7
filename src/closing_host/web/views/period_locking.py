"""The periods of a year: where each stands; start, lock and unlock one (*Lås period*, *Lås upp*)."""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.engagements.periods import YearPeriods
from closing_host.web import reconciliation_words
from closing_host.web.call import Call
from closing_host.web.reconciliation_desk import ReconciliationDesk
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year

Act = Callable[[Call, ReconciliationDesk, str], None]
"""What a button does to the period with the key."""


def periods(call: Call) -> Response:
    """All periods, and what stands in the way of locking the first that is open."""
    return _shown(call)


def _acting(act: Act) -> Callable[[Call], Response]:
    """A button of the page. What it is refused stands on that page again, with the reason that was typed."""

    def view(call: Call) -> Response:
        year = shown_year(call)["year"]
        desk, key = call.desk.reconciliation(year), call.field("period")[:20]
        desk.periods.find(key)
        try:
            act(call, desk, key)
        except ClosingError as error:
            return _shown(call, error, 422 if isinstance(error, DataError) else 409)
        return call.go(f"/engagements/{call.desk.id}/reconciliation/periods?year={year.year_end}")

    return view


def _start(call: Call, desk: ReconciliationDesk, key: str) -> None:
    desk.start(key)


def _lock(call: Call, desk: ReconciliationDesk, key: str) -> None:
    if through := call.field("through")[:20]:
        desk.lock_through(through, call.field("reason"))
    else:
        desk.lock(key, call.field("reason"))


def _unlock(call: Call, desk: ReconciliationDesk, key: str) -> None:
    desk.unlock(key, call.field("reason"))


def _others(call: Call, desk: ReconciliationDesk, key: str) -> None:
    desk.let_others_review(call.field("others") == "1")


def _shown(call: Call, problem: ClosingError | None = None, status: int = 200) -> Response:
    shown = shown_year(call)
    desk = call.desk.reconciliation(shown["year"])
    values: dict[str, Any] = {
        "periods": desk.periods,
        "open": _to_lock(desk),
        "through": _through(desk),
        "chosen": call.field("through"),
        "paused_by": {each.key: _started_after(desk.periods, each.key) for each in desk.periods.periods if each.lock},
        "others": desk.others_review,
        "problem": problem,
        "reason": call.field("reason"),
        "pressed": call.field("period") or call.query("period"),
        "saying": reconciliation_words,
        "base": f"/engagements/{call.desk.id}/reconciliation",
        "in_year": f"?year={shown['year'].year_end}",
    }
    return call.page("reconciliation_periods.html", status, **values, **shown)


def _to_lock(desk: ReconciliationDesk) -> Any:
    """The sheet of the first period that is not locked; None when all are."""
    current = desk.periods.current
    return None if current.state == "locked" else desk.sheet(current.key)


def _through(desk: ReconciliationDesk) -> list[Any]:
    """The periods up to which all can be locked at once: *Årsavslut* is locked by itself."""
    return [each.period for each in desk.periods.periods if each.state != "locked" and not each.period.is_year_end]


def _started_after(periods: YearPeriods, key: str) -> list[Any]:
    """The periods that wait when this one is unlocked."""
    return [each.period for each in periods.after(periods.find(key)) if each.state != "not-started"]


ACTS: Final[dict[str, Act]] = {"start": _start, "lock": _lock, "unlock": _unlock, "others": _others}

_PERIODS: Final = "/engagements/{engagement:int}/reconciliation/periods"

PAGES = (
    Page("GET", _PERIODS, periods, Permission.READ),
    *(Page("POST", f"{_PERIODS}/{name}", _acting(act), Permission.RECONCILE) for name, act in ACTS.items()),
)
