"""The closing of a month and of a year as somebody does it by keys alone; it says nothing of where the books come from.

Labels are the catalogue's, found by their English text, so that one story is told in both languages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import expect

from closing_host.locale import Words
from e2e.conftest import KeyboardUser

CLOSES_AT = "="
"""Typed as an amount: what the account closes at."""

Row = tuple[int | str | None, ...]
"""Of a sheet: opening, change, closing, reconciled amount and difference, öre; status, review and comment."""


def _closed(account: str) -> Row:
    opening, closing, reconciled, comment = _CLOSED[account]
    return opening, closing - opening, closing, reconciled, closing - reconciled, "Done", "Not reviewed", comment


_CLOSED: Final[dict[str, tuple[int, int, int, str]]] = {
    "1220": (60_000_00, 60_000_00, 60_000_00, ""),
    "1229": (-24_000_00, -24_000_00, -24_000_00, ""),
    "1510": (34_125_50, 34_125_50, 34_625_50, "Rättelsen A 77"),
    "1930": (1_080_716_80, 1_080_716_80, 1_080_716_80, ""),
    "2081": (-100_000_00, -100_000_00, -100_000_00, ""),
    "2091": (-500_000_00, -500_000_00, -500_000_00, ""),
    "2098": (55_943_20, 55_943_20, 55_943_20, ""),
    "2099": (0, -61_537_89, -61_537_89, ""),
    "2440": (-61_062_50, -61_062_50, -61_062_50, ""),
    "2512": (0, -15_965_00, -15_965_00, ""),
    "2611": (-382_373_35, -382_373_35, -382_373_35, ""),
    "2641": (84_118_64, 84_118_64, 84_118_64, ""),
    "2650": (242_777_00, 242_777_00, 242_777_00, ""),
    "2710": (-201_600_00, -201_600_00, -201_600_00, ""),
    "2731": (-211_142_40, -211_142_40, -211_142_40, ""),
}
"""Opening, closing, reconciled amount and comment."""

CLOSED: Final = {account: _closed(account) for account in _CLOSED}
"""*Årsavslut* at the end: the year's books, V1 in January, tax and result."""


