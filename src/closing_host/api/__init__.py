"""The contract between the host and its data sources: all that a data source may import.

Read `hookspecs` first; it lists every hook. The other modules hold what the hooks take and return. Names are
imported from the module that defines them, so that a source pays only for what it uses.
"""

CONTRACT_VERSION = (0, 1)
"""Major and minor. The major grows when something is removed, renamed or given another meaning."""
