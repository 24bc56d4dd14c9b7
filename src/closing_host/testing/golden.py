"""Golden files: the books of a sample file as text beside it, so that a change of the source shows as a readable diff.

`cash-2025.csv` has `cash-2025.csv.golden.txt`. `pytest --update-golden` writes what the source makes of the samples
today; look at it before you commit it. Without the option a difference fails the test and is shown.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from closing_host.api.ledger import Ledger
from closing_host.api.money import ore_text
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench
from closing_host.testing.cases import bring_file
from closing_host.testing.rules import broken, rule

SUFFIX: Final = ".golden.txt"
SHOWN_LINES: Final = 60
"""Lines of a difference that are shown."""

_BESIDE: Final = ("accounts", "dimensions", "objects", "balances")


class Update:
    """Whether golden files are written instead of compared: `--update-golden`, which the pytest plugin sets."""

    wanted = False


def golden_of(sample: Path) -> Path:
    """The golden file beside a sample."""
    return sample.with_name(sample.name + SUFFIX)


def golden_samples(cls: type[Author]) -> tuple[Path, ...]:
    """The samples of a test class that have a golden file, or shall get one."""
    paths = [each.file for each in cls.samples if isinstance(each.file, Path)]
    return tuple(each for each in paths if Update.wanted or golden_of(each).is_file())


class GoldenTests(Author):
    """The whole of what is read, against a text that somebody has looked at."""

    @rule("files", "import_ledger", abilities=("golden",), files=True)
    def test_books_are_as_the_golden_file_says(self, bench: Bench) -> None:
        """Every table and finding of each sample that has a golden file."""
        for sample in golden_samples(type(self)):
            text = ledger_text(bench.run(bring_file(bench, sample.read_bytes(), sample.name)).ledger)
            golden = golden_of(sample)
            if Update.wanted:
                golden.write_text(text, "utf-8", newline="\n")
            elif difference := differences(golden.read_text("utf-8"), text, golden.name):
                broken(
                    f"What your source makes of {sample.name} is not what {golden.name} says:\n{difference}",
                    "Put it right, or run `pytest --update-golden` when the new text is what you mean.",
                )


def differences(expected: str, text: str, name: str) -> str:
    """A unified diff, cut at `SHOWN_LINES`; "" when the texts are equal."""
    lines = list(difflib.unified_diff(expected.splitlines(), text.splitlines(), name, "imported now", n=2, lineterm=""))
    if len(lines) > SHOWN_LINES:
        lines[SHOWN_LINES:] = [f"… and {len(lines) - SHOWN_LINES} more lines"]
    return "\n".join(lines)


def ledger_text(ledger: Ledger) -> str:
    """The ledger as text: one line for each thing, in the source's order; amounts in kronor, debit positive.

    What the source does not state is left out. Not in it: the instant, the host's version, sizes and checksums.
    """
    return "\n".join(_lines(ledger)) + "\n"


def _lines(ledger: Ledger) -> Iterator[str]:
    company = ledger.company
    yield _line("company", {"name": company.name, "organisation_number": company.organisation_number})
    for year in ledger.years:
        yield f"year {year.index}: {year.start} – {year.end}"
    for table in _BESIDE:
        for row in ledger.tables[table].iter_rows(named=True):
            yield _line(table.removesuffix("s"), row)
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for row in ledger.rows.iter_rows(named=True):
        rows.setdefault(row["voucher"], []).append(row)
    for voucher in ledger.vouchers.iter_rows(named=True):
        yield _line("voucher", voucher, but=("voucher", "line"))
        for booked in rows.get(voucher["voucher"], ()):
            yield "  " + _line("row", booked, but=("voucher", "row", "line"))
    for finding in ledger.findings.iter_rows(named=True):
        yield _line("finding", finding)


def _line(what: str, fields: Mapping[str, Any], *, but: Sequence[str] = ()) -> str:
    stated = ((name, _text(name, value)) for name, value in fields.items() if name not in but)
    return " ".join([what, *(f"{name}={text}" for name, text in stated if text)])


def _text(name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if name == "amount":
        return ore_text(value)
    if name in ("objects", "parameters"):
        return ",".join(":".join(str(part) for part in each.values()) for each in value)
    return repr(value) if isinstance(value, str) else str(value)
