"""What the last released contract promised still holds, or the contract has a new number (style 1.3)."""

import re
from pathlib import Path

import griffe
import pytest

from closing_host.api import CONTRACT_VERSION
from contract_stub import INTERNAL, RELEASED, joined, modules, split

SOURCE_FOLDERS = ("src/datasource_fortnox", "src/closing_host/sources/sie4.py", "examples")


def version_of(path: Path) -> tuple[int, int]:
    major, minor = path.stem.split(".")
    return int(major), int(minor)


LAST = max(RELEASED.glob("*.txt"), key=version_of)


def breaking(old: dict[str, str], new: dict[str, str], folder: Path) -> list[str]:
    """What of `old` no longer holds in `new`, as griffe tells it."""
    loaded = []
    for name, stubs in (("old", old), ("new", new)):
        package = folder / name / "contract"
        package.mkdir(parents=True)
        for module, text in ({"__init__": ""} | stubs).items():
            (package / f"{module}.py").write_text(text, "utf-8")
        loaded.append(griffe.load("contract", search_paths=[folder / name], allow_inspection=False))
    return [each.explain(griffe.ExplanationStyle.ONE_LINE) for each in griffe.find_breaking_changes(*loaded)]


def is_bumped(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """While the major is 0 each minor may break; from 1.0 on only majors do."""
    return now > before if before[0] == 0 else now[0] > before[0]


def test_the_contract_breaks_nothing_without_a_new_number(tmp_path: Path) -> None:
    promised, stated = split(LAST.read_text("utf-8")), modules()
    changed = {name for name in promised.keys() | stated.keys() if promised.get(name) != stated.get(name)}
    if not changed or is_bumped(version_of(LAST), CONTRACT_VERSION):
        return
    old, new = ({name: each[name] for name in changed if name in each} for each in (promised, stated))
    assert not breaking(old, new, tmp_path), f"contract {LAST.stem} is broken: raise CONTRACT_VERSION"


def test_no_released_contract_is_newer_than_ours() -> None:
    assert version_of(LAST) <= CONTRACT_VERSION


def test_the_text_of_a_contract_is_read_as_it_was_written() -> None:
    assert split(joined(modules())) == modules()


BREAKS = {
    "a hook loses a parameter": ("hookspecs", "list_years(connection: Connection, context", "list_years(context"),
    "a hook gets another name": ("hookspecs", "def export_file(", "def write_file("),
    "an error goes": ("errors", "class WrongCompany(AuthorizationError)", "class _WrongCompany(AuthorizationError)"),
    "a field goes": ("source", "    idempotent: bool = False\n", ""),
    "a field becomes required": ("source", "    package: str = ''", "    package: str"),
    "a required field comes first": ("subledger", "    number: str\n", "    id: str\n    number: str\n"),
}

HARMLESS = {
    "an optional field comes last": ("vouchers", "    complete: bool\n", "    complete: bool\n    more: str = ''\n"),
    "a class comes": ("errors", "class PluginFault", "class Later(TemporaryError):\n    ...\n\nclass PluginFault"),
}


@pytest.mark.parametrize("change", BREAKS | HARMLESS)
def test_what_breaks_a_source_is_seen_and_what_does_not_is_not(change: str, tmp_path: Path) -> None:
    module, before, after = (BREAKS | HARMLESS)[change]
    old = modules()[module]
    assert before in old
    new = old.replace(before, after, 1)
    assert bool(breaking({module: old}, {module: new}, tmp_path)) == (change in BREAKS)


@pytest.mark.parametrize(
    ("before", "now", "bumped"),
    [
        ((0, 1), (0, 1), False),
        ((0, 1), (0, 2), True),
        ((0, 3), (1, 0), True),
        ((1, 0), (1, 1), False),
        ((1, 4), (2, 0), True),
    ],
)
def test_from_one_on_only_a_major_may_break(before: tuple[int, int], now: tuple[int, int], bumped: bool) -> None:
    assert is_bumped(before, now) is bumped


def test_what_the_contract_leaves_out_no_source_imports() -> None:
    root = Path(__file__).parents[3]
    for place in SOURCE_FOLDERS:
        path = root / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            imported = re.findall(r"from closing_host\.api\.(\w+) import", file.read_text("utf-8"))
            assert not INTERNAL & set(imported), file
