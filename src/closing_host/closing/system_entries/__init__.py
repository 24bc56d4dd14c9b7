"""System entries (*S*, P 7.5.3): what a year's closing needs by rule, computed anew each time from books and choices.

`choices`: what the user chooses; `year_books`: what the books say; `rates`: dated, with their source in law; `rules`:
S-a to S-f in order, which stand in `reserves`, `tax` and `equity`; `computation`: what a rule answers. None of these
knows of stored entries: the books come without the system entries that are not transferred yet, and a computation
without rows means that everything is booked. `steps` holds the computations against the entries that there are.
"""

from closing_host.closing.system_entries.choices import Choices, check
from closing_host.closing.system_entries.computation import Computation, Figure, RuleId
from closing_host.closing.system_entries.rules import rules
from closing_host.closing.system_entries.steps import RuleState, Standing, standings
from closing_host.closing.system_entries.year_books import NextYear, Transfer, YearBooks

__all__ = [
    "Choices",
    "Computation",
    "Figure",
    "NextYear",
    "RuleId",
    "RuleState",
    "Standing",
    "Transfer",
    "YearBooks",
    "check",
    "rules",
    "standings",
]
