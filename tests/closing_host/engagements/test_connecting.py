"""The 30 days, the right company and the import, through the installed Fortnox source over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import (
    AuthorizationError,
    ClosingError,
    DataError,
    Denied,
    Expired,
    PermissionMissing,
    WrongCompany,
)
from closing_host.engagements.connecting import choose_source, engagement_to_be, name_after
from closing_host.engagements.register import find_engagement, new_engagement
from closing_host.storage.connections import ConnectionRecords
from closing_host.storage.runs import Runs
from datasource_fortnox.simulator import RunningSimulator
from datasource_fortnox.simulator.totals import totals
from fortnox_office import BROKEN_YEAR, NO_INVOICING, Office, open_office, running_simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with running_simulator() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))
    simulator.world.reset()
    simulator.world.clock.set("2026-02-14T09:00:00+00:00")
    simulator.world.change_switches({"limiter_time": "clock", "rate_max": 10_000})
    with open_office(tmp_path / "data", simulator) as opened:
        yield opened


@pytest.fixture
def client(office: Office) -> int:
    return new_engagement(office.host, "Exempel", organisation_number="556677-8899", source_id="fortnox").id


def test_connect_and_import_bring_the_year_and_the_one_before(office: Office, client: int) -> None:
    view = office.connect(client)
    assert view.state == "connected"
    assert (view.days_left, view.account.name if view.account else "") == (30, "Exempel & Söner AB")
    before, now = office.imported(client)
    assert (before.published.snapshot.year_start.year, now.published.snapshot.year_start.year) == (2025, 2026)
    assert [each.published.changed for each in office.imported(client)] == [False]


def test_the_imported_books_equal_the_sources_own_totals(office: Office, client: int) -> None:
    office.connect(client)
    (imported,) = office.imported(client, "2025")
    company = office.simulator.world.companies[29302]
    stated = totals(company.years[3])
    ledger = imported.ledger
    for kind, per_account in (("IB", stated.opening), ("UB", stated.closing), ("RES", stated.result)):
        ours = ledger.balances.filter((ledger.balances["kind"] == kind) & (ledger.balances["year"] == 0))
        found = {
            int(account): amount for account, amount in zip(ours["account"], ours["amount"], strict=True) if amount
        }
        assert found == {account: amount for account, amount in per_account.items() if amount}
    assert ledger.vouchers.height == stated.vouchers


def test_an_import_keeps_the_file_as_it_came(office: Office, client: int) -> None:
    office.connect(client)
    (imported,) = office.imported(client, "2025")
    ((name, sha),) = imported.published.snapshot.kept.items()
    assert name.endswith(".se")
    with office.host.store.blobs.open(sha) as file:
        assert file.read().startswith(b"#FLAGGA 0")


def test_only_a_successful_import_renews_the_30_days(office: Office, client: int) -> None:
    office.connect(client)
    office.pass_days(20)
    office.simulator.world.faults.add({"status": 503}, path="/3/sie/4")
    with pytest.raises(ClosingError):
        office.imported(client, "2025")
    assert office.host.connections.view(client).days_left == 10
    office.simulator.world.faults.clear()
    office.imported(client, "2025")
    assert office.host.connections.view(client).days_left == 30


def test_an_import_that_changes_nothing_renews_them_too(office: Office, client: int) -> None:
    office.connect(client)
    office.imported(client, "2025")
    office.pass_days(10)
    (again,) = office.imported(client, "2025")
    assert not again.published.changed
    assert office.host.connections.view(client).days_left == 30


def test_after_30_days_nothing_is_called_until_a_login_and_an_import_revive_it(office: Office, client: int) -> None:
    office.connect(client)
    office.pass_days(24)
    assert office.host.connections.view(client).state == "expires-soon"
    office.pass_days(6)
    assert office.host.connections.view(client).state == "expired"
    office.simulator.world.log.clear()
    with pytest.raises(Expired):
        office.imported(client)
    assert office.simulator.world.log.entries == []
    office.connect(client)
    office.imported(client, "2025")
    assert office.host.connections.view(client).state == "connected"


def test_another_company_is_refused_and_the_old_connection_stays(office: Office, client: int) -> None:
    office.connect(client)
    with pytest.raises(WrongCompany) as refused:
        office.connect(client, BROKEN_YEAR)
    assert "559123-4561" in str(refused.value)
    assert office.host.connections.view(client).state == "connected"
    assert office.imported(client, "2025")[0].published.changed


def test_a_denied_consent_is_said_to_be_denied(office: Office, client: int) -> None:
    with pytest.raises(Denied):
        office.connect(client, decision="deny")
    assert office.host.connections.view(client).state == "not-connected"


def test_a_consent_that_is_withdrawn_in_fortnox_ends_the_connection_with_a_reason(office: Office, client: int) -> None:
    office.connect(client)
    office.simulator.world.oauth.revoke(office.simulator.client.client_id, 29302, access_too=True)
    office.pass_days(1)
    with pytest.raises(AuthorizationError):
        office.imported(client)
    view = office.host.connections.view(client)
    assert view.state == "revoked"
    assert view.reason


def test_an_engagement_that_is_to_be_takes_name_and_number_from_the_company(office: Office) -> None:
    made = engagement_to_be(office.host, "fortnox")
    view = office.connect(made.id, BROKEN_YEAR)
    assert view.account is not None
    name_after(office.host, made.id, view.account)
    found = find_engagement(office.host, "559123-4561")
    assert (found.id, found.name) == (made.id, "Brutet År i Småland AB")
    assert office.imported(made.id)[-1].published.snapshot.year_start.month == 5


def test_a_company_that_has_an_engagement_gets_no_second_one(office: Office, client: int) -> None:
    made = engagement_to_be(office.host, "fortnox")
    with pytest.raises(DataError) as refused:
        office.connect(made.id)
    assert refused.value.code == "engagement-exists"
    assert refused.value.parameters["engagement"] == client
    assert office.host.connections.view(made.id).state == "not-connected"
    assert engagement_to_be(office.host, "fortnox").id == made.id


def test_a_company_that_the_person_does_not_recognise_is_let_go(office: Office) -> None:
    made = engagement_to_be(office.host, "fortnox")
    with pytest.raises(WrongCompany) as refused:
        office.connect(made.id, confirm=False)
    assert refused.value.code == "wrong-company-declined"
    assert office.host.connections.view(made.id).state == "not-connected"


def test_a_company_without_the_invoicing_licence_is_connected_without_sub_ledger_and_imports_its_books(
    office: Office,
) -> None:
    own = new_engagement(office.host, "Enbart", organisation_number="559900-1004", source_id="fortnox")
    with pytest.raises(PermissionMissing) as refused:
        office.connect(own.id, NO_INVOICING)
    assert refused.value.operation == "attachments"
    office.host.connections.set_without(own.id, frozenset({"attachments"}), office.host.actor)
    office.connect(own.id, NO_INVOICING)
    assert office.imported(own.id, "2025")[0].published.changed


def test_changing_the_source_keeps_the_books_and_says_so_in_the_log(office: Office, client: int) -> None:
    office.connect(client)
    office.imported(client, "2025")
    engagement = choose_source(office.host, find_engagement(office.host, str(client)), "sie4")
    assert engagement.source_id == "sie4"
    assert len(office.host.store.snapshots.history(client)) == 1
    assert choose_source(office.host, engagement, "fortnox").source_id == "fortnox"


def test_a_year_that_the_source_does_not_have_is_named_with_those_it_has(office: Office, client: int) -> None:
    office.connect(client)
    with pytest.raises(DataError) as refused:
        office.imported(client, "1999")
    assert refused.value.code == "year-unknown"
    assert "2025-01-01" in str(refused.value.parameters["years"])


def test_each_year_is_a_run_of_its_own(office: Office, client: int) -> None:
    office.connect(client)
    office.imported(client, "2024", "2025")
    with office.host.store.database.read() as connection:
        runs = Runs(connection, office.host.store.clock, engagement_id=client).newest()
    assert sorted((run.year_start.year, run.kind, run.state) for run in runs if run.year_start) == [
        (2024, "attachments", "done"),
        (2024, "import", "done"),
        (2025, "attachments", "done"),
        (2025, "import", "done"),
    ]


def test_no_secret_reaches_database_log_or_blobs(
    office: Office, client: int, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level("DEBUG"):
        office.connect(client)
        office.imported(client, "2025")
    with office.host.store.database.read() as connection:
        record = ConnectionRecords(connection).get(client)
    assert record is not None
    assert record.credential_id is not None
    vault = office.host.connections.vault
    secrets = [office.simulator.client.secret, vault.open(vault.current(record.credential_id)).access]
    stored = b"".join(each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file())
    for secret in secrets:
        assert secret not in caplog.text
        assert secret.encode() not in stored
