"""What is sent to the pages is limited before it is parsed, on every route; bombs end in words (T F10)."""

import asyncio
import socket
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from asgi_calls import Answered, called
from attachable import archive, workbook
from closing_host.web.app import PAGES, build
from closing_host.web.house import House
from closing_host.web.routes import Page
from closing_host.web.security.sizes import SMALL
from small_sie import sie, voucher
from web_house import Served, Visitor

UNSAFE = [page for page in PAGES if page.method == "POST"]
MB = 2**20
UPLOADS = {
    "/files": 500,
    "/engagements/{engagement:int}/compare": 100,
    "/engagements/{engagement:int}/attachments/attached": 26,
    "/engagements/{engagement:int}/attachments/own/rows": 6,
}
"""Megabytes of what takes files."""
LARGE_FORMS = {
    "/engagements/{engagement:int}/reconciliation": 4,
    "/engagements/{engagement:int}/attachments/own/new": 1,
    "/engagements/{engagement:int}/attachments/own/sums": 1,
    "/engagements/{engagement:int}/attachments/own/{number:int}": 1,
}
"""Megabytes of forms with a row for each account, or each row of an attachment."""
FORM = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.se"\r\n\r\n'


def sent(
    pages: Served, asa: Visitor, page: Page, headers: Iterable[tuple[str, str]], body: Iterable[bytes]
) -> Answered:
    """What the page answers, called without a server between."""
    app = Starlette(routes=[page.route(House(pages.host, pages.origin))])
    path = page.path
    for name, value in (("engagement", "1"), ("number", "1"), ("batch", "1"), ("snapshot", "1")):
        path = path.replace(f"{{{name}:int}}", value)
    path = path.replace("{", "").replace("}", "")
    return asyncio.run(called(app, "POST", path, [*asa.http.headers.items(), *headers], body))


def test_what_may_be_large_is_known() -> None:
    """A new route that takes more than an ordinary form shows up here."""
    large = {page.path: page.body_limit for page in UNSAFE if page.body_limit > SMALL}
    assert {path: limit // MB for path, limit in large.items()} == UPLOADS | LARGE_FORMS


def test_a_stated_length_beyond_the_limit_is_refused_unread(pages: Served, asa: Visitor) -> None:
    wrong = {}
    for page in UNSAFE:
        for length in (str(page.body_limit + 1), "9" * 30, "-1", "1e3", ""):
            answer = sent(pages, asa, page, [("Content-Type", FORM), ("Content-Length", length)], [b"x"])
            if (answer.status, answer.pieces) != (413, 0):
                wrong[f"{page.path} {length}"] = (answer.status, answer.pieces)
    assert wrong == {}


def test_a_body_of_no_stated_length_is_read_no_further_than_the_limit(pages: Served, asa: Visitor) -> None:
    """Every route, with a limit of its own that a test can reach."""
    wrong = {}
    for page in UNSAFE:
        small = replace(page, body_limit=100_000)
        for kind, first in ((FORM, PART), ("application/x-www-form-urlencoded", b"a=")):
            endless = (first if number == 0 else b"1" * 10_000 for number in range(1000))
            answer = sent(pages, asa, small, [("Content-Type", kind)], endless)
            if (answer.status, answer.pieces) != (413, 11):
                wrong[f"{page.path} {kind}"] = (answer.status, answer.pieces)
    assert wrong == {}


def test_a_body_beyond_its_routes_limit_is_refused_before_it_is_read(pages: Served, asa: Visitor) -> None:
    """By the server too: the answer comes while nothing of the body has been sent."""
    assert asa.post("/import", {"engagement": "1" * 70_000}).status_code == 413
    head = [
        "POST /files HTTP/1.1",
        f"Host: 127.0.0.1:{pages.port}",
        "Sec-Fetch-Site: same-origin",
        f"Cookie: {asa.http.headers['cookie']}",
        f"Content-Type: {FORM}",
        f"Content-Length: {600 * MB}",
    ]
    with socket.create_connection(("127.0.0.1", pages.port)) as raw:
        raw.sendall("\r\n".join([*head, "", ""]).encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_bombs_of_many_parts_are_refused(pages: Served, asa: Visitor) -> None:
    """Files, fields, parts' headers, and a header that does not end: on every route."""
    app = build(House(pages.host, pages.origin))
    headers = [("Content-Type", FORM), *asa.http.headers.items(), ("Host", f"127.0.0.1:{pages.port}")]
    field = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n'
    bombs = {
        "files": (PART + b"x\r\n") * 101,
        "fields": field * 1100,
        "headers": b"--x\r\n" + b"A: b\r\n" * 5000,
        "header": b"--x\r\nContent-Disposition: " + b"a" * 50_000,
        "boundary": b"--x" * 20_000,
        "nothing": b"",
    }

    async def ask(address: str, body: bytes) -> int:
        return (await called(app, "POST", address, headers, [body])).status

    for address in (path.replace("{engagement:int}", "1") for path in UPLOADS):
        statuses = {name: asyncio.run(ask(address, body)) for name, body in bombs.items()}
        assert set(statuses.values()) <= {400, 422}, (address, statuses)


ENTITIES = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">' + ENTITIES + b"]><x>&a8;</x>"
OFFICE = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
BOMBS: dict[str, bytes] = {
    "zeros.xlsx": archive({**OFFICE, "xl/worksheets/sheet1.xml": bytes(60 * MB)}),
    "many.xlsx": archive({**OFFICE, **{f"{number}": b"" for number in range(10_001)}}),
    "cells.xlsx": archive({**OFFICE, "xl/worksheets/sheet1.xml": b"<c/>" * 2_000_000}),
    "entities.xlsx": archive({**OFFICE, "xl/workbook.xml": LAUGHS, "xl/sharedStrings.xml": LAUGHS}),
    "outside.xlsx": archive({**OFFICE, "../../x": b"x"}),
    "cut.xlsx": workbook(("a", 1))[:-40],
    "entities.xml": LAUGHS,
    "laughs.se": LAUGHS,
    "nested.se": b"#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n" + b"{" * MB,
    "quote.se": b'#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#FNAMN "' + b"x" * MB,
    "line.se": b"#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#KONTO " + b"1 " * MB,
    "nul.se": b"#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n" + bytes(MB),
    "amount.se": sie(voucher(1)).replace(b"100.00", b"9" * 100_000),
    "year.se": sie(voucher(1)).replace(b"20251231", b"99991231"),
    "wide.csv": b";" * MB,
    "tall.csv": b"a;1\n" * 50_000,
    "field.csv": b'"' + b"a" * MB,
    "zip.se": archive({"books.se": bytes(20 * MB)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_in_files_end_in_words(asa: Visitor, name: str) -> None:
    """On every route that takes files, in bounded work of the processor, and the pages live on."""
    before = time.process_time()
    files = [("file", (name, BOMBS[name], "application/octet-stream"))]
    for path in UPLOADS:
        address = path.replace("{engagement:int}", "1")
        answer = asa.post(address, {"account": "1930", "b": "books"}, files=files)
        assert answer.status_code < 500
        if answer.status_code == 303:
            assert shown(asa, answer.headers["location"]) == 200
    assert asa.get("/").status_code == 200
    assert time.process_time() - before < 4


def shown(asa: Visitor, address: str) -> int:
    """The page that the upload leads to, when it has come to rest."""
    for _ in range(500):
        page = asa.get(address)
        if 'hx-trigger="every' not in page.text:
            break
        time.sleep(0.02)
    return page.status_code
