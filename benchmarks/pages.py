"""The pages with books of a million rows: how long the server takes to answer, against 200 ms.

Two books: as `make_sie.py` makes them, where one account has a sixth of all rows, and the same rows on 2,000 accounts
over twelve months, for *Saldon*. Both are imported twice, so that there are changes to show. The server is
`closing serve` in a process of its own, asked over loopback by one browser's worth of requests, one after the other:
a figure is the time from the request's first byte to the answer's last one, the network of the machine included.

*Warm* is a server that has shown the books before. *Cold* is the first page of the books from a server that has just
begun, has shown its help and has settled; files are in the page cache. *CPU* is the server's own time for a page, which
other work on the machine does not change. *Pressing import* is a file of the same size that is imported while the page
asks how far it is, and an import from the local Fortnox, with pages and Fortnox in the benchmark's own process.

    python -m benchmarks.pages                     # 222,000 vouchers, a million rows
    python -m benchmarks.pages --vouchers 20000    # a tenth of it, for a try
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import httpx
import polars as pl

from benchmarks.ledgers import with_changes
from benchmarks.sie import TOOLS
from closing_host.api.ledger import Ledger
from closing_host.engagements.host import Host
from closing_host.engagements.register import new_engagement
from closing_host.runs.runner import Handle, Task, carry_out
from closing_host.sie import read
from closing_host.storage.audit import Actor
from closing_host.storage.snapshots import Received
from closing_host.web.security.session_cookie import COOKIE

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

LIMIT = 0.2
"""Seconds at the median (issue 6)."""
PROGRESS_LIMIT = 1.0
ACCOUNTS = 2_000
WARM, COLD = 30, 3
"""Requests of a warm page, and servers begun for a cold one."""
SEARCHED = tuple(f"{word}{end}" for word in ("hyra", "lön", "faktura", "ränta", "moms", "resa") for end in " aeinr")
"""What is searched for by turns: a search that was made before is remembered, and would be measured as that."""


@dataclass(frozen=True)
class Page:
    """A page that is measured, at each of its addresses by turns. `limited`: whether the limit is promised for it;
    `cold`: whether it is measured as the first one too."""

    name: str
    says: str
    addresses: tuple[str, ...]
    limited: bool = True
    cold: bool = False


def made(file: Path, vouchers: int) -> None:
    """The file, the same for the same number."""
    subprocess.run([sys.executable, TOOLS / "make_sie.py", "--vouchers", str(vouchers), "--out", file], check=True)


def on_many_accounts(ledger: Ledger) -> Ledger:
    """The same rows on `ACCOUNTS` accounts; what the file states of the old ones is gone."""
    spread = (pl.col("voucher").cast(pl.Int64) * 31 + pl.col("row").cast(pl.Int64) * 7919) % ACCOUNTS
    account = (pl.lit(1000) + spread * 4).cast(pl.String)
    names = [str(1000 + place * 4) for place in range(ACCOUNTS)]
    declared = pl.DataFrame({"account": names, "name": [f"Konto {each} med ett namn" for each in names]})
    return replace(
        ledger,
        accounts=pl.concat([ledger.accounts.clear(), declared], how="diagonal_relaxed"),
        balances=ledger.balances.clear(),
        rows=ledger.rows.with_columns(account=account),
    )


def store(host: Host, name: str, ledger: Ledger) -> int:
    """An engagement whose year was imported twice, a hundredth of its vouchers changed in between; its number."""
    engagement, year = new_engagement(host, name), ledger.year
    assert year is not None

    async def publish(shown: Ledger) -> None:
        async def work(handle: Handle) -> None:
            host.store.snapshots.publish(
                engagement.id,
                Received(shown, year.start, year.end, "sie4", "1", provenance={"file": "bench.se"}),
                run_id=handle.run_id,
                owner=handle.owner,
                actor=host.actor,
            )

        await carry_out(host.store, host.actor, Task("import", engagement.id, year.start), work)

    for shown in (with_changes(ledger, 100), ledger):
        asyncio.run(publish(shown))
    return engagement.id


@contextmanager
def server(folder: Path) -> Iterator[tuple[httpx.Client, int]]:
    """`closing serve` of the folder, a browser that has followed its link, and the server's process id."""
    command = [sys.executable, "-c", "from closing_host.cli import main; main()", "--json", "--data", str(folder)]
    # Its own words go to a file: a pipe that nobody reads would stop it.
    with (folder.parent / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--no-browser"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        text = ""
        while not text.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, (folder.parent / "server.log").read_text()
            text += line
        link = json.loads(text)["address"]
        origin = link.split("/start")[0]
        own = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "sv"}
        with httpx.Client(base_url=origin, trust_env=False, headers=own, timeout=600) as browser:
            started = _patiently(browser, link)
            cookie = re.search(rf"{COOKIE}=([^;]+)", started.headers["set-cookie"])
            assert cookie is not None
            browser.cookies.clear()
            browser.headers["Cookie"] = f"{COOKIE}={cookie[1]}"
            yield browser, process.pid
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _patiently(browser: httpx.Client, link: str) -> httpx.Response:
    """The link is printed just before the server listens."""
    for _ in range(600):
        try:
            return browser.get(link)
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError("the server does not listen")


