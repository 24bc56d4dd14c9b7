"""The pages for authors of data sources say what the code says."""

import inspect
import re
from pathlib import Path

import pytest

from authors_reference import PAGE, modules, page, public
from closing_host.api import CONTRACT_VERSION, errors
from closing_host.sources.hooks import SPECIFIED
from contract_stub import RELEASED

AUTHORS = Path(__file__).parents[2] / "docs" / "authors"


def test_the_reference_is_made_from_the_code_of_today() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make contract`"


def test_no_hook_record_or_error_is_undocumented() -> None:
    text = PAGE.read_text("utf-8")
    for hook in SPECIFIED:
        assert re.search(rf"^### `{hook}\(.*\)`\n\nReturns `.+`\. \S", text, re.MULTILINE), hook
    for name, value in public(errors).items():
        assert re.search(rf"^\| `{name}` \|.*\| .+ \|$", text, re.MULTILINE), name
        assert inspect.getdoc(value)
    for module in modules():
        for name, value in public(module).items():
            assert inspect.getdoc(value), f"{module.__name__}.{name}"
            assert f"### `{module.__name__.rpartition('.')[2]}.{name}`\n" in text


def test_every_contract_has_its_upgrade_notes_newest_first() -> None:
    stated = re.findall(r"^## (\d+\.\d+)$", (AUTHORS / "upgrade-notes.md").read_text("utf-8"), re.MULTILINE)
    released = sorted((tuple(map(int, each.stem.split("."))) for each in RELEASED.glob("*.txt")), reverse=True)
    assert [tuple(map(int, each.split("."))) for each in stated] == released
    assert released[0] == CONTRACT_VERSION


@pytest.mark.parametrize("name", ["your-first-source", "reference", "upgrade-notes"])
def test_their_links_lead_somewhere(name: str) -> None:
    text = (AUTHORS / f"{name}.md").read_text("utf-8")
    for address, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", text):
        target = AUTHORS / address if address else AUTHORS / f"{name}.md"
        assert target.is_file(), address
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor[1:] in {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}
