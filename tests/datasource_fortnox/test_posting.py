"""A voucher is sent once, and its outcome is what the ledger of the simulator says, on both fronts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api import exact_json
from closing_host.api.context import Connection, ExportRequest
from closing_host.api.errors import ClosingError, Expired, RateLimited, SourceUnavailable
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import Booked, DraftRow, NotApplied, Rejected, VoucherRecord
from datasource_fortnox import plugin
from datasource_fortnox.models import NewVoucher, Voucher
from datasource_fortnox.posting_records import drafted, recorded
from datasource_fortnox.rest import json_value
from datasource_fortnox.settings import FortnoxEngagement, FortnoxInstallation
from fortnox_harness import WHOLE, Fortnox, installation
from fortnox_posting import MARKER, SALARIES, YEAR, Office, office
from hook_context import HookContext

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["in process", "socket"])
async def sent(request: pytest.FixtureRequest, fortnox: Fortnox) -> AsyncIterator[Office]:
    async with office(fortnox, in_process=request.param == "in process") as made:
        yield made


async def outcome(of: Office) -> str:
    """Booked, Rejected or NotApplied with its code, or "unknown" with the code of what was raised."""
    try:
        answer = await of.send()
    except ClosingError as error:
        return f"unknown {error.code}"
    return type(answer).__name__ + (f" {answer.code}" if not isinstance(answer, Booked) else "")


@pytest.mark.parametrize(
    ("fault", "expected", "booked"),
    [
        ("N4", "unknown fortnox-answer-lost", 0),
        ("N5", "unknown fortnox-answer-lost", 0),
        ("N6", "unknown fortnox-answer-lost", 0),
        ("N7", "unknown fortnox-answer-lost", 0),
        ("N8", "unknown fortnox-answer-lost", 1),
        ("N9", "unknown fortnox-answer-lost", 0),
        ("N10", "unknown fortnox-answer-lost", 1),
        ("N11", "unknown fortnox-answer-lost", 1),
        ("N12", "unknown fortnox-answer-lost", 1),
        ("N13", "unknown fortnox-outcome-unclear", 1),
        ("N14", "unknown fortnox-answer-lost", 1),
        ("N15", "unknown fortnox-outcome-unclear", 1),
        ("N16", "unknown fortnox-outcome-unclear", 1),
        ("N17", "unknown fortnox-outcome-unclear", 1),
        ("N18", "unknown fortnox-outcome-unclear", 0),
        ("N19", "unknown fortnox-outcome-unclear", 1),
        ("N20", "unknown fortnox-outcome-unclear", 0),
        ("N21", "NotApplied fortnox-too-many-calls", 0),
        ("N22", "NotApplied fortnox-login-not-accepted", 0),
        ("N23", "Rejected fortnox-period-locked", 0),
        ("N24", "Booked", 2),
        ("maintenance", "unknown fortnox-outcome-unclear", 0),
        ("redirect", "unknown fortnox-outcome-unclear", 0),
        ("error_as_200", "unknown fortnox-outcome-unclear", 0),
        ("licence", "Rejected fortnox-licence-missing", 0),
        ("bad_gzip", "unknown fortnox-answer-lost", 1),
        ("truncated_content", "unknown fortnox-outcome-unclear", 1),
        ("not_a_number", "unknown fortnox-outcome-unclear", 1),
    ],
)
async def test_each_fault_has_its_class_and_is_sent_once(sent: Office, fault: str, expected: str, booked: int) -> None:
    sent.fortnox.fail({"fault": fault, "hold_s": 1.0}, method="POST", path="/3/vouchers")
    assert await outcome(sent) == expected
    assert len(sent.marked()) == booked
    assert sent.fortnox.calls() == ["POST /3/vouchers"]


@pytest.mark.parametrize("fault", ["N1", "N2", "N3"])
async def test_a_connection_that_was_never_made_booked_nothing(fortnox: Fortnox, fault: str) -> None:
    fortnox.fail(fault, method="POST")
    async with office(fortnox, in_process=True) as made:
        assert await outcome(made) == "NotApplied source-unreachable"
        assert made.marked() == []


async def test_a_refused_connection_and_a_failed_handshake_on_a_socket(fortnox: Fortnox) -> None:
    await asyncio.to_thread(fortnox.simulator.refuse_connections)
    async with office(fortnox) as made:
        assert await outcome(made) == "NotApplied source-unreachable"
    await asyncio.to_thread(fortnox.simulator.refuse_connections, False)
    async with office(fortnox, address=fortnox.simulator.proxy_url.replace("http:", "https:")) as made:
        assert await outcome(made) == "NotApplied source-unreachable"
        assert made.marked() == []


async def test_a_late_commit_was_unknown_when_the_answer_failed(sent: Office) -> None:
    sent.fortnox.fail({"fault": "N9", "hold_s": 1.0}, method="POST")
    assert (await outcome(sent)).startswith("unknown")
    assert sent.marked() == []
    sent.fortnox.world.clock.advance(90)
    assert len(sent.marked()) == 1


async def test_the_booked_voucher_is_stated_back_to_the_ore(sent: Office) -> None:
    answer = await sent.send()
    assert answer == Booked(
        VoucherRecord("A", "78", YEAR.start, SALARIES.date, SALARIES.text, SALARIES.rows, comment=MARKER)
    )
    (held,) = sent.marked()
    assert [(row.account, row.amount, row.cost_center, row.project) for row in held.rows] == [
        (7010, 1_200_010, "10", "P1"),
        (2910, -1_200_010, "", ""),
    ]
    assert sent.fortnox.world.log.entries[0].query == "financialyear=3"


async def test_the_wait_that_fortnox_states_is_told(sent: Office) -> None:
    sent.fortnox.fail({"fault": "N21", "retry_after": 7}, method="POST")
    answer = await sent.send()
    assert isinstance(answer, NotApplied)
    assert answer.retry_after == 7.0


async def test_a_refused_token_is_renewed_for_the_next_voucher(sent: Office) -> None:
    sent.fortnox.fail("N22", method="POST", nth=1)
    assert isinstance(await sent.send(), NotApplied)
    assert sent.credential.renewals == 1
    assert isinstance(await sent.send(), Booked)


@pytest.mark.parametrize(
    ("year_id", "calls"), [("3", ["POST"]), ("", ["GET", "POST"]), ("from another program", ["GET", "POST"])]
)
async def test_the_year_is_always_stated_and_looked_up_when_the_books_came_from_elsewhere(
    fortnox: Fortnox, year_id: str, calls: list[str]
) -> None:
    async with office(fortnox, in_process=True) as made:
        answer = await made.send(year=replace(YEAR, id=year_id))
        assert isinstance(answer, Booked)
        assert [each.method for each in fortnox.world.log.entries] == calls
        assert fortnox.world.log.entries[-1].query == "financialyear=3"


async def test_a_year_that_fortnox_has_not_is_a_refusal_and_one_that_cannot_be_read_no_outcome(
    fortnox: Fortnox,
) -> None:
    async with office(fortnox, in_process=True) as made:
        other = FinancialYear(0, date(2025, 5, 1), date(2026, 4, 30))
        answer = await made.send(year=other)
        assert isinstance(answer, Rejected)
        assert (answer.code, answer.parameters) == ("fortnox-year-unknown", {"start": other.start, "end": other.end})
        fortnox.fail("maintenance", method="GET")
        answer = await made.send(year=replace(YEAR, id=""))
        assert isinstance(answer, NotApplied)
        assert answer.code == "source-failing"
        assert made.marked() == []


async def test_the_marker_first_in_the_text_when_the_company_wants_it(fortnox: Fortnox) -> None:
    async with office(fortnox, in_process=True, marker_in_text=True) as made:
        answer = await made.send()
        assert isinstance(answer, Booked)
        assert answer.voucher.text == "BKABCDEF V1 Upplupna löner"
        assert answer.voucher.comment == MARKER
        too_long = await made.send(replace(SALARIES, text="x" * 192))
        assert too_long == Rejected("fortnox-text-too-long", parameters={"length": 192, "limit": 191})
        assert isinstance(await made.send(replace(SALARIES, text="x" * 191)), Booked)


WORLD: list[tuple[dict[str, Any], dict[str, Any], str, dict[str, Any]]] = [
    ({"op": "lock_period", "to": "2025-12-31"}, {}, "fortnox-period-locked", {"date": date(2025, 12, 31)}),
    ({"op": "lock_period", "to": "2025-12-31", "personal": True}, {}, "fortnox-period-locked", {}),
    ({"op": "remove_series", "series": "A"}, {}, "fortnox-series-missing", {"series": "A"}),
    ({"op": "remove_account", "account": 2910}, {}, "fortnox-account-missing", {"row": "2", "what": "2910"}),
    ({"op": "remove_object", "cost_center": "10"}, {}, "fortnox-cost-centre-missing", {"row": "1", "what": "10"}),
    ({"op": "remove_object", "project": "P1"}, {}, "fortnox-project-missing", {"row": "1", "what": "P1"}),
    ({"op": "set_series", "series": "A", "manual": False}, {}, "fortnox-series-not-manual", {"series": "A"}),
    (
        {"op": "set_account", "account": 2910, "active": False, "year": 3},
        {},
        "fortnox-account-inactive",
        {"row": "2", "what": "2910"},
    ),
    ({}, {"account": "1234"}, "fortnox-account-missing", {"row": "2", "what": "1234"}),
    ({}, {"objects": ((1, "99"),)}, "fortnox-cost-centre-missing", {"row": "2", "what": "99"}),
    (
        {"op": "set_object", "cost_center": "10", "active": False},
        {},
        "fortnox-cost-centre-inactive",
        {"row": "1", "what": "10"},
    ),
    ({}, {"objects": ((6, "X"),)}, "fortnox-project-missing", {"row": "2", "what": "X"}),
    (
        {"op": "set_object", "project": "P1", "active": False},
        {},
        "fortnox-project-inactive",
        {"row": "1", "what": "P1"},
    ),
    (
        {"op": "set_account", "account": 2910, "cost_center_setting": "MANDATORY", "year": 3},
        {},
        "fortnox-cost-centre-mandatory",
        {"row": "2", "what": "2910"},
    ),
    (
        {"op": "set_account", "account": 2910, "project_setting": "MANDATORY", "year": 3},
        {},
        "fortnox-project-mandatory",
        {"row": "2", "what": "2910"},
    ),
    ({}, {"amount": -1}, "fortnox-unbalanced", {}),
    ({}, {"text": "a · b… http://x\n"}, "fortnox-text-characters", {"characters": "\n · …"}),
    ({"op": "set_company", "missing_rights": ["bookkeeping"]}, {}, "fortnox-right-missing", {"resource": "vouchers"}),
    ({"op": "set_company", "integration_licence": False}, {}, "fortnox-integration-licence-missing", {}),
]


@pytest.mark.parametrize(("edit", "second_row", "code", "parameters"), WORLD, ids=[each[2] for each in WORLD])
async def test_what_fortnox_refuses_is_told_by_its_reason_and_row(
    fortnox: Fortnox, edit: dict[str, Any], second_row: dict[str, Any], code: str, parameters: dict[str, Any]
) -> None:
    async with office(fortnox, in_process=True) as made:
        if edit:
            made.fortnox.edit(tenant=WHOLE, **edit)
        first, second = SALARIES.rows
        answer = await made.send(replace(SALARIES, rows=(first, replace(second, **second_row))))
        assert isinstance(answer, Rejected)
        assert answer.code == code
        assert parameters.items() <= answer.parameters.items()
        assert answer.detail.startswith("Fortnox 2")
        assert made.marked() == []


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2031, 1, 15), "fortnox-year-missing"), (date(2026, 1, 15), "fortnox-date-outside-year")],
)
async def test_a_date_outside_the_year_is_refused(fortnox: Fortnox, day: date, code: str) -> None:
    async with office(fortnox, in_process=True) as made:
        answer = await made.send(replace(SALARIES, date=day))
        assert isinstance(answer, Rejected)
        assert (answer.code, answer.parameters["date"]) == (code, day)


async def test_the_row_is_named_even_when_fortnox_names_none_and_its_chart_cannot_be_read(fortnox: Fortnox) -> None:
    first, second = SALARIES.rows
    async with office(fortnox, in_process=True) as made:
        fortnox.fail("licence", path="/3/accounts")
        answer = await made.send(replace(SALARIES, rows=(first, replace(second, account="1234"))))
        assert isinstance(answer, Rejected)
        assert answer.parameters["row"] == "1, 2"


@pytest.mark.parametrize(
    ("change", "code", "parameters"),
    [
        ({"objects": ((7, "X"),)}, "fortnox-objects-not-held", {"row": 2, "objects": "7: X"}),
        ({"objects": ((1, "10"), (1, "20"))}, "fortnox-objects-not-held", {"row": 2, "objects": "1: 10, 1: 20"}),
        ({"account": "291"}, "fortnox-account-not-four-digits", {"row": 2, "account": "291"}),
        ({"account": "29100"}, "fortnox-account-not-four-digits", {"row": 2, "account": "29100"}),
        ({"account": "0910"}, "fortnox-account-not-four-digits", {"row": 2, "account": "0910"}),
        ({"text": "x" * 101}, "fortnox-row-text-too-long", {"row": 2, "length": 101, "limit": 100}),
        ({"amount": 10**14}, "fortnox-amount-too-large", {"row": 2}),
    ],
)
async def test_what_fortnox_cannot_hold_is_refused_before_anything_is_sent(
    fortnox: Fortnox, change: dict[str, Any], code: str, parameters: dict[str, Any]
) -> None:
    first, second = SALARIES.rows
    async with office(fortnox, in_process=True) as made:
        answer = await made.send(replace(SALARIES, rows=(first, replace(second, **change))))
        assert isinstance(answer, Rejected)
        assert answer.code == code
        assert parameters.items() <= answer.parameters.items()
        assert fortnox.calls() == []


@pytest.mark.parametrize("text", ["", " "])
async def test_a_voucher_without_text_is_refused_before_anything_is_sent(fortnox: Fortnox, text: str) -> None:
    async with office(fortnox, in_process=True) as made:
        assert await made.send(replace(SALARIES, text=text)) == Rejected("fortnox-text-missing")
        assert fortnox.calls() == []


REPLIES: list[tuple[int, Any, str]] = [
    (400, {"ErrorInformation": {"error": 1, "message": "Nej.", "code": 2009999}}, "Rejected fortnox-voucher-refused"),
    (403, {"ErrorInformation": {"Error": 1, "Message": "Nej.", "Code": "2000663"}}, "Rejected fortnox-scope-missing"),
    (404, {"ErrorInformation": {"message": "No such route", "code": 2000762}}, "Rejected fortnox-voucher-refused"),
    (409, {"ErrorInformation": {"message": "Nej.", "code": 1}}, "Rejected fortnox-voucher-refused"),
    (422, {"ErrorInformation": {"message": "Attest krävs.", "code": 1}}, "Rejected fortnox-attest"),
    (400, {"ErrorInformation": {"message": "System exception", "code": 1000003}}, "unknown"),
    (400, {"ErrorInformation": {"message": "Internal error", "code": "1000029"}}, "unknown"),
    (400, {"ErrorInformation": {"message": "Nej."}}, "unknown"),
    (400, {"ErrorInformation": "Nej."}, "unknown"),
    (400, {"message": "Nej."}, "unknown"),
    (400, "<html>Bad request</html>", "unknown"),
    (403, "<html>Forbidden by a gateway</html>", "unknown"),
    (404, "Not Found", "unknown"),
    (410, {"ErrorInformation": {"message": "Nej.", "code": 2000401}}, "unknown"),
    (401, {"message": "unauthorized"}, "NotApplied fortnox-login-not-accepted"),
    (401, {"ErrorInformation": {"message": "Ogiltig inloggning", "code": 2000310}}, "NotApplied"),
    (403, {"ErrorInformation": {"message": "Kan inte logga in", "code": 2000311}}, "NotApplied"),
    (401, "<html>Log in to the hotel's network</html>", "unknown"),
    (401, {"ErrorInformation": {"message": "Nej.", "code": 2000401}}, "unknown"),
    (408, "", "unknown"),
    (429, "", "NotApplied fortnox-too-many-calls"),
    (429, "<html>Slow down</html>", "NotApplied fortnox-too-many-calls"),
    (301, "", "unknown"),
    (500, {"ErrorInformation": {"message": "Nej.", "code": 2000401}}, "unknown"),
    (503, {"ErrorInformation": {"message": "Nej.", "code": 2000401}}, "unknown"),
    (200, {"ErrorInformation": {"message": "Låst perioden", "code": 2000401}}, "unknown"),
    (201, {"Voucher": {}}, "unknown"),
    (201, {"Voucher": None}, "unknown"),
    (201, [], "unknown"),
    (204, "", "unknown"),
    (201, "<html>Created</html>", "unknown"),
]


@contextmanager
def replying(status: int, body: Any) -> Iterator[None]:
    content = {"text": body} if isinstance(body, str) else {"json": body}
    with respx.mock as router:
        router.post("https://api.fortnox.se/3/vouchers").respond(status, **content)
        yield


async def posted(http: httpx.AsyncClient) -> str:
    installed = FortnoxInstallation.model_validate({"client_id": "a", "client_secret": "b"})
    connection = Connection(FortnoxEngagement(), installed)
    try:
        answer = await plugin.export_voucher(ExportRequest(YEAR, "A", SALARIES), connection, HookContext(http))
    except ClosingError:
        return "unknown"
    return f"{type(answer).__name__} {getattr(answer, 'code', '')}"


@pytest.mark.parametrize(("status", "body", "expected"), REPLIES)
async def test_only_what_proves_that_nothing_was_booked_counts_as_such(status: int, body: Any, expected: str) -> None:
    with replying(status, body):
        async with httpx.AsyncClient() as http:
            assert (await posted(http)).startswith(expected)


@pytest.mark.parametrize("raised", [httpx.WriteError, httpx.WriteTimeout, httpx.CloseError, httpx.LocalProtocolError])
async def test_a_broken_sending_is_unknown(raised: type[httpx.RequestError]) -> None:
    with respx.mock as router:
        router.post("https://api.fortnox.se/3/vouchers").mock(side_effect=raised)
        async with httpx.AsyncClient() as http:
            assert await posted(http) == "unknown"


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (RateLimited("source-busy", retry_after=3.0), NotApplied("source-busy", "", 3.0)),
        (
            SourceUnavailable("token-unreachable", host="a.se"),
            NotApplied("token-unreachable", "", None, {"host": "a.se"}),
        ),
        (Expired("gone", detail="login"), NotApplied("fortnox-login-not-accepted", "login")),
    ],
)
async def test_what_stopped_the_voucher_on_its_way_out_means_not_applied(
    fortnox: Fortnox, raised: Exception, expected: NotApplied
) -> None:
    class Stopped(httpx.AsyncClient):
        async def send(self, *arguments: Any, **options: Any) -> httpx.Response:
            raise raised

    async with Stopped() as http:
        connection = Connection(FortnoxEngagement(), installation(fortnox.simulator))
        answer = await plugin.export_voucher(ExportRequest(YEAR, "A", SALARIES), connection, HookContext(http))
    assert answer == expected


def reply(**fields: Any) -> dict[str, Any]:
    rows = [{"Account": 7010, "Debit": 1, "Credit": 0}, {"Account": 2910, "Debit": 0, "Credit": 1}]
    content = {"VoucherSeries": "A", "VoucherNumber": 78, "Year": 3, "TransactionDate": "2025-12-31"}
    return {"Voucher": content | {"Description": "x", "VoucherRows": rows, "Comments": MARKER} | fields}


async def test_a_reply_about_another_voucher_is_stated_as_it_is(fortnox: Fortnox) -> None:
    other = {"set": {"VoucherNumber": 5, "Comments": None, "Description": "Hyra", "Year": 7}}
    async with office(fortnox, in_process=True) as made:
        fortnox.fail({"fault": "set_fields", "value": other["set"]}, method="POST")
        answer = await made.send()
    assert isinstance(answer, Booked)
    found = answer.voucher
    assert (found.number, found.comment, found.text, found.year_start) == ("5", "", "Hyra", date(2024, 1, 1))


async def test_a_reply_of_a_year_that_is_not_there_is_unknown(fortnox: Fortnox) -> None:
    async with office(fortnox, in_process=True) as made:
        fortnox.fail({"fault": "set_fields", "value": {"Year": 99}}, method="POST")
        assert await outcome(made) == "unknown fortnox-field-wrong"
        assert len(made.marked()) == 1


@pytest.mark.parametrize("missing", ["VoucherNumber", "Year", "VoucherSeries", "TransactionDate", "VoucherRows"])
async def test_a_reply_without_what_identifies_the_voucher_is_unknown(missing: str) -> None:
    content = reply()
    del content["Voucher"][missing]
    with replying(201, content):
        async with httpx.AsyncClient() as http:
            assert await posted(http) == "unknown"


async def test_struck_rows_are_left_out_and_a_third_decimal_is_unknown() -> None:
    rows = reply()["Voucher"]["VoucherRows"]
    struck = {"Account": 1930, "Debit": 5, "Credit": 0, "Removed": True}
    async with httpx.AsyncClient() as http:
        with replying(201, reply(VoucherRows=[*rows, struck])):
            assert (await posted(http)).startswith("Booked")
        with replying(201, reply(VoucherRows=[*rows, {"Account": 1930, "Debit": 0.001}])):
            assert await posted(http) == "unknown"


amounts = st.integers(min_value=1, max_value=10**14 - 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=20))
def test_amounts_go_out_and_come_back_to_the_ore(found: list[int]) -> None:
    rows = tuple(DraftRow("1930", sign * amount) for amount in found for sign in (1, -1))
    sent = drafted("A", replace(SALARIES, rows=rows), marker_in_text=False)
    assert isinstance(sent, NewVoucher)
    wire = json_value(exact_json.write(sent.model_dump(by_alias=True, exclude_none=True)))
    assert isinstance(wire, dict)
    back = Voucher.model_validate(wire | {"VoucherNumber": 1, "Year": 3})
    assert recorded(back, YEAR.start, ()).rows == rows
