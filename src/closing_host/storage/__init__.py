"""Everything that is kept: the data folder, the database, snapshots, received bytes and the audit trail.

Open a `store.Store`; it holds the parts. Only this package knows SQL. Callers get typed records and, inside
`Store.database.write()` or `.read()`, an opaque `Connection` to hand to the repositories (`engagements`, `runs`).
"""
