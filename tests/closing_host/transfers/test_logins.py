"""Login dialogues: the right company or none, and a state that works once (A7, A11, A12, A14; P 7.7)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from closing_host.api.authorization import Account, AskFor, Authorized, Operation, Redirect
from closing_host.api.errors import (
    AuthorizationError,
    CapabilityMissing,
    ClosingError,
    Denied,
    PermissionMissing,
    PluginFault,
    SettingsError,
    WrongCompany,
)
from closing_host.storage.audit import Actor
from closing_host.storage.credentials import Credentials
from closing_host.storage.engagements import Engagements
from closing_host.storage.secrets import Keyring, SecretUnreadable
from closing_host.transfers.logins import Connected, Dialogue, Unconfirmed
from fake_books import CALLBACK, EXAMPLE, OTHER, Firm, Question, open_firm
from stored_books import ANNA

pytestmark = pytest.mark.anyio


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    opened = open_firm(tmp_path / "data")
    yield opened
    opened.store.close()


@pytest.fixture
def unnumbered(tmp_path: Path) -> Iterator[Firm]:
    opened = open_firm(tmp_path / "data", number=None)
    yield opened
    opened.store.close()


def tokens(firm: Firm) -> int:
    """How many tokens are stored."""
    with firm.store.database.read() as connection:
        return len(Credentials(connection).sealed())


# --- the way there


async def test_a_login_goes_from_redirect_to_connection(firm: Firm) -> None:
    assert firm.view().state == "not-connected"
    dialogue = await firm.begin()
    assert isinstance(dialogue, Dialogue)
    assert isinstance(dialogue.step, Redirect)
    assert dialogue.state in dialogue.step.url
    assert firm.view().state == "awaiting-consent"

    made = await firm.complete(dialogue.state)
    assert isinstance(made, Connected)
    view = made.view
    assert (view.state, view.account, view.consented_by, view.days_left) == ("connected", EXAMPLE, "anna", 30)
    assert view.usable
    assert firm.actions()[-2:] == ["login.begun", "connection.made"]


async def test_the_source_is_asked_for_what_the_company_shall_do_and_gets_its_flow_back(firm: Firm) -> None:
    await firm.connect()
    first, second = firm.books.asked
    assert first.operations == {"import", "attachments"}
    assert (first.intent, first.callback) == ("connect", CALLBACK)
    assert second.flow == {"step": "1", "verifier": "canary-verifier"}
    assert second.answer is not None
    assert second.answer["code"] == "canary-code"
    settings, installation = firm.books.connections[0].settings, firm.books.connections[0].installation
    assert settings is not None
    assert installation is not None
    assert installation.model_dump()["client_secret"].get_secret_value() == "canary-secret"


async def test_a_dialogue_may_take_several_turns_with_a_state_each(firm: Firm) -> None:
    firm.books.steps = ("form", "redirect")
    first = await firm.begin()
    assert isinstance(first.step, AskFor)
    assert first.step.model is Question
    second = await firm.logins.complete({"pin": "1"}, session="s", actor=ANNA, state=first.state)
    assert isinstance(second, Dialogue)
    assert second.state != first.state
    with pytest.raises(AuthorizationError) as reload:
        await firm.logins.complete({"pin": "1"}, session="s", actor=ANNA, state=first.state)
    assert reload.value.code == "login-went-on"
    assert isinstance(await firm.complete(second.state), Connected)


async def test_a_source_may_need_no_dialogue(firm: Firm) -> None:
    firm.books.steps = ()
    assert isinstance(await firm.begin(), Connected)


async def test_a_source_without_login_has_none(firm: Firm) -> None:
    files = firm.engagement(None, source_id="files")
    with pytest.raises(CapabilityMissing):
        await firm.begin(files)


async def test_a_source_that_is_not_set_up_says_which_fields(firm: Firm) -> None:
    from closing_host.storage.installation import Installations

    with firm.store.database.write() as connection:
        Installations(connection).remove("books")
    with pytest.raises(SettingsError) as missing:
        await firm.begin()
    assert missing.value.fields == {"client_id": "setting-missing", "client_secret": "setting-missing"}


async def test_without_a_key_no_login_is_begun(tmp_path: Path) -> None:
    firm = open_firm(tmp_path / "data")
    firm.connections.access._keyring = Keyring(())
    with pytest.raises(SecretUnreadable):
        await firm.begin()
    firm.store.close()


# --- the state (A11): twelve attacks


async def test_a_state_that_nobody_gave_out_is_refused(firm: Firm) -> None:
    dialogue = await firm.begin()
    for state in ("x", dialogue.state[:-1], dialogue.state + "x", dialogue.state.upper(), "' OR 1=1 --"):
        with pytest.raises(AuthorizationError) as refused:
            await firm.complete(state)
        assert refused.value.code == "login-unknown"
    assert len(firm.books.asked) == 1


async def test_the_hash_of_a_state_is_no_state(firm: Firm) -> None:
    from closing_host.storage.connections import hashed

    dialogue = await firm.begin()
    with pytest.raises(AuthorizationError):
        await firm.complete(hashed(dialogue.state))


async def test_another_session_or_user_cannot_answer(firm: Firm) -> None:
    dialogue = await firm.begin()
    for session, actor in (("other", ANNA), ("s", Actor("bo")), ("", ANNA)):
        with pytest.raises(AuthorizationError) as refused:
            await firm.logins.complete({"state": dialogue.state}, session=session, actor=actor)
        assert refused.value.code == "login-other-session"
    assert isinstance(await firm.complete(dialogue.state), Connected)


@pytest.mark.parametrize(("minutes", "accepted"), [(9.99, True), (10, False), (60, False), (-30, False)])
async def test_an_answer_is_accepted_for_ten_minutes(firm: Firm, minutes: float, accepted: bool) -> None:
    dialogue = await firm.begin()
    firm.clock.advance(timedelta(minutes=minutes))
    if accepted:
        assert isinstance(await firm.complete(dialogue.state), Connected)
        return
    with pytest.raises(AuthorizationError) as late:
        await firm.complete(dialogue.state)
    assert late.value.code == "login-too-late"


async def test_a_reload_shows_the_first_result_and_asks_the_source_nothing(firm: Firm) -> None:
    dialogue = await firm.begin()
    await firm.complete(dialogue.state)
    asked = len(firm.books.asked)
    for code in ("canary-code", "another"):
        again = await firm.complete(dialogue.state, code=code)
        assert isinstance(again, Connected)
    assert (len(firm.books.asked), tokens(firm)) == (asked, 1)


async def test_a_reload_shows_the_first_refusal(firm: Firm) -> None:
    dialogue = await firm.begin()
    with pytest.raises(Denied):
        await firm.complete(dialogue.state, error="access_denied")
    with pytest.raises(AuthorizationError) as again:
        await firm.complete(dialogue.state)
    assert again.value.code == "authorization-denied"
    assert firm.view().state == "not-connected"
    assert firm.actions()[-1] == "login.refused"


async def test_two_answers_at_once_are_one(firm: Firm) -> None:
    dialogue = await firm.begin()
    outcomes = await asyncio.gather(*(firm.complete(dialogue.state) for _ in range(8)), return_exceptions=True)
    made = [each for each in outcomes if isinstance(each, Connected)]
    rest = [each for each in outcomes if isinstance(each, AuthorizationError)]
    assert made
    assert len(made) + len(rest) == 8
    assert {each.code for each in rest} <= {"login-under-way"}
    assert [each.intent for each in firm.books.asked] == ["connect", "connect"]


async def test_two_dialogues_of_one_session_do_not_disturb_each_other(firm: Firm) -> None:
    other = firm.engagement("5560360793", name="Annan AB")
    one, two = await firm.begin(), await firm.begin(other)
    firm.books.account = OTHER
    assert (await firm.complete(two.state)).view.engagement_id == other
    firm.books.account = EXAMPLE
    assert (await firm.complete(one.state)).view.engagement_id == firm.engagement_id


async def test_states_have_256_bits(firm: Firm) -> None:
    states = {(await firm.begin()).state for _ in range(5)}
    assert len(states) == 5
    assert all(len(each) >= 43 for each in states)


# --- answers without a state (F 1.1)


async def test_a_bare_answer_is_explained_by_the_source_and_uses_nothing_up(firm: Firm) -> None:
    dialogue = await firm.begin()
    with pytest.raises(Denied):
        await firm.complete(None, error="x")
    assert isinstance(await firm.complete(dialogue.state), Connected)


async def test_a_bare_answer_opens_nothing_even_if_the_source_would(firm: Firm) -> None:
    await firm.begin()
    with pytest.raises(AuthorizationError) as refused:
        await firm.complete(None)
    assert refused.value.code == "login-without-state"
    assert firm.books.revoked == ["canary-renewal-1"]
    assert tokens(firm) == 0


async def test_a_bare_answer_to_nothing_is_refused(firm: Firm) -> None:
    with pytest.raises(AuthorizationError) as refused:
        await firm.complete(None)
    assert refused.value.code == "login-unknown"


async def test_a_bare_answer_that_the_source_turns_into_a_question_is_refused(firm: Firm) -> None:
    firm.books.steps = ("redirect", "form")
    await firm.begin()
    with pytest.raises(AuthorizationError) as refused:
        await firm.complete(None)
    assert refused.value.code == "login-without-state"


# --- the company (A7)


async def test_another_company_is_refused_and_its_token_revoked_and_the_old_connection_stays(firm: Firm) -> None:
    await firm.connect()
    before = firm.view()
    firm.books.account = replace(OTHER, name="Exempel AB")
    dialogue = await firm.begin()
    with pytest.raises(WrongCompany) as wrong:
        await firm.complete(dialogue.state)
    assert wrong.value.parameters == {
        "expected": "556000-4615",
        "expected_name": "Exempel AB",
        "found": "556036-0793",
        "found_name": "Exempel AB",
    }
    assert firm.books.revoked == ["canary-renewal-2"]
    assert (firm.view(), tokens(firm)) == (before, 1)
    async with firm.connections.open(firm.engagement_id):
        pass
    with pytest.raises(AuthorizationError) as again:
        await firm.complete(dialogue.state)
    assert (again.value.code, again.value.parameters) == ("company-differs", wrong.value.parameters)


async def test_a_token_that_cannot_be_revoked_is_forgotten_all_the_same(firm: Firm) -> None:
    firm.books.account = OTHER
    firm.books.fails["disconnect"] = ClosingError("source-unreachable")
    with pytest.raises(WrongCompany):
        await firm.connect()
    assert tokens(firm) == 0


async def test_two_engagements_cannot_have_one_account(firm: Firm) -> None:
    await firm.connect()
    twin = firm.engagement(None)
    with pytest.raises(WrongCompany) as refused:
        await firm.connect(twin)
    assert refused.value.code == "account-connected-elsewhere"


async def test_a_new_login_replaces_the_old_one_and_starts_the_30_days_anew(firm: Firm) -> None:
    await firm.connect()
    firm.connections.used(firm.engagement_id, "import", ANNA)
    firm.clock.advance(timedelta(days=40))
    assert firm.view().state == "expired"
    await firm.connect()
    view = firm.view()
    assert (view.state, view.days_left, tokens(firm)) == ("connected", 30, 1)
    assert view.imported_at is not None


async def test_an_unknown_company_is_shown_before_it_is_bound(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    asked = await unnumbered.complete(dialogue.state)
    assert asked == Unconfirmed(dialogue.state, EXAMPLE)
    assert await unnumbered.complete(dialogue.state) == asked
    assert not unnumbered.view().usable
    made = await unnumbered.logins.confirm(dialogue.state, session="s", actor=ANNA)
    assert made.view.state == "connected"
    with unnumbered.store.database.read() as connection:
        assert Engagements(connection).get(unnumbered.engagement_id).organisation_number == "5560004615"
    with pytest.raises(AuthorizationError):
        await unnumbered.logins.confirm(dialogue.state, session="s", actor=ANNA)


async def test_a_number_that_another_engagement_has_is_not_learnt(unnumbered: Firm) -> None:
    unnumbered.engagement("5560004615")
    unnumbered.books.steps = ()
    asked = await unnumbered.begin()
    assert isinstance(asked, Unconfirmed)
    await unnumbered.logins.confirm(asked.state, session="s", actor=ANNA)
    with unnumbered.store.database.read() as connection:
        assert Engagements(connection).get(unnumbered.engagement_id).organisation_number is None


async def test_a_company_that_is_declined_is_revoked(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    await unnumbered.complete(dialogue.state)
    await unnumbered.logins.decline(dialogue.state, session="s", actor=ANNA)
    assert (unnumbered.books.revoked, tokens(unnumbered)) == (["canary-renewal-1"], 0)
    with pytest.raises(AuthorizationError) as again:
        await unnumbered.complete(dialogue.state)
    assert again.value.code == "login-declined"


async def test_only_who_logged_in_can_confirm(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    await unnumbered.complete(dialogue.state)
    for session, actor in (("other", ANNA), ("s", Actor("bo"))):
        with pytest.raises(AuthorizationError):
            await unnumbered.logins.confirm(dialogue.state, session=session, actor=actor)


async def test_a_company_that_was_taken_meanwhile_cannot_be_confirmed(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    await unnumbered.complete(dialogue.state)
    twin = unnumbered.engagement("5560004615")
    await unnumbered.connect(twin)
    with pytest.raises(WrongCompany):
        await unnumbered.logins.confirm(dialogue.state, session="s", actor=ANNA)
    assert tokens(unnumbered) == 1


async def test_what_nobody_confirms_is_revoked_in_time(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    await unnumbered.complete(dialogue.state)
    unnumbered.clock.advance(timedelta(minutes=21))
    await unnumbered.begin()
    assert (unnumbered.books.revoked, tokens(unnumbered)) == (["canary-renewal-1"], 0)
    with pytest.raises(AuthorizationError):
        await unnumbered.logins.confirm(dialogue.state, session="s", actor=ANNA)


async def test_a_token_whose_quarantine_was_emptied_cannot_be_confirmed(unnumbered: Firm) -> None:
    dialogue = await unnumbered.begin()
    await unnumbered.complete(dialogue.state)
    with unnumbered.store.database.write() as connection:
        (row,) = Credentials(connection).sealed()
        Credentials(connection).promote(row.id)
    with pytest.raises(AuthorizationError):
        await unnumbered.logins.confirm(dialogue.state, session="s", actor=ANNA)


# --- what the login can do (A14)


@pytest.mark.parametrize("operation", ["attachments", "export"])
async def test_what_the_login_cannot_do_is_known_from_the_start(firm: Firm, operation: Operation) -> None:
    firm.books.account = replace(EXAMPLE, missing={operation: "no licence"})
    await firm.connect()
    assert firm.view().account.missing == {operation: "no licence"}


async def test_a_missing_licence_can_be_done_without_and_taken_up_again(firm: Firm) -> None:
    firm.books.fails["connect"] = PermissionMissing("attachments", detail="no licence")
    with pytest.raises(PermissionMissing):
        await firm.begin()
    firm.books.fails.clear()
    firm.connections.set_without(firm.engagement_id, frozenset({"attachments"}), ANNA)
    await firm.connect()
    assert firm.books.asked[-1].operations == {"import"}
    assert firm.view().without == {"attachments"}
    firm.connections.set_without(firm.engagement_id, frozenset(), ANNA)
    await firm.connect()
    assert firm.books.asked[-1].operations == {"import", "attachments"}


# --- sources that break the contract, and secrets


async def test_an_end_without_account_or_token_is_the_sources_fault(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> Authorized:
        return Authorized(Account("1"), None)

    monkeypatch.setattr(firm.connections.access, "authorize", nothing)
    with pytest.raises(PluginFault) as fault:
        await firm.begin()
    assert fault.value.code == "login-incomplete"


async def test_no_secret_is_stored_in_clear_or_audited(firm: Firm) -> None:  # A12, A15
    await firm.begin()
    await firm.connect()
    firm.store.database.close()
    stored = b"".join(path.read_bytes() for path in firm.store.folder.path.rglob("*") if path.is_file())
    assert b"Exempel AB" in stored
    assert b"canary" not in stored
