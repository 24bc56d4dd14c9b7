"""Damaged SIE files for the reader: made from a seed, read in a process of its own, judged.

`python -m sie_mutants FIRST COUNT SECONDS` reads mutants FIRST, FIRST + 1 ... until COUNT are done or the time is out
and prints a JSON report. The same number is always the same mutant, given the same sample files.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from closing_host.api.errors import UnsupportedFormat
from closing_host.sie import pieces, read
from sie_samples import sample_files

MOST_SECONDS = 5.0
"""Processor time that one file may take."""

MOST_MEGABYTES = 256
"""Peak memory of the whole process."""

IN_PARTS = 16
"""One mutant of so many is read in two pieces or three."""

OWN = (
    """\
#FLAGGA 0
#KSUMMA
#PROGRAM "Exempel" 1.0
#FORMAT PC8
#GEN 20250131 "AB"
#SIETYP 4
#FNR "C:\\data\\x"
#ORGNR 556677-8899
#ADRESS "Ada" "Gatan 1" "123 45 Ort" "012-345"
#FNAMN "Övningsbolaget AB"
#RAR 0 20250101 20251231
#RAR -1 20240101 20241231
#TAXAR 2025
#OMFATTN 20251231
#KPTYP EUBAS97
#VALUTA SEK
#KONTO 1930 "Bank"
#KTYP 1930 T
#ENHET 1930 "st"
#SRU 1930 7281
#KONTO 3001 "Försäljning \\"inom\\" Sverige"
#DIM 1 "Kostnadsställe"
#UNDERDIM 21 "Grupp" 1
#OBJEKT 1 "10" "Väst"
#IB 0 1930 100.00 2
#UB 0 1930 350.50
#RES 0 3001 -250.5
#OIB 0 1930 {1 "10"} 1.00
#PSALDO 0 202501 3001 {} -250.50
#PBUDGET 0 202501 3001 {1 "10"} -.5
#VER A 1 20250115 "Kontant" 20250116 "AB"
{
#TRANS 1930 {1 "10" 6 "P}1"} 250.50 20250115 "text" 1 "AB"
#BTRANS 3001 {} -200.00
#RTRANS 3001 {} -250.50
\t#TRANS 3001 {} -250.50
}
#VER "" "" 20250201
{
}
#KSUMMA 123
""",
    '#FLAGGA 0\n#SIETYP 4\n#VER "" "" 20250101 "x"\n{\n#TRANS 1930 {} 1\n#TRANS 3001 {} -1\n}\n',
    '#VER A 1 20250101 {\n #TRANS 1930 {"1" "a b"} .50 "" "C:\\x"\n} #VER A 2 20250101\n#TRANS 1 {} 0\n',
)
"""Own small files, so that every kind of record is there without the samples."""

_TOKENS = (
    # signs, line ends, control characters and bytes of other encodings
    *(
        b'"',
        b'\\"',
        b"\\",
        b"{",
        b"}",
        b"{}",
        b"{ }",
        b"{{",
        b"#",
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b" ",
        b"\0",
        b"\x1a",
        b"\f",
    ),
    *(b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\xa5", b"\x86", b"\xe5", b"<?xml"),
    # amounts and dates
    *(b"-", b"-0.00", b"1e9", b"0.001", b"9" * 25, b"+5,00", b"1 000,50", b"20250230", b"2025-01-01", b"202513"),
    # records and lists
    *(b"#TRANS", b"#VER", b"#BTRANS", b"#RTRANS 1 {} 1", b"#trans", b"#KSUMMA", b"#RAR 0 x y", b"#SIETYP 9", b"#KONTO"),
    *(b"#DIM 99999999999 x", b"#IB 99999 1 1", b'{"1"}', b'{1 "a" 2}'),
)

_ROW = re.compile(rb"[\x00-\x20\x7f]*#(?:TRANS|RTRANS|BTRANS)(?=[\x00-\x20\x7f\"{]|\Z)", re.IGNORECASE)
_ROW_ANYWHERE = re.compile(rb"#(?:TRANS|RTRANS|BTRANS)", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(slots=True)
class Report:
    """What came of some mutants. `faults`: the number of each bad one and what was wrong with it."""

    done: int = 0
    refused: int = 0
    slowest: float = 0.0
    megabytes: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@cache
def bases() -> tuple[bytes, ...]:
    """The files that mutants are made from."""
    return (*(text.encode("cp437") for text in OWN), *(path.read_bytes() for path in sample_files()))


def mutant(number: int) -> bytes:
    """Mutant `number`: an excerpt of some file (now and then the whole), damaged in one to six places."""
    chance = random.Random(number)
    data = chance.choice(bases())
    if len(data) > 2000 and chance.random() > 0.002:
        lines = data.splitlines(keepends=True)
        start = chance.randrange(len(lines))
        data = b"".join(lines[: chance.choice((0, 5, 15))] + lines[start : start + chance.randrange(1, 40)])
    for _ in range(chance.randint(1, 6)):
        data = chance.choice(_DAMAGES)(chance, data)
    return data


def _flip(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _insert(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(_TOKENS) + data[place:]


def _remove(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + data[place + chance.choice((1, 1, 2, 5, 40)) :]


def _truncate(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _move(chance: random.Random, data: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    part = data[place : place + chance.choice((1, 1, 3, 30))]
    return data[:place] + part * chance.choice((2, 3, 50, 2000)) + data[place:]


def _mix(chance: random.Random, data: bytes) -> bytes:
    other = chance.choice(bases())
    place, start = chance.randrange(len(data) + 1), chance.randrange(len(other))
    return data[:place] + other[start : start + chance.choice((3, 20, 200))] + data[place:]


def _line_ends(chance: random.Random, data: bytes) -> bytes:
    return _LINE_END.sub(chance.choice((b"\r", b"\n", b"\r\n", b" ")), data)


def _lines_shuffled(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) > 1:
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def _field_replaced(chance: random.Random, data: bytes) -> bytes:
    fields = list(re.finditer(rb"[^ \t\r\n]+", data))
    if not fields:
        return data
    found = chance.choice(fields)
    return data[: found.start()] + chance.choice(_TOKENS) + data[found.end() :]


_DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_flip, _insert, _insert, _remove, _truncate, _move, _repeat, _mix, _line_ends, _lines_shuffled),
    *(_field_replaced, _field_replaced),
)


def lost_rows(data: bytes) -> list[str]:
    """What is wrong with the rows that the reader makes of `data`: lines that are neither read nor reported, and
    lines that gave more rows than they hold. Raises what the reader raises."""
    ledger = read(data)
    lines = _LINE_END.split(data)
    row_like = {number for number, line in enumerate(lines, 1) if _ROW.match(line)}
    rows: dict[int, int] = {}
    for number in ledger.rows["line"]:
        rows[number] = rows.get(number, 0) + 1
    reported = set(ledger.findings["line"].drop_nulls())
    wrong = [f"line {number} is lost: {lines[number - 1][:80]!r}" for number in sorted(row_like - set(rows) - reported)]
    for number, count in rows.items():
        if count > max(1, len(_ROW_ANYWHERE.findall(lines[number - 1]))):
            wrong.append(f"line {number} gave {count} rows: {lines[number - 1][:80]!r}")
    return wrong


@contextmanager
def _in_parts(data: bytes) -> Iterator[None]:
    """Until the block ends, the reader takes `data` as it takes large files: in pieces, side by side in threads."""
    whole, pieces.PIECE = pieces.PIECE, len(data) // 2 + 1  # type: ignore[misc]
    try:
        yield
    finally:
        pieces.PIECE = whole  # type: ignore[misc]


def judge(first: int, count: int, seconds: float) -> Report:
    """Read mutants one by one until `count` are done or the time is out."""
    report, end = Report(), time.monotonic() + seconds
    while report.done < count and time.monotonic() < end:
        number = first + report.done
        data = mutant(number)
        started = time.process_time()
        try:
            with _in_parts(data) if number % IN_PARTS == 0 else nullcontext():
                report.faults += [(number, wrong) for wrong in lost_rows(data)]
        except UnsupportedFormat:
            report.refused += 1
        except BaseException as error:
            report.faults.append((number, repr(error)[:300]))
        taken = time.process_time() - started
        report.slowest = max(report.slowest, taken)
        if taken > MOST_SECONDS:
            report.faults.append((number, f"took {taken:.1f} s"))
        report.done += 1
    report.megabytes = peak_megabytes()
    return report


def peak_megabytes() -> int:
    """The most memory that this process has held. Not `ru_maxrss`: a new process inherits that of its parent, and a
    test runner may have grown large before it starts us."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    print(json.dumps(asdict(judge(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
