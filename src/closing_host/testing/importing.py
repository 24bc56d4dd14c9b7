"""What a source imports: invariants of every ledger, and the facts that the author stated."""

from datetime import date
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench
from closing_host.testing.cases import bring
from closing_host.testing.rules import expect, rule

_LEDGER: Final = "import_ledger"
_LETTERS: Final = frozenset("åäöÅÄÖéÉüÜ")


class ImportTests(Author):
    """`import_ledger`, without faults."""

    @rule("import", _LEDGER)
    def test_vouchers_balance(self, bench: Bench) -> None:
        """The booked rows of each voucher sum to zero, in öre; one that does not has a finding."""
        for case, imported in self.imports(bench):
            off = _sums(imported.ledger, "voucher").filter(pl.col("amount") != 0)
            expect(
                not off.height or bool(imported.ledger.findings.height),
                f"In {case.name} {off.height} vouchers do not sum to zero, the first by {_first(off)} öre.",
                "Hand over every row with its sign (debit positive) in exact öre: `closing_host.api.money` converts.",
            )

    @rule("import", _LEDGER)
    def test_vouchers_are_all_there(self, bench: Bench) -> None:
        """As many vouchers as the author counted."""
        for case, imported in self.imports(bench):
            found, wanted = imported.ledger.vouchers.height, case.books.vouchers
            expect(
                found == wanted,
                f"Your `import_ledger` brought {found} vouchers of {case.name}, which has {wanted}.",
                "Read every page and every line; say with a finding what cannot be read.",
            )

    @rule("import", _LEDGER)
    def test_sums_are_exact(self, bench: Bench) -> None:
        """The booked rows of each account that the author stated, to the öre."""
        for case, imported in self.imports(bench):
            expect(bool(case.books.sums), f"No `sums` are stated for {case.name}.", "State some: account to öre.")
            found = dict(_sums(imported.ledger, "account").iter_rows())
            _same_amounts(f"the rows in {case.name}", dict(case.books.sums), found)

    @rule("import", _LEDGER)
    def test_opening_balances_are_exact(self, bench: Bench) -> None:
        """The opening balance of each account that the author stated, to the öre."""
        for case, imported in self.imports(bench):
            opening = _balances(imported.ledger, "IB")
            _same_amounts(f"the opening balances in {case.name}", dict(case.books.opening), opening)

    @rule("import", _LEDGER)
    def test_opening_and_rows_make_closing(self, bench: Bench) -> None:
        """Where a source states closing balances or results, they are opening balance and booked rows."""
        for case, imported in self.imports(bench):
            rows = dict(_sums(imported.ledger, "account").iter_rows())
            opening = _balances(imported.ledger, "IB")
            for kind in ("UB", "RES"):
                for account, stated in _balances(imported.ledger, kind).items():
                    made = opening.get(account, 0) + rows.get(account, 0)
                    expect(
                        stated == made,
                        f"In {case.name} account {account} closes with {stated} öre; opening and rows make {made}.",
                        "State balances as the source does, debit positive, for the same year as the vouchers.",
                    )

    @rule("import", _LEDGER)
    def test_year_is_the_right_one(self, bench: Bench) -> None:
        """The ledger states its year as index 0, the one that was asked for, and its vouchers lie in it."""
        for case, imported in self.imports(bench):
            year = imported.ledger.year
            expect(year is not None, f"The ledger of {case.name} states no year.", "Give `FinancialYear(0, …)`.")
            assert year is not None
            wanted = (case.books.start or year.start, case.books.end or year.end)
            expect(
                (year.start, year.end) == wanted,
                f"{case.name} is the year {wanted[0]} to {wanted[1]}; your ledger states {year.start} to {year.end}.",
                "State the asked year itself; a financial year need not be a calendar year.",
            )
            days: list[date] = imported.ledger.vouchers["date"].drop_nulls().to_list()
            outside = [day for day in days if not year.start <= day <= year.end]
            expect(
                not outside or bool(imported.ledger.findings.height),
                f"In {case.name} {len(outside)} vouchers are dated outside the year, such as {outside[:1]}.",
                "Import vouchers of the asked year only.",
            )

    @rule("import", _LEDGER)
    def test_vouchers_can_be_told_apart(self, bench: Bench) -> None:
        """Series and number name one voucher; without a number they may repeat."""
        for case, imported in self.imports(bench):
            named = imported.ledger.vouchers.filter(pl.col("number") != "")
            twice = named.filter(pl.struct("series", "number").is_duplicated())
            first = twice.select("series", "number").row(0) if twice.height else ("", "")
            expect(
                not twice.height,
                f"In {case.name} voucher {first[0]} {first[1]} stands more than once.",
                "Give series and number as the source's own screens show them; read no page twice.",
            )

    @rule("import", _LEDGER)
    def test_swedish_letters_survive(self, bench: Bench) -> None:
        """The texts that the author stated stand in the ledger, letter by letter."""
        for case, imported in self.imports(bench):
            stated = case.books.texts
            expect(
                any(_LETTERS & set(text) for text in stated),
                f"No text with å, ä or ö is stated for {case.name}.",
                "State one: `texts=('Försäljning', …)`, an account's name or a voucher's or row's text.",
            )
            held = _texts(imported.ledger)
            lost = [text for text in stated if text not in held]
            expect(
                not lost,
                f"{lost[:1]} stands in {case.name} and nowhere in your ledger.",
                "Decode the bytes by the encoding that the source uses, and pass texts on unchanged.",
            )

    @rule("import", _LEDGER)
    def test_two_imports_are_equal(self, bench: Bench) -> None:
        """The same books twice make the same ledger, in the same order."""
        for case, first in self.imports(bench):
            second = bench.run(bring(bench, case))
            for table, frame in first.ledger.tables.items():
                expect(
                    frame.equals(second.ledger.tables[table]),
                    f"Two imports of {case.name} differ in the table {table}.",
                    "Keep the source's order, and put nothing into the ledger that the source does not state (no time "
                    "of import, no set's order).",
                )


def _sums(ledger: Ledger, by: str) -> pl.DataFrame:
    booked = ledger.rows.filter(pl.col("kind") == "booked")
    return booked.group_by(by).agg(pl.col("amount").sum()).sort(by)


def _balances(ledger: Ledger, kind: str) -> dict[str, int]:
    held = ledger.balances.filter(
        (pl.col("kind") == kind) & (pl.col("year") == 0) & (pl.col("objects").list.len() == 0)
    )
    return dict(held.select("account", "amount").iter_rows())


def _first(off: pl.DataFrame) -> int:
    return int(off["amount"][0]) if off.height else 0


def _same_amounts(what: str, wanted: dict[str, int], found: dict[str, int]) -> None:
    for account, amount in wanted.items():
        expect(
            found.get(account, 0) == amount,
            f"Account {account} has {found.get(account, 0)} öre in {what}; {amount} is right.",
            "Convert amounts exactly: `closing_host.api.money` does, a float does not.",
        )


def _texts(ledger: Ledger) -> frozenset[str]:
    named = (ledger.accounts["name"], ledger.vouchers["text"], ledger.rows["text"], ledger.objects["name"])
    return frozenset(text for column in named for text in column.to_list())
