"""The year of an engagement that a page of the books shows, by `?year=`."""

from typing import Any

from closing_host.web.call import Call


def shown_year(call: Call) -> dict[str, Any]:
    """`engagement`, `year`, `years` (those with books) and `snapshot` for the template. Raises `ClosingError`."""
    year = call.desk.year(call.query("year")[:10])
    return {
        "engagement": call.desk.engagement,
        "year": year,
        "years": [each for each, snapshot in call.desk.client.years if snapshot is not None],
        "snapshot": call.desk.current(year),
    }


def whole_number(text: str) -> int:
    """A number of an address, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
