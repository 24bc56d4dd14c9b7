"""The manual's own examples run, and it names every fault."""

import json
import re
from pathlib import Path

import pytest

from datasource_fortnox.simulator.faults.actions import catalogue
from datasource_fortnox.simulator.world import World

SIE = "#FNAMN X\n#RAR 0 20250101 20251231\n#KONTO 1930 Bank\n"


@pytest.fixture
def manual(pytestconfig: pytest.Config) -> str:
    return (pytestconfig.rootpath / "docs" / "fortnox-simulator.md").read_text()


def block(manual: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", manual, re.DOTALL)
    assert found is not None
    return found[1]


def test_python_example_runs(manual: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "books.se").write_text(SIE)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(block(manual, "python"), names)
    assert {"simulator", "running"} <= set(names)


def test_plan_example_is_accepted(manual: str, world: World) -> None:
    world.faults.load(json.loads(block(manual, "json")))
    assert [rule.action.name for rule in world.faults.rules] == ["N10", "close", "answer", "N9"]
    assert world.faults.rules[1].action.delay_s == 25
    assert world.pending == 1


def test_every_fault_is_named(manual: str) -> None:
    assert [name for name in catalogue if not re.search(rf"\b{name}\b", manual)] == []
