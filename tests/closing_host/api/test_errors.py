import ast
import inspect
from pathlib import Path

import pytest

import closing_host.api
from closing_host.api import errors
from closing_host.api.errors import (
    ClosingError,
    DataError,
    PermissionMissing,
    RateLimited,
    SettingsError,
    TemporaryError,
    UnsupportedFormat,
)
from closing_host.locale import Words, english_by_code

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, ClosingError)]
API = Path(closing_host.api.__file__).parent


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_has_a_code_of_its_own_with_words(error: type[ClosingError]) -> None:
    assert [each for each in CLASSES if each.code == error.code] == [error]
    assert error.code in english_by_code("closing_host")
    assert Words("sv").message(error.code, {}) != error.code


def test_every_code_that_the_contract_raises_has_words() -> None:
    raised = set()
    for path in API.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                is_error = node.func.id in {each.__name__ for each in CLASSES} - {"SettingsError", "PermissionMissing"}
                if is_error and isinstance(first, ast.Constant):
                    raised.add(first.value)
    assert {"amount-too-large", "column-unknown", "column-unreadable", "table-mixed", "row-without-voucher"} <= raised
    assert raised - set(english_by_code("closing_host")) == set()


def test_exit_codes_tell_the_kinds_apart() -> None:
    kinds = {each.__name__: each.exit_code for each in CLASSES if each.__base__ is ClosingError}
    assert sorted(kinds.values()) == sorted(set(kinds.values()))
    assert set(kinds.values()).isdisjoint({0, ClosingError.exit_code})
    for each in CLASSES:
        if each.__base__ is not ClosingError and each is not ClosingError:
            assert each.exit_code == each.__base__.exit_code  # type: ignore[union-attr]


def test_an_error_without_code_has_its_classes_code() -> None:
    error = UnsupportedFormat()
    assert (error.code, error.detail, error.parameters) == ("format-unsupported", "", {})


def test_an_error_carries_code_parameters_and_what_the_source_said() -> None:
    error = DataError("own-code", detail="said", line=7, file="a.se")
    assert (error.code, error.detail) == ("own-code", "said")
    assert error.parameters == {"line": 7, "file": "a.se"}
    assert str(error) == "own-code(line=7, file='a.se'): said"
    assert DataError.code == "data-wrong"


def test_a_parameter_may_be_called_code() -> None:
    assert ClosingError("own-code", code=7).parameters == {"code": 7}


def test_settings_errors_name_their_fields() -> None:
    error = SettingsError({"b": "wrong", "a": "missing"}, address="x")
    assert error.fields == {"b": "wrong", "a": "missing"}
    assert error.parameters == {"fields": "a, b", "address": "x"}


def test_a_missing_permission_names_the_operation() -> None:
    error = PermissionMissing("attachments", detail="no licence")
    assert (error.operation, error.parameters, error.detail) == (
        "attachments",
        {"operation": "attachments"},
        "no licence",
    )


def test_a_temporary_error_says_when_to_come_back() -> None:
    assert RateLimited(retry_after=3.0, host="h").retry_after == 3.0
    assert TemporaryError("own-code").retry_after is None
    assert TemporaryError("own-code").code == "own-code"
