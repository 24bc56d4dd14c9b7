"""Which records a file holds and in which order, against the rules of its type (SIE 1.4, 1.5, 1.8 item 1).

What a record says is the reader's business; here only labels count.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from closing_host.api.ledger import Finding
from closing_host.sie.encoding import CP437, decode, keeps_lines
from closing_host.sie.label_rules import GROUPS, Form, demand
from closing_host.sie.pieces import Source, opened

_LABEL: Final = r'^[ \t]*#([^ \t{"\r]+)'
_TYPE: Final = r'#[A-Za-z]+[ \t]+"?([1-4])'
_TOLD_BY_READER: Final = frozenset({"FNAMN", "RAR"})
_BALANCES: Final = ("IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET")


def check_structure(source: Source, *, encoding: str = CP437) -> list[Finding]:
    """What the file's records break of the rules for its type; empty when nothing. In order of line.

    Findings, all warnings: the first record is not #FLAGGA; a mandatory record is missing (for #FNAMN and #RAR the
    reader says so); records that the type may not hold; records behind those of a later group; #KSUMMA elsewhere than
    second and last. Only the content tells 4E from 4I (SIE 1.2): a type 4 that brings vouchers and no balances is
    judged as 4I, as the reader does. Raises `OSError` for a path that cannot be read.
    """
    labels = _Labels()
    with opened(source) as data:
        for piece in data.pieces() if keeps_lines(encoding) else [data.whole()]:
            labels.take(decode(piece, encoding))
    return sorted(_broken(labels), key=lambda finding: finding.line or 0)


@dataclass(slots=True)
class _Labels:
    """The labels of a file: how many of each, where the first one stands, and what stands behind a later group."""

    lines: int = 0
    records: int = 0
    stated_type: str = ""
    group: int = 0
    first: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, int] = field(default_factory=dict)
    behind: Counter[str] = field(default_factory=Counter)
    first_behind: dict[str, int] = field(default_factory=dict)
    sums: list[tuple[int, int]] = field(default_factory=list)
    """Record number and line of each #KSUMMA."""

    def take(self, text: str) -> None:
        """Count the records of the next lines."""
        lines = pl.Series([text if "\n" in text else text.replace("\r", "\n")]).str.split("\n").explode()
        found = (
            lines.to_frame("text")
            .select(
                (pl.int_range(pl.len()) + 1 + self.lines).alias("line"),
                pl.col("text").str.extract(_LABEL).str.to_uppercase().alias("label"),
                pl.col("text"),
            )
            .filter(pl.col("label").is_not_null())
        )
        self.lines += lines.len() - 1
        if not self.stated_type and (types := found.filter(pl.col("label") == "SIETYP")).height:
            self.stated_type = types["text"].str.extract(_TYPE)[0] or ""
        self._count(found.drop("text"))

    def _count(self, found: pl.DataFrame) -> None:
        if found.is_empty():
            return
        self.first = self.first or found["label"][0]
        for label, count, line in found.group_by("label").agg(pl.len(), pl.min("line")).iter_rows():
            self.counts[label] += count
            self.places.setdefault(label, line)
        numbered = found.with_row_index("record", self.records + 1)
        self.sums += numbered.filter(pl.col("label") == "KSUMMA").select("record", "line").rows()
        self.records += found.height
        grouped = found.with_columns(group=pl.col("label").replace_strict(GROUPS, default=None, return_dtype=pl.Int64))
        grouped = grouped.filter(pl.col("group").is_not_null()).with_columns(reached=pl.col("group").cum_max())
        late = grouped.filter(pl.col("group") < pl.max_horizontal("reached", pl.lit(self.group)))
        for label, count, line in late.group_by("label").agg(pl.len(), pl.min("line")).iter_rows():
            self.behind[label] += count
            self.first_behind.setdefault(label, line)
        if grouped.height:
            self.group = max(self.group, grouped["reached"][-1])

    @property
    def form(self) -> Form:
        """The type that the file says, or type 1 (SIE 1.5); 4E or 4I by content."""
        match self.stated_type:
            case "2":
                return "2"
            case "3":
                return "3"
            case "4":
                books = any(label in self.counts for label in _BALANCES)
                return "4E" if books or ("RAR" in self.counts and "VER" not in self.counts) else "4I"
        return "1"


def _broken(labels: _Labels) -> list[Finding]:
    form = labels.form
    broken = [
        _finding("sie-record-missing", None, label=label, form=form)
        for label in GROUPS
        if demand(label, form) == "must" and label not in labels.counts and label not in _TOLD_BY_READER
    ]
    if labels.first and labels.first != "FLAGGA":
        broken.append(_finding("sie-first-record-wrong", labels.places[labels.first], label=labels.first))
    broken += [
        _finding("sie-record-forbidden", labels.places[label], label=label, form=form, count=count)
        for label, count in labels.counts.items()
        if demand(label, form) == "never"
    ]
    broken += [
        _finding("sie-record-misplaced", labels.first_behind[label], label=label, count=count)
        for label, count in labels.behind.items()
    ]
    broken += [
        _finding("sie-checksum-misplaced", line) for record, line in labels.sums if record not in (2, labels.records)
    ]
    return broken


def _finding(code: str, line: int | None, **parameters: object) -> Finding:
    return Finding(code, "warning", line, parameters=parameters)
