"""The fault tables of the docs name tests that there are, and leave no row out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    "connections.md": [f"A{number}" for number in range(1, 18)] + [f"D{number}" for number in range(1, 10)],
    "export.md": [f"B{number}" for number in range(1, 28)],
    "pages.md": ["F7", "F8", "F9", "F10", "F11", "F12"] + [f"G{number}" for number in range(1, 11)],
}
REASON = "not tested: "


@pytest.mark.parametrize("page", PAGES)
def test_every_row_names_tests_that_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    table = re.findall(r"^\| ([A-Z]\d+) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    assert [row for row, _ in table] == PAGES[page]
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", sources, re.MULTILINE))
    named = {row: re.findall(r"`(test_\w+)`", proof) for row, proof in table if not proof.startswith(REASON)}
    assert all(named.values())
    assert {test for tests in named.values() for test in tests} - defined == set()
