"""The file being written: takes records and tables, counts lines and the sum, and notes what had to be changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import IO, Final

import polars as pl

from closing_host.api.ledger import Finding, Severity
from closing_host.sie import codepage, fitting, layout
from closing_host.sie.checksum import checksum
from closing_host.sie.layout import EOL, Kind

_SEVERITIES: Final[Mapping[str, Severity]] = {
    "sie-written-record-left-out": "info",
    "sie-written-codes-merged": "error",
}

LABEL: Final = "label"
LINE: Final = "line in file"
TEXT: Final = "text of record"


class Sheet:
    """Appends to `file`. Only records whose label is in `allowed` are written; the others are noted as left out."""

    def __init__(
        self, file: IO[bytes], allowed: frozenset[str], *, summed: bool = False, text_limit: int | None = None
    ) -> None:
        self.findings: Final[list[Finding]] = []
        self.written: Final[set[str]] = set()
        self.lines = 0
        self.size = 0
        self.running: int | None = None
        self._left_out: Final = Counter[str]()
        self._file: Final = file
        self._allowed: Final = allowed
        self._summed: Final = summed
        self._text_limit: Final = text_limit

    def put_record(self, label: str, *fields: tuple[str, Kind], optional: int = 0) -> None:
        """One record, its fields given as text; `optional` of them may be left out at the end when they are empty."""
        if label not in self._allowed:
            self.note_left_out(label, 1)
            return
        held = [(before, fitting.writable(before, kind), kind) for before, kind in fields]
        for place, (before, after, _) in enumerate(held, 1):
            if before != after:
                self._note_replaced(label, self.lines + 1, fitting.Replaced(str(place), 0, 1, before, after))
        written = [layout.field(after, kind) for _, after, kind in held]
        while optional and written[-1] == layout.NOTHING:
            written.pop()
            optional -= 1
        self.written.add(label)
        self.put_lines(" ".join([f"#{label}", *written]), 1)

    def open_sum(self) -> None:
        """The first #KSUMMA, if one was asked for: what follows is counted."""
        if self._summed:
            self.put_lines("#KSUMMA", 1)
            self.running = 0

    def close_sum(self) -> int | None:
        """The second #KSUMMA. Returns the sum; None where none was asked for."""
        total, self.running = self.running, None
        if total is not None:
            self.put_lines(f"#KSUMMA {total}", 1)
        return total

    def put(self, frame: pl.DataFrame, *labels: str, label: pl.Expr | None = None) -> None:
        """One line for each row of `frame`: `labels[0]`, or the one of `labels` that the expression `label` states."""
        frame = self.labelled(frame, *labels, label=label)
        if frame.height:
            lines = self.laid_out(frame.with_columns(pl.int_range(pl.len()).alias(LINE) + self.lines + 1), *labels)
            self.put_lines(lines[TEXT].str.join(EOL).item(), lines.height)

    def labelled(self, frame: pl.DataFrame, *labels: str, label: pl.Expr | None = None) -> pl.DataFrame:
        """`frame` with each row's label in `LABEL`; the rows that may not be written are noted and gone."""
        frame = frame.with_columns((pl.lit(labels[0]) if label is None else label.cast(pl.String)).alias(LABEL))
        counts = dict(frame.group_by(LABEL).len().iter_rows())
        for each in labels:
            if each not in self._allowed:
                self.note_left_out(each, counts.get(each, 0))
        return frame.filter(pl.col(LABEL).is_in(list(self._allowed)))

    def laid_out(self, frame: pl.DataFrame, *labels: str) -> pl.DataFrame:
        """Columns `LINE` and `TEXT` of a frame with `LABEL` and `LINE`; notes what was replaced and what is missing."""
        parts = []
        self.written.update(frame[LABEL].unique())
        for like in {layout.LAYOUTS[each]: each for each in labels}.values():
            fields = layout.LAYOUTS[like]
            alike = [each for each in labels if layout.LAYOUTS[each] == fields]
            part, replaced = fitting.fitted(frame.filter(pl.col(LABEL).is_in(alike)), fields, self._text_limit)
            for each in replaced:
                self._note_replaced(part[LABEL][each.index], part[LINE][each.index], each)
            for gap in fitting.gaps(part, layout.mandatory(like)):
                label, line = part[LABEL][gap.index], part[LINE][gap.index]
                self._note("sie-written-value-missing", line, label=label, field=gap.column, count=gap.count)
            parts.append(part.select(LINE, layout.record(pl.col(LABEL), like).alias(TEXT)))
        return pl.concat(parts).sort(LINE)

    def put_lines(self, text: str, lines: int) -> None:
        """`text` and a line end; it holds `lines` lines."""
        text += EOL
        data = codepage.encode(text)
        if self.running is not None:
            self.running = checksum(text, self.running)
        self._file.write(data)
        self.lines += lines
        self.size += len(data)

    def note_left_out(self, label: str, count: int) -> None:
        """Remember `count` records that are not written because the file's type does not hold them."""
        self._left_out[label] += count

    def note_omissions(self, mandatory: Sequence[str]) -> None:
        """When all is written: say which records were left out, and which of the `mandatory` are not there."""
        for label, count in self._left_out.items():
            if count:
                self._note("sie-written-record-left-out", label=label, count=count)
        for label in mandatory:
            if label not in self.written:
                self._note("sie-written-record-missing", label=label)

    def note_falling(self, voucher: str, count: int) -> None:
        """Say that `count` vouchers, first `voucher`, have a lower number than one before them in their series."""
        self._note("sie-written-vouchers-falling", voucher=voucher, count=count)

    def _note_replaced(self, label: str, line: int, replaced: fitting.Replaced) -> None:
        self._note(
            "sie-written-codes-merged" if replaced.merged else "sie-written-text-replaced",
            line,
            replaced.before,
            label=label,
            field=replaced.column,
            count=replaced.count,
            written=replaced.after,
        )

    def _note(self, code: str, line: int | None = None, text: str = "", **parameters: object) -> None:
        self.findings.append(Finding(code, _SEVERITIES.get(code, "warning"), line, text=text, parameters=parameters))
