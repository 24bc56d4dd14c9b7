"""From the vouchers that an attachment names to their pages."""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from closing_host.closing.attachment import Attachment
from closing_host.web.desk import Desk

Key = tuple[date, str, str]
"""First day of the financial year, series, number."""


def voucher_links(desk: Desk, keys: Iterable[Key]) -> Mapping[Key, str]:
    """The address of each voucher that is in the books which its year shows now; several of one name have none."""
    wanted: dict[date, set[tuple[str, str]]] = {}
    for year_start, series, number in keys:
        if series or number:
            wanted.setdefault(year_start, set()).add((series, number))
    links: dict[Key, str] = {}
    for year, snapshot in desk.client.years:
        if snapshot is None or year.year_start not in wanted:
            continue
        names = pl.DataFrame(sorted(wanted[year.year_start]), {"series": pl.String, "number": pl.String}, orient="row")
        found = desk.imported(snapshot).vouchers.join(names, on=["series", "number"], how="semi")
        alone = found.unique(["series", "number"], keep="none").select("series", "number", "voucher")
        for series, number, voucher in alone.iter_rows():
            address = f"/engagements/{desk.id}/vouchers/{voucher}?year={year.year_end}"
            links[(year.year_start, series, number)] = address
    return links


def vouchers_of(made: Attachment, items: Iterable[Mapping[str, object]], year_start: date) -> set[Key]:
    """Every voucher that the attachment's page names. `items`: the open items on the page."""
    rows = [*made.explanation.rows.iter_rows(named=True)]
    own = [(row["series"], row["number"]) for row in rows if row["date"] is not None and row["date"] >= year_start]
    if made.parting is not None:
        own += made.parting.vouchers.select("series", "number").rows()
    keys = {(year_start, series, number) for series, number in own}
    for item in items:
        stated = item["year_start"]
        if isinstance(stated, date):
            keys.add((stated, str(item["series"] or ""), str(item["number"] or "")))
    return keys
