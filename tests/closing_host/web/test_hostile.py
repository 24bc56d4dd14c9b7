"""Three hundred hostile names and texts, in every page there is and in every file that is written (T F8, F9)."""

import csv
import io
import logging
import re
import zipfile
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import httpx
import openpyxl
import pytest
from starlette.routing import compile_path

from attachment_house import served
from closing_host import sie
from closing_host.api.errors import DataError
from closing_host.engagements.run_report import report_of, report_text
from closing_host.runs.runner import Task, queue
from closing_host.storage.runs import Runs
from closing_host.web import export_work
from closing_host.web.app import PAGES
from closing_host.web.log import Lines
from export_firm import Firm
from hostile import BEYOND_A_LINE, PAYLOADS
from hostile_firm import EVERY, PERSON, hostile_file, hostile_firm
from inert_pages import Read, read_page
from pdf_text import read_pdf

BASE = "/engagements/1"
BY_SCRIPT = (
    *("/row", "/import/events", "/export/1", "/export/1/events", "/attachments/receivables/noted?document=1"),
    *("/attachments/payables/changes?before=1&after=2", "/source/disconnect"),
)
"""What only a script or a form fetches."""

MOST = 3
"""Addresses of one route that are looked at; each shows many of the texts."""

LOGGERS = ("closing_host", "uvicorn", "datasource_fortnox")
FILES = f"{BASE}/attachments/files/receivables"
NOT_BY_LINKS = {
    "/engagements/{engagement:int}/attachments/files/{which}.{form}",
    "/engagements/{engagement:int}/reports/files/{report}.{form}",
    "/start",
    "/callback",
    "/healthz",
    "/readyz",
}


@dataclass
class Walk:
    """Every answer, by the route that gave it."""

    firm: Firm
    http: httpx.Client
    logged: io.StringIO
    pages: dict[str, list[httpx.Response]] = field(default_factory=lambda: defaultdict(list))
    read: list[tuple[str, Read]] = field(default_factory=list)
    _routes: list[tuple[str, re.Pattern[str]]] = field(
        default_factory=lambda: [(page.path, compile_path(page.path)[0]) for page in PAGES if page.method == "GET"]
    )

    def from_here(self, *addresses: str) -> None:
        """Look at these pages, at all that they lead to, and so on."""
        waiting, known = deque(addresses), set(addresses)
        while waiting:
            address = waiting.popleft()
            route = next((path for path, pattern in self._routes if pattern.match(address.partition("?")[0])), "")
            if not route or route in NOT_BY_LINKS or (len(self.pages[route]) >= MOST and address not in addresses):
                continue
            answer = self.http.get(address)
            self.pages[route].append(answer)
            led_to = [answer.headers["location"]] if answer.is_redirect else []
            if "text/html" in answer.headers.get("content-type", ""):
                found = read_page(answer.text)
                self.read.append((address, found))
                led_to += found.addresses
            fresh = [each for each in dict.fromkeys(led_to) if each.startswith("/") and each not in known]
            known.update(fresh)
            waiting.extend(fresh)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_work, "LOOKS_EVERY", 0.02)
        with hostile_firm(tmp_path_factory.mktemp("hostile") / "data") as firm, served(firm.host) as (_, visitor):
            logged = io.StringIO()
            handler = logging.StreamHandler(logged)
            handler.setFormatter(Lines())
            for name in LOGGERS:
                patch.setattr(logging.getLogger(name), "handlers", [handler])
                logging.getLogger(name).setLevel(logging.DEBUG)
            walk = Walk(firm, visitor.http, logged)
            visitor.http.timeout = httpx.Timeout(60)
            dropped = [("file", (PAYLOADS[3], hostile_file(), "x"))]
            dropped += [("file", (name, b"text", "text/plain")) for name in PAYLOADS[::4]]
            batch = visitor.http.post("/files", files=dropped).headers["location"]
            compared = visitor.http.post(f"{BASE}/compare", data={"b": "2"}, files=[("file", (PAYLOADS[5], b"x", "x"))])
            asked = visitor.http.post(f"{BASE}/compare", data={"a": "1", "b": "2"})
            started = [each.headers["location"] for each in (compared, asked)]
            for each in started:
                settled(visitor.http, each)
            walk.from_here("/", "/guide/sie4", batch, f"{batch}/0", *started, *(BASE + each for each in BY_SCRIPT))
            yield walk
            for name in LOGGERS:
                logging.getLogger(name).setLevel(logging.NOTSET)


def settled(http: httpx.Client, address: str) -> None:
    for _ in range(500):
        if 'hx-trigger="every' not in http.get(address).text:
            return
    raise AssertionError(address)


