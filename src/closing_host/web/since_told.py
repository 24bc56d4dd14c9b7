"""What an import's page says of what is signed off: a sentence or two, and the way to the whole."""

from typing import Any

from closing_host.engagements.changed_since_words import changes_in_words
from closing_host.locale import Words
from closing_host.storage.engagements import EngagementYear
from closing_host.web.desk import Desk


def since_told(words: Words, desk: Desk, year: EngagementYear | None) -> dict[str, Any]:
    """The values of `_since_told.html` for the year that was imported; None says nothing."""
    told: tuple[str, ...] = ()
    if year is not None and desk.at_stake(year):
        told = changes_in_words(words, desk.changed_since(year).found)
    return {"since_told": told, "since_year": year and year.year_end, "since_engagement": desk.id}


def nothing_told() -> dict[str, Any]:
    """The same before an import, and after one that brought nothing."""
    return {"since_told": (), "since_year": None, "since_engagement": None}
