"""`closing reconcile set|done|reopen|review|entry|reviewers`: what a user does with the accounts of a period."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.entry_output import saved_data, show_saved
from closing_host.cli.opened import house
from closing_host.cli.reconcile_output import line_data, show_lines
from closing_host.cli.session import session
from closing_host.locale.amounts import typed_amount

if TYPE_CHECKING:
    from closing_host.engagements.effective import EffectiveBooks
    from closing_host.engagements.host import Host
    from closing_host.engagements.reconciling import AccountLine, Sheet

Period = Annotated[str, Parameter(help="A period as `periods` lists it; by default the current one.")]
All = Annotated[bool, Parameter(name="--all", negative="", help="Every account that it can be said of.")]

LEFT: Final = 1
"""Exit code when `done --all` leaves accounts that want a comment."""


def set_(
    books: str,
    account: str,
    /,
    *,
    amount: Annotated[str | None, Parameter(help="In the ledger's sign: debts are minus.")] = None,
    clear: Annotated[bool, Parameter(negative="", help="Reconciled to nothing, which is not zero.")] = False,
    comment: Annotated[str | None, Parameter(help="A comment; an empty one removes it.")] = None,
    period: Period = "",
) -> None:
    """State what an account is reconciled to, and a comment on it. What is not stated stays.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    account
        An account of class 1 or 2.
    """
    from closing_host.engagements.reconciled_accounts import UNCHANGED, note_account

    if (amount is not None and clear) or (amount is None and not clear and comment is None):
        raise DataError("reconcile-what", account=account)
    typed = None if clear else UNCHANGED if amount is None else _ore(account, amount)
    with _opened(books) as (host, effective):
        note_account(
            host, effective, period, account, typed=typed, comment=UNCHANGED if comment is None else comment.strip()
        )
        line = _line(_sheet(host, effective, period), account)
    output.result(line_data(line), lambda: show_lines([line]))


def done(books: str, /, *accounts: str, everything: All = False, period: Period = "") -> int:
    """Mark accounts as done: all of them, or none when one wants a comment.

    With --all every account that can be; those that want a comment are told. Exit code: 1 when such are left.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    accounts
        Account numbers.
    """
    from closing_host.engagements.reconciled_accounts import sign_off

    _check_stated(accounts, everything=everything)
    wanting: tuple[str, ...] = ()
    chosen: Sequence[str] = accounts
    with _opened(books) as (host, effective):
        if everything:
            left = _sheet(host, effective, period).not_done
            wanting = tuple(each.account for each in left if each.wants_comment)
            chosen = [each.account for each in left if not each.wants_comment]
        count = sign_off(host, effective, period, chosen) if chosen else 0
    words = session().words

    def human() -> None:
        output.line(words.plural("{count} account is done.", "{count} accounts are done.", count))
        if wanting:
            said = ", ".join(wanting)
            output.line(words.text("These want a comment first: {accounts}.", accounts=said), style="yellow")

    output.result({"accounts": count, "want_comment": wanting}, human)
    return LEFT if wanting else 0


def reopen(books: str, /, *accounts: str, everything: All = False, period: Period = "") -> None:
    """Open accounts again that were done.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    accounts
        Account numbers.
    """
    from closing_host.engagements.reconciled_accounts import reopen_accounts

    _check_stated(accounts, everything=everything)
    with _opened(books) as (host, effective):
        lines = _sheet(host, effective, period).lines if everything else ()
        signed = [each.account for each in lines if each.record.signed is not None]
        count = reopen_accounts(host, effective, period, accounts or signed)
    _told(session().words.plural("{count} account is open again.", "{count} accounts are open again.", count), count)


def review(
    books: str,
    /,
    *accounts: str,
    approve: Annotated[bool | None, Parameter(negative="--reject", help="Approved, or rejected.")] = None,
    comment: Annotated[str, Parameter(help="What the reviewer says.")] = "",
    everything: All = False,
    period: Period = "",
) -> None:
    """Review accounts that are done.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    accounts
        Account numbers.
    """
    from closing_host.closing.standing import Review, Standing
    from closing_host.engagements.reconciled_accounts import review_accounts

    if approve is None:
        raise DataError("review-how")
    _check_stated(accounts, everything=everything)
    verdict = Review.APPROVED if approve else Review.REJECTED
    with _opened(books) as (host, effective):
        lines = _sheet(host, effective, period).lines if everything else ()
        signed = [each.account for each in lines if each.standing is Standing.DONE]
        count = review_accounts(host, effective, period, accounts or signed, verdict, comment.strip())
    _told(session().words.plural("{count} account is reviewed.", "{count} accounts are reviewed.", count), count)


def entry(
    books: str,
    account: str,
    /,
    *,
    counter: Annotated[str | None, Parameter(help="The counter account; by default the one used last.")] = None,
    text: Annotated[str, Parameter(help="What the entry is.")] = "",
    period: Period = "",
) -> None:
    """Make a closing entry (V) of the period from the account's difference, after which there is none.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    account
        An account with a difference.
    """
    from closing_host.closing.entries import EntryContent
    from closing_host.engagements.entries import add_entry
    from closing_host.engagements.entry_proposals import from_difference
    from closing_host.engagements.entry_year import open_entry_year, with_entries_now

    with _opened(books) as (host, effective):
        sheet = _sheet(host, effective, period)
        reconciled = _line(sheet, account).figures.reconciled
        if reconciled is None:
            raise DataError("nothing-reconciled", account=account)
        year = open_entry_year(host, books)
        of = sheet.period.period
        made = from_difference(year, account, reconciled, period=of.key, counter=counter)
        content = EntryContent(of.end, text.strip() or made.text, made.rows, of.key)
        saved = add_entry(host, year, content, origin=made.origin)
        after = with_entries_now(host, year)
        source = host.sources.name_of(year.engagement.source_id)
    output.result(saved_data(saved, after, source), lambda: show_saved(saved, after, source))


def reviewers(
    engagement: str,
    /,
    *,
    others: Annotated[bool | None, Parameter(negative="--anyone", help="Another than who marked it as done.")] = None,
) -> None:
    """Choose who may review: anyone, or another than who marked the account as done. Without an option: show it.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.reconciled_accounts import others_review, set_others_review
    from closing_host.engagements.register import find_engagement

    with house() as host:
        found = find_engagement(host, engagement)
        if others is not None:
            set_others_review(host, found.id, others)
        chosen = others_review(host, found.id)
    words = session().words
    said = (
        words.text("Another than who marked an account as done reviews it.")
        if chosen
        else words.text("Anyone may review, also who marked the account as done.")
    )
    output.result({"others": chosen}, lambda: output.line(said))


@contextmanager
def _opened(books: str) -> "Iterator[tuple[Host, EffectiveBooks]]":
    from closing_host.engagements.effective import open_effective

    with house() as host:
        yield host, open_effective(host, books)


def _sheet(host: "Host", effective: "EffectiveBooks", period: str) -> "Sheet":
    from closing_host.engagements.reconciling import sheet_of

    return sheet_of(host, effective, period, unused=True)


def _line(sheet: "Sheet", account: str) -> "AccountLine":
    line = sheet.line(account)
    if line is None:
        raise DataError("account-unknown", account=account)
    return line


def _check_stated(accounts: Sequence[str], *, everything: bool) -> None:
    """Raises `DataError` `accounts-not-stated` unless there are either accounts or all of them."""
    if bool(accounts) == everything:
        raise DataError("accounts-not-stated")


def _ore(account: str, amount: str) -> int:
    try:
        return typed_amount(amount)
    except ValueError:
        raise DataError("reconciled-unread", account=account, amount=amount) from None


def _told(said: str, count: int) -> None:
    output.result({"accounts": count}, lambda: output.line(said))
