"""*Balansavstämning* on the pages: typed in place or in one form, signed off, booked, filtered, saved as a file."""

import html
import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from closing_host.engagements.register import overviews
from small_sie import sie, voucher
from web_house import Served, Visitor

HTMX = {"HX-Request": "true"}
OPENING = (("1510", "500.00"), ("1930", "1000.00"), ("2081", "-1200.00"), ("2440", "-300.00"))
YEAR = "?year=2026-06-30"
END = f"{YEAR}&period=year-end"


def books(number: int, *more: Any) -> bytes:
    """1000.00 in the bank, less 100.00 in January and 50.00 at the end, and `more`."""
    return sie(
        voucher(1, day="20250110"),
        voucher(2, "50.00", "20260611"),
        *more,
        year=("20250101", "20260630"),
        opening=OPENING,
        organisation_number=f"5560{number:02d}-{_checked(number)}",
        company=f"Avstämning {number} AB",
    )


def opened(asa: Visitor, pages: Served) -> str:
    """The address of a new engagement's sheet."""
    number = 1 + max(each.engagement.id for each in overviews(pages.host))
    asa.accept(asa.drop(("books.se", books(number))))
    return f"/engagements/{number}/reconciliation"


def paid(asa: Visitor, sheet: str, day: str) -> None:
    """What a colleague's import changes: 300.00 less in the bank on the day."""
    asa.accept(asa.drop(("books.se", books(int(sheet.split("/")[2]), voucher(3, "300.00", day)))))


@pytest.fixture(scope="module")
def sheet(pages: Served, asa: Visitor) -> str:
    """A sheet for tests that need no more of it than a period."""
    return opened(asa, pages)


@pytest.fixture(scope="module")
def _months() -> Iterator[str]:
    return iter([f"{YEAR}&period={2025 + month // 12}-{1 + month % 12:02d}" for month in range(1, 17)])


@pytest.fixture
def at(_months: Iterator[str]) -> str:
    """A period of `sheet` in which nobody did anything: between the vouchers, so that the balances are alike."""
    return next(_months)


@pytest.fixture
def fresh(pages: Served, asa: Visitor) -> str:
    """A sheet of its own, for what changes the year."""
    return opened(asa, pages)


def _checked(number: int) -> str:
    """The last four digits of an organisation number, the check digit right."""
    digits = f"5560{number:02d}100"
    total = sum(sum(divmod(int(each) * (2 - place % 2), 10)) for place, each in enumerate(digits))
    return f"100{-total % 10}"


