"""What must hold of the whole tree and is no matter of one module."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOST = ROOT / "src" / "closing_host"

# Where the developer of the day works; one name alone, such as /srv, may well stand in a text.
HERE = [str(path) for path in (ROOT, Path.home()) if len(path.parts) > 2]

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a file address": re.compile("file" + "://"),
    "a package registry": re.compile(r"(?:pypi|python" + r"hosted|npmjs|anaconda|crates|rubygems)\.(?:org|com|io)"),
    "a path of this machine": re.compile(
        "|".join([r"(?<![\w.~/-])/(?:work|root)" + r"/\w", *(re.escape(path) + r"\b" for path in HERE)])
    ),
}


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout: git lists no files here")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def run_python(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "src", capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_host_names_no_source_but_its_own() -> None:
    files = [path for path in HOST.rglob("*") if path.is_file() and path.suffix in (".py", ".po", ".html", ".md")]
    assert len(files) > 50
    assert [str(path) for path in files if "fortnox" in path.read_text("utf-8").lower() + path.name.lower()] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_holds(what: str) -> None:
    found = []
    for path in committed():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if FORBIDDEN[what].search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a file address", "see file" + ":///srv/books.se"),
        ("a package registry", "https://pypi" + ".org/simple"),
        ("a package registry", "https://files.python" + "hosted.org/x"),
        ("a path of this machine", 'open("/' + 'root/books.se")'),
        ("a path of this machine", str(ROOT / "src") if HERE else "/" + "root/src"),
    ],
)
def test_the_search_finds(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


def test_everything_imports_without_the_other_httpx() -> None:
    script = """
import importlib, pkgutil, sys
import closing_host, datasource_fortnox
for package in (closing_host, datasource_fortnox):
    for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not each.name.endswith("__main__") and ".migrations" not in each.name:
            importlib.import_module(each.name)
print(*sys.modules)
"""
    modules = run_python(script).split()
    assert len([name for name in modules if name.startswith("closing_host.")]) > 50
    assert "httpx" in modules
    assert "httpx2" not in modules


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("closing_host.sie", ["pydantic", "httpx", "sqlalchemy", "pluggy", "authlib"]),
        ("closing_host.api.ledger", ["pydantic", "httpx", "sqlalchemy", "pluggy", "authlib"]),
        ("closing_host.api.hookspecs", ["polars", "pydantic", "httpx", "sqlalchemy", "authlib"]),
        ("closing_host.sources.sie4", ["httpx", "sqlalchemy", "authlib"]),
        ("closing_host.sources.registry", ["httpx", "sqlalchemy", "authlib"]),
    ],
)
def test_a_module_costs_only_what_it_uses(module: str, heavy: list[str]) -> None:
    script = f"import sys, {module}\nprint(*[name for name in {heavy!r} if name in sys.modules])"
    assert run_python(script).split() == []


def test_the_direction_of_imports_is_checked() -> None:
    contracts = (ROOT / ".importlinter").read_text("utf-8")
    layers = re.search(r"^layers =\n((?: +.*\n)+)", contracts, re.MULTILINE)
    assert layers is not None
    stated = re.findall(r"\w+", layers[1])
    packages = {path.parent.name for path in HOST.glob("*/__init__.py")}
    assert packages - set(stated) == set()
    order = "cli web engagements testing transfers sources runs storage documents closing ledgers sie locale api"
    assert stated == order.split()
    guarded = re.findall(r"^protected_modules =\s+((?:[\w ]+\n)+)", contracts, re.MULTILINE)
    assert {"pluggy", "sqlalchemy", "authlib", "starlette"} <= {name for each in guarded for name in each.split()}
