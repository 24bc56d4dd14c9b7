"""What stands between a request and the views (T 3g): headers, host, origin, session, size."""
