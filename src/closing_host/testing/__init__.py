"""The conformance kit for authors of data sources (extra `testing`): subclass `DataSourceTests`, run pytest.

docs/conformance-kit.md leads through it. What stands here is the kit's interface; it is imported at first use, because
pytest imports this package (for its plugin) in every run where the host is installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from closing_host.testing.clock import START, SteppedClock
    from closing_host.testing.server import FakeServer
    from closing_host.testing.statements import Books, Sample
    from closing_host.testing.suite import DataSourceTests

__all__ = ["START", "Books", "DataSourceTests", "FakeServer", "Sample", "SteppedClock"]

_PLACES: Final = {
    "START": "clock",
    "SteppedClock": "clock",
    "FakeServer": "server",
    "Books": "statements",
    "Sample": "statements",
    "DataSourceTests": "suite",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
