"""*Resultatanalys* on the pages and as files."""

import html
import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from closing_host.engagements.effective import open_effective
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.register import overviews
from closing_host.locale import Words
from closing_host.web.result_lines import spelt_percent
from small_sie import sie
from web_house import Served, Visitor

ID = "556036-0793"


def booked(number: str, day: str, *rows: tuple[str, str]) -> tuple[str, str, str, list[tuple[str, str]]]:
    return ("A", number, day, list(rows))


LAST_YEAR = [
    booked("1", "20240115", ("3010", "-1000.00"), ("1930", "1000.00")),
    booked("2", "20240215", ("3010", "-1000.00"), ("5010", "200.00"), ("1930", "800.00")),
]
THIS_YEAR = [
    booked("1", "20250115", ("3010", "-1500.00"), ("1930", "1500.00")),
    booked("2", "20250215", ("3010", "-900.00"), ("5010", "210.00"), ("6110", "40.00"), ("1930", "650.00")),
]


@pytest.fixture(scope="module")
def results(pages: Served) -> str:
    """The address of the analysis of an engagement with books of 2024 and 2025."""
    visitor = pages.visitor()
    for year, vouchers in (("2024", LAST_YEAR), ("2025", THIS_YEAR)):
        content = sie(
            *vouchers,
            organisation_number=ID,
            company="Jämför <b>AB</b>",
            year=(f"{year}0101", f"{year}1231"),
            opening=[],
        )
        visitor.accept(visitor.drop((f"{year}.se", content)))
    number = max(each.engagement.id for each in overviews(pages.host))
    return f"/engagements/{number}/results"