def asked(browser: httpx.Client, page: Page, turn: int = 0) -> float:
    """Seconds until the page is there, which must say what it is for."""
    address = page.addresses[turn % len(page.addresses)]
    began = time.perf_counter()
    answer = browser.get(address)
    took = time.perf_counter() - began
    assert answer.status_code == 200, (page.name, answer.status_code)
    assert page.says in answer.text, page.name
    return took


def cpu_seconds(process: int) -> float:
    """Processor time that the process has used, all its threads together (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(process: int) -> float:
    """Wait until the process has nothing to do; the processor time that it has used."""
    before, now = -1.0, cpu_seconds(process)
    while now - before > 0.02:
        time.sleep(0.5)
        before, now = now, cpu_seconds(process)
    return now


def megabytes(process: int) -> float:
    """Memory that the process holds now (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def pages_of(books: int, many: int, account: str, rows: int, ledger: Ledger) -> list[Page]:
    """The pages that are measured. `account`: the one with the most rows, and how many."""
    base = f"/engagements/{books}"
    of = f"{base}/accounts/{account}"
    amounts = ledger.rows["amount"].abs().gather_every(max(1, ledger.rows.height // WARM)).to_list()
    kronor = [f"{each // 100},{each % 100:02d}" for each in amounts]
    last = -(-rows // 500)
    listed = '<div id="found">'
    search = f"{base}/vouchers?q="
    return [
        Page("a page without books", "<main", ("/help",)),
        Page("Saldon, 2,000 accounts × 12 months", "grid-scroll", (f"/engagements/{many}/balances",), cold=True),
        Page("Saldon, 75 accounts", "grid-scroll", (f"{base}/balances",)),
        Page(
            "Balansavstämning, 500 accounts",
            'id="grid"',
            tuple(f"/engagements/{many}/reconciliation?period={period}" for period in ("year-end", "")),
            cold=True,
        ),
        Page(f"Kontoanalys {account}, first page", 'class="ledger ', (of,), cold=True),
        Page(f"Kontoanalys {account}, a later page", 'class="ledger ', (f"{of}?page={last // 2}", f"{of}?page={last}")),
        Page("a voucher beside it", 'class="voucher"', tuple(f"{base}/vouchers/{n}" for n in range(1000, 1030))),
        Page("Verifikationer", listed, (f"{base}/vouchers",), limited=False),
        Page("Verifikationer, a text", listed, tuple(search + quote(word) for word in SEARCHED), False, True),
        Page("Verifikationer, an amount", listed, tuple(search + quote(each) for each in kronor), limited=False),
        Page("Förändringar, stored", 'class="change', (f"{base}/changes",), cold=True),
    ]


def told(name: str, took: list[float], limited: bool, cpu: float | None = None) -> str:
    """One line: median, 95th percentile, share of the limit, and `cpu`, seconds of all of them."""
    median = statistics.median(took)
    high = sorted(took)[max(0, -(-95 * len(took) // 100) - 1)]
    of = f"{median / LIMIT:>9.0%}" if limited else f"{'–':>9}"
    return f"{name:40}{1000 * median:>9.0f}{1000 * high:>9.0f}{of}" + (
        f"{1000 * cpu / len(took):>9.0f}" if cpu is not None else ""
    )


def pressed(browser: httpx.Client, file: Path) -> tuple[float, list[float]]:
    """Seconds from pressing import until the page shows that it runs; and how long its page took meanwhile."""
    with file.open("rb") as content:
        place = browser.post("/files", files={"file": (file.name, content)}).headers["location"]
    browser.get(place)  # *Stämmer det?*
    began = time.perf_counter()
    assert browser.post(place).status_code == 303
    first, looks = 0.0, []
    while True:
        asked_at = time.perf_counter()
        page = browser.get(place).text
        looks.append(time.perf_counter() - asked_at)
        if not first and "<progress" in page:
            first = time.perf_counter() - began
        if "every 500ms" not in page:
            return first, looks
        time.sleep(0.5)


def pressed_at_source(folder: Path) -> float:
    """The same for an import from the local Fortnox, which is shown by server-sent events: until the first of them."""
    from fortnox_office import WHOLE, click_through
    from web_house import served_with_fortnox

    with served_with_fortnox(folder) as (pages, fortnox):
        visitor = pages.visitor()

        def told_until(words: str) -> None:
            with visitor.http.stream("GET", "/engagements/1/import/events") as events:
                for line in events.iter_lines():
                    if line.startswith(words):
                        return

        client = new_engagement(pages.host, "Klient", organisation_number="556677-8899", source_id="fortnox")
        assert client.id == 1
        login = visitor.post("/engagements/1/import").headers["location"]
        visitor.get(click_through(fortnox, login, WHOLE).removeprefix(pages.origin))
        told_until("event: ended")  # back from the login the first import runs by itself
        began = time.perf_counter()
        assert visitor.post("/engagements/1/import").status_code == 303
        told_until("data: ")
        return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vouchers", type=int, default=222_000)
    vouchers = parser.parse_args().vouchers
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["CLOSING_KEY_FILE"] = str(folder / "key")
        file = folder / "bench.se"
        made(file, vouchers)
        ledger = read(file)
        by_rows = ledger.rows.filter(pl.col("kind") == "booked").group_by("account").len().sort("len", "account")
        account, rows = by_rows.row(-1)
        with Host.open(folder / "data", Actor("bench")) as host:
            many = store(host, "På många konton", on_many_accounts(ledger))
            books = store(host, "Stora boken", ledger)
        shown = pages_of(books, many, account, rows, ledger)
        print(f"{ledger.rows.height:,} rows, {vouchers:,} vouchers; account {account} has {rows:,} rows")
        print(f"load at the beginning {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
        del ledger
        measure(folder / "data", shown, file)
        print(f"{'import from Fortnox, first progress':40}{1000 * pressed_at_source(folder / 'fortnox'):>9.0f}")
        print(f"\nload at the end {os.getloadavg()[0]:.1f}")


def measure(data: Path, shown: list[Page], file: Path) -> None:
    """All pages warm, then some of them cold, then an import of the file."""
    print(f"{'milliseconds':40}{'median':>9}{'p95':>9}{'of limit':>9}{'CPU':>9}")
    print("warm")
    with server(data) as (browser, process):
        while 'id="comparison" hx-get' in browser.get(shown[-1].addresses[0]).text:
            time.sleep(0.5)
        for page in shown:
            for turn in range(len(page.addresses) if page.limited else 1):
                asked(browser, page, turn)
            before = cpu_seconds(process)
            took = [asked(browser, page, 1 + turn) for turn in range(WARM)]
            print(told(f"  {page.name}", took, page.limited, cpu_seconds(process) - before))
        print(f"{'  memory of the server afterwards, MB':40}{megabytes(process):>9.0f}")
    print("cold")
    for page in (each for each in shown if each.cold):
        took, cpu = [], 0.0
        for _ in range(COLD):
            with server(data) as (browser, process):
                browser.get("/help")
                before = settled(process)
                took.append(asked(browser, page))
                cpu += cpu_seconds(process) - before
        print(told(f"  {page.name}", took, page.limited, cpu), flush=True)
    print("pressing import")
    with server(data) as (browser, process):
        before = cpu_seconds(process)
        first, looks = pressed(browser, file)
        cpu = cpu_seconds(process) - before
    print(f"{'  the file, first progress':40}{1000 * first:>9.0f}{'':9}{first / PROGRESS_LIMIT:>9.0%}")
    print(told("  its page while it runs", looks, limited=False))
    print(f"{'  CPU of reading, checking and importing, s':40}{cpu:>9.1f}")


if __name__ == "__main__":
    main()
