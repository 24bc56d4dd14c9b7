"""SIE answers: Fortnox's own layout, encodings, restrictions (F 4)."""

import re
from datetime import date
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator import Clock, totals
from datasource_fortnox.simulator.ledger import Row
from datasource_fortnox.simulator.sie_load import load
from datasource_fortnox.simulator.vouchers import Draft, book, strike
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


async def sie(api: httpx.AsyncClient, **query: Any) -> httpx.Response:
    answer = await api.get("sie/4", params={"financialyear": 3, **query})
    assert answer.status_code == 200, answer.text
    return answer


def lines(answer: httpx.Response, encoding: str = "cp437") -> list[str]:
    return answer.content.decode(encoding).split("\r\n")


async def test_file_is_cp437_with_crlf_and_says_pc8(api: httpx.AsyncClient) -> None:
    answer = await sie(api)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert '#FNAMN "Exempel & Söner AB"'.encode("cp437") in answer.content
    assert answer.content.count(b"\n") == answer.content.count(b"\r\n") > 1000
    assert lines(answer)[:4] == ["#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", '#PROGRAM "Fortnox" 3.57.11']


async def test_encoding_and_content_type_are_switches(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"sie_encoding": "utf-8", "sie_content_type": "text/plain"})
    answer = await sie(api)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Söner" in answer.content.decode("utf-8")
    assert "#FORMAT PC8" in lines(answer, "utf-8")


async def test_header_names_tenant_years_and_the_last_day(api: httpx.AsyncClient) -> None:
    text = "\n".join(lines(await sie(api)))
    assert "#FNR 29302" in text
    assert "#GEN 20260214\n" in text
    assert "#RAR 0 20250101 20251231\n#RAR -1 20240101 20241231\n#ORGNR 556677-8899\n#OMFATTN 20251231" in text


async def test_type_four_holds_balances_and_vouchers_of_the_new_form(api: httpx.AsyncClient) -> None:
    found = lines(await sie(api))
    assert "#UB 0 1510 34125.5 0" in found
    assert "#PSALDO 0 202501 5010 {} 12000 0" in found
    assert '#PSALDO 0 202501 5010 {1 "10"} 7200 0' in found
    position = found.index('#VER A 77 20251231 "Rättelse kundinbetalning" 20251231')
    assert found[position + 1 : position + 5] == ["{", '#TRANS 1930 {} 500 "" "" 0', '#TRANS 1510 {} -500 "" "" 0', "}"]
    assert not [line for line in found if re.match(r"#(IB|UB|RES) -1", line)]


async def test_old_form_quotes_series_and_dimensions_and_has_no_registration_date(
    api: httpx.AsyncClient, world: World
) -> None:
    world.change_switches({"sie_form": "2011"})
    found = lines(await sie(api))
    position = found.index('#VER "A" "77" 20251231 "Rättelse kundinbetalning"')
    assert found[position + 2] == "#TRANS 1930 {} 500.00 "
    assert "#IB 0 2081 -100000.00" in found
    assert "#UB 0 2081 -100000" in found
    assert any(re.fullmatch(r'#TRANS 5010 \{"1" "10"\} 7200.00 ', line) for line in found)
    assert found.index("#ORGNR 556677-8899") < found.index("#RAR 0 20250101 20251231")


async def test_corrections_are_btrans_and_rtrans_with_its_twin(api: httpx.AsyncClient, world: World) -> None:
    company = world.companies[WHOLE]
    year = company.years[3]
    key = book(company, year, Draft("A", date(2025, 5, 5), "Fel", [Row(6110, 10_000), Row(1930, -10_000)]))
    strike(company, key, [0], [Row(5410, 10_000, cost_center="10", project="P1")])
    strike(company, key, [2], [Row(4010, 10_000)])
    found = lines(await sie(api))
    position = found.index('#VER A 78 20250505 "Fel" 20260214')
    assert found[position + 2 : position + 7] == [
        '#BTRANS 6110 {} 100 "" "" 0',
        '#TRANS 1930 {} -100 "" "" 0',
        '#BTRANS 5410 {1 "10" 6 "P1"} 100 "" "" 0',
        '#RTRANS 4010 {} 100 "" "" 0',
        '#TRANS 4010 {} 100 "" "" 0',
    ]


