"""A ledger's tables for a document: its own, and what it states of company and years."""

from dataclasses import asdict

import polars as pl

from closing_host.api.ledger import Ledger


def ledger_tables(ledger: Ledger) -> dict[str, pl.DataFrame]:
    """`company` (field, value), `years` (index, start, end, id), then the ledger's tables in the order of `SCHEMAS`."""
    company = asdict(ledger.company)
    address = company.pop("address")
    provenance = asdict(ledger.provenance)
    facts = {
        **company,
        **{f"address {name}": value for name, value in address.items()},
        "currency": ledger.currency,
        "chart type": ledger.chart_type,
        "tax year": ledger.tax_year,
        "covered until": ledger.covered_until,
        "note": ledger.note,
        **{f"source {name}": value for name, value in provenance.items()},
    }
    stated = [(name.replace("_", " "), str(value)) for name, value in facts.items() if value not in ("", None)]
    years = [(year.index, year.start, year.end, year.id) for year in ledger.years]
    return {
        "company": pl.DataFrame(stated, schema={"field": pl.String, "value": pl.String}, orient="row"),
        "years": pl.DataFrame(
            years, schema={"index": pl.Int16, "start": pl.Date, "end": pl.Date, "id": pl.String}, orient="row"
        ),
        **ledger.tables,
    }
