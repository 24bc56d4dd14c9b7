"""Sources that are slow to load join later; whoever asks for one by its id waits for that one."""

import threading
import time
from collections.abc import Iterator

import pytest

from closing_host.api.source import SourceInfo
from closing_host.sources.arriving import STALL, Arriving, ArrivingProblems, Load, Loading, begin
from closing_host.sources.facade import DataSource
from closing_host.sources.problems import PluginProblem
from closing_host.sources.registry import Registry


def problem(id: str, code: str) -> PluginProblem:
    return PluginProblem(id, "books", "1.0", "import", code)


def source(id: str) -> DataSource:
    return DataSource(id, "1.0", "books", SourceInfo(name=id.title()), {})


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def arriving(loads: dict[str, Load], soon: float | None) -> Arriving:
    loadings = {id: Loading(load, problem(id, "still")) for id, load in loads.items()}
    begin(loadings.values())
    return Arriving(loadings, None if soon is None else time.monotonic() + soon)


def test_slow_ones_are_told_of_and_join_when_they_have_loaded(release: threading.Event) -> None:
    def slow() -> DataSource:
        release.wait(10)
        return source("slow")

    found = arriving(
        {"slow": slow, "quick": lambda: source("quick"), "broken": lambda: problem("broken", "no")}, STALL + 0.3
    )
    problems = ArrivingProblems([problem("twice", "found")], found)
    registry = Registry(found, problems)
    assert list(registry.sources) == ["quick"]
    assert not found.have_ended
    assert {each.source: each.code for each in problems} == {"twice": "found", "slow": "still", "broken": "no"}
    assert (len(problems), problems[1:][0].source) == (3, "broken")
    release.set()
    assert registry.source("slow").info.name == "Slow"
    assert list(registry.sources) == ["quick", "slow"]
    assert [each.source for each in problems] == ["twice", "broken"]
    assert found.have_ended
    assert registry.name_of("broken") == "broken"


def test_without_hurry_all_are_waited_for() -> None:
    def slow() -> DataSource:
        time.sleep(0.05)
        return source("slow")

    assert len(arriving({"slow": slow}, None)) == 1


def test_one_loads_after_the_other_while_none_stalls() -> None:
    at_once: list[int] = []
    loading = 0

    def load() -> PluginProblem:
        nonlocal loading
        loading += 1
        at_once.append(loading)
        time.sleep(0.01)
        loading -= 1
        return problem("x", "no")

    assert list(arriving(dict.fromkeys("abcde", load), None)) == []
    assert at_once == [1] * 5
