"""What is said in Startguiden: kept apart from the books, said again at will; what the source knows is not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.engagements.closing_series import can_export, choose_series, chosen_series
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.kept_work import KeptWork, kept_work
from closing_host.engagements.register import new_engagement, overview
from closing_host.engagements.setup import (
    accept_proposals,
    choose_period,
    confirm_accounts,
    confirm_company,
    proposed_form,
    setup_of,
)
from closing_host.engagements.wizard import STEPS, Step, standing
from closing_host.ledgers.organisation import check
from closing_host.storage.audit import Action, Actor, events
from closing_host.storage.setup import Setup
from small_sie import sie, voucher


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Host.open(tmp_path / "data", Actor("asa")) as made:
        new_engagement(made, "Åkes Bageri AB", organisation_number="556677-8899", source_id="fortnox")
        yield made


def test_each_answer_stays_when_the_next_is_given(host: Host) -> None:
    confirm_company(host, 1, form="E", framework="K3")
    choose_period(host, 1, "quarter")
    confirm_accounts(host, 1)
    assert setup_of(host, 1) == Setup("K3", "quarter", frozenset({"company", "period", "accounts"}))
    assert overview(host, 1).engagement.form == "E"


def test_what_is_not_said_leaves_what_is_known(host: Host) -> None:
    confirm_company(host, 1, form="AB", framework="K2")
    confirm_company(host, 1)
    assert (overview(host, 1).engagement.form, setup_of(host, 1).framework) == ("AB", "K2")
    confirm_company(host, 1, framework="")
    assert setup_of(host, 1).framework == ""


def test_accepting_the_proposals_keeps_what_was_chosen_and_leaves_what_was_not_asked(host: Host) -> None:
    accept_proposals(host, 1, STEPS["file"])
    assert setup_of(host, 1) == Setup("", "month", frozenset({"company", "period"}))
    choose_period(host, 1, "year")
    accept_proposals(host, 1, STEPS["login"])
    assert setup_of(host, 1) == Setup("", "year", frozenset({"company", "period", "accounts"}))


@pytest.mark.parametrize("said", [{"form": "Ltd"}, {"framework": "K4"}])
def test_a_choice_that_there_is_not_changes_nothing(host: Host, said: dict[str, str]) -> None:
    with pytest.raises(DataError, match="choice-not-offered"):
        confirm_company(host, 1, **said)
    with pytest.raises(DataError, match="choice-not-offered"):
        choose_period(host, 1, "week")
    with pytest.raises(ClosingError, match="engagement-unknown"):
        choose_period(host, 2, "month")
    assert setup_of(host, 1) == Setup()


@pytest.mark.anyio
async def test_the_form_that_the_books_state_is_taken_unless_the_user_said_one(host: Host, tmp_path: Path) -> None:
    (tmp_path / "books.se").write_bytes(sie(voucher(1)) + b"#FTYP HB\r\n")
    await import_file(host, tmp_path / "books.se", Placing())
    assert overview(host, 1).engagement.form == "HB"
    confirm_company(host, 1, form="KB")
    await import_file(host, tmp_path / "books.se", Placing())
    assert overview(host, 1).engagement.form == "KB"


def test_a_series_is_chosen_for_exports_and_kept_by_source(host: Host) -> None:
    assert (chosen_series(host, 1), can_export(host, "fortnox"), can_export(host, "sie4")) == ("", True, False)
    choose_series(host, 1, "I")
    assert chosen_series(host, 1) == "I"
    with host.store.database.read() as connection:
        assert events(connection)[0].action == Action.EXPORT_CHOICE
    with pytest.raises(ClosingError, match="series-code-length"):
        choose_series(host, 1, "")


def test_the_steps_of_a_source_with_login_ask_for_its_accounts(host: Host) -> None:
    now = standing(host, 1)
    assert (now.step, Step.ACCOUNTS in now.steps, now.passed) == (Step.LOGIN, True, frozenset({Step.SOURCE}))
    assert kept_work(host, 1) == KeptWork(0, 0, 0)


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("556677-8899", "AB"),
        ("969663-7033", "HB"),
        ("769600-0012", "BRF"),
        ("7164000-1", ""),
        ("802000-0007", "I"),
        ("811218-9876", "E"),
        ("202100-5489", ""),
        ("556677-8898", ""),
        ("", ""),
    ],
)
def test_a_form_is_proposed_by_the_organisation_number(number: str, form: str) -> None:
    digits = number.replace("-", "")
    if len(digits) == 10 and number != "556677-8898":  # with the check digit that belongs to it
        digits = next(each for last in range(10) if check(each := f"{digits[:9]}{last}") is None)
    assert proposed_form(digits) == form
