"""Every code that storage raises or reports has words."""

import re
from pathlib import Path

import closing_host.storage
from closing_host.locale.messages.storage import MESSAGES

CODE = re.compile(r'(?:ClosingError|TemporaryError|Problem)\(\s*"([a-z-]+)"')
OTHERS = {
    *(
        "account_records",
        "comparisons",
        "connection_tables",
        "credentials",
        "entries",
        "installation",
        "journal",
        "paces",
        "periods",
    ),
    *("secrets", "spill", "uploads"),
}
"""Modules whose codes have their words in another area."""


def raised() -> set[str]:
    folder = Path(closing_host.storage.__path__[0])
    return {
        code
        for path in folder.glob("*.py")
        if path.stem not in OTHERS
        for code in CODE.findall(path.read_text("utf-8"))
    }


def test_every_code_has_words() -> None:
    assert raised() - set(MESSAGES) == set()


def test_no_words_are_left_over() -> None:
    chain = {f"audit-{reason}" for reason in ("gap", "link", "content", "cut", "rewritten")}
    choices = {"disk-full", "disk-failed"}  # chosen by an expression
    assert set(MESSAGES) - raised() - chain - choices == set()
