"""Run by Alembic; `closing_host.storage.upgrade` hands it a connection that is already in a transaction."""

from alembic import context

from closing_host.storage import analysis_tables as _analysis  # noqa: F401  its tables belong to the metadata too
from closing_host.storage import attachment_tables as _attachments  # noqa: F401  and so do its
from closing_host.storage import connection_tables as _connections  # noqa: F401  and so do its
from closing_host.storage import entry_tables as _entries  # noqa: F401  and these
from closing_host.storage import export_tables as _exports  # noqa: F401  and these
from closing_host.storage import own_attachment_tables as _own_attachments  # noqa: F401  and these
from closing_host.storage import period_tables as _periods  # noqa: F401  and these
from closing_host.storage import reconciliation_tables as _reconciliation  # noqa: F401  and these
from closing_host.storage import session_tables as _sessions  # noqa: F401  and so do its
from closing_host.storage import setup_tables as _setup  # noqa: F401  and these
from closing_host.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
