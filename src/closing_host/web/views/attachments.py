"""*Bilagor*: what a year has, and making those for receivables and payables again."""

from typing import Any, Final

from starlette.responses import Response

from closing_host.web import attachment_words
from closing_host.web.attachment_desk import AttachmentDesk
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission

ADDRESS: Final = "/engagements/{engagement:int}/attachments"


def show(call: Call) -> Response:
    """The year's attachments; only the part about receivables and payables when htmx asks, as it does while these are
    being made."""
    shown = in_year(call)
    desk: AttachmentDesk = shown["desk"]
    history = desk.history()
    # Of each side the newest version beside these books that succeeded, else the newest.
    beside = [each for each in history.versions if each.snapshot_id == history.snapshot.id]
    newest = {each.side: each for each in sorted(beside, key=lambda each: (each.error is None, each.version))}
    values = {
        "history": history,
        "newest": [newest[side] for side in ("receivables", "payables") if side in newest],
        "accounts": desk.control_accounts(history),
        "making": desk.making,
        "trouble": desk.trouble,
        "run": desk.run(),
        "attachment_words": attachment_words,
        **shown,
    }
    if call.is_partial:
        return call.page("_attachments.html", **values)
    return call.page("attachments.html", own=desk.own(), files=desk.files(), balance_accounts=_accounts(call), **values)


def make(call: Call) -> Response:
    """*Försök igen*: the books stay as they are."""
    shown = in_year(call)
    shown["desk"].make()
    return call.go(f"/engagements/{call.desk.id}/attachments?year={shown['year'].year_end}")


def in_year(call: Call) -> dict[str, Any]:
    """What every page of attachments knows: the engagement, the year of the address, its desk."""
    year = call.desk.year(call.query("year")[:10])
    years = [each for each, snapshot in call.desk.client.years if snapshot is not None]
    base = f"/engagements/{call.desk.id}/attachments"
    return {
        "engagement": call.desk.engagement,
        "year": year,
        "years": years,
        "desk": call.desk.attachments(year),
        "base": base,
        "in_year": f"?year={year.year_end}",
    }


def _accounts(call: Call) -> list[tuple[str, str]]:
    """Number and name of every balance account that the year's books declare."""
    year = call.desk.year(call.query("year")[:10])
    declared = call.desk.imported(call.desk.current(year)).accounts.unique("account", keep="first").sort("account")
    return [(number, name) for number, name in declared.select("account", "name").rows() if number[:1] in ("1", "2")]


PAGES = (
    Page("GET", ADDRESS, show, Permission.READ),
    Page("POST", f"{ADDRESS}/make", make, Permission.ATTACH),
)
