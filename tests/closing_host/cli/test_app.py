from pathlib import Path

import pytest

from closing_host.cli import app
from closing_host.cli.app import COMMANDS

from .conftest import Closing


def test_help_lists_every_command(closing: Closing) -> None:
    said = closing("--help")
    assert said.code == 0
    assert [name for name, _, _, _ in COMMANDS if name not in said.out] == []


@pytest.mark.parametrize("name", [name for name, _, _, _ in COMMANDS])
def test_every_command_has_help(closing: Closing, name: str) -> None:
    said = closing(name, "--help")
    assert said.code == 0
    assert f"closing {name}" in said.out


def test_help_speaks_swedish(closing: Closing) -> None:
    assert "Saldobalans per konto" in closing("--lang", "sv", "--help").out


def test_an_unknown_command_is_named_with_exit_code_2(closing: Closing) -> None:
    said = closing("frobnicate")
    assert said.code == 2
    assert "frobnicate" in said.err


def test_a_missing_argument_is_told_without_a_trace(closing: Closing) -> None:
    said = closing("ledger", "1510")
    assert said.code == 2
    assert "Traceback" not in said.err


def test_an_error_is_one_paragraph_with_the_next_step_in_either_language(closing: Closing) -> None:
    english = closing("balances", "nobody")
    swedish = closing("balances", "nobody", "--lang", "sv")
    assert english.code == swedish.code == 1
    assert english.out == swedish.out == ""
    assert "closing engagement list" in english.words
    assert "closing engagement list" in swedish.words
    assert english.words != swedish.words


def test_an_error_is_json_when_asked_for(closing: Closing) -> None:
    said = closing("balances", "nobody", "--json")
    assert '"error": "engagement-unknown"' in said.err
    assert said.out == ""


def test_a_fault_of_our_own_shows_its_trace_and_asks_for_a_report(
    closing: Closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_app", lambda words: 1 / 0)
    said = closing("--help")
    assert said.code == app.UNEXPECTED_EXIT_CODE
    assert "ZeroDivisionError" in said.err
    assert "report" in said.words


def test_version_is_the_distributions(closing: Closing) -> None:
    assert closing("--version").out.strip().startswith("0.")


def test_the_data_folder_can_be_given(closing: Closing, tmp_path: Path) -> None:
    assert closing("--data", tmp_path / "elsewhere", "engagement", "list", "--json").data == []
    assert (tmp_path / "elsewhere" / "closing.db").exists()
    assert not (tmp_path / "data").exists()
