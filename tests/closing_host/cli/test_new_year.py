"""`closing engagement new-year` and `openings`."""

from pathlib import Path

from small_sie import sie, voucher

from .conftest import Closing


def test_a_year_is_added_and_its_openings_are_compared(closing: Closing) -> None:
    Path("2025.se").write_bytes(sie(voucher(1)))
    closing("import", "--new", "2025.se")
    said = closing("engagement", "new-year", "1")
    assert said.code == 0
    assert "The financial year 2026-01-01 – 2026-12-31 is added." in said.words
    assert "closing import --engagement 1 FILE" in said.words
    alone = closing("engagement", "openings", "1/2025")
    assert alone.code != 0
    assert "nothing to compare" in alone.words
    opening = [("1930", "900.00"), ("2081", "-1000.00"), ("2099", "100.00")]
    Path("2026.se").write_bytes(sie(year=("20260101", "20261231"), opening=opening))
    closing("import", "2026.se")
    differing = closing("engagement", "openings", "1/2026")
    assert differing.code == 1
    assert "2026-01-01 – 2026-12-31 does not open where 2025-01-01 – 2025-12-31 closed" in differing.words
    assert "the result of the year before" in differing.words
    assert "Ingående balanser" in closing("--lang", "sv", "engagement", "openings", "1").words
    data = closing("--json", "engagement", "openings", "1").data
    assert (data["total"], data["unbooked_result"], data["differing"][0]["account"]) == ("100.00", True, "2099")


def test_a_stated_end_is_taken_or_refused_in_words(closing: Closing) -> None:
    Path("2025.se").write_bytes(sie(voucher(1)))
    closing("import", "--new", "2025.se")
    refused = closing("engagement", "new-year", "1", "--end", "2028-01-31")
    assert refused.code != 0
    assert "ends 2027-06-30 at the latest" in refused.words
    made = closing("--json", "engagement", "new-year", "1", "--end", "2027-06-30").data
    assert (made["start"], made["end"]) == ("2026-01-01", "2027-06-30")
