"""Amounts as people type them, in either language."""

import re
from typing import Final

from closing_host.api.money import parse_local

_GROUPED: Final = (
    (re.compile(r"[-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,2}"), ","),  # 12,000.50
    (re.compile(r"[-\u2212]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}"), "."),  # 12.000,50
)


def typed_amount(text: str) -> int:
    """Öre of a Swedish or English amount. Raises `ValueError`, also for `12,000`: nobody can say which of the two."""
    typed = re.sub(r"[\s\u00a0\u202f]", "", text)
    for grouped, separator in _GROUPED:
        if grouped.fullmatch(typed):
            typed = typed.replace(separator, "")
    return parse_local(typed)
