"""The page of the kit names each of its tests, with what must hold."""

import re
from pathlib import Path

from closing_host.testing import DataSourceTests
from closing_host.testing.rules import rules_of

PAGE = Path(__file__).parents[2] / "docs" / "conformance-kit.md"


def test_page_lists_every_test_with_its_rule() -> None:
    listed = dict(re.findall(r"^\| `(test_\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    held = {
        name: " ".join((getattr(DataSourceTests, name).__doc__ or "").split()) for name in rules_of(DataSourceTests)
    }
    assert listed == held
