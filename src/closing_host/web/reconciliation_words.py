"""Words of *Balansavstämning*: status, review, filters, states and names of periods."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from closing_host.closing.periods import Period
from closing_host.locale import Words

STANDING_COLOURS: Final[Mapping[str, str]] = {"not-started": "idle", "started": "warn", "done": "ok", "changed": "bad"}

REVIEW_COLOURS: Final[Mapping[str, str]] = {"not-reviewed": "idle", "approved": "ok", "rejected": "warn"}

STATE_COLOURS: Final[Mapping[str, str]] = {"not-started": "idle", "started": "warn", "paused": "idle", "locked": "ok"}

FIGURES: Final[Mapping[str, str]] = {"closing": "Closing balance", "reconciled": "Reconciled amount"}

FILTERS: Final[Mapping[str, str]] = {
    "": "All accounts",
    "differences": "Only differences",
    "open": "Not done",
    "changed": "Changed after sign-off",
}
SORTS: Final[Mapping[str, str]] = {"": "Account", "difference": "Reconciliation difference", "status": "Status"}


def standing(words: Words, value: str) -> str:
    """*Ej påbörjad*, *Pågår*, *Klar*, *Ändrad efter klar*."""
    return words.message(f"report-account-{value}", {})


def review(words: Words, value: str) -> str:
    """*Ej granskad*, *Godkänd*, *Ej godkänd*."""
    return words.message(f"report-review-{value}", {})


def state(words: Words, value: str) -> str:
    """How a period stands."""
    return words.message(f"report-period-{value}", {})


def figure(words: Words, value: str) -> str:
    """What moved since a sign-off."""
    return words.text(FIGURES[value])


def chosen(words: Words, value: str) -> str:
    """Which accounts are shown."""
    return words.text(FILTERS[value])


def sort(words: Words, value: str) -> str:
    """In which order."""
    return words.text(SORTS[value])


def period(words: Words, period: Period) -> str:
    """`2025-03` for a month, `2025-01 – 2025-03` for several, the days of one that the year cuts; *Årsavslut*."""
    if period.is_year_end:
        return words.text("Year end")
    whole = period.start.day == 1 and (period.end + timedelta(days=1)).day == 1
    first, last = (f"{each:%Y-%m}" if whole else words.date(each) for each in (period.start, period.end))
    return last if first == last else f"{first} – {last}"


def listed(words: Words, periods: Iterable[Period]) -> str:
    """Several periods."""
    return ", ".join(period(words, each) for each in periods)


def columns(words: Words) -> dict[str, str]:
    """The columns of the sheet: each stands in hundreds of rows, and is said once."""
    figures = words.texts("Opening", "Change", "Closing", "Reconciled amount", "Reconciliation difference")
    others = words.texts("Attachments", "Status", "Done", "Quality review", "Comment")
    names = ("opening", "change", "closing", "reconciled", "difference")
    return dict(zip((*names, "attachments", "status", "done", "review", "comment"), (*figures, *others), strict=True))