def test_every_page_was_walked(walk: Walk) -> None:
    """By links alone; a page that nothing leads to is found here."""
    assert sorted({page.path for page in PAGES if page.method == "GET"} - set(walk.pages) - NOT_BY_LINKS) == []
    failed = {str(each.url): each.status_code for found in walk.pages.values() for each in found if each.is_error}
    assert failed == {}


def test_nothing_of_it_becomes_markup(walk: Walk) -> None:
    wrong = {address: read.wrong for address, read in walk.read if read.wrong}
    assert wrong == {}
    assert sum(len(page.text) for pages in walk.pages.values() for page in pages) > 10**6


def test_all_of_it_is_shown_as_text(walk: Walk) -> None:
    shown = "\n".join(read.text for _, read in walk.read)
    assert [each for each in PAYLOADS if " ".join(plain(each).split()) not in shown] == []


def test_no_sign_turns_or_cuts_the_text_around_it(walk: Walk) -> None:
    signs = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
    assert {address for address, read in walk.read if signs.search(read.source)} == set()


def test_nothing_of_it_becomes_a_formula_in_a_workbook(walk: Walk) -> None:
    content = walk.http.get(f"{FILES}.xlsx").content
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"hyperlink" in part or b"External" in part]
    written = {str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert len([each for each in PAYLOADS if each in written]) > 280


def test_nothing_of_it_becomes_a_formula_in_a_table_of_text(walk: Walk) -> None:
    lines = list(csv.reader(io.StringIO(walk.http.get(f"{FILES}.csv").content.decode("utf-8-sig"), newline="")))
    assert len(lines) > len(PAYLOADS)
    number = re.compile(r"-?[0-9]+([.,][0-9]+)?")
    cells = [cell for line in lines for cell in line if cell and not number.fullmatch(cell)]
    assert [each for each in cells if each[0] in "=+-@\t\r\x00"] == []


def test_nothing_of_it_acts_in_a_document(walk: Walk) -> None:
    """Of a few of them: all the payloads are tried where documents are made."""
    printed = read_pdf(walk.http.get(f"{BASE}/attachments/files/payables.pdf").content)
    assert printed.active == []
    assert "<script>alert(1)" in printed.text


@pytest.mark.parametrize("kind", ["si", "sie4"])
def test_nothing_of_it_breaks_out_of_its_line_in_a_file_for_programs(walk: Walk, kind: str) -> None:
    answer = walk.http.post(f"{BASE}/export/file", data={"kind": kind})
    assert answer.headers["content-disposition"].startswith("attachment; ")
    lines = answer.content.decode("cp437").split("\r\n")
    labels = re.compile(r"#[A-ZÅÄÖ]+( |$)|[{}]$|\t?#TRANS |$")
    assert [line[:60] for line in lines if not labels.match(line.strip())] == []
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "".join(lines))
    read = sie.read(answer.content)
    errors = read.findings.filter(read.findings["severity"] == "error")
    assert errors["code"].to_list() == []
    entries = sum(line.startswith("#VER ") for line in lines)
    assert read.vouchers.height == entries > 0


def test_the_log_of_it_all_holds_routes_and_nothing_else(walk: Walk) -> None:
    lines = walk.logged.getvalue().splitlines()
    assert len(lines) > len(walk.pages)
    form = re.compile(r"[0-9T:Z-]{20} [A-Z]+ closing_host[a-z_.]* [ -~]+")
    assert [line for line in lines if not form.fullmatch(line)] == []
    secrets = [*told(EVERY), walk.http.headers["cookie"].partition("=")[2]]
    assert [each for each in secrets if any(each in line for line in lines)] == []


def test_what_support_gets_of_any_run_holds_no_text_name_or_number(walk: Walk) -> None:
    host = walk.firm.host
    task = Task("import", 1)
    for text in (*BEYOND_A_LINE, *PERSON, *PAYLOADS[::7]):
        run = queue(host.store, host.actor, task)
        with host.store.database.write() as connection:
            runs = Runs(connection, host.store.clock)
            runs.start(run.id, owner="test")
            error = DataError(text[:200], detail=text, file=text, company=text, **{text[:50]: text})
            runs.finish(run.id, "failed", owner="test", error=error)
    with host.store.database.read() as connection:
        found = Runs(connection, host.store.clock).newest(limit=1000)
    assert {"export", "compare", "import"} <= {run.kind for run in found}
    for run in found:
        report = report_text(report_of(host, run))
        assert [each for each in told(EVERY) if each in report] == []
        assert all(line.isascii() and line.isprintable() for line in report.splitlines())


def told(texts: Iterable[str]) -> list[str]:
    """Those that are long enough to be none of our own words, and what nobody outside shall read."""
    return [*(each for each in texts if len(each) > 9 and not each.isspace()), *PERSON, "Personsson"]


def plain(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "\ufffd", text)
