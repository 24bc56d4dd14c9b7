"""An office in the middle of its work, so that every kind of page has something to show: where the survey of all pages
and the pictures in the docs begin. It is made by what a browser would send, so that it is what a user could have made.

| engagement | |
|---|---|
| 1 | connected 40 days ago, run out |
| 2 | connected 26 days ago, 4 days left |
| 3 | books from a file, imported twice with changes between |
| 4 | connected now, both attachments, a note, an attachment and a file of one's own; V1 is exported and recognised,
      V2 and S wait, V3 is a draft; January is signed off and locked; February is locked with a reason, and changed in
      the source since; March is begun: a difference, one that is explained, a review, an account that moved after it |
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx

from datasource_fortnox.simulator import Memory, RunningSimulator, recall, remember
from datasource_fortnox.simulator.edits import apply
from datasource_fortnox.simulator.ledger import Account
from fortnox_office import BROKEN_YEAR, NO_INVOICING, WHOLE, click_through
from web_house import Served, Visitor, served_with_fortnox

DAY = 24 * 3600
BOOKS = "/engagements/4"
FILE_BOOKS = "/engagements/3"
YEAR = "year=2025-12-31"
COMPANIES = ("whole", "no_invoicing", "broken_year")


@dataclass(frozen=True)
class ShownOffice:
    """A closed data folder, the simulator's world beside it, and what stands in the addresses of its pages."""

    folder: Path
    memory: Memory
    places: dict[str, str]

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Served]:
        """Served from a copy of it."""
        shutil.copytree(self.folder, folder)
        with served_with_fortnox(folder, COMPANIES) as (pages, fortnox):
            recall(fortnox.world, self.memory)
            yield pages


def make_shown_office(folder: Path) -> ShownOffice:
    """Make it."""
    with served_with_fortnox(folder, COMPANIES) as (pages, fortnox):
        visitor, clock = pages.visitor(), fortnox.world.clock
        fortnox.world.companies[WHOLE].years[3].accounts[2512] = Account(2512, "Beräknad inkomstskatt")
        clock.advance(-40 * DAY)
        connect(visitor, fortnox, BROKEN_YEAR)
        clock.advance(14 * DAY)
        connect(visitor, fortnox, NO_INVOICING, without="/engagements/2/source/without")
        clock.advance(26 * DAY)
        for name in ("before.se", "after.se"):
            content = (files("closing_host.cli") / "demo_company" / name).read_bytes()
            visitor.accept(visitor.drop((name, content)))
        connect(visitor, fortnox, WHOLE)
        sent(visitor, f"{BOOKS}/guide/company", {"form": "AB", "framework": "K2", "then": "books"})
        places = {
            "source": "fortnox",
            "topic": "attachments",
            "account": "1930",
            "voucher:int": "0",
            "side": "receivables",
        }
        _periods(visitor)
        places |= _attachments(visitor) | _entries(visitor, fortnox) | _compared(visitor) | _dropped(visitor)
        return ShownOffice(folder, remember(fortnox.world), places)


def connect(visitor: Visitor, fortnox: RunningSimulator, tenant: int, *, without: str = "") -> None:
    """Through *Startguiden* to a finished import. `without`: where to ask for less when the first login is refused."""
    login = sent(visitor, "/guide/fortnox", {})
    arrived = visitor.get(_back(fortnox, login, tenant))
    if without:
        assert arrived.status_code == 403
        arrived = visitor.get(_back(fortnox, sent(visitor, without, {"without": "yes"}), tenant))
    waited(visitor, arrived.headers["location"])


def _back(fortnox: RunningSimulator, login: httpx.Response, tenant: int) -> str:
    return httpx.URL(click_through(fortnox, login.headers["location"], tenant)).raw_path.decode()


def waited(
    visitor: Visitor, address: str, done: Callable[[str], bool] = lambda page: "hx-sse:connect" not in page
) -> str:
    """The page once what it tells of has ended."""
    for _ in range(1500):
        page = visitor.get(address)
        assert page.status_code == 200, page.text
        if done(page.text):
            return page.text
        time.sleep(0.1)
    raise AssertionError(page.text)


def sent(visitor: Visitor, address: str, data: Any, **more: Any) -> httpx.Response:
    """A form that is accepted."""
    answer = visitor.post(address, data, **more)
    assert answer.status_code == 303, answer.text
    return answer


CLOSES_AT = "="
"""Typed as a reconciled amount: what the account closes at."""


def _periods(visitor: Visitor) -> None:
    reconciled(visitor, "2025-01", sign_off="all")
    for period, reason in (("2025-01", ""), ("2025-02", "Stäms av tillsammans med mars")):
        sent(visitor, f"{BOOKS}/reconciliation/periods/lock?{YEAR}", {"period": period, "reason": reason})
    own = {"typed-1630": "", "typed-2611": "-222 000,00", "typed-2731": "-131 964,40", "typed-2710": ""}
    own |= {"comment-2731": "Öresavrundning i skattedeklarationen"}
    own |= {f"done-{account}": "1" for account in ("1220", "1229", "1510", "1930", "2081", "2091", "2731")}
    reconciled(visitor, "2025-03", own)
    reconciled(visitor, "2025-03", {"review-1930": "approved", "review-comment-1930": "Stämmer med kontoutdraget"})


