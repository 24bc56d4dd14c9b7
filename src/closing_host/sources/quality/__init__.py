"""The quality scale of data sources: what a source promises beyond the contract, checked by machine (style 5.2).

`RULES` are data; `judged` holds a source against them. Bronze is what every source should reach before others use it.
"""

from closing_host.sources.quality.declared import Declared, declared_of
from closing_host.sources.quality.judging import Judged, Outcome, Verdict, judged
from closing_host.sources.quality.rules import RULES, TIERS, Rule, Tier

__all__ = ["RULES", "TIERS", "Declared", "Judged", "Outcome", "Rule", "Tier", "Verdict", "declared_of", "judged"]
