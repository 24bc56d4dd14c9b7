"""Writes a `Ledger` as a SIE file of type 1-4: strictly by the standard, and telling what the file cannot hold.

Code page 437, CR LF, the order of SIE 1.4, `""` for what is not stated before what is, two decimals.
"""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import IO, Final, Literal

import polars as pl

from closing_host.api.ledger import Finding, Ledger
from closing_host.sie import label_rules
from closing_host.sie.atomic import replacing
from closing_host.sie.identification import put_identification
from closing_host.sie.label_rules import Form
from closing_host.sie.sheet import Sheet
from closing_host.sie.written_vouchers import put_vouchers

SieType = Literal[1, 2, 3, 4, "4I"]

DISTRIBUTION: Final = "closing-host"

_FORMS: Final[dict[SieType, Form]] = {1: "1", 2: "2", 3: "3", 4: "4E", "4I": "4I"}

# An SI file holds no more than what identifies it, and vouchers (P 7.6.6), though the standard lets it hold a chart.
_FEEDER: Final = frozenset(
    ["FLAGGA", "PROGRAM", "FORMAT", "GEN", "SIETYP", "FNAMN", "ORGNR", "VALUTA", "VER", "TRANS", "RTRANS", "BTRANS"]
)
_BALANCES: Final = ("IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET")

_TOTALS: Final = ("IB", "UB", "RES")
_WITHOUT_OBJECTS: Final = dict.fromkeys(label_rules.FORMS, _TOTALS) | {"2": (*_TOTALS, "PSALDO", "PBUDGET")}
"""Balances that stand for whole accounts only: a type 2 file states no objects (SIE 1.6)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: `size` in bytes, `checksum` of #KSUMMA (None without one), and what had to be changed.

    A finding's `line` is the line of the written file.
    """

    size: int
    checksum: int | None
    findings: tuple[Finding, ...]


def write(
    ledger: Ledger,
    target: str | PathLike[str] | IO[bytes],
    *,
    sie_type: SieType = 4,
    generated_on: date | None = None,
    generated_by: str | None = None,
    program: tuple[str, str] | None = None,
    checksum: bool = False,
    text_limit: int | None = None,
) -> Written:
    """Write `ledger` to a path (whole or not at all) or to a binary file.

    `sie_type`: 4 is 4E, the whole books; "4I" an SI file with vouchers only. Records that the type may not hold are
    left out and reported. `generated_on` and `generated_by` (#GEN) default to the ledger's provenance, the latter
    only beside its date; this function asks no clock. `program` is name and version (#PROGRAM), by default this
    product's. `checksum` adds #KSUMMA. `text_limit` cuts the texts of vouchers and rows, for receivers with narrow
    limits (50 characters are common).

    Balances, vouchers and rows are written in the ledger's order; row kinds `added` and `removed` as #RTRANS and
    #BTRANS. Nothing is changed or left out without a finding: `sie-written-…`. Raises `OSError`, and `ValueError` for
    an unknown `sie_type`.
    """
    if sie_type not in _FORMS:
        raise ValueError(f"no SIE type {sie_type!r}")
    form = _FORMS[sie_type]
    by_provenance = ledger.provenance.generated_by if generated_on is None else ""
    with _opened(target) as file:
        sheet = Sheet(file, _allowed(form), summed=checksum, text_limit=text_limit)
        put_identification(
            sheet,
            ledger,
            sie_type=form[0],
            program=program or (DISTRIBUTION, version(DISTRIBUTION)),
            generated_on=generated_on or ledger.provenance.generated_on,
            generated_by=by_provenance if generated_by is None else generated_by,
        )
        _put_chart(sheet, ledger)
        _put_balances(sheet, ledger.balances, form)
        put_vouchers(sheet, ledger.vouchers, ledger.rows)
        sheet.note_omissions([label for label in label_rules.GROUPS if label_rules.demand(label, form) == "must"])
        total = sheet.close_sum()
    return Written(sheet.size, total, tuple(sheet.findings))


def _opened(target: str | PathLike[str] | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return replacing(Path(target)) if isinstance(target, str | PathLike) else nullcontext(target)


def _allowed(form: Form) -> frozenset[str]:
    allowed = frozenset(label for label in label_rules.GROUPS if label_rules.demand(label, form) != "never")
    return allowed & _FEEDER if form == "4I" else allowed


def _put_chart(sheet: Sheet, ledger: Ledger) -> None:
    accounts, dimensions = ledger.accounts, ledger.dimensions
    sheet.put(accounts, "KONTO")
    sheet.put(accounts.filter(pl.col("type").fill_null("") != ""), "KTYP")
    sheet.put(accounts.filter(pl.col("unit").fill_null("") != ""), "ENHET")
    sheet.put(accounts.filter(pl.col("sru").list.len() > 0).explode("sru"), "SRU")
    parent = pl.when(pl.col("parent").is_null()).then(pl.lit("DIM")).otherwise(pl.lit("UNDERDIM"))
    sheet.put(dimensions, "DIM", "UNDERDIM", label=parent)
    sheet.put(ledger.objects, "OBJEKT")


def _put_balances(sheet: Sheet, balances: pl.DataFrame, form: Form) -> None:
    stray = pl.col("objects").list.len() > 0, pl.col("kind").cast(pl.String).is_in(_WITHOUT_OBJECTS[form])
    for kind, count in balances.filter(*stray).group_by("kind").len().sort("kind").iter_rows():
        sheet.note_left_out(kind, count)
    sheet.put(balances.remove(*stray), *_BALANCES, label=pl.col("kind"))