def reconciled(visitor: Visitor, period: str, own: Mapping[str, str] | None = None, sign_off: str = "") -> None:
    """Type into the sheet what `own` says, and in the amounts that are empty what the account closes at."""
    address = f"{BOOKS}/reconciliation?{YEAR}&period={period}"
    form = {"sign-off": sign_off}
    for field in re.findall(r"<input[^>]* form=\"sheet\"[^>]*>", visitor.get(address).text):
        name, value = (re.findall(rf' {each}="([^"]*)"', field)[0] for each in ("name", "value"))
        if 'type="checkbox"' not in field or " checked" in field:
            form[name] = value or (CLOSES_AT if name.startswith("typed-") else "")
    sent(visitor, address, {**form, **(own or {})})


def _attachments(visitor: Visitor) -> dict[str, str]:
    base = f"{BOOKS}/attachments"
    document = re.findall(r"document=(\d+)", visitor.get(f"{base}/receivables?{YEAR}").text)[0]
    said = "Enligt telefonsamtal 12/1 betalas fakturan i februari."
    sent(visitor, f"{base}/receivables/note?{YEAR}", {"document": document, "text": said})
    rows = [("Kontoutdrag 31 december", "412 655,00"), ("Insättning på väg", "1 200,00")]
    form = {"action": "save", "account": "1930", "basis": "0", "standing": "debit", "as_at": "2025-12-31"}
    form |= {"title": "Företagskonto", "copying": "with_data"}
    lines = {"text": [text for text, _ in rows], "amount": [amount for _, amount in rows]}
    sent(visitor, f"{base}/own/new?{YEAR}", {**form, **lines})
    file = {"file": ("Årsbesked 2025.pdf", b"%PDF-1.7\n", "application/pdf")}
    sent(visitor, f"{base}/attached?{YEAR}", {"account": "1930"}, files=file)
    return {"document": document, "number:int": "1"}


def _entries(visitor: Visitor, fortnox: RunningSimulator) -> dict[str, str]:
    for text, account, counter, amount, act in (
        ("Upplupna löner", "7010", "2910", "12 000,00", "ready"),
        ("Förutbetald hyra för januari", "1790", "5010", "18 500,00", "ready"),
        ("Upplupen ränta", "8410", "2990", "1 240,00", "draft"),
    ):
        form = {"origin": "manual", "subject": "", "text": text, "period": "year-end", "date": "2025-12-31", "act": act}
        form |= {"account-1": account, "debit-1": amount, "account-2": counter, "credit-2": amount}
        sent(visitor, f"{BOOKS}/entries/new?{YEAR}", form)
        if text == "Upplupna löner":
            exported = _exported(visitor, fortnox)
    sent(visitor, f"{BOOKS}/entries/system?{YEAR}", {"act": "make", "switches": "yes", "income_tax": "yes"})
    return {"entry": "V2", "batch:int": exported}


def _exported(visitor: Visitor, fortnox: RunningSimulator) -> str:
    dialog = visitor.get(f"{BOOKS}/export/new?{YEAR}").text
    form = {name: re.findall(rf'name="{name}" value="(\w+)"', dialog)[0] for name in ("approval", "entry")}
    batch = sent(visitor, f"{BOOKS}/export/new?{YEAR}", {**form, "series": "I", "accepted": "yes"}).headers["location"]
    waited(visitor, batch)
    fee = [{"account": 6570, "amount": 12_500}, {"account": 1930, "amount": -12_500}]
    late = {
        "op": "add_voucher",
        "tenant": WHOLE,
        "series": "A",
        "date": "2025-02-27",
        "text": "Bankavgift",
        "rows": fee,
    }
    apply(fortnox.world, late)
    waited(visitor, sent(visitor, f"{BOOKS}/import", {}).headers["location"])
    return batch.split("?")[0].rsplit("/", 1)[1]


def _compared(visitor: Visitor) -> dict[str, str]:
    form = visitor.get(f"{FILE_BOOKS}/compare").text
    a, b = re.findall(r'<option value="(\d+)"', form)[1::-1]
    answer = sent(visitor, f"{FILE_BOOKS}/compare", {"a": a, "b": b})
    waited(visitor, answer.headers["location"], lambda page: "hx-trigger" not in page)
    return {"run": answer.headers["location"].rsplit("/", 1)[1]}


def _dropped(visitor: Visitor) -> dict[str, str]:
    content = (files("closing_host.cli") / "demo_company" / "before.se").read_bytes()
    address = visitor.drop(("before.se", content), ("anteckningar.txt", b"Ring banken"))
    return {"batch": address.split("/")[2], "number": "1"}
