import pytest
from pydantic import ValidationError

from datasource_fortnox.settings import FortnoxEngagement, FortnoxInstallation


def fields(**changes: str) -> dict[str, str]:
    return {"client_id": "Ab12Cd34Ef56", "client_secret": "s3cretS3cr"} | changes


def test_id_and_secret_are_enough_and_fortnox_itself_is_meant() -> None:
    settings = FortnoxInstallation.model_validate(fields())
    assert settings.api_address == "https://api.fortnox.se"
    assert settings.login_address == "https://apps.fortnox.se"
    assert settings.login == "service_account"
    assert settings.callback.startswith("http://127.0.0.1:")


def test_the_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(FortnoxInstallation.model_validate(fields()))


def test_blanks_from_pasting_do_not_count() -> None:
    settings = FortnoxInstallation.model_validate(fields(client_id=" Ab12 ", client_secret="\tx\n"))
    assert (settings.client_id, settings.client_secret.get_secret_value()) == ("Ab12", "x")


@pytest.mark.parametrize("field", ["client_id", "client_secret"])
@pytest.mark.parametrize("wrong", ["", "  ", "a b", "hemlig\u200b", "nyckelå", "a\x00b"])
def test_what_is_no_id_or_secret_is_refused(field: str, wrong: str) -> None:
    with pytest.raises(ValidationError) as raised:
        FortnoxInstallation.model_validate(fields(**{field: wrong}))
    assert [(error["loc"], error["type"]) for error in raised.value.errors()] == [
        ((field,), "fortnox-credential-wrong")
    ]


@pytest.mark.parametrize("field", ["api_address", "login_address"])
@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        (" https://api.fortnox.se/ ", "https://api.fortnox.se"),
        ("https://api.example:8443", "https://api.example:8443"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://localhost:8765", "http://localhost:8765"),
    ],
)
def test_addresses_that_may_be_called(field: str, stated: str, kept: str) -> None:
    assert getattr(FortnoxInstallation.model_validate(fields(**{field: stated})), field) == kept


@pytest.mark.parametrize("field", ["api_address", "login_address", "callback"])
@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "api.fortnox.se",
        "http://api.fortnox.se",
        "ftp://127.0.0.1",
        "https://a:b@api.fortnox.se",
        "https://[",
        "https://api.fortnox.se:port",
        "https:///3",
    ],
)
def test_addresses_that_may_not(field: str, wrong: str) -> None:
    with pytest.raises(ValidationError) as raised:
        FortnoxInstallation.model_validate(fields(**{field: wrong}))
    (error,) = raised.value.errors()
    assert (error["loc"], error["type"]) == ((field,), "fortnox-address-wrong")


@pytest.mark.parametrize("wrong", ["https://api.fortnox.se/3", "https://api.fortnox.se?x=1"])
def test_base_addresses_have_no_path(wrong: str) -> None:
    with pytest.raises(ValidationError):
        FortnoxInstallation.model_validate(fields(api_address=wrong))


def test_an_engagement_needs_nothing_filled_in() -> None:
    assert FortnoxEngagement().without_sub_ledger is False
