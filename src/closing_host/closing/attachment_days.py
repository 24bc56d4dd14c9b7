"""As at which day an import makes attachments."""

from datetime import date


def day_to_make(year_end: date, locked_through: date | None) -> date | None:
    """The year's last day; None when the books are locked through it: a locked attachment never changes (P 7.4.1)."""
    return None if locked_through is not None and year_end <= locked_through else year_end