@dataclass
class Closer(KeyboardUser):
    """Somebody who closes the first engagement's year. `words`: those of the language of the pages."""

    words: Words = field(default_factory=lambda: Words("en"))

    def said(self, english: str, **parameters: object) -> str:
        """The words for it."""
        return self.words.text(english, **parameters)

    def do(self, english: str, **parameters: object) -> None:
        """Press the button or link of that label."""
        self.press(self.said(english, **parameters))

    def see(self, english: str, **parameters: object) -> None:
        """It stands on the page."""
        expect(self.page.get_by_text(self.said(english, **parameters)).first).to_be_visible()

    def arrive(self, heading: str) -> None:
        """A page of that heading."""
        expect(
            self.page.get_by_role("heading", level=1, name=re.compile(f"^{re.escape(self.said(heading))}"))
        ).to_be_visible()

    def open_tab(self, english: str) -> None:
        """One of the engagement's tabs."""
        self.use(self.page.locator("nav.tabs").get_by_role("link", name=self.said(english), exact=True))
        self.arrive(english)

    def close_the_month(self) -> None:
        """January: amounts, a comment on a difference, a closing entry of another one, *Klar*, review, lock."""
        page = self.page
        self.open_tab("Balance sheet reconciliation")
        self.use(page.locator("nav.periods a").first)
        expect(page).to_have_url(re.compile("period=2025-01$"))
        self.reconcile({"1930": "740 330,50", "2731": "-114 369,20"})
        expect(page.locator("#state")).to_have_text(self.words.message("report-period-started", {}))
        self.type("#comment-2731", "Öresavrundning")
        self.reach(page.locator("#typed-2731"))
        self.go_up("1930")
        expect(page.locator("#said")).to_have_text(
            self.said("{account} saved, difference {amount}", account="2731", amount=self.words.amount(40))
        )

        page.keyboard.press("Control+Enter")
        self.arrive("New entry")
        self.type("#account-2", "6570")
        page.keyboard.press("Enter")
        self.see("{entry} is saved and counts in the balances.", entry="V1")
        assert self.focused == "typed-1930"
        assert self.sheet()["1930"][4] == 0

        self.use(page.locator("button[name=sign-off][value=all]"))
        self.see("{done} of {total} accounts done", done=14, total=14)
        page.keyboard.press("/")
        page.keyboard.type("1930")
        expect(page.locator("tr[data-account]")).to_have_count(1)
        self.choose(page.locator("#review-1930"), self.words.message("report-review-approved", {}))
        self.type("#review-comment-1930", "Kontoutdraget granskat")
        page.keyboard.press("Tab")
        expect(page.locator("#said")).to_have_text(self.said("{account} saved", account="1930"))

        self.do("Lock the period")
        self.arrive("Periods")
        expect(page.locator("main .good")).to_have_text(re.compile(r"14"))
        self.do("Lock the period")
        self.locked(1)

    def lock_the_other_months(self) -> None:
        """All at once, with a reason; *Årsavslut* is begun by it."""
        self.choose(self.page.locator("select[name=through]"), "2025-12")
        self.type("textarea[name=reason]:visible", "Stäms av i årsavslutet")
        self.do("Lock the period")
        self.locked(12)

    def locked(self, count: int) -> None:
        """So many periods are."""
        badges = self.page.locator("table.periods .badge.ok")
        expect(badges).to_have_text([self.words.message("report-period-locked", {})] * count)

    def analyse(self) -> None:
        """A finding is looked at and marked as done."""
        page = self.page
        self.open_tab("Transaction analysis")
        check = page.locator("#TA16")
        if check.get_attribute("open") is None:
            self.use(check.locator("summary"))
        self.use(check.get_by_role("link", name="C 17", exact=True))
        expect(page.locator("#vouchers article h2")).to_have_text("C 17")
        page.keyboard.press("Escape")
        self.reach(check.locator("input[name=finding]"))
        page.keyboard.press("Space")
        self.reach(check.locator("input[name=comment]"))
        page.keyboard.type("Kreditfaktura")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#TA16 .badge")).to_have_text(self.said("Marked done"))

    def make_system_entries(self) -> None:
        """Tax and result of the year by rule."""
        self.open_tab("Closing transactions")
        self.do("System entries")
        self.arrive("System entries")
        self.do("Save and make the entries")
        self.see("The entries are made. They follow every import and every closing entry from now on.")

    def close_the_year(self) -> None:
        """*Årsavslut*: reconciled, *Klar* and locked."""
        self.open_tab("Balance sheet reconciliation")
        self.reconcile({"1510": "34 625,50"})
        self.go_up("1510")
        self.type("#comment-1510", "Rättelsen A 77")
        self.use(self.page.locator("button[name=sign-off][value=all]"))
        self.see("{done} of {total} accounts done", done=15, total=15)
        self.do("Lock the period")
        self.arrive("Periods")
        self.do("Lock the period")
        self.locked(13)
        self.see("All periods of the year are locked.")

    def look_again(self) -> dict[str, Row]:
        """The sheet of the locked *Årsavslut*, in which nothing moved."""
        self.open_tab("Balance sheet reconciliation")
        expect(self.page.locator("main .bad-box")).to_have_count(0)
        return self.sheet()

    def attached(self) -> set[str]:
        """The accounts of the sheet that have an attachment."""
        counts = self.page.locator("tr[data-account] td:nth-child(7)").all_inner_texts()
        return {account for account, count in zip(self.sheet(), counts, strict=True) if count != "0"}

    def see_what_came_late(self) -> None:
        """A voucher came into locked periods: they say so; unlocked, the account says what it was and is."""
        page = self.page
        self.open_tab("Balance sheet reconciliation")
        expect(page.locator("main .bad-box")).to_contain_text("A 78")
        self.do("Unlock the period")
        self.arrive("Periods")
        self.reach(page.locator("textarea[name=reason]:visible"))
        page.keyboard.type("En verifikation till")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        self.locked(12)
        self.open_tab("Balance sheet reconciliation")
        changed = page.locator("#account-1930")
        expect(changed.locator(".badge")).to_have_text(self.words.message("report-account-changed", {}))
        expect(changed.locator("del")).to_have_text(self.words.amount(108071680))
        expect(changed.locator("ins")).to_have_text(self.words.amount(108059180))

    def reconcile(self, typed: Mapping[str, str]) -> None:
        """Type the reconciled amounts from the first to the last, each as `typed` says and else what it closes at."""
        fields = self.page.locator("tr[data-account] input.amount")
        accounts = fields.evaluate_all("(all) => all.map((each) => each.id.slice('typed-'.length))")
        self.page.keyboard.press("/")
        self.reach(fields.first)
        for account in accounts:
            assert self.focused == f"typed-{account}"
            self.page.keyboard.type(typed.get(account, CLOSES_AT))
            self.page.keyboard.press("Enter")
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def go_up(self, account: str) -> None:
        """By arrows to the amount of the account; to the one above it where attachments state the amount."""
        while self.focused > f"typed-{account}":
            self.page.keyboard.press("ArrowUp")

    @property
    def focused(self) -> str:
        """The id of what has the focus."""
        found: str = self.page.evaluate("document.activeElement.id")
        return found

    def sheet(self) -> dict[str, Row]:
        """What the page says of each account, in öre and in English."""
        rows: list[list[str]] = self.page.evaluate(_SHEET)
        known = {
            self.words.message(code, {}): Words("en").message(code, {})
            for code in (
                *_codes("account", "not-started started done changed"),
                *_codes("review", "not-reviewed approved"),
            )
        }
        return {
            account: (
                *(int(re.sub(r"[^\d-]", "", each)) if each else None for each in figures),
                known[status],
                known[review],
                comment,
            )
            for account, *figures, status, review, comment in rows
        }


def _codes(kind: str, values: str) -> list[str]:
    return [f"report-{kind}-{each}" for each in values.split()]


_SHEET = """() => [...document.querySelectorAll("tr[data-account]")].map((row) => {
  const said = (cell) => {
    const field = cell.querySelector("input.amount, textarea");
    if (field) return field.value;
    const chosen = cell.querySelector("select");
    const shown = chosen ? chosen.selectedOptions[0] : cell.querySelector(".badge, span, a") ?? cell;
    return shown.textContent.trim();
  };
  const [, opening, change, closing, reconciled, difference, , status, , review, comment] = [...row.children].map(said);
  return [row.dataset.account, opening, change, closing, reconciled, difference, status, review, comment];
})"""
