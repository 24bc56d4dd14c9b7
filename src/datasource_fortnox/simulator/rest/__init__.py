"""The REST API under ``/3``: one module per group of resources."""

API = "https://api.fortnox.se/3"
"""Prefix of every ``@url``, as recorded (F 3.2, R)."""
