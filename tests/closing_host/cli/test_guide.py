"""`closing guide`: the same guide as the pages', with the same answers."""

from pathlib import Path
from typing import get_args

from closing_host.cli.guide import NEXT, Form
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
        "next": "closing balances 1",
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


def test_every_step_has_its_command_and_every_form_its_place() -> None:
    assert set(NEXT) == set(Step)
    assert get_args(Form) == FORMS
