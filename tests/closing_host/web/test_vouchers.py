"""*Verifikationer* on the pages."""

import pytest

from closing_host.engagements.register import overviews
from small_sie import sie, voucher
from web_house import Served, Visitor


@pytest.fixture(scope="module")
def many(pages: Served) -> str:
    """The address of an engagement with 450 vouchers."""
    visitor = pages.visitor()
    content = sie(
        *(voucher(n, f"{n}.00") for n in range(1, 451)), organisation_number="556036-0793", company="Många AB"
    )
    visitor.accept(visitor.drop(("many.se", content)))
    number = max(each.engagement.id for each in overviews(pages.host))
    return f"/engagements/{number}/vouchers"


def test_long_lists_come_in_pages_whose_links_keep_the_search(asa: Visitor, many: str) -> None:
    first = asa.get(f"{many}?q=K%C3%B6p&sort=newest").text
    assert "450 vouchers" in first
    assert "Page 1 of 3" in first
    assert "q=K%C3%B6p&amp;sort=newest&amp;page=2" in first
    last = asa.get(f"{many}?page=999").text
    assert "Page 3 of 3" in last
    assert ">A 450<" in last
    assert ">A 400<" not in last


def test_part_of_the_page_is_enough_for_htmx(asa: Visitor, many: str) -> None:
    part = asa.get(f"{many}?q=417,00", **{"HX-Request": "true"}).text
    assert part.startswith('<div id="found">')
    assert ">A 417<" in part
    assert "1 of 450 vouchers" in part


def test_nothing_found_leads_back_to_all(asa: Visitor, many: str) -> None:
    for address in ("?q=finns-inte", "?series=%3DB", "?from=2026-01-01", "?account=9999", "?corrected=1"):
        page = asa.get(many + address).text
        assert "No voucher fits." in page, address
        assert "Show all vouchers" in page


@pytest.mark.parametrize("address", ["?from=yesterday&to=2025-13-01", "?page=-1", "?page=x", "?sort=no", "?series=A"])
def test_what_an_address_states_wrongly_is_left_out(asa: Visitor, many: str, address: str) -> None:
    assert "450 vouchers" in asa.get(many + address).text


def test_a_search_is_shown_as_text(asa: Visitor, many: str) -> None:
    page = asa.get(f"{many}?q=%22%3E%3Cscript%3E&account=%3Cb%3E").text
    assert "<script>" not in page
    assert "&#34;&gt;&lt;script&gt;" in page
    assert "<b>" not in page
