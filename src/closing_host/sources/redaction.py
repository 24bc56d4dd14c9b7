"""No secret in the HTTP libraries' logs (T A12, G9)."""

import logging
from typing import Final

import httpx


class _WithoutQuery(logging.Filter):
    """httpx logs whole addresses; a query may hold a code or a name."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                each.copy_with(query=None, fragment=None, userinfo=b"") if isinstance(each, httpx.URL) else each
                for each in record.args
            )
        return True


_WITHOUT_QUERY: Final = _WithoutQuery()


def quiet_logs() -> None:
    """Keep queries, headers and bodies out of the logs of the HTTP libraries, whatever level is set on the root."""
    logging.getLogger("httpx").addFilter(_WITHOUT_QUERY)  # adding it again changes nothing
    logging.getLogger("httpcore").setLevel(logging.WARNING)  # its debug lines show headers
