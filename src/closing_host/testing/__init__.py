"""The conformance kit for authors of data sources (extra `testing`): subclass `DataSourceTests`, run pytest.

docs/conformance-kit.md leads through it. What stands here is the kit's interface.
"""

from closing_host.testing.clock import START, SteppedClock
from closing_host.testing.server import FakeServer
from closing_host.testing.statements import Books, Sample
from closing_host.testing.suite import DataSourceTests

__all__ = ["START", "Books", "DataSourceTests", "FakeServer", "Sample", "SteppedClock"]
