"""*Rapporter*: what is written of a period, as files to save, and the archive of one that is locked."""

from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from starlette.responses import Response

from closing_host.engagements.attachment_documents import Form
from closing_host.engagements.period_documents import FORMS
from closing_host.web import reconciliation_words
from closing_host.web.call import Call
from closing_host.web.download import composed, saved
from closing_host.web.report_desk import ReportDesk
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year

ARCHIVE: Final = "archive"
IN_MEMORY: Final = 16 * 1024 * 1024
"""Bytes of an archive that are kept in memory while it is saved; a larger one waits on disk."""


def show(call: Call) -> Response:
    """The reports of a period, "" for the current one."""
    shown = shown_year(call)
    desk = call.desk.reports(shown["year"])
    period = desk.periods.find(call.query("period")[:20])
    base = f"/engagements/{call.desk.id}"
    return call.page(
        "reports.html",
        period=period,
        periods=desk.periods,
        forms=FORMS,
        base=base,
        in_period=f"?year={shown['year'].year_end}&period={period.key}",
        saying=reconciliation_words,
        **shown,
    )


def download(call: Call) -> Response:
    """A report, or the archive."""
    shown = shown_year(call)
    desk: ReportDesk = call.desk.reports(shown["year"])
    report, form, key = call.path("report")[:20], call.path("form")[:10], call.query("period")[:20]
    if (report, form) == (ARCHIVE, "zip"):
        return _archive(call, desk, key)
    documents = desk.documents(call.words, key, report, form)
    several = f"{report}-{desk.periods.find(key).key}"
    return composed(documents, cast("Form", form), several)


def _archive(call: Call, desk: ReportDesk, key: str) -> Response:
    made = desk.archive(call.words, key)
    file: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed when it is sent
    try:
        made.write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return saved(cast("BinaryIO", file), made.name)


_REPORTS: Final = "/engagements/{engagement:int}/reports"

PAGES = (
    Page("GET", _REPORTS, show, Permission.READ),
    Page("GET", f"{_REPORTS}/files/{{report}}.{{form}}", download, Permission.READ),
)
