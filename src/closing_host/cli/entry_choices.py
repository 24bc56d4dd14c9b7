"""`closing entries again` and `settle`: what a person decides about entries that the source lost or holds twice."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.entries import ClosingEntry


def again(books: str, entry: str, /) -> None:
    """Export an entry again that is missing in the source: ready once more, with a mark of its own.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entry_year import open_entry_year
    from closing_host.engagements.recognising import export_again

    words = session().words
    with house() as host:
        year = open_entry_year(host, books)
        made = export_again(host, year.engagement.id, year.find(entry).id)

    def human() -> None:
        output.line(words.text("{entry} is ready to be exported again. Now: closing export.", entry=made.label))

    output.result(_data(made), human)


def settle(
    books: str,
    entry: str,
    /,
    *,
    accept: Annotated[bool, Parameter(negative="", help="The books are right as they are.")] = False,
    reverse: Annotated[bool, Parameter(negative="", help="Make a reversing entry for each voucher too many.")] = False,
) -> None:
    """Decide about an entry that the source holds more than once, or that cannot be told for certain.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entry_year import open_entry_year
    from closing_host.engagements.recognising import accept_books, reverse_double

    if accept == reverse:
        raise DataError("entry-settle-how", entry=entry)
    words = session().words
    with house() as host:
        year = open_entry_year(host, books)
        found = year.find(entry).id
        reversing: tuple[ClosingEntry, ...] = ()
        if accept:
            settled = accept_books(host, year.engagement.id, found)
        else:
            settled, reversing = reverse_double(host, year.engagement.id, found)

    def human() -> None:
        output.line(
            words.text(
                "{entry} is counted in the books, as they are ({vouchers}).",
                entry=settled.label,
                vouchers=settled.reason,
            )
        )
        for each in reversing:
            output.line(
                words.text(
                    "{entry} takes one voucher back: {text}. Now: closing export.",
                    entry=each.label,
                    text=each.content.text,
                )
            )

    output.result({**_data(settled), "reversing": [_data(each) for each in reversing]}, human)


def _data(entry: "ClosingEntry") -> dict[str, object]:
    return {"entry": entry.label, "status": str(entry.status), "text": entry.content.text, "reason": entry.reason}
