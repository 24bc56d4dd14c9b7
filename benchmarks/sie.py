"""Reading SIE files: speed, share of the raw decode ceiling, memory, and whether the figures are right.

Files are made by `make_sie.py` (from `$SIE_TOOLS`, else `../shared/tools` beside the checkout) in a temporary folder;
it also states what they hold. Every measurement runs in a process of its own, the two of a pair by turns.

    python -m benchmarks.sie            # 1 MB and 27.7 MB
    python -m benchmarks.sie --large    # 250 MB too
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(os.environ.get("SIE_TOOLS", ROOT.parent / "shared" / "tools"))

SIZES = {"1 MB": 3_600, "28 MB": 100_000, "250 MB": 905_000}
"""Vouchers per size."""

FACTS = ("vouchers", "trans", "rtrans", "btrans", "objects", "accounts", "debit_ore", "ib0_ore", "ub0_ore", "res0_ore")


@dataclass(frozen=True)
class Measured:
    """One run: `seconds` of the call alone, megabytes at the process's peak, and what was found."""

    seconds: float
    megabytes: float
    facts: dict[str, int]
    whole: float = 0.0
    """Seconds of the whole process, with its imports."""


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def decode(path: Path) -> Measured:
    """The ceiling: no reader in Python is faster than reading the bytes and decoding them."""
    started = time.perf_counter()
    characters = len(path.read_bytes().decode("cp437"))
    return Measured(time.perf_counter() - started, peak_megabytes(), {"characters": characters})


def read(path: Path) -> Measured:
    """Read, and count what the generator counted; the counting is not measured."""
    import polars as pl

    from closing_host.sie import read as read_sie

    started = time.perf_counter()
    book = read_sie(path)
    seconds = time.perf_counter() - started
    peak = peak_megabytes()
    kind, amount = pl.col("kind"), pl.col("amount")
    booked = book.rows.filter(kind == "booked")
    now = book.balances.filter(pl.col("year") == 0)
    facts: dict[str, int] = {
        "vouchers": book.vouchers.height,
        "trans": booked.height,
        "rtrans": book.rows.filter(kind == "added").height,
        "btrans": book.rows.filter(kind == "removed").height,
        "objects": int(booked["objects"].list.len().sum()),
        "accounts": book.accounts.height,
        "debit_ore": int(booked.filter(amount > 0)["amount"].sum()),
        **{f"{each.lower()}0_ore": int(now.filter(kind == each)["amount"].sum()) for each in ("IB", "UB", "RES")},
    }
    facts["findings"] = book.findings.height
    return Measured(seconds, peak, facts)


JOBS = {"decode": decode, "read": read}


def in_process(job: str, path: Path) -> Measured:
    """Run a job in a process of its own."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.sie", "--job", job, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return replace(Measured(**json.loads(done.stdout)), whole=time.perf_counter() - started)


def make(vouchers: int, folder: Path) -> tuple[Path, dict[str, int]]:
    """A generated file and what it holds."""
    path, facts = folder / f"{vouchers}.se", folder / f"{vouchers}.json"
    command = [sys.executable, str(TOOLS / "make_sie.py"), "--vouchers", str(vouchers)]
    subprocess.run([*command, "--out", str(path), "--facts", str(facts)], check=True, stderr=subprocess.DEVNULL)
    return path, json.loads(facts.read_text(encoding="utf-8"))


def wrong(found: dict[str, int], facts: dict[str, int]) -> list[str]:
    """Which figures differ from the generator's."""
    differing = [f"{name} {found[name]}, not {facts[name]}" for name in FACTS if found[name] != facts[name]]
    return differing + ([f"{found['findings']} findings"] if found["findings"] else [])


def measure(size: str, folder: Path, runs: int) -> str:
    """A line of the table: the best of `runs`."""
    path, facts = make(SIZES[size], folder)
    decoded, reads = [], []
    for _ in range(runs):
        decoded.append(in_process("decode", path))
        reads.append(in_process("read", path))
    megabytes = path.stat().st_size / 1e6
    path.unlink()
    best, ceiling = min(each.seconds for each in reads), min(each.seconds for each in decoded)
    problems = wrong(reads[0].facts, facts)
    return (
        f"| {size} | {best:.3f} s | {megabytes / best:.0f} | {ceiling / best:.0%} | "
        f"{min(each.whole for each in reads):.2f} s | {max(each.megabytes for each in reads):.0f} | "
        f"{'; '.join(problems) or 'right'} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--large", action="store_true", help="the 250 MB file too (half a minute to make)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, of which the best counts")
    parser.add_argument("--job", choices=sorted(JOBS), help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        print(json.dumps(asdict(JOBS[asked.job](asked.path))))
        return
    if not (TOOLS / "make_sie.py").is_file():
        sys.exit("No make_sie.py: set SIE_TOOLS to its folder.")
    print("| file | read | MB/s | of decode ceiling | whole process | peak MB | figures |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            if size != "250 MB" or asked.large:
                print(measure(size, Path(folder), asked.runs), flush=True)


if __name__ == "__main__":
    main()
