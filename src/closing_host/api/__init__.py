"""The contract between the host and its data sources: all that a data source may import.

Read `hookspecs` first; it lists every hook. The other modules hold what the hooks take and return. Names are
imported from the module that defines them, so that a source pays only for what it uses.
"""

CONTRACT_VERSION = (1, 0)
"""Major and minor. The minor grows when something is added that older sources need not know, the major when something
is removed, renamed or given another meaning. docs/contract.md says what that means for authors."""
