"""The records that identify a SIE file: who wrote it, of which company and which years."""

from dataclasses import astuple
from datetime import date

from closing_host.api.ledger import Address, Ledger
from closing_host.sie.layout import Kind
from closing_host.sie.sheet import Sheet


def put_identification(
    sheet: Sheet,
    ledger: Ledger,
    *,
    sie_type: str,
    program: tuple[str, str],
    generated_on: date | None,
    generated_by: str,
) -> None:
    """All of SIE 1.4's groups 1 and 2, in the order of SIE 1.5; what the ledger does not state is left out.

    `sie_type` is the value of #SIETYP, `program` name and version. #FNAMN stands even when it is empty.
    """
    company = ledger.company
    sheet.put_record("FLAGGA", ("0", "word"))
    sheet.open_sum()
    sheet.put_record("PROGRAM", (program[0], "text"), (program[1], "word"))
    sheet.put_record("FORMAT", ("PC8", "word"))
    if generated_on:
        sheet.put_record("GEN", _day(generated_on), (generated_by, "text"), optional=1)
    sheet.put_record("SIETYP", (sie_type, "word"))
    sheet.put_record("FNAMN", (company.name, "text"))
    if ledger.note:
        sheet.put_record("PROSA", (ledger.note, "text"))
    if company.form:
        sheet.put_record("FTYP", (company.form, "word"))
    if company.source_id:
        sheet.put_record("FNR", (company.source_id, "word"))
    numbers = (company.organisation_number, company.acquisition_number, company.activity_number)
    if any(numbers):
        sheet.put_record("ORGNR", *((each, "word") for each in numbers), optional=2)
    if company.industry_code:
        sheet.put_record("BKOD", (company.industry_code, "word"))
    if company.address != Address():
        sheet.put_record("ADRESS", *((each, "text") for each in astuple(company.address)))
    for year in ledger.years:
        sheet.put_record("RAR", (str(year.index), "word"), _day(year.start), _day(year.end))
    if ledger.tax_year:
        sheet.put_record("TAXAR", (ledger.tax_year, "word"))
    if ledger.covered_until:
        sheet.put_record("OMFATTN", _day(ledger.covered_until))
    if ledger.chart_type:
        sheet.put_record("KPTYP", (ledger.chart_type, "word"))
    if ledger.currency not in ("", "SEK"):
        sheet.put_record("VALUTA", (ledger.currency, "word"))


def _day(day: date) -> tuple[str, Kind]:
    return day.isoformat().replace("-", ""), "word"
