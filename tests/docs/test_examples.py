"""Every example in README.md and docs/ is run, and what it shows is what comes out.

A page's ```console blocks run in order in one folder with one data folder. Lines that begin with `$ ` are commands;
the lines below are what they print. `...` stands for any text, also over several lines. Pages are independent.
"""

import io
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

import pytest

from closing_host.cli import output
from closing_host.cli.app import run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN_TEST = {"your-first-source.md"}
"""Pages whose blocks need an environment of their own (test_first_source)."""

PAGES = sorted(
    page
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if page.name not in OWN_TEST and BLOCK.search(page.read_text("utf-8"))
)
SHELL: Final = re.compile(r"[|<>;&$*]")
"""What only a shell understands."""

COMMANDS = ("closing", "cat", "head", "ls", "mkdir", "cp", "echo")


def steps(page: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif found:
                found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def matches(expected: str, printed: str) -> bool:
    def plain(text: str) -> str:
        return "\n".join(" ".join(line.split()) for line in text.strip().splitlines() if line.strip())

    pattern = re.escape(plain(expected)).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, plain(printed), re.DOTALL) is not None


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Runs a line as a user types it, in a folder of its own, and gives all that it prints.

    A command of ours that stands alone runs in this process, which saves its start; what it prints is the same.
    """
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "CLOSING_DATA": str(tmp_path / "data"),
        "CLOSING_LANG": "en",
        "CLOSING_USER": "asa",
        "COLUMNS": "140",
        "TZ": "UTC",
    }
    monkeypatch.chdir(folder)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def typed(line: str) -> str:
        words = shlex.split(line)
        assert words[0] in COMMANDS, line
        if words[0] == "closing" and not SHELL.search(line):
            return in_this_process(words[1:])
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout

    yield typed
    forget_streams()
    shutil.rmtree(folder)


def in_this_process(arguments: Sequence[str]) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        forget_streams()
        run(arguments)
    return printed.getvalue()


def forget_streams() -> None:
    output.console.cache_clear()
    output.messages.cache_clear()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_print_what_the_page_shows(page: Path, shell: Callable[[str], str]) -> None:
    for command, expected in steps(page):
        printed = shell(command)
        assert matches(expected, printed), f"$ {command}\n{printed}"


def test_the_tutorial_is_among_the_pages() -> None:
    assert ROOT / "docs" / "tutorial.md" in PAGES
