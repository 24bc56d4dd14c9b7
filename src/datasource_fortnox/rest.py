"""One call to Fortnox's REST API: headers, envelope, exact numbers, typed errors (F 3)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from closing_host.api import exact_json
from closing_host.api.errors import SourceUnavailable
from datasource_fortnox.errors import AnswerWrong, refusal, unreadable

FORTNOX: Final = "https://api.fortnox.se"

_PATIENCE: Final = 120.0  # seconds of silence before a whole year of SIE (F 2 advises at least 60)

Query = Mapping[str, str | int]
"""Parameters; names are lower case (F 3.1)."""

_EVERYTHING: Final[Query] = MappingProxyType({})
_ABOUT_THE_BODY: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})

R = TypeVar("R", bound=BaseModel)


class Rest:
    """Calls under `address`/3 with any client that carries the credential. Nothing is ever sent twice here."""

    def __init__(self, http: httpx.AsyncClient, address: str = FORTNOX) -> None:
        self._http = http
        self._base = f"{address.rstrip('/')}/3/"

    async def read(self, path: str, query: Query = _EVERYTHING) -> Mapping[str, Any]:
        """GET: the JSON object, floats as `Decimal`. Raises what `errors.refusal` says."""
        request = self._request("GET", path, query, headers={"Accept": "application/json"})
        try:
            response = await self._http.send(request)
        except httpx.RequestError as error:
            raise _unreachable(error) from error
        return _object(response)

    async def submit(self, path: str, query: Query, content: bytes) -> httpx.Response:
        """POST once: the answer as it came. `httpx` errors and what the client raises pass through."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return await self._http.send(self._request("POST", path, query, headers=headers, content=content))

    async def download(self, path: str, query: Query, received: Callable[[int], None] | None = None) -> httpx.Response:
        """GET bytes of any kind; `received(bytes so far)` after each piece, and what it raises passes through."""
        request = self._request("GET", path, query, headers={"Accept": "*/*"}, timeout=_patient(self._http.timeout))
        try:
            response = await self._http.send(request, stream=True)
            try:
                pieces = []
                async for piece in response.aiter_bytes():
                    pieces.append(piece)
                    if received:
                        received(response.num_bytes_downloaded)
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            raise _unreachable(error) from error
        headers = [each for each in response.headers.multi_items() if each[0] not in _ABOUT_THE_BODY]
        whole = httpx.Response(response.status_code, headers=headers, content=b"".join(pieces), request=request)
        if (problem := refusal(whole, json_value(whole.content))) is not None:
            raise problem
        return whole

    def _request(self, method: str, path: str, query: Query, **options: Any) -> httpx.Request:
        return self._http.build_request(method, self._base + path, params=dict(query), **options)


def unwrap(answer: Mapping[str, Any], envelope: str, model: type[R]) -> R:
    """The record inside its envelope. Raises `AnswerWrong` naming the field that is missing or wrong."""
    return parsed(answer.get(envelope), envelope, model)


def parsed(record: object, resource: str, model: type[R]) -> R:
    """`record` as `model`. Raises `AnswerWrong`; the value itself is not repeated, it may be anybody's."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        named = record.get("@url", "") if isinstance(record, dict) else ""
        place = ".".join(map(str, first["loc"]))
        raise AnswerWrong(resource=resource, record=named, field=place, reason=first["msg"]) from None


def _object(response: httpx.Response) -> Mapping[str, Any]:
    body = json_value(response.content)
    if (problem := refusal(response, body)) is not None:
        raise problem
    if not isinstance(body, dict):
        raise unreadable(response, "not a JSON object")
    return body


def json_value(content: bytes) -> object:
    """The JSON value with exact numbers, None when it is none (NaN and Infinity are none)."""
    try:
        value: object = exact_json.read(content)
    except ValueError:
        return None
    return value


def _patient(usual: httpx.Timeout) -> httpx.Timeout:
    read = None if usual.read is None else max(usual.read, _PATIENCE)
    return httpx.Timeout(read, connect=usual.connect, write=usual.write, pool=usual.pool)


def _unreachable(error: httpx.RequestError) -> SourceUnavailable:
    return SourceUnavailable("fortnox-unreachable", reason=type(error).__name__)
