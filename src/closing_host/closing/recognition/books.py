"""The vouchers of the imported books that may be a closing entry's: by number, and by the label in their text."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.recognition.result import Look, Place, Shown, content_of

CUT: Final = 50
"""Characters of the text that a file transfer leaves (P 7.6.6)."""

_LABEL: Final = r"^(?:BK[A-Z2-7]{6} )?([VS][0-9]+(?:-[0-9]+)?) "  # a marker may stand first (P 7.6.4)

_WITHOUT_VOUCHERS: Final = ("SIE 1", "SIE 2", "SIE 3")


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """One year's books, as far as closing entries go."""

    at: dict[Place, tuple[Shown, ...]]
    labelled: dict[str, tuple[Shown, ...]]
    has_vouchers: bool
    covered_until: date | None

    def same_as(self, entry: ClosingEntry, shown: Iterable[Shown]) -> tuple[Shown, ...]:
        """Those that have the entry's date and rows."""
        content = content_of(entry.content.rows)
        return tuple(each for each in shown if each.date == entry.content.date and content_of(each.rows) == content)

    def with_label(self, entry: ClosingEntry) -> tuple[Shown, ...]:
        """Those whose text begins with the entry's label, or with that of an earlier sending."""
        return tuple(each for label in labels_of(entry) for each in self.labelled.get(label, ()))

    def related(self, entry: ClosingEntry, shown: Shown) -> bool:
        """Whether the voucher says by its text whose it is, or has exactly the entry's content."""
        return shown in self.with_label(entry) or bool(self.same_as(entry, [shown]))

    def same_text(self, entry: ClosingEntry) -> tuple[Shown, ...]:
        """Those that have the entry's whole text, or all of it that a file holds."""
        text = entry.draft.text
        return tuple(each for each in self.with_label(entry) if each.text in (text, text[:CUT]))


def labels_of(entry: ClosingEntry) -> tuple[str, ...]:
    """`V1`, `V1-2` …: the label of each of its sendings."""
    return tuple(replace(entry, send=send).label for send in range(1, entry.send + 1))


def books_of(ledger: Ledger, entries: Collection[ClosingEntry], look: Look | None) -> Books:
    """Pick out of the ledger what the entries, or the source's answer, may mean."""
    booked = [each.transferred for each in entries if each.transferred and each.transferred.number]
    places = {(each.series, each.number) for each in booked}
    places |= {(each.series, each.number) for found in (look.found.values() if look else ()) for each in found}
    labels = [label for each in entries for label in labels_of(each)]
    wanted = pl.DataFrame(sorted(places), schema={"series": pl.String, "number": pl.String}, orient="row")
    named = ledger.vouchers.with_columns(label=pl.col("text").str.extract(_LABEL))
    chosen = pl.concat(
        [named.join(wanted, on=["series", "number"], how="semi"), named.filter(pl.col("label").is_in(labels))]
    )
    chosen = chosen.unique("voucher").sort("voucher")
    shown = _with_rows(ledger, chosen)
    at: dict[Place, list[Shown]] = {}
    labelled: dict[str, list[Shown]] = {}
    for each, label in zip(shown, chosen["label"], strict=True):
        at.setdefault(each.place, []).append(each)
        if label is not None:
            labelled.setdefault(label, []).append(each)
    return Books(
        {place: tuple(several) for place, several in at.items()},
        {label: tuple(several) for label, several in labelled.items()},
        not ledger.vouchers.is_empty() or not ledger.provenance.format.startswith(_WITHOUT_VOUCHERS),
        ledger.covered_until,
    )


def _with_rows(ledger: Ledger, chosen: pl.DataFrame) -> list[Shown]:
    booked = ledger.rows.filter(pl.col("kind") == "booked").join(chosen, on="voucher", how="semi")
    rows: dict[int, list[DraftRow]] = {}
    for row in booked.sort("voucher", "row").iter_rows(named=True):
        objects = tuple((each["dimension"], each["object"]) for each in row["objects"] or [])
        rows.setdefault(row["voucher"], []).append(DraftRow(row["account"], row["amount"], objects, row["text"]))
    return [
        Shown(
            each["voucher"],
            each["series"],
            each["number"],
            each["date"],
            each["text"],
            tuple(rows.get(each["voucher"], ())),
        )
        for each in chosen.iter_rows(named=True)
    ]
