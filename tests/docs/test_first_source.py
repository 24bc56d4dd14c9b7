"""docs/authors/your-first-source.md, typed line by line in an environment of its own."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

from docs.test_examples import matches

PAGE = Path(__file__).parents[2] / "docs" / "authors" / "your-first-source.md"

FILE = re.compile(r"`([\w.-]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)

COMMANDS = {"closing": "closing_host.cli", "pip": "pip", "pytest": "pytest"}
OTHERS = ("head",)


def environment(base: Path) -> dict[str, str]:
    """An environment in which the host and its kit are installed, and nothing else of ours is in the way."""
    venv.create(base / "env", symlinks=True)
    (site,) = (base / "env").glob("lib/python*/site-packages")
    (site / "host.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    bin = base / "env" / "bin"
    for command, module in COMMANDS.items():
        script = bin / command
        script.write_text(f'#!/bin/sh\nexec {bin / Path(sys.executable).name} -m {module} "$@"\n')
        script.chmod(0o755)
    inherited = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    return inherited | {
        "PATH": f"{bin}:/usr/bin:/bin",
        "HOME": str(base),
        "CLOSING_DATA": str(base / "data"),
        "CLOSING_LANG": "en",
        "COLUMNS": "200",
        "PIP_NO_INDEX": "1",  # a test asks no index: what builds the package is installed already
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # The kit's own tests try a large year.
        "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:hypothesispytest -k 'not large_year'",
    }


def steps(text: str) -> Iterator[tuple[str, str]]:
    """What the reader does, in order: `file name` with its content, or `$ command` with what it prints."""
    marks = [(found.start(), "file " + found[1], found[2]) for found in FILE.finditer(text)]
    for found in CONSOLE.finditer(text):
        for number, block in enumerate(re.split(r"^\$ ", found[1], flags=re.MULTILINE)[1:]):
            command, _, printed = block.partition("\n")
            marks.append((found.start() + number, "$ " + command, printed))
    for _, step, content in sorted(marks):
        yield step, content


def test_the_tutorial_typed_line_by_line_gives_a_source_that_passes_the_kit(tmp_path: Path) -> None:
    around, folder = environment(tmp_path), tmp_path
    done = []
    for step, content in steps(PAGE.read_text("utf-8")):
        kind, _, rest = step.partition(" ")
        words = rest.split()
        done.append(words[0])
        if kind == "file":
            (folder / rest).write_text(content, "utf-8")
        elif words[0] == "mkdir":
            (folder / words[1]).mkdir()
        elif words[0] == "cd":
            folder = folder / words[1]
        else:
            assert words[0] in (*COMMANDS, *OTHERS), rest
            ended = subprocess.run(
                ["/bin/sh", "-c", rest],
                cwd=folder,
                env=around,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert matches(content, ended.stdout), f"$ {rest}\n{ended.stdout}"
    assert {"pyproject.toml", "cash_book.py", "test_cash_book.py", "closing", "pip", "pytest"} <= set(done)


def test_its_time_is_stated() -> None:
    assert "It takes about half an hour to type" in PAGE.read_text("utf-8")
