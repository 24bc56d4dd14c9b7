"""Every example in README.md and docs/ is run, and what it shows is what comes out.

A page's ```console blocks run in order in one folder with one data folder. Lines that begin with `$ ` are commands;
the lines below are what they print. `...` stands for any text, also over several lines. Pages are independent.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN_TEST = {"your-first-source.md"}
"""Pages whose blocks need an environment of their own (test_first_source)."""

PAGES = sorted(
    page
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if page.name not in OWN_TEST and BLOCK.search(page.read_text("utf-8"))
)
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
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
    for command, expected in steps(page):
        assert shlex.split(command)[0] in COMMANDS, f"{page.name} runs {command}"
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        printed = done.stdout
        assert matches(expected, printed), f"$ {command}\n{printed}"
    shutil.rmtree(folder)


def test_the_tutorial_is_among_the_pages() -> None:
    assert ROOT / "docs" / "tutorial.md" in PAGES
