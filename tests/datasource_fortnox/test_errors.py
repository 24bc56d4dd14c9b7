"""Fortnox's refusals as single answers: the code decides, then the status (F 3.6, F 3.7)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import respx

from closing_host.api.errors import ClosingError, Expired, PermissionMissing, RateLimited, SourceUnavailable
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import AnswerWrong, NotFound, NotPermitted, Refused

pytestmark = pytest.mark.anyio

COMPANY = "https://api.fortnox.se/3/companyinformation"


@pytest.fixture
async def client() -> AsyncIterator[FortnoxClient]:
    async with httpx.AsyncClient() as http:
        yield FortnoxClient(http)


def upper(code: object, message: str = "Fel.") -> dict[str, Any]:
    return {"ErrorInformation": {"Error": 1, "Message": message, "Code": code}}


def lower(code: object, message: str = "Fel.") -> dict[str, Any]:
    return {"ErrorInformation": {"error": 1, "message": message, "code": code}}


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (httpx.Response(401, json={"message": "unauthorized"}), Expired, "fortnox-token-refused"),
        (httpx.Response(403, json=upper(2000310)), Expired, "fortnox-token-refused"),
        (httpx.Response(403, json=upper(2000663)), NotPermitted, "fortnox-scope-missing"),
        (httpx.Response(400, json=lower(2000663)), NotPermitted, "fortnox-scope-missing"),
        (httpx.Response(403, json=upper("2001101")), NotPermitted, "fortnox-licence-missing"),
        (httpx.Response(403, json=upper(2001103)), NotPermitted, "fortnox-integration-licence-missing"),
        (httpx.Response(403, json=upper(2003275)), NotPermitted, "fortnox-right-missing"),
        (httpx.Response(400, json=lower(2000587)), Refused, "fortnox-refused"),
        (httpx.Response(400, json=upper(None)), Refused, "fortnox-refused"),
        (httpx.Response(404, json=upper(2000423)), NotFound, "fortnox-not-found"),
        (httpx.Response(400, json=lower(2000434)), NotFound, "fortnox-not-found"),
        (httpx.Response(404, json=upper(1)), NotFound, "fortnox-not-found"),
        (httpx.Response(404, html="<h1>Not Found</h1>"), NotFound, "fortnox-not-found"),
        (httpx.Response(429, text="Too Many Requests"), RateLimited, "fortnox-too-many-calls"),
        (httpx.Response(429, json=lower(429)), RateLimited, "fortnox-too-many-calls"),
        (httpx.Response(500, json=lower(1000003)), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(500, content=b""), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(502, html="<h1>502 Bad Gateway</h1>"), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(500, json=lower(2000587)), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(408), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(200, json=lower(1000003)), SourceUnavailable, "fortnox-failing"),
        (httpx.Response(200, json=upper(2000587)), Refused, "fortnox-refused"),
        (httpx.Response(200, html="<h1>Maintenance</h1>"), SourceUnavailable, "fortnox-answer-unreadable"),
        (
            httpx.Response(200, content=b'{"CompanyInformation":{"D'),
            SourceUnavailable,
            "fortnox-answer-unreadable",
        ),
        (httpx.Response(200, content=b'{"CompanyInformation":NaN}'), SourceUnavailable, "fortnox-answer-unreadable"),
        (httpx.Response(200, json=[]), SourceUnavailable, "fortnox-answer-unreadable"),
        (httpx.Response(403, html="Kan inte logga in (2000311)."), SourceUnavailable, "fortnox-answer-unreadable"),
        (
            httpx.Response(302, headers={"Location": "https://x.test"}),
            SourceUnavailable,
            "fortnox-answer-unreadable",
        ),
        (httpx.Response(200, json={"Company": {}}), AnswerWrong, "fortnox-field-wrong"),
        (httpx.Response(200, json={"ErrorInformation": "odd"}), AnswerWrong, "fortnox-field-wrong"),
    ],
)
@respx.mock
async def test_an_answer_that_is_no_success(
    client: FortnoxClient, answer: httpx.Response, error: type[ClosingError], code: str
) -> None:
    respx.get(COMPANY).mock(return_value=answer)
    with pytest.raises(ClosingError) as raised:
        await client.company_information()
    assert (type(raised.value), raised.value.code) == (error, code)


@respx.mock
async def test_fortnoxs_own_words_code_and_trace_are_kept(client: FortnoxClient) -> None:
    answer = upper(2000401, "Företaget har låst perioden.")
    respx.get(COMPANY).respond(400, json=answer, headers={"X-Uid": "1f2e3d4c"})
    with pytest.raises(Refused) as raised:
        await client.company_information()
    assert raised.value.detail == "Fortnox 2000401: Företaget har låst perioden."
    assert (raised.value.number, raised.value.status) == (2000401, 400)
    assert raised.value.parameters["trace"] == "1f2e3d4c"
    assert raised.value.parameters["resource"] == "companyinformation"


@pytest.mark.parametrize(
    ("resource", "operation"),
    [
        ("invoices", "attachments"),
        ("supplierinvoicepayments", "attachments"),
        ("projects", "export"),
        ("sie", "import"),
    ],
)
@respx.mock
async def test_a_missing_permission_names_the_operation_that_cannot_be_done(
    client: FortnoxClient, resource: str, operation: str
) -> None:
    respx.get(f"https://api.fortnox.se/3/{resource}").respond(403, json=upper(2001101))
    with pytest.raises(PermissionMissing) as raised:
        await client.reaches(resource)
    assert raised.value.operation == operation


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:30 GMT", "Date": "Sun, 01 Mar 2026 12:00:00 GMT"}, 30.0),
        ({"Retry-After": "Sun, 01 Mar 2020 12:00:30 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
    ],
)
@respx.mock
async def test_how_long_to_wait_is_told(client: FortnoxClient, headers: dict[str, str], seconds: float | None) -> None:
    respx.get(COMPANY).respond(429, headers=headers)
    with pytest.raises(RateLimited) as raised:
        await client.company_information()
    assert raised.value.retry_after == seconds


@respx.mock
async def test_nothing_is_sent_twice(client: FortnoxClient) -> None:
    route = respx.get(COMPANY).mock(side_effect=httpx.ReadTimeout)
    with pytest.raises(SourceUnavailable) as raised:
        await client.company_information()
    assert (raised.value.code, raised.value.parameters["reason"]) == ("fortnox-unreachable", "ReadTimeout")
    assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
    assert route.call_count == 1
