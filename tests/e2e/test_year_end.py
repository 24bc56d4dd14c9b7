"""A month and a year are closed (P 7.2, 7.5) by keys alone: in Swedish with books from Fortnox, in English with the
same books from SIE files. It is one story, and both come to the same sheet."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from playwright.sync_api import FilePayload, expect

from closing_host.locale import Words
from datasource_fortnox.simulator import RunningSimulator
from datasource_fortnox.simulator.edits import apply
from datasource_fortnox.simulator.ledger import Account
from datasource_fortnox.simulator.sie_export import SieRequest, export
from datasource_fortnox.simulator.sie_tokens import decode, records
from e2e.year_end import CLOSED, Closer
from fortnox_office import WHOLE
from web_house import Served

YEAR = 3
"""The simulator's id of 2025."""


class Bookkeeping(Protocol):
    """Where the books come from, and where closing entries go. `attached`: accounts that it has a sub-ledger of."""

    attached: set[str]

    def begin(self) -> None:
        """Bring the books; they are open then."""

    def transfer(self) -> None:
        """Put every closing entry into the books there."""

    def bring_again(self) -> None:
        """Bring them as they are now."""


class FromFortnox:
    """By login, export and import."""

    attached: Final = {"1510", "2440"}

    def __init__(self, user: Closer, fortnox: RunningSimulator) -> None:
        self.user = user

    def begin(self) -> None:
        self.user.go("/guide/fortnox")
        self.user.do("Import from {source}", source="Fortnox")
        self.user.log_in()
        self.user.arrive("The import is done")
        self.user.do("It is right: open the books")

    def transfer(self) -> None:
        user, page = self.user, self.user.page
        user.open_tab("Export")
        user.do("Export closing transactions to {source}", source="Fortnox")
        user.reach(page.locator("#series"))
        page.keyboard.type("I")
        expect(page.locator("#checks .actions button")).to_be_enabled()
        user.do("Export now")
        user.arrive("The export is done")

    def bring_again(self) -> None:
        self.user.open_tab("Data source")
        self.user.do("Import from {source}", source="Fortnox")
        self.user.arrive("The import is done")


class FromFiles:
    """By SIE files of the program that keeps the books, and an SI file that it reads."""

    attached: Final = set[str]()

    def __init__(self, user: Closer, fortnox: RunningSimulator) -> None:
        self.user = user
        self.fortnox = fortnox

    def begin(self) -> None:
        self.user.go("/guide/sie4")
        self._give_file()
        self.user.do("It is right: open the engagement and import")
        self.user.arrive("The import is done")
        self.user.do("Open the books")

    def _give_file(self) -> None:
        world = self.fortnox.world
        company = world.companies[WHOLE]
        written = export(company, company.years[YEAR], SieRequest(4, all_accounts=True), world.switches)
        content: FilePayload = {"name": "år.se", "mimeType": "", "buffer": written.encode()}
        # A machine's own dialog for choosing files is no page.
        self.user.page.set_input_files("main input[type=file]", [content])
        self.user.do("Read the file")
        self.user.arrive("Is this right?")

    def transfer(self) -> None:
        user = self.user
        user.open_tab("Export")
        with user.page.expect_download() as saved:
            user.do("SI file")
        _read_in(self.fortnox, saved.value.path())
        user.do("Mark as transferred")
        user.arrive("Mark as transferred")
        user.do("Mark as transferred")
        expect(user.page.locator("[role=status]")).to_contain_text("V1, S1, S2")

    def bring_again(self) -> None:
        self.user.open_tab("Data source")
        self._give_file()
        self.user.do("It is right: import")
        self.user.arrive("The import is done")
        self.user.do("Open the books")


def _read_in(fortnox: RunningSimulator, file: Path) -> None:
    """The program books the vouchers of an SI file in a series of its own."""
    vouchers: list[dict[str, Any]] = []
    for record in records(decode(file.read_bytes())):
        if record.label == "VER":
            day = re.sub(r"(....)(..)(..)", r"\1-\2-\3", record.text(2))
            vouchers.append({"date": day, "text": record.text(3), "rows": []})
        elif record.label == "TRANS":
            ore = round(100 * float(record.text(2)))
            vouchers[-1]["rows"].append({"account": int(record.text(0)), "amount": ore})
    for each in vouchers:
        apply(fortnox.world, {"op": "add_voucher", "tenant": WHOLE, "series": "I", **each})


@pytest.mark.parametrize(("language", "bookkeeping"), [("sv-SE", FromFortnox), ("en-GB", FromFiles)])
def test_a_month_and_a_year_are_closed(
    language: str,
    bookkeeping: Callable[[Closer, RunningSimulator], Bookkeeping],
    office: tuple[Served, RunningSimulator],
    visit: Callable[..., Closer],
) -> None:
    pages, fortnox = office
    fortnox.world.companies[WHOLE].years[YEAR].accounts[2512] = Account(2512, "Beräknad inkomstskatt")
    user = visit(pages, language, kind=Closer)
    user.words = Words("sv" if language == "sv-SE" else "en")
    books = bookkeeping(user, fortnox)
    books.begin()
    user.close_the_month()
    user.lock_the_other_months()
    user.analyse()
    user.make_system_entries()
    user.close_the_year()
    assert user.look_again() == CLOSED
    assert user.attached() == books.attached

    books.transfer()
    books.bring_again()
    assert user.look_again() == CLOSED
    fee = [{"account": 6570, "amount": 12_500}, {"account": 1930, "amount": -12_500}]
    late = {"op": "add_voucher", "tenant": WHOLE, "series": "A", "date": "2025-12-30", "text": "Bankavgift"}
    apply(fortnox.world, {**late, "rows": fee})
    books.bring_again()
    user.see_what_came_late()
