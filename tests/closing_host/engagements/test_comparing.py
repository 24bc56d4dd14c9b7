"""Comparisons in the background: an import or a file against what the source states now, storing nothing."""

import asyncio
import io

import pytest

from closing_host.api.errors import ClosingError
from closing_host.engagements import comparing
from closing_host.engagements.host import Host
from closing_host.storage.runs import Run, Runs
from datasource_fortnox.simulator.sie_export import SieRequest, export
from fortnox_office import Office
from imported_office import YEAR_START, company


def now(host: Host, run: Run) -> Run:
    with host.store.database.read() as connection:
        return Runs(connection, host.store.clock, engagement_id=1).get(run.id)


def about(host: Host, run: Run) -> dict[str, object]:
    asyncio.run(comparing.carry_out_comparison(host, run))
    assert now(host, run).state == "done"
    told = comparing.comparisons_of(host).about(run.id)
    assert told is not None
    return told


def test_an_import_is_compared_with_what_the_source_states_now(office: Office) -> None:
    host = office.host
    snapshot = host.store.snapshots.current(1, YEAR_START)
    assert snapshot is not None
    run = comparing.compare_with_source(host, 1, snapshot)
    assert comparing.compare_with_source(host, 1, snapshot).id == run.id  # pressed twice: one comparison
    assert [each.id for each in comparing.left_behind(host)] == [run.id]
    told = about(host, run)
    assert told["count"] == 0
    assert comparing.left_behind(host) == []
    assert comparing.compare_with_source(host, 1, snapshot).id != run.id  # asked anew: what it states now
    assert host.store.snapshots.history(1, YEAR_START) == (snapshot,)


def test_a_file_is_compared_with_what_the_source_states_of_its_year(office: Office) -> None:
    of, switches = company(office), office.simulator.world.switches
    text = export(of, of.years[3], SieRequest(4, all_accounts=True), switches)
    file = io.BytesIO(text.encode("cp437", errors="replace"))
    told = about(office.host, comparing.compare_file(office.host, 1, "år.se", file, live=True))
    assert told["count"] == 0
    assert (told["a"]["kind"], told["b"]["kind"], told["a"]["name"]) == ("file", "live", "år.se")  # type: ignore[index]


def test_a_source_that_does_not_answer_is_a_failed_run_that_can_be_asked_again(office: Office) -> None:
    host = office.host
    snapshot = host.store.snapshots.current(1, YEAR_START)
    assert snapshot is not None
    office.simulator.world.clock.advance(31 * 24 * 3600)
    run = comparing.compare_with_source(host, 1, snapshot)
    with pytest.raises(ClosingError):
        asyncio.run(comparing.carry_out_comparison(host, run))
    failed = now(host, run)
    assert failed.state == "failed"
    assert failed.error_code
    assert comparing.ask_again(host, 1, run.id).id != run.id


def test_an_order_of_another_engagement_is_unknown(office: Office) -> None:
    run = comparing.compare_file(office.host, 1, "x.se", io.BytesIO(b"x"), live=False)
    with pytest.raises(ClosingError) as caught:
        comparing.order_of(office.host, 2, run.id)
    assert caught.value.code == "comparison-unknown"
    for name in ("../x", "", "a.b", "å"):
        with pytest.raises(ClosingError):
            comparing.order_of(office.host, 1, name)