def shown(answer: httpx.Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return " ".join(html.unescape(answer.text).split())


def row(page: str, account: str) -> str:
    found = re.search(rf'<tr id="account-{account}".*?</tr>', page)
    assert found is not None
    return found[0]


def said(page: str, account: str) -> dict[str, str]:
    """The row as it is sent when nothing of it is changed."""
    own = row(page, account)
    sent = dict(re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', own))
    if "checked" not in own:
        sent.pop(f"done-{account}", None)
    sent |= dict(re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>([^<]*)<', own))
    for name, options in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', own):
        sent[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return sent


def whole(page: str) -> dict[str, str]:
    """The form of the sheet as it is sent when nothing of it is changed."""
    accounts = re.findall(r'<tr id="account-(\d+)"', page)
    return {name: value for account in accounts for name, value in said(page, account).items()}


def typed(asa: Visitor, place: str, account: str, **fields: str) -> httpx.Response:
    """Change fields of one row as the browser does, in whatever version it stands. `place`: the sheet's address."""
    now = said(shown(asa.get(place)), account)
    sheet, _, period = place.partition("?")
    changed = {f"{name.replace('_', '-')}-{account}": value for name, value in fields.items()}
    return asa.post(f"{sheet}/accounts/{account}?{period}", {**now, **changed}, headers=HTMX)


def test_an_amount_is_saved_as_it_is_typed_and_its_row_comes_back(asa: Visitor, sheet: str, at: str) -> None:
    page = shown(asa.get(sheet + at))
    assert "0 of 4 accounts done" in page
    assert "Mark all 4 that are not done as done" in page
    assert "Not started" in row(page, "1930")
    answer = shown(typed(asa, sheet + at, "1930", typed="800,5"))
    assert answer.startswith('<tr id="account-1930"')
    assert 'value="800.50"' in row(answer, "1930")
    assert "99.50" in row(answer, "1930")
    assert "In progress" in row(answer, "1930")
    assert "1930 saved, difference 99.50" in answer
    assert 'id="group-19" hx-swap-oob' in answer
    assert "<head" not in answer
    assert 'value="800.50"' in row(shown(asa.get(sheet + at)), "1930")
    assert 'value="800.50"' not in row(shown(asa.get(sheet + END)), "1930")
    assert 'value="900.00"' in row(shown(typed(asa, sheet + at, "1930", typed="=")), "1930")
    assert 'value=""' in row(shown(typed(asa, sheet + at, "1930", typed="")), "1930")
    assert re.search(r'aria-current="page">2025-[0-9]+ <small class="warn">Begun', shown(asa.get(sheet + at)))


def test_what_is_no_amount_stays_in_its_field_and_is_told(asa: Visitor, sheet: str, at: str) -> None:
    answer = shown(typed(asa, sheet + at, "1930", typed='12,000"'), 422)
    assert '12,000" on account 1930 is not an amount.' in answer
    assert 'value="12,000"" data-kept="" ' in row(answer, "1930")  # `Esc` takes back what was typed
    assert 'aria-invalid="true"' in row(answer, "1930")
    assert 'value="0"' in row(answer, "1930")  # the version: nothing was kept


def test_done_wants_a_comment_where_there_is_a_difference_or_a_balance_that_nothing_reconciles(
    asa: Visitor, sheet: str, at: str
) -> None:
    for amount in ("", "899"):
        answer = shown(typed(asa, sheet + at, "1930", typed=amount, done="1"), 422)
        assert "Write a comment, then mark it as done." in answer
        assert "autofocus" in row(answer, "1930")
        assert "checked" not in row(answer, "1930")
    assert "checked" in row(shown(typed(asa, sheet + at, "1930", comment="En krona i kassan", done="1")), "1930")
    answer = shown(typed(asa, sheet + at, "2440", typed="-300", done="1"))
    assert "2 of 4 accounts done" in answer
    assert re.search(r'id="sign-off-all" hx-swap-oob="outerMorph"><button[^>]*>Mark all 2 that are not done', answer)
    assert "checked" in row(answer, "2440")
    now = said(shown(asa.get(sheet + at)), "2440")
    del now["done-2440"]
    assert "1 of 4 accounts done" in shown(asa.post(f"{sheet}/accounts/2440{at}", now, headers=HTMX))


def test_a_row_that_somebody_else_changed_is_left_as_it_is(asa: Visitor, sheet: str, at: str) -> None:
    seen = said(shown(asa.get(sheet + at)), "1930")
    typed(asa, sheet + at, "1930", typed="900", comment="Kontoutdrag")
    answer = shown(asa.post(f"{sheet}/accounts/1930{at}", {**seen, "typed-1930": "850"}, headers=HTMX), 409)
    assert 'value="850"' in row(answer, "1930")
    assert "trouble-1930" in row(answer, "1930")
    assert 'value="900.00"' in row(shown(asa.get(sheet + at)), "1930")
    stale = {**seen, "typed-1930": "900.00", "comment-1930": "Kontoutdrag", "done-1930": "1"}
    assert asa.post(f"{sheet}/accounts/1930{at}", stale, headers=HTMX).status_code == 409
    assert "checked" not in row(shown(asa.get(sheet + at)), "1930")


def test_a_figure_that_moved_after_done_is_shown_as_it_was_and_is(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "1930", typed="900", done="1")
    answer = row(shown(typed(asa, sheet + at, "1930", typed="901")), "1930")
    assert "Changed after sign-off" in answer
    assert "Reconciled amount <del>900.00</del> → <ins>901.00</ins>" in answer
    assert "checked" not in answer
    assert "1930" in shown(asa.get(f"{sheet}{at}&only=changed"))
    assert 'id="account-1510"' not in shown(asa.get(f"{sheet}{at}&only=changed"))


def test_an_open_page_signs_off_nothing_that_moved_since_it_was_shown(asa: Visitor, fresh: str) -> None:
    march = f"{fresh}{YEAR}&period=2025-03"
    typed(asa, march, "1930", typed="900", done="1")
    typed(asa, march, "1510", typed="500")
    typed(asa, march, "2440", comment="Reskontra")
    seen = whole(shown(asa.get(march)))
    paid(asa, fresh, "20250315")
    commented = {**said(shown(asa.get(march)), "1930"), "comment-1930": "Utdrag"}
    commented |= {name: seen[name] for name in ("shown-1930", "done-1930", "review-1930")}
    answer = row(shown(asa.post(f"{fresh}/accounts/1930{YEAR}&period=2025-03", commented, headers=HTMX)), "1930")
    assert "Utdrag</textarea>" in answer
    assert "Closing balance <del>900.00</del> → <ins>600.00</ins>" in answer
    seen = {**seen, "version-1930": said(shown(asa.get(march)), "1930")["version-1930"], "comment-1930": "Utdrag"}
    assert asa.post(march, {**seen, "sign-off": "group:15"}).status_code == 303
    page = shown(asa.get(march))
    assert "Changed after sign-off" in row(page, "1930")
    assert "checked" in row(page, "1510")
    assert asa.post(march, {**seen, "comment-2081": "Bolaget", "sign-off": "able:all"}).status_code == 303
    page = shown(asa.get(march))
    assert "Changed after sign-off" in row(page, "1930")
    assert "3 of 4 accounts done" in page
    assert "1930" in shown(asa.get(fresh.replace("reconciliation", "changes") + YEAR))


def test_done_is_refused_for_figures_that_the_page_did_not_show(asa: Visitor, fresh: str) -> None:
    march = f"{fresh}{YEAR}&period=2025-03"
    place = f"{fresh}/accounts/1930{YEAR}&period=2025-03"
    typed(asa, march, "1930", comment="Ring")
    seen = whole(shown(asa.get(march)))
    paid(asa, fresh, "20250315")
    own = {name: value for name, value in seen.items() if name.endswith("-1930")}
    told = "The closing balance of 1930 is 600.00 now; 900.00 was shown when it was marked as done."
    answer = shown(asa.post(place, {**own, "done-1930": "1", "comment-1930": "Ring igen"}, headers=HTMX), 409)
    assert told in answer
    assert "600.00" in row(answer, "1930")
    assert "Ring igen</textarea>" in row(answer, "1930")
    assert "checked" not in row(answer, "1930")
    seen |= {name: value for name, value in said(answer, "1930").items() if name.startswith(("version", "comment"))}
    for pressed in ("group:19", "able:all"):
        answer = shown(asa.post(march, {**seen, "sign-off": pressed}), 422)
        assert told in answer
        assert "0 of 4 accounts done" in answer
    answer = shown(asa.post(march, {**seen, "typed-1930": "=", "done-1930": "1", "comment-1510": "Ny"}), 422)
    assert told in answer
    assert "Ny</textarea>" in row(answer, "1510")
    now = said(answer, "1930")
    assert now["typed-1930"] == "900.00"  # as it was shown, which is a difference now
    assert asa.post(march, {**now, "sign-off": "group:19"}).status_code == 303
    assert "checked" in row(shown(asa.get(march)), "1930")


def test_a_year_end_that_nobody_started_takes_a_form_of_what_december_has(asa: Visitor, fresh: str) -> None:
    last = f"{fresh}{YEAR}&period=2026-06"
    typed(asa, last, "1930", typed="850", comment="Utdrag")
    typed(asa, last, "2440", typed="-300", comment="Reskontra")
    form = whole(shown(asa.get(fresh + END)))
    done = {name: value for name, value in form.items() if name.endswith("-1930")} | {"done-1930": "1"}
    answer = shown(asa.post(fresh + END, done), 422)
    assert "The reconciled amount of 1930 is 850.00 now; none was shown when it was marked as done." in answer
    assert asa.post(fresh + END, {**said(answer, "1930"), "sign-off": "all"}).status_code == 303
    assert "checked" in row(shown(asa.get(fresh + END)), "1930")


def test_a_form_that_starts_the_year_end_keeps_all_its_rows(asa: Visitor, fresh: str) -> None:
    last = f"{fresh}{YEAR}&period=2026-06"
    typed(asa, last, "1930", typed="850", comment="Utdrag")
    typed(asa, last, "2440", comment="Reskontra")
    form = whole(shown(asa.get(fresh + END)))
    kept = asa.post(fresh + END, {**form, "typed-1510": "500", "typed-1930": "849", "comment-2440": "Lista"})
    assert kept.status_code == 303
    page = shown(asa.get(fresh + END))
    assert said(page, "1930")["typed-1930"] == "849.00"
    assert said(page, "1930")["comment-1930"] == "Utdrag"
    assert said(page, "2440")["comment-2440"] == "Lista"


def test_without_scripts_the_sheet_is_one_form(asa: Visitor, sheet: str, at: str) -> None:
    page = shown(asa.get(sheet + at))
    wrong = {**whole(page), "typed-1510": "500", "typed-1930": "mycket", "typed-2440": "-300", "done-2440": "1"}
    answer = shown(asa.post(sheet + at, wrong), 422)
    assert "1 row was not saved:" in answer
    assert 'href="#account-1930"' in answer
    assert 'value="mycket"' in row(answer, "1930")
    assert 'value="500.00"' in row(answer, "1510")
    assert "1 of 4 accounts done" in answer
    again = {name: value for account in ("1510", "1930") for name, value in said(answer, account).items()}
    kept = asa.post(f"{sheet}{at}&only=open", {**again, "typed-1930": "900"})
    assert kept.status_code == 303
    assert "only=open" in kept.headers["location"]
    assert 'value="900.00"' in row(shown(asa.get(kept.headers["location"])), "1930")
    assert asa.post(f"{sheet}/accounts/1930{at}", said(shown(asa.get(sheet + at)), "1930")).status_code == 303


def test_a_sheet_of_many_accounts_fits_in_the_form(asa: Visitor, sheet: str, at: str) -> None:
    form = {f"comment-{account}": "" for account in range(10_000, 12_000)}
    assert asa.post(sheet + at, form).status_code == 303


def test_done_for_all_says_which_accounts_are_in_the_way(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "2440", typed="-300")
    typed(asa, sheet + at, "1510", typed="450")
    assert asa.post(sheet + at, {"sign-off": "all"}).status_code == 303  # of none that is shown
    assert "0 of 4 accounts done" in shown(asa.get(sheet + at))

    def sent(pressed: str) -> httpx.Response:
        return asa.post(sheet + at, {**whole(shown(asa.get(sheet + at))), "sign-off": pressed})

    answer = shown(sent("all"), 422)
    assert "3 accounts are in the way." in answer
    assert "1510 Konto 1510</a>: difference 50.00" in answer
    assert "2081 Konto 2081</a>: closing balance -1,200.00" in answer
    assert "0 of 4 accounts done" in answer
    assert 'value="able:all"' in answer
    typed(asa, sheet + at, "1930", typed="900")
    assert sent("group:19").status_code == 303
    assert "1 of 4 accounts done" in shown(asa.get(sheet + at))
    assert sent("able:all").status_code == 303
    assert "2 of 4 accounts done" in shown(asa.get(sheet + at))


def test_what_is_shown_is_chosen_searched_and_sorted(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "2440", typed="-250")
    typed(asa, sheet + at, "1930", typed="890")
    typed(asa, sheet + at, "1510", typed="500", done="1")

    def accounts(more: str) -> list[str]:
        return re.findall(r'<tr id="account-(\d+)"', shown(asa.get(f"{sheet}{at}&{more}", **HTMX)))

    assert accounts("") == ["1510", "1930", "2081", "2440"]
    assert accounts("only=differences&sort=difference") == ["2440", "1930"]
    assert accounts("only=open") == ["1930", "2081", "2440"]
    assert accounts("q=konto 20") == ["2081"]
    assert accounts("sort=status") == ["2081", "1930", "2440", "1510"]
    assert accounts("only=nothing&sort=nothing") == ["1510", "1930", "2081", "2440"]
    assert "15 Trade receivables" in shown(asa.get(sheet + at))
    assert "No account fits." in shown(asa.get(f"{sheet}{at}&q=saknas"))


def test_the_accounts_that_are_shown_are_saved_as_a_file(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "1930", typed="890", comment="=HYPERLINK()")
    answer = asa.get(f"{sheet}/files/csv{at}&only=differences")
    assert answer.headers["content-disposition"].endswith(f"-{at[-7:]}.csv")
    lines = answer.text.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("1930,Konto 1930,900.00,0.00,900.00,890.00,10.00,In progress")
    assert "'=HYPERLINK()" in lines[1]
    typed(asa, sheet + at, "2081", typed="-900")
    by_difference = asa.get(f"{sheet}/files/csv{at}&only=differences&sort=difference").text.splitlines()[1:]
    assert [each[:4] for each in by_difference] == ["2081", "1930"]
    assert asa.get(f"{sheet}/files/xlsx{at}").content.startswith(b"PK")
    assert asa.get(f"{sheet}/files/doc{at}").status_code == 404


def test_a_difference_becomes_a_closing_entry_of_its_period_and_is_gone(asa: Visitor, fresh: str) -> None:
    march = f"{YEAR}&period=2025-03"
    answer = row(shown(typed(asa, fresh + march, "1930", typed="875")), "1930")
    found = re.search(r'class="book" href="([^"]+)"', answer)
    assert found is not None
    form = shown(asa.get(found[1]))
    assert 'name="date" aria-label="Date" value="2025-03-31"' in form
    assert 'value="1930 Konto 1930"' in form
    assert (
        'name="credit-1" inputmode="decimal" autocomplete="off" value="25.00"' in form
    )  # 900 in March, 850 at the end
    action = re.search(r'<form id="entry" method="post" action="([^"]+)"', form)
    assert action is not None
    entry = {
        "act": "ready",
        "text": "Ränta",
        "period": "day",
        "date": "2025-03-31",
        "origin": "difference",
        "subject": "1930",
        **{"account-1": "1930", "credit-1": "25", "account-2": "4010", "debit-2": "25"},
    }
    assert "#account-1930" not in asa.post(action[1], {**entry, "text": ""}).headers.get("location", "")
    saved = asa.post(action[1], entry).headers["location"]
    assert saved.endswith("#account-1930")
    assert parse_qs(urlsplit(saved).query) == {"year": ["2026-06-30"], "period": ["2025-03"], "saved": ["V1"]}
    page = shown(asa.get(saved))
    assert "V1 is saved and counts in the balances." in page
    assert 'data-closing="875.00"' in row(page, "1930")
    assert "Book</a>" not in row(page, "1930")
    assert 'data-closing="825.00"' in row(shown(asa.get(fresh + END)), "1930")
    account = fresh.replace("reconciliation", "accounts/1930")
    rows = shown(asa.get(account + march))
    assert "2025-01-01 – 2025-03-31" in rows
    assert "2 rows · Closing balance 875.00" in rows
    assert "3 rows · Closing balance 825.00" in shown(asa.get(account + END))
    answer = row(shown(typed(asa, fresh + END, "1930", typed="830")), "1930")
    found = re.search(r'class="book" href="([^"]+)"', answer)
    assert found is not None
    form = shown(asa.get(found[1]))
    assert 'name="debit-1" inputmode="decimal" autocomplete="off" value="5.00"' in form
    assert 'value="year-end" checked' in form
    assert "There is no period 2025-13." in shown(asa.get(found[1].replace("year-end", "2025-13")), 422)


def test_an_account_with_an_attachment_is_reconciled_by_it(asa: Visitor, sheet: str, at: str) -> None:
    own = sheet.replace("reconciliation", "attachments/own/new")
    day = f"{at[-7:]}-{monthrange(int(at[-7:-3]), int(at[-2:]))[1]}"
    behind = re.findall(r'href="([^"]+/attachments/accounts/1510[^"]*)"', row(shown(asa.get(sheet + at)), "1510"))[0]
    form = re.findall(r'href="([^"]+/own/new[^"]*)"', shown(asa.get(behind)))[0]
    assert f'name="as_at" value="{day}"' in shown(asa.get(form))
    rows = {"account": "1510", "action": "save", "as_at": day, "text": "Kund", "amount": "480", "standing": "debit"}
    assert asa.post(f"{own}{YEAR}", {**rows, "copying": "none"}).status_code == 303
    page = shown(asa.get(sheet + at))
    assert 'aria-label="Reconciled amount of 1510 by its attachments: 480.00"' in row(page, "1510")
    assert 'name="typed-1510"' not in row(page, "1510")
    assert "1 attachment of 1510" in row(page, "1510")
    assert "20.00" in row(page, "1510")
    refused = asa.post(f"{sheet}/accounts/1510{at}", {**said(page, "1510"), "typed-1510": "500"}, headers=HTMX)
    assert "is reconciled by its attachments" in shown(refused, 422)


def test_a_review_says_what_was_found_and_may_want_another_person(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "1930", typed="900", done="1")
    rejected = row(shown(typed(asa, sheet + at, "1930", review="rejected")), "1930")
    assert 'value="rejected" selected' in rejected
    commented = typed(asa, sheet + at, "1930", review="rejected", review_comment="Utdraget saknas <b>")
    assert "Utdraget saknas &lt;b&gt;" in commented.text
    moved = row(shown(typed(asa, sheet + at, "1930", typed="910")), "1930")
    assert "Not reviewed" in moved
    assert "Utdraget saknas" not in moved
    assert asa.post(f"{sheet}/periods/others{YEAR}", {"others": "1"}).status_code == 303
    assert 'name="others" value="1" checked' in shown(asa.get(f"{sheet}/periods"))
    typed(asa, sheet + at, "1930", typed="900", done="1")
    assert "cannot review it as well" in shown(typed(asa, sheet + at, "1930", review="approved"), 422)


def test_a_comment_and_a_review_are_saved_together_or_the_review_is_refused(asa: Visitor, sheet: str, at: str) -> None:
    asa.post(f"{sheet}/periods/others{YEAR}", {})
    typed(asa, sheet + at, "1930", typed="900", done="1")
    now = said(shown(asa.get(sheet + at)), "1930")
    both = {**now, "comment-1930": "Utdrag", "review-1930": "rejected", "review-comment-1930": "Sida 2 saknas"}
    assert asa.post(sheet + at, both).status_code == 303
    kept = row(shown(asa.get(sheet + at)), "1930")
    assert "Utdrag</textarea>" in kept
    assert 'value="rejected" selected' in kept
    assert 'value="Sida 2 saknas"' in kept
    now = said(shown(asa.get(sheet + at)), "1930")
    moved = {**now, "typed-1930": "899", "review-1930": "approved", "review-comment-1930": "Nu hel"}
    refused = row(shown(asa.post(sheet + at, moved), 422), "1930")
    assert "Account 1930 is not done, so it cannot be reviewed." in refused
    assert 'value="899"' in refused
    assert "checked" not in refused
    again = said(refused, "1930")
    assert (again["review-1930"], again["review-comment-1930"]) == ("approved", "Nu hel")
    assert asa.post(sheet + at, {**again, "done-1930": "1"}).status_code == 303
    kept = row(shown(asa.get(sheet + at)), "1930")
    assert 'value="approved" selected' in kept
    assert 'value="Nu hel"' in kept


def test_a_review_that_is_refused_stays_in_its_fields(asa: Visitor, sheet: str, at: str) -> None:
    typed(asa, sheet + at, "1930", typed="900", done="1")
    typed(asa, sheet + at, "1930", review="rejected", review_comment="Sida 2 saknas")
    long = "Sida 3 " + "x" * 2000
    refused = row(shown(typed(asa, sheet + at, "1930", review="approved", review_comment=long), 422), "1930")
    assert 'value="approved" selected' in refused
    assert f'value="{long[:2001]}"' in refused
    assert "checked" in refused


def test_a_period_is_locked_with_a_reason_and_its_figures_stay(asa: Visitor, fresh: str) -> None:
    january = f"{YEAR}&period=2025-01"
    typed(asa, fresh + january, "1930", typed="900", done="1")
    seen = said(shown(asa.get(fresh + january)), "1930")
    periods = f"{fresh}/periods"
    page = shown(asa.get(periods))
    assert "3 accounts are not done:" in page
    assert "1510 Konto 1510</a>" in page
    refused = shown(asa.post(f"{periods}/lock{YEAR}", {"period": "2025-01"}), 409)
    assert "1510" in re.findall(r'role="alert">(.*?)</div>', refused)[0]
    early = asa.post(f"{periods}/lock{YEAR}", {"period": "2025-02", "reason": "Brådska"})
    assert "Brådska" not in re.findall(r"<textarea[^>]*>(.*?)<", shown(early, 409))
    locked = asa.post(f"{periods}/lock{YEAR}", {"period": "2025-01", "reason": "Bankbeskedet <dröjer>"})
    assert locked.status_code == 303
    page = asa.get(fresh + january).text
    assert "Bankbeskedet &lt;dröjer&gt;" in page
    assert 'name="typed-' not in page
    assert 'id="sheet"' not in page
    late = asa.post(f"{fresh}/accounts/1930{january}", {**seen, "typed-1930": "1"}, headers=HTMX)
    assert "is locked: nothing can be entered" in shown(late, 409)
    assert 'aria-current="page">2025-02' in shown(asa.get(fresh))  # which is the current one now


def test_periods_up_to_one_are_locked_at_once(asa: Visitor, fresh: str) -> None:
    periods = f"{fresh}/periods"
    choice = shown(asa.get(periods + YEAR)).split('name="through"')[1].split("</select>")[0]
    assert "2025-02" in choice
    assert "year-end" not in choice
    form = {"period": "2025-01", "through": "2025-03"}
    refused = shown(asa.post(f"{periods}/lock{YEAR}", form), 409)
    assert '<option value="2025-03" selected>' in refused
    assert refused.count("Unlock the period") == 0
    assert asa.post(f"{periods}/lock{YEAR}", {**form, "reason": "Stäms av i bokslutet"}).status_code == 303
    assert shown(asa.get(periods + YEAR)).count("Unlock the period") == 3


def test_unlocking_wants_a_reason_and_lets_later_periods_wait(asa: Visitor, fresh: str) -> None:
    periods = f"{fresh}/periods"
    for period in ("2025-01", "2025-02"):
        asa.post(f"{periods}/lock{YEAR}", {"period": period, "reason": "Inget att stämma av"})
    assert "State a reason" in shown(asa.post(f"{periods}/unlock{YEAR}", {"period": "2025-01"}), 422)
    assert asa.post(f"{periods}/unlock{YEAR}", {"period": "2025-01", "reason": "Ny faktura"}).status_code == 303
    february = shown(asa.get(f"{fresh}{YEAR}&period=2025-02"))
    assert "Nothing can be entered here until 2025-01 is locked again." in february
    assert 'id="sheet"' not in february
    assert asa.post(f"{periods}/lock{YEAR}", {"period": "2027-01"}).status_code == 404
    assert asa.post(f"{periods}/start{YEAR}", {"period": "2025-02"}).status_code == 409


def test_a_period_is_started_without_anything_entered(asa: Visitor, sheet: str, at: str) -> None:
    assert asa.post(f"{sheet}/periods/start{YEAR}", {"period": at[-7:]}).status_code == 303
    assert re.search(r'aria-current="page">[0-9-]{7} <small class="warn">Begun', shown(asa.get(sheet + at)))


def test_swedish_is_spoken(asa: Visitor, sheet: str, at: str) -> None:
    page = shown(asa.get(sheet + at, **{"Accept-Language": "sv"}))
    for label in (
        "Balansavstämning",
        "Avstämningsbelopp",
        "Avstämningsdifferens",
        "0 av 4 konton klara",
        "Ej påbörjad",
    ):
        assert label in page
    for label in (
        "Ej granskad",
        "Endast differenser",
        "Ej klara",
        "Ändrad efter klar",
        "Årsavslut",
        "Kvalitetssäkring",
    ):
        assert label in page
