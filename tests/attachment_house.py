"""P 7.4's acceptance example as a stored engagement, its pages served, and a visitor without a browser."""

import atexit
import html
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import httpx

from attachment_books import END, START, Books, acceptance
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import OpenItem, OpenItems, Side, SubLedger
from closing_host.engagements.attachment_making import version_from
from closing_host.engagements.host import Host
from closing_host.storage.attachments import NewVersion, failed, store_versions
from closing_host.storage.audit import Actor
from closing_host.storage.runs import Runs
from closing_host.storage.snapshots import Received
from closing_host.web.security.session_cookie import COOKIE
from closing_host.web.server import listen, server_of, start_link
from stored_books import SetClock, make_world

YEAR = str(END)


def make_example(folder: Path, books: Books | None = None) -> None:
    """Engagement 1 with books of 2025 and one making of both attachments; *Leverantörsskulder* from open items only."""
    if books is None:
        shutil.copytree(_template(), folder)
    else:
        _make(folder, books)


def _make(folder: Path, books: Books) -> None:
    make_world(folder, SetClock())
    with Host.open(folder, Actor("asa")) as host:
        ledger = books.ledger()
        attach(host, publish(host, ledger), ledger, books.facts(), payables())


@cache
def _template() -> Path:
    """The example as it is made once for all tests; gone when they end."""
    folder = Path(tempfile.mkdtemp(prefix="attachments-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _make(folder / "data", acceptance())
    return folder / "data"


def payables() -> OpenItems:
    items = (
        OpenItem("1", "1", "Påfågeln Städ AB", date(2025, 12, 3), date(2026, 1, 2), 4_881_250),
        OpenItem("2", "2", "Elkraft i Malmö AB", date(2025, 12, 18), None, 1_225_000),
    )
    return OpenItems("payables", ("2440",), END, items)


def publish(host: Host, ledger: Ledger) -> int:
    """The books as an import brings them; the snapshot's number."""
    raw = host.store.blobs.put(str(len(ledger.vouchers)).encode())
    received = Received(ledger, START, END, "sie4", "0.1", raw=raw, provenance={"file": "books.se"}, controls=[])
    run, owner = _run(host), "test"
    made = host.store.snapshots.publish(1, received, run_id=run, owner=owner, actor=host.actor)
    return made.snapshot.id


def attach(
    host: Host,
    snapshot: int,
    ledger: Ledger,
    *facts: SubLedger | OpenItems,
    chosen: Mapping[Side, tuple[str, ...]] | None = None,
) -> None:
    """Store what a making would. `chosen`: control accounts instead of the source's own."""
    _store(host, snapshot, [version_from(host, ledger, each, chosen or {}) for each in facts])


def attach_failure(host: Host, snapshot: int, error: ClosingError) -> None:
    """Store what a making that failed leaves."""
    refused = [failed("receivables", END, ("1510",), error), failed("payables", END, ("2440",), error)]
    _store(host, snapshot, refused, error)


def paid_since(books: Books) -> Books:
    """The same a little later: one invoice more has been paid, on the year's last but one day."""
    books.pay("103", date(2025, 12, 30), 312_550)
    return books


def renamed(books: Books, name: str) -> Books:
    """Every party, document text and voucher text is `name`, which may try to be something else."""
    books.documents = {key: replace(each, party_name=name) for key, each in books.documents.items()}
    books.vouchers = [(series, number, day, name, rows) for series, number, day, _, rows in books.vouchers]
    return books


class Visitor:
    """Requests as our own pages send them, after the start link."""

    def __init__(self, origin: str, link: str) -> None:
        self.http = httpx.Client(base_url=origin, trust_env=False, headers={"Sec-Fetch-Site": "same-origin"})
        found = re.search(rf"{COOKIE}=([^;]+)", self.http.get(link).headers["set-cookie"])
        assert found is not None
        self.http.cookies.clear()  # a cookie jar keeps `Secure` ones from loopback, where browsers trust it
        self.http.headers["Cookie"] = f"{COOKIE}={found[1]}"
        self.http.headers["Accept-Language"] = "sv"

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(f"/engagements/1/attachments{path}", headers=headers)

    def read(self, path: str) -> str:
        """What a reader of the page sees."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return seen(answer.text)

    def post(self, path: str, data: dict[str, str | list[str]], files: object = None, **headers: str) -> httpx.Response:
        return self.http.post(
            f"/engagements/1/attachments{path}",
            data=data,
            files=files,  # type: ignore[arg-type]
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


def seen(page: str) -> str:
    """The page's words, with ordinary blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@contextmanager
def served(host: Host) -> Iterator[tuple[str, Visitor]]:
    """The pages of the opened folder on loopback: their origin, and a visitor of them."""
    with listen(0) as listening:
        port = listening.getsockname()[1]
        server = server_of(host, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        visitor = Visitor(f"http://127.0.0.1:{port}", start_link(host, port))
        try:
            yield f"http://127.0.0.1:{port}", visitor
        finally:
            visitor.http.close()
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


def _run(host: Host) -> str:
    with host.store.database.write() as connection:
        runs = Runs(connection, host.store.clock, engagement_id=1)
        run = runs.create("import", by=host.actor.name, year_start=START)
        runs.start(run.id, owner="test")
        return run.id


def _store(host: Host, snapshot: int, made: Sequence[NewVersion], error: ClosingError | None = None) -> None:
    store_versions(host.store, 1, snapshot, made, run_id=_run(host), owner="test", actor=host.actor, error=error)