def shown(visitor: Visitor, address: str, language: str = "en") -> str:
    answer = visitor.get(address, **{"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(answer.text).split())


def row(page: str, beginning: str) -> list[str]:
    """The cells of the first row whose heading begins so."""
    for cells in re.findall(r"<tr[^>]*>(.*?)</tr>", page):
        said = [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", cells)]
        if said and said[0].startswith(beginning):
            return said[1:]
    raise AssertionError(beginning)


def test_accounts_stand_beside_last_year_under_their_groups(asa: Visitor, results: str) -> None:
    page = shown(asa, f"{results}?period=2025-02")
    assert row(page, "3010") == [
        "900.00",
        "1,000.00",
        "-100.00",
        "-10.0 %",
        "2,400.00",
        "2,000.00",
        "400.00",
        "20.0 %",
    ]
    assert row(page, "6110")[:4] == ["-40.00", "0.00", "-40.00", ""]
    assert row(page, "Operating result")[:3] == ["650.00", "800.00", "-150.00"]
    assert row(page, "Result of the year")[4:7] == ["2,150.00", "1,800.00", "350.00"]
    assert page.index("Net sales") < page.index("3010") < page.index("Other external costs") < page.index("5010")
    base = results.removesuffix("/results")
    assert f'href="{base}/accounts/3010?year=2025-12-31"' in page


def test_the_first_year_is_compared_with_nothing_and_says_so(asa: Visitor, results: str) -> None:
    page = shown(asa, f"{results}?year=2024&period=2024-02")
    assert row(page, "3010") == ["1,000.00", "2,000.00"]
    assert "Import that year too" in page


def test_the_largest_variance_comes_first_and_small_ones_are_left_out(asa: Visitor, results: str) -> None:
    page = shown(asa, f"{results}?period=2025-02&sort=variance")
    assert re.findall(r"accounts/(\d+)\?", page) == ["3010", "6110", "5010"]
    by_share = shown(asa, f"{results}?period=2025-02&sort=percent")
    assert re.findall(r"accounts/(\d+)\?", by_share)[0] == "6110"
    filtered = shown(asa, f"{results}?period=2025-02&above=40,00")
    assert re.findall(r"accounts/(\d+)\?", filtered) == ["3010", "6110"]
    assert "2 accounts with such a variance" in filtered
    assert row(filtered, "Operating result")[:3] == ["650.00", "800.00", "-150.00"]
    assert re.findall(r"accounts/(\d+)\?", shown(asa, f"{results}?period=2025-02&percent=5,1")) == ["3010", "6110"]
    whole = shown(asa, f"{results}?period=2025-02&percent=20&of=year")
    assert re.findall(r"accounts/(\d+)\?", whole) == ["3010", "6110"]


def test_what_is_no_number_is_said_and_filters_nothing(asa: Visitor, results: str) -> None:
    page = shown(asa, f"{results}?period=2025-02&above=mycket")
    assert "That is no number" in page
    assert 'value="mycket"' in page
    assert len(re.findall(r"accounts/(\d+)\?", page)) == 3


def test_the_result_by_month_is_drawn_and_stands_in_a_table(asa: Visitor, results: str) -> None:
    page = shown(asa, results)
    assert len(re.findall(r'<rect class="column0"', page)) == len(re.findall(r'<rect class="column1"', page)) == 2
    assert row(page, "2025-02") == ["650.00", "800.00"]
    assert row(page, "2025-03") == ["0.00", "0.00"]


def test_a_workbook_and_a_table_of_text_hold_all_accounts(asa: Visitor, results: str) -> None:
    book = load_workbook(io.BytesIO(asa.get(f"{results}/files/xlsx?period=2025-02").content))
    assert [sheet.title for sheet in book.worksheets] == ["Income statement", "Accounts", "About the report"]
    lines = {line[1]: line for line in book.worksheets[1].iter_rows(values_only=True)}
    assert lines["3010"][3:7] == (900, 1000, -100, -10)
    sums = {line[0]: line for line in book.worksheets[0].iter_rows(values_only=True)}
    assert sums["Operating result"][1:4] == (650, 800, -150)
    answer = asa.get(f"{results}/files/csv?period=2025-02", **{"Accept-Language": "sv"})
    assert "resultatanalys-5560360793-2025-02.csv" in answer.headers["content-disposition"]
    [sales] = [line for line in answer.text.splitlines() if ",3010," in line]
    assert ",900.00,1000.00,-100.00,-10.0," in sales
    refused = asa.get(f"{results}/files/pdf", **{"Accept-Language": "en"})
    assert refused.status_code == 404
    assert "The report results cannot be made as pdf. Choose one of: xlsx, csv." in html.unescape(refused.text)


def test_swedish_is_spoken_and_a_name_is_text(asa: Visitor, results: str) -> None:
    raw = asa.get(f"{results}?period=2025-02", **{"Accept-Language": "sv"}).text
    assert "Jämför &lt;b&gt;AB" in raw
    page = html.unescape(raw)
    assert "Resultatanalys 2025-02" in page
    assert "Nettoomsättning" in page
    assert "Resultat per månad" in page


def test_a_locked_period_shows_what_was_frozen(pages: Served, asa: Visitor, results: str) -> None:
    reference = results.split("/")[2] + "/2025"
    lock_period(pages.host, open_effective(pages.host, reference), "2025-01", reason="Allt är avstämt")
    changed = [booked("1", "20250115", ("3010", "-1600.00"), ("1930", "1600.00")), *THIS_YEAR[1:]]
    content = sie(*changed, organisation_number=ID, company="Jämför", year=("20250101", "20251231"), opening=[])
    asa.accept(asa.drop(("2025.se", content)))
    page = shown(asa, f"{results}?period=2025-01")
    assert row(page, "3010")[:2] == ["1,500.00", "1,000.00"]
    assert "when asa locked the period" in page
    assert row(shown(asa, f"{results}?period=2025-02"), "3010")[4] == "2,500.00"
    assert row(page, "2025-01") == ["1,600.00", "1,000.00"]


def test_a_percentage_is_written_as_each_language_does() -> None:
    assert spelt_percent(Words("sv"), Decimal("-12.5")) == "-12,5\u00a0%"
    assert spelt_percent(Words("en"), None) == ""
