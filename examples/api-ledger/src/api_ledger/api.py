"""The API's calls: one place that knows addresses, statuses and pages."""

from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter

from api_ledger.answers import Page, Voucher
from closing_host.api import exact_json
from closing_host.api.errors import DataError, PermissionMissing, SourceUnavailable
from closing_host.api.ledger import FinancialYear

T = TypeVar("T")


class Api:
    """Calls over a client that carries the credential. Reads are tried again by the client, writes never."""

    def __init__(self, http: httpx.AsyncClient, address: str) -> None:
        self._http, self._address = http, address
        self.received: dict[str, bytes] = {}
        """What was read, by a name to keep it under."""

    async def read(self, path: str, wanted: type[T], operation: str = "import", **query: Any) -> T:
        """GET. Raises `PermissionMissing` for `operation`, and what `parsed` raises."""
        answer = await self._http.get(self._address + path, params=query)
        if answer.status_code == 403:
            raise PermissionMissing(operation)
        self.received[f"{len(self.received):04}{path.replace('/', '-')}.json"] = answer.content
        return parsed(answer, wanted)

    async def vouchers(self, year: FinancialYear, **query: Any) -> tuple[list[Voucher], int]:
        """All pages of the year's vouchers, and how many the API says there are."""
        found: list[Voucher] = []
        number = pages = 1
        while number <= pages:
            page = await self.read(f"/years/{year.start}/vouchers", Page, page=number, **query)
            found += page.vouchers
            number, pages = number + 1, page.pages
        return found, page.total

    async def book(self, year: FinancialYear, voucher: object) -> httpx.Response:
        """POST, once. `httpx` errors leave it open whether it was booked; a `ClosingError` says that it was not."""
        address, headers = f"{self._address}/years/{year.start}/vouchers", {"Content-Type": "application/json"}
        return await self._http.post(address, content=exact_json.write(voucher), headers=headers)


def parsed(answer: httpx.Response, wanted: type[T]) -> T:
    """The answer as `wanted`, amounts exact. Raises `SourceUnavailable`, and `DataError` for what is no such answer."""
    if answer.is_server_error:
        raise SourceUnavailable("source-failing", host=answer.url.host, status=answer.status_code)
    try:
        return TypeAdapter(wanted).validate_python(exact_json.read(answer.content))
    except ValueError as error:  # no JSON, or other JSON than is documented; what it held is not repeated
        raise DataError("api-ledger-answer-wrong", record=answer.url.path, status=answer.status_code) from error
