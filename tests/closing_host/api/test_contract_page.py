"""The page about the contract says what the code says, and its example is a source that works."""

import asyncio
import inspect
import re
from pathlib import Path

import pytest

from closing_host.api import CONTRACT_VERSION, errors, hookspecs
from closing_host.api.context import ImportRequest, SourceFile
from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import FINANCIAL_DATA
from closing_host.api.source import SourceInfo
from closing_host.sources.context import KEEP_LIMIT, LONGEST_NAME, running_context
from closing_host.sources.hooks import SPECIFIED
from closing_host.sources.loading import DESCRIBE_SECONDS, IMPORT_SECONDS
from closing_host.sources.registry import discover
from plugins import CONNECTION
from source_distributions import install

PAGE = (Path(__file__).parents[3] / "docs" / "contract.md").read_text("utf-8")


def test_it_has_every_hook_with_its_parameters_in_order() -> None:
    described = dict(re.findall(r"^### `(\w+)\((.*?)\)`", PAGE, re.MULTILINE))
    assert list(described) == list(SPECIFIED)
    assert {name: tuple(re.findall(r"\w+", parameters)) for name, parameters in described.items()} == SPECIFIED


def test_it_states_version_group_and_limits() -> None:
    assert f"Contract version: {CONTRACT_VERSION[0]}.{CONTRACT_VERSION[1]}\n" in PAGE
    assert f'[project.entry-points."{hookspecs.ENTRY_POINT_GROUP}"]' in PAGE
    assert f"may take {IMPORT_SECONDS:.0f} seconds, describing itself {DESCRIBE_SECONDS:.0f}." in PAGE
    assert f"at most {KEEP_LIMIT // 1024**2} MB" in PAGE
    assert f"at most {LONGEST_NAME} characters" in PAGE


def test_it_has_every_field_of_a_source_and_every_kind_of_data() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|$", PAGE, re.MULTILINE)
    assert rows == list(inspect.signature(SourceInfo).parameters)
    listed = re.search(r"takes these names: (.*?)\n\n", PAGE, re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"`([\w.]+)`", listed[1])) == FINANCIAL_DATA


def test_it_has_every_error_with_its_exit_code() -> None:
    stated = re.findall(r"^\| `(\w+)` \|.*\| (\d) \|$", PAGE, re.MULTILINE)
    classes = {
        name: each for name, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, ClosingError)
    }
    raised = {
        name: str(each.exit_code) for name, each in classes.items() if name not in ("ClosingError", "PluginFault")
    }
    assert dict(stated) == raised
    assert f"`PluginFault` (exit code {errors.PluginFault.exit_code})" in PAGE


@pytest.fixture
def cash_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    entry_points = re.search(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    module = re.search(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert entry_points is not None
    assert module is not None
    stated = entry_points[1].replace("project.entry-points.", "").replace('"', "")
    install(tmp_path / "site", "cashbook", stated, {"cashbook.py": module[1]})
    monkeypatch.syspath_prepend(tmp_path / "site")
    return tmp_path


def test_its_example_imports_a_file(cash_book: Path) -> None:
    registry = discover(only=["cashbook"])
    assert registry.problems == ()
    source = registry.source("cashbook")
    path = cash_book / "cash.csv"
    path.write_text("date;account;amount\n2025-03-10;4010;1 234,50\n2025-03-11;3010;-7\n", "utf-8")
    assert source.recognises(path.read_bytes())
    request = ImportRequest(file=SourceFile(path.name, path))
    with running_context("cashbook", inside=cash_book) as context:
        ledger = asyncio.run(source.import_ledger(request, CONNECTION, context))
        assert ledger.rows["amount"].to_list() == [123450, -123450, -700, 700]
        path.write_text("date;account;amount\n2025-03-10;4010;much\n", "utf-8")
        with pytest.raises(DataError) as caught:
            asyncio.run(source.import_ledger(request, CONNECTION, context))
    assert caught.value.parameters == {"file": "cash.csv", "line": 2}
