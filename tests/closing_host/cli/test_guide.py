"""`closing guide`: the same guide as the pages', with the same answers."""

from pathlib import Path
from typing import get_args

from closing_host.cli.guide import NEXT, Form
from closing_host.cli.next_step_commands import COMMANDS
from closing_host.engagements.next_steps import Todo
from closing_host.engagements.setup import FORMS
from closing_host.engagements.wizard import Step
from small_sie import sie, voucher

from .conftest import Closing


def test_the_guide_is_gone_through_from_file_to_all_set(closing: Closing, tmp_path: Path) -> None:
    closing("engagement", "new", "Åkes Bageri AB", "-o", "556677-8899")
    said = closing("guide", "1")
    assert said.code == 0, said.words
    assert "✓ Data source: SIE → SIE file Is this right?: 556677-8899 Reconciliation period Import" in said.words
    assert "Next: closing import --engagement 1 FILE" in said.words
    (tmp_path / "books.se").write_bytes(sie(voucher(1)))
    closing("import", "books.se")
    said = closing("guide", "1")
    assert "→ Is this right?: 556677-8899, 2025-01-01 – 2025-12-31" in said.words
    assert "Next: closing guide 1 --confirm" in said.words
    said = closing("guide", "1", "--form", "AB", "--framework", "K2")
    assert "✓ Is this right?: 556677-8899, AB, K2" in said.words
    assert "Next: closing guide 1 --period month" in said.words
    assert closing("guide", "1", "--period", "quarter", "--json").data == {
        "engagement": 1,
        "step": "done",
        "passed": ["source", "file", "company", "period", "import", "done"],
        "form": "AB",
        "framework": "K2",
        "period": "quarter",
        "next": "closing reconcile 1/2025 --period 2025-03",
        "next_steps": [
            {
                "todo": "reconcile",
                "period": "2025-03",
                "count": 2,
                "says": "Reconcile 2025-03: 0 of 2 accounts are done.",
                "command": "closing reconcile 1/2025 --period 2025-03",
            }
        ],
    }


def test_a_step_is_confirmed_as_it_is(closing: Closing, tmp_path: Path) -> None:
    (tmp_path / "books.se").write_bytes(sie(voucher(1)))
    closing("import", "--new", "books.se")
    for step in ("period", "done"):
        assert closing("guide", "1", "--confirm", "--json").data["step"] == step
    assert closing("guide", "1", "--json").data["period"] == "month"


def test_control_accounts_and_series_are_chosen(closing: Closing, tmp_path: Path) -> None:
    (tmp_path / "books.se").write_bytes(sie(voucher(1)))
    closing("import", "--new", "books.se")
    refused = closing("guide", "1", "--receivables", "1599")
    assert (refused.code, "1599" in refused.words) == (5, True)
    assert closing("guide", "1", "--receivables", "1930", "--payables", "2081", "--series", "I").code == 0


def test_a_finished_guide_goes_on_with_what_the_year_wants(closing: Closing, tmp_path: Path) -> None:
    (tmp_path / "books.se").write_bytes(sie(voucher(1)))
    closing("import", "--new", "books.se")
    closing("guide", "1", "--form", "AB", "--period", "year")
    rows = ("--row", "1930=1", "--row", "2081=-1")
    assert closing("entries", "add", "1", "--text", "Justering", *rows).code == 0
    reconcile = "closing reconcile 1/2025 --period 2025-12"
    said = closing("guide", "1").words
    assert f"Reconcile 2025-12: 0 of 2 accounts are done. Next: {reconcile}" in said
    assert "in the bookkeeping yet: 1. Then: closing export file 1/2025" in said
    for account in ("1930", "2081"):
        assert closing("reconcile", "set", "1", account, "--comment", "Sett").code == 0
    assert closing("reconcile", "done", "1", "--all").code == 0
    lock = "closing periods lock 1/2025 2025-12"
    said = closing("--lang", "sv", "guide", "1").words
    assert "Nästa steg: closing export file 1/2025 Alla konton i 2025-12 är klara." in said
    assert f"Därefter: {lock}" in said
    assert closing(*lock.split()[1:]).code == 0
    data = closing("guide", "1", "--json").data
    assert data["next"] == "closing reconcile 1/2025 --period year-end --only changed"
    assert [each["todo"] for each in data["next_steps"]] == ["changed", "system", "reconcile", "export"]


def test_every_step_has_its_command_and_every_form_its_place() -> None:
    assert set(NEXT) == set(Step) - {Step.DONE}
    assert set(COMMANDS) == set(Todo) - {Todo.CLOSED}
    assert get_args(Form) == FORMS
