"""The fault table of docs/connections.md names tests that there are, and leaves no row out."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [f"A{number}" for number in range(1, 18)] + [f"D{number}" for number in range(1, 10)]


def test_every_row_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "connections.md").read_text("utf-8")
    table = re.findall(r"^\| ([AD]\d+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    assert [row for row, _ in table] == ROWS
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", sources, re.MULTILINE))
    named = {row: re.findall(r"`(test_\w+)`", proof) for row, proof in table}
    assert all(named.values())
    assert {test for tests in named.values() for test in tests} - defined == set()
