"""Every real file reads with the figures of the samples' INDEX.md, and damaged ones give the finding that it names."""

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from _pytest.mark import ParameterSet

from closing_host.api.ledger import Ledger
from closing_host.api.money import parse_ore
from closing_host.sie import read
from sie_samples import FOLDER, MISSING

_COLUMNS = 18

NAMED: tuple[tuple[str, str], ...] = (
    (r"bytes are .* in spite of #FORMAT PC8", "sie-encoding-unexpected"),
    (r"#FLAGGA 1", "sie-read-before"),
    (r"end before start", "sie-year-reversed"),
    (r"non-numeric account", "sie-account-not-numeric"),
    (r"broken account in #KONTO/#SRU", "sie-account-not-numeric"),
    (r"letter in #SRU account", "sie-account-not-numeric"),
    (r"#SRU without code", "sie-record-incomplete"),
    (r"8-digit account", "sie-account-unusual"),
    (r"empty voucher (×|\()", "sie-voucher-empty"),
    (r"voucher without rows", "sie-voucher-empty"),
    (r"unreadable voucher date", "sie-voucher-date-unreadable"),
    (r"empty voucher date", "sie-voucher-date-missing"),
    (r"voucher date missing", "sie-voucher-date-missing"),
    (r"date written with hyphens", "sie-date-hyphens"),
    (r"#VER empty series", "sie-voucher-series-missing"),
    (r"#VER empty number", "sie-voucher-number-missing"),
    (r"#ADRESS with too few", "sie-address-incomplete"),
    (r"empty #FNAMN", "sie-company-name-missing"),
    (r"account missing", "sie-account-missing"),
    (r"unquoted #FNAMN", "sie-quotes-missing"),
    (r"unclosed quote", "sie-quote-unclosed"),
    (r"dummy #KSUMMA", "sie-checksum-wrong"),
    (r"unknown label", "sie-label-unknown"),
    (r"text put in the date field", "sie-row-date-is-text"),
    (r"letters lost as U\+FFFD", "sie-letters-destroyed"),
)
"""Notes of INDEX.md and the finding that says the same. Other notes are about sums, accounts and years: the import
controls' business."""


@dataclass(frozen=True)
class Sample:
    path: Path
    encoding: str
    sie_type: str
    counts: tuple[int, ...]
    sums: tuple[int, ...]
    checksum: str
    notes: str


def index() -> list[Sample]:
    """The table of SIE 1-4 files; empty where the samples are absent."""
    if not (FOLDER / "INDEX.md").is_file():
        return []
    found = []
    for line in (FOLDER / "INDEX.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) != _COLUMNS or cells[0] == "file":
            continue
        corrections = cells[11].split("/")
        found.append(
            Sample(
                FOLDER / cells[0],
                cells[4],
                cells[6],
                tuple(int(cell) for cell in (*cells[8:11], *corrections)),
                tuple(parse_ore(cell) for cell in cells[12:15]),
                {"–": "", "right": "right", "not per spec": "wrong"}[cells[15]],
                cells[17],
            )
        )
    return found


def parameters() -> list[ParameterSet]:
    return [pytest.param(sample, id=sample.path.name) for sample in index()] or [
        pytest.param(None, marks=pytest.mark.skip(reason=MISSING))
    ]


def total(book: Ledger, kind: str) -> int:
    return int(book.balances.filter((pl.col("kind") == kind) & (pl.col("year") == 0))["amount"].sum())


@pytest.mark.parametrize("sample", parameters())
def test_figures_are_those_of_the_index(sample: Sample) -> None:
    book = read(sample.path)
    kinds = {kind: book.rows.filter(pl.col("kind") == kind).height for kind in ("booked", "added", "removed")}
    counts = (book.accounts.height, book.vouchers.height, *kinds.values())
    assert counts == sample.counts
    assert tuple(total(book, kind) for kind in ("IB", "UB", "RES")) == sample.sums
    assert book.provenance.checksum == sample.checksum
    assert book.provenance.format.startswith(f"SIE {sample.sie_type}")
    assert book.provenance.size == sample.path.stat().st_size
    expected = {"cp1252/latin1": "cp1252", "ascii": "cp437"}.get(sample.encoding, sample.encoding)
    assert book.provenance.encoding == expected


@pytest.mark.parametrize("sample", parameters())
def test_damage_is_told_at_its_line(sample: Sample) -> None:
    findings = read(sample.path).findings
    for note in sample.notes.split(";"):
        for pattern, code in NAMED:
            if not re.search(pattern, note):
                continue
            told = findings.filter(pl.col("code") == code)
            assert told.height, f"{note}: no {code}"
            if at := re.search(r"\(line (\d+)\)", note):
                assert int(at[1]) in told["line"].to_list(), note
            if (times := re.search(r"×(\d+)", note)) and "count" not in str(told["parameters"][0]):
                assert told.height >= int(times[1]), note


@pytest.mark.parametrize("sample", parameters())
def test_sound_files_have_nothing_grave(sample: Sample) -> None:
    if sample.notes == "–":
        assert read(sample.path).findings.filter(pl.col("severity") == "error").is_empty()


def test_every_note_about_damage_is_known() -> None:
    if not index():
        pytest.skip(MISSING)
    used = {code for sample in index() for pattern, code in NAMED if re.search(pattern, sample.notes)}
    assert used == {code for _, code in NAMED}
