"""The client against the simulator over HTTP; what the simulator cannot answer stands in test_errors."""

from datetime import date, datetime
from decimal import Decimal

import httpx
import pytest
import respx

from closing_host.api.errors import SourceUnavailable
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import AnswerWrong, NotFound
from datasource_fortnox.models import NewVoucher, NewVoucherRow
from fortnox_harness import WHOLE, Fortnox

pytestmark = pytest.mark.anyio

YEAR_2024, YEAR_2025, YEAR_2026 = 7, 3, 1


def draft(day: date = date(2026, 1, 31), **fields: object) -> NewVoucher:
    rows = (
        NewVoucherRow(account=6110, debit=Decimal("412.50"), transaction_information="Pärmar"),
        NewVoucherRow(account=1930, credit=Decimal("412.50")),
    )
    content = {"description": "V1 Pärmar", "voucher_series": "A", "transaction_date": day, "voucher_rows": rows}
    return NewVoucher.model_validate(content | fields)


async def test_the_company(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        company = await client.company_information()
    assert (company.database_number, company.company_name) == (WHOLE, "Exempel & Söner AB")
    assert company.organization_number == "556677-8899"


async def test_the_years_by_their_arbitrary_ids(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        years = await client.financial_years()
    assert years.complete
    assert {year.id: year.from_date.year for year in years.items} == {1: 2026, 3: 2025, 7: 2024}


async def test_registers(fortnox: Fortnox) -> None:
    async with fortnox.client(WHOLE, "import", "attachments", "export") as client:
        assert {each.code: each.active for each in (await client.cost_centers()).items}["30"] is False
        assert {each.project_number: each.status for each in (await client.projects()).items}["P2"] == "COMPLETED"
        predefined = {each.name: each.account for each in (await client.predefined_accounts()).items}
        assert (predefined["CUSTCLAIM"], predefined["SUPDEBT"]) == (1510, 2440)
        assert (await client.locked_period()).end_date == date(2024, 12, 31)
        series = await client.voucher_series(YEAR_2025)
        assert {each.code for each in series.items} >= {"A", "B"}
        accounts = await client.accounts(YEAR_2025)
        assert {each.number for each in accounts.items} >= {1510, 2440}


@pytest.mark.parametrize("form", ["null", "absent"])
async def test_nothing_locked_in_either_form(fortnox: Fortnox, form: str) -> None:
    fortnox.world.change_switches({"locked_period_empty": form})
    fortnox.world.companies[WHOLE].locked_through = None
    async with fortnox.client(WHOLE, "import", "export") as client:
        assert (await client.locked_period()).end_date is None


async def test_every_voucher_is_listed_once_over_many_pages(fortnox: Fortnox) -> None:
    held = fortnox.world.companies[WHOLE].years[YEAR_2025].vouchers
    async with fortnox.client(per_page=7) as client:
        listing = await client.vouchers(YEAR_2025)
        assert await client.voucher_count(YEAR_2025) == len(held)
    assert listing.complete
    assert [(each.voucher_series, each.voucher_number) for each in listing.items] == sorted(held)
    assert len(fortnox.calls()) == -(-len(held) // 7) + 1


async def test_a_voucher_booked_between_two_pages_does_not_disturb_the_list(fortnox: Fortnox) -> None:
    edit = {
        "op": "add_voucher",
        "tenant": WHOLE,
        "series": "A",
        "number": 0,
        "date": "2025-05-05",
        "rows": [{"account": 1930, "amount": 100}, {"account": 6110, "amount": -100}],
    }
    fortnox.world.faults.load({"plan": [{"at": {"after_request": "GET /3/vouchers#2"}, "ledger": edit}]})
    async with fortnox.client(per_page=7) as client:
        listing = await client.vouchers(YEAR_2025)
    held = fortnox.world.companies[WHOLE].years[YEAR_2025].vouchers
    assert ("A", 0) in held
    assert listing.complete
    assert {(each.voucher_series, each.voucher_number) for each in listing.items} == set(held)


@pytest.mark.parametrize("fault", ["repeat_first_page", "lose_last_item"])
async def test_a_page_that_is_wrong_once_is_read_again(fortnox: Fortnox, fault: str) -> None:
    fortnox.fail(fault, path="/3/vouchers", nth=3)
    held = fortnox.world.companies[WHOLE].years[YEAR_2025].vouchers
    async with fortnox.client(per_page=7) as client:
        listing = await client.vouchers(YEAR_2025)
    assert listing.complete
    assert len(listing.items) == len(held)


async def test_a_filtered_list_with_too_high_a_total(fortnox: Fortnox) -> None:
    fortnox.world.change_switches({"total_over_report": 5})
    held = [series for series, _ in fortnox.world.companies[WHOLE].years[YEAR_2025].vouchers if series == "B"]
    async with fortnox.client() as client:
        listing = await client.vouchers(YEAR_2025, series="B")
    assert (len(listing.items), listing.total, listing.complete) == (len(held), len(held) + 5, True)


async def test_vouchers_changed_since_a_moment(fortnox: Fortnox) -> None:
    fortnox.world.clock.advance(60)
    moment = datetime.fromisoformat("2026-02-14 10:01")  # Swedish wall time
    async with fortnox.client() as client:
        booked = (await client.send_voucher(YEAR_2026, draft())).json()["Voucher"]["VoucherNumber"]
        listing = await client.vouchers(YEAR_2026, modified_since=moment)
    assert [each.key for each in listing.items] == [(YEAR_2026, "A", booked)]


async def test_struck_rows_of_a_voucher_count_in_no_sum(fortnox: Fortnox) -> None:
    struck = next(
        voucher
        for voucher in fortnox.world.companies[WHOLE].years[YEAR_2025].vouchers.values()
        if any(row.removed for row in voucher.rows)
    )
    async with fortnox.client() as client:
        voucher = await client.voucher(YEAR_2025, struck.series, struck.number)
    assert len(voucher.booked_rows) < len(voucher.voucher_rows)
    assert sum(row.amount for row in voucher.booked_rows) == 0


async def test_a_voucher_that_is_not_there(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        with pytest.raises(NotFound):
            await client.voucher(YEAR_2025, "A/..?", 99999)


async def test_a_voucher_is_sent_in_the_named_year_and_its_answer_left_as_it_came(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        answer = await client.send_voucher(YEAR_2025, draft(date(2025, 12, 31), comments="BK0123456789ABCDEF"))
        refused = await client.send_voucher(YEAR_2024, draft(date(2024, 12, 31)))
    assert (answer.status_code, answer.json()["Voucher"]["Comments"]) == (201, "BK0123456789ABCDEF")
    assert (refused.status_code, refused.json()["ErrorInformation"]["code"]) == (400, 2000401)


async def test_a_broken_sending_raises_what_broke_it(fortnox: Fortnox) -> None:
    fortnox.fail("N10", method="POST", path="/3/vouchers")
    async with fortnox.client(through_proxy=True) as client:
        with pytest.raises(httpx.ReadError):
            await client.send_voucher(YEAR_2026, draft())
    assert fortnox.calls() == ["POST /3/vouchers"]


async def test_the_next_number_of_a_series(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        assert (await client.series_with_next_number(YEAR_2025, "A")).next_voucher_number == 78
        assert (await client.voucher_series(YEAR_2025)).items[0].next_voucher_number is None
        with pytest.raises(NotFound):
            await client.series_with_next_number(YEAR_2025, "Q/?")


async def test_the_year_as_sie_with_its_bytes_untouched(fortnox: Fortnox) -> None:
    sizes: list[int] = []
    async with fortnox.client() as client:
        content = await client.sie(YEAR_2025, received=sizes.append)
        fortnox.world.change_switches({"sie_encoding": "utf-8"})
        assert "Söner".encode() in await client.sie(YEAR_2025)
    assert content.startswith(b"#FLAGGA 0\r\n")
    assert "Söner".encode("cp437") in content
    assert sizes[-1] == len(content)
    assert fortnox.world.log.entries[0].query == f"financialyear={YEAR_2025}&exportall=true"


async def test_the_whole_chart_or_the_accounts_in_use(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        whole, used = await client.sie(YEAR_2025), await client.sie(YEAR_2025, all_accounts=False)
    assert whole.count(b"#KONTO") > used.count(b"#KONTO")


async def test_what_a_progress_raises_ends_the_download(fortnox: Fortnox) -> None:
    class Cancelled(Exception):
        pass

    def cancel(size: int) -> None:
        raise Cancelled

    async with fortnox.client() as client:
        with pytest.raises(Cancelled):
            await client.sie(YEAR_2025, received=cancel)


@pytest.mark.parametrize("fault", ["maintenance", "error_as_200", "K3", "K8"])
async def test_an_answer_that_is_no_sie_file_is_not_taken_for_one(fortnox: Fortnox, fault: str) -> None:
    fortnox.fail(fault, path="/3/sie/4")
    async with fortnox.client() as client:
        with pytest.raises(SourceUnavailable):
            await client.sie(YEAR_2025)


async def test_a_sie_refusal_is_typed(fortnox: Fortnox) -> None:
    async with fortnox.client() as client:
        with pytest.raises(NotFound):
            await client.sie(999)


async def test_a_broken_download_is_a_failed_call(fortnox: Fortnox) -> None:
    fortnox.fail({"fault": "N12", "hold_s": 0.05}, path="/3/sie/4")
    async with fortnox.client(through_proxy=True) as client:
        with pytest.raises(SourceUnavailable, match="fortnox-unreachable"):
            await client.sie(YEAR_2025)


async def test_a_download_is_given_two_minutes_of_silence() -> None:
    with respx.mock as router:
        route = router.get("https://api.fortnox.se/3/sie/4").respond(content=b"#FLAGGA 0\r\n")
        for usual, patience in ((5.0, 120.0), (300.0, 300.0), (None, None)):
            async with httpx.AsyncClient(timeout=usual) as http:
                await FortnoxClient(http).sie(1)
            assert route.calls.last.request.extensions["timeout"]["read"] == patience
            assert route.calls.last.request.extensions["timeout"]["connect"] == usual


@pytest.mark.parametrize("answer", [{}, {"Vouchers": None}, {"Vouchers": {}}, {"Vouchers": [{}]}])
async def test_a_list_without_its_records_is_a_typed_error(answer: dict[str, object]) -> None:
    with respx.mock as router:
        router.get("https://api.fortnox.se/3/vouchers").respond(json=answer)
        async with httpx.AsyncClient() as http:
            with pytest.raises(AnswerWrong):
                await FortnoxClient(http).vouchers(1)


async def test_a_list_that_does_not_count_itself() -> None:
    item = {"VoucherSeries": "A", "VoucherNumber": 1, "Year": 1}
    with respx.mock as router:
        router.get("https://api.fortnox.se/3/vouchers").respond(json={"Vouchers": [item]})
        async with httpx.AsyncClient() as http:
            assert await FortnoxClient(http).voucher_count(1) is None
            assert (await FortnoxClient(http).vouchers(1)).complete
