import inspect

import pytest
from pydantic import BaseModel

from closing_host.api import CONTRACT_VERSION, authorization, context, hookspecs, ledger, source, subledger, vouchers
from closing_host.api.source import SourceInfo
from closing_host.sources.hooks import SPECIFIED
from closing_host.sources.returned import taken


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_hook_says_what_it_does(hook: str) -> None:
    assert inspect.getdoc(getattr(hookspecs, hook))


def test_parameters_of_all_hooks_are_the_same_three() -> None:
    everything = ("request", "connection", "context")
    assert set(SPECIFIED.values()) <= {(), everything[1:], everything}


def test_a_source_of_defaults_fits_the_contract_of_today() -> None:
    since, before = SourceInfo(name="Books").contract
    assert since <= CONTRACT_VERSION < before
    assert taken("describe_source", SourceInfo(name="Books")) == SourceInfo(name="Books")


def test_a_connection_states_its_settings_as_the_declared_model_only() -> None:
    class Settings(BaseModel):
        id: str = "x"

    connection = context.Connection(Settings(), None)
    assert connection.settings_as(Settings).id == "x"
    with pytest.raises(TypeError, match="Settings"):
        connection.installation_as(Settings)


def test_the_records_of_the_contract_cannot_be_changed() -> None:
    records = [
        each
        for module in (authorization, context, ledger, source, subledger, vouchers)
        for each in vars(module).values()
        if inspect.isclass(each) and "__dataclass_params__" in vars(each)
    ]
    assert len(records) > 20
    assert [each for each in records if not vars(each)["__dataclass_params__"].frozen] == []
    assert [each for each in records if "__slots__" not in vars(each)] == []
