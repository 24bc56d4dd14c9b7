"""An attachment for receivables or payables as tables, for XLSX and CSV: everything that the document prints."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from closing_host.closing.attachment import Attachment
from closing_host.documents.attachment_items import others_noted
from closing_host.documents.attachment_report import finding_text
from closing_host.documents.attachment_words import bucket_words, class_words, reason_words, title
from closing_host.documents.imprint import Imprint
from closing_host.locale import Words


def attachment_tables(
    words: Words, made: Attachment, imprint: Imprint, *, notes: Mapping[str, str] | None = None
) -> dict[str, pl.DataFrame]:
    """A table for each sheet, by its name: items, ageing, reconciliation, explanation, not booked, notes, findings, and
    last what the document says of itself. Amounts are öre (Int64) in the attachment's signs."""
    noted = notes or {}
    about = [(words.text("Attachment"), title(words, made)), (words.text("Company"), imprint.company)]
    return {
        words.text("Open items"): items_frame(words, made, imprint.year_start, notes=noted),
        words.text("Ageing"): _ageing(words, made),
        words.text("Reconciliation"): _reconciliation(words, made),
        words.text("The difference explained"): _explanation(words, made),
        words.text("Not booked"): _not_counted(words, made),
        words.text("Notes"): _notes(words, made, noted),
        words.text("Findings"): pl.DataFrame(
            {words.text("Finding"): [finding_text(words, each) for each in made.findings]},
            schema_overrides={words.text("Finding"): pl.String},
        ),
        words.text("About"): pl.DataFrame(
            [*about, *imprint.facts(words)], schema=_texts(words.texts("What", "Value")), orient="row"
        ),
    }


def items_frame(
    words: Words, made: Attachment, year_start: date, *, notes: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """*Öppna poster*, a line per item, titled in the words' language. `year_start`: of the books' year."""
    noted = notes or {}
    rows = made.items.with_columns(
        bucket=_said("bucket", bucket_words(words)),
        voucher=_voucher(year_start),
        paid_after=pl.when(pl.col("paid_after") != 0).then("paid_after"),
        written_off_after=pl.when(pl.col("written_off_after") != 0).then("written_off_after"),
        check=pl.when("check").then(pl.lit(words.text("To be checked"))).otherwise(pl.lit("")),
        note=pl.col("document").replace_strict(noted, default="", return_dtype=pl.String) if noted else pl.lit(""),
    )
    columns = {
        "party": words.text("Party no."),
        "party_name": words.text("Party"),
        "document": words.text("Document"),
        **({"external_number": words.text("Supplier's number")} if made.side == "payables" else {}),
        "dated": words.text("Dated"),
        "due": words.text("Due"),
        "original": words.text("Original"),
        "paid": words.text("Paid"),
        "open": words.text("Open"),
        "days": words.text("Days overdue"),
        "bucket": words.text("Age in days"),
        "voucher": words.text("Voucher"),
        "booked_on": words.text("Counts from"),
        "paid_after_on": words.text("Paid later on"),
        "paid_after": words.text("Paid later"),
        "written_off_after": words.text("Written off after"),
        "check": words.text("Check"),
        "by_balance": words.text("Open by the source's balance"),
        "currency": words.text("Currency"),
        "foreign_original": words.text("Original in the currency"),
        "foreign_open": words.text("Open in the currency"),
        "rate": words.text("Rate"),
        "note": words.text("Note"),
    }
    return rows.select(pl.col(name).alias(said) for name, said in columns.items())


def _ageing(words: Words, made: Attachment) -> pl.DataFrame:
    days, count, amount = words.texts("Age in days", "Count", "Amount")
    lines = [
        (bucket_words(words)[row["bucket"]], row["count"], row["amount"]) for row in made.ageing.iter_rows(named=True)
    ]
    lines.append((words.text("Sum of open items"), int(made.ageing["count"].sum()), made.reconciliation.open))
    credits = made.items.filter(pl.col("open") < 0).height
    lines.append((words.text("of which credit items"), credits, made.credits))
    return pl.DataFrame(lines, schema={days: pl.String, count: pl.UInt32, amount: pl.Int64}, orient="row")


def _reconciliation(words: Words, made: Attachment) -> pl.DataFrame:
    sums = made.reconciliation
    lines = [
        (account, name, opening, closing)
        for account, name, opening, closing in sums.accounts.select("account", "name", "opening", "closing").rows()
    ]
    settled = [
        (words.text("The ledger"), sums.ledger),
        (words.text("Sum of open items"), sums.open),
        (words.text("Reconciled amount, in the ledger's sign"), sums.reconciled),
        (words.text("Reconciliation difference"), sums.difference),
    ]
    account, name, opening, closing = words.texts("Account", "Name", "Opening balance", "On the day")
    return pl.DataFrame(
        [*lines, *(("", label, None, amount) for label, amount in settled)],
        schema={account: pl.String, name: pl.String, opening: pl.Int64, closing: pl.Int64},
        orient="row",
    )


def _explanation(words: Words, made: Attachment) -> pl.DataFrame:
    rows = made.explanation.rows.with_columns(
        what=_said("class", class_words(words)),
        voucher=(pl.col("series") + " " + pl.col("number")).str.strip_chars(),
        documents=pl.col("documents").list.join(", "),
    )
    columns = {
        "class": words.text("Class"),
        "what": words.text("What"),
        "voucher": words.text("Voucher"),
        "date": words.text("Date"),
        "text": words.text("Text"),
        "account": words.text("Account"),
        "documents": words.text("Documents"),
        "party": words.text("Party no."),
        "ledger": words.text("In the ledger"),
        "subledger": words.text("In the open items"),
        "amount": words.text("Difference"),
    }
    return rows.select(pl.col(name).alias(said) for name, said in columns.items())


def _not_counted(words: Words, made: Attachment) -> pl.DataFrame:
    rows = made.not_counted.with_columns(reason=_said("reason", reason_words(words)))
    columns = {
        "reason": words.text("Reason"),
        "party": words.text("Party no."),
        "party_name": words.text("Party"),
        "document": words.text("Document"),
        "dated": words.text("Dated"),
        "due": words.text("Due"),
        "booked_on": words.text("Booked on"),
        "original": words.text("Amount"),
    }
    return rows.select(pl.col(name).alias(said) for name, said in columns.items())


def _notes(words: Words, made: Attachment, notes: Mapping[str, str]) -> pl.DataFrame:
    others = others_noted(made, notes)
    document, text, open_ = words.texts("Document", "Note", "Among the open items")
    yes, no = words.texts("yes", "no")
    lines = [(each, said, no if each in others else yes) for each, said in sorted(notes.items()) if said]
    return pl.DataFrame(lines, schema=_texts((document, text, open_)), orient="row")


def _said(column: str, words: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).cast(pl.String).replace_strict(words, return_dtype=pl.String)


def _voucher(year_start: date) -> pl.Expr:
    name = pl.concat_str("series", pl.lit(" "), "number", ignore_nulls=True).str.strip_chars()
    other = pl.col("year_start").is_not_null() & (pl.col("year_start") != year_start)
    return pl.when(other & (name != "")).then(name + pl.format(" ({})", pl.col("year_start").dt.year())).otherwise(name)


def _texts(names: tuple[str, ...] | list[str]) -> dict[str, type[pl.String]]:
    return dict.fromkeys(names, pl.String)
