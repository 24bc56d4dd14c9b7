"""The example sources, installed from their wheels, as a user at the command line meets them."""

import ast
import io
import re
import socket
import threading
import tokenize
import webbrowser
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from closing_host.engagements.host import Host
from closing_host.locale import Words
from command_line import Closing
from example_sources import EXAMPLES, MODULES, Service, installed, service, wheel

BOOKS = EXAMPLES / "csv-ledger" / "tests" / "samples" / "books.csv"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with installed(tmp_path_factory.mktemp("examples")) as folder:
        yield folder


@pytest.fixture
def running(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service, at which the browser approves whatever it is sent to."""
    with service() as served:
        monkeypatch.setattr(Host, "open", partial(Host.open, clock=served.clock, sleep=served.clock.sleep))
        monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))

        def visit(address: str) -> bool:
            def go() -> None:
                httpx.get(served.approve(address), trust_env=False, timeout=60)

            threading.Thread(target=go).start()
            return True

        monkeypatch.setattr(webbrowser, "open", visit)
        yield served


def test_both_are_listed_with_what_they_can_do(site: Path, closing: Closing) -> None:
    listed = closing("source", "list", "--json").data
    operations = {each["id"]: each["operations"] for each in listed["sources"]}
    assert operations["csv-ledger"] == ["import_ledger"]
    assert {"authorize", "attachments", "export_voucher", "find_vouchers"} <= set(operations["api-ledger"])
    assert listed["problems"] == []


def test_a_csv_file_becomes_books(site: Path, closing: Closing) -> None:
    said = closing("import", BOOKS, "--new", "--json")
    assert said.code == 0, said.err
    balances = closing("balances", "1").words
    assert "1930 Företagskonto" in balances
    assert "54,249.50" in balances


def test_a_wrong_line_is_told_in_both_languages_and_stores_nothing(site: Path, closing: Closing) -> None:
    Path("books.csv").write_bytes(BOOKS.read_bytes().replace(b"8 250,50", b"8 250,505"))
    said = closing("import", "books.csv", "--new", "--lang", "sv")
    assert said.code == 5
    assert "books.csv, rad 18, cell 3: ”8 250,505” är inte ett belopp" in said.words
    assert "books.csv, line 18, cell 3" in closing("import", "books.csv", "--new").words
    assert closing("engagement", "list", "--json").data == []


def test_the_api_is_connected_imported_compared_and_gets_a_closing_entry(running: Service, closing: Closing) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        callback = f"http://127.0.0.1:{free.getsockname()[1]}/callback"
    named = [f"{name}={value}" for name, value in running.settings(callback).items()]
    said = closing("source", "setup", "api-ledger", *(part for each in named for part in ("--set", each)))
    assert said.code == 0, said.err
    said = closing("connect", "--new", "--source", "api-ledger", "--json")
    assert said.code == 0, said.err
    assert (said.data["name"], said.data["days_left"]) == ("Ängs & Åkers Snickeri AB", 30)
    assert closing("compare", "1", "--live", "1").code == 0
    said = closing("attachments", "show", "1", "receivables", "--json")
    assert "999.90" in said.out, said.err
    said = closing("entries", "add", "1", "--text", "Upplupna löner", "--row", "7010=8000", "--row", "2910=-8000")
    assert said.code == 0, said.err
    said = closing("export", "1", "--series", "B", "--accept-warnings")
    assert said.code == 0, said.words
    assert "V1 is booked as B 1." in said.words
    assert [each["series"] for each in running.api.companies[0].vouchers] == ["A"] * 4 + ["B"]
    assert closing("compare", "1", "--live", "1").code == 1
    assert closing("import", "--engagement", "1").code == 0
    assert closing("disconnect", "1").code == 0
    assert running.api.renewals == {}


@pytest.mark.parametrize("name", MODULES)
def test_a_wheel_holds_words_and_help_in_both_languages(name: str, tmp_path: Path) -> None:
    files = set(zipfile.ZipFile(wheel(name, tmp_path)).namelist())
    module = MODULES[name]
    wanted = {
        "py.typed",
        *(f"locale/{each}.toml" for each in ("en", "sv")),
        *(f"help/{each}.md" for each in ("en", "sv")),
    }
    assert {f"{module}/{each}" for each in wanted} <= files
    assert not [each for each in files if "test" in each]


@pytest.mark.parametrize("name", MODULES)
def test_every_code_has_words_in_both_languages(name: str) -> None:
    module = MODULES[name]
    code = "".join(each.read_text("utf-8") for each in (EXAMPLES / name / "src").rglob("*.py"))
    raised = set(re.findall(rf'"({name}-[a-z-]+)"', code))
    assert raised
    for each in raised:
        said = {Words(language, lambda: (module,)).message(each, {}) for language in ("en", "sv")}
        assert len(said) == 2
        assert not [text for text in said if text == each]


@pytest.mark.parametrize(("name", "most"), [("csv-ledger", 80), ("api-ledger", 200)])
def test_an_example_is_short(name: str, most: int) -> None:
    assert sum(_lines_of_code(each) for each in (EXAMPLES / name / "src").rglob("*.py")) < most


@pytest.mark.parametrize("name", MODULES)
def test_an_example_imports_the_contract_and_nothing_else_of_the_host(name: str) -> None:
    for path in (EXAMPLES / name / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not [each for each in named if each.startswith("closing_host") and ".api" not in each]


def _lines_of_code(path: Path) -> int:
    """Without blank lines, comments, docstrings and imports."""
    text = path.read_text("utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            lines |= set(range(token.start[0], token.end[0] + 1)) if token.string else set()
    for node in ast.walk(ast.parse(text)):
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if isinstance(node, ast.stmt) and (said or isinstance(node, ast.Import | ast.ImportFrom)):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)
