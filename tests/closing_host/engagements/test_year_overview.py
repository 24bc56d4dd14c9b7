"""What to do next in a year follows from its books, whoever asks."""

from pathlib import Path

from closing_host.engagements.host import Host
from closing_host.engagements.new_year import add_next_year
from closing_host.engagements.register import new_engagement
from closing_host.engagements.setup import accept_proposals, choose_period
from closing_host.engagements.wizard import standing
from closing_host.engagements.year_overview import YearOverview, is_newest, read_year_overview, year_to_tell
from closing_host.storage.audit import Actor
from period_books import lock_through, period_office, take_in


def told(host: Host, id: int = 1) -> YearOverview:
    return read_year_overview(host, standing(host, id))


def todos(host: Host, id: int = 1) -> list[str]:
    return [str(each.todo) for each in told(host, id).next]


def test_what_is_locked_changed_or_left_decides_what_is_next(tmp_path: Path) -> None:
    with period_office(tmp_path) as host:
        accept_proposals(host, 1, standing(host, 1).steps)
        choose_period(host, 1, "year")
        assert todos(host) == ["reconcile"]
        lock_through(host, "2025-12")
        assert todos(host)[0] == "system"
        assert told(host).situation.system_due
        take_in(host, tmp_path)
        overview = told(host)
        assert (str(overview.next[0].todo), overview.next[0].count) == ("locked-changed", 1)
        assert overview.lines[0].period.state == "locked"
        assert overview.openings is None, "there is no year before"
        assert overview.newest


def test_the_year_with_books_is_told_of_and_the_one_after_it_compared_with_it(tmp_path: Path) -> None:
    with period_office(tmp_path) as host:
        add_next_year(host, 1)
        first = told(host)
        assert first.year is not None
        assert (first.year.year_end.year, first.newest) == (2025, False)
        client = standing(host, 1).client
        assert is_newest(client, client.years[0][0])
        assert year_to_tell(client, host.store.clock().date()) == first.year


def test_an_engagement_without_years_is_asked_for_its_books(tmp_path: Path) -> None:
    with Host.open(tmp_path / "data", Actor("asa")) as host:
        id = new_engagement(host, "Tomt AB").id
        assert told(host, id).year is None
        assert todos(host, id) == ["give-file"]
