"""The reader against damaged files (T F1): no crash, no hang, no flood of memory, no row lost in silence."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import closing_host
import sie_mutants
from closing_host.sie import read

TESTS = Path(sie_mutants.__file__).parent
SOURCES = Path(closing_host.__file__).parents[1]

MUTANTS = 10_000
PROCESSES = min(2, os.cpu_count() or 1)


def judged(first: int, count: int, seconds: float) -> list[dict[str, Any]]:
    """Reports of `count` mutants, read in processes that have one thread each; a hang ends with `TimeoutExpired`."""
    environment = {**os.environ, "PYTHONPATH": f"{SOURCES}{os.pathsep}{TESTS}", "POLARS_MAX_THREADS": "1"}
    share = count // PROCESSES
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sie_mutants", str(first + share * place), str(share), str(seconds)],
            env=environment,
            stdout=subprocess.PIPE,
        )
        for place in range(PROCESSES)
    ]
    try:
        return [json.loads(process.communicate(timeout=seconds + 60)[0]) for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()


def unharmed(reports: list[dict[str, Any]]) -> None:
    assert [fault for report in reports for fault in report["faults"]] == []
    assert max(report["slowest"] for report in reports) < sie_mutants.MOST_SECONDS
    assert max(report["megabytes"] for report in reports) < sie_mutants.MOST_MEGABYTES
    assert all(report["refused"] < report["done"] / 2 for report in reports)


def test_ten_thousand_mutants_are_read_or_told_about() -> None:
    reports = judged(0, MUTANTS, 540)
    assert sum(report["done"] for report in reports) == MUTANTS
    unharmed(reports)


@pytest.mark.soak
def test_a_million_mutants_within_the_time_given() -> None:
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    first = int(os.environ.get("SOAK_FIRST_MUTANT", str(MUTANTS)))
    unharmed(judged(first, 1_000_000, minutes * 60))


def test_the_judge_sees_a_lost_row_and_a_doubled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sie_mutants.OWN[1].encode()
    whole = read(text)
    assert sie_mutants.lost_rows(text) == []
    for rows, wrong in ((whole.rows.head(1), "is lost"), (whole.rows.vstack(whole.rows), "gave 2 rows")):
        told = replace(whole, rows=rows)
        monkeypatch.setattr("sie_mutants.read", lambda _, told=told: told)
        assert wrong in sie_mutants.lost_rows(text)[0]


def test_the_judge_reports_what_the_reader_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: bytes) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("sie_mutants.read", fails)
    assert sie_mutants.judge(7, 1, 5).faults == [(7, "ValueError('broken')")]
