"""A pytest plugin that writes how each test of the kit ended, by source: for `closing source quality`.

`python -m pytest -p closing_host.testing.outcomes` with the file's path in CLOSING_KIT_OUTCOMES.
"""

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

VARIABLE: Final = "CLOSING_KIT_OUTCOMES"

_BECAUSE_OF_THE_SOURCE: Final = "the source "

_ENDED: Final = pytest.StashKey[dict[str, dict[str, dict[str, Any]]]]()
"""Source id to test to its outcome."""


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    ended: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    config.stash[_ENDED] = ended


def pytest_deselected(items: list[pytest.Item]) -> None:
    """A test that does not apply: with the reason, and whether the source's nature is the reason."""
    from closing_host.testing.applying import why_not  # noqa: PLC0415

    for item in items:
        cls, rule = getattr(item, "cls", None), getattr(getattr(item, "function", None), "closing_rule", None)
        if cls is not None and rule is not None and (reason := why_not(cls, rule)):
            excused = reason.startswith(_BECAUSE_OF_THE_SOURCE)
            _note(item, state="not-applicable", reason=reason, excused=excused)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """How a test of the kit ended, the worst of its phases."""
    outcome = yield
    report = outcome.get_result()
    if not _is_kit(item) or (report.when != "call" and report.passed):
        return
    exempt = report.skipped and hasattr(report, "wasxfail")
    state = "exempt" if exempt else "passed" if report.passed else "failed"
    _note(item, state=state, reason=_exempt(item) if exempt else "")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write them."""
    Path(os.environ[VARIABLE]).write_text(json.dumps(session.config.stash[_ENDED]), "utf-8")


def _note(item: pytest.Item, *, state: str, reason: str = "", excused: bool = False) -> None:
    known = item.config.stash[_ENDED][_source(item)]
    name = item.name.partition("[")[0]
    if known.get(name, {}).get("state") != "failed":
        known[name] = {"state": state, "reason": reason, "excused": excused}


def _source(item: pytest.Item) -> str:
    source = getattr(item, "cls").source  # noqa: B009
    return source if isinstance(source, str) else ""


def _is_kit(item: pytest.Item) -> bool:
    return getattr(getattr(item, "function", None), "closing_rule", None) is not None


def _exempt(item: pytest.Item) -> str:
    exempt: dict[str, str] = getattr(getattr(item, "cls"), "exempt", {})  # noqa: B009
    return exempt.get(item.name, "")
