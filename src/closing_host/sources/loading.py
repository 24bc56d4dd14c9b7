"""Loads one entry point: import, hooks, description, declaration. Whatever goes wrong becomes a `PluginProblem`."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any, Final, TypeVar

from closing_host.sources.declaration import check_contract, check_declaration
from closing_host.sources.facade import DataSource
from closing_host.sources.hooks import DESCRIBE, implemented
from closing_host.sources.isolation import Raised, within
from closing_host.sources.problems import PluginProblem, Refused, Stage
from closing_host.sources.returned import Unfit, taken

T = TypeVar("T")

IMPORT_SECONDS: Final = 10.0
DESCRIBE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a plugin may take before it is given up: importing it, and everything that describes it."""

    importing: float = IMPORT_SECONDS
    describing: float = DESCRIBE_SECONDS


@dataclass(frozen=True, slots=True)
class Found:
    """An entry point of our group: the source's id, and the distribution that states it."""

    entry_point: EntryPoint
    distribution: str
    version: str

    @property
    def id(self) -> str:
        """The source's id."""
        return self.entry_point.name

    @property
    def named(self) -> str:
        """Distribution and version, for people."""
        return f"{self.distribution} {self.version}".strip()

    def problem(self, stage: Stage, code: str, trace: str = "", /, **parameters: object) -> PluginProblem:
        """A problem of this entry point; its words may name source, distribution and version."""
        named = {"source": self.id, "distribution": self.distribution, "version": self.version}
        return PluginProblem(self.id, self.distribution, self.version, stage, code, named | parameters, trace)


class _Stopped(Exception):
    def __init__(self, problem: PluginProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def load(found: Found, patience: Patience) -> DataSource | PluginProblem:
    """The source that can be called from now on, or the first thing that is wrong with it. Never raises."""
    try:
        plugin = _step(found, "import", patience.importing, found.entry_point.load)
        hooks = _step(found, "hooks", patience.describing, lambda: implemented(found.id, plugin))
        info = _step(found, "describe", patience.describing, lambda: _described(hooks[DESCRIBE]))
        operations = {name: caller for name, caller in hooks.items() if name != DESCRIBE}
        _step(found, "declaration", patience.describing, lambda: check_declaration(info, operations))
    except _Stopped as stopped:
        return stopped.problem
    return DataSource(found.id, found.version, found.distribution, info, operations)


def _described(describe: Callable[[], object]) -> Any:
    answer = describe()
    check_contract(answer)
    return taken(DESCRIBE, answer)


def _step(found: Found, stage: Stage, seconds: float, work: Callable[[], T]) -> T:
    ended = within(seconds, work)
    if ended is None:
        raise _Stopped(found.problem(stage, "plugin-too-slow", seconds=seconds))
    if not isinstance(ended, Raised):
        return ended.value
    match ended.error:
        case Refused() as refused:
            problem = found.problem(stage, refused.code, **refused.parameters)
        case Unfit() as unfit:
            problem = found.problem(stage, "described-wrong", place=unfit.place, reason=unfit.reason)
        case error:
            trace = "".join(traceback.format_exception(error))
            problem = found.problem(stage, f"plugin-{stage}-failed", trace, cause=_cause(error))
    raise _Stopped(problem)


def _cause(error: BaseException) -> str:
    """Class and first line of what escaped; an exception may fail even over its own text."""
    try:
        said = str(error).strip().partition("\n")[0][:200]
    except Exception:
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
