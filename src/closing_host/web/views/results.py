"""*Resultatanalys*: the result accounts of a period beside last year, as a page and as a file."""

from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.responses import Response

from closing_host.api.errors import ClosingError
from closing_host.documents.result_tables import group_words
from closing_host.engagements.attachment_documents import Form
from closing_host.engagements.result_documents import TableForm
from closing_host.web import reconciliation_words, result_lines
from closing_host.web.call import Call
from closing_host.web.download import composed
from closing_host.web.monthly_charts import columns
from closing_host.web.result_desk import ResultDesk
from closing_host.web.result_lines import blocks_of, wanted_of
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year

FORMS: Final = ("xlsx", "csv")
_CHOICES: Final = ("sort", "of", "above", "percent")


def results(call: Call) -> Response:
    """The accounts of a period, "" for the current one."""
    shown, desk = _desk(call)
    sheet = desk.sheet(call.query("period")[:20])
    query = {name: call.query(name)[:40] for name in _CHOICES}
    wanted = wanted_of(query)
    months = desk.months(call.desk.now.date())
    series = [months["result"].to_list(), *([months["before"].to_list()] if sheet.last_year else [])]
    base = f"/engagements/{call.desk.id}"
    stated = {"year": str(shown["year"].year_end), "period": sheet.period.key}
    return call.page(
        "results.html",
        sheet=sheet,
        periods=desk.periods,
        blocks=blocks_of(sheet, wanted),
        wanted=wanted,
        query=query,
        months=months.rows(),
        drawn=columns(series) if months.height else None,
        base=base,
        files=f"{base}/results/files",
        in_period=f"?{urlencode(stated)}",
        in_year=f"?year={shown['year'].year_end}",
        saying=reconciliation_words,
        lines=result_lines,
        group_words=group_words,
        **shown,
    )


def download(call: Call) -> Response:
    """All its accounts, as XLSX or CSV."""
    form = call.path("form")
    if form not in FORMS:
        raise ClosingError("report-form-unknown", report="results", form=form[:20], forms=", ".join(FORMS))
    _, desk = _desk(call)
    document = desk.document(call.words, call.query("period")[:20], cast("TableForm", form))
    return composed([document], cast("Form", form), document.name)


def _desk(call: Call) -> tuple[dict[str, Any], ResultDesk]:
    shown = shown_year(call)
    return shown, call.desk.results(shown["year"])


_RESULTS: Final = "/engagements/{engagement:int}/results"

PAGES = (
    Page("GET", _RESULTS, results, Permission.READ),
    Page("GET", f"{_RESULTS}/files/{{form}}", download, Permission.READ),
)
