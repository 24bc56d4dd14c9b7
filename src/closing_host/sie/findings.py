"""What the reader has to say: every code it uses, how grave it is, and the log that collects it.

`error`: a figure may be wrong or missing. `warning`: read, but doubtful. `info`: worth knowing.
The words of each code stand in `closing_host.locale.messages.sie`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

from closing_host.api.ledger import Finding, Severity, findings_frame

SEVERITIES: Final[Mapping[str, Severity]] = {
    # the bytes
    "sie-encoding-unexpected": "info",
    "sie-letters-destroyed": "warning",
    "sie-letters-garbled": "warning",
    "sie-control-character": "warning",
    "sie-line-too-long": "error",
    "sie-checksum-wrong": "error",
    "sie-checksum-unclosed": "error",
    "sie-checksum-unopened": "warning",
    # records and fields
    "sie-line-unreadable": "warning",
    "sie-label-unknown": "info",
    "sie-record-incomplete": "warning",
    "sie-record-repeated": "warning",
    "sie-quote-unclosed": "warning",
    "sie-quote-inside": "warning",
    "sie-quotes-missing": "warning",
    "sie-tab-in-text": "warning",
    "sie-list-missing": "warning",
    "sie-list-unclosed": "error",
    "sie-list-wrong": "error",
    "sie-fields-extra": "info",
    "sie-fields-shifted": "warning",
    "sie-fields-swapped": "warning",
    # identification
    "sie-read-before": "warning",
    "sie-type-unknown": "warning",
    "sie-company-name-missing": "warning",
    "sie-address-incomplete": "info",
    "sie-date-unreadable": "warning",
    "sie-date-hyphens": "warning",
    "sie-tax-year-odd": "info",
    "sie-year-unreadable": "error",
    "sie-year-reversed": "error",
    "sie-year-long": "warning",
    "sie-year-missing": "warning",
    "sie-year-unstated": "info",
    # chart
    "sie-account-not-numeric": "warning",
    "sie-account-unusual": "info",
    "sie-account-type-unknown": "warning",
    "sie-account-undeclared": "warning",
    "sie-dimension-unreadable": "warning",
    # balances
    "sie-balance-unreadable": "error",
    # vouchers and rows
    "sie-voucher-date-missing": "error",
    "sie-voucher-date-unreadable": "error",
    "sie-voucher-registered-unreadable": "warning",
    "sie-voucher-series-missing": "info",
    "sie-voucher-number-missing": "info",
    "sie-voucher-empty": "info",
    "sie-brace-open-missing": "info",
    "sie-brace-close-missing": "warning",
    "sie-brace-stray": "warning",
    "sie-row-outside-voucher": "error",
    "sie-account-missing": "error",
    "sie-amount-missing": "error",
    "sie-amount-unreadable": "error",
    "sie-amount-too-precise": "error",
    "sie-amount-too-large": "error",
    "sie-amount-form": "warning",
    "sie-quantity-unreadable": "warning",
    "sie-row-date-unreadable": "warning",
    "sie-row-date-is-text": "warning",
    "sie-twin-missing": "warning",
    # the log itself
    "sie-findings-more": "warning",
}

KEPT: Final = 10_000
"""Findings of one code that are kept one by one; the rest are counted in one `sie-findings-more`."""

SHOWN: Final = 200
"""Characters kept of a text or a parameter."""

Place = tuple[int, int | None, str]
"""Line, column (both from 1) and the text in question."""


class Note(NamedTuple):
    """Something to say about a piece that was read by itself: its lines count from 1, wherever it stands in the file.

    `number`: how many places the note is about, of which this is the first; 0 for a finding of its own.
    """

    code: str
    line: int
    column: int | None
    text: str
    number: int = 0
    parameters: Mapping[str, object] = MappingProxyType({})


class Findings:
    """Collects findings. Order does not matter: `frame` sorts by line and column."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._seen: Counter[str] = Counter()
        self._counted: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, Place]] = {}

    def add(self, code: str, line: int | None, column: int | None = None, text: str = "", **parameters: object) -> None:
        """One finding about one place."""
        self._seen[code] += 1
        if self._seen[code] <= KEPT:
            shown = {name: str(value)[:SHOWN] for name, value in parameters.items()}
            self._kept.append(Finding(code, SEVERITIES[code], line, column, text[:SHOWN], shown))

    def count(self, code: str, place: Place, number: int = 1, **parameters: object) -> None:
        """`number` more of what needs no finding each: told once, with its first place and how often."""
        key = (code, tuple((name, str(value)[:SHOWN]) for name, value in parameters.items()))
        if key not in self._counted and len(self._counted) >= KEPT:
            self._seen[code] = max(self._seen[code], KEPT) + number
            return
        line, column, text = place
        place = line, column, text[:SHOWN]
        so_far, first = self._counted.get(key, (0, place))
        self._counted[key] = (so_far + number, min(first, place, key=lambda each: (each[0], each[1] or 0)))

    def take(self, notes: Iterable[Note], lines_before: int) -> None:
        """The notes of a piece that `lines_before` lines stand before."""
        for code, line, column, text, number, parameters in notes:
            if number:
                self.count(code, (lines_before + line, column, text), number, **parameters)
            else:
                self.add(code, lines_before + line, column, text, **parameters)

    def frame(self) -> pl.DataFrame:
        """The findings table, sorted by line and column; findings about the whole file come first."""
        told = list(self._kept)
        for (code, parameters), (number, (line, column, text)) in self._counted.items():
            told.append(
                Finding(code, SEVERITIES[code], line, column, text, dict(parameters) | {"count": number, "line": line})
            )
        for code, number in self._seen.items():
            if number > KEPT:
                more = {"about": code, "count": number - KEPT}
                told.append(Finding("sie-findings-more", SEVERITIES[code], parameters=more))
        told.sort(key=lambda each: (each.line or 0, each.column or 0, each.code))
        return findings_frame(told)
