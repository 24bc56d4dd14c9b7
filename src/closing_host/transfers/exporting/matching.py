"""Whether vouchers of the source are the one that was sent. Pure (T 3a step 8; B8, B17, B18).

Identity is the marker, never the content: two equal vouchers are legal. Content is asked only of vouchers that carry
no marker at all, are nobody else's, and came after the high-water mark; and only word for word does it decide alone.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from closing_host.api.vouchers import VoucherDraft, VoucherRecord
from closing_host.closing.recognition import content_of

_ANY_MARKER: Final = re.compile(r"BK[A-Z2-7]{16}")
_IN_TEXT: Final = 8
"""Characters of the marker that a source may put first in the text, where comments prove unreadable (P 7.6.4)."""

Kind = Literal["absent", "same", "different", "several", "unsure"]


@dataclass(frozen=True, slots=True)
class Match:
    """What a reading shows of one voucher.

    "same", "different": exactly one is it, and its date and rows are as sent or not. "several": more than one carries
    its marker. "unsure": none does, but one without marker may be it. `vouchers`: those. `by_marker`: they carry it.
    """

    kind: Kind
    vouchers: tuple[VoucherRecord, ...] = ()
    by_marker: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Where a voucher that lost its marker may be: in `series`, above the high-water mark (0: nobody noted it), and
    not one of `taken`, the series and numbers of other entries' vouchers."""

    series: str
    above: int = 0
    taken: Collection[tuple[str, str]] = ()


def match(draft: VoucherDraft, markers: Collection[str], records: Iterable[VoucherRecord], window: Window) -> Match:
    """Which of `records` is the voucher `draft`, all of whose markers ever sent are `markers`."""
    unique = {(each.series, each.number): each for each in records}
    marked = tuple(each for each in unique.values() if any(carries(each, marker) for marker in markers))
    if len(marked) > 1:
        return Match("several", marked, by_marker=True)
    if marked:
        return Match("same" if difference(draft, marked[0]) is None else "different", marked, by_marker=True)
    similar = [each for each in unique.values() if _unmarked(each, window) and _likeness(draft, each)]
    if len(similar) == 1 and _likeness(draft, similar[0]) == 2:
        return Match("same", tuple(similar))
    return Match("unsure", tuple(similar)) if similar else Match("absent")


def everywhere(
    draft: VoucherDraft, markers: Collection[str], records: Iterable[VoucherRecord], window: Window
) -> tuple[VoucherRecord, ...]:
    """Every record that is the voucher, for the question whether there are several: those with a marker, and those
    without any that are equal to it word for word."""
    unique = {(each.series, each.number): each for each in records}.values()
    return tuple(
        each
        for each in unique
        if any(carries(each, marker) for marker in markers) or (_unmarked(each, window) and _likeness(draft, each) == 2)
    )


def carries(record: VoucherRecord, marker: str) -> bool:
    """Whether the record shows the marker: whole anywhere, or its beginning first in the text."""
    return marker in record.comment or marker in record.text or record.text.startswith(f"{marker[:_IN_TEXT]} ")


def difference(draft: VoucherDraft, record: VoucherRecord) -> dict[str, Any] | None:
    """What the source's voucher has otherwise than was sent: `date` [sent, found], `missing` and `added` rows; None
    when date and rows (account, amount, objects; in any order) are equal."""
    sent, found = content_of(draft.rows), content_of(record.rows)
    told: dict[str, Any] = {}
    if draft.date != record.date:
        told["date"] = [draft.date.isoformat(), record.date.isoformat()]
    if sent != found:
        told["missing"] = _listed(sent - found)
        told["added"] = _listed(found - sent)
    return told or None


def _unmarked(record: VoucherRecord, window: Window) -> bool:
    if record.series != window.series or (record.series, record.number) in window.taken:
        return False
    if _ANY_MARKER.search(record.comment) or _ANY_MARKER.search(record.text):
        return False
    return not record.number.isdigit() or int(record.number) > window.above


def _likeness(draft: VoucherDraft, record: VoucherRecord) -> int:
    """2: text, date and rows are equal. 1: the text is, or date and rows are. 0: neither."""
    return (record.text == draft.text) + (difference(draft, record) is None)


def _listed(rows: Counter[Any]) -> list[list[Any]]:
    return [[account, amount, [list(each) for each in objects]] for account, amount, objects in sorted(rows.elements())]
