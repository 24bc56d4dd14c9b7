"""Attachments stored at import, through the installed source over real HTTP: versions, opening, differences."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.engagements.attachments import open_attachments
from closing_host.engagements.register import new_engagement
from datasource_fortnox.simulator import RunningSimulator
from fortnox_office import Office, open_office, running_simulator

BOOKS = "1/2025"


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
        new_engagement(opened.host, "Exempel", organisation_number="556677-8899", source_id="fortnox")
        opened.connect(1)
        yield opened


def test_the_acceptance_example_is_stored_and_opened_to_the_ore(office: Office) -> None:
    """P 7.4's example: Σ 34 625,50, the buckets, -500,00 explained by A 77."""
    (imported,) = office.imported(1, "2025")
    assert imported.attachments is not None
    assert imported.attachments.state == "made"
    customers, suppliers = open_attachments(office.host, BOOKS)
    made = customers.made
    assert (made.side, made.as_at, made.final) == ("receivables", date(2025, 12, 31), True)
    assert (made.reconciliation.open, made.reconciliation.ledger) == (3_462_550, 3_412_550)
    assert made.ageing["amount"].to_list() == [2_500_000, -100_000, 750_000, 0, 312_550]
    assert {letter: amount for letter, amount in made.explanation.amounts.items() if amount} == {"a": -50_000}
    assert made.explanation.rows.select("series", "number").rows() == [("A", "77")]
    record = customers.record
    assert (record.version, record.open, record.ledger, record.difference) == (1, 3_462_550, 3_412_550, -50_000)
    assert (record.fingerprint, record.made_by) == (imported.published.snapshot.fingerprint, "asa")
    assert (suppliers.record.side, suppliers.made.reconciliation.difference) == ("payables", 0)
    assert suppliers.notes == {}
