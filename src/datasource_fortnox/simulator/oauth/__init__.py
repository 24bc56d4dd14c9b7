"""Fortnox's authorization server: consent pages, three grants, revocation (F 1)."""