@pytest.mark.parametrize(
    ("kind", "present", "absent"),
    [
        (1, {"IB", "UB", "RES", "SRU"}, {"DIM", "PSALDO", "VER"}),
        (2, {"IB", "PSALDO"}, {"DIM", "VER"}),
        (3, {"DIM", "OBJEKT", "PSALDO"}, {"VER", "TRANS"}),
        (4, {"DIM", "PSALDO", "VER", "TRANS"}, set()),
    ],
)
async def test_each_type_holds_its_labels(
    api: httpx.AsyncClient, kind: int, present: set[str], absent: set[str]
) -> None:
    answer = await api.get(f"sie/{kind}", params={"financialyear": 3})
    labels = {line[1:].split(" ")[0] for line in lines(answer) if line.startswith("#")}
    assert present <= labels
    assert not absent & labels
    objects = any("PSALDO" in line and "{1" in line for line in lines(answer))
    assert objects == (kind >= 3)


async def test_unknown_type_is_no_route(api: httpx.AsyncClient) -> None:
    assert (await api.get("sie/5")).status_code == 404


async def test_dates_and_selection_limit_the_vouchers_but_not_the_balances(api: httpx.AsyncClient) -> None:
    whole = lines(await sie(api))
    for query, count in (
        ({"fromdate": "2025-12-31", "todate": "2025-12-31"}, 1),
        ({"selection": "A,20,24;I"}, 5),
        ({"selection": "E"}, 12),
    ):
        part = lines(await sie(api, **query))
        assert sum(line.startswith("#VER") for line in part) == count
        assert [line for line in part if line[:3] in {"#IB", "#UB"}] == [
            line for line in whole if line[:3] in {"#IB", "#UB"}
        ]
    answer = await api.get("sie/4", params={"financialyear": 3, "selection": "A,20"})
    assert answer.status_code == 400


async def test_unused_accounts_come_with_exportall(api: httpx.AsyncClient, world: World) -> None:
    unused = '#KONTO 5800 "Resekostnader"'
    assert unused not in lines(await sie(api))
    assert unused in lines(await sie(api, exportall="true"))
    world.change_switches({"sie_export_all": True})
    assert unused in lines(await sie(api))
    assert unused not in lines(await sie(api, exportall="false"))
    assert (await api.get("sie/4", params={"exportall": "yes"})).status_code == 400


async def test_previous_years_balances_come_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"sie_previous_year_balances": True})
    assert "#UB -1 2081 -100000 0" in lines(await sie(api))


async def test_answer_loaded_again_gives_the_same_totals_and_vouchers(api: httpx.AsyncClient, world: World) -> None:
    year = world.companies[WHOLE].years[3]
    for form in ("2025", "2011"):
        world.change_switches({"sie_form": form})
        answer = await sie(api, exportall="true")
        again = load(answer.content, Clock.frozen("2026-01-01")).years[3]
        assert totals(again) == totals(year)
        contents = [[(v.series, v.number, v.date, v.text, v.rows) for v in some.in_order()] for some in (year, again)]
        assert contents[0] == contents[1]


async def test_quotes_and_line_breaks_in_texts_stay_inside_the_field(api: httpx.AsyncClient, world: World) -> None:
    company = world.companies[WHOLE]
    book(company, company.years[3], Draft("A", date(2025, 5, 5), 'Så "kallad"\nvara', [Row(1930, 1), Row(1910, -1)]))
    assert '#VER A 78 20250505 "Så \\"kallad\\" vara" 20260214' in lines(await sie(api))
