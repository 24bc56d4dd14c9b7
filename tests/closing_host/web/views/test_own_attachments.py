"""*Skapa och hantera bilagor*: rows whose sum reconciles an account, their versions, and attached files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from attachable import SAMPLES
from attachment_house import YEAR, Visitor, make_example, seen, served
from closing_host.closing.attached_files import MOST_BYTES
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    make_example(tmp_path / "data")
    with Host.open(tmp_path / "data", Actor("asa")) as host, served(host) as (_, visitor):
        yield visitor


def save(visitor: Visitor, path: str, *rows: tuple[str, str], **fields: str) -> str:
    """Send the form; where it leads, or the page that says what is wrong."""
    data: dict[str, str | list[str]] = {
        "account": "1930",
        "text": [text for text, _ in rows],
        "amount": [amount for _, amount in rows],
        "action": "save",
        **fields,
    }
    answer = visitor.post(path, data)
    return answer.headers["location"] if answer.status_code == 303 else seen(answer.text)


def test_an_account_is_found_by_number_or_by_what_was_chosen(visitor: Visitor) -> None:
    there = f"/engagements/1/attachments/accounts/1930?year={YEAR}"
    for typed in ("1930", "1930 Konto 1930"):
        assert visitor.get(f"/accounts?account={typed}").headers["location"] == there
    assert "Kontot har ingen egen bilaga ännu." in visitor.read("/accounts/1930")
    assert "9999" in seen(visitor.get("/accounts/9999").text)
    assert visitor.get("/accounts/9999").status_code == 404


def test_the_sum_of_the_rows_reconciles_the_account(visitor: Visitor) -> None:
    location = save(visitor, "/own/new", ("Kontoutdrag", "5 000,00"), ("", ""), ("Växel", "250"), title="Bank")
    assert location.endswith(f"/accounts/1930?year={YEAR}")
    page = visitor.read("/accounts/1930")
    assert "Utgående balans 5 500,00 Avstämningsbelopp 5 250,00 Avstämningsdifferens 250,00" in page
    assert "Kontoutdrag 5 000,00 Växel 250,00 Summa 5 250,00" in page
    assert "1930 Konto 1930 2025-12-31 Bank 5 500,00 5 250,00 250,00" in visitor.read("")


def test_rows_come_and_go_without_saving(visitor: Visitor) -> None:
    rows: dict[str, str | list[str]] = {"account": "1930", "text": ["a", "b"], "amount": ["1", "2"]}
    more = visitor.post("/own/new", {**rows, "action": "add"}).text
    assert more.count('name="text"') == 3
    part = visitor.post("/own/new", {**rows, "action": "remove:0"}, HX_Request="true").text
    assert (part.count('name="text"'), 'value="b"' in part, "<html" in part) == (1, True, False)
    assert "Kontot har ingen egen bilaga ännu." in visitor.read("/accounts/1930")


def test_sum_and_difference_follow_what_is_typed(visitor: Visitor) -> None:
    typed: dict[str, str | list[str]] = {"account": "1930", "text": ["a"], "amount": ["5 400"], "as_at": YEAR}
    page = seen(visitor.post("/own/sums", typed, HX_Request="true").text)
    assert "Summa 5 400,00" in page
    assert "Avstämningsdifferens 100,00" in page
    early = {**typed, "as_at": "2025-12-01"}
    assert "Utgående balans 5 000,00" in seen(visitor.post("/own/sums", early, HX_Request="true").text)


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = save(visitor, "/own/new", ("Hyra", "tolv"), title="Bank", comment="Kolla")
    assert "Rad 1: ”tolv” är inget belopp" in page
    answer = visitor.post("/own/new", {"account": "3001", "text": ["a"], "amount": ["1"], "action": "save"})
    assert (answer.status_code, "3001" in seen(answer.text), 'value="a"' in answer.text) == (422, True, True)


def test_a_change_keeps_the_versions_before_it_and_refuses_an_older_basis(visitor: Visitor) -> None:
    save(visitor, "/own/new", ("a", "1"))
    save(visitor, "/own/1", ("a", "1"), ("b", "2"), basis="1", comment="Enligt avtal", copying="none")
    assert "Summa 3,00" in visitor.read("/accounts/1930")
    history = visitor.read("/own/1/history")
    assert history.index("Version 2") < history.index("Version 1")
    assert "Enligt avtal" in history
    assert "kopieras inte" in history
    late = save(visitor, "/own/1", ("c", "9"), basis="1")
    assert "Borttaget" not in late
    assert "Summa 3,00" in visitor.read("/accounts/1930")
    assert 'value="2"' in visitor.get("/own/1").text  # the version that is edited


def test_a_removed_attachment_can_be_put_back(visitor: Visitor) -> None:
    save(visitor, "/own/new", ("a", "1"), title="Bank")
    visitor.post("/own/1/remove", {"basis": "1"})
    page = visitor.read("/accounts/1930")
    assert "Avstämningsbelopp" not in page
    assert "Lägg tillbaka" in page
    visitor.post("/own/1/restore", {})
    assert "Avstämningsbelopp 1,00" in visitor.read("/accounts/1930")


def test_rows_come_from_a_file(visitor: Visitor) -> None:
    rows = "Text;Belopp\r\nHyra;1 250,50\r\nRänta;-50,50\r\n".encode()
    files = {"file": ("Periodisering 2025.csv", rows, "text/csv")}
    visitor.post("/own/rows", {"account": "1930", "number": "", "basis": ""}, files)
    page = visitor.read("/accounts/1930")
    assert "Periodisering 2025" in page
    assert "Hyra 1 250,50 Ränta -50,50 Summa 1 200,00" in page
    files = {"file": ("ny.csv", b"A;1\r\n", "text/csv")}
    visitor.post("/own/rows", {"account": "1930", "number": "1", "basis": "1"}, files)
    assert "A 1,00 Summa 1,00" in visitor.read("/accounts/1930")
    files = {"file": ("trasig.csv", b"A;ett\r\nB;tv\xe5\r\n", "text/csv")}
    refused = visitor.post("/own/rows", {"account": "1930", "number": "1", "basis": "2"}, files)
    assert (refused.status_code, "trasig.csv" in seen(refused.text)) == (422, True)


def test_every_kind_of_file_is_attached_and_saved_as_it_was(visitor: Visitor) -> None:
    for number, (suffix, content) in enumerate(SAMPLES.items(), 1):
        name = f"Årsbesked{suffix}"
        assert visitor.post("/attached", {"account": "1930"}, {"file": (name, content, "text/html")}).status_code == 303
        answer = visitor.get(f"/attached/{number}")
        assert answer.content == content
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="_rsbesked{suffix}"')
    page = visitor.read("/accounts/1930")
    assert all(f"Årsbesked{suffix}" in page for suffix in SAMPLES)


WOULD_RUN = (
    ("a.xml", b'<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'),
    ("a.txt", b"text first <script>alert(1)</script>"),
    ("a.csv", b"=HYPERLINK(1);<script>alert(1)</script>"),
    ("a.pdf", b"%PDF-<html><script>alert(1)</script></html>"),
    ("a.png", b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>"),
    ("a.html.txt", b"html"),
    ('a"; filename="b.html\r\nX-Y: z;\u202elmth.txt', b"header"),
)


def test_a_file_that_would_run_in_a_page_is_only_saved(visitor: Visitor) -> None:
    for number, (name, content) in enumerate(WOULD_RUN, 1):
        visitor.post("/attached", {"account": "1930"}, {"file": (name, content, "text/html")})
        answer = visitor.get(f"/attached/{number}")
        assert answer.content == content
        disposition = answer.headers["content-disposition"]
        stated = re.fullmatch(r"attachment; filename=\"([ -~]+)\"; filename\*=UTF-8''([!-~]+)", disposition)
        assert stated is not None, disposition
        assert all(each.endswith(name[-4:]) for each in stated.groups())
        assert not set('"\\%') & set(stated[1])
        told = ("content-type", "content-security-policy", "x-content-type-options", "x-y")
        expected = ["application/octet-stream", "sandbox; default-src 'none'", "nosniff", None]
        assert [answer.headers.get(each) for each in told] == expected


def test_a_file_of_the_account_is_listed_once_whatever_its_days(visitor: Visitor) -> None:
    for day in ("2025-11-30", YEAR):
        save(visitor, "/own/new", ("a", "1"), as_at=day)
    visitor.post("/attached", {"account": "1930"}, {"file": ("a.txt", b"text", "text/plain")})
    assert visitor.read("/accounts/1930").count("a.txt") == 1


def test_a_file_that_is_taken_away_is_kept(visitor: Visitor) -> None:
    visitor.post("/attached", {"account": "1930"}, {"file": ("a.txt", b"text", "text/plain")})
    visitor.post("/attached/1/remove", {})
    page = visitor.read("/accounts/1930")
    assert "Inga filer är bifogade" in page
    assert page.index("Borttaget") < page.index("a.txt")
    assert visitor.get("/attached/1").content == b"text"


def test_a_file_that_is_not_what_it_says_is_refused(visitor: Visitor) -> None:
    files = {"file": ("faktura.pdf", HOSTILE.encode(), "application/pdf")}
    refused = visitor.post("/attached", {"account": "1930"}, files)
    assert (refused.status_code, "faktura.pdf" in seen(refused.text)) == (422, True)
    none = visitor.post("/attached", {"account": "1930"}, {"file": ("", b"", "text/plain")})
    assert (none.status_code, "Välj först en fil" in none.text) == (422, True)
    assert "Inga filer är bifogade" in visitor.read("/accounts/1930")


def test_too_much_is_refused_before_it_is_read(visitor: Visitor) -> None:
    files = {"file": ("stor.pdf", b"%PDF-" + bytes(MOST_BYTES + 2**21), "application/pdf")}
    assert visitor.post("/attached", {"account": "1930"}, files).status_code == 413
