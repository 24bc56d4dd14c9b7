"""A data source from a plain object, for tests of what the host does with it."""

from closing_host.api.context import Connection
from closing_host.api.source import SourceInfo
from closing_host.sources.facade import DataSource
from closing_host.sources.hooks import DESCRIBE, implemented

CONNECTION = Connection(None, None)


def loaded(plugin: object, info: SourceInfo | None = None) -> DataSource:
    """`plugin`, which implements `describe_source` and any other hooks, as the host would call it."""
    hooks = implemented("test", plugin)
    hooks.pop(DESCRIBE)
    return DataSource("test", "1.2", "source-test", info or SourceInfo(name="Books"), hooks)
