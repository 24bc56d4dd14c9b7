"""System entries (*S*, P 7.5.3): what a year's closing needs by rule, computed anew each time from books and choices.

`choices`: what the user chooses and what the books say; `rates`: dated, with their source in law; `rules`: S-a to S-f;
`computation`: what a rule answers. Nothing here knows about stored entries: the books come without the system entries
that are not transferred yet, and a computation without rows means that everything is booked.
"""

from closing_host.closing.system_entries.choices import Choices, YearBooks
from closing_host.closing.system_entries.computation import Computation, Figure, RuleId
from closing_host.closing.system_entries.rules import rules

__all__ = ["Choices", "Computation", "Figure", "RuleId", "YearBooks", "rules"]
