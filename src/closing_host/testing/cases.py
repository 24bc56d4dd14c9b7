"""The imports that a class of tests makes: one for each sample file, or the fake server's year."""

import functools
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from closing_host.api.context import ImportRequest, Progress, SourceFile
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.testing.bench import Bench, Login
from closing_host.testing.rules import broken
from closing_host.testing.statements import Books, Sample


@dataclass(frozen=True, slots=True)
class Case:
    """One import: its name for messages, and the facts that it is held against. `content`: the file's, or None."""

    name: str
    books: Books
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought."""

    ledger: Ledger
    kept: Mapping[str, bytes]


def cases(samples: tuple[Sample, ...], bench: Bench) -> list[Case]:
    """All imports of the class."""
    if bench.source.info.files is None:
        return [Case("the fake server's year", bench.fake.books())]
    if not samples:
        broken("Your test class names no `samples`.", "Give one or more: `samples = (Sample(path, vouchers=…, …),)`.")
    suffix = bench.source.info.files.suffixes[0]
    return [Case(_name(each, suffix), each, each.content) for each in samples]


def _name(sample: Sample, suffix: str) -> str:
    return sample.name or (sample.file.name if isinstance(sample.file, Path) else f"sample{suffix}")


async def bring(bench: Bench, case: Case, login: Login | None = None, progress: Progress | None = None) -> Imported:
    """Import `case` as the host does: a file from disk, or the year over a connection (a new one unless given)."""
    if case.content is not None:
        return await bring_file(bench, case.content, case.name, progress)
    login = login or await bench.connect()
    year = await year_of(bench, login, case.books)
    return await _brought(bench, ImportRequest(year=year), login, progress)


async def bring_file(bench: Bench, content: bytes, name: str, progress: Progress | None = None) -> Imported:
    """Import a file."""
    path = Path(tempfile.mkdtemp(dir=bench.folder)) / "upload"  # two may be under way at once
    path.write_bytes(content)
    request = ImportRequest(file=SourceFile(name, path))
    return await _brought(bench, request, Login(bench.connection), progress)


async def year_of(bench: Bench, login: Login, books: Books) -> FinancialYear:
    """The year of `books` as the source lists it, or the host's own record when it lists none."""
    if books.start is None or books.end is None:
        broken("`books()` of your fake server states no year.", "Give `Books(start=…, end=…, …)`.")
    if "list_years" in bench.source.operations:
        years: tuple[FinancialYear, ...]
        _, years = await bench.call("list_years", None, login)
        for year in years:
            if (year.start, year.end) == (books.start, books.end):
                return year
    return FinancialYear(0, books.start, books.end)


async def _brought(bench: Bench, request: ImportRequest, login: Login, progress: Progress | None) -> Imported:
    async with bench.wire(login) as http:
        with bench.context(http, progress) as context:
            ledger = await bench.source.import_ledger(request, login.connection, context)
            return Imported(ledger, dict(context.kept))


@functools.cache
def _remembered(tests: type) -> dict[str, list[tuple[Case, Imported]]]:
    return {}


def clean(tests: type, samples: tuple[Sample, ...], bench: Bench) -> list[tuple[Case, Imported]]:
    """Every import of the class without any fault: made once for each class, since a ledger cannot be changed."""
    held = _remembered(tests)
    if "all" not in held:
        held["all"] = [(case, bench.run(_undisturbed(bench, case))) for case in cases(samples, bench)]
    return held["all"]


async def _undisturbed(bench: Bench, case: Case) -> Imported:
    try:
        return await bring(bench, case)
    except ClosingError as error:
        broken(
            f"Your `import_ledger` raised {error} for {case.name} ({error.__cause__!r}).",
            "Nothing was wrong with it: the kit made no fault. Let the source import it.",
        )
