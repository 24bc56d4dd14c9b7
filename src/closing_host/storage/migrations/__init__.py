"""Alembic's environment and revisions. Forward only: an upgrade copies the database first (T E9)."""
