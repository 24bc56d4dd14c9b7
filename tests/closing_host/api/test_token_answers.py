import json
from datetime import timedelta

import httpx
import pytest

from closing_host.api.authorization import Token
from closing_host.api.errors import RateLimited
from closing_host.api.token_answers import read_answer, read_token
from hook_context import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (60, 60),
        ("60", 60),
        (" 60 ", 60),
        (60.0, 60),
        (1.5, 1.5),
        (None, 3600),
        ("soon", 3600),
        ("", 3600),
        ("²", 3600),
        (True, 3600),
        (0, 3600),
        (-5, 3600),
        (10**30, 3600),
        ("9" * 5000, 3600),
        (float("nan"), 3600),
        ([60], 3600),
    ],
)
def test_the_end_is_the_start_of_the_request_plus_what_is_stated(stated: object, seconds: float) -> None:
    token = read_token({"access_token": "a", "expires_in": stated}, started=NOW, lifetime=HOUR, known=Token(""))
    assert token.expires_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("odd", [7, None, ["a"], {}])
def test_fields_of_another_kind_count_as_absent(odd: object) -> None:
    answer = {"access_token": "a", "refresh_token": odd, "scope": odd}
    token = read_token(answer, started=NOW, lifetime=HOUR, known=Token("", "old", scopes=frozenset({"books"})))
    assert (token.renewal, token.scopes) == ("old", frozenset({"books"}))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:30"}, None),
        ({"Retry-After": "later"}, None),
    ],
)
def test_how_long_to_wait_is_read_as_stated(header: dict[str, str], seconds: float | None) -> None:
    response = httpx.Response(429, headers=header, request=httpx.Request("POST", "https://login.example/token"))
    with pytest.raises(RateLimited) as raised:
        read_answer(response, NOW)
    assert raised.value.retry_after == seconds


def test_a_body_is_json_whatever_its_label() -> None:
    response = httpx.Response(
        200,
        content=json.dumps({"access_token": "a"}).encode(),
        headers={"Content-Type": "text/html; charset=ISO-8859-1"},
        request=httpx.Request("POST", "https://login.example/token"),
    )
    assert read_answer(response, NOW) == {"access_token": "a"}
