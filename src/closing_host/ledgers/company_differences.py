"""Differences in what stands before the tables: company, financial years and currency."""

from collections.abc import Mapping
from dataclasses import asdict

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers import organisation
from closing_host.ledgers.not_compared import NotCompared, Side


def company_differences(a: Ledger, b: Ledger) -> tuple[pl.DataFrame, tuple[NotCompared, ...]]:
    """`field`, `old`, `new` where the two differ, and the fields of which only one states anything.

    Organisation numbers are compared as normalised, texts trimmed. The source's own keys (#FNR, ids of years) and
    what is said of the export rather than the books (#PROSA, #OMFATTN, #KPTYP, #TAXAR) are not looked at.
    """
    first, second = _stated(a), _stated(b)
    differing: list[tuple[str, str, str]] = []
    one_sided: list[NotCompared] = []
    for field in {**first, **second}:
        old, new = first.get(field, ""), second.get(field, "")
        if old and new:
            if old != new:
                differing.append((field, old, new))
        elif old or new:
            one_sided.append(_one_sided(field, "b" if old else "a"))
    schema = {"field": pl.String, "old": pl.String, "new": pl.String}
    return pl.DataFrame(differing, schema=schema, orient="row"), tuple(one_sided)


def _stated(ledger: Ledger) -> Mapping[str, str]:
    company = asdict(ledger.company)
    address = company.pop("address")
    del company["source_id"]
    company["organisation_number"] = organisation.display(company["organisation_number"])
    stated = {f"company.{name}": text.strip() for name, text in (company | address).items()}
    years = {f"years.{year.index}": f"{year.start}/{year.end}" for year in ledger.years}
    return {**stated, **years, "currency": ledger.currency}


def _one_sided(field: str, side: Side) -> NotCompared:
    table, _, index = field.partition(".")
    if table == "years":
        return NotCompared("years", side, "not-stated", int(index))
    return NotCompared(field, side, "not-stated")
