"""The pytest plugin (entry point `pytest11`): collects the tests that apply, holds exemptions, and sums up."""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from closing_host.testing.rules import Rule

_LEFT_OUT: Final = pytest.StashKey[dict[str, dict[str, list[str]]]]()
"""Class to reason to names of tests that do not apply."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """`--update-golden`."""
    _leave_unrewritten(pluginmanager)
    parser.getgroup("closing-host").addoption(
        "--update-golden", action="store_true", help="write golden files of data sources' samples instead of comparing"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the source has no hook for, and mark what its author exempts."""
    if not any(_is_kit(item) for item in items):
        return  # a run that has nothing to do with the kit does not pay for it
    from closing_host.testing.applying import why_not  # noqa: PLC0415
    from closing_host.testing.golden import Update  # noqa: PLC0415

    Update.wanted = config.getoption("--update-golden")

    left_out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    kept, removed = [], []
    for item in items:
        cls, rule = getattr(item, "cls", None), _rule(item)
        if cls is None or rule is None:
            kept.append(item)
            continue
        if reason := why_not(cls, rule):
            left_out[cls.__name__][reason].append(item.name)
            removed.append(item)
            continue
        kept.append(item)
        if item.name in cls.exempt:
            item.add_marker(pytest.mark.xfail(reason=f"exempt: {cls.exempt[item.name]}", strict=True))
    config.stash[_LEFT_OUT] = left_out
    if removed:
        config.hook.pytest_deselected(items=removed)
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was not tried, and why; by name what the author can have tried by stating more."""
    left_out = config.stash.get(_LEFT_OUT, {})
    if not left_out:
        return
    from closing_host.testing.applying import NOT_STATED  # noqa: PLC0415

    for cls, reasons in left_out.items():
        total = sum(map(len, reasons.values()))
        counted = "; ".join(f"{reason} ({len(names)})" for reason, names in reasons.items())
        terminalreporter.write_line(f"{cls}: {total} tests do not apply: {counted}")
        for reason, names in reasons.items():
            if NOT_STATED in reason:
                terminalreporter.write_line(f"  {reason}, so not tried: {', '.join(names)}")


def _leave_unrewritten(pluginmanager: pytest.PytestPluginManager) -> None:
    """pytest rewrites the assertions of every package whose distribution has a plugin: of the whole host, in each run
    where it is installed, which takes seconds. The kit's failures speak for themselves."""
    marked: set[str] = getattr(pluginmanager.rewrite_hook, "_must_rewrite", set())
    marked.discard("closing_host")


def _rule(item: pytest.Item) -> "Rule | None":
    return getattr(getattr(item, "function", None), "closing_rule", None)


def _is_kit(item: pytest.Item) -> bool:
    return _rule(item) is not None
